#include "starting.h"

#include <stdlib.h>
#include <string.h>

/// What is started is agreed on where it is waited for.
#define BITS CMPI_STARTED

// MARK: One count

int cmpi_ibarrier_slow(CMPI_Comm comm, CMPI_Request *request) {
  CMPI_ENTER();
  NOTED(BARRIER, .hasRoot = false)
  return MPI_Ibarrier(comm.raw, &request->raw);
}

#if CMPI_HAS_INNER_INTS
/// A broadcast of more bytes than MPI counts inside: the root sends them to each rank.
static int startToAll(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  int size, rank, code = MPI_Comm_size(comm.raw, &size);
  if (code == MPI_SUCCESS) code = MPI_Comm_rank(comm.raw, &rank);
  if (code != MPI_SUCCESS) return code;
  TypedSide from, to;
  Kept *mine = keepRootToAll(size, rank, root, count, type, &from, &to, &code);
  if (!mine) return MPI_ERR_NO_MEM;
  if (code == MPI_SUCCESS)
    code = MPI_Ialltoallw(rank == root ? data : NULL, from.counts, from.places, from.types, rank == root ? NULL : data,
                          to.counts, to.places, to.types, comm.raw, &request->raw);
  return hand(code, mine, kept);
}
#endif

int cmpi_ibcast_slow(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  CMPI_ENTER();
  NOTED(BROADCAST, ROOTED, VALUES(count, type))
#if CMPI_HAS_INNER_INTS
  bool isLong;
  int failed = cmpi_is_long(count, type, &isLong);
  if (failed != MPI_SUCCESS) return failed;
  if (isLong) return startToAll(data, count, type, root, comm, request, kept);
#endif
  if (!IS_UNSUPPORTED(count))
    return WITH_COUNT(MPI_Ibcast)(data, (Count)count, type.raw, root, comm.raw, &request->raw);
  Kept *mine = keep(sizeof(MPI_Datatype));
  Count one;
  MPI_Datatype whole;
  int code = mine ? keepBlock(count, type, mine, &one, &whole) : MPI_ERR_NO_MEM;
  if (code == MPI_SUCCESS) code = WITH_COUNT(MPI_Ibcast)(data, one, whole, root, comm.raw, &request->raw);
  return hand(code, mine, kept);
}

/// Blocks that are more bytes together than MPI counts inside go between the root and each rank without a stop.
#define WITHOUT_A_STOP(count, call, name, ...)                                                          \
  if (CMPI_HAS_INNER_INTS) {                                                                            \
    CMPI_ENTER();                                                                                       \
    int size;                                                                                           \
    int64_t *blocks;                                                                                    \
    int code = cmpi_direct_blocks(outCount, outType, inCount, inType, count, comm, &size, &blocks);     \
    if (code != MPI_SUCCESS) return code;                                                               \
    if (blocks) {                                                                                       \
      NOTED(name, ROOTED, __VA_ARGS__)                                                                  \
      code = call;                                                                                      \
      free(blocks);                                                                                     \
      return code;                                                                                      \
    }                                                                                                   \
  }

int cmpi_igather_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITHOUT_A_STOP(
    inCount, cmpi_igatherv(out, outCount, outType, in, blocks, blocks + size, inType, root, comm, request, kept),
    GATHER, VALUES(out == MPI_IN_PLACE ? inCount : outCount, outType))
  WITH_BLOCKS(
    WITH_COUNT(MPI_Igather)(out, ours, ourType, in, theirs, theirType, root, comm.raw, &request->raw),
    GATHER, ROOTED, VALUES(out == MPI_IN_PLACE ? inCount : outCount, outType))
}

int cmpi_iscatter_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITHOUT_A_STOP(
    outCount, cmpi_iscatterv(out, blocks, blocks + size, outType, in, inCount, inType, root, comm, request, kept),
    SCATTER, VALUES(in == MPI_IN_PLACE ? outCount : inCount, inType))
  WITH_BLOCKS(
    WITH_COUNT(MPI_Iscatter)(out, ours, ourType, in, theirs, theirType, root, comm.raw, &request->raw),
    SCATTER, ROOTED, VALUES(in == MPI_IN_PLACE ? outCount : inCount, inType))
}

int cmpi_iallgather_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(WITH_COUNT(MPI_Iallgather)(out, ours, ourType, in, theirs, theirType, comm.raw, &request->raw),
              ALL_GATHER, VALUES(inCount, inType))
}

int cmpi_ialltoall_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
#if CMPI_HAS_INNER_INTS
  // In place a block is kept in memory of which the bytes are an int.
  bool isLong;
  int failed = cmpi_is_long(inCount, inType, &isLong);
  if (failed != MPI_SUCCESS) return failed;
  if (isLong && out == MPI_IN_PLACE) return MPI_ERR_UNSUPPORTED_OPERATION;
#endif
  WITH_BLOCKS(WITH_COUNT(MPI_Ialltoall)(out, ours, ourType, in, theirs, theirType, comm.raw, &request->raw),
              ALL_TO_ALL, VALUES(inCount, inType))
}

// MARK: Reductions

/// Whether the parts of a reduction by halves begin behind what is counted in an int inside MPI.
static bool isBeyondHalves(int64_t count, CMPI_Comm comm) {
  int size, parts = 1;
  if (!CMPI_HAS_INNER_INTS || count <= INT_MAX || MPI_Comm_size(comm.raw, &size) != MPI_SUCCESS) return false;
  while (2 * parts <= size) parts *= 2;
  return count - count / parts > INT_MAX;
}

int cmpi_ireduce_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  CMPI_ENTER();
  if (isBeyondHalves(count, comm)) return MPI_ERR_UNSUPPORTED_OPERATION;
  if (CMPI_REDUCE_IN_PLACE_IS_BROKEN && out == MPI_IN_PLACE && root != 0 && count >= 0) {
    NOTED(REDUCE, ROOTED, VALUES(count, type), REDUCED)
    int64_t extent;
    int code = cmpi_type_extent(type, &extent);
    if (code != MPI_SUCCESS) return code;
    Kept *mine = keep(count * extent);
    if (!mine) return MPI_ERR_NO_MEM;
    if (count > 0) memcpy(mine->memory, in, count * extent);
    code = WITH_COUNT(MPI_Ireduce)(mine->memory, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), root, comm.raw,
                                   &request->raw);
    return hand(code, mine, kept);
  }
  WITH_REDUCTION(count,
                 WITH_COUNT(MPI_Ireduce)(out, in, (Count)count, type.raw,
                                         CMPI_SOUND_OP(op, type), root, comm.raw, &request->raw),
                 REDUCE, ROOTED)
}

int cmpi_iallreduce_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  CMPI_ENTER();
  if (isBeyondHalves(count, comm)) return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_REDUCTION(count,
                 WITH_COUNT(MPI_Iallreduce)(out, in, (Count)count, type.raw,
                                            CMPI_SOUND_OP(op, type), comm.raw, &request->raw),
                 ALL_REDUCE, .hasRoot = false)
}

int cmpi_iscan_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  WITH_REDUCTION(count,
                 WITH_COUNT(MPI_Iscan)(out, in, (Count)count, type.raw,
                                       CMPI_SOUND_OP(op, type), comm.raw, &request->raw),
                 SCAN, .hasRoot = false)
}

int cmpi_iexscan_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  WITH_REDUCTION(count,
                 WITH_COUNT(MPI_Iexscan)(out, in, (Count)count, type.raw,
                                         CMPI_SOUND_OP(op, type), comm.raw, &request->raw),
                 EXCLUSIVE_SCAN, .hasRoot = false)
}

/// Whether MPI's reduce-scatter must not be used, as in `collectives.c`.
static bool isUnsound(CMPI_Op op) {
#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000
  int commutes = 1;
  return MPI_Op_commutative(op.raw, &commutes) == MPI_SUCCESS && !commutes;
#else
  (void)op;
  return false;
#endif
}

/// Whether the place of the last block is beyond an int, in which it is counted inside MPI, as are all values together.
static bool isBeyondPlaces(const int64_t *counts, CMPI_Comm comm) {
  int size;
  if (!CMPI_HAS_INNER_INTS || MPI_Comm_size(comm.raw, &size) != MPI_SUCCESS) return false;
  int64_t place = 0;
  for (int rank = 0; rank < size - 1; rank++) place += counts[rank];
  return place > INT_MAX || place + counts[size - 1] > UINT32_MAX;
}

int cmpi_ireduce_scatter_block_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  CMPI_ENTER();
  int size, failed = MPI_Comm_size(comm.raw, &size);
  if (failed != MPI_SUCCESS) return failed;
  if (isUnsound(op) || (CMPI_HAS_INNER_INTS && size > 1 && count > INT_MAX / (size - 1)))
    return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_REDUCTION(count * size,
                 WITH_COUNT(MPI_Ireduce_scatter_block)(out, in, (Count)count, type.raw,
                                                       CMPI_SOUND_OP(op, type), comm.raw, &request->raw),
                 REDUCE_SCATTER, .hasRoot = false)
}

// MARK: A count for each rank

int cmpi_igatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, int root, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  if (IS_UNSUPPORTED(outCount)) return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_SIDES(NULL, NULL, inCounts, inOffsets,
             WITH_COUNT(MPI_Igatherv)(out, (Count)outCount, outType.raw, in, to.counts, to.offsets, inType.raw, root,
                                      comm.raw, &request->raw),
             GATHER_BLOCKS, ROOTED, VALUES(outCount, outType), .inCounts = inCounts,
             .isInPlace = out == MPI_IN_PLACE)
}

int cmpi_iscatterv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  int64_t inCount, CMPI_Datatype inType, int root, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  if (IS_UNSUPPORTED(inCount)) return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_SIDES(outCounts, outOffsets, NULL, NULL,
             WITH_COUNT(MPI_Iscatterv)(out, from.counts, from.offsets, outType.raw, in, (Count)inCount, inType.raw,
                                       root, comm.raw, &request->raw),
             SCATTER_BLOCKS, ROOTED, VALUES(inCount, inType), .outCounts = outCounts,
             .isInPlace = in == MPI_IN_PLACE)
}

int cmpi_iallgatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  CMPI_ENTER();
  if (isBeyond(inCounts, comm)) {
    WITH_BLOCKS_TO_ALL(MPI_Ialltoallw(out, from.counts, from.places, from.types, in, to.counts, to.places, to.types, comm.raw,
                                      &request->raw))
  }
  WITH_SIDES(NULL, NULL, inCounts, inOffsets,
             WITH_COUNT(MPI_Iallgatherv)(out, (Count)outCount, outType.raw, in, to.counts, to.offsets, inType.raw,
                                         comm.raw, &request->raw),
             ALL_GATHER_BLOCKS, VALUES(outCount, inType), .inCounts = inCounts, .isInPlace = out == MPI_IN_PLACE)
}

int cmpi_ialltoallv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype inType, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  WITH_SIDES(outCounts, outOffsets, inCounts, inOffsets,
             WITH_COUNT(MPI_Ialltoallv)(out, from.counts, from.offsets, outType.raw, in, to.counts, to.offsets,
                                        inType.raw, comm.raw, &request->raw),
             ALL_TO_ALL_BLOCKS, VALUES(0, inType), .outCounts = outCounts, .inCounts = inCounts,
             .isInPlace = out == MPI_IN_PLACE)
}

int cmpi_ireduce_scatter_slow(
  const void *out, void *in, const int64_t *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  if (isUnsound(op) || isBeyondPlaces(counts, comm)) return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_SIDES(counts, NULL, NULL, NULL,
             WITH_COUNT(MPI_Ireduce_scatter)(out, in, from.counts, type.raw, CMPI_SOUND_OP(op, type), comm.raw,
                                             &request->raw),
             REDUCE_SCATTER_BLOCKS, VALUES(0, type), REDUCED, .inCounts = counts)
}

// MARK: One datatype per rank

int cmpi_ialltoallw(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  WITH_LAYOUTS(MPI_Ialltoallw(out, from.counts, from.places, from.types, in, to.counts, to.places, to.types, comm.raw,
                              &request->raw),
               ALL_TO_ALL_LAYOUTS)
}

