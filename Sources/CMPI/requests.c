// Starting messages of more than 2^31-1 values, and completing many requests at once.
#include "CMPI.h"

#include "waits.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

// MARK: Starting

/// The slow way of starting a message, which ends here when the count was no obstacle.
#define CMPI_BEGIN_START(name, call)                                                                          \
  CMPI_ENTER();                                                                                               \
  CMPI_START(request, .operation = CMPI_OPERATION_##name | CMPI_STARTED, .comm = comm, .hasRoot = true,       \
             .root = rank, .tag = tag, .hasType = true, .count = count, .type = type)                         \
  if (!CMPI_IS_LARGE(count)) return call;

#define CMPI_START_MATCHED()                                                                                  \
  CMPI_ENTER();                                                                                               \
  CMPI_START(request, .operation = CMPI_OPERATION_RECEIVE_MATCHED | CMPI_STARTED, .comm = {MPI_COMM_NULL},    \
             .hasType = true, .count = count, .type = type)

#if CMPI_HAS_LARGE_COUNT

int cmpi_isend_slow(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  CMPI_BEGIN_START(SEND, cmpi_isend_now(mode, data, (int)count, type, rank, tag, comm, request))
  switch (mode) {
    case CMPI_SYNCHRONOUS: return MPI_Issend_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    case CMPI_BUFFERED: return MPI_Ibsend_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    case CMPI_READY: return MPI_Irsend_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    default: return MPI_Isend_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
  }
}

int cmpi_irecv_slow(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request) {
  CMPI_BEGIN_START(RECEIVE, MPI_Irecv(data, (int)count, type.raw, rank, tag, comm.raw, &request->raw))
  return MPI_Irecv_c(data, count, type.raw, rank, tag, comm.raw, &request->raw);
}

int cmpi_imrecv(void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Request *request) {
  CMPI_START_MATCHED()
  return MPI_Imrecv_c(data, count, type.raw, &message->raw, &request->raw);
}

/// Whether `MPI_Isendrecv` must not be given a datatype: MPICH 4.0 lets go of derived ones once too often.
static bool isUnsound(CMPI_Datatype type) {
#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 50000000
  int integers, addresses, types, combiner = MPI_COMBINER_NAMED;
  return MPI_Type_get_envelope(type.raw, &integers, &addresses, &types, &combiner) == MPI_SUCCESS
         && combiner != MPI_COMBINER_NAMED;
#else
  return (void)type, false;
#endif
}

static int startSendReceive(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, CMPI_Request *request) {
  CMPI_ENTER();
  if (isUnsound(outType) || isUnsound(inType)) return MPI_ERR_UNSUPPORTED_OPERATION;
  CMPI_START(request, .operation = CMPI_OPERATION_SEND_RECEIVE | CMPI_STARTED, .comm = comm, .hasRoot = true, .root = to,
             .source = from, .tag = outTag, .sourceTag = inTag, .hasType = true, .count = outCount, .type = outType)
  return MPI_Isendrecv_c(out, outCount, outType.raw, to, outTag, in, inCount, inType.raw, from, inTag, comm.raw,
                         &request->raw);
}

CMPI_Request cmpi_isendrecv(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, int *code) {
  CMPI_Request request = cmpi_request_null();
  *code = startSendReceive(out, outCount, outType, to, outTag, in, inCount, inType, from, inTag, comm, &request);
  return request;
}

int cmpi_isendrecv_replace(
  void *data, int64_t count, CMPI_Datatype type, int to, int outTag, int from, int inTag, CMPI_Comm comm,
  CMPI_Request *request) {
  CMPI_ENTER();
  if (isUnsound(type)) return MPI_ERR_UNSUPPORTED_OPERATION;
  CMPI_START(request, .operation = CMPI_OPERATION_SEND_RECEIVE | CMPI_STARTED, .comm = comm, .hasRoot = true, .root = to,
             .source = from, .tag = outTag, .sourceTag = inTag, .hasType = true, .count = count, .type = type)
  return MPI_Isendrecv_replace_c(data, count, type.raw, to, outTag, from, inTag, comm.raw, &request->raw);
}

#else

// The datatype may be freed as soon as the message is started: MPI keeps it for as long as it needs it.

int cmpi_isend_slow(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  CMPI_BEGIN_START(SEND, cmpi_isend_now(mode, data, (int)count, type, rank, tag, comm, request))
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  code = cmpi_isend_now(mode, data, 1, whole, rank, tag, comm, request);
  MPI_Type_free(&whole.raw);
  return code;
}

int cmpi_irecv_slow(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request) {
  CMPI_BEGIN_START(RECEIVE, MPI_Irecv(data, (int)count, type.raw, rank, tag, comm.raw, &request->raw))
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  code = MPI_Irecv(data, 1, whole.raw, rank, tag, comm.raw, &request->raw);
  MPI_Type_free(&whole.raw);
  return code;
}

int cmpi_imrecv(void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Request *request) {
  CMPI_START_MATCHED()
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

int cmpi_isendrecv_replace(
  void *data, int64_t count, CMPI_Datatype type, int to, int outTag, int from, int inTag, CMPI_Comm comm,
  CMPI_Request *request) {
  (void)data, (void)count, (void)type, (void)to, (void)outTag, (void)from, (void)inTag, (void)comm, (void)request;
  CMPI_ENTER();
  return MPI_ERR_UNSUPPORTED_OPERATION;
}

#endif

#if defined(MPICH)

int cmpi_irecv_nothing(CMPI_Request *request) {
  int code = cmpi_grequest_start(request);
  return code == MPI_SUCCESS ? cmpi_grequest_complete(*request) : code;
}

#endif

// MARK: Memory of groups

CMPI_Room cmpi_no_room = {.capacity = 0};
_Thread_local CMPI_Room *cmpi_spare_room __attribute__((tls_model("initial-exec"))) = NULL;

static pthread_key_t spareEnd;
static pthread_once_t spareEndOnce = PTHREAD_ONCE_INIT;

/// The end of a thread, which keeps memory no longer.
static void dropSpare(void *mark) {
  (void)mark;
  if (cmpi_spare_room != &cmpi_no_room) free(cmpi_spare_room);
  cmpi_spare_room = NULL;
}

static void makeSpareEnd(void) { pthread_key_create(&spareEnd, dropSpare); }

void *cmpi_room_make(size_t wanted, size_t each) {
  // All that lies in it is as aligned as the start, whatever comes first.
  const size_t capacity = (wanted + 7) / 8 * 8;
  CMPI_Room *room = malloc(sizeof *room + capacity * each);
  if (!room) return NULL;
  room->capacity = capacity;
  return room + 1;
}

void cmpi_room_drop(void *memory) {
  CMPI_Room *room = (CMPI_Room *)memory - 1;
  if (!cmpi_spare_room) {
    pthread_once(&spareEndOnce, makeSpareEnd);
    if (pthread_setspecific(spareEnd, &cmpi_no_room) == 0) cmpi_spare_room = &cmpi_no_room;
  }
  CMPI_Room *spare = cmpi_spare_room;
  if (!spare || room->capacity <= spare->capacity || room->capacity > CMPI_MOST_SPARE) {
    free(room);
    return;
  }
  if (spare != &cmpi_no_room) free(spare);
  cmpi_spare_room = room;
}

// MARK: Calling off

bool cmpi_cancel_when_alone(int count, CMPI_Request *receives, int *code) {
  int gate = cmpi_gate_ask();
  *code = -gate;
  if (gate != CMPI_GATE_OPEN) return true;
  if (!cmpi_hold_others()) return false;
  for (int i = 0; i < count && *code == MPI_SUCCESS; i++) {
    int isComplete = 0;
    // One that was called off before is complete, and must not be called off again.
    if (receives[i].raw == MPI_REQUEST_NULL) continue;
    *code = MPI_Request_get_status(receives[i].raw, &isComplete, MPI_STATUS_IGNORE);
    if (*code == MPI_SUCCESS && !isComplete) *code = MPI_Cancel(&receives[i].raw);
  }
  cmpi_release_others();
  return true;
}

int cmpi_cancel(CMPI_Request *receive) {
  int code, isComplete = 0;
  while (!cmpi_cancel_when_alone(1, receive, &code)) {
    {
      CMPI_ENTER();
      code = MPI_Request_get_status(receive->raw, &isComplete, MPI_STATUS_IGNORE);
    }
    if (isComplete || code != MPI_SUCCESS) break;
    cmpi_yield();
  }
  return code;
}

int cmpi_wait_slow(CMPI_Request *request, CMPI_Status *status) {
  CMPI_ENTER();
  return cmpi_is_watching ? cmpi_watched_wait(request, &status->raw) : MPI_Wait(&request->raw, &status->raw);
}

int cmpi_test_slow(CMPI_Request *request, int *flag, CMPI_Status *status) {
  CMPI_ENTER();
  return cmpi_is_watching ? cmpi_watched_test(request, flag, &status->raw)
                          : MPI_Test(&request->raw, flag, &status->raw);
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

/// Whether the MPI can wait for all of them at once: MPICH 4.0 to 5.0 aborts when a generalized request stands beside a
/// null one, and Open MPI 4.1 with MPI_THREAD_MULTIPLE, where calls are counted, never returns when one has failed already.
static bool canWaitTogether(int count, const CMPI_Request *requests) {
#if defined(MPICH_NUMVERSION)
  for (int i = 0; i < count; i++)
    if (requests[i].raw == MPI_REQUEST_NULL) return false;
#elif defined(OPEN_MPI) && OMPI_MAJOR_VERSION < 5
  if (cmpi_is_counting()) return false;
#endif
  return (void)count, (void)requests, true;
}

/// After a failure MPI may leave others pending, whose memory it still uses: waits for them as well.
static int waitForRest(int code, int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes) {
  int whole = spread(code, count, statuses, codes);
  for (int i = 0; i < count; i++) {
    if (whole != MPI_SUCCESS || codes[i] == MPI_ERR_PENDING) codes[i] = MPI_Wait(&requests[i].raw, &statuses[i].raw);
    requests[i].raw = MPI_REQUEST_NULL;
  }
  return MPI_ERR_IN_STATUS;
}

int cmpi_wait_for_all(int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes) {
  if (!canWaitTogether(count, requests)) return waitForRest(MPI_ERR_PENDING, count, requests, statuses, codes);
  int code = MPI_Waitall(count, &requests->raw, &statuses->raw);
  return code == MPI_SUCCESS ? code : waitForRest(normalized(code), count, requests, statuses, codes);
}

int cmpi_waitall(int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes) {
  CMPI_ENTER();
  return cmpi_is_watching ? cmpi_watched_waitall(count, requests, statuses, codes, cmpi_wait_for_all)
                          : cmpi_wait_for_all(count, requests, statuses, codes);
}

int cmpi_waitall_failed(int code, int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes) {
  return waitForRest(normalized(code), count, requests, statuses, codes);
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
    codes[i] = cmpi_test(&requests[i], &isDone, &statuses[i]);
    if (codes[i] == MPI_SUCCESS && !isDone) codes[i] = -1, *flag = 0;
  }
  return MPI_SUCCESS;
}

/// Takes a failed request for complete: MPI sets it to null, or should have.
static void settle(CMPI_Request *requests, int index, int code) {
  if (code != MPI_SUCCESS && index >= 0) requests[index].raw = MPI_REQUEST_NULL;
}

/// One at most: `done` is 1 then, -1 when none is pending.
static int anyOf(bool waits, int count, CMPI_Request *requests, int *done, int *index, CMPI_Status *status, int *code) {
  int flag = 0;
  *index = MPI_UNDEFINED;
  int result = waits ? MPI_Waitany(count, &requests->raw, index, &status->raw)
                     : MPI_Testany(count, &requests->raw, index, &flag, &status->raw);
  *done = *index != MPI_UNDEFINED ? 1 : waits || flag ? -1 : 0;
  if (*done <= 0) return result;
  *code = result;
  settle(requests, *index, result);
  return MPI_SUCCESS;
}

static int waitForAny(int count, CMPI_Request *requests, int *done, int *index, CMPI_Status *status, int *code) {
  return anyOf(true, count, requests, done, index, status, code);
}

static int testForAny(int count, CMPI_Request *requests, int *done, int *index, CMPI_Status *status, int *code) {
  return anyOf(false, count, requests, done, index, status, code);
}

int cmpi_waitany(int count, CMPI_Request *requests, int *index, CMPI_Status *status, int *code) {
  CMPI_ENTER();
  int done = -1;
  int result = cmpi_is_watching ? cmpi_watched_some(CMPI_WAIT_ANY, count, requests, &done, index, status, code,
                                                    testForAny, waitForAny)
                                : waitForAny(count, requests, &done, index, status, code);
  if (done <= 0) *index = -1;
  return result;
}

int cmpi_testany(int count, CMPI_Request *requests, int *index, int *flag, CMPI_Status *status, int *code) {
  CMPI_ENTER();
  int done = 0;
  int result = cmpi_is_watching ? cmpi_watched_some(CMPI_TEST_ANY, count, requests, &done, index, status, code,
                                                    testForAny, testForAny)
                                : testForAny(count, requests, &done, index, status, code);
  *flag = done != 0;
  if (done <= 0) *index = -1;
  return result;
}

static int someOf(
  bool waits, int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes) {
  *done = MPI_UNDEFINED;
  int code = normalized(waits ? MPI_Waitsome(count, &requests->raw, done, indices, &statuses->raw)
                              : MPI_Testsome(count, &requests->raw, done, indices, &statuses->raw));
  *done = *done == MPI_UNDEFINED ? -1 : *done;
  code = spread(code, *done, statuses, codes);
  for (int i = 0; i < *done; i++) settle(requests, indices[i], codes[i]);
  return code;
}

static int waitForSome(
  int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes) {
  return someOf(true, count, requests, done, indices, statuses, codes);
}

static int testForSome(
  int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes) {
  return someOf(false, count, requests, done, indices, statuses, codes);
}

int cmpi_waitsome(int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes) {
  CMPI_ENTER();
  return cmpi_is_watching ? cmpi_watched_some(CMPI_WAIT_SOME, count, requests, done, indices, statuses, codes,
                                              testForSome, waitForSome)
                          : waitForSome(count, requests, done, indices, statuses, codes);
}

int cmpi_testsome(int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes) {
  CMPI_ENTER();
  return cmpi_is_watching ? cmpi_watched_some(CMPI_TEST_SOME, count, requests, done, indices, statuses, codes,
                                              testForSome, testForSome)
                          : testForSome(count, requests, done, indices, statuses, codes);
}
