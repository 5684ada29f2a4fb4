// The C half of mpi-bench: each benchmark once more, written against MPI itself, and what both halves share.
//
// A body makes `calls` calls over the memory that the plan names, checks every return code as a careful C program does,
// and returns 0 or the first code that is none of success.
#ifndef CMPIBENCH_H
#define CMPIBENCH_H

#include <stdbool.h>
#include <stdint.h>

/// The element types that benchmarks are compiled for.
enum cbench_element { CBENCH_DOUBLE, CBENCH_FLOAT, CBENCH_INT64, CBENCH_BYTE };

/// What one benchmark works on, on this rank.
typedef struct {
  const void *values;  // what this rank gives
  void *result;        // where results go
  long valueBytes, resultBytes;
  long count;          // values in a message, or in one rank's block
  int element;
  int rank, size;
  int peer;            // the other rank of a pair; -1 where this rank takes no part
  bool isFirst;        // of a pair
  long window;         // messages on their way at the same time
  long work;           // steps of computation while a collective is on its way
} CBenchPlan;

typedef int (*CBenchBody)(const CBenchPlan *, long calls);

#define CBENCH_BODIES(X)                                                                                             \
  /* messages.c */ X(latency) X(started_latency) X(bandwidth) X(blocking_bandwidth) X(bidirectional_bandwidth)       \
  X(send) X(receive) X(send_receive) X(start) X(start_many)                                                          \
  /* collectives.c */ X(barrier) X(broadcast) X(scatter) X(scatter_in_place) X(gather) X(gather_in_place)            \
  X(all_gather) X(all_gather_in_place) X(all_to_all) X(all_to_all_in_place)                                          \
  /* allocating.c */ X(broadcast_array) X(scatter_array) X(gather_array) X(gather_new) X(all_gather_array)           \
  X(all_gather_new) X(all_to_all_new) X(reduce_new) X(all_reduce_new) X(reduce_scatter_new) X(scan_new)              \
  X(exclusive_scan_new) X(new_array)                                                                                 \
  /* blocks.c */ X(scatter_blocks) X(gather_blocks) X(all_gather_blocks) X(all_to_all_blocks)                        \
  X(reduce_scatter_counts) X(start_scatter_blocks) X(start_gather_blocks) X(start_all_gather_blocks)                 \
  X(start_all_to_all_blocks) X(start_reduce_scatter_counts)                                                          \
  /* layouts.c */ X(latency_layout) X(send_receive_layout) X(broadcast_layout) X(scatter_layout) X(gather_layout)    \
  X(all_gather_layout) X(all_to_all_layouts) X(start_all_to_all_layouts)                                             \
  /* reductions.c */ X(reduce) X(reduce_in_place) X(all_reduce) X(all_reduce_in_place) X(reduce_scatter) X(scan)     \
  X(scan_in_place) X(exclusive_scan) X(exclusive_scan_in_place) X(all_reduce_product) X(all_reduce_minimum)          \
  X(all_reduce_maximum) X(all_reduce_function) X(all_reduce_commutative_function)                                    \
  /* started.c */ X(start_barrier) X(start_broadcast) X(start_scatter) X(start_scatter_in_place) X(start_gather)     \
  X(start_gather_in_place) X(start_all_gather) X(start_all_gather_in_place) X(start_all_to_all)                      \
  X(start_all_to_all_in_place) X(start_reduce) X(start_reduce_in_place) X(start_all_reduce)                          \
  X(start_all_reduce_in_place) X(start_reduce_scatter) X(start_scan) X(start_scan_in_place)                          \
  X(start_exclusive_scan) X(start_exclusive_scan_in_place)                                                           \
  /* persistent.c */ X(persistent_latency)                                                                           \
  /* persistent_collectives.c */ X(persistent_barrier) X(persistent_broadcast) X(persistent_scatter)                 \
  X(persistent_gather) X(persistent_all_gather) X(persistent_all_to_all) X(persistent_reduce)                        \
  X(persistent_all_reduce) X(persistent_all_reduce_in_place) X(persistent_reduce_scatter) X(persistent_scan)         \
  X(persistent_exclusive_scan)                                                                                       \
  /* objects.c */ X(object_latency) X(object_broadcast)

#define X(name) int cbench_##name(const CBenchPlan *plan, long calls);
CBENCH_BODIES(X)
#undef X

/// Whether this MPI has the persistent collective that the benchmark needs; else its body starts a nonblocking one.
bool cbench_has_persistent_collectives(void);

// The other side of a message of this process to itself, the same for both languages: nonblocking, because MPICH's
// MPI_Send to itself waits for the receive. It lies in memory of its own, at most 64 bytes.
int cbench_begin_receive(const CBenchPlan *plan);
int cbench_begin_send(const CBenchPlan *plan);
int cbench_finish(void);

/// Seconds of a clock that nobody sets.
double cbench_seconds(void);

/// Computes so many steps; the result is worth nothing, and is there so that the steps are taken.
double cbench_compute(long steps);

/// Where a profiler divides its counts: `valgrind --tool=callgrind --dump-before=cbench_mark`.
void cbench_mark(void);

/// Starts MPI, meets the other ranks in a barrier, ends MPI, and says how many seconds each took.
/// Returns 0 or MPI's code.
int cbench_start_and_end(double *initialized, double *barrier, double *finalized);

// Counting what a stretch of the program allocates, on all its threads: the functions that allocate are ours where the
// system's C library allows it.

/// Whether allocations are counted in this process.
bool cbench_counts_allocations(void);
void cbench_start_counting(void);
/// Ends the count and returns it.
long cbench_allocations(void);

#endif
