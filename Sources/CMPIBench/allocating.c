// The forms that make the array of the result, with `malloc`, and drop that of the call before. Where Swift finds the
// lengths out, C does too, in the same way.
#include "plan.h"

/// Makes `made` values in each call, in `fresh`, on the ranks that get any; the last ones are copied to the result.
#define ALLOCATING(name, made, ...)                                                            \
  int cbench_##name(const CBenchPlan *plan, long calls) {                                      \
    const void *const values = plan->values;                                                   \
    const int count = (int)plan->count, size = plan->size, rank = plan->rank;                  \
    const MPI_Datatype type = typeOf(plan->element);                                           \
    const MPI_Comm world = MPI_COMM_WORLD;                                                     \
    const long bytes = (long)(made) * widthOf(plan->element);                                  \
    void *last = NULL;                                                                         \
    (void)values, (void)size, (void)rank, (void)count;                                         \
    for (long i = 0; i < calls; i++) {                                                         \
      void *fresh = (made) ? malloc(bytes) : NULL;                                             \
      __VA_ARGS__;                                                                                \
      free(last);                                                                              \
      last = fresh;                                                                            \
    }                                                                                          \
    if (last) memcpy(plan->result, last, bytes);                                               \
    free(last);                                                                                \
    return 0;                                                                                  \
  }

#define AT_ROOT(made) (rank == 0 ? (made) : 0)

ALLOCATING(gather_new, AT_ROOT(count * size), CHECK(MPI_Gather(values, count, type, fresh, count, type, 0, world)))
ALLOCATING(all_gather_new, count * size, CHECK(MPI_Allgather(values, count, type, fresh, count, type, world)))
ALLOCATING(all_to_all_new, count * size, CHECK(MPI_Alltoall(values, count, type, fresh, count, type, world)))
ALLOCATING(reduce_new, AT_ROOT(count), CHECK(MPI_Reduce(values, fresh, count, type, MPI_SUM, 0, world)))
ALLOCATING(all_reduce_new, count, CHECK(MPI_Allreduce(values, fresh, count, type, MPI_SUM, world)))
ALLOCATING(reduce_scatter_new, count, CHECK(MPI_Reduce_scatter_block(values, fresh, count, type, MPI_SUM, world)))
ALLOCATING(scan_new, count, CHECK(MPI_Scan(values, fresh, count, type, MPI_SUM, world)))
ALLOCATING(exclusive_scan_new, rank > 0 ? count : 0,
           void *into = fresh ? fresh : plan->result; CHECK(MPI_Exscan(values, into, count, type, MPI_SUM, world)))

// MARK: Lengths found out

/// The root keeps its array; the others make one of the length that the root says.
ALLOCATING(broadcast_array, rank == 0 ? 0 : count, {
  long length = count;
  CHECK(MPI_Bcast(&length, 1, MPI_INT64_T, 0, world));
  CHECK(MPI_Bcast(rank == 0 ? (void *)values : fresh, (int)length, type, 0, world));
})

/// Counts and offsets for each rank, first all counts.
static int *blocks(int count, int size) {
  int *blocks = malloc(sizeof(int) * 2 * size);
  for (int rank = 0; blocks && rank < size; rank++) blocks[rank] = count, blocks[size + rank] = rank * count;
  return blocks;
}

/// An array of the root in parts of the most even lengths.
ALLOCATING(scatter_array, count, {
  long length = (long)count * size;
  CHECK(MPI_Bcast(&length, 1, MPI_INT64_T, 0, world));
  int *parts = rank == 0 ? blocks((int)(length / size), size) : NULL;
  CHECK(MPI_Scatterv(values, parts, parts ? parts + size : NULL, type, fresh, (int)(length / size), type, 0, world));
  free(parts);
})

ALLOCATING(gather_array, AT_ROOT(count * size), {
  int *parts = rank == 0 ? malloc(sizeof(int) * 2 * size) : NULL;
  long *lengths = rank == 0 ? malloc(sizeof(long) * size) : NULL;
  long length = count;
  CHECK(MPI_Gather(&length, 1, MPI_INT64_T, lengths, 1, MPI_INT64_T, 0, world));
  for (int other = 0, next = 0; parts && other < size; next += parts[other++])
    parts[other] = (int)lengths[other], parts[size + other] = next;
  CHECK(MPI_Gatherv(values, count, type, fresh, parts, parts ? parts + size : NULL, type, 0, world));
  free(parts);
  free(lengths);
})

ALLOCATING(all_gather_array, count * size, {
  int *parts = malloc(sizeof(int) * 2 * size);
  long *lengths = malloc(sizeof(long) * size);
  long length = count;
  CHECK(MPI_Allgather(&length, 1, MPI_INT64_T, lengths, 1, MPI_INT64_T, world));
  for (int other = 0, next = 0; other < size; next += parts[other++])
    parts[other] = (int)lengths[other], parts[size + other] = next;
  CHECK(MPI_Allgatherv(values, count, type, fresh, parts, parts + size, type, world));
  free(parts);
  free(lengths);
})
