#!/usr/bin/env bash
# Slurm on three hosts: the very files of launch/slurm, salloc and srun; and a rank that crashes ends its job.
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/checks.bash
. "$(dirname -- "$0")/../lib/checks.bash"

have slurmctld || PATH=$PATH:/usr/sbin
have slurmctld || skip "Slurm is not installed; run launch/setup --testbed"
files=$SWIFT_MPI_ROOT/launch/slurm
case $SWIFT_MPI_FAMILY in openmpi) pmi=pmix ;; *) pmi=pmi2 ;; esac

hello=$(portable_program hello)
mpi_run=$(program debug mpi-run)
dot_product=$(portable_program dot-product)
testbed up 3 >output
testbed slurm start >output

# on_login COMMAND …: as a user gives it on the node where one logs in; its output is in `output`.
on_login() {
  status=0
  within 60 "$SWIFT_MPI_ROOT/launch/testbed/testbed" exec node1 "$@" >output 2>&1 </dev/null || status=$?
}
# submit FILE …: sbatch, with the options in the array `options`; when the job is over, all that it wrote is in `output`,
# and whether it is completed in `status`. (sbatch --wait asks every two seconds, then less often.)
options=()
submit() {
  local job
  rm -f ./*.out
  on_login sbatch --parsable "${options[@]}" "$@"
  [ "$status" = 0 ] || return 0
  job=$(tail -n 1 output)
  await_job "$job"
  cat ./*.out >output
}
await_job() {
  local end=$((SECONDS + 60)) states
  while [ "$SECONDS" -lt "$end" ]; do
    states=$(testbed exec node1 scontrol --oneliner show job "$1" | sed -n 's/.* JobState=\([A-Z]*\) .*/\1/p')
    case $states in
    *PENDING* | *RUNNING* | *COMPLETING*) sleep 0.1 ;;
    *)
      [ "$(printf '%s\n' "$states" | sort -u)" = COMPLETED ] || status=1
      return 0
      ;;
    esac
  done
  status=124
  testbed exec node1 scancel "$1"
}
# Whether hello ran RANKS ranks on each of NODES nodes.
spread() {
  local k
  for ((k = 0; k < $1 * $2; k++)); do printed "rank $k of $(($1 * $2)) on node$((k / $1 + 1))" || return 1; done
}

submit "$files/mpirun.sbatch" "$hello"
check "mpirun.sbatch ends well" [ "$status" = 0 ]
check "and runs two ranks on a node" spread 2 1
options=(--nodes=3)
submit "$files/mpirun.sbatch" "$hello"
check "mpirun.sbatch on three nodes ends well" [ "$status" = 0 ]
check "and runs two ranks on each" spread 2 3

options=()
submit "$files/srun.sbatch" "$hello"
check "srun.sbatch ends well" [ "$status" = 0 ]
check "and runs two ranks on each of three nodes" spread 2 3
if [ "$SWIFT_MPI_FAMILY" = openmpi ]; then
  "${CC:-cc}" -shared -fPIC -O1 -o late-fence.so "$SWIFT_MPI_ROOT/launch/testbed/tests.d/late-fence.c" -ldl
  submit "$files/srun.sbatch" env LD_PRELOAD="$PWD/late-fence.so" LATE_RANKS=6 "$hello"
  check "srun.sbatch ends well when a rank is late" [ "$status" = 0 ]
  check "for which the others wait" spread 2 3
fi
before=$(sent_by node3)
submit "$files/srun.sbatch" "$dot_product" --length 100003 --write-inputs . --output p.npy --verify
check "srun.sbatch computes a dot product" [ "$status" = 0 ]
check "which is verified" printed "checked:"
check "through the network" [ $(($(sent_by node3) - before)) -gt 2000 ]

# Once in the quick part, as it is the same with every MPI.
if [ "$quick" = no ] || [ "$SWIFT_MPI_FAMILY" = openmpi ]; then
  printf '%s\n' '--length 10 --seed 1' '--length 1000 --seed "2"' 'x.npy y.npy' >cases
  options=(--array=1-3)
  submit "$files/array.sbatch" cases "$dot_product" --verify
  check "array.sbatch ends well" [ "$status" = 0 ]
  for length in 10 1000 100003; do check "and computes $length elements" printed "product of $length elements"; done
  options=()
  submit "$files/array.sbatch" cases "$dot_product"
  check "array.sbatch without --array is refused" printed "give sbatch --array=1-3"

  on_login salloc -N 3 -n 6 mpirun."$SWIFT_MPI_FAMILY" "$hello"
  check "salloc and mpirun end well" [ "$status" = 0 ]
  check "and run two ranks on each of three nodes" spread 2 3
  on_login salloc -N 3 -n 6 "$mpi_run" "$hello"
  check "salloc and mpi-run end well" [ "$status" = 0 ]
  check "and run two ranks on each of three nodes" spread 2 3
fi
on_login env SLURM_PMIX_FENCE=ring srun --mpi="$pmi" -K -N 3 -n 6 "$hello"
check "srun ends well" [ "$status" = 0 ]
check "and runs two ranks on each of three nodes" spread 2 3

# ---- Failures --------------------------------------------------------------------------------------------------------

# Rank 4 dies at once; the others wait for it in the first thing that MPI does.
# shellcheck disable=SC2016 # expanded by each rank's shell
crash='[ "$SLURM_PROCID" != 4 ] || exit 7; exec "$0"'
start=$SECONDS
SLURM_MPI_TYPE=$pmi submit "$files/srun.sbatch" sh -c "$crash" "$hello"
check "a rank that exits ends the job" [ "$status" != 0 ]
check "is named" printed "task 4: Exited with exit code 7"
check "within 20 seconds" [ $((SECONDS - start)) -lt 20 ]
check "nothing is left on the hosts" become_idle 10

# With the other family's PMI, or with none, each rank would be alone.
other=pmi2
[ "$pmi" = pmix ] || other=pmix
SLURM_MPI_TYPE=$other submit "$files/srun.sbatch" "$hello"
check "a PMI that the MPI does not speak is an error" [ "$status" != 0 ]
check "and nothing is computed" not_printed "add up to"
check "nothing is left on the hosts after it" become_idle 10
finish_checks
