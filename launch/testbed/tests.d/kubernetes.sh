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
validate "$mpijob" "$indexed_job"
check "the manifests are valid" [ "$status" = 0 ]
if have kubectl; then
  for name in mpijob indexed-job; do
    kubectl kustomize "$folder/$name" >"$name.yaml" 2>output || true
    validate "$name.yaml"
    check "what kustomize makes of $name is valid" [ "$status" = 0 ]
  done
  # The kustomization of the page.
  mkdir my-program
  cp -r "$folder/mpijob" .
  awk '/^```yaml/ { on = 1; next } /^```/ { on = 0 } on' "$folder/README.md" >my-program/kustomization.yaml
  kubectl kustomize my-program >my-program.yaml 2>output || true
  validate my-program.yaml
  check "what the page's kustomization makes is valid" printed "MPIJob my-program: ok"
  check "and has its image and size" grep -q "image: registry.example.com/my-program:1.2.0" my-program.yaml
fi

# refused FROM TO WHAT: the MPIJob with this change is refused, with a line that says WHAT.
refused() {
  sed "s|$1|$2|" "$mpijob" >wrong.yaml
  validate wrong.yaml
  [ "$status" = 1 ] && ! cmp -s "$mpijob" wrong.yaml && printed "$3"
}
check "a misspelt field of the job is found" refused slotsPerWorker slotPerWorker "'slotPerWorker' was unexpected"
check "a misspelt field of a pod is found" refused readinessProbe: readynessProbe: "readynessProbe"
check "a policy that is none is found" refused "cleanPodPolicy: Running" "cleanPodPolicy: Runing" "Runing"
check "a user that is no number is found" refused "runAsUser: 1000" 'runAsUser: "1000"' "runAsUser"
check "a name that is too long is found" refused "name: dot-product\$" "name: $(printf 'a%.0s' {1..60})" "DNS label"
check "a missing host file is found" refused "- --hostfile" "- --display-map" "names no --hostfile"
check "more ranks than slots are found" refused '- "6"' '- "7"' "7 ranks, the workers have 6 slots"
check "a launcher twice is found" refused "replicas: 1\$" "replicas: 2" "Launcher/replicas"

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

run_pods() {
  status=0
  within 90 "$folder/run-locally" --timeout 60 --image image --image / "$@" >output 2>&1 </dev/null || status=$?
}
run_pods "$mpijob"
check "the MPIJob succeeds" [ "$status" = 0 ]
check "its ranks are six" printed "on 6 ranks"
check "its answer is verified" printed "checked:"
run_pods "$indexed_job"
check "the Indexed Job succeeds" [ "$status" = 0 ]
check "its ranks are six" printed "on 6 ranks"
check "its answer is verified" printed "checked:"

# failing FROM TO FILE: runs the manifest with this change.
failing() {
  sed "s|$1|$2|" "$3" >wrong.yaml
  run_pods wrong.yaml
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
