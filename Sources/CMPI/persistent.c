#include "CMPI.h"

#include "waits.h"

/// What is made, and will be started.
#define MADE(name, ...)                                                                                  \
  CMPI_START(request, .operation = CMPI_OPERATION_##name | CMPI_STARTED | CMPI_PERSISTENT, .comm = comm, \
             __VA_ARGS__)

// MARK: Messages

/// A block that an `int` cannot count is one value of a datatype, which MPI keeps for as long as the request needs it.
#define WITH_WHOLE(name, call)                                    \
  CMPI_ENTER();                                                   \
  MADE(name, .hasRoot = true, .root = rank, .tag = tag, .hasType = true, .count = count, .type = type) \
  CMPI_Datatype whole = type;                                     \
  int some = (int)count, code = MPI_SUCCESS;                      \
  if (CMPI_IS_LARGE(count)) {                                     \
    code = cmpi_type_contiguous(count, type, &whole);             \
    some = 1;                                                     \
  }                                                               \
  if (code != MPI_SUCCESS) return code;                           \
  code = call;                                                    \
  if (CMPI_IS_LARGE(count)) MPI_Type_free(&whole.raw);            \
  return code;

static int makeSend(
  int mode, const void *data, int count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  switch (mode) {
    case CMPI_SYNCHRONOUS: return MPI_Ssend_init(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    case CMPI_BUFFERED: return MPI_Bsend_init(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    case CMPI_READY: return MPI_Rsend_init(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    default: return MPI_Send_init(data, count, type.raw, rank, tag, comm.raw, &request->raw);
  }
}

int cmpi_send_init(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  WITH_WHOLE(SEND, makeSend(mode, data, some, whole, rank, tag, comm, request))
}

int cmpi_recv_init(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request) {
  WITH_WHOLE(RECEIVE, MPI_Recv_init(data, some, whole.raw, rank, tag, comm.raw, &request->raw))
}

int cmpi_start_slow(CMPI_Request *request) {
  CMPI_ENTER();
  CMPI_CallScope scope __attribute__((cleanup(cmpi_call_leave))) = {false};
  int refusal = CMPI_UNLIKELY(cmpi_is_watching) ? cmpi_watched_start(&scope, request->raw) : MPI_SUCCESS;
  return refusal == MPI_SUCCESS ? MPI_Start(&request->raw) : refusal;
}

void cmpi_request_release(CMPI_Request request) {
  if (cmpi_gate_ask() != CMPI_GATE_OPEN || request.raw == MPI_REQUEST_NULL) return;
  cmpi_watched_release(request.raw);
  MPI_Request_free(&request.raw);
}

int cmpi_startall(int count, CMPI_Request *requests) {
  CMPI_ENTER();
  return MPI_Startall(count, &requests->raw);
}

// MARK: Partitions

#if MPI_VERSION >= 4

int cmpi_psend_init(
  const void *data, int partitions, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  CMPI_ENTER();
  return MPI_Psend_init(data, partitions, count, type.raw, rank, tag, comm.raw, MPI_INFO_NULL, &request->raw);
}

int cmpi_precv_init(
  void *data, int partitions, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  CMPI_ENTER();
  return MPI_Precv_init(data, partitions, count, type.raw, rank, tag, comm.raw, MPI_INFO_NULL, &request->raw);
}

int cmpi_pready(int partition, CMPI_Request request) {
  CMPI_ENTER();
  return MPI_Pready(partition, request.raw);
}

int cmpi_parrived(CMPI_Request request, int partition, int *flag) {
  CMPI_ENTER();
  return MPI_Parrived(request.raw, partition, flag);
}

#else

int cmpi_psend_init(
  const void *data, int partitions, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  (void)data, (void)partitions, (void)count, (void)type, (void)rank, (void)tag, (void)comm, (void)request;
  CMPI_ENTER();
  return MPI_ERR_UNSUPPORTED_OPERATION;
}

int cmpi_precv_init(
  void *data, int partitions, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  return cmpi_psend_init(data, partitions, count, type, rank, tag, comm, request);
}

int cmpi_pready(int partition, CMPI_Request request) {
  return (void)partition, (void)request, MPI_ERR_UNSUPPORTED_OPERATION;
}

int cmpi_parrived(CMPI_Request request, int partition, int *flag) {
  return (void)request, (void)partition, (void)flag, MPI_ERR_UNSUPPORTED_OPERATION;
}

#endif

// MARK: Generalized requests

static int statusOfNothing(void *state, MPI_Status *status) {
  (void)state;
  MPI_Status_set_elements(status, MPI_BYTE, 0);
  MPI_Status_set_cancelled(status, 0);
  status->MPI_SOURCE = MPI_PROC_NULL, status->MPI_TAG = MPI_ANY_TAG;
  return MPI_SUCCESS;
}
static int freeNothing(void *state) { return (void)state, MPI_SUCCESS; }
static int cancelNothing(void *state, int isComplete) { return (void)state, (void)isComplete, MPI_SUCCESS; }

int cmpi_grequest_start(CMPI_Request *request) {
  CMPI_ENTER();
  return MPI_Grequest_start(statusOfNothing, freeNothing, cancelNothing, NULL, &request->raw);
}

int cmpi_grequest_complete(CMPI_Request request) {
  CMPI_ENTER();
  return MPI_Grequest_complete(request.raw);
}
