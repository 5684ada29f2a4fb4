// Point-to-point: pairs of ranks, and a rank alone with itself.
#include "plan.h"

enum { MOST_MESSAGES = 64 };

BODY(latency, {
  MPI_Status status;
  if (plan->peer < 0) break;
  if (plan->isFirst) {
    CHECK(MPI_Send(values, count, type, plan->peer, 0, world));
    CHECK(MPI_Recv(result, count, type, plan->peer, 0, world, &status));
  } else {
    CHECK(MPI_Recv(result, count, type, plan->peer, 0, world, &status));
    CHECK(MPI_Send(values, count, type, plan->peer, 0, world));
  }
})

BODY(started_latency, {
  MPI_Request receiving, sending;
  MPI_Status status;
  if (plan->peer < 0) break;
  CHECK(MPI_Irecv(result, count, type, plan->peer, 0, world, &receiving));
  if (!plan->isFirst) CHECK(MPI_Wait(&receiving, &status));
  CHECK(MPI_Isend(values, count, type, plan->peer, 0, world, &sending));
  CHECK(MPI_Wait(&sending, &status));
  if (plan->isFirst) CHECK(MPI_Wait(&receiving, &status));
})

/// A window of messages and one back, which says that they have arrived.
#define WINDOW_BACK(first, second)                                                          \
  if (plan->isFirst) {                                                                      \
    first;                                                                                  \
    CHECK(MPI_Recv(result, 1, type, plan->peer, 1, world, MPI_STATUS_IGNORE));              \
  } else {                                                                                  \
    second;                                                                                 \
    CHECK(MPI_Send(values, 1, type, plan->peer, 1, world));                                 \
  }

static int sendWindow(const CBenchPlan *plan, MPI_Datatype type, MPI_Request *requests) {
  for (long i = 0; i < plan->window; i++)
    CHECK(MPI_Isend(plan->values, (int)plan->count, type, plan->peer, 0, MPI_COMM_WORLD, requests + i));
  return 0;
}

static int receiveWindow(const CBenchPlan *plan, MPI_Datatype type, MPI_Request *requests) {
  char *result = plan->result;
  const long bytes = plan->count * widthOf(plan->element);
  for (long i = 0; i < plan->window; i++)
    CHECK(MPI_Irecv(
      result + i * bytes, (int)plan->count, type, plan->peer, 0, MPI_COMM_WORLD, requests + i));
  return 0;
}

BODY(bandwidth, {
  MPI_Request requests[MOST_MESSAGES];
  MPI_Status statuses[MOST_MESSAGES];
  if (plan->peer < 0) break;
  WINDOW_BACK(CHECK(sendWindow(plan, type, requests)); CHECK(MPI_Waitall((int)plan->window, requests, statuses)),
              CHECK(receiveWindow(plan, type, requests)); CHECK(MPI_Waitall((int)plan->window, requests, statuses)))
})

BODY(blocking_bandwidth, {
  MPI_Status status;
  if (plan->peer < 0) break;
  WINDOW_BACK(for (long m = 0; m < plan->window; m++) CHECK(MPI_Send(values, count, type, plan->peer, 0, world)),
              for (long m = 0; m < plan->window; m++)
                CHECK(MPI_Recv(result, count, type, plan->peer, 0, world, &status)))
})

BODY(bidirectional_bandwidth, {
  MPI_Request requests[2 * MOST_MESSAGES];
  MPI_Status statuses[2 * MOST_MESSAGES];
  if (plan->peer < 0) break;
  WINDOW_BACK(CHECK(receiveWindow(plan, type, requests)); CHECK(sendWindow(plan, type, requests + plan->window));
              CHECK(MPI_Waitall((int)plan->window * 2, requests, statuses)),
              CHECK(receiveWindow(plan, type, requests)); CHECK(sendWindow(plan, type, requests + plan->window));
              CHECK(MPI_Waitall((int)plan->window * 2, requests, statuses)))
})

// MARK: One rank, alone

static MPI_Request request;
static char kept[64];

__attribute__((noinline)) int cbench_begin_receive(const CBenchPlan *plan) {
  return MPI_Irecv(kept, (int)plan->count, typeOf(plan->element), plan->rank, 0, MPI_COMM_WORLD, &request);
}
__attribute__((noinline)) int cbench_begin_send(const CBenchPlan *plan) {
  return MPI_Isend(kept, (int)plan->count, typeOf(plan->element), plan->rank, 0, MPI_COMM_WORLD, &request);
}
__attribute__((noinline)) int cbench_finish(void) { return MPI_Wait(&request, MPI_STATUS_IGNORE); }

BODY(send, {
  CHECK(cbench_begin_receive(plan));
  CHECK(MPI_Send(values, count, type, plan->rank, 0, world));
  CHECK(cbench_finish());
})

BODY(receive, {
  MPI_Status status;
  CHECK(cbench_begin_send(plan));
  CHECK(MPI_Recv(result, count, type, plan->rank, 0, world, &status));
  CHECK(cbench_finish());
})

BODY(send_receive, {
  MPI_Status status;
  CHECK(MPI_Sendrecv(values, count, type, plan->rank, 0, result, count, type, plan->rank, 0, world, &status));
})

BODY(start_many, {
  MPI_Request requests[2 * MOST_MESSAGES];
  MPI_Status statuses[2 * MOST_MESSAGES];
  CHECK(receiveWindow(plan, type, requests));
  CHECK(sendWindow(plan, type, requests + plan->window));
  CHECK(MPI_Waitall((int)plan->window * 2, requests, statuses));
})

BODY(start, {
  MPI_Request receiving, sending;
  MPI_Status status;
  CHECK(MPI_Irecv(result, count, type, plan->rank, 0, world, &receiving));
  CHECK(MPI_Isend(values, count, type, plan->rank, 0, world, &sending));
  CHECK(MPI_Wait(&sending, &status));
  CHECK(MPI_Wait(&receiving, &status));
})
