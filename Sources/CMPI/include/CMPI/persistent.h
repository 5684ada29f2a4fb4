// Chapter 3.9, persistent messages: made once, started many times.
#ifndef CMPI_PERSISTENT_H
#define CMPI_PERSISTENT_H

#include "requests.h"

int cmpi_send_init(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm,
  CMPI_Request *request);
int cmpi_recv_init(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Request *request);

int cmpi_start_slow(CMPI_Request *request);
CMPI_INLINE int cmpi_start(CMPI_Request *request) {
  return cmpi_gate_is_closed() ? cmpi_start_slow(request) : MPI_Start(&request->raw);
}

int cmpi_startall(int count, CMPI_Request *requests);

/// Frees a persistent request that is not active; nothing after MPI was finalised, or where this thread may not call it.
void cmpi_request_release(CMPI_Request request);

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
