// How persistent collectives are made, where this MPI has such that work.
#ifndef CMPI_MAKING_H
#define CMPI_MAKING_H

#include "starting.h"

#if defined(OPEN_MPI) && !CMPI_HAS_LARGE_COUNT && defined(__has_include)
#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif
#endif

// Those of MPICH 4.0 give wrong results from the second round on.
#if MPI_VERSION >= 4 && !(defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000)
#define MAKE(name, ...) WITH_COUNT(MPI_##name##_init)(__VA_ARGS__, MPI_INFO_NULL, &request->raw)
#define MAKE_PLAIN(name, ...) MPI_##name##_init(__VA_ARGS__, MPI_INFO_NULL, &request->raw)
#elif defined(OMPI_HAVE_MPI_EXT_PCOLLREQ)
#define MAKE(name, ...) MPIX_##name##_init(__VA_ARGS__, MPI_INFO_NULL, &request->raw)
#define MAKE_PLAIN MAKE
#else
/// The arguments are named, so that they are not unused.
static int unsupported(int first, ...) { return (void)first, MPI_ERR_UNSUPPORTED_OPERATION; }
#define MAKE(name, ...) unsupported(0, __VA_ARGS__, request)
#define MAKE_PLAIN MAKE
#endif

#endif
