#!/usr/bin/env bash
# The manifests of launch/kubernetes: checked as a cluster would check them, and run, each pod on a host of its own. The
# pods have this machine's own root file system, with the files on it that the image has; launch/kubernetes/image/test
# builds the image, and runs them in that. For Open MPI, which is what the manifests are written for.
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/checks.bash
. "$(dirname -- "$0")/../lib/checks.bash"

[ "$SWIFT_MPI_FAMILY" = openmpi ] || skip "the manifests are for Open MPI"
"${SWIFT_MPI_PYTHON:-false}" -c 'import kubernetes_validate' 2>/dev/null ||
  skip "there is no Python with kubernetes-validate; run launch/setup --test --testbed"
folder=$SWIFT_MPI_ROOT/launch/kubernetes
mpijob=$folder/mpijob/mpijob.yaml
indexed_job=$folder/indexed-job/indexed-job.yaml

# ---- As they are written ---------------------------------------------------------------------------------------------

validate() {
  status=0
  "$folder/validate" "$@" >output 2>&1 || status=$?
}
manifests=("$mpijob" "$indexed_job")
if have kubectl; then
  for name in mpijob indexed-job; do
    kubectl kustomize "$folder/$name" >"$name.yaml" 2>output || true
    manifests+=("$name.yaml")
  done
  # The kustomization of the page.
  mkdir my-program
  cp -r "$folder/mpijob" .
  awk '/^```yaml/ { on = 1; next } /^```/ { on = 0 } on' "$folder/README.md" >my-program/kustomization.yaml
  kubectl kustomize my-program >my-program.yaml 2>output || true
  manifests+=(my-program.yaml)
fi
# With mpi-run instead of mpirun, as the page says.
sed -e 's/^\( *- \)mpirun$/\1mpi-run/' -e '/- --hostfile$/d' -e '/- \/etc\/mpi\/hostfile$/d' -e '/- "6"$/d' -e '/- -n$/d' \
  "$mpijob" >mpi-run.yaml
check "there is a manifest with mpi-run" [ "$(diff "$mpijob" mpi-run.yaml | grep -c '^[<>]')" = 6 ]
manifests+=(mpi-run.yaml)
validate "${manifests[@]}"
check "the manifests are valid, and what kustomize makes of them" [ "$status" = 0 ]
check "each of them" [ "$(grep -c '\(MPIJob\|Job\) .*: ok$' output)" = "${#manifests[@]}" ]
if have kubectl; then
  check "the page's kustomization makes another job" printed "MPIJob my-program: ok"
  check "with its image and size" grep -q "image: registry.example.com/my-program:1.2.0" my-program.yaml
fi

# wrong NAME FROM TO: the MPIJob with this change.
wrong() {
  sed "s|$2|$3|" "$mpijob" >"wrong-$1.yaml"
  ! cmp -s "$mpijob" "wrong-$1.yaml" || fail "a change of the MPIJob: $1"
}
wrong job slotsPerWorker slotPerWorker
wrong pod readinessProbe: readynessProbe:
wrong policy "cleanPodPolicy: Running" "cleanPodPolicy: Runing"
wrong user "runAsUser: 1000" 'runAsUser: "1000"'
wrong name "name: dot-product\$" "name: $(printf 'a%.0s' {1..60})"
wrong file "- --hostfile" "- --display-map"
wrong ranks '- "6"' '- "7"'
wrong launchers "replicas: 1\$" "replicas: 2"
validate wrong-*.yaml
check "wrong manifests are refused" [ "$status" = 1 ]
# refused NAME WHAT: that one is, with a line that says WHAT.
refused() { grep "^wrong-$1.yaml: " output | grep -F -e "$2" >/dev/null; }
check "a misspelt field of the job is found" refused job "'slotPerWorker' was unexpected"
check "a misspelt field of a pod is found" refused pod "readynessProbe"
check "a policy that is none is found" refused policy "Runing"
check "a user that is no number is found" refused user "runAsUser"
check "a name that is too long is found" refused name "DNS label"
check "a missing host file is found" refused file "names no --hostfile"
check "more ranks than slots are found" refused ranks "7 ranks, the workers have 6 slots"
check "a launcher twice is found" refused launchers "Launcher/replicas"

# ---- As they run -----------------------------------------------------------------------------------------------------

# What image/Containerfile puts into the image.
programs=$(dirname "$(portable_program dot-product)")
mkdir -p image/usr/local/bin image/etc/ssh image/home/mpiuser image/run/sshd
cp "$folder"/image/ssh*_config image/etc/ssh/
cp "$programs"/* image/usr/local/bin/
for file in passwd group; do grep -v '^[^:]*:[^:]*:1000:' "/etc/$file" >"image/etc/$file"; done
echo "mpiuser:x:1000:1000::/home/mpiuser:/bin/sh" >>image/etc/passwd
echo "mpiuser:x:1000:" >>image/etc/group
chown -R 1000:1000 image/home/mpiuser

images=(--image image --image /)
run_pods() {
  status=0
  within 90 "$folder/run-locally" --timeout 60 "$@" >output 2>&1 </dev/null || status=$?
}
run_pods "${images[@]}" "$mpijob"
check "the MPIJob succeeds" [ "$status" = 0 ]
check "its ranks are six" printed "on 6 ranks"
check "its answer is verified" printed "checked:"

# mpi-run takes the hosts from the operator's file, and asks each worker first, as a user that is not root.
mkdir -p more/usr/local
(mkdir there && cd there && portable_program mpi-run >output)
mv there/bin more/usr/local/
run_pods --image more "${images[@]}" mpi-run.yaml
check "mpi-run in the launcher's pod succeeds" [ "$status" = 0 ]
check "with a rank for each slot of the workers" printed "on 6 ranks"
check "and the verified answer" printed "checked:"

run_pods "${images[@]}" "$indexed_job"
check "the Indexed Job succeeds" [ "$status" = 0 ]
check "its ranks are six" printed "on 6 ranks"
check "its answer is verified" printed "checked:"

# failing FROM TO FILE: runs the manifest with this change.
failing() {
  sed "s|$1|$2|" "$3" >wrong.yaml
  run_pods "${images[@]}" wrong.yaml
}
start=$SECONDS
failing '- --verify' '- --no-such-option' "$mpijob"
check "a program that fails makes the MPIJob fail" [ "$status" = 1 ]
check "and says why" printed "no-such-option"
if [ "$quick" = no ]; then
  failing '- --verify' '- --no-such-option' "$indexed_job"
  check "a program that fails makes the Indexed Job fail" [ "$status" = 1 ]
  check "and says why" printed "no-such-option"
fi
failing '/usr/sbin/sshd$' '/usr/sbin/no-sshd' "$mpijob"
check "workers without an sshd make the MPIJob fail" [ "$status" = 1 ]
check "and are named" printed "dot-product-worker-0 did not become ready"
check "in time" [ $((SECONDS - start)) -lt 60 ]
finish_checks
