// What a C program does to send a record with a name and an array of any length: one buffer with everything in it, a
// length that the other side does not know, and an array that is made there.
#include "plan.h"

typedef struct {
  int64_t identifier, count;
  char name[32];
} Header;

static char *packed(const CBenchPlan *plan, long *bytes) {
  const long length = plan->count * widthOf(plan->element);
  char *buffer = malloc(sizeof(Header) + length);
  if (!buffer) return NULL;
  Header header = {.identifier = 1, .count = plan->count, .name = "a record of the benchmark"};
  memcpy(buffer, &header, sizeof header);
  memcpy(buffer + sizeof header, plan->values, length);
  *bytes = (long)sizeof header + length;
  return buffer;
}

/// Makes the array that a buffer holds; the result is the last one.
static int unpack(const CBenchPlan *plan, const char *buffer) {
  Header header;
  memcpy(&header, buffer, sizeof header);
  const long length = header.count * widthOf(plan->element);
  char *values = malloc(length);
  if (!values) return MPI_ERR_NO_MEM;
  memcpy(values, buffer + sizeof header, length);
  memcpy(plan->result, values, widthOf(plan->element));
  free(values);
  return 0;
}

static int sendObject(const CBenchPlan *plan) {
  long bytes;
  char *buffer = packed(plan, &bytes);
  if (!buffer) return MPI_ERR_NO_MEM;
  CHECK(MPI_Send(buffer, (int)bytes, MPI_BYTE, plan->peer, 0, MPI_COMM_WORLD));
  free(buffer);
  return 0;
}

static int receiveObject(const CBenchPlan *plan) {
  MPI_Message message;
  MPI_Status status;
  int bytes;
  CHECK(MPI_Mprobe(plan->peer, 0, MPI_COMM_WORLD, &message, &status));
  CHECK(MPI_Get_count(&status, MPI_BYTE, &bytes));
  char *buffer = malloc(bytes);
  if (!buffer) return MPI_ERR_NO_MEM;
  CHECK(MPI_Mrecv(buffer, bytes, MPI_BYTE, &message, &status));
  CHECK(unpack(plan, buffer));
  free(buffer);
  return 0;
}

int cbench_object_latency(const CBenchPlan *plan, long calls) {
  if (plan->peer < 0) return 0;
  for (long i = 0; i < calls; i++) {
    if (plan->isFirst) CHECK(sendObject(plan));
    CHECK(receiveObject(plan));
    if (!plan->isFirst) CHECK(sendObject(plan));
  }
  return 0;
}

int cbench_object_broadcast(const CBenchPlan *plan, long calls) {
  for (long i = 0; i < calls; i++) {
    long bytes = 0;
    char *buffer = plan->rank == 0 ? packed(plan, &bytes) : NULL;
    CHECK(MPI_Bcast(&bytes, 1, MPI_INT64_T, 0, MPI_COMM_WORLD));
    if (!buffer) buffer = malloc(bytes);
    if (!buffer) return MPI_ERR_NO_MEM;
    CHECK(MPI_Bcast(buffer, (int)bytes, MPI_BYTE, 0, MPI_COMM_WORLD));
    if (plan->rank != 0) CHECK(unpack(plan, buffer));
    free(buffer);
  }
  return 0;
}
