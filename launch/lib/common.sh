# shellcheck shell=bash
# What the launch scripts share: which MPI, its launcher, and how a job runs well on one machine.
#
# Source it; it runs nothing. Works with bash 3.2 (macOS) and later, from any folder.
#
#   mpi_use [FAMILY]          chooses an MPI (openmpi or mpich; without a name, the one that Package.swift chooses)
#                             and exports, for this script and for the programs that it starts:
#     SWIFT_MPI_ROOT            the repository
#     SWIFT_MPI_FAMILY          openmpi or mpich
#     SWIFT_MPI_PKG_CONFIG      the name of its pkg-config file
#     SWIFT_MPI_LAUNCHER        its mpirun
#     SWIFT_MPI_BUILD           the scratch folder of `swift build` for this MPI
#     SWIFT_MPI_PYTHON          a Python with numpy, and mpi4py on this MPI; empty if `launch/setup --test` made none
#   swift_build ARGUMENTS…    `swift build` with that MPI, in that scratch folder
#   mpi_run N PROGRAM …       N ranks on this machine, ended after MPI_TIMEOUT seconds (300); `: -n M OTHER …` may follow
#   mpi_run_logged FOLDER N PROGRAM …   the same; each rank writes to FOLDER/rank.<rank>
#   within SECONDS COMMAND …  the command, ended after that time with the exit status 124
#
# A script that sources this file with those variables set, as one in tests.d does, has them already.

SWIFT_MPI_ROOT=$(CDPATH='' cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)
export SWIFT_MPI_ROOT

say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The comment at the top of the calling script, as its help.
usage() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }

cores() { nproc 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null || echo 1; }

# ---- Which MPI ------------------------------------------------------------------------------------------------------

# The folder of the pkg-config file NAME, looked for where Package.swift looks.
pkg_config_folder() {
  local folder standard
  standard=/usr/local/lib/pkgconfig:/usr/local/share/pkgconfig:/usr/lib/x86_64-linux-gnu/pkgconfig
  standard=$standard:/usr/lib/aarch64-linux-gnu/pkgconfig:/usr/lib64/pkgconfig:/usr/lib/pkgconfig:/usr/share/pkgconfig
  standard=$standard:/opt/homebrew/lib/pkgconfig:/usr/lib64/openmpi/lib/pkgconfig:/usr/lib64/mpich/lib/pkgconfig
  while IFS= read -r -d : folder; do
    if [ -n "$folder" ] && [ -e "$folder/$1.pc" ]; then
      printf '%s\n' "$folder"
      return 0
    fi
  done <<<"${PKG_CONFIG_PATH:-}:$standard:"
  return 1
}

# The name of the pkg-config file that Package.swift chooses.
default_pkg_config() {
  local name
  if [ -n "${MPI_PKG_CONFIG:-}" ]; then
    printf '%s\n' "$MPI_PKG_CONFIG"
    return 0
  fi
  for name in mpi-c ompi-c mpich; do
    if pkg_config_folder "$name" >/dev/null; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  printf 'mpi-c\n'
  return 1
}

# pkg-config, which also sees the folders that only Package.swift knows. The name comes last.
package_config() {
  local folder name
  for name in "$@"; do :; done
  folder=$(pkg_config_folder "$name") || folder=
  PKG_CONFIG_PATH="${PKG_CONFIG_PATH:-}${folder:+:$folder}" pkg-config "$@" 2>/dev/null
}

# openmpi or mpich: whose mpi.h the pkg-config file NAME leads to. An alternative such as Debian's mpi-c may be either.
mpi_family() {
  local include
  while IFS= read -r include; do
    include=${include#-I}
    [ -e "$include/mpi.h" ] || continue
    if grep -q 'define OPEN_MPI' "$include/mpi.h"; then
      echo openmpi
      return 0
    elif grep -q 'define MPICH_VERSION' "$include/mpi.h"; then
      echo mpich
      return 0
    fi
  done <<EOF_INCLUDES
$(PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 package_config --cflags-only-I "${1:-$(default_pkg_config)}" | xargs printf '%s\n')
EOF_INCLUDES
  return 1
}

# The name of a pkg-config file of FAMILY: the default one if it is of this family.
pkg_config_for() {
  local name
  for name in "$(default_pkg_config)" ompi-c mpich mpi-c; do
    if [ "$(mpi_family "$name")" = "$1" ]; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

# The families that are installed, launcher included, the default one first.
installed_families() {
  local family default listed=
  default=$(mpi_family) || default=
  for family in "$default" openmpi mpich; do
    case " $listed " in *" $family "*) continue ;; esac
    if launcher_for "$family" >/dev/null; then
      listed="$listed $family"
      printf '%s\n' "$family"
    fi
  done
}

# The mpirun of FAMILY: the one that lies beside the library, else one on the PATH; asked for its name before it is
# believed, because a launcher of the other family starts N jobs of one rank each, and reports success.
launcher_for() {
  local family=$1 name prefix library candidate mark='Open MPI|OpenRTE'
  [ "$family" = mpich ] && mark=HYDRA
  name=$(pkg_config_for "$family") || return 1
  prefix=$(package_config --variable=prefix "$name")
  library=$(package_config --variable=libdir "$name")
  for candidate in "$prefix/bin/mpirun.$family" "$library/../bin/mpirun" "$prefix/bin/mpirun" \
    "$(command -v "mpirun.$family")" "$(command -v mpirun)"; do
    if [ -x "$candidate" ] && "$candidate" --version 2>&1 </dev/null | grep -E "$mark" >/dev/null; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# shellcheck disable=SC2120 # the argument is optional
mpi_use() {
  local family library default folder
  default=$(mpi_family) || default=
  family=${1:-$default}
  [ -n "$family" ] || die "no MPI is installed that pkg-config knows as $(default_pkg_config); run launch/setup"
  SWIFT_MPI_PKG_CONFIG=$(pkg_config_for "$family") || die "$family is not installed; run launch/setup $family"
  SWIFT_MPI_LAUNCHER=$(launcher_for "$family") || die "no mpirun of $family was found; run launch/setup $family"
  SWIFT_MPI_FAMILY=$family
  # The one that is built when none is named is in .build, any other has a folder of its own in there.
  SWIFT_MPI_BUILD=$SWIFT_MPI_ROOT/.build
  [ "$SWIFT_MPI_PKG_CONFIG" = "$(MPI_PKG_CONFIG='' default_pkg_config)" ] ||
    SWIFT_MPI_BUILD=$SWIFT_MPI_ROOT/.build/$SWIFT_MPI_PKG_CONFIG
  SWIFT_MPI_PYTHON=$SWIFT_MPI_ROOT/.build/python/bin/python
  [ -x "$SWIFT_MPI_PYTHON" ] || SWIFT_MPI_PYTHON=
  export SWIFT_MPI_FAMILY SWIFT_MPI_PKG_CONFIG SWIFT_MPI_LAUNCHER SWIFT_MPI_BUILD SWIFT_MPI_PYTHON

  # What SwiftPM, the loader and mpi4py must know when the MPI is not where they look by themselves.
  export MPI4PY_MPIABI=$family
  if ! pkg-config --exists "$SWIFT_MPI_PKG_CONFIG" && folder=$(pkg_config_folder "$SWIFT_MPI_PKG_CONFIG"); then
    export PKG_CONFIG_PATH="${PKG_CONFIG_PATH:+$PKG_CONFIG_PATH:}$folder"
  fi
  library=$(package_config --variable=libdir "$SWIFT_MPI_PKG_CONFIG")
  case $library in
  /usr/lib/x86_64-linux-gnu | /usr/lib/aarch64-linux-gnu | /usr/lib64 | /usr/lib) ;;
  *) compgen -G "$library/libmpi*.so.*" >/dev/null && add_library_folder "$library" ;;
  esac
  folder=$SWIFT_MPI_ROOT/.build/python/lib/$family
  if [ -d "$folder" ] && [ ! -e "$library/libmpi.so.12" ]; then add_library_folder "$folder"; fi

  mpi_settings
}

add_library_folder() { export LD_LIBRARY_PATH="$1${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"; }

swift_build() {
  # shellcheck disable=SC2119
  [ -n "${SWIFT_MPI_BUILD:-}" ] || mpi_use
  MPI_PKG_CONFIG=$SWIFT_MPI_PKG_CONFIG \
    swift build --package-path "$SWIFT_MPI_ROOT" --scratch-path "$SWIFT_MPI_BUILD" "$@"
}

# ---- Jobs on this machine ------------------------------------------------------------------------------------------

# Settings of Open MPI 4 and 5 (MPICH needs none), as variables, so that an mpirun which a test starts has them too:
# root may run, more ranks than cores may run, no rank is bound, and nobody looks for networks that one machine does
# not use (which halves the start-up of Open MPI 4, and is nine tenths of that of Open MPI 5). What is set stays.
mpi_settings() {
  if [ "$(id -u)" = 0 ]; then
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
    export PRTE_ALLOW_RUN_AS_ROOT=1 PRTE_ALLOW_RUN_AS_ROOT_CONFIRM=1
  fi
  export OMPI_MCA_rmaps_base_oversubscribe="${OMPI_MCA_rmaps_base_oversubscribe:-1}"
  export OMPI_MCA_hwloc_base_binding_policy="${OMPI_MCA_hwloc_base_binding_policy:-none}"
  export PRTE_MCA_rmaps_default_mapping_policy="${PRTE_MCA_rmaps_default_mapping_policy:-:oversubscribe}"
  export PRTE_MCA_hwloc_default_binding_policy="${PRTE_MCA_hwloc_default_binding_policy:-none}"
  export OMPI_MCA_pml="${OMPI_MCA_pml:-ob1}"
  export OMPI_MCA_btl="${OMPI_MCA_btl:-^openib,ofi,usnic}"
}

# COMMAND, ended after so many SECONDS; the exit status is then 124. The command is our child and stays in the
# foreground, watched by a process that is nobody's child: `timeout` passes on each Ctrl-C that the command has had from
# the terminal already, and an mpirun that is signalled twice leaves its ranks behind.
within() {
  local seconds=$1 start=$SECONDS status=0
  shift
  # shellcheck disable=SC2016 # expanded by the inner shell
  bash -c '
    alive() { for ((i = 0; i < $1; i++)); do sleep 1; kill -0 $$ || exit; done; }
    ((alive "$0"; kill -TERM $$; alive 20; kill -KILL $$) </dev/null >/dev/null 2>&1 &)
    exec "$@"' "$seconds" "$@" || status=$?
  [ $((SECONDS - start)) -lt "$seconds" ] || status=124 # MPICH's mpirun says 0 when it is ended
  return "$status"
}

mpi_run() {
  local ranks=$1 folder word before='' last=''
  local options=(-n "$1")
  for word in "$@"; do # and those of the other programs
    [ "$before $last" != ': -n' ] || ranks=$((ranks + word))
    before=$last last=$word
  done
  shift
  # shellcheck disable=SC2119
  [ -n "${SWIFT_MPI_LAUNCHER:-}" ] || mpi_use
  if [ "$ranks" -gt "$(cores)" ]; then
    if [ "$SWIFT_MPI_FAMILY" = openmpi ]; then
      local -x OMPI_MCA_mpi_yield_when_idle=1
    elif folder=$(mpich_yield); then
      options=(-genv LD_LIBRARY_PATH "$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
        -genv LD_PRELOAD "libmpich-yield.so${LD_PRELOAD:+:$LD_PRELOAD}" "${options[@]}")
    fi
  fi
  within "${MPI_TIMEOUT:-300}" "$SWIFT_MPI_LAUNCHER" "${options[@]}" "$@"
}

# Each rank's output goes straight to its own file: a launcher may lose the last words of a rank that dies. The process
# numbers are kept as well, for a rank that survives its launcher.
mpi_run_logged() {
  local folder=$1 ranks=$2 status=0 file
  shift 2
  mkdir -p "$folder"
  # A subshell, so that a trap of the caller writes where the caller writes.
  # shellcheck disable=SC2016 # expanded by each rank's shell
  (SWIFT_MPI_LOGS=$folder mpi_run "$ranks" sh -c '
    rank=${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-${PMIX_RANK:-0}}}
    echo $$ >"$SWIFT_MPI_LOGS/process.$rank"
    exec "$0" "$@" >"$SWIFT_MPI_LOGS/rank.$rank" 2>&1' "$@") </dev/null >"$folder/launcher" 2>&1 || status=$?
  if [ "$status" = 124 ]; then
    for file in "$folder"/process.*; do kill -KILL "$(cat "$file")" 2>/dev/null || true; done
  fi
  return "$status"
}

# The folder of a library that makes MPICH over UCX yield the core while it waits; built at the first call.
#
# MPICH polls and never yields, and has no setting for it: with more ranks than cores each step of a collective costs
# a scheduler's time slice (4 to 8 ms instead of 10 µs). SWIFT_MPI_YIELD=0 does without.
mpich_yield() {
  local folder=$SWIFT_MPI_ROOT/.build/launch source=$SWIFT_MPI_ROOT/launch/lib/mpich-yield.c library compiler
  [ "${SWIFT_MPI_YIELD:-1}" != 0 ] && [ "$(uname -s)" = Linux ] || return 1
  library=$(package_config --variable=libdir "$(pkg_config_for mpich)")
  compgen -G "$library/*mpi*.so.12" >/dev/null || return 1
  ldd "$library"/*mpi*.so.12 2>/dev/null | grep libucp >/dev/null || return 1
  if [ ! "$folder/libmpich-yield.so" -nt "$source" ]; then
    compiler=$(command -v cc || command -v clang) || return 1
    mkdir -p "$folder"
    "$compiler" -O2 -shared -fPIC -o "$folder/yield.$$" "$source" || return 1
    mv -f "$folder/yield.$$" "$folder/libmpich-yield.so"
  fi
  printf '%s\n' "$folder"
}
