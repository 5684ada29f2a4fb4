// A signal that ends the test runner ends its job first: the job is in a process group of its own, so that the terminal
// does not signal it, and its folder would stay.
#define _GNU_SOURCE
#include "CMPITesting.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int removeEntry(const char *path, const struct stat *status, int kind, struct FTW *place) {
  (void)status, (void)kind, (void)place;
  remove(path);
  return 0;
}

void cmpitesting_remove_folder(const char *path) {
  if (path && *path) nftw(path, removeEntry, 16, FTW_DEPTH | FTW_PHYS);
}

/// The letter of a process's state: R, S, D, T (stopped), Z (zombie), …; 0 if there is no such process.
static char stateOf(pid_t process) {
  if (process <= 0 || (kill(process, 0) != 0 && errno == ESRCH)) return 0;
#ifdef __linux__
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return 0;
  text[length] = 0;
  const char *end = strrchr(text, ')'); // the name before it may hold anything
  return end && end[1] ? end[2] : 0;
#else
  return 'R';
#endif
}

bool cmpitesting_is_alive(pid_t process) {
  char state = stateOf(process);
  return state && state != 'Z' && state != 'X';
}

bool cmpitesting_is_stopped(pid_t process) {
  char state = stateOf(process);
  return state == 'T' || state == 't';
}

// MARK: Signals to the runner

static pthread_mutex_t jobLock = PTHREAD_MUTEX_INITIALIZER;
static pid_t jobGroup;
static char jobFolder[4096];
static int wakeUp[2] = {-1, -1};
static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

static void noteSignal(int signal) {
  int before = errno;
  unsigned char number = (unsigned char)signal;
  ssize_t written = write(wakeUp[1], &number, 1);
  (void)written;
  errno = before;
}

/// Kills what a launcher has left of a job: its ranks wrote down their numbers.
static void killRanks(void) {
  for (int rank = 0;; rank++) {
    char path[4200];
    int process = 0;
    snprintf(path, sizeof path, "%s/process.%d", jobFolder, rank);
    FILE *file = fopen(path, "r");
    if (!file) return;
    if (fscanf(file, "%d", &process) == 1 && process > 0) kill(process, SIGKILL);
    fclose(file);
  }
}

static void *endWithJob(void *unused) {
  (void)unused;
  unsigned char number;
  while (read(wakeUp[0], &number, 1) < 0 && errno == EINTR) {}
  pthread_mutex_lock(&jobLock); // for ever: no other job begins
  if (jobGroup > 0) {
    kill(-jobGroup, SIGTERM);
    for (int i = 0; i < 150 && cmpitesting_is_alive(jobGroup); i++) usleep(10000);
    kill(-jobGroup, SIGKILL);
    killRanks();
    usleep(50000);
    cmpitesting_remove_folder(jobFolder);
  }
  signal(number, SIG_DFL);
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, number);
  pthread_sigmask(SIG_UNBLOCK, &one, NULL);
  kill(getpid(), number);
  return NULL;
}

static void install(void) {
  if (pipe(wakeUp) != 0) return;
  fcntl(wakeUp[0], F_SETFD, FD_CLOEXEC), fcntl(wakeUp[1], F_SETFD, FD_CLOEXEC);
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  bool started = pthread_create(&thread, NULL, endWithJob, NULL) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (!started) return;
  pthread_detach(thread);
  for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
    struct sigaction now, action = {.sa_handler = noteSignal, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    // A signal that the caller ignores, as `nohup` does, or handles itself, stays as it is.
    if (sigaction(ending[i], NULL, &now) == 0 && !(now.sa_flags & SA_SIGINFO) && now.sa_handler == SIG_DFL)
      sigaction(ending[i], &action, NULL);
  }
}

void cmpitesting_guard(pid_t group, const char *folder) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  pthread_mutex_lock(&jobLock);
  jobGroup = group;
  snprintf(jobFolder, sizeof jobFolder, "%s", folder ? folder : "");
  pthread_mutex_unlock(&jobLock);
}
