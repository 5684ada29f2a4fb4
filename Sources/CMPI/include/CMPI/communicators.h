// Chapter 7, communicators.
#ifndef CMPI_COMMUNICATORS_H
#define CMPI_COMMUNICATORS_H

#include "gate.h"
#include "groups.h"

CMPI_INLINE CMPI_Comm cmpi_comm_world(void) { return (CMPI_Comm){MPI_COMM_WORLD}; }
CMPI_INLINE CMPI_Comm cmpi_comm_self(void) { return (CMPI_Comm){MPI_COMM_SELF}; }
CMPI_INLINE bool cmpi_comm_is_null(CMPI_Comm comm) { return comm.raw == MPI_COMM_NULL; }
CMPI_INLINE int cmpi_comm_size(CMPI_Comm comm, int *size) { return MPI_Comm_size(comm.raw, size); }
CMPI_INLINE int cmpi_comm_rank(CMPI_Comm comm, int *rank) { return MPI_Comm_rank(comm.raw, rank); }

// Collective, and slow enough to ask the gate themselves.
int cmpi_comm_dup(CMPI_Comm comm, CMPI_Comm *out);
int cmpi_comm_split(CMPI_Comm comm, int color, int key, CMPI_Comm *out);
int cmpi_comm_split_shared(CMPI_Comm comm, int key, CMPI_Comm *out);
int cmpi_comm_create(CMPI_Comm comm, CMPI_Group group, CMPI_Comm *out);
int cmpi_comm_create_group(CMPI_Comm comm, CMPI_Group group, int tag, CMPI_Comm *out);

CMPI_INLINE int cmpi_comm_group(CMPI_Comm comm, CMPI_Group *out) { return MPI_Comm_group(comm.raw, &out->raw); }
CMPI_INLINE int cmpi_comm_compare(CMPI_Comm a, CMPI_Comm b, int *result) {
  int code = MPI_Comm_compare(a.raw, b.raw, result);
  *result = cmpi_comparison(*result);
  return code;
}
/// Makes errors on this communicator return codes: MPICH 4.0 does not inherit that everywhere.
CMPI_INLINE int cmpi_comm_return_errors(CMPI_Comm comm) {
  return MPI_Comm_set_errhandler(comm.raw, MPI_ERRORS_RETURN);
}
enum { CMPI_OBJECT_NAME_CAPACITY = MPI_MAX_OBJECT_NAME };
int cmpi_comm_set_name(CMPI_Comm comm, const char *name);
CMPI_INLINE int cmpi_comm_get_name(CMPI_Comm comm, char *name, int *length) {
  return MPI_Comm_get_name(comm.raw, name, length);
}
/// The handle as an integer that any MPI-aware library understands (`MPI_Comm_c2f`).
CMPI_INLINE int cmpi_comm_to_fortran(CMPI_Comm comm) { return (int)MPI_Comm_c2f(comm.raw); }
CMPI_INLINE CMPI_Comm cmpi_comm_from_fortran(int handle) { return (CMPI_Comm){MPI_Comm_f2c(handle)}; }

#endif
