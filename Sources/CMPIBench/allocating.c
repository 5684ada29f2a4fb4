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

/// No call: what the memory alone costs.
ALLOCATING(new_array, count, memcpy(fresh, values, bytes))

// MARK: Lengths found out

/// The root keeps its array; the others make one of the length that the root says.
ALLOCATING(broadcast_array, rank == 0 ? 0 : count, {
  long length = count;
  CHECK(MPI_Bcast(&length, 1, MPI_INT64_T, 0, world));
  CHECK(MPI_Bcast(rank == 0 ? (void *)values : fresh, (int)length, type, 0, world));
})

/// Up to so many ranks their lengths lie on the stack.
enum { FEW = 32 };

/// Memory for the lengths of all ranks, and for counts and offsets; `lengths` is null where there is none.
#define LENGTHS                                                                                \
  long few[2 * FEW], *lengths = size <= FEW ? few : malloc(2 * sizeof(long) * size);           \
  int *blocks = (int *)(lengths + size);                                                       \
  if (!lengths) return MPI_ERR_NO_MEM
#define END_LENGTHS \
  if (lengths != few) free(lengths)

/// Counts, and behind them offsets, of lengths one after the other.
static void fillBlocks(int *blocks, const long *lengths, int size) {
  for (int rank = 0, next = 0; rank < size; next += blocks[rank++])
    blocks[rank] = (int)lengths[rank], blocks[size + rank] = next;
}

static bool areEven(const long *lengths, int size) {
  bool result = true;
  for (int rank = 0; rank < size; rank++) result = result && lengths[rank] == lengths[0];
  return result;
}

/// An array of the root in parts of the most even lengths; here they divide.
ALLOCATING(scatter_array, count, {
  long length = (long)count * size;
  CHECK(MPI_Bcast(&length, 1, MPI_INT64_T, 0, world));
  if (length % size != 0) return MPI_ERR_COUNT;
  const int each = (int)(length / size);
  CHECK(MPI_Scatter(values, each, type, fresh, each, type, 0, world));
})

ALLOCATING(gather_array, AT_ROOT(count * size), {
  long length = count;
  LENGTHS;
  CHECK(MPI_Gather(&length, 1, MPI_INT64_T, lengths, 1, MPI_INT64_T, 0, world));
  if (rank == 0) fillBlocks(blocks, lengths, size);
  CHECK(MPI_Gatherv(values, count, type, fresh, blocks, blocks + size, type, 0, world));
  END_LENGTHS;
})

ALLOCATING(all_gather_array, count * size, {
  long length = count;
  LENGTHS;
  (void)blocks;
  CHECK(MPI_Allgather(&length, 1, MPI_INT64_T, lengths, 1, MPI_INT64_T, world));
  if (!areEven(lengths, size)) return MPI_ERR_COUNT;
  CHECK(MPI_Allgather(values, count, type, fresh, count, type, world));
  END_LENGTHS;
})
