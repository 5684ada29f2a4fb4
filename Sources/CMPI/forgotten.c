// Requests that nobody waited for, at the end of their owners' lives.
#include "board.h"
#include "thrown.h"
#include "waits.h"

#include <stdatomic.h>
#include <stdio.h>

static const int64_t second = 1000000000;

static _Atomic(CMPI_ErrorReporter) errorReporter;

void cmpi_watch_errors(CMPI_ErrorReporter reporter) {
  errorReporter = reporter;
  watchThrows();
}

/// Tests until the time has come; whether the request is over.
static bool isOverUntil(MPI_Request *request, int64_t time) {
  int isDone = 0;
  do {
    if (MPI_Test(request, &isDone, MPI_STATUS_IGNORE) != MPI_SUCCESS) return true;
  } while (!isDone && cmpi_now() < time);
  return isDone;
}

/// Waits, and says so when it takes long: an error that was thrown past the wait would otherwise never be seen, because
/// the scope that it leaves cannot end. One that was thrown just before then is told, and ends the job at the limit.
static void waitForForgotten(MPI_Request *request) {
  int64_t start = cmpi_now(), limit = (int64_t)((checkLimit < 1e9 ? checkLimit : 1e9) * (double)second);
  void *error = errorOnItsWay(start - second / 10);
  if (isOverUntil(request, start + (limit < 10 * second ? limit / 2 : 5 * second))) {
    // Nobody was kept for long.
  } else if (error) {
    atomic_load(&errorReporter)(error, false);
    if (!isOverUntil(request, start + limit)) atomic_load(&errorReporter)(error, true);
  } else {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    fprintf(stderr,
            "warning: rank %d waits for a request at the end of its life; was an error thrown before `wait()`? "
            "SWIFT_MPI_CHECK=1 tells which request, and ends the job when it cannot complete.\n", rank);
    MPI_Wait(request, MPI_STATUS_IGNORE);
  }
  if (!error) return;
  // The next request of the scope has been left by the same error.
  noteStillOnItsWay();
  releaseError(error);
}

bool cmpi_complete_forgotten(CMPI_Request request) {
  switch (cmpi_gate_ask()) {
    case CMPI_GATE_OPEN: {
      CMPI_COUNTED(gate, cmpi_gate_enter());
      if (cmpi_is_watching) return cmpi_watched_forget(&request, waitForForgotten);
      waitForForgotten(&request.raw);
      return true;
    }
    case CMPI_GATE_WRONG_THREAD: return false;
    default: return true;
  }
}
