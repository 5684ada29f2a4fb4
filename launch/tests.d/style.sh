#!/usr/bin/env bash
# The sources are formatted, the scripts parse, and every link in the documentation resolves. Once, for the first MPI.
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"

if [ "$SWIFT_MPI_BUILD" != "$SWIFT_MPI_ROOT/.build" ]; then
  say "the same for every MPI; checked with the default one"
  exit 0
fi

passed=0
failed=0
verdict() { # STATUS WHAT
  if [ "$1" = 0 ]; then
    passed=$((passed + 1))
    say "passed: $2"
  else
    failed=$((failed + 1))
    say "FAILED: $2"
  fi
}

cd "$SWIFT_MPI_ROOT"
status=0
swift format lint --strict --recursive Package.swift Sources Tests examples || status=1
verdict "$status" "formatted Swift"

status=0
while read -r script; do
  bash -n "$script" || status=1
  if have shellcheck; then shellcheck -x "$script" || status=1; fi
done < <(grep -rlE '^#!.*[ /]bash|^# shellcheck shell=bash' launch .ci)
verdict "$status" "shell scripts"

# In a scratch folder of its own: SwiftPM would build everything anew in ours. It also complains that it finds no symbols
# of the test bundle, which has none.
graphs=$SWIFT_MPI_ROOT/.build/documentation
status=0
MPI_PKG_CONFIG=$SWIFT_MPI_PKG_CONFIG swift package --scratch-path "$graphs" dump-symbol-graph \
  --minimum-access-level public >"$graphs.log" 2>&1 || true
for catalog in Sources/*/Documentation.docc; do
  module=$(basename "$(dirname "$catalog")")
  chosen=$SWIFT_MPI_ROOT/.build/documentation/$module.graphs
  rm -rf "$chosen"
  mkdir -p "$chosen"
  find "$graphs" -path "*symbolgraph*" \( -name "$module.symbols.json" -o -name "$module@*.symbols.json" \) \
    -exec cp {} "$chosen" \;
  if [ ! -e "$chosen/$module.symbols.json" ]; then
    tail -n 40 "$graphs.log"
    status=1
    continue
  fi
  # Without pages of HTML: their template belongs to root, and docc cannot copy it as another user. Links from another
  # module to MPI are not followed: each module is looked at alone.
  docc convert "$catalog" --additional-symbol-graph-dir "$chosen" --output-path "$chosen.archive" \
    --no-transform-for-static-hosting >"$chosen.log" 2>&1 || status=1
  if grep -E '^(warning|error):' "$chosen.log" | grep -qv "^warning: 'MPI' doesn't exist at"; then
    cat "$chosen.log"
    status=1
  fi
done
verdict "$status" "documentation"

say "$passed passed, $failed failed"
[ "$failed" = 0 ]
