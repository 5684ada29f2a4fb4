// Chapter 6.9, global reduction operations.
#ifndef CMPI_REDUCTIONS_H
#define CMPI_REDUCTIONS_H

#include "base.h"

#define CMPI_PREDEFINED(name, handle) \
  CMPI_INLINE CMPI_Op cmpi_op_##name(void) { return (CMPI_Op){handle}; }
CMPI_PREDEFINED(sum, MPI_SUM)
CMPI_PREDEFINED(product, MPI_PROD)
CMPI_PREDEFINED(minimum, MPI_MIN)
CMPI_PREDEFINED(maximum, MPI_MAX)
CMPI_PREDEFINED(minimum_location, MPI_MINLOC)
CMPI_PREDEFINED(maximum_location, MPI_MAXLOC)
CMPI_PREDEFINED(logical_and, MPI_LAND)
CMPI_PREDEFINED(logical_or, MPI_LOR)
CMPI_PREDEFINED(logical_xor, MPI_LXOR)
CMPI_PREDEFINED(bitwise_and, MPI_BAND)
CMPI_PREDEFINED(bitwise_or, MPI_BOR)
CMPI_PREDEFINED(bitwise_xor, MPI_BXOR)
#undef CMPI_PREDEFINED

/// The operation to give to MPI for a predefined one on a type.
///
/// MPICH 4.0 compares unsigned integers as if they were signed, in MPI_MIN and MPI_MAX: there it is one of ours.
#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000
MPI_Op cmpi_sound_order(MPI_Op op, MPI_Datatype type);
#define CMPI_SOUND_OP(op, type) \
  ((op).raw == MPI_MIN || (op).raw == MPI_MAX ? cmpi_sound_order((op).raw, (type).raw) : (op).raw)
#else
#define CMPI_SOUND_OP(op, type) ((op).raw)
#endif

/// What MPI calls for a reduction of the user's: `both[i] = left[i] ∘ both[i]` for `count` values.
typedef void (*CMPI_Combine)(void *context, const void *left, void *both, int64_t count);

/// A user's reduction: a function and what it needs.
typedef struct {
  CMPI_Combine combine;
  void *context;
} CMPI_Closure;

/// The one MPI operation that all closures of a kind share, made at its first use.
int cmpi_op_closure(bool isCommutative, CMPI_Op *out);

/// A copy of `type` that carries the closure to the shared operation; `closure` must outlive it.
///
/// A closure reads and writes `size` bytes of each value. Where the last of them are padding, one goes with the data: MPI
/// makes no room behind the data of the last value.
int cmpi_type_with_closure(CMPI_Datatype type, int64_t size, CMPI_Closure *closure, CMPI_Datatype *out);

#endif
