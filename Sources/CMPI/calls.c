// Recording calls: what this process does, on the board; and in checked mode the agreement before a collective.
#include "board.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

bool cmpi_is_watching = false;

/// Calls that this thread is inside of: only the outermost is recorded.
static _Thread_local int depth = 0;

// MARK: A lane for each thread

static _Thread_local Lane *ownLane = NULL;
static _Thread_local bool hasAskedForLane = false;
static _Atomic uint32_t usedLanes = 0;
static pthread_key_t laneEnd;
static pthread_once_t laneEndOnce = PTHREAD_ONCE_INIT;

static void releaseLane(void *lane) {
  atomic_store(&((Lane *)lane)->thread, 0);
  atomic_fetch_and(&usedLanes, ~(UINT32_C(1) << ((Lane *)lane - ownSlot->lanes)));
}

static void makeLaneEnd(void) { pthread_key_create(&laneEnd, releaseLane); }

static void claimLane(void) {
  hasAskedForLane = true;
  pthread_once(&laneEndOnce, makeLaneEnd);
  for (int i = 0; i < LANES; i++) {
    uint32_t bit = UINT32_C(1) << i;
    if (atomic_fetch_or(&usedLanes, bit) & bit) continue;
    ownLane = &ownSlot->lanes[i];
#if defined(__linux__)
    atomic_store(&ownLane->thread, (int32_t)syscall(SYS_gettid));
#else
    atomic_store(&ownLane->thread, 1);
#endif
    pthread_setspecific(laneEnd, ownLane);
    return;
  }
}

void setPhase(uint32_t phase) {
  if (!ownLane) return;
  atomic_store_explicit(&ownLane->since, now(), memory_order_relaxed);
  atomic_store_explicit(&ownLane->phase, phase, memory_order_release);
}

// MARK: Describing

/// A rank of the communicator in our numbers.
static int32_t rankNumber(int rank) {
  return rank == MPI_ANY_SOURCE ? CMPI_ANY_RANK : rank == MPI_PROC_NULL ? CMPI_NULL_RANK : rank;
}

static int32_t worldRank(const Registration *registration, int32_t rank) {
  if (!registration || !registration->worldRanks || rank < 0 || rank >= registration->call.size) return -1;
  return registration->worldRanks[rank];
}

static bool isMessage(int kind) { return kind > CMPI_OPERATION_SUBSET_OF_MEMBERS; }

/// Fills in a call that lies where it will be read; `counts` gets those of a vector collective.
static void describe(
  CMPI_Call *call, const CMPI_Arguments *a, const Registration *registration, int64_t *counts) {
  if (registration) memcpy(call, &registration->call, offsetof(CMPI_Call, frames));
  else memset(call, 0, offsetof(CMPI_Call, frames));
  int kind = a->operation & CMPI_KIND;
  call->operation = a->operation;
  call->root = a->hasRoot ? rankNumber(a->root) : CMPI_NO_RANK;
  bool isExchange = kind == CMPI_OPERATION_SEND_RECEIVE;
  call->source = isExchange ? rankNumber(a->source) : CMPI_NO_RANK;
  call->tag = isMessage(kind) && a->hasRoot ? (a->tag == MPI_ANY_TAG ? CMPI_ANY_TAG : a->tag) : CMPI_NO_TAG;
  call->sourceTag = isExchange ? (a->sourceTag == MPI_ANY_TAG ? CMPI_ANY_TAG : a->sourceTag) : CMPI_NO_TAG;
  call->worldRoot = worldRank(registration, call->root);
  call->worldSource = worldRank(registration, call->source);
  call->isInPlace = a->isInPlace;
  call->reduction = a->hasOp ? describeOp(a->op.raw) : CMPI_REDUCTION_NONE;
  Element element = {.perItem = 1, .perValue = 1};
  if (a->hasType) {
    describeType(a->type.raw, &element);
    call->type = element.number, call->perValue = element.perValue;
    memcpy(call->typeName, element.name, CMPI_TYPE_NAME);
  }
  if (a->shape) strncpy(call->typeName, a->shape, CMPI_TYPE_NAME - 1);
  call->count = a->count * element.perItem;
  int size = call->size;
  if (!counts || !registration) return;
  for (int side = 0; side < 2; side++) {
    const int64_t *given = side == 0 ? a->outCounts : a->inCounts;
    const CMPI_Datatype *types = side == 0 ? a->outTypes : a->inTypes;
    for (int i = 0; i < size; i++) {
      int64_t count = given ? given[i] : 0;
      if (types && count > 0) {
        Element item;
        describeType(types[i].raw, &item);
        count *= item.perItem;
        call->type = item.number, call->perValue = item.perValue;
        memcpy(call->typeName, item.name, CMPI_TYPE_NAME);
      } else {
        count *= element.perItem;
      }
      counts[side * size + i] = count;
      if (types && side == 0) call->count += count;
    }
  }
}

// MARK: The two ends of a call

/// Keeps what lies in the executable as offsets, which mean the same on every rank and machine.
void noteFrames(CMPI_Call *call) {
  call->frameCount = walkStack(call->frames, CMPI_FRAMES);
  const Module *executable = &ownSlot->modules[0];
  for (int i = 0; i < call->frameCount; i++)
    if (call->frames[i] >= executable->low && call->frames[i] < executable->high)
      call->frames[i] = (call->frames[i] - executable->base) | CMPI_IN_EXECUTABLE;
}

/// The lane's call while it is being written, for readers to wait.
static void beginWriting(void) {
  if (ownLane) atomic_fetch_add_explicit(&ownLane->version, 1, memory_order_acq_rel);
}

static void endWriting(void) {
  if (ownLane) {
    atomic_fetch_add_explicit(&ownLane->version, 1, memory_order_release);
    atomic_store(&ownSlot->lastLane, (uint32_t)(ownLane - ownSlot->lanes));
  }
  atomic_fetch_add(&ownSlot->beat, 1);
}

int cmpi_call_enter(CMPI_CallScope *scope, const CMPI_Arguments *arguments) {
  if (depth > 0) return MPI_SUCCESS;
  if (!hasAskedForLane) claimLane();
  adoptThread();
  Registration *registration = registrationOf(arguments->comm.raw);
  bool isChecked = checkMode != CHECK_OFF && registration && registration->isChecked
                   && (arguments->operation & CMPI_KIND) < CMPI_OPERATION_LAST_COLLECTIVE;
  bool isStart = scope->request != NULL, isMade = (arguments->operation & CMPI_PERSISTENT) != 0;
  CMPI_Call elsewhere, *call = ownLane ? &ownLane->call : &elsewhere;
  int64_t few[128], *counts = NULL;
  if (isChecked && isVector(arguments->operation)) {
    counts = registration->call.size <= 64 ? few : malloc(sizeof(int64_t) * 2 * registration->call.size);
    if (!counts) return MPI_ERR_NO_MEM;
  }
  beginWriting();
  describe(call, arguments, registration, counts);
  if (isChecked && !isMade) call->sequence = atomic_fetch_add(&registration->sequence, 1);
  noteFrames(call);
  endWriting();
  int code = MPI_SUCCESS;
  if (isStart) {
    scope->pending = makePending(call, registration, counts, isChecked);
    if (scope->pending && isChecked && !isMade) {
      setPhase(CMPI_PHASE_AGREEING);
      code = publishPending(scope->pending);
    } else if (!scope->pending && isChecked) {
      code = MPI_ERR_NO_MEM;
    }
  } else if (isChecked) {
    setPhase(CMPI_PHASE_AGREEING);
    code = agree(registration, call, counts);
  }
  if (counts != few) free(counts);
  setPhase(code == MPI_SUCCESS ? CMPI_PHASE_INSIDE : CMPI_PHASE_OUTSIDE);
  if (code == MPI_SUCCESS) depth++, scope->isEntered = true;
  else if (scope->pending) bindPending(scope->pending, &(MPI_Request){MPI_REQUEST_NULL});
  return code;
}

void cmpi_call_leave(CMPI_CallScope *scope) {
  if (!scope->isEntered) return;
  if (scope->pending) bindPending(scope->pending, scope->request);
  depth--;
  setPhase(CMPI_PHASE_OUTSIDE);
}

void enterWait(CMPI_CallScope *scope, int waiting, int requests, const CMPI_Call *first, bool isAgreeing) {
  // The engine's thread does nothing but test: it is nowhere that a user would look for.
  if (depth > 0 || (waiting >= CMPI_TEST && !ownLane)) return;
  if (!hasAskedForLane) claimLane();
  adoptThread();
  if (ownLane) {
    beginWriting();
    CMPI_Call *call = &ownLane->call;
    if (first) memcpy(call, first, offsetof(CMPI_Call, frames));
    else memset(call, 0, offsetof(CMPI_Call, frames));
    call->waiting = waiting, call->requests = requests;
    noteFrames(call);
  }
  endWriting();
  setPhase(isAgreeing ? CMPI_PHASE_AGREEING : CMPI_PHASE_INSIDE);
  depth++, scope->isEntered = true;
}
