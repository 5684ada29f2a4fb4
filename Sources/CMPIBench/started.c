// Nonblocking collectives: started, some computation if the plan has any, waited for. The root is rank 0.
#include "plan.h"

#define IS_ROOT (plan->rank == 0)

#define STARTED(name, ...)                              \
  BODY(name, {                                          \
    MPI_Request request;                                \
    MPI_Status status;                                  \
    CHECK(__VA_ARGS__);                                 \
    if (plan->work) cbench_compute(plan->work);         \
    CHECK(MPI_Wait(&request, &status));                 \
  })

STARTED(start_barrier, MPI_Ibarrier(world, &request))
STARTED(start_broadcast, MPI_Ibcast(result, count, type, 0, world, &request))
STARTED(start_scatter, MPI_Iscatter(values, count, type, result, count, type, 0, world, &request))
STARTED(start_scatter_in_place,
        IS_ROOT ? MPI_Iscatter(result, count, type, MPI_IN_PLACE, count, type, 0, world, &request)
                : MPI_Iscatter(NULL, 0, type, result, count, type, 0, world, &request))
STARTED(start_gather, MPI_Igather(values, count, type, result, count, type, 0, world, &request))
STARTED(start_gather_in_place,
        IS_ROOT ? MPI_Igather(MPI_IN_PLACE, count, type, result, count, type, 0, world, &request)
                : MPI_Igather(result, count, type, NULL, 0, type, 0, world, &request))
STARTED(start_all_gather, MPI_Iallgather(values, count, type, result, count, type, world, &request))
STARTED(start_all_gather_in_place, MPI_Iallgather(MPI_IN_PLACE, 0, type, result, count, type, world, &request))
STARTED(start_all_to_all, MPI_Ialltoall(values, count, type, result, count, type, world, &request))
STARTED(start_all_to_all_in_place, MPI_Ialltoall(MPI_IN_PLACE, 0, type, result, count, type, world, &request))
STARTED(start_reduce, MPI_Ireduce(values, result, count, type, MPI_SUM, 0, world, &request))
STARTED(start_reduce_in_place,
        IS_ROOT ? MPI_Ireduce(MPI_IN_PLACE, result, count, type, MPI_SUM, 0, world, &request)
                : MPI_Ireduce(result, NULL, count, type, MPI_SUM, 0, world, &request))
STARTED(start_all_reduce, MPI_Iallreduce(values, result, count, type, MPI_SUM, world, &request))
STARTED(start_all_reduce_in_place, MPI_Iallreduce(MPI_IN_PLACE, result, count, type, MPI_SUM, world, &request))
STARTED(start_reduce_scatter, MPI_Ireduce_scatter_block(values, result, count, type, MPI_SUM, world, &request))
STARTED(start_scan, MPI_Iscan(values, result, count, type, MPI_SUM, world, &request))
STARTED(start_scan_in_place, MPI_Iscan(MPI_IN_PLACE, result, count, type, MPI_SUM, world, &request))
STARTED(start_exclusive_scan, MPI_Iexscan(values, result, count, type, MPI_SUM, world, &request))
STARTED(start_exclusive_scan_in_place, MPI_Iexscan(MPI_IN_PLACE, result, count, type, MPI_SUM, world, &request))

__attribute__((noinline)) double cbench_compute(long steps) {
  volatile double sink;
  double x = 1;
  for (long i = 0; i < steps; i++) x = x * 0.999999 + 1e-6;
  sink = x;
  return sink;
}
