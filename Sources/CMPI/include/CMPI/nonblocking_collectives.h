// Chapter 6.12, nonblocking collective operations.
//
// Counts and displacements are 64-bit. What does not fit an `int` goes through the large-count procedure where there is
// one, else as one value of a datatype that holds the block; where neither is possible (reductions, displacements) the code
// is `MPI_ERR_UNSUPPORTED_OPERATION`. Where MPI counts in an int inside (`CMPI_HAS_INNER_INTS`), what is beyond that goes as
// messages between the root and each rank.
//
// MPI reads the arrays of counts and datatypes until the operation is complete: `kept` becomes what holds them, to be
// given to `cmpi_kept_release` then, or null. Who calls sets it to null before.
#ifndef CMPI_NONBLOCKING_COLLECTIVES_H
#define CMPI_NONBLOCKING_COLLECTIVES_H

#include "collectives.h"
#include "requests.h"

void cmpi_kept_release(void *kept);

/// A count and a displacement for each rank, as the classic procedures read them, for as long as they have owners: what
/// has made them, and each request that uses them.
/// They are known by where the counts lie; behind these are the displacements, and before them is how many owners there are,
/// and an object of Swift which they keep, or null: what else a request needs is kept by numbers of no rank.
int *cmpi_numbers_make(int size, void *object);
void cmpi_numbers_free(const int *numbers);
typedef struct {
  void *object;
  int64_t owners;
  int64_t isShort;  // whether the memory may serve others
} CMPI_NumbersHead;
#define CMPI_HEAD(numbers) ((CMPI_NumbersHead *)(uintptr_t)(numbers) - 1)
#define CMPI_OWNERS(numbers) (&CMPI_HEAD(numbers)->owners)
CMPI_INLINE void *cmpi_numbers_object(const int *numbers) { return CMPI_HEAD(numbers)->object; }

/// Numbers of no rank, which keep nothing, have as many owners as anybody wants to be, and are never freed.
extern struct CMPI_NoNumbers {
  CMPI_NumbersHead head;
  int none[2];
} cmpi_no_numbers;
CMPI_INLINE const int *cmpi_numbers_of_none(void) { return cmpi_no_numbers.none; }

/// One more owner, or one less, and whether it was the last. An atomic instruction each, on any thread.
CMPI_INLINE void cmpi_numbers_keep(const int *numbers) { __atomic_fetch_add(CMPI_OWNERS(numbers), 1, __ATOMIC_RELAXED); }
CMPI_INLINE bool cmpi_numbers_leave(const int *numbers) {
  return __atomic_fetch_sub(CMPI_OWNERS(numbers), 1, __ATOMIC_ACQ_REL) == 1;
}

/// One owner less of those that keep no object.
CMPI_INLINE void cmpi_numbers_drop(const int *numbers) {
  if (CMPI_UNLIKELY(cmpi_numbers_leave(numbers))) cmpi_numbers_free(numbers);
}

// The one MPI call when the counts fit an `int` and the gate is open, else through `nonblocking_collectives.c`.

int cmpi_ibarrier_slow(CMPI_Comm comm, CMPI_Request *request);
int cmpi_ibcast_slow(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_igather_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_iscatter_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_iallgather_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_ialltoall_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_ireduce_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm,
  CMPI_Request *request, void **kept);
int cmpi_iallreduce_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept);
int cmpi_iscan_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept);
int cmpi_iexscan_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept);
int cmpi_ireduce_scatter_block_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept);

/// What a start gave: the request counts only when the code is success, and so does what is kept for it.
typedef struct {
  CMPI_Request request;
  void *kept;
  int code;
} CMPI_Started;

/// Apart from each other, so that the fast way keeps nothing that has to be looked at.
#define CMPI_GIVE_SLOWLY(call)                                   \
  do {                                                           \
    CMPI_Request request;                                        \
    void *kept = NULL;                                           \
    int code = call;                                             \
    return (CMPI_Started){request, kept, code};                  \
  } while (0)
#define CMPI_GIVE(call)                                          \
  do {                                                           \
    CMPI_Request request;                                        \
    int code = call;                                             \
    return (CMPI_Started){request, NULL, code};                  \
  } while (0)

CMPI_INLINE CMPI_Started cmpi_ibarrier(CMPI_Comm comm) {
  if (cmpi_gate_is_closed()) CMPI_GIVE(cmpi_ibarrier_slow(comm, &request));
  CMPI_GIVE(MPI_Ibarrier(comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_ibcast(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count) || CMPI_MAY_BE_LONG(type))
    CMPI_GIVE_SLOWLY(cmpi_ibcast_slow(data, count, type, root, comm, &request, &kept));
  CMPI_GIVE(MPI_Ibcast(data, (int)count, type.raw, root, comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_igather(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm) {
  if (CMPI_IS_SLOW_BLOCK(outCount | inCount) || CMPI_MAY_BE_LONG(outType))
    CMPI_GIVE_SLOWLY(cmpi_igather_slow(out, outCount, outType, in, inCount, inType, root, comm, &request, &kept));
  CMPI_GIVE(MPI_Igather(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_iscatter(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm) {
  if (CMPI_IS_SLOW_BLOCK(outCount | inCount) || CMPI_MAY_BE_LONG(outType))
    CMPI_GIVE_SLOWLY(cmpi_iscatter_slow(out, outCount, outType, in, inCount, inType, root, comm, &request, &kept));
  CMPI_GIVE(MPI_Iscatter(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_iallgather(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm) {
  if (CMPI_IS_SLOW(outCount | inCount))
    CMPI_GIVE_SLOWLY(cmpi_iallgather_slow(out, outCount, outType, in, inCount, inType, comm, &request, &kept));
  CMPI_GIVE(MPI_Iallgather(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_ialltoall(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm) {
  if (CMPI_IS_SLOW(outCount | inCount) || CMPI_MAY_BE_LONG(inType))
    CMPI_GIVE_SLOWLY(cmpi_ialltoall_slow(out, outCount, outType, in, inCount, inType, comm, &request, &kept));
  CMPI_GIVE(MPI_Ialltoall(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_ireduce(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count) || (CMPI_REDUCE_IN_PLACE_IS_BROKEN && out == MPI_IN_PLACE && root != 0))
    CMPI_GIVE_SLOWLY(cmpi_ireduce_slow(out, in, count, type, op, root, comm, &request, &kept));
  CMPI_GIVE(MPI_Ireduce(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), root, comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_iallreduce(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count)) CMPI_GIVE_SLOWLY(cmpi_iallreduce_slow(out, in, count, type, op, comm, &request, &kept));
  CMPI_GIVE(MPI_Iallreduce(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_iscan(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count)) CMPI_GIVE_SLOWLY(cmpi_iscan_slow(out, in, count, type, op, comm, &request, &kept));
  CMPI_GIVE(MPI_Iscan(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw, &request.raw));
}

CMPI_INLINE CMPI_Started cmpi_iexscan(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count)) CMPI_GIVE_SLOWLY(cmpi_iexscan_slow(out, in, count, type, op, comm, &request, &kept));
  CMPI_GIVE(MPI_Iexscan(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw, &request.raw));
}

/// `count` values for each rank, of `total` in all.
CMPI_INLINE CMPI_Started cmpi_ireduce_scatter_block(
  const void *out, void *in, int64_t count, int64_t total, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(total) || !CMPI_IS_SOUND_REDUCE_SCATTER(op))
    CMPI_GIVE_SLOWLY(cmpi_ireduce_scatter_block_slow(out, in, count, type, op, comm, &request, &kept));
  CMPI_GIVE(MPI_Ireduce_scatter_block(
    out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw, &request.raw));
}

int cmpi_ireduce_scatter_slow(
  const void *out, void *in, const int64_t *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm,
  CMPI_Request *request, void **kept);

CMPI_INLINE CMPI_Started cmpi_ireduce_scatter(
  const void *out, void *in, const int64_t *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  CMPI_GIVE_SLOWLY(cmpi_ireduce_scatter_slow(out, in, counts, type, op, comm, &request, &kept));
}

// With counts and displacements as MPI reads them, which the caller keeps until the request is complete.

CMPI_INLINE CMPI_Started cmpi_ireduce_scatter_classic(
  const void *out, void *in, const int *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  CMPI_GIVE(MPI_Ireduce_scatter(out, in, counts, type.raw, CMPI_SOUND_OP(op, type), comm.raw, &request.raw));
}
CMPI_INLINE CMPI_Started cmpi_igatherv_classic(
  const void *out, int outCount, void *in, const int *inCounts, const int *inOffsets, CMPI_Datatype type, int root,
  CMPI_Comm comm) {
  CMPI_GIVE(
    MPI_Igatherv(out, outCount, type.raw, in, inCounts, inOffsets, type.raw, root, comm.raw, &request.raw));
}
CMPI_INLINE CMPI_Started cmpi_iscatterv_classic(
  const void *out, const int *outCounts, const int *outOffsets, void *in, int inCount, CMPI_Datatype type, int root,
  CMPI_Comm comm) {
  CMPI_GIVE(
    MPI_Iscatterv(out, outCounts, outOffsets, type.raw, in, inCount, type.raw, root, comm.raw, &request.raw));
}
CMPI_INLINE CMPI_Started cmpi_iallgatherv_classic(
  const void *out, int outCount, void *in, const int *inCounts, const int *inOffsets, CMPI_Datatype type,
  CMPI_Comm comm) {
  CMPI_GIVE(MPI_Iallgatherv(out, outCount, type.raw, in, inCounts, inOffsets, type.raw, comm.raw, &request.raw));
}
CMPI_INLINE CMPI_Started cmpi_ialltoallv_classic(
  const void *out, const int *outCounts, const int *outOffsets, void *in, const int *inCounts, const int *inOffsets,
  CMPI_Datatype type, CMPI_Comm comm) {
  CMPI_GIVE(MPI_Ialltoallv(
    out, outCounts, outOffsets, type.raw, in, inCounts, inOffsets, type.raw, comm.raw, &request.raw));
}

// Counts and displacements in values; null where this rank has none to give (not the root).

int cmpi_igatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, int root, CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_iscatterv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  int64_t inCount, CMPI_Datatype inType, int root, CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_iallgatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_ialltoallv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype inType, CMPI_Comm comm, CMPI_Request *request,
  void **kept);

/// Counts in values of each type, displacements in bytes.
CMPI_INLINE CMPI_Started cmpi_ialltoallw_classic(
  const void *out, const int *outCounts, const int *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int *inCounts, const int *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm) {
  CMPI_GIVE(MPI_Ialltoallw(
    out, outCounts, outOffsets, &outTypes->raw, in, inCounts, inOffsets, &inTypes->raw, comm.raw, &request.raw));
}
int cmpi_ialltoallw(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm,
  CMPI_Request *request, void **kept);

#endif
