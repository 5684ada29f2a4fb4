#include "CMPI.h"

#include "waits.h"

#if defined(OPEN_MPI) && !CMPI_HAS_LARGE_COUNT && defined(__has_include)
#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif
#endif

/// What is made, and will be started: the agreement is on each start of a collective.
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

int cmpi_start(CMPI_Request *request) {
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

// MARK: Collectives

// Those of MPICH 4.0 give wrong results from the second round on.
#if MPI_VERSION >= 4 && !(defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000)
#define MAKE(name, ...) MPI_##name##_init(__VA_ARGS__, MPI_INFO_NULL, &request->raw)
#elif defined(OMPI_HAVE_MPI_EXT_PCOLLREQ)
#define MAKE(name, ...) MPIX_##name##_init(__VA_ARGS__, MPI_INFO_NULL, &request->raw)
#else
/// The arguments are named, so that they are not unused.
static int unsupported(int first, ...) { return (void)first, MPI_ERR_UNSUPPORTED_OPERATION; }
#define MAKE(name, ...) unsupported(0, __VA_ARGS__, request)
#endif

#define COUNTED(name, call, ...)                                          \
  CMPI_ENTER();                                                           \
  if (CMPI_IS_LARGE(count)) return MPI_ERR_UNSUPPORTED_OPERATION;         \
  MADE(name, .hasType = true, .count = count, .type = type, .isInPlace = true, __VA_ARGS__) \
  int some = (int)count;                                                  \
  return call;

int cmpi_barrier_init(CMPI_Comm comm, CMPI_Request *request) {
  CMPI_ENTER();
  MADE(BARRIER, .hasRoot = false)
  return MAKE(Barrier, comm.raw);
}

int cmpi_bcast_init(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(BROADCAST, MAKE(Bcast, data, some, type.raw, root, comm.raw),
          .hasRoot = true, .root = root)
}

int cmpi_gather_init(
  void *data, int64_t count, CMPI_Datatype type, bool isRoot, int root, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(GATHER, MAKE(Gather, isRoot ? MPI_IN_PLACE : data, some, type.raw, isRoot ? data : NULL, some, type.raw, root,
               comm.raw),
          .hasRoot = true, .root = root)
}

int cmpi_scatter_init(
  void *data, int64_t count, CMPI_Datatype type, bool isRoot, int root, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(SCATTER, MAKE(Scatter, isRoot ? data : NULL, some, type.raw, isRoot ? MPI_IN_PLACE : data, some, type.raw,
                        root, comm.raw),
          .hasRoot = true, .root = root)
}

int cmpi_allgather_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(ALL_GATHER, MAKE(Allgather, MPI_IN_PLACE, 0, type.raw, data, some, type.raw, comm.raw),
          .hasRoot = false)
}

int cmpi_alltoall_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(ALL_TO_ALL, MAKE(Alltoall, MPI_IN_PLACE, 0, type.raw, data, some, type.raw, comm.raw),
          .hasRoot = false)
}

int cmpi_reduce_init(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, bool isRoot, int root, CMPI_Comm comm,
  CMPI_Request *request) {
  // In place at another root than 0 is broken on some; a copy would not be made anew at each start.
  if (CMPI_REDUCE_IN_PLACE_IS_BROKEN && root != 0) return MPI_ERR_UNSUPPORTED_OPERATION;
  COUNTED(REDUCE, MAKE(Reduce, isRoot ? MPI_IN_PLACE : data, isRoot ? data : NULL, some, type.raw,
                       CMPI_SOUND_OP(op, type), root, comm.raw),
          .hasRoot = true, .root = root, .hasOp = true, .op = op)
}

int cmpi_allreduce_init(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(ALL_REDUCE, MAKE(Allreduce, MPI_IN_PLACE, data, some, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
          .hasOp = true, .op = op)
}

int cmpi_scan_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(SCAN, MAKE(Scan, MPI_IN_PLACE, data, some, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
          .hasOp = true, .op = op)
}

int cmpi_exscan_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(EXCLUSIVE_SCAN, MAKE(Exscan, MPI_IN_PLACE, data, some, type.raw, CMPI_SOUND_OP(op, type), comm.raw),
          .hasOp = true, .op = op)
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
