// What ranks tell each other of the lengths of their arrays before these travel.
#include "CMPI.h"

#include <stdlib.h>

enum { FEW = 32 };

/// The lengths of few ranks lie in memory of the thread, so that nothing is allocated for them.
static _Thread_local struct {
  int64_t lengths[FEW];
  int blocks[2 * FEW];
} few;

static CMPI_Lengths prepared(int size) {
  CMPI_Lengths all = {few.lengths, few.blocks, -1, false, size > FEW, MPI_SUCCESS};
  if (!all.isOwned) return all;
  all.lengths = malloc((sizeof(int64_t) + 2 * sizeof(int)) * size);
  all.blocks = (int *)(all.lengths + size);
  if (!all.lengths) all.code = MPI_ERR_NO_MEM;
  return all;
}

void cmpi_lengths_free(int64_t *lengths) { free(lengths); }

static bool areEven(const int64_t *lengths, int size) {
  for (int rank = 1; rank < size; rank++)
    if (lengths[rank] != lengths[0]) return false;
  return true;
}

/// Counts and offsets, where the classic procedures take them: a block of more than the largest `int` over the number of
/// ranks does not, as it may travel as a message of its own.
static void narrow(CMPI_Lengths *all, int size) {
  const int64_t *const lengths = all->lengths;
  int *const counts = all->blocks, *const offsets = counts + size;
  // Negative lengths, which no rank has, would be the longest.
  uint64_t longest = 0, end = 0;
#pragma clang loop vectorize(disable) unroll(disable)
  for (int rank = 0; rank < size; rank++) {
    const uint64_t length = (uint64_t)lengths[rank];
    counts[rank] = (int)length, offsets[rank] = (int)end;
    longest = length > longest ? length : longest, end += length;
  }
  // Without an overflow, as the first is short then.
  const bool isNarrow = longest <= INT_MAX && longest * (uint64_t)size <= INT_MAX;
  if (isNarrow) all->end = (int64_t)end;
  all->isEven = isNarrow ? longest * (uint64_t)size == end : areEven(lengths, size);
}

CMPI_Lengths cmpi_gather_lengths(int64_t own, int root, bool isRoot, int size, CMPI_Comm comm) {
  const CMPI_Datatype type = {MPI_INT64_T};
  if (!isRoot) {
    const int code = cmpi_gather(&own, 1, type, NULL, 1, type, root, comm);
    return (CMPI_Lengths){few.lengths, few.blocks, -1, false, false, code};
  }
  CMPI_Lengths all = prepared(size);
  if (all.code == MPI_SUCCESS) all.code = cmpi_gather(&own, 1, type, all.lengths, 1, type, root, comm);
  if (all.code == MPI_SUCCESS) narrow(&all, size);
  return all;
}

CMPI_Lengths cmpi_all_gather_lengths(int64_t own, int size, CMPI_Comm comm) {
  const CMPI_Datatype type = {MPI_INT64_T};
  CMPI_Lengths all = prepared(size);
  if (all.code == MPI_SUCCESS) all.code = cmpi_allgather(&own, 1, type, all.lengths, 1, type, comm);
  if (all.code == MPI_SUCCESS) narrow(&all, size);
  return all;
}
