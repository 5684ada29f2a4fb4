#!/usr/bin/env bash
# The first section of launch/hosts/README.md, as a new user follows it: its commands are taken out of the page and run
# as they stand, on two hosts that share no home and no work folder. All that the user has is a password for the second.
#
# Three things are not what they seem: `git clone` takes the working tree instead of what OWNER has, `swift build` gives
# the programs that were built for these tests (tests.d/dependency.sh builds them anew), and apt-get on the second host
# only tries whether it could install.
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/checks.bash
. "$(dirname -- "$0")/../lib/checks.bash"

[ "$(id -u)" = 0 ] || skip "only root can give the hosts a password"
have ssh-copy-id || skip "there is no ssh-copy-id"
# The page is the same for every MPI.
[ "$SWIFT_MPI_BUILD" = "$SWIFT_MPI_ROOT/.build" ] || skip "tested with the first MPI"

here=$PWD
built=$(dirname "$(program debug mpi-run)")
program debug hello >output
unset SWIFT_MPI_LAUNCHER
user=$(id -un)
home=$(getent passwd 0 | cut -d: -f6)

sed -n '/^## Two hosts/,/^## Hosts/s/^\$ //p' "$SWIFT_MPI_ROOT/launch/hosts/README.md" >commands
check "it takes less than ten commands" [ "$(wc -l <commands)" -lt 10 ]
check "from the repository to a job" [ "$(sed -n '1s/ .*//p;$s/ .*//p' commands | tr '\n' ' ')" = "git mpi-run " ]

# ---- Two hosts, and a user who is new to them ------------------------------------------------------------------------

make_repository repository launch
git config --file gitconfig "url.file://$here/repository.insteadOf" https://github.com/OWNER/swift-mpi

mkdir ssh work there tools
printf '%s\n' "$user:$(openssl passwd -6 'open sesame'):19000:0:99999:7:::" >shadow
chmod 600 shadow
cat >ssh/sshd_config <<CONFIGURATION
HostKey /etc/ssh/host_key
PermitRootLogin yes
UsePAM no
UseDNS no
SetEnv TMPDIR=/run/tmp PATH=$here/there:$PATH
PidFile /run/sshd.pid
CONFIGURATION
: >ssh/ssh_config
cat >there/sudo <<'E_SUDO'
#!/bin/sh
echo "sudo $*"
! command -v apt-get >/dev/null || exec "$@" --simulate
E_SUDO
# What the user types when asked.
cat >tools/answer <<E_ANSWER
#!/bin/sh
echo "\$1" >>"$here/asked"
case \$1 in *yes/no*) echo yes ;; *) echo "open sesame" ;; esac
E_ANSWER
cat >tools/swift <<E_SWIFT
#!/bin/sh
[ "\$1" = build ] || exec "$(command -v swift)" "\$@"
place=.build product=
while [ \$# -gt 0 ]; do
  case \$1 in --scratch-path) place=\$2 ;; --product) product=\$2 ;; esac
  shift
done
mkdir -p "\$place/here/release"
[ -e "\$place/release" ] || ln -s here/release "\$place/release"
cp -f "$built/\$product" "\$place/release/"
E_SWIFT
chmod +x there/sudo tools/*

testbed up 2 >output
for host in node1 node2; do
  testbed private "$host" "$home"
  # shellcheck disable=SC2016 # expanded by the host's shell
  testbed exec "$host" bash -euc '
    cp -n /etc/ssh/host_key ssh/
    mkdir -p "$0/.ssh"
    mount -t tmpfs -o mode=700 none "$0/.ssh"
    mount --bind ssh /etc/ssh
    mount --bind shadow /etc/shadow
    [ "$HOSTNAME" = node1 ] || mount -t tmpfs none work' "$home"
  testbed sshd "$host" stop
done
for host in node1 node2; do testbed sshd "$host" start; done
testbed hide node2 "$(swift_libraries)"
sent=$(sent_by node2)

# ---- What the page says ----------------------------------------------------------------------------------------------

cd work
within 200 "$SWIFT_MPI_ROOT/launch/testbed/testbed" exec node1 env PATH="$here/tools:$PATH" HOME="$home" \
  GIT_CONFIG_GLOBAL="$here/gitconfig" SSH_ASKPASS="$here/tools/answer" SSH_ASKPASS_REQUIRE=force DISPLAY=none \
  bash -eu "$here/commands" >"$here/output" 2>&1 </dev/null && status=0 || status=$?
cd "$here"

check "the commands end well" [ "$status" = 0 ]
check "the password is asked for once" [ "$(grep -c password asked)" = 1 ]
check "the MPI is installed as the page says" printed "sudo apt-get install -y openmpi-bin"
check "the program is copied" printed "node2: copied"
check "with the Swift runtime" [ -n "$(testbed exec node2 find work -name libswiftCore.so)" ]
check "the doctor finds both hosts fit" printed "a job can run"
check "the job runs" printed "the ranks add up to 6"
for host in node1 node2; do check "with two ranks on $host" times_printed 2 "of 4 on $host"; done
check "over the network" [ $(($(sent_by node2) - sent)) -gt 2000 ]
check "nothing is left on the hosts" become_idle 5
finish_checks
