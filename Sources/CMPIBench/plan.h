// What the bodies share.
#ifndef PLAN_H
#define PLAN_H

#include "CMPIBench.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

// What every careful C program does with a return code.
#define CHECK(call)                                                 \
  do {                                                              \
    int code = (call);                                              \
    if (__builtin_expect(code != MPI_SUCCESS, 0)) return code;      \
  } while (0)

static inline MPI_Datatype typeOf(int element) {
  switch (element) {
    case CBENCH_FLOAT: return MPI_FLOAT;
    case CBENCH_INT64: return MPI_INT64_T;
    case CBENCH_BYTE: return MPI_UINT8_T;
    default: return MPI_DOUBLE;
  }
}

static inline long widthOf(int element) {
  switch (element) {
    case CBENCH_FLOAT: return 4;
    case CBENCH_BYTE: return 1;
    default: return 8;
  }
}

/// A body that makes one call again and again. It may use `values`, `result`, `count`, `type` and `world`.
#define BODY(name, ...)                                                                        \
  int cbench_##name(const CBenchPlan *plan, long calls) {                                      \
    const void *const values = plan->values;                                                   \
    void *const result = plan->result;                                                         \
    const int count = (int)plan->count;                                                        \
    const MPI_Datatype type = typeOf(plan->element);                                           \
    const MPI_Comm world = MPI_COMM_WORLD;                                                     \
    (void)values, (void)result, (void)count, (void)type, (void)world;                          \
    for (long i = 0; i < calls; i++) __VA_ARGS__                                               \
    return 0;                                                                                  \
  }

#endif
