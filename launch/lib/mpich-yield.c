// Makes MPICH over UCX give up the core while it waits; see mpich_yield in common.sh. Loaded before the program.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <sched.h>
#include <string.h>

static int isUCP(struct dl_phdr_info *object, size_t size, void *name) {
  const char *file = strrchr(object->dlpi_name, '/');
  if (!file || strncmp(file, "/libucp", 7) != 0) return 0;
  *(const char **)name = object->dlpi_name;
  return 1;
}

/* In Python UCX is loaded as a part of a module: it is found by its name, not in the global scope. */
static void *ucp(const char *procedure) {
  const char *name = 0;
  void *found = dlsym(RTLD_NEXT, procedure);
  if (!found && dl_iterate_phdr(isUCP, &name)) found = dlsym(dlopen(name, RTLD_LAZY | RTLD_NOLOAD), procedure);
  return found;
}

unsigned ucp_worker_progress(void *worker) {
  static unsigned (*progress)(void *);
  static __thread unsigned idle;
  if (!progress) progress = (unsigned (*)(void *))ucp("ucp_worker_progress");
  unsigned events = progress(worker);
  if (events) {
    idle = 0;
  } else if (++idle >= 100) {
    idle = 0;
    sched_yield();
  }
  return events;
}
