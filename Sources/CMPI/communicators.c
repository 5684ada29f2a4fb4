// Making communicators. Each is made known to the board and to the agreement, when there are such.
#include "CMPI.h"

#include "board.h"

#define MADE(name, call)                                              \
  CMPI_ENTER();                                                       \
  CMPI_CALL(.operation = CMPI_OPERATION_##name, .comm = comm)         \
  return cmpi_communicator_made(call, *out);

int cmpi_comm_dup(CMPI_Comm comm, CMPI_Comm *out) { MADE(DUPLICATE, MPI_Comm_dup(comm.raw, &out->raw)) }

int cmpi_comm_split(CMPI_Comm comm, int color, int key, CMPI_Comm *out) {
  MADE(SPLIT, MPI_Comm_split(comm.raw, color, key, &out->raw))
}

int cmpi_comm_split_shared(CMPI_Comm comm, int key, CMPI_Comm *out) {
  MADE(SPLIT_BY_NODE, MPI_Comm_split_type(comm.raw, MPI_COMM_TYPE_SHARED, key, MPI_INFO_NULL, &out->raw))
}

int cmpi_comm_create(CMPI_Comm comm, CMPI_Group group, CMPI_Comm *out) {
  MADE(SUBSET, MPI_Comm_create(comm.raw, group.raw, &out->raw))
}

int cmpi_comm_create_group(CMPI_Comm comm, CMPI_Group group, int tag, CMPI_Comm *out) {
  MADE(SUBSET_OF_MEMBERS, MPI_Comm_create_group(comm.raw, group.raw, tag, &out->raw))
}

int cmpi_comm_set_name(CMPI_Comm comm, const char *name) {
  int code = MPI_Comm_set_name(comm.raw, name);
  if (code == MPI_SUCCESS) noteName(comm.raw);
  return code;
}
