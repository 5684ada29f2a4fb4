// The collectives for counts that an `int` cannot say.
//
// Where every rank knows the same count, all take the same other way: pieces (broadcast, reductions) or one value of a
// datatype that holds the whole block (gather, scatter, allGather, allToAll).
#include "CMPI.h"

#include <stdlib.h>
#include <string.h>

/// Values that go in one piece.
static const int64_t piece = 1 << 30;

static const void *advanced(const void *data, int64_t count, int64_t extent) {
  return data == MPI_IN_PLACE || !data ? data : (const char *)data + count * extent;
}

int cmpi_barrier_slow(CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_BARRIER, .comm = comm)
  return MPI_Barrier(comm.raw);
}

// MARK: Pieces

#if CMPI_HAS_INNER_INTS
static int waited(CMPI_Started started) {
  if (started.code == MPI_SUCCESS) started.code = MPI_Wait(&started.request.raw, MPI_STATUS_IGNORE);
  cmpi_kept_release(started.kept);
  return started.code;
}
#endif

int cmpi_bcast_slow(void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_BROADCAST, .comm = comm, .hasRoot = true, .root = root, .hasType = true,
            .count = count, .type = type)
  int64_t extent, size = 1;
  int code;
#if CMPI_HAS_INNER_INTS
  bool isLong;
  if ((code = cmpi_is_long(count, type, &isLong)) != MPI_SUCCESS) return code;
  if (!isLong) return MPI_Bcast_c(data, count, type.raw, root, comm.raw);
  if ((code = cmpi_type_size(type, &size)) != MPI_SUCCESS) return code;
  if (size > INT_MAX) return waited(cmpi_ibcast(data, count, type, root, comm));
#else
  if (!CMPI_IS_LARGE(count)) return MPI_Bcast(data, (int)count, type.raw, root, comm.raw);
#if CMPI_HAS_LARGE_COUNT
  return MPI_Bcast_c(data, count, type.raw, root, comm.raw);
#endif
#endif
  if (count < 0) return MPI_ERR_COUNT;
  code = cmpi_type_extent(type, &extent);
  int64_t step = size > piece ? 1 : piece / size;
  for (int64_t done = 0; done < count && code == MPI_SUCCESS; done += step) {
    int64_t now = count - done < step ? count - done : step;
    code = MPI_Bcast((char *)data + done * extent, (int)now, type.raw, root, comm.raw);
  }
  return code;
}

#define IN_PIECES(name, all, call, ...)                                                      \
  CMPI_BEGIN_SLOW(count, all, .operation = CMPI_OPERATION_##name, .comm = comm, .hasType = true, .count = count, \
                  .type = type, .hasOp = true, .op = op, .isInPlace = out == MPI_IN_PLACE, __VA_ARGS__);         \
  if (count < 0) return MPI_ERR_COUNT;                                                       \
  int64_t extent;                                                                            \
  int code = cmpi_type_extent(type, &extent);                                                \
  for (int64_t done = 0; done < count && code == MPI_SUCCESS; done += piece) {               \
    int64_t now = count - done < piece ? count - done : piece;                               \
    const void *from = advanced(out, done, extent);                                          \
    void *to = (void *)advanced(in, done, extent);                                           \
    code = call;                                                                             \
  }                                                                                          \
  return code;

int cmpi_reduce_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm) {
  IN_PIECES(
    REDUCE, MPI_Reduce(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), root, comm.raw),
    MPI_Reduce(from, to, (int)now, type.raw, CMPI_SOUND_OP(op, type), root, comm.raw), .hasRoot = true, .root = root)
}

int cmpi_allreduce_slow(const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  IN_PIECES(
    ALL_REDUCE, MPI_Allreduce(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
    MPI_Allreduce(from, to, (int)now, type.raw, CMPI_SOUND_OP(op, type), comm.raw), .hasRoot = false)
}

int cmpi_scan_slow(const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  IN_PIECES(
    SCAN, MPI_Scan(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
    MPI_Scan(from, to, (int)now, type.raw, CMPI_SOUND_OP(op, type), comm.raw), .hasRoot = false)
}

int cmpi_exscan_slow(const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  IN_PIECES(
    EXCLUSIVE_SCAN, MPI_Exscan(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
    MPI_Exscan(from, to, (int)now, type.raw, CMPI_SOUND_OP(op, type), comm.raw), .hasRoot = false)
}

int cmpi_reduce_in_place(void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_REDUCE, .comm = comm, .hasRoot = true, .root = root, .hasType = true,
            .count = count, .type = type, .hasOp = true, .op = op, .isInPlace = true)
  if (count < 0) return MPI_ERR_COUNT;
  int64_t extent;
  int code = cmpi_type_extent(type, &extent);
  if (code != MPI_SUCCESS) return code;
  void *copy = malloc(count * extent + 1);
  if (!copy) return MPI_ERR_NO_MEM;
  if (count > 0) memcpy(copy, data, count * extent);
  code = cmpi_reduce(copy, data, count, type, op, root, comm);
  free(copy);
  return code;
}

// MARK: Whole blocks as one value

/// A datatype of `count` values, or none for 0.
static int whole(int64_t count, CMPI_Datatype type, CMPI_Datatype *made) {
  return cmpi_type_contiguous(count, type, made);
}

/// `out` and `in` are MPI's buffers; the count that all ranks share is that of the side which every rank has.
#define BLOCKS(name, direct, small, call, ...)                                               \
  CMPI_ENTER();                                                                              \
  CMPI_CALL(.operation = CMPI_OPERATION_##name, .comm = comm, .hasType = true,               \
            .isInPlace = out == MPI_IN_PLACE || in == MPI_IN_PLACE, __VA_ARGS__)             \
  direct                                                                                     \
  if (!CMPI_IS_LARGE(outCount) && !CMPI_IS_LARGE(inCount)) return small;                     \
  AS_WHOLE_BLOCKS(call)

#define AS_WHOLE_BLOCKS(call)                                                                \
  CMPI_Datatype outBlock, inBlock;                                                           \
  int code = whole(outCount, outType, &outBlock);                                            \
  if (code != MPI_SUCCESS) return code;                                                      \
  if ((code = whole(inCount, inType, &inBlock)) == MPI_SUCCESS) {                            \
    code = call;                                                                             \
    MPI_Type_free(&inBlock.raw);                                                             \
  }                                                                                          \
  MPI_Type_free(&outBlock.raw);                                                              \
  return code;

int cmpi_gather_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm) {
  BLOCKS(GATHER,
         if (CMPI_GOES_DIRECT(outType) || CMPI_HAS_INNER_INTS)
           return cmpi_gather_direct(out, outCount, outType, in, inCount, inType, root, comm);,
         MPI_Gather(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw),
         MPI_Gather(out, 1, outBlock.raw, in, 1, inBlock.raw, root, comm.raw), .hasRoot = true, .root = root,
         .count = out == MPI_IN_PLACE ? inCount : outCount, .type = out == MPI_IN_PLACE ? inType : outType)
}

int cmpi_scatter_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm) {
  BLOCKS(SCATTER,
         if (CMPI_GOES_DIRECT(outType) || CMPI_HAS_INNER_INTS)
           return cmpi_scatter_direct(out, outCount, outType, in, inCount, inType, root, comm);,
         MPI_Scatter(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw),
         MPI_Scatter(out, 1, outBlock.raw, in, 1, inBlock.raw, root, comm.raw), .hasRoot = true, .root = root,
         .count = in == MPI_IN_PLACE ? outCount : inCount, .type = in == MPI_IN_PLACE ? outType : inType)
}

int cmpi_allgather_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm) {
  BLOCKS(ALL_GATHER, , MPI_Allgather(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, comm.raw),
         MPI_Allgather(out, 1, outBlock.raw, in, 1, inBlock.raw, comm.raw), .count = inCount, .type = inType)
}

int cmpi_alltoall_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm) {
  BLOCKS(ALL_TO_ALL, , MPI_Alltoall(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, comm.raw),
         MPI_Alltoall(out, 1, outBlock.raw, in, 1, inBlock.raw, comm.raw), .count = inCount, .type = inType)
}

// MARK: Blocks between the root and each rank

int cmpi_is_long(int64_t count, CMPI_Datatype type, bool *answer) {
  int64_t size;
  int code = cmpi_type_size(type, &size);
  if (code == MPI_SUCCESS) *answer = size > 0 && count > INT_MAX / size;
  return code;
}

int cmpi_direct_blocks(
  int64_t outCount, CMPI_Datatype outType, int64_t inCount, CMPI_Datatype inType, int64_t count, CMPI_Comm comm,
  int *size, int64_t **blocks) {
  int64_t out, in;
  int code = MPI_Comm_size(comm.raw, size);
  if (code == MPI_SUCCESS) code = cmpi_type_size(outType, &out);
  if (code == MPI_SUCCESS) code = cmpi_type_size(inType, &in);
  if (code != MPI_SUCCESS) return code;
  // At a root in place one of the counts is 0, elsewhere that of the buffer that is not there. All ranks have the same
  // bytes in a block, and decide alike.
  out *= outCount, in *= inCount;
  *blocks = NULL;
  if ((out > in ? out : in) <= (CMPI_IS_DERIVED(outType) ? 4096 : INT_MAX) / *size) return MPI_SUCCESS;
  *blocks = malloc(sizeof(int64_t) * 2 * *size);
  if (!*blocks) return MPI_ERR_NO_MEM;
  for (int rank = 0; rank < *size; rank++) (*blocks)[rank] = count, (*blocks)[*size + rank] = rank * count;
  return MPI_SUCCESS;
}

#define DIRECT(count, brief, direct)                                                                    \
  int size;                                                                                             \
  int64_t *blocks;                                                                                      \
  int code = cmpi_direct_blocks(outCount, outType, inCount, inType, count, comm, &size, &blocks);       \
  if (code != MPI_SUCCESS) return code;                                                                 \
  if (!blocks) return brief;                                                                            \
  code = direct;                                                                                        \
  free(blocks);                                                                              \
  return code;

int cmpi_gather_direct(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm) {
  DIRECT(inCount, MPI_Gather(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw),
         cmpi_gatherv(out, outCount, outType, in, blocks, blocks + size, inType, root, comm))
}

int cmpi_scatter_direct(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm) {
  DIRECT(outCount, MPI_Scatter(out, (int)outCount, outType.raw, in, (int)inCount, inType.raw, root, comm.raw),
         cmpi_scatterv(out, blocks, blocks + size, outType, in, inCount, inType, root, comm))
}

// MARK: Reduce-scatter

/// One reduction for each rank's block: for totals above an int.
static int reduceBlocks(
  const void *out, void *in, const int64_t *counts, int64_t same, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  int64_t extent;
  int rank, size, code;
  if ((code = cmpi_type_extent(type, &extent)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_rank(comm.raw, &rank)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_size(comm.raw, &size)) != MPI_SUCCESS) return code;
  const char *data = out == MPI_IN_PLACE ? in : out;
  int64_t mine = counts ? counts[rank] : same, offset = 0;
  // The result may lie on top of the input: keep it aside until every block was sent.
  char *result = malloc(mine * extent + 1);
  if (!result) return MPI_ERR_NO_MEM;
  for (int root = 0; root < size && code == MPI_SUCCESS; root++) {
    int64_t count = counts ? counts[root] : same;
    code = cmpi_reduce(data + offset * extent, root == rank ? result : NULL, count, type, op, root, comm);
    offset += count;
  }
  if (code == MPI_SUCCESS && mine > 0) memcpy(in, result, mine * extent);
  free(result);
  return code;
}

/// Whether MPI's own reduce-scatter must not be used: MPICH's (4.0.2 and 5.0.2), for operations that do not commute, takes
/// the true extent of values that end with padding for their extent, and writes wrong values and past its buffers.
static bool mustReduceBlocks(CMPI_Op op) {
#ifdef MPICH_NUMVERSION
  int commutes = 1;
  return MPI_Op_commutative(op.raw, &commutes) == MPI_SUCCESS && !commutes;
#else
  (void)op;
  return false;
#endif
}

int cmpi_reduce_scatter_block_slow(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_REDUCE_SCATTER, .comm = comm, .hasType = true, .count = count, .type = type,
            .hasOp = true, .op = op, .isInPlace = out == MPI_IN_PLACE)
  int size, code = MPI_Comm_size(comm.raw, &size);
  if (code != MPI_SUCCESS) return code;
  if (count < 0) return MPI_ERR_COUNT;
  if (count > INT_MAX / size || mustReduceBlocks(op)) return reduceBlocks(out, in, NULL, count, type, op, comm);
  return MPI_Reduce_scatter_block(out, in, (int)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw);
}

int cmpi_reduce_scatter(
  const void *out, void *in, const int64_t *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_REDUCE_SCATTER_BLOCKS, .comm = comm, .hasType = true, .type = type,
            .hasOp = true, .op = op, .inCounts = counts, .isInPlace = out == MPI_IN_PLACE)
  int size, code = MPI_Comm_size(comm.raw, &size);
  if (code != MPI_SUCCESS) return code;
  int64_t total = 0;
  int few[64], *small = size <= 64 ? few : malloc(sizeof(int) * size);
  if (!small) return MPI_ERR_NO_MEM;
  for (int rank = 0; rank < size && total <= INT_MAX; rank++) {
    if (counts[rank] < 0) {
      if (small != few) free(small);
      return MPI_ERR_COUNT;
    }
    total += counts[rank];
    small[rank] = (int)counts[rank];
  }
  code = total > INT_MAX || mustReduceBlocks(op)
           ? reduceBlocks(out, in, counts, 0, type, op, comm)
           : MPI_Reduce_scatter(out, in, small, type.raw, CMPI_SOUND_OP(op, type), comm.raw);
  if (small != few) free(small);
  return code;
}
