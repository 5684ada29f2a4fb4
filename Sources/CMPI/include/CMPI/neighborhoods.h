// Chapter 8.6 to 8.8, neighbourhood collectives: blocking, nonblocking and persistent.
//
// Counts and displacements are 64-bit. What does not fit an `int` goes through the large-count procedure where there is
// one; else an equal block is one value of a datatype that holds it, and blocks of different lengths go by
// `MPI_Neighbor_alltoallw`. The all-gather with blocks has no such way: there the code is
// `MPI_ERR_UNSUPPORTED_OPERATION`, as for persistent ones where this MPI has none that work.
#ifndef CMPI_NEIGHBORHOODS_H
#define CMPI_NEIGHBORHOODS_H

#include "nonblocking_collectives.h"

/// Whether a collective is done, started, or prepared to be started.
enum cmpi_way { CMPI_WAY_NOW = 0, CMPI_WAY_START, CMPI_WAY_MAKE };

/// The neighbours of this rank, negative where there is none: how many, and who. In a grid they go in pairs, the one
/// before and the one after in each dimension.
typedef struct {
  bool isGrid;
  /// Whether some process is there twice among the sources, or among the destinations, of a graph.
  bool hasParallelEdges;
  int sourceCount, destinationCount;
  const int32_t *sources, *destinations;
} CMPI_Neighbors;

// `request` and `kept` are those of a nonblocking collective, and null for `CMPI_WAY_NOW`.

int cmpi_neighbor_allgather(
  int way, CMPI_Neighbors neighbors, const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Comm comm,
  CMPI_Request *request, void **kept);
int cmpi_neighbor_allgatherv(
  int way, CMPI_Neighbors neighbors, const void *out, int64_t outCount, void *in, const int64_t *inCounts,
  const int64_t *inOffsets, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request, void **kept);
int cmpi_neighbor_alltoall(
  int way, CMPI_Neighbors neighbors, const void *out, void *in, int64_t count, CMPI_Datatype type, CMPI_Comm comm,
  CMPI_Request *request, void **kept);
int cmpi_neighbor_alltoallv(
  int way, CMPI_Neighbors neighbors, const void *out, const int64_t *outCounts, const int64_t *outOffsets, void *in,
  const int64_t *inCounts, const int64_t *inOffsets, CMPI_Datatype type, CMPI_Comm comm, CMPI_Request *request,
  void **kept);

/// Counts in values of each type, displacements in bytes.
int cmpi_neighbor_alltoallw(
  int way, CMPI_Neighbors neighbors, const void *out, const int64_t *outCounts, const int64_t *outOffsets,
  const CMPI_Datatype *outTypes, void *in, const int64_t *inCounts, const int64_t *inOffsets,
  const CMPI_Datatype *inTypes, CMPI_Comm comm, CMPI_Request *request, void **kept);

#endif
