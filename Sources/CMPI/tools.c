// Running a tool of the system, such as a symbolizer, from a process that may be anything: an MPI rank, a test runner.
#define _GNU_SOURCE
#include "CMPI.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double clockSeconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/// The environment without what a launcher injects into its ranks' children.
static char **cleanEnvironment(void) {
  size_t count = 0, kept = 0;
  while (environ[count]) count++;
  char **result = calloc(count + 1, sizeof *result);
  for (size_t i = 0; result && i < count; i++)
    if (strncmp(environ[i], "LD_PRELOAD=", 11) != 0) result[kept++] = environ[i];
  return result;
}

/// Starts the tool with its standard output in a pipe, default signals, and none blocked. Returns the pipe, or -1.
static int start(char *const *arguments, pid_t *processID) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC), fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_init(&attributes);
  sigemptyset(&none), sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  char **environment = cleanEnvironment();
  int error = environment ? posix_spawn(processID, arguments[0], &actions, &attributes, arguments, environment) : ENOMEM;
  free(environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (error == 0) return ends[0];
  close(ends[0]);
  return -1;
}

char *cmpi_run_tool(char *const *arguments, double limit) {
  pid_t processID;
  int pipe = start(arguments, &processID);
  if (pipe < 0) return NULL;
  size_t length = 0, capacity = 65536;
  char *text = malloc(capacity);
  double end = clockSeconds() + limit;
  bool isComplete = false;
  while (text && !isComplete && clockSeconds() < end) {
    struct pollfd entry = {.fd = pipe, .events = POLLIN};
    if (poll(&entry, 1, 100) <= 0) continue;
    if (length + 1 >= capacity) {
      char *larger = realloc(text, capacity *= 2);
      if (!larger) break;
      text = larger;
    }
    ssize_t count = read(pipe, text + length, capacity - length - 1);
    if (count > 0) length += (size_t)count;
    else if (count == 0) isComplete = true;
    else if (errno != EINTR && errno != EAGAIN) break;
  }
  close(pipe);
  if (!isComplete) kill(processID, SIGKILL);
  // Where the program ignores SIGCHLD there is nothing to wait for.
  while (waitpid(processID, NULL, 0) < 0 && errno == EINTR) {}
  if (text && isComplete) text[length] = 0;
  else free(text), text = NULL;
  return text;
}
