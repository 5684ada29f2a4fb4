#include "CArraySpeed.h"

#include <math.h>
#include <mpi.h>
#include <stdlib.h>

#define CHECK(call) \
  if ((call) != MPI_SUCCESS) abort()

// Sixteen sums at once, which the compiler turns into vectors.
#define LANES 16

static double combined(double lanes[LANES]) {
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int lane = 0; lane < width; lane++) lanes[lane] += lanes[lane + width];
  CHECK(MPI_Allreduce(MPI_IN_PLACE, lanes, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD));
  return lanes[0];
}

double c_dot(const double *x, const double *y, long count) {
  double lanes[LANES] = {0};
  long i = 0;
  for (; i + LANES <= count; i += LANES)
    for (int lane = 0; lane < LANES; lane++) lanes[lane] += x[i + lane] * y[i + lane];
  for (; i < count; i++) lanes[0] += x[i] * y[i];
  return combined(lanes);
}

double c_sum(const double *x, long count) {
  double lanes[LANES] = {0};
  long i = 0;
  for (; i + LANES <= count; i += LANES)
    for (int lane = 0; lane < LANES; lane++) lanes[lane] += x[i + lane];
  for (; i < count; i++) lanes[0] += x[i];
  return combined(lanes);
}

double c_norm(const double *x, long count) { return sqrt(c_dot(x, x, count)); }

double c_maximum(const double *x, long count) {
  double lanes[LANES];
  for (int lane = 0; lane < LANES; lane++) lanes[lane] = -INFINITY;
  long i = 0;
  for (; i + LANES <= count; i += LANES)
    for (int lane = 0; lane < LANES; lane++) lanes[lane] = x[i + lane] > lanes[lane] ? x[i + lane] : lanes[lane];
  for (; i < count; i++) lanes[0] = x[i] > lanes[0] ? x[i] : lanes[0];
  for (int lane = 1; lane < LANES; lane++) lanes[0] = lanes[lane] > lanes[0] ? lanes[lane] : lanes[0];
  CHECK(MPI_Allreduce(MPI_IN_PLACE, lanes, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
  return lanes[0];
}

void c_scaled_sum(double factor, const double *x, const double *y, double *restrict z, long count) {
  for (long i = 0; i < count; i++) z[i] = factor * x[i] + y[i];
}
