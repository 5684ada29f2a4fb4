// MPICH over UCX polls while it waits and never gives up the core: with more ranks than cores each step of a collective
// costs a scheduler's time slice (4 to 8 ms instead of 10 µs), and there is no setting for it. A test program calls this
// procedure instead of UCX's own, because a program's symbols come before those of its libraries.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stddef.h>

unsigned ucp_worker_progress(void *worker);

__attribute__((visibility("default"), used)) unsigned ucp_worker_progress(void *worker) {
  static unsigned (*progress)(void *) = NULL;
  static __thread unsigned idle = 0;
  if (!progress) progress = (unsigned (*)(void *))dlsym(RTLD_NEXT, "ucp_worker_progress");
  unsigned events = progress ? progress(worker) : 0;
  if (events) {
    idle = 0;
  } else if (++idle >= 100) {
    idle = 0;
    sched_yield();
  }
  return events;
}
