#include "CBinnedSum.h"

#include <string.h>

// Compiled for each instruction set by itself, and chosen when it runs: a package cannot ask its users for compiler flags.
// The numbers are cut by adding and subtracting: no two operations may become one.
#pragma STDC FP_CONTRACT OFF
// Vectors are passed between functions that are inlined only.
#pragma clang diagnostic ignored "-Wpsabi"

typedef double doubles __attribute__((vector_size(64)));
typedef float floats __attribute__((vector_size(32)));
typedef int64_t words __attribute__((vector_size(64)));
typedef int16_t shorts __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))

INLINE doubles load(int isSingle, const void *values, int64_t index) {
  if (isSingle) {
    floats narrow;
    memcpy(&narrow, (const float *)values + index, sizeof narrow);
    return __builtin_convertvector(narrow, doubles);
  }
  doubles wide;
  memcpy(&wide, (const double *)values + index, sizeof wide);
  return wide;
}

INLINE doubles numbers(CBinnedKind kind, CBinnedPairing pairing, const void *x, const void *y, int64_t index) {
  int isSingle = kind == CBinnedFloats || kind == CBinnedFloatProducts;
  doubles a = load(isSingle, x, index);
  if (kind == CBinnedDoubles || kind == CBinnedFloats) return a;
  doubles b = load(isSingle, y, index);
  if (pairing == CBinnedRealPart) b *= (doubles){1, -1, 1, -1, 1, -1, 1, -1};
  if (pairing == CBinnedImaginaryPart) b = __builtin_shufflevector(b, b, 1, 0, 3, 2, 5, 4, 7, 6);
  return a * b;
}

typedef struct {
  words folds[3];
  shorts top;
} lanes;

INLINE void add(lanes *sums, doubles number, CBinnedUnits units, int isScaled) {
  if (isScaled) number *= units.scale;
  shorts magnitude = (shorts)number & 0x7FFF;
  sums->top = __builtin_elementwise_max(sums->top, magnitude);
  // In the sum with 1.5 * 2^52 units, the last bits are the number of units; what is left is at most half a unit.
  doubles first = number + units.magic[0];
  sums->folds[0] += (words)first;
  number -= first - units.magic[0];
  doubles second = number + units.magic[1];
  sums->folds[1] += (words)second;
  number -= second - units.magic[1];
  sums->folds[2] += (words)(number + units.magic[2]);
}

INLINE void sum(
    CBinnedKind kind, CBinnedPairing pairing, int isScaled, const void *x, const void *y, int64_t count,
    CBinnedUnits units, CBinnedBlock *block) {
  int64_t size = kind == CBinnedFloats || kind == CBinnedFloatProducts ? sizeof(float) : sizeof(double);
  lanes sums = {0};
  int64_t index = 0;
  for (; index + 8 <= count; index += 8) add(&sums, numbers(kind, pairing, x, y, index), units, isScaled);
  int64_t added = index / 8;
  if (index < count) {
    double lastX[8] = {0}, lastY[8] = {0};
    memcpy(lastX, (const char *)x + index * size, (count - index) * size);
    if (y) memcpy(lastY, (const char *)y + index * size, (count - index) * size);
    add(&sums, numbers(kind, pairing, lastX, lastY, 0), units, isScaled);
    added += 1;
  }
  for (int fold = 0; fold < 3; fold++) {
    int64_t magic;
    memcpy(&magic, &units.magic[fold], sizeof magic);
    for (int parity = 0; parity < 2; parity++) {
      uint64_t total = 0;
      for (int lane = parity; lane < 8; lane += 2) total += (uint64_t)sums.folds[fold][lane];
      block->folds[fold][parity] = (int64_t)(total - (uint64_t)magic * (uint64_t)(4 * added));
    }
  }
  int16_t top = 0;
  for (int lane = 3; lane < 32; lane += 4) top = sums.top[lane] > top ? sums.top[lane] : top;
  block->top = top;
}

#define SUM_FOR(NAME, ATTRIBUTES)                                                                                      \
  ATTRIBUTES static void NAME(                                                                                         \
      CBinnedKind kind, CBinnedPairing pairing, const void *x, const void *y, int64_t count, CBinnedUnits units,       \
      CBinnedBlock *block) {                                                                                           \
    if (units.scale != 1) return sum(kind, pairing, 1, x, y, count, units, block);                                     \
    switch (kind) {                                                                                                    \
    case CBinnedDoubles: return sum(CBinnedDoubles, CBinnedStraight, 0, x, y, count, units, block);                    \
    case CBinnedFloats: return sum(CBinnedFloats, CBinnedStraight, 0, x, y, count, units, block);                      \
    case CBinnedDoubleProducts:                                                                                        \
      if (pairing == CBinnedStraight) return sum(CBinnedDoubleProducts, CBinnedStraight, 0, x, y, count, units, block); \
      break;                                                                                                           \
    case CBinnedFloatProducts:                                                                                         \
      if (pairing == CBinnedStraight) return sum(CBinnedFloatProducts, CBinnedStraight, 0, x, y, count, units, block); \
      break;                                                                                                           \
    }                                                                                                                  \
    sum(kind, pairing, 0, x, y, count, units, block);                                                                  \
  }

SUM_FOR(sumAnywhere, )
#if defined(__x86_64__)
SUM_FOR(sumAVX2, __attribute__((target("avx2"))))
SUM_FOR(sumAVX512, __attribute__((target("avx512f,avx512bw"))))
#endif

void cbinned_sum(
    CBinnedKind kind, CBinnedPairing pairing, const void *x, const void *y, int64_t count, CBinnedUnits units,
    CBinnedBlock *block) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw")) return sumAVX512(kind, pairing, x, y, count, units, block);
  if (__builtin_cpu_supports("avx2")) return sumAVX2(kind, pairing, x, y, count, units, block);
#endif
  sumAnywhere(kind, pairing, x, y, count, units, block);
}
