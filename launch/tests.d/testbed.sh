#!/usr/bin/env bash
# Jobs on several hosts, made on this machine where namespaces can be made: the quick part of launch/testbed/test.
set -eu
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname -- "$0")/../lib/common.sh"
exec "$SWIFT_MPI_ROOT/launch/testbed/test" --quick "$SWIFT_MPI_FAMILY"
