// Chapter 8, process topologies.
#ifndef CMPI_TOPOLOGIES_H
#define CMPI_TOPOLOGIES_H

#include "communicators.h"

/// What `cmpi_topo_test` answers, the same numbers on every MPI.
enum cmpi_topology { CMPI_TOPOLOGY_NONE = 0, CMPI_TOPOLOGY_CARTESIAN, CMPI_TOPOLOGY_GRAPH, CMPI_TOPOLOGY_DIST_GRAPH };
int cmpi_topo_test(CMPI_Comm comm, int *topology);

CMPI_INLINE int cmpi_dims_create(int processes, int count, int *dims) {
  return MPI_Dims_create(processes, count, dims);
}

// Collective; the new communicator is null on ranks that are left out.
int cmpi_cart_create(
  CMPI_Comm comm, int count, const int *dims, const int *periods, int reorder, CMPI_Comm *out);
int cmpi_cart_sub(CMPI_Comm comm, int count, const int *remain, CMPI_Comm *out);

CMPI_INLINE int cmpi_cartdim_get(CMPI_Comm comm, int *count) { return MPI_Cartdim_get(comm.raw, count); }
CMPI_INLINE int cmpi_cart_get(CMPI_Comm comm, int count, int *dims, int *periods, int *coordinates) {
  return MPI_Cart_get(comm.raw, count, dims, periods, coordinates);
}
CMPI_INLINE int cmpi_cart_rank(CMPI_Comm comm, const int *coordinates, int *rank) {
  return MPI_Cart_rank(comm.raw, coordinates, rank);
}
CMPI_INLINE int cmpi_cart_coords(CMPI_Comm comm, int rank, int count, int *coordinates) {
  return MPI_Cart_coords(comm.raw, rank, count, coordinates);
}
CMPI_INLINE int cmpi_cart_shift(CMPI_Comm comm, int dimension, int displacement, int *source, int *destination) {
  return MPI_Cart_shift(comm.raw, dimension, displacement, source, destination);
}
/// `MPI_UNDEFINED` on ranks that would be left out, also on Open MPI, which gives them a rank behind the grid.
int cmpi_cart_map(CMPI_Comm comm, int count, const int *dims, const int *periods, int *rank);

// Graphs. Weights null: `MPI_UNWEIGHTED`, on all ranks or on none.

int cmpi_dist_graph_create_adjacent(
  CMPI_Comm comm, int indegree, const int *sources, const int *sourceWeights, int outdegree, const int *destinations,
  const int *destinationWeights, int reorder, CMPI_Comm *out);
int cmpi_dist_graph_create(
  CMPI_Comm comm, int count, const int *sources, const int *degrees, const int *destinations, const int *weights,
  int reorder, CMPI_Comm *out);
int cmpi_graph_create(CMPI_Comm comm, int count, const int *index, const int *edges, int reorder, CMPI_Comm *out);

/// Not collective; a process that would be left out gets `MPI_UNDEFINED`.
CMPI_INLINE int cmpi_graph_map(CMPI_Comm comm, int count, const int *index, const int *edges, int *rank) {
  return MPI_Graph_map(comm.raw, count, index, edges, rank);
}
CMPI_INLINE int cmpi_graphdims_get(CMPI_Comm comm, int *nodes, int *edges) {
  return MPI_Graphdims_get(comm.raw, nodes, edges);
}
CMPI_INLINE int cmpi_graph_get(CMPI_Comm comm, int nodes, int edges, int *index, int *targets) {
  return MPI_Graph_get(comm.raw, nodes, edges, index, targets);
}
CMPI_INLINE int cmpi_graph_neighbors_count(CMPI_Comm comm, int rank, int *count) {
  return MPI_Graph_neighbors_count(comm.raw, rank, count);
}
CMPI_INLINE int cmpi_graph_neighbors(CMPI_Comm comm, int rank, int count, int *neighbors) {
  return MPI_Graph_neighbors(comm.raw, rank, count, neighbors);
}
CMPI_INLINE int cmpi_dist_graph_neighbors_count(CMPI_Comm comm, int *indegree, int *outdegree, int *isWeighted) {
  return MPI_Dist_graph_neighbors_count(comm.raw, indegree, outdegree, isWeighted);
}
/// The weights are left as they are where the graph has none.
int cmpi_dist_graph_neighbors(
  CMPI_Comm comm, int indegree, int *sources, int *sourceWeights, int outdegree, int *destinations,
  int *destinationWeights, int isWeighted);

#endif
