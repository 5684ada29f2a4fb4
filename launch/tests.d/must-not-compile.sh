#!/usr/bin/env bash
# What a pending request forbids does not compile: every file of Tests/MustNotCompile is compiled by itself against the
# built module, without any flag of ours, and must be refused with the error that its first line expects, and with no
# error that is not about that. The file Control.swift, which does the same things right, must compile.
set -eu
# shellcheck source-path=SCRIPTDIR source=checks.bash
. "$(dirname -- "$0")/checks.bash"

swift_build --target MPI >build.log 2>&1 || {
  tail -n 30 build.log >&2
  die "MPI was not built"
}
modules=$(swift_build --show-bin-path)/Modules
[ -e "$modules/MPI.swiftmodule" ] || modules=$(swift_build --show-bin-path)

# The flags that a package which depends on this one gets from SwiftPM: where CMPI's module map and mpi.h are.
flags=(-swift-version 6 -I "$modules" -Xcc "-fmodule-map-file=$SWIFT_MPI_ROOT/Sources/CMPI/include/module.modulemap")
flags+=(-Xcc "-fmodule-map-file=$SWIFT_MPI_ROOT/Sources/CMPILibrary/module.modulemap")
for flag in $(PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 package_config --cflags-only-I "$SWIFT_MPI_PKG_CONFIG"); do
  flags+=(-Xcc "$flag")
done

# The whole compiler up to where lifetimes, exclusivity and ownership are checked; type checking alone does not do that.
compiled() { swiftc "${flags[@]}" -parse-as-library -emit-sil -o /dev/null "$1" >output 2>&1; }

check "Control.swift compiles" compiled "$SWIFT_MPI_ROOT/Tests/MustNotCompile/Control.swift"

for file in "$SWIFT_MPI_ROOT"/Tests/MustNotCompile/*.swift; do
  name=$(basename "$file")
  [ "$name" != Control.swift ] || continue
  expected=$(sed -n '1s|^// expected: ||p' "$file")
  if [ -z "$expected" ]; then
    fail "$name: its first line does not say which error is expected"
  elif compiled "$file"; then
    fail "$name compiles"
  elif ! grep -E "error: .*" output | grep -F -e "$expected" >/dev/null; then
    fail "$name is not refused with: $expected"
  elif grep -E "$name:[0-9:]* error: " output | grep -Fv -e "$expected" |
    grep -Fv -e "lifetime-dependent" -e "cannot return a ~Escapable result" >/dev/null; then
    fail "$name: an error that was not expected"
  else
    pass "$name: $expected"
  fi
done

finish_checks
