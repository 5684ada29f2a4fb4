// Persistent requests, made before the loop and freed after it.
#include "plan.h"

#if defined(OPEN_MPI) && MPI_VERSION < 4 && defined(__has_include)
#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif
#endif

// As in the binding: those of MPICH 4.0 give wrong results from the second round on.
#if MPI_VERSION >= 4 && !(defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000)
#define ALL_REDUCE_INIT MPI_Allreduce_init
#elif defined(OMPI_HAVE_MPI_EXT_PCOLLREQ)
#define ALL_REDUCE_INIT MPIX_Allreduce_init
#endif

/// Rounds over memory that the requests have to themselves, as a persistent send in Swift has.
static int rounds(const CBenchPlan *plan, const void *values, long calls) {
  MPI_Request sending, receiving;
  MPI_Status status;
  const MPI_Datatype type = typeOf(plan->element);
  CHECK(MPI_Send_init(values, (int)plan->count, type, plan->peer, 0, MPI_COMM_WORLD, &sending));
  CHECK(MPI_Recv_init(plan->result, (int)plan->count, type, plan->peer, 0, MPI_COMM_WORLD, &receiving));
  for (long i = 0; i < calls; i++) {
    CHECK(MPI_Start(&receiving));
    if (!plan->isFirst) CHECK(MPI_Wait(&receiving, &status));
    CHECK(MPI_Start(&sending));
    CHECK(MPI_Wait(&sending, &status));
    if (plan->isFirst) CHECK(MPI_Wait(&receiving, &status));
  }
  CHECK(MPI_Request_free(&sending));
  return MPI_Request_free(&receiving);
}

int cbench_persistent_latency(const CBenchPlan *plan, long calls) {
  if (plan->peer < 0) return 0;
  void *values = malloc(plan->valueBytes);
  if (!values) return MPI_ERR_NO_MEM;
  memcpy(values, plan->values, plan->valueBytes);
  int code = rounds(plan, values, calls);
  free(values);
  return code;
}

#ifdef ALL_REDUCE_INIT
bool cbench_has_persistent_collectives(void) { return true; }

int cbench_persistent_all_reduce(const CBenchPlan *plan, long calls) {
  MPI_Request request;
  MPI_Status status;
  CHECK(ALL_REDUCE_INIT(MPI_IN_PLACE, plan->result, (int)plan->count, typeOf(plan->element), MPI_SUM, MPI_COMM_WORLD,
                        MPI_INFO_NULL, &request));
  for (long i = 0; i < calls; i++) {
    CHECK(MPI_Start(&request));
    CHECK(MPI_Wait(&request, &status));
  }
  return MPI_Request_free(&request);
}
#else
bool cbench_has_persistent_collectives(void) { return false; }

int cbench_persistent_all_reduce(const CBenchPlan *plan, long calls) {
  return cbench_start_all_reduce_in_place(plan, calls);
}
#endif
