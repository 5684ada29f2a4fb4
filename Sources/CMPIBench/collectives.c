// Blocking collectives with equal counts; those that combine are in reductions.c. The root is rank 0.
#include "plan.h"

#define IS_ROOT (plan->rank == 0)

BODY(barrier, CHECK(MPI_Barrier(world));)

BODY(broadcast, CHECK(MPI_Bcast(result, count, type, 0, world));)

BODY(scatter, CHECK(MPI_Scatter(values, count, type, result, count, type, 0, world));)

BODY(scatter_in_place, {
  if (IS_ROOT) CHECK(MPI_Scatter(result, count, type, MPI_IN_PLACE, count, type, 0, world));
  else CHECK(MPI_Scatter(NULL, 0, type, result, count, type, 0, world));
})

BODY(gather, CHECK(MPI_Gather(values, count, type, result, count, type, 0, world));)

BODY(gather_in_place, {
  if (IS_ROOT) CHECK(MPI_Gather(MPI_IN_PLACE, count, type, result, count, type, 0, world));
  else CHECK(MPI_Gather(result, count, type, NULL, 0, type, 0, world));
})

BODY(all_gather, CHECK(MPI_Allgather(values, count, type, result, count, type, world));)

BODY(all_gather_in_place, CHECK(MPI_Allgather(MPI_IN_PLACE, 0, type, result, count, type, world));)

BODY(all_to_all, CHECK(MPI_Alltoall(values, count, type, result, count, type, world));)

BODY(all_to_all_in_place, CHECK(MPI_Alltoall(MPI_IN_PLACE, 0, type, result, count, type, world));)
