// The header of whichever MPI pkg-config found; see `mpiLibrary` in Package.swift.
#include <mpi.h>
