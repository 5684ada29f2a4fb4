// Chapter 3.7, nonblocking communication: starting messages, and completing requests of every kind.
//
// Starting is as in `point_to_point.h`: one MPI call when the count fits an `int` and the gate is open, else through
// `requests.c`. A request that is complete is null.
#ifndef CMPI_REQUESTS_H
#define CMPI_REQUESTS_H

#include "point_to_point.h"

/// A pointer or an `int`; an array of them is an array of MPI's own.
typedef struct { MPI_Request raw; } CMPI_Request;

CMPI_INLINE CMPI_Request cmpi_request_null(void) { return (CMPI_Request){MPI_REQUEST_NULL}; }
CMPI_INLINE bool cmpi_request_is_null(CMPI_Request request) { return request.raw == MPI_REQUEST_NULL; }

// A request as a number, which other threads may be given.
CMPI_INLINE uintptr_t cmpi_request_word(CMPI_Request request) { return (uintptr_t)request.raw; }
CMPI_INLINE CMPI_Request cmpi_request_from_word(uintptr_t word) { return (CMPI_Request){(MPI_Request)word}; }

int cmpi_isend_slow(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request);
int cmpi_irecv_slow(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request);
int cmpi_imrecv(void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Request *request);

CMPI_INLINE int cmpi_isend_now(
  int mode, const void *data, int count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request) {
  switch (mode) {
    case CMPI_SYNCHRONOUS: return MPI_Issend(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    case CMPI_BUFFERED: return MPI_Ibsend(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    case CMPI_READY: return MPI_Irsend(data, count, type.raw, rank, tag, comm.raw, &request->raw);
    default: return MPI_Isend(data, count, type.raw, rank, tag, comm.raw, &request->raw);
  }
}

/// Starts a send; the request counts only when the code is success.
CMPI_INLINE CMPI_Request cmpi_isend(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, int *code) {
  CMPI_Request request;
  *code = CMPI_IS_SLOW(count) ? cmpi_isend_slow(mode, data, count, type, rank, tag, comm, &request)
                              : cmpi_isend_now(mode, data, (int)count, type, rank, tag, comm, &request);
  return request;
}

/// MPICH's receive from no process says at its end that it was one from rank 0: ours says that it was from none.
#if defined(MPICH)
int cmpi_irecv_nothing(CMPI_Request *request);
#define CMPI_RECEIVES_NOTHING(rank) CMPI_UNLIKELY((rank) == MPI_PROC_NULL)
#else
#define CMPI_RECEIVES_NOTHING(rank) false
#define cmpi_irecv_nothing(request) MPI_ERR_INTERN
#endif

/// Starts a receive; the request counts only when the code is success.
CMPI_INLINE CMPI_Request cmpi_irecv(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, int *code) {
  CMPI_Request request;
  *code = CMPI_RECEIVES_NOTHING(rank) ? cmpi_irecv_nothing(&request)
        : CMPI_IS_SLOW(count) ? cmpi_irecv_slow(data, count, type, rank, tag, comm, &request)
                              : MPI_Irecv(data, (int)count, type.raw, rank, tag, comm.raw, &request.raw);
  return request;
}

/// Starts a send and a receive as one request: `MPI_Isendrecv` where there is one (MPI 4), else code
/// `MPI_ERR_UNSUPPORTED_OPERATION`.
CMPI_Request cmpi_isendrecv(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, int *code);
int cmpi_isendrecv_replace(
  void *data, int64_t count, CMPI_Datatype type, int to, int outTag, int from, int inTag, CMPI_Comm comm,
  CMPI_Request *request);

int cmpi_wait_slow(CMPI_Request *request, CMPI_Status *status);
int cmpi_test_slow(CMPI_Request *request, int *flag, CMPI_Status *status);

/// Waits for a request, with a status that nobody has to prepare.
CMPI_INLINE CMPI_Status cmpi_waited(CMPI_Request request, int *code) {
  CMPI_Status status;
  *code = cmpi_gate_is_closed() ? cmpi_wait_slow(&request, &status) : MPI_Wait(&request.raw, &status.raw);
  return status;
}

CMPI_INLINE int cmpi_test(CMPI_Request *request, int *flag, CMPI_Status *status) {
  return cmpi_gate_is_closed() ? cmpi_test_slow(request, flag, status)
                               : MPI_Test(&request->raw, flag, &status->raw);
}

/// Says which error, one of Swift, has left a request behind, or ends the job with it.
typedef void (*CMPI_ErrorReporter)(const void *error, bool endsJob);

/// Notes from now on the errors that are thrown: one may be thrown past requests.
void cmpi_watch_errors(CMPI_ErrorReporter reporter);

/// Waits for a request at the end of its owner's life: nothing after MPI was finalised. False when it is still pending,
/// which is where this thread may not call MPI.
bool cmpi_complete_forgotten(CMPI_Request request);

/// Asks MPI to call receives off; null requests, and those whose messages are here, stay as they are. Afterwards each that
/// is not null is complete or will be. False, and nothing is done, while another thread is inside MPI: Open MPI looks
/// whether the message is here before it takes the lock that the answer needs.
bool cmpi_cancel_when_alone(int count, CMPI_Request *receives, int *code);

/// The same for one receive, as soon as it can be done; returns also when its message has come before.
int cmpi_cancel(CMPI_Request *receive);

CMPI_INLINE int cmpi_status_is_cancelled(const CMPI_Status *status, int *flag) {
  return MPI_Test_cancelled(&status->raw, flag);
}

/// What stands in front of the memory of a group.
typedef struct {
  size_t capacity;
} CMPI_Room __attribute__((aligned(16)));

/// The memory of the last group that has ended on this thread, for the next one: none, or null as long as it is not certain
/// that the thread gives it back at its end.
extern _Thread_local CMPI_Room *cmpi_spare_room __attribute__((tls_model("initial-exec")));
extern CMPI_Room cmpi_no_room;
enum { CMPI_MOST_SPARE = 2048 };  // what has room for more is not kept
void *cmpi_room_make(size_t wanted, size_t each);
void cmpi_room_drop(void *memory);

/// How many requests there is room for: a multiple of 8.
CMPI_INLINE size_t cmpi_room_capacity(const void *memory) { return ((const CMPI_Room *)memory - 1)->capacity; }

/// Memory for a group of at least so many requests, one or more, of so many bytes each. NULL when there is none to be had.
CMPI_INLINE void *cmpi_room_take(size_t wanted, size_t each) {
  CMPI_Room *spare = cmpi_spare_room;
  if (CMPI_UNLIKELY(!spare || spare->capacity < wanted)) return cmpi_room_make(wanted, each);
  cmpi_spare_room = &cmpi_no_room;
  return spare + 1;
}
CMPI_INLINE void cmpi_room_give(void *memory) {
  if (CMPI_UNLIKELY(cmpi_spare_room != &cmpi_no_room || cmpi_room_capacity(memory) > CMPI_MOST_SPARE)) cmpi_room_drop(memory);
  else cmpi_spare_room = (CMPI_Room *)memory - 1;
}

// Many at once. Each takes as many statuses and codes as there are requests and fills those of what is complete; the
// code returned is that of the gate, or of a failure that is no single request's.

/// Success when all have succeeded: nothing is said in the codes then. Where they say it, `cmpi_in_codes()`.
int cmpi_waitall(int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes);
CMPI_INLINE int cmpi_in_codes(void) { return MPI_ERR_IN_STATUS; }

int cmpi_waitall_failed(int code, int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes);

/// The same of requests of which none is null, as an open gate lets MPI wait for them at once.
CMPI_INLINE int cmpi_waitall_pending(int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes) {
  if (cmpi_gate_is_closed()) return cmpi_waitall(count, requests, statuses, codes);
  int code = MPI_Waitall(count, &requests->raw, &statuses->raw);
  return CMPI_UNLIKELY(code != MPI_SUCCESS) ? cmpi_waitall_failed(code, count, requests, statuses, codes) : code;
}
int cmpi_testall(int count, CMPI_Request *requests, int *flag, CMPI_Status *statuses, int *codes);

/// `index` is -1 when none is pending.
int cmpi_waitany(int count, CMPI_Request *requests, int *index, CMPI_Status *status, int *code);
int cmpi_testany(int count, CMPI_Request *requests, int *index, int *flag, CMPI_Status *status, int *code);

/// `done` is -1 when none is pending; the first `done` statuses and codes are those of `indices`.
int cmpi_waitsome(int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes);
int cmpi_testsome(int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes);

#endif
