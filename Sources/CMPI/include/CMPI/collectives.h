// Chapter 6, collective communication, blocking.
//
// Each function is the one MPI call when the counts fit an `int`, and goes to `collectives.c` when they do not, or when
// the gate is closed: those that end in `_slow` ask it. The vector collectives take 64-bit counts and displacements, and
// always go there.
#ifndef CMPI_COLLECTIVES_H
#define CMPI_COLLECTIVES_H

#include "gate.h"
#include "reductions.h"

int cmpi_bcast_slow(void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm);
int cmpi_gather_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm);
int cmpi_scatter_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm);
int cmpi_allgather_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm);
int cmpi_alltoall_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm);
int cmpi_reduce_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm);
int cmpi_allreduce_slow(const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm);
int cmpi_scan_slow(const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm);
int cmpi_exscan_slow(const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm);

/// In-place reduction at a root other than 0, on the versions of MPICH that crash in it.
int cmpi_reduce_in_place(void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm);

#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000
#define CMPI_REDUCE_IN_PLACE_IS_BROKEN 1
#else
#define CMPI_REDUCE_IN_PLACE_IS_BROKEN 0
#endif

#if defined(MPICH_NUMVERSION) && CMPI_HAS_LARGE_COUNT
#define CMPI_IS_DERIVED(type) (((type).raw & 0xff000000) != 0x4c000000)
#else
#define CMPI_IS_DERIVED(type) 0
#endif

/// MPICH gathers and scatters derived datatypes through buffers of bytes, and over UCX (4.0.2) cannot unpack long ones
/// into structs with gaps: `_direct` sends long blocks to and from the root without a stop.
#define CMPI_GOES_DIRECT(type) CMPI_IS_DERIVED(type)

/// Whether a block of so many values goes the slow way. Where MPI counts the bytes of all ranks' blocks in an int, that has
/// a look at them from 1024 values on: fewer are too few for 65,536 ranks.
#define CMPI_IS_SLOW_BLOCK(count) CMPI_IS_SLOW((uint64_t)(count) << (CMPI_HAS_INNER_INTS ? 16 : 0))

/// Whether the bytes have to be looked at of a datatype that may be long itself.
#define CMPI_MAY_BE_LONG(type) (CMPI_HAS_INNER_INTS && CMPI_IS_DERIVED(type))

int cmpi_gather_direct(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm);
int cmpi_scatter_direct(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm);

/// Whether so many values are more bytes than MPI counts inside.
int cmpi_is_long(int64_t count, CMPI_Datatype type, bool *answer);

/// The blocks of a gather or scatter that must go between the root and each rank without a stop: as many values for each
/// rank, one block behind the other, counts and then offsets, to be freed. Null for those that may take a tree.
int cmpi_direct_blocks(
  int64_t outCount, CMPI_Datatype outType, int64_t inCount, CMPI_Datatype inType, int64_t count, CMPI_Comm comm,
  int *size, int64_t **blocks);

int cmpi_barrier_slow(CMPI_Comm comm);

CMPI_INLINE int cmpi_barrier(CMPI_Comm comm) {
  if (cmpi_gate_is_closed()) return cmpi_barrier_slow(comm);
  return MPI_Barrier(comm.raw);
}

CMPI_INLINE int cmpi_bcast(void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count) || CMPI_MAY_BE_LONG(type)) return cmpi_bcast_slow(data, count, type, root, comm);
  return MPI_Bcast(data, (int)count, type.raw, root, comm.raw);
}

// At a root the counts are of both buffers; elsewhere the other one is 0 and its buffer null.

CMPI_INLINE int cmpi_gather(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm) {
  if (CMPI_IS_SLOW_BLOCK(outCount | inCount))
    return cmpi_gather_slow(out, outCount, outType, in, inCount, inType, root, comm);
  if (CMPI_GOES_DIRECT(outType)) return cmpi_gather_direct(out, outCount, outType, in, inCount, inType, root, comm);
  return MPI_Gather(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw);
}

CMPI_INLINE int cmpi_scatter(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm) {
  if (CMPI_IS_SLOW_BLOCK(outCount | inCount))
    return cmpi_scatter_slow(out, outCount, outType, in, inCount, inType, root, comm);
  if (CMPI_GOES_DIRECT(outType)) return cmpi_scatter_direct(out, outCount, outType, in, inCount, inType, root, comm);
  return MPI_Scatter(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw);
}

// The same with datatypes whose values have no more than so many bytes, which are not looked at again where they are few.

#define CMPI_IS_BRIEF(number) \
  (CMPI_HAS_INNER_INTS && (uint64_t)(number) <= 4096 && !cmpi_gate_is_closed())

CMPI_INLINE int cmpi_bcast_layout(
  void *data, int64_t count, CMPI_Datatype type, int64_t bytes, int root, CMPI_Comm comm) {
  if (CMPI_IS_BRIEF(count | bytes)) return MPI_Bcast(data, (int)count, type.raw, root, comm.raw);
  return cmpi_bcast(data, count, type, root, comm);
}

CMPI_INLINE int cmpi_gather_layout(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  int64_t bytes, int size, int root, CMPI_Comm comm) {
  if (CMPI_IS_BRIEF(outCount | inCount | bytes) && bytes * size <= 4096)
    return MPI_Gather(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw);
  return cmpi_gather(out, outCount, outType, in, inCount, inType, root, comm);
}

CMPI_INLINE int cmpi_scatter_layout(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  int64_t bytes, int size, int root, CMPI_Comm comm) {
  if (CMPI_IS_BRIEF(outCount | inCount | bytes) && bytes * size <= 4096)
    return MPI_Scatter(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw);
  return cmpi_scatter(out, outCount, outType, in, inCount, inType, root, comm);
}

CMPI_INLINE int cmpi_allgather(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm) {
  if (CMPI_IS_SLOW(outCount | inCount))
    return cmpi_allgather_slow(out, outCount, outType, in, inCount, inType, comm);
  return MPI_Allgather(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, comm.raw);
}

CMPI_INLINE int cmpi_alltoall(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm) {
  if (CMPI_IS_SLOW(outCount | inCount))
    return cmpi_alltoall_slow(out, outCount, outType, in, inCount, inType, comm);
  return MPI_Alltoall(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, comm.raw);
}

CMPI_INLINE int cmpi_reduce(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm) {
  if (CMPI_REDUCE_IN_PLACE_IS_BROKEN && out == MPI_IN_PLACE && root != 0)
    return cmpi_reduce_in_place(in, count, type, op, root, comm);
  if (CMPI_IS_SLOW(count)) return cmpi_reduce_slow(out, in, count, type, op, root, comm);
  return MPI_Reduce(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), root, comm.raw);
}

CMPI_INLINE int cmpi_allreduce(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count)) return cmpi_allreduce_slow(out, in, count, type, op, comm);
  return MPI_Allreduce(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw);
}

CMPI_INLINE int cmpi_scan(const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count)) return cmpi_scan_slow(out, in, count, type, op, comm);
  return MPI_Scan(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw);
}

CMPI_INLINE int cmpi_exscan(const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count)) return cmpi_exscan_slow(out, in, count, type, op, comm);
  return MPI_Exscan(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw);
}

/// Whether MPI's reduce-scatter may be used without a look at the operation: MPICH's is wrong for some that do not
/// commute, as the predefined ones do.
#ifdef MPICH_NUMVERSION
#define CMPI_IS_SOUND_REDUCE_SCATTER(op) (((op).raw & 0xff000000) == 0x58000000)
#else
#define CMPI_IS_SOUND_REDUCE_SCATTER(op) 1
#endif

int cmpi_reduce_scatter_block_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm);

/// `count` values for each rank, of `total` in all.
CMPI_INLINE int cmpi_reduce_scatter_block(
  const void *out, void *in, int64_t count, int64_t total, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(total) || !CMPI_IS_SOUND_REDUCE_SCATTER(op))
    return cmpi_reduce_scatter_block_slow(out, in, count, type, op, comm);
  return MPI_Reduce_scatter_block(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw);
}

/// `counts[i]` values for rank i.
int cmpi_reduce_scatter(
  const void *out, void *in, const int64_t *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm);

/// The same with counts that are checked on the way, and made narrow. Returns `CMPI_IS_OTHER`, and has done nothing,
/// where they do not add up to `total` with `own` for this rank, or are not for the classic procedure.
enum { CMPI_IS_OTHER = -200 };
int cmpi_reduce_scatter_counts(
  const void *out, int64_t total, void *in, int64_t own, const int64_t *counts, int rank, int size, CMPI_Datatype type,
  CMPI_Op op, CMPI_Comm comm);

/// The same with counts as MPI reads them, of `total` values in all, where `cmpi_is_classic_reduce_scatter`.
CMPI_INLINE bool cmpi_is_classic_reduce_scatter(int64_t total, CMPI_Op op) {
  return !CMPI_IS_SLOW(total) && CMPI_IS_SOUND_REDUCE_SCATTER(op);
}
CMPI_INLINE int cmpi_reduce_scatter_classic(
  const void *out, void *in, const int *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  return MPI_Reduce_scatter(out, in, counts, type.raw, CMPI_SOUND_OP(op, type), comm.raw);
}

/// The lengths of the ranks' arrays, of which the ranks tell each other.
typedef struct {
  int64_t *lengths;
  int *blocks;   // counts and behind them offsets of blocks one after the other, as the classic procedures read them
  int64_t end;   // where the last block ends; -1 where the classic procedures do not take them
  bool isEven;   // whether all are as long
  bool isOwned;  // whether they have memory of their own
  int code;      // what MPI says; the rest is nothing where that is no success
} CMPI_Lengths;

/// Gathers one length of each rank at the root, and on all ranks. They are good until the next call on this thread; those
/// that have memory of their own until that is freed, which follows in any case.
CMPI_Lengths cmpi_gather_lengths(int64_t own, int root, bool isRoot, int size, CMPI_Comm comm);
CMPI_Lengths cmpi_all_gather_lengths(int64_t own, int size, CMPI_Comm comm);
void cmpi_lengths_free(int64_t *lengths);

// Counts and displacements in values; null where this rank has none to give (not the root).

int cmpi_gatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, int root, CMPI_Comm comm);
int cmpi_scatterv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  int64_t inCount, CMPI_Datatype inType, int root, CMPI_Comm comm);
int cmpi_allgatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm);
int cmpi_alltoallv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype inType, CMPI_Comm comm);

/// Whether a block of so many values goes through the classic procedures, on every rank: the gate is open, and it is one
/// that those without large counts take. The sides of a vector collective agree on that block by block.
CMPI_INLINE bool cmpi_is_classic(int64_t count, int size) { return !CMPI_IS_SLOW(count) && count * size <= INT_MAX; }
/// The same where the counts say that one of this rank's is short enough.
CMPI_INLINE bool cmpi_is_short(int64_t count) { return !CMPI_IS_SLOW(count); }

CMPI_INLINE int cmpi_gatherv_classic(
  const void *out, int outCount, void *in, const int *inCounts, const int *inOffsets, CMPI_Datatype type, int root,
  CMPI_Comm comm) {
  return MPI_Gatherv(out, outCount, type.raw, in, inCounts, inOffsets, type.raw, root, comm.raw);
}
CMPI_INLINE int cmpi_scatterv_classic(
  const void *out, const int *outCounts, const int *outOffsets, void *in, int inCount, CMPI_Datatype type, int root,
  CMPI_Comm comm) {
  return MPI_Scatterv(out, outCounts, outOffsets, type.raw, in, inCount, type.raw, root, comm.raw);
}
CMPI_INLINE int cmpi_allgatherv_classic(
  const void *out, int outCount, void *in, const int *inCounts, const int *inOffsets, CMPI_Datatype type,
  CMPI_Comm comm) {
  return MPI_Allgatherv(out, outCount, type.raw, in, inCounts, inOffsets, type.raw, comm.raw);
}
CMPI_INLINE int cmpi_alltoallv_classic(
  const void *out, const int *outCounts, const int *outOffsets, void *in, const int *inCounts, const int *inOffsets,
  CMPI_Datatype type, CMPI_Comm comm) {
  return MPI_Alltoallv(out, outCounts, outOffsets, type.raw, in, inCounts, inOffsets, type.raw, comm.raw);
}

/// Counts in values of each type, displacements in bytes.
CMPI_INLINE int cmpi_alltoallw_classic(
  const void *out, const int *outCounts, const int *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int *inCounts, const int *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm) {
  return MPI_Alltoallw(
    out, outCounts, outOffsets, &outTypes->raw, in, inCounts, inOffsets, &inTypes->raw, comm.raw);
}
int cmpi_alltoallw(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm);

#endif
