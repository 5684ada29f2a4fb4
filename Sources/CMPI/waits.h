// Completing requests: many at once, and where calls are recorded.
#ifndef CMPI_WAITS_H
#define CMPI_WAITS_H

#include "CMPI.h"

/// As `cmpi_waitall`, of who has passed the gate and records nothing; codes are filled also where all have succeeded but
/// could not be waited for at once, which is `MPI_ERR_IN_STATUS` then.
int cmpi_wait_for_all(int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes);

// Those that follow are called when `cmpi_is_watching`.

int cmpi_watched_wait(CMPI_Request *request, MPI_Status *status);
int cmpi_watched_test(CMPI_Request *request, int *flag, MPI_Status *status);

/// Forgets a persistent request that is about to be freed.
void cmpi_watched_release(MPI_Request request);

/// Another round of a persistent request; the scope is left when the start has been made.
int cmpi_watched_start(CMPI_CallScope *scope, MPI_Request request);

/// As `cmpi_waitall`, by `wait`. Where the ranks do not agree on one of them, that code, and nothing is complete.
int cmpi_watched_waitall(
  int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes,
  int (*wait)(int, CMPI_Request *, CMPI_Status *, int *));

/// As `cmpi_waitsome` and `cmpi_testsome`, or with one at most as `cmpi_waitany` and `cmpi_testany`.
int cmpi_watched_some(
  int waiting, int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes,
  int (*test)(int, CMPI_Request *, int *, int *, CMPI_Status *, int *),
  int (*wait)(int, CMPI_Request *, int *, int *, CMPI_Status *, int *));

/// Completes a request that nobody waited for, by `wait`; false when it is left to MPI.
bool cmpi_watched_forget(CMPI_Request *request, void (*wait)(MPI_Request *));

#endif
