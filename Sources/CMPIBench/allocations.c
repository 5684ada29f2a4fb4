// Counts allocations: in an executable these functions take the place of the C library's, for the whole process.
#define _GNU_SOURCE
#include "CMPIBench.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_bool isCounting;
static atomic_long counted;

void cbench_start_counting(void) {
  atomic_store(&counted, 0);
  atomic_store(&isCounting, true);
}

long cbench_allocations(void) {
  atomic_store(&isCounting, false);
  return atomic_load(&counted);
}

#if defined(__GLIBC__)

bool cbench_counts_allocations(void) { return true; }

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static inline void count(void) {
  if (__builtin_expect(atomic_load_explicit(&isCounting, memory_order_relaxed), 0))
    atomic_fetch_add_explicit(&counted, 1, memory_order_relaxed);
}

void *malloc(size_t bytes) {
  count();
  return __libc_malloc(bytes);
}

void *calloc(size_t number, size_t bytes) {
  count();
  return __libc_calloc(number, bytes);
}

void *realloc(void *memory, size_t bytes) {
  count();
  return __libc_realloc(memory, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  count();
  return __libc_memalign(alignment, bytes);
}

int posix_memalign(void **memory, size_t alignment, size_t bytes) {
  if (alignment % sizeof(void *) || (alignment & (alignment - 1)) || !alignment) return EINVAL;
  count();
  void *made = __libc_memalign(alignment, bytes);
  if (!made) return ENOMEM;
  *memory = made;
  return 0;
}

#else

bool cbench_counts_allocations(void) { return false; }

#endif
