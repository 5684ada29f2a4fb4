// Loaded before the MPI (LD_PRELOAD), it makes the last of LATE_RANKS ranks hear 0.3 s late of the end of the first
// fence, in which the ranks exchange their addresses. Where the fence that follows is a barrier, the others wait for it;
// where it is none, they send to a rank that cannot receive yet, and that rank crashes.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef void (*Completion)(int status, void *data);
typedef int (*Fence)(const void *, size_t, const void *, size_t, Completion, void *);

static Completion completion;
static int completion_status;

static void *complete(void *data) {
  usleep(300000);
  completion(completion_status, data);
  return NULL;
}

// On a thread of its own: PMIx goes on meanwhile, and with it the rank's reception of messages.
static void complete_late(int status, void *data) {
  pthread_t thread;
  completion_status = status;
  if (pthread_create(&thread, NULL, complete, data)) abort();
  pthread_detach(thread);
}

int PMIx_Fence_nb(const void *processes, size_t count, const void *options, size_t option_count, Completion done,
                  void *data) {
  static int fences = 0;
  void *pmix = dlopen("libpmix.so.2", RTLD_NOW);
  Fence fence = pmix ? (Fence)dlsym(pmix, "PMIx_Fence_nb") : NULL;
  const char *rank = getenv("PMIX_RANK"), *ranks = getenv("LATE_RANKS");
  if (!fence || !rank || !ranks) abort();
  if (fences++ > 0 || atoi(rank) != atoi(ranks) - 1) return fence(processes, count, options, option_count, done, data);
  completion = done;
  return fence(processes, count, options, option_count, complete_late, data);
}
