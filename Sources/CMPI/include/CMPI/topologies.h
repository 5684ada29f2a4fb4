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

#endif
