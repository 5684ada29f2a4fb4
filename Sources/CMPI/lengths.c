// What ranks tell each other of the lengths of their arrays before these travel.
#include "CMPI.h"

#include <stdlib.h>

enum { FEW = 32 };

/// The lengths of few ranks lie in memory of the thread, so that nothing is allocated for them.
static _Thread_local struct {
  int64_t lengths[FEW];
  int blocks[2 * FEW];
} few;

static bool prepare(CMPI_Lengths *all, int size) {
  *all = (CMPI_Lengths){few.lengths, few.blocks, -1, true};
  if (size <= FEW) return true;
  all->lengths = malloc((sizeof(int64_t) + 2 * sizeof(int)) * size);
  all->blocks = (int *)(all->lengths + size);
  return all->lengths != NULL;
}

void cmpi_lengths_release(CMPI_Lengths all) {
  if (all.lengths != few.lengths) free(all.lengths);
}

/// Counts and offsets, where the classic procedures take them: a block of more than the largest `int` over the number of
/// ranks does not, as it may travel as a message of its own.
static void narrow(CMPI_Lengths *all, int size) {
  int64_t end = 0;
  bool isNarrow = true;
  for (int rank = 0; rank < size; end += all->lengths[rank++]) {
    const int64_t length = all->lengths[rank];
    all->isEven = all->isEven && length == all->lengths[0];
    isNarrow = isNarrow && length >= 0 && length <= INT_MAX / size && end <= INT_MAX;
    if (isNarrow) all->blocks[rank] = (int)length, all->blocks[size + rank] = (int)end;
  }
  if (isNarrow) all->end = end;
}

int cmpi_gather_lengths(int64_t own, int root, bool isRoot, int size, CMPI_Comm comm, CMPI_Lengths *all) {
  const CMPI_Datatype type = {MPI_INT64_T};
  if (!isRoot) {
    *all = (CMPI_Lengths){few.lengths, few.blocks, -1, true};
    return cmpi_gather(&own, 1, type, NULL, 1, type, root, comm);
  }
  if (!prepare(all, size)) return MPI_ERR_NO_MEM;
  int code = cmpi_gather(&own, 1, type, all->lengths, 1, type, root, comm);
  if (code == MPI_SUCCESS) narrow(all, size);
  return code;
}

int cmpi_all_gather_lengths(int64_t own, int size, CMPI_Comm comm, CMPI_Lengths *all) {
  const CMPI_Datatype type = {MPI_INT64_T};
  if (!prepare(all, size)) return MPI_ERR_NO_MEM;
  int code = cmpi_allgather(&own, 1, type, all->lengths, 1, type, comm);
  if (code == MPI_SUCCESS) narrow(all, size);
  return code;
}
