#include "CMPI.h"

#include <pthread.h>
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
} Thread;

static Thread openThreads = {&openThreads, &openThreads, NULL};
static pthread_key_t threadEnd;
static pthread_once_t threadEndOnce = PTHREAD_ONCE_INIT;
static pthread_mutex_t threads = PTHREAD_MUTEX_INITIALIZER;

static void forget(void *entry) {
  Thread *thread = entry;
  pthread_mutex_lock(&threads);
  thread->next->previous = thread->previous;
  thread->previous->next = thread->next;
  pthread_mutex_unlock(&threads);
  free(thread);
}

static void makeThreadEnd(void) { pthread_key_create(&threadEnd, forget); }

/// Whether this thread has been let through while calls are recorded: its limit does not say so then.
static _Thread_local bool isAdmitted = false;

/// Opens the gate for this thread. A thread that cannot be listed asks again at each call.
static void openGate(void) {
  if (cmpi_is_watching) {
    isAdmitted = true;
    return;
  }
  pthread_once(&threadEndOnce, makeThreadEnd);
  if (pthread_getspecific(threadEnd)) return;
  Thread *thread = malloc(sizeof *thread);
  if (!thread) return;
  pthread_mutex_lock(&threads);
  *thread = (Thread){openThreads.next, &openThreads, &cmpi_thread_limit};
  thread->next->previous = openThreads.next = thread;
  if (!isFinalized) cmpi_thread_limit = (uint64_t)INT_MAX + 1;
  pthread_mutex_unlock(&threads);
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

// MARK: Handles whose owner ends

/// Whether a deinitialiser on this thread may call MPI: under MPI_THREAD_SERIALIZED another thread may be inside it.
static bool mayReleaseNow(void) {
  return cmpi_gate_ask() == CMPI_GATE_OPEN && threadLevel != MPI_THREAD_SERIALIZED;
}

void cmpi_comm_release(CMPI_Comm communicator) {
  if (mayReleaseNow()) MPI_Comm_free(&communicator.raw);
  else defer((Deferred){.isComm = true, .comm = communicator.raw}, &deferredHandles);
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
