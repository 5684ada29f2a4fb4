// The end of MPICH 4.0 over UCX, when messages travel by TCP: as between hosts without a faster network.
//
// In MPI_Finalize each rank closes its connections, waits until the peers have answered, and then waits for all ranks
// in a barrier of the launcher's, in which nobody listens to a peer any more. A rank whose peers have gone ahead waits
// for ever: on six ranks over TCP most jobs do not end, in C as well.
#define _GNU_SOURCE
#include "CMPI.h"

#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

static bool isFinalizing;

/// Whether all ranks share one machine and its memory, by what MPICH's launcher says: then nothing is to be mended, and a
/// barrier would wait for ranks in other languages, which do not call it.
static bool usesSharedMemory(void) {
  const char *here = getenv("MPI_LOCALNRANKS"), *all = getenv("PMI_SIZE"), *transports = getenv("UCX_TLS");
  return here && all && strcmp(here, all) == 0 && !(transports && strstr(transports, "tcp"));
}

/// UCX's own, which MPICH finds here first: nothing is waited for while finalising. All that was sent has been received
/// by then, and when MPICH ends its UCX, after the barrier, that closes the connections.
__attribute__((visibility("default"))) void *ucp_disconnect_nb(void *endpoint) {
  if (isFinalizing) return NULL; // done
  void *(*next)(void *) = (void *(*)(void *))dlsym(RTLD_NEXT, "ucp_disconnect_nb");
  return next ? next(endpoint) : NULL;
}

int cmpi_finalize(void) {
  if (usesSharedMemory()) return MPI_Finalize();
  // A rank comes out when all have come in, and have received what they wait for.
  int code = PMPI_Barrier(MPI_COMM_WORLD);
  if (code != MPI_SUCCESS) return code;
  isFinalizing = true;
  return MPI_Finalize();
}

#endif
