// Chapter 6.12, nonblocking collective operations.
//
// Counts and displacements are 64-bit. What does not fit an `int` goes through the large-count procedure where there is
// one, else as one value of a datatype that holds the block; where neither is possible (reductions, displacements) the code
// is `MPI_ERR_UNSUPPORTED_OPERATION`.
//
// MPI reads the arrays of counts and datatypes until the operation is complete: `kept` becomes what holds them, to be
// given to `cmpi_kept_release` then, or null. Who calls sets it to null before.
#ifndef CMPI_NONBLOCKING_COLLECTIVES_H
#define CMPI_NONBLOCKING_COLLECTIVES_H

#include "collectives.h"
#include "requests.h"

void cmpi_kept_release(void *kept);

int cmpi_ibarrier(CMPI_Comm comm, CMPI_Request *request);
int cmpi_ibcast(
  void *data, int64_t count, CMPI_Datatype type, int root, CMPI_Comm comm, CMPI_Request *request, void **kept);

int cmpi_igather(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_iscatter(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType, int root,
  CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_iallgather(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_ialltoall(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, int64_t inCount, CMPI_Datatype inType,
  CMPI_Comm comm, CMPI_Request *request, void **kept);

int cmpi_ireduce(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, int root, CMPI_Comm comm,
  CMPI_Request *request, void **kept);
int cmpi_iallreduce(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept);
int cmpi_iscan(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept);
int cmpi_iexscan(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept);
int cmpi_ireduce_scatter_block(
  const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm, CMPI_Request *request,
  void **kept);
int cmpi_ireduce_scatter(
  const void *out, void *in, const int64_t *counts, CMPI_Datatype type, CMPI_Op op, CMPI_Comm comm,
  CMPI_Request *request, void **kept);

// Counts and displacements in values; null where this rank has none to give (not the root).

int cmpi_igatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, int root, CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_iscatterv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  int64_t inCount, CMPI_Datatype inType, int root, CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_iallgatherv(
  const void *out, int64_t outCount, CMPI_Datatype outType, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_ialltoallv(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, CMPI_Datatype outType, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype inType, CMPI_Comm comm, CMPI_Request *request,
  void **kept);

/// Counts in values of each type, displacements in bytes.
int cmpi_ialltoallw(
  const void *out, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, CMPI_Comm comm,
  CMPI_Request *request, void **kept);

#endif
