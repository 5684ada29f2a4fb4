#!/usr/bin/env bash
# What the binding costs: instructions per call above the same loop in C, allocations and reference counts per call.
#
# Counted by callgrind on one rank, in two runs of which the second makes twice as many calls: what both have once is
# subtracted. Skipped without valgrind. Bounds: OVERHEAD_BOUND=15 instructions per call,
# OVERHEAD_START_BOUND=25 per nonblocking message with its wait, OVERHEAD_PERSISTENT_BOUND=35 per round of a persistent
# one, OVERHEAD_COLLECTIVE_BOUND=180 per nonblocking collective, and no allocation or retain at all.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"
have valgrind || skip "valgrind is not installed; launch/setup --test installs it"

calls=1000
# valgrind 3.19 cannot read the debug information of Swift 6.3.
strip -g -o overhead "$(program release overhead)"
for n in $calls $((2 * calls)); do
  LD_BIND_NOW=1 within 300 valgrind --tool=callgrind --compress-strings=no --compress-pos=no \
    --callgrind-out-file="callgrind.$n" ./overhead "$n" >output 2>&1 </dev/null || {
    fail "valgrind ./overhead $n"
    finish_checks
    exit 1
  }
done

# Prints `instructions <loop> <per call>` for each loop, and `calls <function> <in all>` for what the program and the
# Swift runtime called to allocate, to retain and to release.
awk -v calls="$calls" '
  FNR == 1 { sign = NR == 1 ? -1 : 1 }
  /^ob=/ { is_ours = $0 ~ /(\/overhead|libswift[A-Za-z_]*\.so[.0-9]*)$/ }
  /^fn=/ {
    loop = ""
    if (match($0, /(swift|c)[A-Z_][A-Za-z_]*(Loop|_loop)/)) loop = substr($0, RSTART, RLENGTH)
  }
  /^cfn=/ { callee = substr($0, 5) }
  /^calls=/ && is_ours &&
    callee ~ /^(malloc|calloc|realloc|posix_memalign|aligned_alloc|swift_(alloc|slowAlloc|retain|release|bridgeObject).*)$/ {
    split(substr($0, 7), number, " ")
    count[callee] += sign * number[1]
  }
  /^[0-9]/ && loop != "" { instructions[loop] += sign * $2 }
  END {
    for (loop in instructions) print "instructions", loop, instructions[loop] / calls
    for (callee in count) print "calls", callee, count[callee]
  }' "callgrind.$calls" "callgrind.$((2 * calls))" >figures

# compare WHAT SWIFT-LOOP C-LOOP [CALLS]: the bound counts for each call, of which a loop may make several in one.
compare() {
  local what=$1 swift c above
  swift=$(awk -v loop="swift${2}Loop" '$1 == "instructions" && $2 == loop { print $3 }' figures)
  c=$(awk -v loop="c_${3}_loop" '$1 == "instructions" && $2 == loop { print $3 }' figures)
  if [ -z "$swift" ] || [ -z "$c" ]; then
    fail "$what: not found among the figures"
    return 0
  fi
  above=$(awk -v swift="$swift" -v c="$c" 'BEGIN { printf "%.1f", swift - c }')
  if awk -v above="$above" -v bound="${OVERHEAD_BOUND:-15}" -v calls="${4:-1}" \
    'BEGIN { exit !(above <= bound * calls) }'; then
    pass "$what: $above instructions per call above C ($swift, $c in C)"
  else
    fail "$what: $above instructions per call above C ($swift, $c in C)"
  fi
}

: >output
compare "broadcast(&array)" Broadcast broadcast
compare "allReduce(&array, .sum)" AllReduce all_reduce
compare "send(array)" Send send
compare "receive(into: &array)" Receive receive
compare "sendReceive(array, into: &array), two in one" SendReceive send_receive 2
compare "broadcast(&span)" SpanBroadcast broadcast
compare "allReduce(&span, .sum)" SpanAllReduce all_reduce
compare "send(span)" SpanSend send
compare "receive(into: &span)" SpanReceive receive
# A start and its wait may cost 25 together; each loop has two pairs.
OVERHEAD_BOUND=${OVERHEAD_START_BOUND:-25}
compare "startReceive(into: &array), startSend(span), two waits" StartReceive start_receive 2
compare "startReceive(into: &span), startSend(span), two waits" SpanStartReceive start_receive 2
OVERHEAD_BOUND=${OVERHEAD_PERSISTENT_BOUND:-35}
compare "two starts of persistent messages, two waits" Persistent persistent 2
OVERHEAD_BOUND=${OVERHEAD_COLLECTIVE_BOUND:-180}
compare "startAllReduce(&span, .sum), wait" SpanStartAllReduce start_all_reduce

awk '$1 == "calls" && $3 > 0' figures >output
check "no allocation, retain or release" [ ! -s output ]

finish_checks
