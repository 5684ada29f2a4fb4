// What each rank does first when a test runner has started it: its output goes to a file of its own, its number is
// written down, and it does not outlive the runner or the launcher.
#define _GNU_SOURCE
#include "CMPITesting.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

static int numberIn(const char *const names[]) {
  for (; *names; names++) {
    const char *text = getenv(*names);
    if (text && *text) return atoi(text);
  }
  return -1;
}

int cmpitesting_launched_rank(void) {
  return numberIn((const char *const[]){"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID", NULL});
}

int cmpitesting_launched_size(void) {
  return numberIn((const char *const[]){"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS", NULL});
}

static pid_t runner;
static char folder[4096];

/// Ends this process and removes the job's folder when the runner is gone, which then could do neither.
static void *watchRunner(void *unused) {
  (void)unused;
  while (cmpitesting_is_alive(runner)) usleep(200000);
  cmpitesting_remove_folder(folder);
  kill(getpid(), SIGKILL);
  return NULL;
}

static void writeProcess(int rank) {
  char path[4200];
  snprintf(path, sizeof path, "%s/process.%d", folder, rank);
  FILE *file = fopen(path, "w");
  if (!file) return;
  fprintf(file, "%d\n", (int)getpid());
  fclose(file);
}

static void redirectOutput(int rank) {
  char path[4200];
  snprintf(path, sizeof path, "%s/output.%d", folder, rank);
  int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0) return;
  dup2(file, 1), dup2(file, 2);
  if (file > 2) close(file);
  setvbuf(stdout, NULL, _IOLBF, 0); // what was printed before a crash is there after it
}

__attribute__((constructor)) static void becomeRank(void) {
  const char *path = getenv(CMPITESTING_FOLDER), *parent = getenv(CMPITESTING_PARENT);
  int rank = cmpitesting_launched_rank();
  if (!path || !parent || rank < 0) return;
  snprintf(folder, sizeof folder, "%s", path);
  runner = (pid_t)atoi(parent);
  redirectOutput(rank);
  writeProcess(rank);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  if (pthread_create(&thread, NULL, watchRunner, NULL) == 0) pthread_detach(thread);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}
