#include "CMPI.h"

#include <pthread.h>
#include <stdlib.h>

_Thread_local uint32_t cmpi_thread_epoch __attribute__((tls_model("initial-exec"))) = 0;
uint32_t cmpi_epoch = 1;

enum { EPOCH_FINALIZED = 2 };

static int threadLevel = MPI_THREAD_SINGLE;
static bool isAdopted = false;
static pthread_mutex_t adoption = PTHREAD_MUTEX_INITIALIZER;

// MARK: The end of MPI

/// Runs as the first step of `MPI_Finalize`, while MPI still works: the attributes of MPI_COMM_SELF are deleted then.
static int beforeFinalize(MPI_Comm comm, int keyval, void *value, void *extra) {
  (void)comm, (void)keyval, (void)value, (void)extra;
  cmpi_release_deferred();
  __atomic_store_n(&cmpi_epoch, EPOCH_FINALIZED, __ATOMIC_SEQ_CST);
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
  return MPI_Comm_free_keyval(&keyval);
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
  int flag = 0;
  MPI_Initialized(&flag);
  if (!flag) return CMPI_GATE_NOT_INITIALIZED;
  MPI_Finalized(&flag);
  if (flag || __atomic_load_n(&cmpi_epoch, __ATOMIC_SEQ_CST) == EPOCH_FINALIZED) return CMPI_GATE_FINALIZED;
  if (cmpi_adopt() != MPI_SUCCESS) return CMPI_GATE_NOT_INITIALIZED;
  if (threadLevel < MPI_THREAD_SERIALIZED) {
    MPI_Is_thread_main(&flag);
    if (!flag) return CMPI_GATE_WRONG_THREAD;
  }
  cmpi_thread_epoch = __atomic_load_n(&cmpi_epoch, __ATOMIC_SEQ_CST);
  return CMPI_GATE_OPEN;
}

// MARK: Handles whose owner ended where MPI may not be called

typedef struct deferred {
  struct deferred *next;
  bool isComm;
  MPI_Comm comm;
  MPI_Datatype type;
} Deferred;

static Deferred *deferredHandles = NULL;
static pthread_mutex_t deferral = PTHREAD_MUTEX_INITIALIZER;

/// Whether a deinitialiser on this thread may call MPI: under MPI_THREAD_SERIALIZED another thread may be inside it.
static bool mayReleaseNow(void) {
  return cmpi_gate_ask() == CMPI_GATE_OPEN && threadLevel != MPI_THREAD_SERIALIZED;
}

static void defer(Deferred handle) {
  if (__atomic_load_n(&cmpi_epoch, __ATOMIC_SEQ_CST) == EPOCH_FINALIZED) return;
  Deferred *entry = malloc(sizeof *entry);
  if (!entry) return;
  *entry = handle;
  pthread_mutex_lock(&deferral);
  entry->next = deferredHandles;
  deferredHandles = entry;
  pthread_mutex_unlock(&deferral);
}

void cmpi_comm_release(CMPI_Comm communicator) {
  if (mayReleaseNow()) MPI_Comm_free(&communicator.raw);
  else defer((Deferred){.isComm = true, .comm = communicator.raw});
}

void cmpi_type_release(CMPI_Datatype type) {
  if (mayReleaseNow()) MPI_Type_free(&type.raw);
  else defer((Deferred){.isComm = false, .type = type.raw});
}

void cmpi_release_deferred(void) {
  if (!__atomic_load_n(&deferredHandles, __ATOMIC_RELAXED)) return;
  pthread_mutex_lock(&deferral);
  Deferred *entry = deferredHandles;
  deferredHandles = NULL;
  pthread_mutex_unlock(&deferral);
  while (entry) {
    Deferred *next = entry->next;
    if (entry->isComm) MPI_Comm_free(&entry->comm);
    else MPI_Type_free(&entry->type);
    free(entry);
    entry = next;
  }
}
