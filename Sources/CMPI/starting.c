#define BITS CMPI_STARTED
#include "starting.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

Kept *keep(size_t bytes) {
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

/// Memory that was let go of last, if it was short: what is started again and again allocates nothing.
static CMPI_NumbersHead *_Atomic spare;
enum { SHORT = 512 };

int *cmpi_numbers_make(int size, void *object) {
  const size_t bytes = 2 * (size_t)size * sizeof(int);
  const bool isShort = bytes <= SHORT;
  CMPI_NumbersHead *head = isShort ? atomic_exchange(&spare, NULL) : NULL;
  if (!head) head = malloc(sizeof *head + (isShort ? SHORT : bytes));
  if (!head) return NULL;
  *head = (CMPI_NumbersHead){object, 1, isShort};
  return (int *)(head + 1);
}

struct CMPI_NoNumbers cmpi_no_numbers = {.head = {NULL, INT64_MAX / 2}};

void cmpi_numbers_free(const int *numbers) {
  CMPI_NumbersHead *head = CMPI_HEAD(numbers);
  free(head->isShort ? atomic_exchange(&spare, head) : head);
}

int hand(int code, Kept *mine, void **kept) {
  if (code == MPI_SUCCESS) *kept = mine;
  else cmpi_kept_release(mine);
  return code;
}

int keepBlock(int64_t count, CMPI_Datatype type, Kept *kept, Count *blockCount, MPI_Datatype *blockType) {
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

size_t sideBytes(int size) { return ((sizeof(Count) + sizeof(Offset)) * size + 15) / 16 * 16; }

int fillSide(Side *side, char *memory, int size, const int64_t *counts, const int64_t *offsets) {
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

static int fillTypes(
  Kept *kept, TypedSide *side, int size, const int64_t *given, const int64_t *offsets,
  const CMPI_Datatype *givenTypes) {
  for (int rank = 0; rank < size; rank++) {
    CMPI_Datatype contiguous;
    int one = 1, code = cmpi_type_contiguous(given[rank], givenTypes[rank], &contiguous);
    if (code != MPI_SUCCESS) return code;
    MPI_Aint offset = offsets[rank];
    code = MPI_Type_create_hindexed(1, &one, &offset, contiguous.raw, &side->types[rank]);
    MPI_Type_free(&contiguous.raw);
    if (code != MPI_SUCCESS) return code;
    kept->typeCount++;
    side->counts[rank] = given[rank] > 0;
    if ((code = MPI_Type_commit(&side->types[rank])) != MPI_SUCCESS) return code;
  }
  return MPI_SUCCESS;
}

/// The datatypes of the caller: MPI keeps them alive until the operation is complete.
static void fillNear(
  TypedSide *side, int size, const int64_t *given, const int64_t *offsets, const CMPI_Datatype *givenTypes) {
  for (int rank = 0; rank < size; rank++) {
    side->counts[rank] = (int)given[rank], side->places[rank] = (int)offsets[rank];
    side->types[rank] = givenTypes[rank].raw;
  }
}

Kept *keepLayouts(
  int size, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, TypedSide *from, TypedSide *to,
  int *code) {
  Kept *kept = keep(size * (2 * sizeof(MPI_Datatype) + 4 * sizeof(int)));
  if (!kept) return NULL;
  kept->types = (MPI_Datatype *)kept->memory;
  int *counts = (int *)(kept->types + 2 * size);
  *from = (TypedSide){counts, counts + 2 * size, kept->types};
  *to = (TypedSide){counts + size, counts + 3 * size, kept->types + size};
  if (cmpi_is_near(size, outCounts, outOffsets) && cmpi_is_near(size, inCounts, inOffsets)) {
    fillNear(from, size, outCounts, outOffsets, outTypes);
    fillNear(to, size, inCounts, inOffsets, inTypes);
    *code = MPI_SUCCESS;
    return kept;
  }
  memset(from->places, 0, 2 * size * sizeof(int));
  *code = fillTypes(kept, from, size, outCounts, outOffsets, outTypes);
  if (*code == MPI_SUCCESS) *code = fillTypes(kept, to, size, inCounts, inOffsets, inTypes);
  return kept;
}

Kept *keepBlocksToAll(
  int size, int64_t outCount, CMPI_Datatype outType, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, TypedSide *from, TypedSide *to, int *code) {
  int64_t extent, *numbers = calloc(3 * (size_t)size, sizeof(int64_t));
  CMPI_Datatype *types = malloc(2 * size * sizeof *types);
  Kept *kept = NULL;
  if (numbers && types && (*code = cmpi_type_extent(inType, &extent)) == MPI_SUCCESS) {
    int64_t *outCounts = numbers, *noOffsets = numbers + size, *offsets = numbers + 2 * size;
    for (int rank = 0; rank < size; rank++) {
      outCounts[rank] = outCount, offsets[rank] = inOffsets[rank] * extent;
      types[rank] = outType, types[size + rank] = inType;
    }
    kept = keepLayouts(size, outCounts, noOffsets, types, inCounts, offsets, types + size, from, to, code);
  }
  free(numbers), free(types);
  return kept;
}

Kept *keepRootToAll(
  int size, int rank, int root, int64_t count, CMPI_Datatype type, TypedSide *from, TypedSide *to, int *code) {
  int64_t *numbers = calloc(3 * (size_t)size, sizeof(int64_t));
  CMPI_Datatype *types = malloc(size * sizeof *types);
  Kept *kept = NULL;
  if (numbers && types) {
    int64_t *outCounts = numbers, *inCounts = numbers + size, *noOffsets = numbers + 2 * size;
    for (int other = 0; other < size; other++) {
      outCounts[other] = rank == root && other != root ? count : 0;
      inCounts[other] = rank != root && other == root ? count : 0;
      types[other] = type;
    }
    kept = keepLayouts(size, outCounts, noOffsets, types, inCounts, noOffsets, types, from, to, code);
  }
  free(numbers), free(types);
  return kept;
}

bool isBeyond(const int64_t *counts, CMPI_Comm comm) {
#if !CMPI_HAS_LARGE_COUNT || CMPI_HAS_INNER_INTS
  int size;
  if (MPI_Comm_size(comm.raw, &size) != MPI_SUCCESS) return false;
  int64_t total = 0;
  for (int rank = 0; rank < size; rank++) total += counts[rank];
  return total > INT_MAX;
#else
  (void)counts, (void)comm;
  return false;
#endif
}
