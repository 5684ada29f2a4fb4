// The vector collectives, with counts and displacements that are made once.
#include "plan.h"

/// As BODY, with `counts` and `offsets` of equal blocks for each rank.
#define BLOCKS(name, ...)                                                                      \
  static int name##_loop(const CBenchPlan *plan, long calls, const int *counts, const int *offsets) { \
    const void *const values = plan->values;                                                   \
    void *const result = plan->result;                                                         \
    const int count = (int)plan->count;                                                        \
    const MPI_Datatype type = typeOf(plan->element);                                           \
    const MPI_Comm world = MPI_COMM_WORLD;                                                     \
    (void)values, (void)result, (void)count, (void)offsets;                                    \
    for (long i = 0; i < calls; i++) CHECK(__VA_ARGS__);                                       \
    return 0;                                                                                  \
  }                                                                                            \
  int cbench_##name(const CBenchPlan *plan, long calls) {                                      \
    int *counts = malloc(sizeof(int) * 2 * plan->size), *offsets = counts + plan->size;        \
    if (!counts) return MPI_ERR_NO_MEM;                                                        \
    for (int rank = 0; rank < plan->size; rank++)                                              \
      counts[rank] = (int)plan->count, offsets[rank] = rank * (int)plan->count;                \
    int code = name##_loop(plan, calls, counts, offsets);                                      \
    free(counts);                                                                              \
    return code;                                                                               \
  }

BLOCKS(scatter_blocks, MPI_Scatterv(values, counts, offsets, type, result, count, type, 0, world))
BLOCKS(gather_blocks, MPI_Gatherv(values, count, type, result, counts, offsets, type, 0, world))
BLOCKS(all_gather_blocks, MPI_Allgatherv(values, count, type, result, counts, offsets, type, world))
BLOCKS(all_to_all_blocks,
       MPI_Alltoallv(values, counts, offsets, type, result, counts, offsets, type, world))
BLOCKS(reduce_scatter_counts, MPI_Reduce_scatter(values, result, counts, type, MPI_SUM, world))
