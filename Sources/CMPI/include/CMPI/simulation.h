// SimGrid's simulation of MPI: what it declares and does not have, or answers otherwise, in terms of what it has.
//
// Its ranks are threads of one process, each of which keeps to itself.
#ifndef CMPI_SIMULATION_H
#define CMPI_SIMULATION_H

// A macro other than the guard of its header, which is not seen through a module.
#ifdef SMPI_SHARED_CALL
#define CMPI_IS_SIMULATED 1

#include <simgrid/version.h>

/// SMPI says "single", and that only rank 0 has a main thread; "funneled" is what its ranks live up to.
CMPI_INLINE int cmpi_simulated_query_thread(int *level) { return *level = MPI_THREAD_FUNNELED, MPI_SUCCESS; }
CMPI_INLINE int cmpi_simulated_is_thread_main(int *flag) { return *flag = 1, MPI_SUCCESS; }
#define MPI_Query_thread cmpi_simulated_query_thread
#define MPI_Is_thread_main cmpi_simulated_is_thread_main

/// A message that was found and stays in its queue until it is received: nobody else receives on this rank meanwhile.
typedef struct { MPI_Comm comm; int source, tag; } CMPI_SimulatedMessage;

CMPI_INLINE CMPI_SimulatedMessage cmpi_simulated_message(MPI_Comm comm, const MPI_Status *status) {
  return (CMPI_SimulatedMessage){comm, status->MPI_SOURCE, status->MPI_TAG};
}

CMPI_INLINE int cmpi_simulated_mprobe(
  int source, int tag, MPI_Comm comm, CMPI_SimulatedMessage *message, MPI_Status *status) {
  int code = MPI_Probe(source, tag, comm, status);
  *message = cmpi_simulated_message(comm, status);
  return code;
}

CMPI_INLINE int cmpi_simulated_improbe(
  int source, int tag, MPI_Comm comm, int *flag, CMPI_SimulatedMessage *message, MPI_Status *status) {
  int code = MPI_Iprobe(source, tag, comm, flag, status);
  if (code == MPI_SUCCESS && *flag) *message = cmpi_simulated_message(comm, status);
  return code;
}

CMPI_INLINE int cmpi_simulated_mrecv(
  void *data, int count, MPI_Datatype type, CMPI_SimulatedMessage *message, MPI_Status *status) {
  return MPI_Recv(data, count, type, message->source, message->tag, message->comm, status);
}

CMPI_INLINE int cmpi_simulated_imrecv(
  void *data, int count, MPI_Datatype type, CMPI_SimulatedMessage *message, MPI_Request *request) {
  return MPI_Irecv(data, count, type, message->source, message->tag, message->comm, request);
}

#define MPI_Message CMPI_SimulatedMessage
#undef MPI_MESSAGE_NULL
#define MPI_MESSAGE_NULL {MPI_COMM_NULL, MPI_PROC_NULL, 0}
#define MPI_Mprobe cmpi_simulated_mprobe
#define MPI_Improbe cmpi_simulated_improbe
#define MPI_Mrecv cmpi_simulated_mrecv
#define MPI_Imrecv cmpi_simulated_imrecv

/// Declared without `const` there.
#define MPI_Get_elements_x(status, type, count) MPI_Get_elements_x((MPI_Status *)(status), type, count)

#endif
#endif
