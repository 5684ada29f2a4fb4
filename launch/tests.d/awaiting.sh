#!/usr/bin/env bash
# What `await` costs and needs: a ping-pong beside the blocking one, the processor time of a rank that waits, tasks while
# the main thread is blocked, a whole program on one thread. Bounds: AWAIT_BOUND=3 microseconds above the blocking call
# where two ranks have a core each, IDLE_BOUND=2 percent of a core.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

awaiting=$(program release awaiting)
export MPI_TIMEOUT=120

for case in blocked thread; do
  for ranks in 1 2 3; do
    run "$ranks" "$awaiting" "$case"
    if [ "$status" = 0 ] && times_printed "$ranks" ok; then
      pass "$case on $ranks ranks"
    else
      fail "$case on $ranks ranks: exit status $status"
    fi
  done
done

below() { awk -v value="$1" -v bound="$2" 'BEGIN { exit !(value != "" && value + 0 <= bound + 0) }'; }

run 2 "$awaiting" idle
share=$(awk '$1 == "idle" { printf "%.2f", $2 }' output)
if below "$share" "${IDLE_BOUND:-2}"; then
  pass "a waiting rank uses $share % of a core"
else
  fail "a waiting rank uses $share % of a core"
fi

for case in latency latency-thread; do
  run 2 "$awaiting" "$case"
  figures=$(awk '$1 == "latency" { printf "%.2f %.2f %.2f", $3, $4, $4 - $3 }' output)
  if [ "$(cores)" -lt 2 ]; then
    say "not judged on one core: $case $figures"
  elif [ -n "$figures" ] && below "${figures##* }" "${AWAIT_BOUND:-3}"; then
    pass "$case of 8 bytes: blocking, awaited, difference in microseconds: $figures"
  else
    fail "$case of 8 bytes: blocking, awaited, difference in microseconds: $figures"
  fi
done

finish_checks
