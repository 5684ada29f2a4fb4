// The vector collectives, blocking and nonblocking, with counts and displacements that are made once.
#include "plan.h"

/// As BODY, with `counts` and `offsets` of equal blocks for each rank.
#define BLOCKS_BODY(name, ...)                                                                    \
  static int name##_loop(const CBenchPlan *plan, long calls, const int *counts, const int *offsets) { \
    const void *const values = plan->values;                                                   \
    void *const result = plan->result;                                                         \
    const int count = (int)plan->count;                                                        \
    const MPI_Datatype type = typeOf(plan->element);                                           \
    const MPI_Comm world = MPI_COMM_WORLD;                                                     \
    (void)values, (void)result, (void)count, (void)offsets;                                    \
    for (long i = 0; i < calls; i++) __VA_ARGS__                                               \
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

#define BLOCKS(name, ...) BLOCKS_BODY(name, CHECK(__VA_ARGS__);)
#define STARTED_BLOCKS(name, ...)         \
  BLOCKS_BODY(name, {                     \
    MPI_Request request;                  \
    MPI_Status status;                    \
    CHECK(__VA_ARGS__);                   \
    CHECK(MPI_Wait(&request, &status));   \
  })

BLOCKS(scatter_blocks, MPI_Scatterv(values, counts, offsets, type, result, count, type, 0, world))
BLOCKS(gather_blocks, MPI_Gatherv(values, count, type, result, counts, offsets, type, 0, world))
BLOCKS(all_gather_blocks, MPI_Allgatherv(values, count, type, result, counts, offsets, type, world))
BLOCKS(all_to_all_blocks,
       MPI_Alltoallv(values, counts, offsets, type, result, counts, offsets, type, world))
BLOCKS(reduce_scatter_counts, MPI_Reduce_scatter(values, result, counts, type, MPI_SUM, world))

STARTED_BLOCKS(start_scatter_blocks,
               MPI_Iscatterv(values, counts, offsets, type, result, count, type, 0, world, &request))
STARTED_BLOCKS(start_gather_blocks,
               MPI_Igatherv(values, count, type, result, counts, offsets, type, 0, world, &request))
STARTED_BLOCKS(start_all_gather_blocks,
               MPI_Iallgatherv(values, count, type, result, counts, offsets, type, world, &request))
STARTED_BLOCKS(start_all_to_all_blocks,
               MPI_Ialltoallv(values, counts, offsets, type, result, counts, offsets, type, world, &request))
STARTED_BLOCKS(start_reduce_scatter_counts, MPI_Ireduce_scatter(values, result, counts, type, MPI_SUM, world, &request))
