// Chapters 3.9 and 6.13, persistent communication: made once, started many times.
//
// The collectives are those of MPI 4.0 or, under the names MPIX_…, of Open MPI 4; without either, and on
// MPICH 4.0, whose own are broken, their code is `MPI_ERR_UNSUPPORTED_OPERATION`, as for counts that MPI cannot be told. All are the forms with one buffer
// (`MPI_IN_PLACE`).
#ifndef CMPI_PERSISTENT_H
#define CMPI_PERSISTENT_H

#include "nonblocking_collectives.h"

int cmpi_send_init(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request);
int cmpi_recv_init(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request);

int cmpi_start(CMPI_Request *request);
int cmpi_startall(int count, CMPI_Request *requests);

/// Frees a persistent request that is not active; nothing after MPI was finalised, or where this thread may not call it.
void cmpi_request_release(CMPI_Request request);

int cmpi_barrier_init(CMPI_Comm comm, CMPI_Request *request);
int cmpi_bcast_init(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request);
int cmpi_gather_init(
  void *data, int64_t count, CMPI_Datatype type, bool isRoot, int root, CMPI_Comm comm, CMPI_Request *request);
int cmpi_scatter_init(
  void *data, int64_t count, CMPI_Datatype type, bool isRoot, int root, CMPI_Comm comm, CMPI_Request *request);
int cmpi_allgather_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request);
int cmpi_alltoall_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request);
int cmpi_reduce_init(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, bool isRoot, int root, CMPI_Comm comm,
  CMPI_Request *request);
int cmpi_allreduce_init(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request);
int cmpi_scan_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request);
int cmpi_exscan_init(void *data, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request);

// Chapter 4, partitioned communication (MPI 4.0); without it the code of making one is `MPI_ERR_UNSUPPORTED_OPERATION`.
// `count` values in each partition.

int cmpi_psend_init(
  const void *data, int partitions, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request);
int cmpi_precv_init(
  void *data, int partitions, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request);
int cmpi_pready(int partition, CMPI_Request request);
int cmpi_parrived(CMPI_Request request, int partition, int *flag);

// Chapter 13.2, generalized requests: what somebody else completes.

int cmpi_grequest_start(CMPI_Request *request);
int cmpi_grequest_complete(CMPI_Request request);

#endif
