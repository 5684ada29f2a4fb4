// All-to-all with a datatype for each rank.
#include "plan.h"

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
