// Persistent messages, made before the loop and freed after it.
#include "plan.h"

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
