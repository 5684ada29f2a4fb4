#define BITS 0
#include "board.h"
#include "making.h"

#include <pthread.h>
#include <stdlib.h>

// MARK: The description of a call

/// How many elements go to and come from each rank, for the agreement: blocks of the same pair are added. Null where
/// nobody asks, or without memory.
static int64_t *tally(
  const CMPI_Neighbors *n, CMPI_Comm comm, int64_t outCount, const int64_t *outCounts, int64_t inCount,
  const int64_t *inCounts) {
  int size;
  if (!cmpi_is_watching || MPI_Comm_size(comm.raw, &size) != MPI_SUCCESS) return NULL;
  int64_t *result = calloc(2 * (size_t)size, sizeof *result);
  for (int i = 0; result && i < n->destinationCount; i++)
    if (n->destinations[i] >= 0) result[n->destinations[i]] += outCounts ? outCounts[i] : outCount;
  for (int i = 0; result && i < n->sourceCount; i++)
    if (n->sources[i] >= 0) result[size + n->sources[i]] += inCounts ? inCounts[i] : inCount;
  return result;
}

static void freeTally(int64_t **tally) { free(*tally); }

static int bitsOf(int way) {
  return way == CMPI_WAY_NOW ? 0 : way == CMPI_WAY_START ? CMPI_STARTED : CMPI_STARTED | CMPI_PERSISTENT;
}

/// The rest of this function is a call with so many elements for each neighbour.
#define DESCRIBED(name, counts, ...)                                                                    \
  CMPI_ENTER();                                                                                         \
  int64_t *elements __attribute__((cleanup(freeTally))) = counts;                                       \
  CMPI_CallScope callScope __attribute__((cleanup(cmpi_call_leave))) = {false};                         \
  if (CMPI_UNLIKELY(cmpi_is_watching)) {                                                                \
    int size = 0;                                                                                       \
    MPI_Comm_size(comm.raw, &size);                                                                     \
    if (way != CMPI_WAY_NOW) request->raw = MPI_REQUEST_NULL, callScope.request = &request->raw;        \
    int refusal = cmpi_call_enter(                                                                      \
      &callScope, &(CMPI_Arguments){.operation = CMPI_OPERATION_##name | bitsOf(way), .comm = comm,     \
                                    .outCounts = elements, .inCounts = elements ? elements + size : NULL, \
                                    __VA_ARGS__});                                                      \
    if (refusal != MPI_SUCCESS) return refusal;                                                         \
  }

/// The call of one of the three procedures.
#define BY_WAY(name, ...)                                                                    \
  (way == CMPI_WAY_NOW     ? WITH_COUNT(MPI_Neighbor_##name)(__VA_ARGS__, comm.raw)          \
   : way == CMPI_WAY_START ? WITH_COUNT(MPI_Ineighbor_##name)(__VA_ARGS__, comm.raw, &request->raw) \
                           : MAKE(Neighbor_##name, __VA_ARGS__, comm.raw))

/// What a call kept is released when it is done, and else given away.
static int end(int code, int way, Kept *mine, void **kept) {
  if (way != CMPI_WAY_NOW) return hand(code, mine, kept);
  cmpi_kept_release(mine);
  return code;
}

// MARK: The same neighbour twice

// In a dimension that goes round and has one or two processes, the neighbours before and after are the same. What goes out
// on one side comes in on the other (MPI 4.1, §8.6). Some procedures of both MPIs take the blocks in the order in which
// they were sent instead: there the two blocks that come in are named the other way round.

static pthread_mutex_t trying = PTHREAD_MUTEX_INITIALIZER;

/// Whether this MPI takes blocks in order: tried once for each kind of procedure, with this process alone.
static bool takesInOrder(int way) {
  static enum { UNKNOWN, OPPOSITE, IN_ORDER } known[2];
  bool isStarted = way != CMPI_WAY_NOW;
  pthread_mutex_lock(&trying);
  if (known[isStarted] == UNKNOWN) {
    int one = 1, out[2] = {0, 1}, in[2] = {1, 0}, counts[2] = {1, 1}, offsets[2] = {0, 1};
    MPI_Comm grid;
    MPI_Request request = MPI_REQUEST_NULL;
    if (MPI_Cart_create(MPI_COMM_SELF, 1, &one, &one, 0, &grid) == MPI_SUCCESS) {
      if (isStarted) MPI_Ineighbor_alltoallv(out, counts, offsets, MPI_INT, in, counts, offsets, MPI_INT, grid, &request);
      else MPI_Neighbor_alltoallv(out, counts, offsets, MPI_INT, in, counts, offsets, MPI_INT, grid);
      MPI_Wait(&request, MPI_STATUS_IGNORE);
      MPI_Comm_free(&grid);
    }
    known[isStarted] = in[0] == 0 ? IN_ORDER : OPPOSITE;
  }
  bool result = known[isStarted] == IN_ORDER;
  pthread_mutex_unlock(&trying);
  return result;
}

/// The block that stands for another in such a dimension, or the same one.
static int twin(const CMPI_Neighbors *n, int i) {
  return n->isGrid && n->sources[i] >= 0 && n->sources[i] == n->sources[i ^ 1] ? i ^ 1 : i;
}

/// Whether some neighbour is on both sides.
static bool hasTwins(const CMPI_Neighbors *n) {
  for (int i = 0; i < n->sourceCount; i++) if (twin(n, i) != i) return true;
  return false;
}

// MARK: Equal blocks

#define WITH_BLOCK(name, call)                                                                  \
  DESCRIBED(name, tally(&neighbors, comm, count, NULL, count, NULL), .hasType = true, .type = type) \
  Kept *mine = IS_UNSUPPORTED(count) ? keep(sizeof(MPI_Datatype)) : NULL;                       \
  Count some = 0;                                                                               \
  MPI_Datatype block = type.raw;                                                                \
  int code = mine || !IS_UNSUPPORTED(count) ? keepBlock(count, type, mine, &some, &block) : MPI_ERR_NO_MEM; \
  if (code == MPI_SUCCESS) code = call;                                                         \
  return end(code, way, mine, kept);

int cmpi_neighbor_allgather(
  int way, CMPI_Neighbors neighbors, const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  WITH_BLOCK(NEIGHBOR_ALL_GATHER, BY_WAY(allgather, out, some, block, in, some, block))
}

// MARK: A count for each neighbour

int cmpi_neighbor_allgatherv(
  int way, CMPI_Neighbors neighbors, const void *out, int64_t outCount, void *in, const int64_t *inCounts,
  const int64_t *inOffsets, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  if (IS_UNSUPPORTED(outCount)) return MPI_ERR_UNSUPPORTED_OPERATION;
  DESCRIBED(NEIGHBOR_ALL_GATHER_BLOCKS, tally(&neighbors, comm, outCount, NULL, 0, inCounts), .hasType = true,
            .type = type)
  Side to;
  Kept *mine = keep(sideBytes(neighbors.sourceCount));
  if (!mine) return MPI_ERR_NO_MEM;
  int code = fillSide(&to, mine->memory, neighbors.sourceCount, inCounts, inOffsets);
  if (code == MPI_SUCCESS)
    code = BY_WAY(allgatherv, out, (Count)outCount, type.raw, in, to.counts, to.offsets, type.raw);
  return end(code, way, mine, kept);
}

/// The arrays of one side of an exchange of layouts, for which counts are ints and displacements addresses on every MPI.
typedef struct {
  int *counts;
  MPI_Datatype *types;
  const MPI_Aint *offsets;
} NeighborSide;

/// Blocks that an int cannot count, and those whose datatype must live on after the call, become one value of a datatype
/// that is kept.
static int fillNeighborSide(
  NeighborSide *side, int way, Kept *kept, int count, const int64_t *counts, const CMPI_Datatype *types) {
  for (int i = 0; i < count; i++) {
    side->counts[i] = (int)counts[i], side->types[i] = types[i].raw;
    if (counts[i] < 0) return MPI_ERR_COUNT;
    if (way == CMPI_WAY_NOW && !CMPI_IS_LARGE(counts[i])) continue;
    CMPI_Datatype whole;
    int code = cmpi_type_contiguous(counts[i], types[i], &whole);
    if (code != MPI_SUCCESS) return code;
    kept->types[kept->typeCount++] = whole.raw;
    side->counts[i] = counts[i] > 0, side->types[i] = whole.raw;
  }
  return MPI_SUCCESS;
}

_Static_assert(sizeof(MPI_Aint) == 8, "displacements are passed as they are");

/// An exchange of layouts, which somebody has described. The offsets are copied, as MPI reads them until the end.
static int exchangeLayouts(
  int way, const CMPI_Neighbors *n, const void *out, const int64_t *outCounts, const int64_t *outOffsets,
  const CMPI_Datatype *outTypes, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  const CMPI_Datatype *inTypes, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  int outgoing = n->destinationCount, all = outgoing + n->sourceCount;
#ifdef MPICH
  // MPICH 4.0.2 writes behind arrays of its own, and receives garbage, where more comes in than goes out.
  if (n->sourceCount > outgoing) return MPI_ERR_UNSUPPORTED_OPERATION;
#endif
  Kept *mine = keep((size_t)all * (2 * sizeof(MPI_Datatype) + sizeof(MPI_Aint) + sizeof(int)) + 16);
  if (!mine) return MPI_ERR_NO_MEM;
  MPI_Aint *offsets = (MPI_Aint *)mine->memory;
  mine->types = (MPI_Datatype *)(offsets + all);
  MPI_Datatype *types = mine->types + all;
  int *counts = (int *)(types + all);
  for (int i = 0; i < all; i++) offsets[i] = i < outgoing ? outOffsets[i] : inOffsets[i - outgoing];
  NeighborSide from = {counts, types, offsets}, to = {counts + outgoing, types + outgoing, offsets + outgoing};
  int code = fillNeighborSide(&from, way, mine, outgoing, outCounts, outTypes);
  if (code == MPI_SUCCESS) code = fillNeighborSide(&to, way, mine, n->sourceCount, inCounts, inTypes);
  if (code == MPI_SUCCESS) {
#define ARGUMENTS out, from.counts, from.offsets, from.types, in, to.counts, to.offsets, to.types, comm.raw
    code = way == CMPI_WAY_NOW     ? MPI_Neighbor_alltoallw(ARGUMENTS)
           : way == CMPI_WAY_START ? MPI_Ineighbor_alltoallw(ARGUMENTS, &request->raw)
                                   : MAKE_PLAIN(Neighbor_alltoallw, ARGUMENTS);
#undef ARGUMENTS
  }
  return end(code, way, mine, kept);
}

/// Blocks with one datatype as an exchange of layouts: Open MPI sends both in the same way, so that each rank may choose.
static int exchangeLarge(
  int way, const CMPI_Neighbors *n, const void *out, const int64_t *outCounts, const int64_t *outOffsets, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  int outgoing = n->destinationCount, all = outgoing + n->sourceCount;
  int64_t extent;
  int code = cmpi_type_extent(type, &extent);
  if (code != MPI_SUCCESS) return code;
  CMPI_Datatype *types = malloc((size_t)all * (sizeof *types + sizeof(int64_t)) + 16);
  if (!types) return MPI_ERR_NO_MEM;
  int64_t *offsets = (int64_t *)(types + all + (all & 1));
  for (int i = 0; i < all; i++) {
    types[i] = type;
    offsets[i] = (i < outgoing ? outOffsets[i] : inOffsets[i - outgoing]) * extent;
  }
  code = exchangeLayouts(way, n, out, outCounts, offsets, types, in, inCounts, offsets + outgoing, types + outgoing,
                         comm, request, kept);
  free(types);
  return code;
}

/// An exchange of blocks, which somebody has described.
static int exchangeBlocks(
  int way, const CMPI_Neighbors *n, const void *out, const int64_t *outCounts, const int64_t *outOffsets, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  Side from, to;
  size_t outBytes = sideBytes(n->destinationCount);
  Kept *mine = keep(outBytes + sideBytes(n->sourceCount));
  if (!mine) return MPI_ERR_NO_MEM;
  int code = fillSide(&from, mine->memory, n->destinationCount, outCounts, outOffsets);
  if (code == MPI_SUCCESS) code = fillSide(&to, mine->memory + outBytes, n->sourceCount, inCounts, inOffsets);
  if (code == MPI_ERR_UNSUPPORTED_OPERATION) {
    cmpi_kept_release(mine);
    return exchangeLarge(way, n, out, outCounts, outOffsets, in, inCounts, inOffsets, type, comm, request, kept);
  }
  if (code == MPI_SUCCESS)
    code = BY_WAY(alltoallv, out, from.counts, from.offsets, type.raw, in, to.counts, to.offsets, type.raw);
  return end(code, way, mine, kept);
}

/// The counts and the offsets of what comes in, in the order in which MPI takes it; null without memory.
static int64_t *inOrder(const CMPI_Neighbors *n, const int64_t *counts, const int64_t *offsets) {
  int64_t *result = malloc(sizeof(int64_t) * 2 * ((size_t)n->sourceCount + 1));
  for (int i = 0; result && i < n->sourceCount; i++) {
    result[i] = counts[twin(n, i)];
    result[n->sourceCount + i] = offsets[twin(n, i)];
  }
  return result;
}

int cmpi_neighbor_alltoallv(
  int way, CMPI_Neighbors neighbors, const void *out, const int64_t *outCounts, const int64_t *outOffsets, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request,
  void **kept) {
  DESCRIBED(NEIGHBOR_ALL_TO_ALL_BLOCKS, tally(&neighbors, comm, 0, outCounts, 0, inCounts), .hasType = true,
            .type = type)
  if (!hasTwins(&neighbors) || !takesInOrder(way))
    return exchangeBlocks(way, &neighbors, out, outCounts, outOffsets, in, inCounts, inOffsets, type, comm, request,
                          kept);
  int64_t *ordered = inOrder(&neighbors, inCounts, inOffsets);
  if (!ordered) return MPI_ERR_NO_MEM;
  int code = exchangeBlocks(way, &neighbors, out, outCounts, outOffsets, in, ordered, ordered + neighbors.sourceCount,
                            type, comm, request, kept);
  free(ordered);
  return code;
}

int cmpi_neighbor_alltoall(
  int way, CMPI_Neighbors neighbors, const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Comm comm,
  CMPI_Request *request, void **kept) {
  if (!hasTwins(&neighbors) && !neighbors.hasParallelEdges) {
    WITH_BLOCK(NEIGHBOR_ALL_TO_ALL, BY_WAY(alltoall, out, some, block, in, some, block))
  }
  DESCRIBED(NEIGHBOR_ALL_TO_ALL, tally(&neighbors, comm, count, NULL, count, NULL), .hasType = true, .type = type)
  // MPICH turns the order of all equal blocks round where one process is there more than once: they go as blocks that
  // have the same length.
  int incoming = neighbors.sourceCount, blocks = incoming;
  if (neighbors.destinationCount > blocks) blocks = neighbors.destinationCount;
  bool isInOrder = hasTwins(&neighbors) && takesInOrder(way);
  int64_t *counts = malloc(sizeof(int64_t) * 3 * (size_t)blocks);
  if (!counts) return MPI_ERR_NO_MEM;
  for (int i = 0; i < blocks; i++) {
    counts[i] = count, counts[blocks + i] = i * count;
    counts[2 * blocks + i] = (isInOrder && i < incoming ? twin(&neighbors, i) : i) * count;
  }
  int code = exchangeBlocks(way, &neighbors, out, counts, counts + blocks, in, counts, counts + 2 * blocks, type, comm,
                            request, kept);
  free(counts);
  return code;
}

/// Elements in the blocks of one side.
static int64_t *elementsOf(int count, const int64_t *counts, const CMPI_Datatype *types) {
  int64_t *result = cmpi_is_watching ? malloc(sizeof(int64_t) * ((size_t)count + 1)) : NULL;
  for (int i = 0; result && i < count; i++) {
    Element element = {.perItem = 0};
    if (counts[i] > 0) describeType(types[i].raw, &element);
    result[i] = counts[i] * element.perItem;
  }
  return result;
}

int cmpi_neighbor_alltoallw(
  int way, CMPI_Neighbors neighbors, const void *out, const int64_t *outCounts, const int64_t *outOffsets,
  const CMPI_Datatype *outTypes, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  const CMPI_Datatype *inTypes, CMPI_Comm comm, CMPI_Request *request, void **kept) {
  int64_t *given __attribute__((cleanup(freeTally))) = elementsOf(neighbors.destinationCount, outCounts, outTypes);
  int64_t *expected __attribute__((cleanup(freeTally))) = elementsOf(neighbors.sourceCount, inCounts, inTypes);
  DESCRIBED(NEIGHBOR_ALL_TO_ALL_LAYOUTS, tally(&neighbors, comm, 0, given, 0, expected), .hasType = false)
  if (!hasTwins(&neighbors) || !takesInOrder(way))
    return exchangeLayouts(
      way, &neighbors, out, outCounts, outOffsets, outTypes, in, inCounts, inOffsets, inTypes, comm, request, kept);
  int64_t *ordered = inOrder(&neighbors, inCounts, inOffsets);
  CMPI_Datatype *types = malloc(sizeof *types * (size_t)neighbors.sourceCount);
  int code = ordered && types ? MPI_SUCCESS : MPI_ERR_NO_MEM;
  for (int i = 0; code == MPI_SUCCESS && i < neighbors.sourceCount; i++) types[i] = inTypes[twin(&neighbors, i)];
  if (code == MPI_SUCCESS)
    code = exchangeLayouts(way, &neighbors, out, outCounts, outOffsets, outTypes, in, ordered,
                           ordered + neighbors.sourceCount, types, comm, request, kept);
  free(ordered), free(types);
  return code;
}
