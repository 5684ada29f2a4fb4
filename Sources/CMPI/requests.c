// Starting messages of more than 2^31-1 values, and completing many requests at once.
#include "CMPI.h"

#include <stdio.h>

// MARK: Starting

#if CMPI_HAS_LARGE_COUNT

int cmpi_isend_slow(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  CMPI_BEGIN_SLOW(count, cmpi_isend_now(mode, data, (int)count, type, rank, tag, comm, request));
  switch (mode) {
    case CMPI_SYNCHRONOUS: return MPI_Issend_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    case CMPI_BUFFERED: return MPI_Ibsend_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    case CMPI_READY: return MPI_Irsend_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    default: return MPI_Isend_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
  }
}

int cmpi_irecv_slow(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request) {
  CMPI_BEGIN_SLOW(count, MPI_Irecv(data, (int)count, type.raw, rank, tag, comm.raw, &request->raw));
  return MPI_Irecv_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
}

int cmpi_imrecv(void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Request *request) {
  CMPI_ENTER();
  return MPI_Imrecv_c(data, count, type.raw, &message->raw, &request->raw);
}

CMPI_Request cmpi_isendrecv(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, int *code) {
  CMPI_Request request = cmpi_request_null();
  int gate = cmpi_gate_ask();
  *code = gate != CMPI_GATE_OPEN ? -gate
                                 : MPI_Isendrecv_c(out, outCount, outType.raw, to, outTag, in, inCount, inType.raw,
                                                   from, inTag, comm.raw, &request.raw);
  return request;
}

#else

// The datatype may be freed as soon as the message is started: MPI keeps it for as long as it needs it.

int cmpi_isend_slow(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  CMPI_BEGIN_SLOW(count, cmpi_isend_now(mode, data, (int)count, type, rank, tag, comm, request));
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  code = cmpi_isend_now(mode, data, 1, whole, rank, tag, comm, request);
  MPI_Type_free(&whole.raw);
  return code;
}

int cmpi_irecv_slow(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request) {
  CMPI_BEGIN_SLOW(count, MPI_Irecv(data, (int)count, type.raw, rank, tag, comm.raw, &request->raw));
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  code = MPI_Irecv(data, 1, whole.raw, rank, tag, comm.raw, &request->raw);
  MPI_Type_free(&whole.raw);
  return code;
}

int cmpi_imrecv(void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Request *request) {
  CMPI_ENTER();
  if (!CMPI_IS_LARGE(count)) return MPI_Imrecv(data, (int)count, type.raw, &message->raw, &request->raw);
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  code = MPI_Imrecv(data, 1, whole.raw, &message->raw, &request->raw);
  MPI_Type_free(&whole.raw);
  return code;
}

CMPI_Request cmpi_isendrecv(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, int *code) {
  (void)out, (void)outCount, (void)outType, (void)to, (void)outTag, (void)in, (void)inCount, (void)inType;
  (void)from, (void)inTag, (void)comm;
  int gate = cmpi_gate_ask();
  *code = gate != CMPI_GATE_OPEN ? -gate : MPI_ERR_UNSUPPORTED_OPERATION;
  return cmpi_request_null();
}

#endif

#if defined(MPICH)

int cmpi_irecv_nothing(CMPI_Request *request) {
  int code = cmpi_grequest_start(request);
  return code == MPI_SUCCESS ? cmpi_grequest_complete(*request) : code;
}

#endif

// MARK: Completing

/// Seconds after which it is said that a request which nobody waited for keeps its owner from ending.
enum { PATIENCE = 5 };

/// Waits, and says so when it takes long: an error that was thrown past the wait would otherwise never be seen, because
/// the scope that it leaves cannot end.
static void waitForForgotten(MPI_Request *request) {
  int isDone = 0, rank = 0;
  for (int64_t start = cmpi_now(); !isDone && cmpi_now() - start < PATIENCE * (int64_t)1000000000;)
    if (MPI_Test(request, &isDone, MPI_STATUS_IGNORE) != MPI_SUCCESS) return;
  if (isDone) return;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  fprintf(stderr,
          "warning: rank %d waits for a request at the end of its life; was an error thrown before `wait()`?\n", rank);
  MPI_Wait(request, MPI_STATUS_IGNORE);
}

bool cmpi_complete_forgotten(CMPI_Request request) {
  switch (cmpi_gate_ask()) {
    case CMPI_GATE_OPEN: waitForForgotten(&request.raw); return true;
    case CMPI_GATE_WRONG_THREAD: return false;
    default: return true;
  }
}

/// The codes of a call that completed `count` requests: in the statuses where it says so.
static int spread(int code, int count, const CMPI_Status *statuses, int *codes) {
  for (int i = 0; i < count; i++) codes[i] = code == MPI_ERR_IN_STATUS ? statuses[i].raw.MPI_ERROR : MPI_SUCCESS;
  return code == MPI_ERR_IN_STATUS ? MPI_SUCCESS : code;
}

/// Whether a code says that the statuses have one each; an implementation may add its own information to the class.
static int normalized(int code) {
  int class = code;
  if (code != MPI_SUCCESS) MPI_Error_class(code, &class);
  return class == MPI_ERR_IN_STATUS ? MPI_ERR_IN_STATUS : code;
}

int cmpi_waitall(int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes) {
  CMPI_ENTER();
#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000
  // MPICH 4.0 aborts in MPI_Waitall when one of them is a generalized request.
  for (int i = 0; i < count; i++) {
    codes[i] = MPI_Wait(&requests[i].raw, &statuses[i].raw);
    requests[i].raw = MPI_REQUEST_NULL;
  }
  return MPI_SUCCESS;
#else
  int code = normalized(MPI_Waitall(count, &requests->raw, &statuses->raw));
  int whole = spread(code, count, statuses, codes);
  // After a failure MPI may leave others pending, whose memory it still uses: wait for them as well.
  for (int i = 0; i < count && code != MPI_SUCCESS; i++) {
    if (whole != MPI_SUCCESS || codes[i] == MPI_ERR_PENDING) codes[i] = MPI_Wait(&requests[i].raw, &statuses[i].raw);
    requests[i].raw = MPI_REQUEST_NULL;
  }
  return MPI_SUCCESS;
#endif
}

int cmpi_testall(int count, CMPI_Request *requests, int *flag, CMPI_Status *statuses, int *codes) {
  CMPI_ENTER();
  // Not MPI_Testall, which says nothing about those that are complete while others are not, and stops at a failure.
  *flag = 1;
  for (int i = 0; i < count; i++) {
    int isDone = 1;
    if (requests[i].raw == MPI_REQUEST_NULL) {
      codes[i] = -1;
      continue;
    }
    codes[i] = MPI_Test(&requests[i].raw, &isDone, &statuses[i].raw);
    if (codes[i] == MPI_SUCCESS && !isDone) codes[i] = -1, *flag = 0;
  }
  return MPI_SUCCESS;
}

/// Takes a failed request for complete: MPI sets it to null, or should have.
static void settle(CMPI_Request *requests, int index, int code) {
  if (code != MPI_SUCCESS && index >= 0) requests[index].raw = MPI_REQUEST_NULL;
}

int cmpi_waitany(int count, CMPI_Request *requests, int *index, CMPI_Status *status, int *code) {
  CMPI_ENTER();
  *index = MPI_UNDEFINED;
  int result = MPI_Waitany(count, &requests->raw, index, &status->raw);
  *index = *index == MPI_UNDEFINED ? -1 : *index;
  *code = result;
  settle(requests, *index, result);
  return *index < 0 ? result : MPI_SUCCESS;
}

int cmpi_testany(int count, CMPI_Request *requests, int *index, int *flag, CMPI_Status *status, int *code) {
  CMPI_ENTER();
  *index = MPI_UNDEFINED;
  int result = MPI_Testany(count, &requests->raw, index, flag, &status->raw);
  *index = *index == MPI_UNDEFINED ? -1 : *index;
  *code = result;
  settle(requests, *index, result);
  if (*index >= 0) *flag = 1;
  return *index < 0 ? result : MPI_SUCCESS;
}

int cmpi_waitsome(int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes) {
  CMPI_ENTER();
  *done = MPI_UNDEFINED;
  int code = normalized(MPI_Waitsome(count, &requests->raw, done, indices, &statuses->raw));
  *done = *done == MPI_UNDEFINED ? -1 : *done;
  code = spread(code, *done, statuses, codes);
  for (int i = 0; i < *done; i++) settle(requests, indices[i], codes[i]);
  return code;
}

int cmpi_testsome(int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes) {
  CMPI_ENTER();
  *done = MPI_UNDEFINED;
  int code = normalized(MPI_Testsome(count, &requests->raw, done, indices, &statuses->raw));
  *done = *done == MPI_UNDEFINED ? -1 : *done;
  code = spread(code, *done, statuses, codes);
  for (int i = 0; i < *done; i++) settle(requests, indices[i], codes[i]);
  return code;
}
