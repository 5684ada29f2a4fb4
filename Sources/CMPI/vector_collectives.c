// The vector collectives with 64-bit counts and displacements.
//
// Where MPI has large-count procedures they take the arrays as they are. Where it does not, a block of more than
// INT_MAX / size values travels as a message of its own with the tag above the user's largest: both its sender and its
// receiver know the block's count and the communicator's size, and so agree without asking. All other blocks together
// fit an int and go through the classic procedure, packed together first if their displacements do not fit.
#include "CMPI.h"

#include "waits.h"

#include <stdlib.h>
#include <string.h>

/// An allgatherv as one broadcast from each rank, for counts that MPI's own cannot take. All ranks know all counts, and so
/// agree on the way.
static int broadcastBlocks(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm) {
  int size, rank, code;
  int64_t extent;
  if ((code = MPI_Comm_size(comm.raw, &size)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_rank(comm.raw, &rank)) != MPI_SUCCESS) return code;
  if ((code = cmpi_type_extent(inType, &extent)) != MPI_SUCCESS) return code;
  if (inCounts[rank] > 0) {
    CMPI_Status status;
    code = cmpi_sendrecv(out, outCount, outType, 0, 0, (char *)in + inOffsets[rank] * extent, inCounts[rank], inType, 0,
                         0, (CMPI_Comm){MPI_COMM_SELF}, &status);
  }
  for (int root = 0; root < size && code == MPI_SUCCESS; root++)
    code = cmpi_bcast((char *)in + inOffsets[root] * extent, inCounts[root], inType, root, comm);
  return code;
}

#if CMPI_HAS_LARGE_COUNT

_Static_assert(sizeof(MPI_Count) == 8 && sizeof(MPI_Aint) == 8, "counts and displacements are passed as they are");

static int gatherBlocks(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, int root, CMPI_Comm comm) {
  return MPI_Gatherv_c(out, outCount, outType.raw, in, (const MPI_Count *)inCounts, (const MPI_Aint *)inOffsets,
                       inType.raw, root, comm.raw);
}

static int scatterBlocks(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  int64_t inCount, CMPI_Datatype inType, int root, CMPI_Comm comm) {
  return MPI_Scatterv_c(out, (const MPI_Count *)outCounts, (const MPI_Aint *)outOffsets, outType.raw, in, inCount,
                        inType.raw, root, comm.raw);
}

static int allGatherBlocks(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm) {
#if CMPI_HAS_INNER_INTS
  // The ring algorithm of MPICH 4.0 keeps its place inside a block in an int, and does not end when the block is longer.
  // It adds the counts up in another one, and does nothing when they are 2^32.
  int size, code = MPI_Comm_size(comm.raw, &size);
  if (code != MPI_SUCCESS) return code;
  int64_t total = 0;
  for (int rank = 0; rank < size; rank++) total += inCounts[rank];
  if (total > INT_MAX) return broadcastBlocks(out, outCount, outType, in, inCounts, inOffsets, inType, comm);
#endif
  return MPI_Allgatherv_c(out, outCount, outType.raw, in, (const MPI_Count *)inCounts, (const MPI_Aint *)inOffsets,
                          inType.raw, comm.raw);
}

static int allToAllBlocks(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype inType, CMPI_Comm comm) {
  return MPI_Alltoallv_c(out, (const MPI_Count *)outCounts, (const MPI_Aint *)outOffsets, outType.raw, in,
                         (const MPI_Count *)inCounts, (const MPI_Aint *)inOffsets, inType.raw, comm.raw);
}

#else

// MARK: One side of a vector collective

/// Up to so many ranks nothing is allocated.
enum { FEW = 32 };

/// What one rank sends to, or receives from, each of the others.
typedef struct {
  int size;
  int64_t extent, limit;
  const int64_t *counts, *offsets;
  CMPI_Datatype type;
  char *data;
  /// Counts and displacements of the blocks that go through the classic procedure.
  int *smallCounts, *smallOffsets;
  /// The buffer that they count from: `data`, or a packed copy.
  char *base, *copy;
  bool hasLarge;
  int few[2 * FEW];
} Side;

#define NO_SIDE(side) (side.size = 0, side.smallCounts = NULL, side.copy = NULL)

/// Sorts the blocks; `counts` null: a side that has none.
static int open(Side *side, const void *data, const int64_t *counts, const int64_t *offsets, CMPI_Datatype type,
                CMPI_Comm comm) {
  memset(side, 0, offsetof(Side, few));
  int code = MPI_Comm_size(comm.raw, &side->size);
  if (code != MPI_SUCCESS || !counts) return code;
  if ((code = cmpi_type_extent(type, &side->extent)) != MPI_SUCCESS) return code;
  side->limit = INT_MAX / side->size;
  side->counts = counts, side->offsets = offsets, side->type = type;
  side->data = side->base = (char *)data;
  side->smallCounts = side->size <= FEW ? side->few : malloc(sizeof(int) * side->size * 2);
  if (!side->smallCounts) return MPI_ERR_NO_MEM;
  side->smallOffsets = side->smallCounts + side->size;
  bool fits = true;
  int64_t total = 0;
  for (int rank = 0; rank < side->size; rank++) {
    if (counts[rank] < 0) return MPI_ERR_COUNT;
    bool isLarge = counts[rank] > side->limit;
    side->hasLarge |= isLarge;
    side->smallCounts[rank] = isLarge ? 0 : (int)counts[rank];
    side->smallOffsets[rank] = side->smallCounts[rank] ? (int)offsets[rank] : 0;
    fits &= side->smallCounts[rank] == 0 || (offsets[rank] >= INT_MIN && offsets[rank] <= INT_MAX);
    total += side->smallCounts[rank];
  }
  if (fits) return MPI_SUCCESS;
  side->base = side->copy = malloc(total * side->extent + 1);
  if (!side->copy) return MPI_ERR_NO_MEM;
  int64_t next = 0;
  for (int rank = 0; rank < side->size; rank++) side->smallOffsets[rank] = (int)next, next += side->smallCounts[rank];
  return MPI_SUCCESS;
}

/// Copies the small blocks between the user's buffer and the packed one, if there is one.
static void copyBlocks(Side *side, bool isPacking) {
  if (!side->copy) return;
  for (int rank = 0; rank < side->size; rank++) {
    char *packed = side->copy + side->smallOffsets[rank] * side->extent;
    char *block = side->data + side->offsets[rank] * side->extent;
    memcpy(isPacking ? packed : block, isPacking ? block : packed, side->smallCounts[rank] * side->extent);
  }
}

static void release(Side *side) {
  if (side->smallCounts != side->few) free(side->smallCounts);
  free(side->copy);
}

static bool isLarge(const Side *side, int rank) { return side->counts && side->counts[rank] > side->limit; }

/// Starts the messages that carry a side's large blocks; `requests` has room for one from or to each rank.
static int start(Side *side, bool isSending, int tag, CMPI_Comm comm, CMPI_Request *requests, int *started) {
  int code = MPI_SUCCESS;
  for (int rank = 0; rank < side->size && code == MPI_SUCCESS; rank++) {
    if (!isLarge(side, rank)) continue;
    CMPI_Datatype block;
    if ((code = cmpi_type_contiguous(side->counts[rank], side->type, &block)) != MPI_SUCCESS) break;
    char *data = side->data + side->offsets[rank] * side->extent;
    code = isSending ? MPI_Isend(data, 1, block.raw, rank, tag, comm.raw, &requests[*started].raw)
                     : MPI_Irecv(data, 1, block.raw, rank, tag, comm.raw, &requests[*started].raw);
    if (code == MPI_SUCCESS) ++*started;
    MPI_Type_free(&block.raw);
  }
  return code;
}

/// Carries the large blocks of both sides and waits for them.
static int exchangeLarge(Side *out, Side *in, CMPI_Comm comm) {
  if (!out->hasLarge && !in->hasLarge) return MPI_SUCCESS;
  int tag, started = 0, code = cmpi_tag_upper_bound(comm, &tag);
  if (code != MPI_SUCCESS) return code;
  const size_t most = (size_t)out->size + in->size + 1;
  CMPI_Status *statuses = malloc((sizeof(CMPI_Status) + sizeof(CMPI_Request) + sizeof(int)) * most);
  if (!statuses) return MPI_ERR_NO_MEM;
  CMPI_Request *requests = (CMPI_Request *)(statuses + most);
  int *codes = (int *)(requests + most);
  code = start(in, false, tag + 1, comm, requests, &started);
  if (code == MPI_SUCCESS) code = start(out, true, tag + 1, comm, requests, &started);
  // What was started before a failure is completed as well.
  bool hasCodes = cmpi_wait_for_all(started, requests, statuses, codes) != MPI_SUCCESS;
  for (int i = 0; hasCodes && i < started && code == MPI_SUCCESS; i++) code = codes[i];
  free(statuses);
  return code;
}

// MARK: The four collectives

static int allToAllBlocks(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype inType, CMPI_Comm comm) {
  Side from, to;
  NO_SIDE(to);
  int code = open(&from, out, outCounts, outOffsets, outType, comm);
  if (code == MPI_SUCCESS) code = open(&to, in, inCounts, inOffsets, inType, comm);
  if (code == MPI_SUCCESS) {
    copyBlocks(&from, true);
    code = MPI_Alltoallv(from.base, from.smallCounts, from.smallOffsets, outType.raw, to.base, to.smallCounts,
                         to.smallOffsets, inType.raw, comm.raw);
    if (code == MPI_SUCCESS) copyBlocks(&to, false);
    if (code == MPI_SUCCESS) code = exchangeLarge(&from, &to, comm);
  }
  release(&from), release(&to);
  return code;
}

/// A side that has a block for one rank only.
typedef struct {
  Side side;
  /// Counts, then offsets.
  int64_t *arrays, few[2 * FEW];
} SingleSide;

static int openSingle(SingleSide *single, const void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm) {
  NO_SIDE(single->side), single->arrays = NULL;
  int size, code = MPI_Comm_size(comm.raw, &size);
  if (code != MPI_SUCCESS) return code;
  if (root < 0 || root >= size) return MPI_ERR_ROOT;
  single->arrays = size <= FEW ? single->few : malloc(2 * size * sizeof(int64_t));
  if (!single->arrays) return MPI_ERR_NO_MEM;
  memset(single->arrays, 0, 2 * size * sizeof(int64_t));
  single->arrays[root] = count;
  return open(&single->side, data, single->arrays, single->arrays + size, type, comm);
}

static void releaseSingle(SingleSide *single) {
  release(&single->side);
  if (single->arrays != single->few) free(single->arrays);
}

static int gatherBlocks(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, int root, CMPI_Comm comm) {
  SingleSide from;
  Side to;
  NO_SIDE(to);
  int code = openSingle(&from, out, outCount, outType, root, comm);
  if (code == MPI_SUCCESS) code = open(&to, in, inCounts, inOffsets, inType, comm);
  if (code == MPI_SUCCESS) {
    code = MPI_Gatherv(from.side.base, from.side.smallCounts[root], outType.raw, to.base, to.smallCounts,
                       to.smallOffsets, inType.raw, root, comm.raw);
    if (code == MPI_SUCCESS) copyBlocks(&to, false);
    if (code == MPI_SUCCESS) code = exchangeLarge(&from.side, &to, comm);
  }
  releaseSingle(&from), release(&to);
  return code;
}

static int scatterBlocks(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  int64_t inCount, CMPI_Datatype inType, int root, CMPI_Comm comm) {
  Side from;
  SingleSide to;
  NO_SIDE(to.side), to.arrays = NULL;
  int code = open(&from, out, outCounts, outOffsets, outType, comm);
  if (code == MPI_SUCCESS) code = openSingle(&to, in, inCount, inType, root, comm);
  if (code == MPI_SUCCESS) {
    copyBlocks(&from, true);
    code = MPI_Scatterv(from.base, from.smallCounts, from.smallOffsets, outType.raw, to.side.base,
                        to.side.smallCounts[root], inType.raw, root, comm.raw);
    if (code == MPI_SUCCESS) code = exchangeLarge(&from, &to.side, comm);
  }
  release(&from), releaseSingle(&to);
  return code;
}

static int allGatherBlocks(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm) {
  int size, code = MPI_Comm_size(comm.raw, &size);
  if (code != MPI_SUCCESS) return code;
  int64_t total = 0;
  bool fits = true;
  int few[2 * FEW], *counts = size <= FEW ? few : malloc(sizeof(int) * size * 2), *offsets = counts + size;
  if (!counts) return MPI_ERR_NO_MEM;
  for (int i = 0; i < size && code == MPI_SUCCESS; i++) {
    if (inCounts[i] < 0) code = MPI_ERR_COUNT;
    total += inCounts[i];
    fits &= inOffsets[i] <= INT_MAX && inOffsets[i] >= INT_MIN;
    counts[i] = (int)inCounts[i], offsets[i] = (int)inOffsets[i];
  }
  if (code == MPI_SUCCESS)
    code = total <= INT_MAX && fits
             ? MPI_Allgatherv(out, (int)outCount, outType.raw, in, counts, offsets, inType.raw, comm.raw)
             : broadcastBlocks(out, outCount, outType, in, inCounts, inOffsets, inType, comm);
  if (counts != few) free(counts);
  return code;
}

#endif

// MARK: One datatype per rank

/// The arrays of one side of `MPI_Alltoallw`: one value each of a datatype that holds count and displacement.
typedef struct {
  int *counts, *offsets, made;
  MPI_Datatype *types;
} Blocks;

static int openBlocks(
  Blocks *blocks, int size, const int64_t *counts, const int64_t *offsets, const CMPI_Datatype *types) {
  memset(blocks, 0, sizeof *blocks);
  blocks->counts = calloc(2 * size, sizeof(int)), blocks->offsets = blocks->counts + size;
  blocks->types = malloc(size * sizeof(MPI_Datatype));
  if (!blocks->counts || !blocks->types) return MPI_ERR_NO_MEM;
  for (int rank = 0; rank < size; rank++) {
    MPI_Datatype *type = &blocks->types[rank];
    CMPI_Datatype contiguous;
    int one = 1, code = cmpi_type_contiguous(counts[rank], types[rank], &contiguous);
    if (code != MPI_SUCCESS) return code;
    MPI_Aint offset = offsets[rank];
    code = MPI_Type_create_hindexed(1, &one, &offset, contiguous.raw, type);
    MPI_Type_free(&contiguous.raw);
    if (code != MPI_SUCCESS) return code;
    blocks->made++;
    blocks->counts[rank] = counts[rank] > 0;
    if ((code = MPI_Type_commit(type)) != MPI_SUCCESS) return code;
  }
  return MPI_SUCCESS;
}

static void closeBlocks(Blocks *blocks) {
  for (int rank = 0; rank < blocks->made; rank++) MPI_Type_free(&blocks->types[rank]);
  free(blocks->counts), free(blocks->types);
}

/// Whether counts and places are such that MPI takes them as they are: then no datatypes have to be made of them.
bool cmpi_is_near(int size, const int64_t *counts, const int64_t *offsets) {
  for (int rank = 0; rank < size; rank++)
    if (CMPI_IS_LARGE(counts[rank]) || CMPI_IS_LARGE(offsets[rank])) return false;
  return true;
}

/// For how many ranks their numbers lie on the stack.
enum { FEW_LAYOUTS = 32 };

/// The same of few blocks that are near.
static int allToAllNear(
  int size, const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes,
  void *in, const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm) {
  int numbers[4][FEW_LAYOUTS];
  MPI_Datatype types[2][FEW_LAYOUTS];
  for (int rank = 0; rank < size; rank++) {
    numbers[0][rank] = (int)outCounts[rank], numbers[1][rank] = (int)outOffsets[rank];
    numbers[2][rank] = (int)inCounts[rank], numbers[3][rank] = (int)inOffsets[rank];
    types[0][rank] = outTypes[rank].raw, types[1][rank] = inTypes[rank].raw;
  }
  return MPI_Alltoallw(out, numbers[0], numbers[1], types[0], in, numbers[2], numbers[3], types[1], comm.raw);
}

static int allToAllLayouts(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm) {
  Blocks from = {0}, to = {0};
  int size, code = MPI_Comm_size(comm.raw, &size);
  if (code != MPI_SUCCESS) return code;
  if (size <= FEW_LAYOUTS && cmpi_is_near(size, outCounts, outOffsets) && cmpi_is_near(size, inCounts, inOffsets))
    return allToAllNear(size, out, outCounts, outOffsets, outTypes, in, inCounts, inOffsets, inTypes, comm);
  code = openBlocks(&from, size, outCounts, outOffsets, outTypes);
  if (code == MPI_SUCCESS) code = openBlocks(&to, size, inCounts, inOffsets, inTypes);
  if (code == MPI_SUCCESS)
    code = MPI_Alltoallw(out, from.counts, from.offsets, from.types, in, to.counts, to.offsets, to.types, comm.raw);
  closeBlocks(&from), closeBlocks(&to);
  return code;
}

// MARK: Counts that are made narrow on the way

int cmpi_reduce_scatter_counts(
  const void *out, int64_t total, void *in, int64_t own, const int64_t *counts, int rank, int size, CMPI_Datatype type,
  CMPI_Op op, CMPI_Comm comm) {
  enum { FEW_COUNTS = 64 };
  int narrow[FEW_COUNTS];
  if (size > FEW_COUNTS || !cmpi_is_classic_reduce_scatter(total, op)) return CMPI_IS_OTHER;
  int64_t sum = 0, bits = 0;
#pragma clang loop vectorize(disable) unroll(disable)
  for (int i = 0; i < size; i++) sum += counts[i], bits |= counts[i], narrow[i] = (int)counts[i];
  if ((uint64_t)bits > INT_MAX || sum != total || counts[rank] != own) return CMPI_IS_OTHER;
  return cmpi_reduce_scatter_classic(out, in, narrow, type, op, comm);
}

// MARK: What CMPI offers: the gate, and the description of the call

int cmpi_gatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, int root, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_GATHER_BLOCKS, .comm = comm, .hasRoot = true, .root = root, .hasType = true,
            .count = outCount, .type = outType, .inCounts = inCounts, .isInPlace = out == MPI_IN_PLACE)
  return gatherBlocks(out, outCount, outType, in, inCounts, inOffsets, inType, root, comm);
}

int cmpi_scatterv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  int64_t inCount, CMPI_Datatype inType, int root, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_SCATTER_BLOCKS, .comm = comm, .hasRoot = true, .root = root, .hasType = true,
            .count = inCount, .type = inType, .outCounts = outCounts, .isInPlace = in == MPI_IN_PLACE)
  return scatterBlocks(out, outCounts, outOffsets, outType, in, inCount, inType, root, comm);
}

int cmpi_allgatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_ALL_GATHER_BLOCKS, .comm = comm, .hasType = true, .count = outCount,
            .type = inType, .inCounts = inCounts, .isInPlace = out == MPI_IN_PLACE)
  return allGatherBlocks(out, outCount, outType, in, inCounts, inOffsets, inType, comm);
}

int cmpi_alltoallv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype inType, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_ALL_TO_ALL_BLOCKS, .comm = comm, .hasType = true, .type = inType,
            .outCounts = outCounts, .inCounts = inCounts, .isInPlace = out == MPI_IN_PLACE)
  return allToAllBlocks(out, outCounts, outOffsets, outType, in, inCounts, inOffsets, inType, comm);
}

int cmpi_alltoallw(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_ALL_TO_ALL_LAYOUTS, .comm = comm, .outCounts = outCounts, .inCounts = inCounts,
            .outTypes = outTypes, .inTypes = inTypes)
  return allToAllLayouts(out, outCounts, outOffsets, outTypes, in, inCounts, inOffsets, inTypes, comm);
}
