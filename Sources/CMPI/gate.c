#include "CMPI.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

_Thread_local uint64_t cmpi_thread_limit __attribute__((tls_model("initial-exec"))) = 0;

static bool isFinalized = false;

static int threadLevel = MPI_THREAD_SINGLE;
static bool isAdopted = false;
static pthread_mutex_t adoption = PTHREAD_MUTEX_INITIALIZER;

// MARK: The threads to which the gate is open

/// A thread's limit, in a list as long as the thread lives.
typedef struct thread {
  struct thread *next, *previous;
  uint64_t *limit;
  /// Calls that it is inside of, where that is counted.
  atomic_int depth;
} Thread;

static Thread openThreads = {&openThreads, &openThreads, NULL, 0};
static _Thread_local Thread *ownThread = NULL;
static pthread_key_t threadEnd;
static pthread_once_t threadEndOnce = PTHREAD_ONCE_INIT;
static pthread_mutex_t threads = PTHREAD_MUTEX_INITIALIZER;

static void forget(void *entry) {
  Thread *thread = entry;
  ownThread = NULL;
  pthread_mutex_lock(&threads);
  thread->next->previous = thread->previous;
  thread->previous->next = thread->next;
  pthread_mutex_unlock(&threads);
  free(thread);
}

static void makeThreadEnd(void) { pthread_key_create(&threadEnd, forget); }

/// Whether this thread has been let through while calls are recorded or counted: its limit does not say so then.
static _Thread_local bool isAdmitted = false;

/// Whether it is counted which threads are inside a call.
static bool isCounting = false;

/// Opens the gate for this thread. A thread that cannot be listed asks again at each call.
static void openGate(void) {
  isAdmitted = cmpi_is_watching || isCounting;
  if (isAdmitted && !isCounting) return;
  pthread_once(&threadEndOnce, makeThreadEnd);
  if (pthread_getspecific(threadEnd)) return;
  Thread *thread = malloc(sizeof *thread);
  if (!thread) return;
  pthread_mutex_lock(&threads);
  *thread = (Thread){openThreads.next, &openThreads, &cmpi_thread_limit, 0};
  thread->next->previous = openThreads.next = thread;
  if (!isFinalized && !isCounting) cmpi_thread_limit = CMPI_OPEN_LIMIT;
  pthread_mutex_unlock(&threads);
  ownThread = thread;
  pthread_setspecific(threadEnd, thread);
}

/// Closes the gate to every thread, for ever.
static void closeGate(void) {
  pthread_mutex_lock(&threads);
  __atomic_store_n(&isFinalized, true, __ATOMIC_SEQ_CST);
  for (Thread *thread = openThreads.next; thread != &openThreads; thread = thread->next) *thread->limit = 0;
  pthread_mutex_unlock(&threads);
}

// MARK: Handles that are freed later

typedef struct deferred {
  struct deferred *next;
  bool isComm;
  MPI_Comm comm;
  MPI_Datatype type;
} Deferred;

/// Those whose owner ended where MPI may not be called.
static Deferred *deferredHandles = NULL;

/// Those that are of use until MPI ends.
static Deferred *lastingHandles = NULL;

static pthread_mutex_t deferral = PTHREAD_MUTEX_INITIALIZER;

static void defer(Deferred handle, Deferred **list) {
  if (__atomic_load_n(&isFinalized, __ATOMIC_SEQ_CST)) return;
  Deferred *entry = malloc(sizeof *entry);
  if (!entry) return;
  *entry = handle;
  pthread_mutex_lock(&deferral);
  entry->next = *list;
  *list = entry;
  pthread_mutex_unlock(&deferral);
}

static void releaseAll(Deferred **list) {
  pthread_mutex_lock(&deferral);
  Deferred *entry = *list;
  *list = NULL;
  pthread_mutex_unlock(&deferral);
  while (entry) {
    Deferred *next = entry->next;
    if (entry->isComm) MPI_Comm_free(&entry->comm);
    else MPI_Type_free(&entry->type);
    free(entry);
    entry = next;
  }
}

// MARK: The end of MPI

/// Runs as the first step of `MPI_Finalize`, while MPI still works: the attributes of MPI_COMM_SELF are deleted then.
static int beforeFinalize(MPI_Comm comm, int keyval, void *value, void *extra) {
  (void)comm, (void)keyval, (void)value, (void)extra;
  releaseAll(&deferredHandles);
  releaseAll(&lastingHandles);
  cmpi_watch_finalize();
  closeGate();
  return MPI_SUCCESS;
}

static int adoptOnce(void) {
  int code, keyval;
  if ((code = MPI_Query_thread(&threadLevel)) != MPI_SUCCESS) return code;
#if defined(OPEN_MPI)
  isCounting = threadLevel == MPI_THREAD_MULTIPLE;
#endif
  if ((code = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_set_errhandler(MPI_COMM_SELF, MPI_ERRORS_RETURN)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, beforeFinalize, &keyval, NULL)) != MPI_SUCCESS)
    return code;
  if ((code = MPI_Comm_set_attr(MPI_COMM_SELF, keyval, NULL)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_free_keyval(&keyval)) != MPI_SUCCESS) return code;
  return cmpi_watch_start();
}

int cmpi_adopt(void) {
  pthread_mutex_lock(&adoption);
  int code = isAdopted ? MPI_SUCCESS : adoptOnce();
  if (code == MPI_SUCCESS) isAdopted = true;
  pthread_mutex_unlock(&adoption);
  return code;
}

// MARK: The gate

int cmpi_gate_ask(void) {
  if (isAdmitted) return __atomic_load_n(&isFinalized, __ATOMIC_ACQUIRE) ? CMPI_GATE_FINALIZED : CMPI_GATE_OPEN;
  int flag = 0;
  MPI_Initialized(&flag);
  if (!flag) return CMPI_GATE_NOT_INITIALIZED;
  MPI_Finalized(&flag);
  if (flag || __atomic_load_n(&isFinalized, __ATOMIC_SEQ_CST)) return CMPI_GATE_FINALIZED;
  if (cmpi_adopt() != MPI_SUCCESS) return CMPI_GATE_NOT_INITIALIZED;
  if (threadLevel < MPI_THREAD_SERIALIZED) {
    MPI_Is_thread_main(&flag);
    if (!flag) return CMPI_GATE_WRONG_THREAD;
  }
  openGate();
  return CMPI_GATE_OPEN;
}

// MARK: One thread alone in MPI

/// Calls of threads that are not listed.
static atomic_int strangers = 0;
static atomic_bool isHeldUp = false;
static pthread_mutex_t holding = PTHREAD_MUTEX_INITIALIZER;

int cmpi_gate_enter(void) {
  int gate = cmpi_gate_ask();
  if (gate != CMPI_GATE_OPEN || !isCounting) return gate;
  // A call inside another one is a part of it.
  int depth = ownThread ? atomic_load_explicit(&ownThread->depth, memory_order_relaxed) : 0;
  if (depth > 0) {
    atomic_store_explicit(&ownThread->depth, depth + 1, memory_order_relaxed);
    return CMPI_GATE_COUNTED;
  }
  // First it says that it is here, then it looks whether it may be: who holds the others up does it the other way round.
  while (true) {
    if (ownThread) atomic_store(&ownThread->depth, 1);
    else atomic_fetch_add(&strangers, 1);
    if (!atomic_load(&isHeldUp)) return CMPI_GATE_COUNTED;
    cmpi_gate_leave_counted();
    while (atomic_load(&isHeldUp)) sched_yield();
  }
}

void cmpi_gate_leave_counted(void) {
  if (!ownThread) {
    atomic_fetch_sub(&strangers, 1);
    return;
  }
  int depth = atomic_load_explicit(&ownThread->depth, memory_order_relaxed);
  atomic_store_explicit(&ownThread->depth, depth - 1, memory_order_release);
}

/// How long it is waited for threads to leave what they are inside of, in nanoseconds: a call that does not block is over.
enum { LEAVING = 200000 };

static bool isNobodyInside(void) {
  bool isEmpty = atomic_load(&strangers) == 0;
  pthread_mutex_lock(&threads);
  for (Thread *thread = openThreads.next; thread != &openThreads && isEmpty; thread = thread->next)
    isEmpty = atomic_load(&thread->depth) == 0;
  pthread_mutex_unlock(&threads);
  return isEmpty;
}

bool cmpi_is_counting(void) { return isCounting; }

bool cmpi_hold_others(void) {
  if (!isCounting) return true;
  if (pthread_mutex_trylock(&holding) != 0) return false;
  atomic_store(&isHeldUp, true);
  bool isAlone = isNobodyInside();
  for (int64_t start = cmpi_now(); !isAlone && cmpi_now() - start < LEAVING; isAlone = isNobodyInside()) sched_yield();
  if (!isAlone) cmpi_release_others();
  return isAlone;
}

void cmpi_release_others(void) {
  if (!isCounting) return;
  atomic_store(&isHeldUp, false);
  pthread_mutex_unlock(&holding);
}

// MARK: Handles whose owner ends

/// Whether a deinitialiser on this thread may call MPI: under MPI_THREAD_SERIALIZED another thread may be inside it.
static bool mayReleaseNow(void) {
  return cmpi_gate_ask() == CMPI_GATE_OPEN && threadLevel != MPI_THREAD_SERIALIZED;
}

void cmpi_comm_release(CMPI_Comm communicator) {
  if (mayReleaseNow()) {
    CMPI_COUNTED(gate, cmpi_gate_enter());
    MPI_Comm_free(&communicator.raw);
  } else defer((Deferred){.isComm = true, .comm = communicator.raw}, &deferredHandles);
}

void cmpi_type_release(CMPI_Datatype type) {
  if (mayReleaseNow()) MPI_Type_free(&type.raw);
  else defer((Deferred){.isComm = false, .type = type.raw}, &deferredHandles);
}

void cmpi_type_release_at_end(CMPI_Datatype type) {
  defer((Deferred){.isComm = false, .type = type.raw}, &lastingHandles);
}

void cmpi_release_deferred(void) {
  if (__atomic_load_n(&deferredHandles, __ATOMIC_RELAXED)) releaseAll(&deferredHandles);
}
