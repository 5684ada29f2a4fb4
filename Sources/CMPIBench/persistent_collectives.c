// Persistent collectives, made before the loop and freed after it; where this MPI has none that work, nonblocking ones, as
// in the binding.
#include "plan.h"

#if defined(OPEN_MPI) && MPI_VERSION < 4 && defined(__has_include)
#if __has_include(<mpi-ext.h>)
#include <mpi-ext.h>
#endif
#endif

// As in the binding: those of MPICH 4.0 give wrong results from the second round on.
#if MPI_VERSION >= 4 && !(defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000)
#define INIT(procedure) MPI_##procedure##_init
#elif defined(OMPI_HAVE_MPI_EXT_PCOLLREQ)
#define INIT(procedure) MPIX_##procedure##_init
#endif

#ifdef INIT
bool cbench_has_persistent_collectives(void) { return true; }

/// Rounds of one request over what the plan names, but for the values, which are in memory of the request's own. They lie
/// there as in an array of Swift, which has 32 bytes before them: how fast they are copied depends on that.
enum { HEAD = 32 };

#define PERSISTENT(name, procedure, ...)                                                       \
  int cbench_persistent_##name(const CBenchPlan *plan, long calls) {                           \
    char *const memory = malloc(HEAD + plan->valueBytes);                                      \
    void *const result = plan->result, *const values = memory + HEAD;                          \
    const int count = (int)plan->count;                                                        \
    const MPI_Datatype type = typeOf(plan->element);                                           \
    const MPI_Comm world = MPI_COMM_WORLD;                                                     \
    MPI_Request request;                                                                       \
    MPI_Status status;                                                                         \
    (void)result, (void)count, (void)type;                                                     \
    if (!memory) return MPI_ERR_NO_MEM;                                                        \
    memcpy(values, plan->values, plan->valueBytes);                                            \
    CHECK(INIT(procedure)(__VA_ARGS__, MPI_INFO_NULL, &request));                              \
    for (long i = 0; i < calls; i++) {                                                         \
      CHECK(MPI_Start(&request));                                                              \
      CHECK(MPI_Wait(&request, &status));                                                      \
    }                                                                                          \
    CHECK(MPI_Request_free(&request));                                                         \
    free(memory);                                                                              \
    return 0;                                                                                  \
  }
#else
bool cbench_has_persistent_collectives(void) { return false; }

#define PERSISTENT(name, procedure, ...) \
  int cbench_persistent_##name(const CBenchPlan *plan, long calls) { return cbench_start_##name(plan, calls); }
#endif

PERSISTENT(barrier, Barrier, world)
PERSISTENT(broadcast, Bcast, result, count, type, 0, world)
PERSISTENT(scatter, Scatter, values, count, type, result, count, type, 0, world)
PERSISTENT(gather, Gather, values, count, type, result, count, type, 0, world)
PERSISTENT(all_gather, Allgather, values, count, type, result, count, type, world)
PERSISTENT(all_to_all, Alltoall, values, count, type, result, count, type, world)
PERSISTENT(reduce, Reduce, values, result, count, type, MPI_SUM, 0, world)
PERSISTENT(all_reduce, Allreduce, values, result, count, type, MPI_SUM, world)
PERSISTENT(all_reduce_in_place, Allreduce, MPI_IN_PLACE, result, count, type, MPI_SUM, world)
PERSISTENT(reduce_scatter, Reduce_scatter_block, values, result, count, type, MPI_SUM, world)
PERSISTENT(scan, Scan, values, result, count, type, MPI_SUM, world)
PERSISTENT(exclusive_scan, Exscan, values, result, count, type, MPI_SUM, world)
