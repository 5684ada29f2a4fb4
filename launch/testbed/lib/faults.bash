# shellcheck shell=bash disable=SC2154 # variables of hosts.bash
# What can go wrong on a host of a testbed. Sourced by ../testbed.

fault_link() {
  local switch
  case $2 in up | down) ;; *) die "a link is up or down, not '$2'" ;; esac
  switch=$(cat "$state/switch")
  in_network "$switch" ip link set "port${1#node}" "$2"
}

fault_sshd() {
  local number
  number=$(run_in "$1" cat /run/sshd.pid 2>/dev/null) || number=
  case $2 in
  stop)
    [ -z "$number" ] || run_in "$1" sh -c "kill -CONT $number; kill $number; rm -f /run/sshd.pid" || true
    ;;
  hang)
    [ -n "$number" ] || die "the sshd of $1 is stopped"
    run_in "$1" sh -c "kill -STOP $number"
    ;;
  start)
    if [ -n "$number" ] && run_in "$1" sh -c "kill -CONT $number" 2>/dev/null; then return 0; fi
    start_sshd "$1"
    ;;
  *) die "an sshd can be made to stop, to hang and to start, not to '$2'" ;;
  esac
}

fault_crash() {
  kill -KILL "$(first_process "$1")"
}

# A pair of interfaces that is connected to itself, so that the network is up.
fault_network() {
  local address
  case $2 in '' | eth0 | lo | *[!A-Za-z0-9_.-]*) die "'$2' cannot be the name of one more network" ;; esac
  address=$3
  run_in "$1" ip -batch - <<COMMANDS
link add name $2 type veth peer name $2.end
link set $2 up
link set $2.end up
address add $address dev $2
COMMANDS
  run_in "$1" sh -c "echo $2 >>/run/faults/networks"
}

# By rules of routing, which every kernel has, rather than by a packet filter: what comes from outside is delivered if
# it is to or from port 22, or not TCP.
fault_firewall() {
  run_in "$1" ip -batch - <<'COMMANDS'
rule add priority 10 iif eth0 ipproto tcp dport 22 lookup local
rule add priority 11 iif eth0 ipproto tcp sport 22 lookup local
rule add priority 12 iif eth0 ipproto tcp blackhole
rule add priority 20 lookup local
rule delete priority 0
COMMANDS
}

# A layer of the host's own over FOLDER, into which so much can be written, and in which NAME, if given, is not there.
cover() {
  local host=$1
  shift
  # shellcheck disable=SC2016 # expanded by the host's shell
  run_in "$host" bash -c '
    set -eu
    layer=$(mktemp -d /run/faults/layer.XXXXXX)
    mount -t tmpfs -o "size=$1" none "$layer"
    mkdir "$layer/upper" "$layer/work"
    chown --reference="$0" "$layer/upper"
    chmod --reference="$0" "$layer/upper"
    [ $# -lt 2 ] || mknod "$layer/upper/$2" c 0 0
    mount -t overlay -o "lowerdir=$0,upperdir=$layer/upper,workdir=$layer/work" overlay "$0"
    printf "%s\n" "$0" >>/run/faults/covered' "$@"
}

# A folder as the host sees it, which has no current one.
folder_on() {
  local path=$2
  case $path in /*) ;; *) path=$PWD/$path ;; esac
  run_in "$1" realpath -e -- "$path" 2>/dev/null || die "$1 has no $2"
}

fault_private() {
  local folder
  folder=$(folder_on "$1" "$2")
  cover "$1" "$folder" 1g
}

fault_hide() {
  local folder name
  folder=$(folder_on "$1" "$(dirname -- "$2")")
  name=$(basename -- "$2")
  run_in "$1" test -e "$folder/$name" || die "$1 has no $2"
  cover "$1" "$folder" 1m "$name"
}

fault_full() {
  local folder rest
  folder=$(folder_on "$1" "$2")
  cover "$1" "$folder" 64k
  rest=$(run_in "$1" mktemp "$folder/rest.XXXXXX")
  run_in "$1" sh -c "cat /dev/zero >'$rest'" 2>/dev/null || true
}

fault_mend() {
  fault_link "$1" up
  fault_sshd "$1" start
  # shellcheck disable=SC2016 # expanded by the host's shell
  run_in "$1" bash -c '
    set -eu
    if [ -e /run/faults/covered ]; then
      tac /run/faults/covered | while read -r folder; do umount -l "$folder"; done
    fi
    umount -l /run/faults/layer.* 2>/dev/null || true
    if [ -e /run/faults/networks ]; then
      while read -r network; do ip link delete "$network"; done </run/faults/networks
    fi
    rm -rf /run/faults
    mkdir /run/faults
    if [ -n "$(ip rule list priority 12)" ]; then
      ip rule add priority 0 lookup local
      for priority in 10 11 12 20; do ip rule delete priority "$priority"; done
    fi'
}
