#include "CMPI.h"

#include <stdlib.h>
#include <string.h>

#if CMPI_HAS_LARGE_COUNT
typedef MPI_Count Count;
typedef MPI_Aint Offset;
#define WITH_COUNT(procedure) procedure##_c
#else
typedef int Count;
typedef int Offset;
#define WITH_COUNT(procedure) procedure
#endif

/// Whether MPI cannot be told a number: never true where there are large-count procedures.
#define IS_UNSUPPORTED(number) (!CMPI_HAS_LARGE_COUNT && CMPI_IS_LARGE(number))

// MARK: What must outlive the call

/// Datatypes and memory that a collective uses until it is complete.
typedef struct {
  int typeCount;
  MPI_Datatype *types;
  char memory[] __attribute__((aligned(16)));
} Kept;

static Kept *keep(size_t bytes) {
  Kept *kept = malloc(sizeof(Kept) + bytes);
  if (kept) kept->typeCount = 0, kept->types = NULL;
  return kept;
}

void cmpi_kept_release(void *kept) {
  Kept *all = kept;
  if (!all) return;
  for (int i = 0; i < all->typeCount; i++) cmpi_type_release((CMPI_Datatype){all->types[i]});
  free(all);
}

/// The end of a start: what it kept is given away, or released when nothing was started.
static int hand(int code, Kept *mine, void **kept) {
  if (code == MPI_SUCCESS) *kept = mine;
  else cmpi_kept_release(mine);
  return code;
}

/// What is started, for the board and the agreement.
#define STARTED(name, ...)                                                                                      \
  CMPI_START(request, .operation = CMPI_OPERATION_##name | CMPI_STARTED, .comm = comm, __VA_ARGS__)
#define ROOTED .hasRoot = true, .root = root
#define VALUES(number, element) .hasType = true, .count = number, .type = element
#define REDUCED .hasOp = true, .op = op, .isInPlace = out == MPI_IN_PLACE

// MARK: One count

int cmpi_ibarrier(CMPI_Comm comm, CMPI_Request *request) {
  CMPI_ENTER();
  STARTED(BARRIER, .hasRoot = false)
  return MPI_Ibarrier(comm.raw, &request->raw);
}

/// A block that MPI cannot count becomes one value of a datatype, which is kept.
static int block(int64_t count, CMPI_Datatype type, Kept *kept, Count *blockCount, MPI_Datatype *blockType) {
  *blockCount = (Count)count, *blockType = type.raw;
  if (!IS_UNSUPPORTED(count)) return MPI_SUCCESS;
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  kept->types = (MPI_Datatype *)kept->memory;
  kept->types[kept->typeCount++] = whole.raw;
  *blockCount = 1, *blockType = whole.raw;
  return MPI_SUCCESS;
}

int cmpi_ibcast(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  CMPI_ENTER();
  STARTED(BROADCAST, ROOTED, VALUES(count, type))
  if (!IS_UNSUPPORTED(count))
    return WITH_COUNT(MPI_Ibcast)(data, (Count)count, type.raw, root, comm.raw, &request->raw);
  Kept *mine = keep(sizeof(MPI_Datatype));
  Count one;
  MPI_Datatype whole;
  int code = mine ? block(count, type, mine, &one, &whole) : MPI_ERR_NO_MEM;
  if (code == MPI_SUCCESS) code = WITH_COUNT(MPI_Ibcast)(data, one, whole, root, comm.raw, &request->raw);
  return hand(code, mine, kept);
}

/// A collective with one block for each rank on both sides; nothing is kept when both counts fit.
#define WITH_BLOCKS(call, name, ...)                                                         \
  CMPI_ENTER();                                                                              \
  STARTED(name, .isInPlace = out == MPI_IN_PLACE || in == MPI_IN_PLACE, __VA_ARGS__)         \
  bool isPlain = !IS_UNSUPPORTED(outCount) && !IS_UNSUPPORTED(inCount);                      \
  Kept *mine = isPlain ? NULL : keep(2 * sizeof(MPI_Datatype));                              \
  Count ours, theirs;                                                                        \
  MPI_Datatype ourType, theirType;                                                           \
  int code = isPlain || mine ? block(outCount, outType, mine, &ours, &ourType) : MPI_ERR_NO_MEM; \
  if (code == MPI_SUCCESS) code = block(inCount, inType, mine, &theirs, &theirType);         \
  if (code == MPI_SUCCESS) code = call;                                                      \
  return hand(code, mine, kept);

int cmpi_igather(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(
    WITH_COUNT(MPI_Igather)(out, ours, ourType, in, theirs, theirType, root, comm.raw, &request->raw),
    GATHER, ROOTED, VALUES(out == MPI_IN_PLACE ? inCount : outCount, outType))
}

int cmpi_iscatter(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(
    WITH_COUNT(MPI_Iscatter)(out, ours, ourType, in, theirs, theirType, root, comm.raw, &request->raw),
    SCATTER, ROOTED, VALUES(in == MPI_IN_PLACE ? outCount : inCount, inType))
}

int cmpi_iallgather(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(WITH_COUNT(MPI_Iallgather)(out, ours, ourType, in, theirs, theirType, comm.raw, &request->raw),
              ALL_GATHER, VALUES(inCount, inType))
}

int cmpi_ialltoall(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept) {
  WITH_BLOCKS(WITH_COUNT(MPI_Ialltoall)(out, ours, ourType, in, theirs, theirType, comm.raw, &request->raw),
              ALL_TO_ALL, VALUES(inCount, inType))
}

// MARK: Reductions, which no datatype makes small

#define START_REDUCTION(name, call)                                \
  (void)kept;                                                      \
  CMPI_ENTER();                                                    \
  if (IS_UNSUPPORTED(count)) return MPI_ERR_UNSUPPORTED_OPERATION; \
  STARTED(name, VALUES(count, type), REDUCED)                      \
  return call;

int cmpi_ireduce(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  CMPI_ENTER();
  if (IS_UNSUPPORTED(count)) return MPI_ERR_UNSUPPORTED_OPERATION;
  STARTED(REDUCE, ROOTED, VALUES(count, type), REDUCED)
  Kept *mine = NULL;
  if (CMPI_REDUCE_IN_PLACE_IS_BROKEN && out == MPI_IN_PLACE && root != 0 && count >= 0) {
    int64_t extent;
    int code = cmpi_type_extent(type, &extent);
    if (code != MPI_SUCCESS) return code;
    if (!(mine = keep(count * extent))) return MPI_ERR_NO_MEM;
    if (count > 0) memcpy(mine->memory, in, count * extent);
    out = mine->memory;
  }
  int code = WITH_COUNT(MPI_Ireduce)(out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), root, comm.raw,
                                     &request->raw);
  return hand(code, mine, kept);
}

int cmpi_iallreduce(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  START_REDUCTION(ALL_REDUCE,
                  WITH_COUNT(MPI_Iallreduce)(out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw,
                                             &request->raw))
}

int cmpi_iscan(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  START_REDUCTION(SCAN,
                  WITH_COUNT(MPI_Iscan)(out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw,
                                        &request->raw))
}

int cmpi_iexscan(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  START_REDUCTION(EXCLUSIVE_SCAN,
                  WITH_COUNT(MPI_Iexscan)(out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw,
                                          &request->raw))
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

int cmpi_ireduce_scatter_block(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  (void)kept;
  CMPI_ENTER();
  int size, code = MPI_Comm_size(comm.raw, &size);
  if (code != MPI_SUCCESS) return code;
  if (IS_UNSUPPORTED(count) || (!CMPI_HAS_LARGE_COUNT && count > INT_MAX / size) || isUnsound(op))
    return MPI_ERR_UNSUPPORTED_OPERATION;
  STARTED(REDUCE_SCATTER, VALUES(count, type), REDUCED)
  return WITH_COUNT(MPI_Ireduce_scatter_block)(out, in, (Count)count, type.raw, CMPI_SOUND_OP(op, type), comm.raw,
                                               &request->raw);
}

// MARK: A count for each rank

/// The arrays of one side, as MPI reads them; null stays null.
typedef struct {
  Count *counts;
  Offset *offsets;
} Side;

static size_t sideBytes(int size) { return ((sizeof(Count) + sizeof(Offset)) * size + 15) / 16 * 16; }

static int fill(Side *side, char *memory, int size, const int64_t *counts, const int64_t *offsets) {
  *side = (Side){NULL, NULL};
  if (!counts) return MPI_SUCCESS;
  side->counts = (Count *)memory, side->offsets = (Offset *)(side->counts + size);
  for (int rank = 0; rank < size; rank++) {
    if (counts[rank] < 0) return MPI_ERR_COUNT;
    // The offset of a block of nothing is not looked at.
    int64_t offset = offsets && counts[rank] > 0 ? offsets[rank] : 0;
    if (IS_UNSUPPORTED(counts[rank]) || (!CMPI_HAS_LARGE_COUNT && (offset < INT_MIN || offset > INT_MAX)))
      return MPI_ERR_UNSUPPORTED_OPERATION;
    side->counts[rank] = (Count)counts[rank], side->offsets[rank] = (Offset)offset;
  }
  return MPI_SUCCESS;
}

/// A vector collective: `outCounts`, `inCounts` null for a side that has no arrays.
#define WITH_SIDES(outCounts, outOffsets, inCounts, inOffsets, call, name, ...)                \
  CMPI_ENTER();                                                                               \
  STARTED(name, __VA_ARGS__)                                                                  \
  int size, code = MPI_Comm_size(comm.raw, &size);                                            \
  if (code != MPI_SUCCESS) return code;                                                       \
  Side from, to;                                                                              \
  Kept *mine = keep(2 * sideBytes(size));                                                     \
  if (!mine) return MPI_ERR_NO_MEM;                                                           \
  code = fill(&from, mine->memory, size, outCounts, outOffsets);                              \
  if (code == MPI_SUCCESS) code = fill(&to, mine->memory + sideBytes(size), size, inCounts, inOffsets); \
  if (code == MPI_SUCCESS) code = call;                                                       \
  return hand(code, mine, kept);

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
  if (IS_UNSUPPORTED(outCount)) return MPI_ERR_UNSUPPORTED_OPERATION;
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

int cmpi_ireduce_scatter(
  const void *out, void *in, const int64_t *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  if (isUnsound(op)) return MPI_ERR_UNSUPPORTED_OPERATION;
  WITH_SIDES(counts, NULL, NULL, NULL,
             WITH_COUNT(MPI_Ireduce_scatter)(out, in, from.counts, type.raw, CMPI_SOUND_OP(op, type), comm.raw,
                                             &request->raw),
             REDUCE_SCATTER_BLOCKS, VALUES(0, type), REDUCED, .inCounts = counts)
}

// MARK: One datatype per rank

/// One value for each rank of a datatype that holds count and displacement: fits an `int` on every MPI.
static int fillTypes(
  Kept *kept, MPI_Datatype *types, int *counts, int size, const int64_t *given, const int64_t *offsets,
  const CMPI_Datatype *givenTypes) {
  for (int rank = 0; rank < size; rank++) {
    CMPI_Datatype contiguous;
    int one = 1, code = cmpi_type_contiguous(given[rank], givenTypes[rank], &contiguous);
    if (code != MPI_SUCCESS) return code;
    MPI_Aint offset = offsets[rank];
    code = MPI_Type_create_hindexed(1, &one, &offset, contiguous.raw, &types[rank]);
    MPI_Type_free(&contiguous.raw);
    if (code != MPI_SUCCESS) return code;
    kept->typeCount++;
    counts[rank] = given[rank] > 0;
    if ((code = MPI_Type_commit(&types[rank])) != MPI_SUCCESS) return code;
  }
  return MPI_SUCCESS;
}

int cmpi_ialltoallw(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  CMPI_ENTER();
  STARTED(ALL_TO_ALL_LAYOUTS, .outCounts = outCounts, .inCounts = inCounts, .outTypes = outTypes, .inTypes = inTypes)
  int size, code = MPI_Comm_size(comm.raw, &size);
  if (code != MPI_SUCCESS) return code;
  Kept *mine = keep(size * (2 * sizeof(MPI_Datatype) + 3 * sizeof(int)));
  if (!mine) return MPI_ERR_NO_MEM;
  mine->types = (MPI_Datatype *)mine->memory;
  MPI_Datatype *from = mine->types, *to = from + size;
  int *fromCounts = (int *)(to + size), *toCounts = fromCounts + size, *zeros = toCounts + size;
  memset(zeros, 0, size * sizeof(int));
  code = fillTypes(mine, from, fromCounts, size, outCounts, outOffsets, outTypes);
  if (code == MPI_SUCCESS) code = fillTypes(mine, to, toCounts, size, inCounts, inOffsets, inTypes);
  if (code == MPI_SUCCESS)
    code = MPI_Ialltoallw(out, fromCounts, zeros, from, in, toCounts, zeros, to, comm.raw, &request->raw);
  return hand(code, mine, kept);
}
