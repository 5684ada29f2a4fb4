// Collectives that combine, with the predefined operations and with functions in C.
#include "plan.h"

BODY(reduce, CHECK(MPI_Reduce(values, result, count, type, MPI_SUM, 0, world));)

BODY(reduce_in_place, {
  if (plan->rank == 0) CHECK(MPI_Reduce(MPI_IN_PLACE, result, count, type, MPI_SUM, 0, world));
  else CHECK(MPI_Reduce(result, NULL, count, type, MPI_SUM, 0, world));
})

BODY(all_reduce, CHECK(MPI_Allreduce(values, result, count, type, MPI_SUM, world));)
BODY(all_reduce_in_place, CHECK(MPI_Allreduce(MPI_IN_PLACE, result, count, type, MPI_SUM, world));)
BODY(all_reduce_product, CHECK(MPI_Allreduce(values, result, count, type, MPI_PROD, world));)
BODY(all_reduce_minimum, CHECK(MPI_Allreduce(values, result, count, type, MPI_MIN, world));)
BODY(all_reduce_maximum, CHECK(MPI_Allreduce(values, result, count, type, MPI_MAX, world));)

BODY(reduce_scatter, CHECK(MPI_Reduce_scatter_block(values, result, count, type, MPI_SUM, world));)

BODY(scan, CHECK(MPI_Scan(values, result, count, type, MPI_SUM, world));)
BODY(scan_in_place, CHECK(MPI_Scan(MPI_IN_PLACE, result, count, type, MPI_SUM, world));)
BODY(exclusive_scan, CHECK(MPI_Exscan(values, result, count, type, MPI_SUM, world));)
BODY(exclusive_scan_in_place, CHECK(MPI_Exscan(MPI_IN_PLACE, result, count, type, MPI_SUM, world));)

// MARK: Functions

#define COMBINE(type)                                               \
  {                                                                 \
    const type *left = given;                                       \
    type *both = taken;                                             \
    for (int i = 0; i < count; i++) both[i] = left[i] + both[i];    \
  }

static void addDoubles(void *given, void *taken, int *length, MPI_Datatype *type) {
  const int count = *length;
  (void)type;
  COMBINE(double)
}
static void addFloats(void *given, void *taken, int *length, MPI_Datatype *type) {
  const int count = *length;
  (void)type;
  COMBINE(float)
}
static void addIntegers(void *given, void *taken, int *length, MPI_Datatype *type) {
  const int count = *length;
  (void)type;
  COMBINE(uint64_t)  // wraps around
}
static void addBytes(void *given, void *taken, int *length, MPI_Datatype *type) {
  const int count = *length;
  (void)type;
  COMBINE(uint8_t)
}

static MPI_User_function *functionOf(int element) {
  switch (element) {
    case CBENCH_FLOAT: return addFloats;
    case CBENCH_INT64: return addIntegers;
    case CBENCH_BYTE: return addBytes;
    default: return addDoubles;
  }
}

static int allReduceByFunction(const CBenchPlan *plan, long calls, bool commutes) {
  MPI_Op op;
  CHECK(MPI_Op_create(functionOf(plan->element), commutes, &op));
  const MPI_Datatype type = typeOf(plan->element);
  for (long i = 0; i < calls; i++)
    CHECK(MPI_Allreduce(plan->values, plan->result, (int)plan->count, type, op, MPI_COMM_WORLD));
  return MPI_Op_free(&op);
}

int cbench_all_reduce_function(const CBenchPlan *plan, long calls) { return allReduceByFunction(plan, calls, false); }
int cbench_all_reduce_commutative_function(const CBenchPlan *plan, long calls) {
  return allReduceByFunction(plan, calls, true);
}
