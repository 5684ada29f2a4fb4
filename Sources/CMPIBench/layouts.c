// The forms with derived datatypes: one block of values, made once; and all-to-all with a datatype for each rank.
#include "plan.h"

/// As BODY, where `block` is the datatype.
#define LAYOUT(name, ...)                                                                     \
  static int name##_loop(const CBenchPlan *plan, long calls, const MPI_Datatype block) {      \
    const void *const values = plan->values;                                                  \
    void *const result = plan->result;                                                        \
    const MPI_Comm world = MPI_COMM_WORLD;                                                    \
    (void)values;                                                                             \
    for (long i = 0; i < calls; i++) __VA_ARGS__                                              \
    return 0;                                                                                 \
  }                                                                                           \
  int cbench_##name(const CBenchPlan *plan, long calls) {                                     \
    MPI_Datatype block;                                                                       \
    CHECK(MPI_Type_contiguous((int)plan->count, typeOf(plan->element), &block));              \
    CHECK(MPI_Type_commit(&block));                                                           \
    CHECK(name##_loop(plan, calls, block));                                                   \
    return MPI_Type_free(&block);                                                             \
  }

LAYOUT(latency_layout, {
  MPI_Status status;
  if (plan->peer < 0) break;
  if (plan->isFirst) CHECK(MPI_Send(values, 1, block, plan->peer, 0, world));
  CHECK(MPI_Recv(result, 1, block, plan->peer, 0, world, &status));
  if (!plan->isFirst) CHECK(MPI_Send(values, 1, block, plan->peer, 0, world));
})
LAYOUT(send_receive_layout, {
  MPI_Status status;
  CHECK(MPI_Sendrecv(values, 1, block, plan->peer, 0, result, 1, block, plan->peer, 0, world, &status));
})
LAYOUT(broadcast_layout, CHECK(MPI_Bcast(result, 1, block, 0, world));)
LAYOUT(scatter_layout, CHECK(MPI_Scatter(values, 1, block, result, 1, block, 0, world));)
LAYOUT(gather_layout, CHECK(MPI_Gather(values, 1, block, result, 1, block, 0, world));)
LAYOUT(all_gather_layout, CHECK(MPI_Allgather(values, 1, block, result, 1, block, world));)

// MARK: A datatype for each rank

typedef struct {
  int *counts, *offsets;  // offsets in bytes
  MPI_Datatype *types, type;
} Layouts;

/// One item for each rank, of every value of its block; the datatype is made once.
static int makeLayouts(const CBenchPlan *plan, Layouts *made) {
  const int size = plan->size, bytes = (int)(plan->count * widthOf(plan->element));
  CHECK(MPI_Type_contiguous((int)plan->count, typeOf(plan->element), &made->type));
  CHECK(MPI_Type_commit(&made->type));
  made->counts = malloc(2 * sizeof(int) * size);
  made->types = malloc(sizeof(MPI_Datatype) * size);
  if (!made->counts || !made->types) return MPI_ERR_NO_MEM;
  made->offsets = made->counts + size;
  for (int rank = 0; rank < size; rank++)
    made->counts[rank] = 1, made->offsets[rank] = rank * bytes, made->types[rank] = made->type;
  return 0;
}

#define LAYOUTS(name, ...)                                                    \
  int cbench_##name(const CBenchPlan *plan, long calls) {                     \
    const void *const values = plan->values;                                  \
    void *const result = plan->result;                                        \
    Layouts all;                                                              \
    CHECK(makeLayouts(plan, &all));                                           \
    for (long i = 0; i < calls; i++) __VA_ARGS__                              \
    free(all.counts);                                                         \
    free(all.types);                                                          \
    return MPI_Type_free(&all.type);                                          \
  }

LAYOUTS(all_to_all_layouts, CHECK(MPI_Alltoallw(values, all.counts, all.offsets, all.types, result, all.counts,
                                                all.offsets, all.types, MPI_COMM_WORLD));)
LAYOUTS(start_all_to_all_layouts, {
  MPI_Request request;
  MPI_Status status;
  CHECK(MPI_Ialltoallw(values, all.counts, all.offsets, all.types, result, all.counts, all.offsets, all.types,
                       MPI_COMM_WORLD, &request));
  CHECK(MPI_Wait(&request, &status));
})
