// What the comparison programs share: matrices that every rank can make, memory on huge pages, timing, checking, printing.
#ifndef PRODUCT_H
#define PRODUCT_H

#include <cblas.h>
#include <math.h>
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

typedef struct {
  int rows, inner, columns, repetitions;
} product_shape;

static int product_rank, product_size;

static inline product_shape product_start(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &product_rank);
  MPI_Comm_size(MPI_COMM_WORLD, &product_size);
  if (argc < 5) {
    if (product_rank == 0) fprintf(stderr, "usage: %s ROWS INNER COLUMNS REPETITIONS\n", argv[0]);
    MPI_Finalize();
    exit(2);
  }
  return (product_shape){atoi(argv[1]), atoi(argv[2]), atoi(argv[3]), atoi(argv[4])};
}

static inline double *product_memory(int64_t count) {
  const size_t page = 2 << 20;
  size_t bytes = (size_t)(count > 0 ? count : 1) * sizeof(double);
  void *memory = NULL;
  if (bytes >= page) bytes = (bytes + page - 1) / page * page;
  if (posix_memalign(&memory, bytes >= page ? page : 64, bytes) != 0) MPI_Abort(MPI_COMM_WORLD, 1);
#ifdef __linux__
  madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  memset(memory, 0, bytes);
  return memory;
}

static inline double product_element(int64_t i, int64_t j, int which) {
  return (double)((i * 131 + j * 17 + which * 7) % 101) / 101 - 0.5;
}

// The start of one of some even parts.
static inline int part_start(int count, int parts, int part) {
  return (int)((int64_t)(count / parts) * part + (part < count % parts ? part : count % parts));
}

// An element of the product, computed from its definition, to be compared with what was computed.
static inline void product_check(product_shape shape, int64_t row, int64_t column, double computed) {
  double sum = 0;
  for (int l = 0; l < shape.inner; l++) sum += product_element(row, l, 0) * product_element(l, column, 1);
  if (fabs(sum - computed) > 1e-9 * (shape.inner + 1)) {
    fprintf(stderr, "rank %d: element %lld, %lld is %.15g instead of %.15g\n", product_rank, (long long)row,
            (long long)column, computed, sum);
    MPI_Abort(MPI_COMM_WORLD, 1);
  }
}

static inline int compare_doubles(const void *a, const void *b) {
  return (*(const double *)a > *(const double *)b) - (*(const double *)a < *(const double *)b);
}

// Runs a product so often after a first time that is not counted, and prints the median of the seconds.
static inline void product_measure(product_shape shape, void (*run)(void *), void *context) {
  double *times = malloc(sizeof(double) * (size_t)shape.repetitions);
  for (int i = -1; i < shape.repetitions; i++) {
    MPI_Barrier(MPI_COMM_WORLD);
    double start = MPI_Wtime();
    run(context);
    double seconds = MPI_Wtime() - start, slowest;
    MPI_Allreduce(&seconds, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
    if (i >= 0) times[i] = slowest;
  }
  qsort(times, (size_t)shape.repetitions, sizeof(double), compare_doubles);
  if (product_rank == 0) printf("%.6f\n", times[shape.repetitions / 2]);
  free(times);
}

#endif
