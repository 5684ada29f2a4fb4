# shellcheck shell=bash
# The hosts of a testbed: what they are made of, how they come and go. Sourced by ../testbed.
#
# A host is one process, first-process, in a network, UTS, IPC, PID and mount namespace of its own: when it ends, all
# that runs on the host ends, and its namespaces, mounts and interfaces are gone with it. The switch is a bridge in a
# network namespace of its own, so that the machine's network is not touched. A testbed's state is one folder:
#
#   host/NAME, switch   the number of the host's first process; of the process that holds the switch
#   ssh, slurm, hosts   what the hosts have as /etc/ssh, /etc/slurm and /etc/hosts

testbed_name=${TESTBED:-testbed}
case $testbed_name in *[!A-Za-z0-9_-]*) die "TESTBED may be made of letters, digits, - and _, not '$testbed_name'" ;; esac
state=${TMPDIR:-/tmp}/swift-mpi-$testbed_name-$(id -u)
slots=${TESTBED_SLOTS:-2}
network=10.77.0
testbed_library=$SWIFT_MPI_ROOT/launch/testbed/lib
PATH=$PATH:/usr/sbin:/sbin

# Whether the process NUMBER is one of this testbed's own, and no other that got its number later.
is_ours() {
  local command
  command=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") || return 1
  case $command in *"$state"*) return 0 ;; *) return 1 ;; esac
}

# The number of a host's first process; fails if the host is not running.
first_process() {
  local number
  read -r number 2>/dev/null <"$state/host/$1" && is_ours "$number" && printf '%s\n' "$number"
}

require_host() {
  [ -d "$state" ] || die "there is no testbed; bring one up: launch/testbed/testbed up"
  first_process "$1" >/dev/null || die "the testbed has no running host '$1', but: $(print_hosts | tr '\n' ' ')"
}

print_hosts() {
  [ -d "$state/host" ] || die "there is no testbed; bring one up: launch/testbed/testbed up"
  sed -n "s/^$network\.[0-9]* //p" "$state/hosts"
}

print_hostfile() {
  case $1 in openmpi | mpich) ;; *) die "there is a host file for openmpi and one for mpich, none for '$1'" ;; esac
  [ -e "$state/hostfile.$1" ] || die "there is no testbed; bring one up: launch/testbed/testbed up"
  printf '%s\n' "$state/hostfile.$1"
}

# ---- Up --------------------------------------------------------------------------------------------------------------

# Says why no testbed can be made here, if so.
testbed_obstacle() {
  local program message
  if [ "$(uname -s)" != Linux ]; then
    echo "a testbed needs Linux"
    return 0
  fi
  for program in unshare nsenter setpriv ip ssh ssh-keygen sshd; do
    have "$program" && continue
    echo "$program is missing; run: launch/setup --testbed"
    return 0
  done
  message=$(unshare --net --uts --ipc --pid --mount --fork true 2>&1) ||
    echo "this machine does not let us make namespaces, which takes root or CAP_SYS_ADMIN ($message)"
}

bring_up() {
  local count=$1 obstacle host
  case $count in '' | *[!0-9]* | 0*) die "a testbed has 1 to 200 hosts, not '$count'" ;; esac
  [ "$count" -le 200 ] || die "a testbed has 1 to 200 hosts, not '$count'"
  case $slots in '' | *[!0-9]* | 0*) die "TESTBED_SLOTS is a number of ranks, not '$slots'" ;; esac
  obstacle=$(testbed_obstacle)
  [ -z "$obstacle" ] || die "$obstacle"
  if [ -d "$state" ]; then
    [ -O "$state" ] || die "$state belongs to somebody else"
    [ -n "$(running_hosts)" ] && die "the testbed '$testbed_name' is up already; end it: launch/testbed/testbed down"
    bring_down
  fi
  mkdir -m 755 "$state" || die "the testbed's folder cannot be made"
  trap 'bring_down' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  write_configuration "$count"
  start_switch
  for host in $(print_hosts); do start_host "$host"; done
  for host in $(print_hosts); do connect_host "$host"; done
  trap - EXIT INT TERM
  say "$count hosts are up: $(print_hosts | tr '\n' ' ')"
}

running_hosts() {
  local file
  for file in "$state"/host/*; do
    if [ -e "$file" ] && first_process "${file##*/}" >/dev/null; then printf '%s\n' "${file##*/}"; fi
  done
}

write_configuration() {
  local count=$1 k key
  mkdir "$state/host" "$state/log" "$state/ssh" "$state/slurm"
  {
    echo "127.0.0.1 localhost"
    for ((k = 1; k <= count; k++)); do echo "$network.$k node$k"; done
  } >"$state/hosts"
  echo "nameserver 127.0.0.1" >"$state/resolv.conf"
  for ((k = 1; k <= count; k++)); do
    echo "node$k slots=$slots" >>"$state/hostfile.openmpi"
    echo "node$k:$slots" >>"$state/hostfile.mpich"
  done

  ssh-keygen -q -t ed25519 -N '' -C testbed -f "$state/ssh/host_key"
  ssh-keygen -q -t ed25519 -N '' -C testbed -f "$state/ssh/user_key"
  cp "$state/ssh/user_key.pub" "$state/ssh/authorized_keys"
  read -r _ key _ <"$state/ssh/host_key.pub"
  for ((k = 1; k <= count; k++)); do echo "node$k,$network.$k ssh-ed25519 $key"; done >"$state/ssh/known_hosts"
  cat >"$state/ssh/ssh_config" <<'CONFIGURATION'
Host *
  IdentityFile /etc/ssh/user_key
  IdentitiesOnly yes
  GlobalKnownHostsFile /etc/ssh/known_hosts
  StrictHostKeyChecking yes
  LogLevel ERROR
CONFIGURATION
  cat >"$state/ssh/sshd_config" <<'CONFIGURATION'
Port 22
HostKey /etc/ssh/host_key
AuthorizedKeysFile /etc/ssh/authorized_keys
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
UseDNS no
PrintMotd no
MaxStartups 200
SetEnv TMPDIR=/run/tmp UCX_TLS=tcp,self
PidFile /run/sshd.pid
CONFIGURATION
}

# A process of its own session, with nothing of ours open, whose command line names the state folder; its number is in
# `daemon`. It is not our child, so that we are not told how it ended.
daemons=
start_daemon() {
  local log=$1
  shift
  daemon=$(
    setsid "$@" </dev/null >"$log" 2>&1 &
    echo $!
  )
  daemons="$daemons $daemon"
}

# The switch lives as long as the state folder.
start_switch() {
  # shellcheck disable=SC2016 # expanded by the inner shell
  start_daemon "$state/log/switch" unshare --net bash -c '
    ip link add bridge type bridge && ip link set bridge up || exit
    echo $$ >"$0/switch.new" && mv "$0/switch.new" "$0/switch"
    while [ -d "$0" ]; do sleep 2; done' "$state"
  await_file "$state/switch" "$daemon" "$state/log/switch"
  switch=$(cat "$state/switch")
}

starting=
start_host() {
  start_daemon "$state/log/$1" unshare --net --uts --ipc --pid --mount --fork --kill-child \
    "$testbed_library/first-process" "$state" "$1"
  starting="$starting $1=$daemon"
}

# Waits until FILE is there; fails with LOG if the process NUMBER ends before.
await_file() {
  local file=$1 number=$2 log=$3 tries
  for ((tries = 0; tries < 1000; tries++)); do
    [ ! -e "$file" ] || return 0
    kill -0 "$number" 2>/dev/null || break
    sleep 0.02
  done
  cat "$log" >&2
  die "the testbed's ${file##*/} did not start"
}

connect_host() {
  local host=$1 number k=${1#node}
  number=${starting#* "$host"=}
  await_file "$state/host/$host" "${number%% *}" "$state/log/$host"
  number=$(first_process "$host")
  ip link add name eth0 netns "$number" type veth peer name "port$k" netns "$switch"
  in_network "$switch" ip link set "port$k" master bridge up
  in_network "$number" ip -batch - <<COMMANDS
link set lo up
link set eth0 up
address add $network.$k/24 dev eth0
COMMANDS
  start_sshd "$host"
}

start_sshd() {
  run_in "$1" "$(command -v sshd)" -f /etc/ssh/sshd_config -E /run/sshd.log ||
    die "the sshd of $1 did not start: $(run_in "$1" tail -n 1 /run/sshd.log)"
}

# ---- Down ------------------------------------------------------------------------------------------------------------

bring_down() {
  local file number numbers='' tries
  trap '' INT TERM # a testbed that is half gone helps nobody
  [ -d "$state" ] || return 0
  # Those that have just been started, and have not said their number yet.
  # shellcheck disable=SC2086 # a list of numbers
  [ -z "$daemons" ] || kill -KILL $daemons 2>/dev/null || true
  for file in "$state"/host/* "$state/switch"; do
    if read -r number 2>/dev/null <"$file" && is_ours "$number"; then
      kill -KILL "$number" 2>/dev/null || true
      numbers="$numbers $number"
    fi
  done
  for number in $numbers $daemons; do
    for ((tries = 0; tries < 500; tries++)); do
      kill -0 "$number" 2>/dev/null || break
      sleep 0.02
    done
  done
  rm -rf "$state"
}

# ---- On a host -------------------------------------------------------------------------------------------------------

# A command in the network of process NUMBER.
in_network() {
  local number=$1
  shift
  nsenter --target "$number" --net -- "$@"
}

# A command on HOST, as its administrator would give it.
run_in() {
  local number
  number=$(first_process "$1") || die "the host $1 is not running"
  shift
  nsenter --target "$number" --net --uts --ipc --pid --mount -- "$@"
}

# A user's command on HOST: becomes it. It ends when we are ended, as nsenter does not pass signals on.
#
# UCX, and with it MPICH, sees that the hosts have one kernel, tries its shared memory behind their backs, and hangs.
run_on() {
  local number host=$1
  require_host "$host"
  shift
  number=$(first_process "$host")
  exec nsenter --target "$number" --net --uts --ipc --pid --mount -- \
    setpriv --pdeathsig TERM env -C "$PWD" TMPDIR=/run/tmp HOSTNAME="$host" UCX_TLS="${UCX_TLS:-tcp,self}" "$@"
}

print_counters() {
  local host interfaces=/sys/class/net
  for host in $(print_hosts); do
    first_process "$host" >/dev/null || continue
    # shellcheck disable=SC2016 # expanded by the host's shell
    run_in "$host" bash -c '
      printf "%s sent=%s received=%s inside=%s\n" "$1" "$(cat "$0/eth0/statistics/tx_bytes")" \
        "$(cat "$0/eth0/statistics/rx_bytes")" "$(cat "$0/lo/statistics/rx_bytes")"' "$interfaces" "$host"
  done
}

# Everything but the first process, what it waits with, ourselves, and the daemons of ssh and Slurm.
print_processes() {
  local host
  for host in $(print_hosts); do
    first_process "$host" >/dev/null || continue
    run_in "$host" ps -ww -e -o pid=,ppid=,stat=,args= | awk -v host="$host" '
      $2 == 0 || /slurmscriptd/ { next }
      $2 == 1 && ($4 ~ /^(sleep|munged|slurmctld|slurmd)$/ || /sshd: .*\[listener\]/) { next }
      { $2 = ""; print host, $0 }'
  done
}
