#include "making.h"

/// What is made, and will be started: the agreement is on each start.
#define BITS (CMPI_STARTED | CMPI_PERSISTENT)

int cmpi_barrier_init(CMPI_Comm comm, CMPI_Request *request) {
  CMPI_ENTER();
  NOTED(BARRIER, .hasRoot = false)
  return MAKE_PLAIN(Barrier, comm.raw);
}

// MARK: One count

int cmpi_bcast_init(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  CMPI_ENTER();
  NOTED(BROADCAST, ROOTED, VALUES(count, type))
  Kept *mine = IS_UNSUPPORTED(count) ? keep(sizeof(MPI_Datatype)) : NULL;
  Count some;
  MPI_Datatype whole;
  int code = mine || !IS_UNSUPPORTED(count) ? keepBlock(count, type, mine, &some, &whole) : MPI_ERR_NO_MEM;
  if (code == MPI_SUCCESS) code = MAKE(Bcast, data, some, whole, root, comm.raw);
  return hand(code, mine, kept);
}

int cmpi_gather_init(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(MAKE(Gather, out, ours, ourType, in, theirs, theirType, root, comm.raw), GATHER, ROOTED,
              VALUES(out == MPI_IN_PLACE ? inCount : outCount, outType))
}

int cmpi_scatter_init(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(MAKE(Scatter, out, ours, ourType, in, theirs, theirType, root, comm.raw), SCATTER, ROOTED,
              VALUES(in == MPI_IN_PLACE ? outCount : inCount, inType))
}

int cmpi_allgather_init(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(MAKE(Allgather, out, ours, ourType, in, theirs, theirType, comm.raw), ALL_GATHER,
              VALUES(inCount, inType))
}

int cmpi_alltoall_init(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(MAKE(Alltoall, out, ours, ourType, in, theirs, theirType, comm.raw), ALL_TO_ALL,
              VALUES(inCount, inType))
}

// MARK: Reductions

int cmpi_reduce_init(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  // In place at another root than 0 is broken on some; a copy would not be made anew at each start.
  if (CMPI_REDUCE_IN_PLACE_IS_BROKEN && out == MPI_IN_PLACE && root != 0) return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_REDUCTION(count,
                 MAKE(Reduce, out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), root, comm.raw),
                 REDUCE, ROOTED)
}

int cmpi_allreduce_init(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  WITH_REDUCTION(count,
                 MAKE(Allreduce, out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
                 ALL_REDUCE, .hasRoot = false)
}

int cmpi_scan_init(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  WITH_REDUCTION(count,
                 MAKE(Scan, out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
                 SCAN, .hasRoot = false)
}

int cmpi_exscan_init(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  WITH_REDUCTION(count,
                 MAKE(Exscan, out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
                 EXCLUSIVE_SCAN, .hasRoot = false)
}

int cmpi_reduce_scatter_block_init(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  CMPI_ENTER();
  int size, failed = MPI_Comm_size(comm.raw, &size);
  if (failed != MPI_SUCCESS) return failed;
  WITH_REDUCTION(count * size,
                 MAKE(Reduce_scatter_block, out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
                 REDUCE_SCATTER, .hasRoot = false)
}

// MARK: A count for each rank

int cmpi_gatherv_init(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, int root, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  if (IS_UNSUPPORTED(outCount)) return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_SIDES(NULL, NULL, inCounts, inOffsets,
             MAKE(Gatherv, out, (Count)outCount, outType.raw, in, to.counts, to.offsets, inType.raw, root, comm.raw),
             GATHER_BLOCKS, ROOTED, VALUES(outCount, outType), .inCounts = inCounts,
             .isInPlace = out == MPI_IN_PLACE)
}

int cmpi_scatterv_init(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  int64_t inCount, CMPI_Datatype inType, int root, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  if (IS_UNSUPPORTED(inCount)) return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_SIDES(outCounts, outOffsets, NULL, NULL,
             MAKE(Scatterv, out, from.counts, from.offsets, outType.raw, in, (Count)inCount, inType.raw, root,
                  comm.raw),
             SCATTER_BLOCKS, ROOTED, VALUES(inCount, inType), .outCounts = outCounts,
             .isInPlace = in == MPI_IN_PLACE)
}

int cmpi_allgatherv_init(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  CMPI_ENTER();
  if (isBeyond(inCounts, comm)) {
    WITH_BLOCKS_TO_ALL(
      MAKE_PLAIN(Alltoallw, out, from.counts, from.places, from.types, in, to.counts, to.places, to.types, comm.raw))
  }
  WITH_SIDES(NULL, NULL, inCounts, inOffsets,
             MAKE(Allgatherv, out, (Count)outCount, outType.raw, in, to.counts, to.offsets, inType.raw, comm.raw),
             ALL_GATHER_BLOCKS, VALUES(outCount, inType), .inCounts = inCounts, .isInPlace = out == MPI_IN_PLACE)
}

int cmpi_alltoallv_init(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype inType, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  WITH_SIDES(outCounts, outOffsets, inCounts, inOffsets,
             MAKE(Alltoallv, out, from.counts, from.offsets, outType.raw, in, to.counts, to.offsets, inType.raw,
                  comm.raw),
             ALL_TO_ALL_BLOCKS, VALUES(0, inType), .outCounts = outCounts, .inCounts = inCounts,
             .isInPlace = out == MPI_IN_PLACE)
}

int cmpi_reduce_scatter_init(
  const void *out, void *in, const int64_t *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  WITH_SIDES(counts, NULL, NULL, NULL,
             MAKE(Reduce_scatter, out, in, from.counts, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
             REDUCE_SCATTER_BLOCKS, VALUES(0, type), REDUCED, .inCounts = counts)
}

// MARK: One datatype per rank

int cmpi_alltoallw_init(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  WITH_LAYOUTS(MAKE_PLAIN(Alltoallw, out, from.counts, from.places, from.types, in, to.counts, to.places, to.types, comm.raw),
               ALL_TO_ALL_LAYOUTS)
}
