#include "CMPI.h"

#include <pthread.h>
#include <stdatomic.h>

/// How many values MPI says to a callback.
#if CMPI_HAS_LARGE_COUNT
typedef MPI_Count Length;
#define CREATE MPI_Op_create_c
#else
typedef int Length;
#define CREATE MPI_Op_create
#endif

/// The attribute under which a datatype carries its closure.
static int closureKey = MPI_KEYVAL_INVALID;
static MPI_Op operations[2];
static atomic_bool isReady;
static pthread_mutex_t preparation = PTHREAD_MUTEX_INITIALIZER;

/// How often a datatype was given a closure: what was found before the last time may be another's by now.
static atomic_ulong generation = 1;

/// What the callback has found last on this thread, which saves MPI's look-up.
static _Thread_local struct {
  MPI_Datatype type;
  CMPI_Closure *closure;
  unsigned long generation;
} last __attribute__((tls_model("initial-exec")));

static __attribute__((noinline)) void combineAfterLooking(
  void *left, void *both, Length count, MPI_Datatype type, unsigned long now) {
  CMPI_Closure *closure = NULL;
  int found = 0;
  if (MPI_Type_get_attr(type, closureKey, &closure, &found) != MPI_SUCCESS || !found) return;
  last.type = type, last.closure = closure, last.generation = now;
  closure->combine(closure->context, left, both, count);
}

/// The callback of every closure: MPI hands it the datatype of the call, and the datatype carries the closure.
static void combine(void *left, void *both, Length *count, MPI_Datatype *type) {
  unsigned long now = atomic_load_explicit(&generation, memory_order_acquire);
  if (last.type != *type || last.generation != now) combineAfterLooking(left, both, *count, *type, now);
  else last.closure->combine(last.closure->context, left, both, *count);
}

static int prepare(void) {
  if (atomic_load(&isReady)) return MPI_SUCCESS;
  int code = MPI_Type_create_keyval(MPI_TYPE_DUP_FN, MPI_TYPE_NULL_DELETE_FN, &closureKey, NULL);
  for (int isCommutative = 0; isCommutative < 2 && code == MPI_SUCCESS; isCommutative++)
    code = CREATE(combine, isCommutative, &operations[isCommutative]);
  atomic_store(&isReady, code == MPI_SUCCESS);
  return code;
}

int cmpi_op_closure(bool isCommutative, CMPI_Op *out) {
  int code = MPI_SUCCESS;
  if (!atomic_load_explicit(&isReady, memory_order_acquire)) {
    pthread_mutex_lock(&preparation);
    code = prepare();
    pthread_mutex_unlock(&preparation);
  }
  out->raw = operations[isCommutative];
  return code;
}

int cmpi_type_with_closure(CMPI_Datatype type, int64_t size, CMPI_Closure *closure, CMPI_Datatype *out) {
  CMPI_Op shared;
  MPI_Aint start, reach;
  int64_t extent;
  int code = cmpi_op_closure(true, &shared);
  if (code == MPI_SUCCESS) code = MPI_Type_get_true_extent(type.raw, &start, &reach);
  if (code == MPI_SUCCESS) code = cmpi_type_extent(type, &extent);
  if (code != MPI_SUCCESS) return code;
  code = start + reach >= size
       ? MPI_Type_dup(type.raw, &out->raw)
       : cmpi_type_struct(2, (int64_t[]){0, size - 1}, (CMPI_Datatype[]){type, {MPI_BYTE}}, extent, out);
  if (code == MPI_SUCCESS) code = MPI_Type_set_attr(out->raw, closureKey, closure);
  atomic_fetch_add_explicit(&generation, 1, memory_order_release);
  return code;
}

// MARK: Minimum and maximum of unsigned integers on MPICH 4.0

#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000

#define FOR_EACH(name, compared)                                                   \
  static void name(void *left, void *both, Length *count, MPI_Datatype *type) {       \
    if (*type == MPI_UINT8_T) LOOP(uint8_t, compared)                              \
    else if (*type == MPI_UINT16_T) LOOP(uint16_t, compared)                       \
    else if (*type == MPI_UINT32_T) LOOP(uint32_t, compared)                       \
    else LOOP(uint64_t, compared)                                                  \
  }
#define LOOP(number, compared)                                                     \
  for (Length i = 0; i < *count; i++) {                                             \
    number a = ((number *)left)[i], b = ((number *)both)[i];                       \
    ((number *)both)[i] = a compared b ? a : b;                                    \
  }

FOR_EACH(minimum, <)
FOR_EACH(maximum, >)

MPI_Op cmpi_sound_order(MPI_Op op, MPI_Datatype type) {
  static MPI_Op ours[2] = {MPI_OP_NULL, MPI_OP_NULL};
  if (type != MPI_UINT8_T && type != MPI_UINT16_T && type != MPI_UINT32_T && type != MPI_UINT64_T) return op;
  pthread_mutex_lock(&preparation);
  int code = MPI_SUCCESS;
  if (ours[0] == MPI_OP_NULL) code = CREATE(minimum, 1, &ours[0]);
  if (ours[1] == MPI_OP_NULL && code == MPI_SUCCESS) code = CREATE(maximum, 1, &ours[1]);
  pthread_mutex_unlock(&preparation);
  // A null operation is refused by MPI with a clear error.
  return code == MPI_SUCCESS ? ours[op == MPI_MAX] : MPI_OP_NULL;
}

#endif
