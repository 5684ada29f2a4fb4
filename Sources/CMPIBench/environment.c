// The clock, the profiler's mark, and the start and end of MPI in C.
#include "plan.h"

#include <time.h>

double cbench_seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

__attribute__((noinline)) void cbench_mark(void) { __asm__ volatile(""); }

int cbench_start_and_end(double *initialized, double *barrier, double *finalized) {
  int provided;
  double start = cbench_seconds();
  CHECK(MPI_Init_thread(NULL, NULL, MPI_THREAD_SINGLE, &provided));
  *initialized = cbench_seconds() - start;
  start = cbench_seconds();
  CHECK(MPI_Barrier(MPI_COMM_WORLD));
  *barrier = cbench_seconds() - start;
  start = cbench_seconds();
  CHECK(MPI_Finalize());
  *finalized = cbench_seconds() - start;
  return 0;
}
