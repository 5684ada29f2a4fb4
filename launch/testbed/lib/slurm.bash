# shellcheck shell=bash disable=SC2154 # variables of hosts.bash
# A Slurm cluster on the hosts of a testbed: a munged and a slurmd on each, the controller on node1. Sourced by
# ../testbed. Its configuration is in /etc/slurm of every host, where its commands look for it.

slurm_start() {
  local program host hosts
  [ -d "$state" ] || die "there is no testbed; bring one up: launch/testbed/testbed up"
  for program in slurmctld slurmd sbatch munged; do
    have "$program" || die "$program is missing; run: launch/setup --testbed"
  done
  [ ! -e "$state/slurm/slurm.conf" ] || die "Slurm runs on the testbed already"
  hosts=$(running_hosts)
  run_in node1 test -w /etc/slurm -a -d /etc/munge ||
    die "Slurm was installed after the testbed was brought up; take it down and up again"
  head -c 1024 /dev/urandom >"$state/munge.key"
  chmod 600 "$state/munge.key"
  write_slurm_configuration "$hosts"
  for host in $hosts; do start_munge "$host"; done
  run_in node1 mkdir -p /run/slurmctld
  run_in node1 slurmctld -f /etc/slurm/slurm.conf
  for host in $hosts; do
    run_in "$host" mkdir -p /run/slurmd
    run_in "$host" slurmd -f /etc/slurm/slurm.conf
  done
  await_slurm "$(printf '%s\n' "$hosts" | wc -l)"
}

# linuxproc, none and cgroup/v1 on an empty /sys/fs/cgroup: hosts made of namespaces have no control groups of their own.
write_slurm_configuration() {
  local host
  cat >"$state/slurm/slurm.conf.new" <<CONFIGURATION
ClusterName=testbed
SlurmctldHost=node1
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
StateSaveLocation=/run/slurmctld
SlurmdSpoolDir=/run/slurmd
SlurmctldPidFile=/run/slurmctld.pid
SlurmdPidFile=/run/slurmd.pid
SlurmctldLogFile=/run/slurmctld.log
SlurmdLogFile=/run/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
SlurmdTimeout=20
KillWait=5
MinJobAge=300
CONFIGURATION
  for host in $1; do
    printf 'NodeName=%s NodeAddr=%s CPUs=%s RealMemory=4000 State=UNKNOWN\n' \
      "$host" "$network.${host#node}" "$slots"
  done >>"$state/slurm/slurm.conf.new"
  echo "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP" >>"$state/slurm/slurm.conf.new"
  printf 'CgroupPlugin=cgroup/v1\nCgroupAutomount=no\n' >"$state/slurm/cgroup.conf"
  # In /tmp, which the hosts share, they would all take the same name.
  echo "PMIxCliTmpDirBase=/run/tmp" >"$state/slurm/mpi.conf"
  mv "$state/slurm/slurm.conf.new" "$state/slurm/slurm.conf"
}

start_munge() {
  run_in "$1" sh -c '
    set -eu
    mkdir -p /run/munge
    cat >/etc/munge/munge.key
    chmod 400 /etc/munge/munge.key
    chown -R munge /etc/munge /run/munge /var/log/munge /var/lib/munge
    exec setpriv --reuid munge --regid munge --clear-groups munged' <"$state/munge.key"
}

await_slurm() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    if [ "$(run_in node1 sinfo --noheader --Node --states idle --format %N 2>/dev/null | wc -l)" -ge "$1" ]; then
      say "Slurm is up on $1 hosts"
      return 0
    fi
    sleep 0.1
  done
  run_in node1 tail -n 20 /run/slurmctld.log /run/slurmd.log >&2 || true
  die "Slurm did not come up"
}

slurm_stop() {
  local host daemon
  [ -e "$state/slurm/slurm.conf" ] || return 0
  for host in $(running_hosts); do
    for daemon in /run/slurmd.pid /run/slurmctld.pid /run/munge/munged.pid; do
      run_in "$host" sh -c "[ ! -e $daemon ] || kill \$(cat $daemon)" 2>/dev/null || true
    done
  done
  rm -f "$state/slurm"/*.conf
}
