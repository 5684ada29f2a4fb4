#include "CBLAS.h"

#include <string.h>

// Where the loader can choose at the start, each kernel is there for what processors have had since: the baseline of
// x86-64 multiplies integers of 32 and 64 bits one half at a time.
#if defined(__x86_64__) && defined(__linux__) && defined(__GLIBC__) && defined(__has_attribute)
// The thread sanitizer is not ready when the loader chooses.
#if __has_attribute(target_clones) && !__has_feature(thread_sanitizer)
#define CLONED __attribute__((target_clones("avx512dq", "avx2", "default")))
#endif
#endif
#ifndef CLONED
#define CLONED
#endif

#define KERNEL(name, type)                                                                                             \
  CLONED void name(const void *a, const void *b, int64_t terms, void *sums) {                                          \
    typedef type lanes __attribute__((vector_size(16 * sizeof(type)), aligned(sizeof(type))));                         \
    const type *factors = a;                                                                                           \
    const type *row = b;                                                                                               \
    lanes sum0 = {0}, sum1 = {0}, sum2 = {0}, sum3 = {0};                                                              \
    for (int64_t term = 0; term < terms; term++) {                                                                     \
      lanes value;                                                                                                     \
      memcpy(&value, row + 16 * term, sizeof value);                                                                   \
      const type *factor = factors + 4 * term;                                                                         \
      sum0 += value * factor[0];                                                                                       \
      sum1 += value * factor[1];                                                                                       \
      sum2 += value * factor[2];                                                                                       \
      sum3 += value * factor[3];                                                                                       \
    }                                                                                                                  \
    lanes *to = sums;                                                                                                  \
    to[0] = sum0;                                                                                                      \
    to[1] = sum1;                                                                                                      \
    to[2] = sum2;                                                                                                      \
    to[3] = sum3;                                                                                                      \
  }

KERNEL(blas_integer_kernel_8, uint8_t)
KERNEL(blas_integer_kernel_16, uint16_t)
KERNEL(blas_integer_kernel_32, uint32_t)
KERNEL(blas_integer_kernel_64, uint64_t)
