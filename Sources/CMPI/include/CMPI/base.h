// The handles, and the few macros that the other headers share.
#ifndef CMPI_BASE_H
#define CMPI_BASE_H

#include <limits.h>
#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CMPI_INLINE static inline __attribute__((always_inline))

#include "simulation.h"

#define CMPI_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/// Whether a count does not fit the `int` of the classic procedures: too large, or negative (which MPI then reports).
#define CMPI_IS_LARGE(count) CMPI_UNLIKELY((uint64_t)(count) > INT_MAX)

/// Whether this MPI has the large-count procedures, those that end in `_c` (MPI 4.0).
#define CMPI_HAS_LARGE_COUNT (MPI_VERSION >= 4)

/// Whether trees and rings inside this MPI's collectives count in an `int`, bytes or values, also where the procedure takes
/// large counts: MPICH's before 5.0. Above that they crash, fail in the wait, do not end, or lose data.
#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 50000000
#define CMPI_HAS_INNER_INTS 1
#else
#define CMPI_HAS_INNER_INTS 0
#endif

typedef struct { MPI_Comm raw; } CMPI_Comm;
typedef struct { MPI_Group raw; } CMPI_Group;
typedef struct { MPI_Datatype raw; } CMPI_Datatype;
typedef struct { MPI_Op raw; } CMPI_Op;
typedef struct { MPI_Status raw; } CMPI_Status;
typedef struct { MPI_Message raw; } CMPI_Message;

CMPI_INLINE int cmpi_proc_null(void) { return MPI_PROC_NULL; }
CMPI_INLINE int cmpi_any_source(void) { return MPI_ANY_SOURCE; }
CMPI_INLINE int cmpi_any_tag(void) { return MPI_ANY_TAG; }
CMPI_INLINE int cmpi_undefined(void) { return MPI_UNDEFINED; }
CMPI_INLINE const void *cmpi_in_place(void) { return MPI_IN_PLACE; }

#endif
