#ifndef CBINNEDSUM_H
#define CBINNEDSUM_H

#include <stdint.h>

/// What the numbers to be summed are made of.
typedef enum __attribute__((enum_extensibility(closed))) {
  /// Doubles of x.
  CBinnedDoubles,
  /// Floats of x.
  CBinnedFloats,
  /// Products of the doubles of x and y, rounded.
  CBinnedDoubleProducts,
  /// Products of the floats of x and y, exact.
  CBinnedFloatProducts,
} CBinnedKind;

/// How the products of pairs of numbers are to be combined, where x and y hold complex ones.
typedef enum __attribute__((enum_extensibility(closed))) {
  /// Each with the other of the same place.
  CBinnedStraight,
  /// The same, with the products at odd places negated: they add up to the real part.
  CBinnedRealPart,
  /// Each with its neighbour's other: they add up to the imaginary part.
  CBinnedImaginaryPart,
} CBinnedPairing;

/// How a block of numbers is cut into multiples of three units.
typedef struct {
  /// 1.5 * 2^52 times the unit of each fold.
  double magic[3];
  /// What each number is multiplied by first: a power of two, 1 but for the largest numbers.
  double scale;
} CBinnedUnits;

/// Sums of a block, in units.
typedef struct {
  /// For each fold, the sums of the numbers at even and at odd places.
  int64_t folds[3][2];
  /// The upper 15 bits of the largest magnitude: 11 of the exponent and 4 of the fraction.
  int32_t top;
} CBinnedBlock;

/// How many numbers a block has at most: more could overflow its sums.
#define CBINNED_BLOCK_CAPACITY 8192

/// Sums a block of at most `CBINNED_BLOCK_CAPACITY` numbers; an even number of them where pairs matter.
void cbinned_sum(
    CBinnedKind kind, CBinnedPairing pairing, const void *x, const void *y, int64_t count, CBinnedUnits units,
    CBinnedBlock *block);

#endif
