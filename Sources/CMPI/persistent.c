#include "CMPI.h"

#if defined(OPEN_MPI) && !CMPI_HAS_LARGE_COUNT && defined(__has_include)
#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif
#endif

// MARK: Messages

/// A block that an `int` cannot count is one value of a datatype, which MPI keeps for as long as the request needs it.
#define WITH_WHOLE(call)                                          \
  CMPI_ENTER();                                                   \
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
  WITH_WHOLE(makeSend(mode, data, some, whole, rank, tag, comm, request))
}

int cmpi_recv_init(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request) {
  WITH_WHOLE(MPI_Recv_init(data, some, whole.raw, rank, tag, comm.raw, &request->raw))
}

int cmpi_start(CMPI_Request *request) {
  CMPI_ENTER();
  return MPI_Start(&request->raw);
}

void cmpi_request_release(CMPI_Request request) {
  if (cmpi_gate_ask() == CMPI_GATE_OPEN && request.raw != MPI_REQUEST_NULL) MPI_Request_free(&request.raw);
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

#define COUNTED(call)                                                     \
  CMPI_ENTER();                                                           \
  if (CMPI_IS_LARGE(count)) return MPI_ERR_UNSUPPORTED_OPERATION;         \
  int some = (int)count;                                                  \
  return call;

int cmpi_barrier_init(CMPI_Comm comm, CMPI_Request *request) {
  CMPI_ENTER();
  return MAKE(Barrier, comm.raw);
}

int cmpi_bcast_init(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(MAKE(Bcast, data, some, type.raw, root, comm.raw))
}

int cmpi_gather_init(
  void *data, int64_t count, CMPI_Datatype type, bool isRoot, int root, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(MAKE(Gather, isRoot ? MPI_IN_PLACE : data, some, type.raw, isRoot ? data : NULL, some, type.raw, root,
               comm.raw))
}

int cmpi_scatter_init(
  void *data, int64_t count, CMPI_Datatype type, bool isRoot, int root, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(MAKE(Scatter, isRoot ? data : NULL, some, type.raw, isRoot ? MPI_IN_PLACE : data, some, type.raw, root,
               comm.raw))
}

int cmpi_allgather_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(MAKE(Allgather, MPI_IN_PLACE, 0, type.raw, data, some, type.raw, comm.raw))
}

int cmpi_alltoall_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(MAKE(Alltoall, MPI_IN_PLACE, 0, type.raw, data, some, type.raw, comm.raw))
}

int cmpi_reduce_init(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, bool isRoot, int root, CMPI_Comm comm,
  CMPI_Request *request) {
  // In place at another root than 0 is broken on some; a copy would not be made anew at each start.
  if (CMPI_REDUCE_IN_PLACE_IS_BROKEN && root != 0) return MPI_ERR_UNSUPPORTED_OPERATION;
  COUNTED(MAKE(Reduce, isRoot ? MPI_IN_PLACE : data, isRoot ? data : NULL, some, type.raw, CMPI_SOUND_OP(op, type),
               root, comm.raw))
}

int cmpi_allreduce_init(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(MAKE(Allreduce, MPI_IN_PLACE, data, some, type.raw, CMPI_SOUND_OP(op, type), comm.raw))
}

int cmpi_scan_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(MAKE(Scan, MPI_IN_PLACE, data, some, type.raw, CMPI_SOUND_OP(op, type), comm.raw))
}

int cmpi_exscan_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request) {
  COUNTED(MAKE(Exscan, MPI_IN_PLACE, data, some, type.raw, CMPI_SOUND_OP(op, type), comm.raw))
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
