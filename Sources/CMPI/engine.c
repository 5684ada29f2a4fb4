#include "CMPI.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <time.h>

int64_t cmpi_now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

void cmpi_yield(void) { sched_yield(); }

typedef struct {
  pthread_mutex_t mutex;
  pthread_cond_t rings;
  bool isRung, isAwaited;
} Bell;

static Bell bells[CMPI_BELLS] = {
  {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false},
  {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false},
};

void cmpi_bell_ring(int number) {
  Bell *bell = &bells[number];
  pthread_mutex_lock(&bell->mutex);
  bell->isRung = true;
  if (bell->isAwaited) pthread_cond_signal(&bell->rings);
  pthread_mutex_unlock(&bell->mutex);
}

void cmpi_bell_wait(int number, int64_t nanoseconds) {
  Bell *bell = &bells[number];
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  if (nanoseconds >= 0) {
    int64_t end = until.tv_nsec + nanoseconds;
    until.tv_sec += end / 1000000000, until.tv_nsec = end % 1000000000;
  }
  pthread_mutex_lock(&bell->mutex);
  bell->isAwaited = true;
  int status = 0;
  while (!bell->isRung && status == 0)
    status = nanoseconds < 0 ? pthread_cond_wait(&bell->rings, &bell->mutex)
                             : pthread_cond_timedwait(&bell->rings, &bell->mutex, &until);
  bell->isRung = bell->isAwaited = false;
  pthread_mutex_unlock(&bell->mutex);
}

static void *begin(void *run) {
  ((void (*)(void))run)();
  return NULL;
}

int cmpi_thread_start(void (*run)(void)) {
  pthread_t thread;
  sigset_t all, before;
  // Signals are for the program's own threads.
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int code = pthread_create(&thread, NULL, begin, (void *)run);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (code == 0) pthread_detach(thread);
  return code;
}
