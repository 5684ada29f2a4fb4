// What is known of the requests under way: what started each, and in checked mode its collective's agreement.
//
// They are found by their handles. MPI gives some operations that are complete at once one handle for all; those are
// either not kept here or get a handle of their own.
#include "pending.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024 };

static Pending *buckets[BUCKETS];
static pthread_mutex_t finding = PTHREAD_MUTEX_INITIALIZER;

static Pending **bucketOf(MPI_Request request) {
  uint64_t word = (uint64_t)(uintptr_t)request * UINT64_C(0x9e3779b97f4a7c15);
  return &buckets[word >> 54];
}

Pending *pendingOf(MPI_Request request) {
  if (request == MPI_REQUEST_NULL) return NULL;
  pthread_mutex_lock(&finding);
  Pending *pending = *bucketOf(request);
  while (pending && pending->request != request) pending = pending->next;
  pthread_mutex_unlock(&finding);
  return pending;
}

// MARK: Messages that the watchdog knows

static int takeHalf(bool isSend, int peer, int tag, uint64_t communicator) {
  if (peer == CMPI_NULL_RANK) return -1;
  for (int i = 0; i < HALVES; i++) {
    Half *half = &ownSlot->halves[i];
    if (atomic_load(&half->state) != HALF_FREE) continue;
    half->isSend = isSend, half->peer = peer, half->tag = tag, half->communicator = communicator;
    atomic_store(&half->state, HALF_PENDING);
    return i;
  }
  atomic_fetch_add(&ownSlot->unknownHalves, 1);
  return HALVES;
}

static void giveHalf(int *number) {
  if (*number == HALVES) atomic_fetch_sub(&ownSlot->unknownHalves, 1);
  else if (*number >= 0) atomic_store(&ownSlot->halves[*number].state, HALF_FREE);
  *number = -1;
}

/// The peer in the world; one that is not known may be any.
static int peerOf(const CMPI_Call *call, int rank, int worldRank) {
  if (rank < 0) return rank;
  if (worldRank >= 0) return worldRank;
  return call->communicator == CMPI_COMMUNICATOR_SELF ? ownRank : CMPI_ANY_RANK;
}

static void takeHalves(Pending *pending) {
  const CMPI_Call *call = &pending->call;
  int kind = call->operation & CMPI_KIND;
  pthread_mutex_lock(&finding);
  int peer = peerOf(call, call->root, call->worldRoot);
  if (kind == CMPI_OPERATION_SEND || kind == CMPI_OPERATION_SEND_RECEIVE)
    pending->halves[0] = takeHalf(true, peer, call->tag, call->communicator);
  if (kind == CMPI_OPERATION_RECEIVE) pending->halves[1] = takeHalf(false, peer, call->tag, call->communicator);
  if (kind == CMPI_OPERATION_SEND_RECEIVE)
    pending->halves[1] =
      takeHalf(false, peerOf(call, call->source, call->worldSource), call->sourceTag, call->communicator);
  pthread_mutex_unlock(&finding);
}

void awaitPending(Pending *pending, bool isAwaited) {
  for (int i = 0; pending && i < 2; i++)
    if (pending->halves[i] >= 0 && pending->halves[i] < HALVES)
      atomic_store(&ownSlot->halves[pending->halves[i]].state, isAwaited ? HALF_AWAITED : HALF_PENDING);
}

// MARK: The life of one

Pending *makePending(const CMPI_Call *call, Registration *registration, const int64_t *counts, bool isChecked) {
  size_t bytes = counts ? sizeof(int64_t) * 2 * (size_t)call->size : 0;
  Pending *pending = calloc(1, sizeof *pending + bytes);
  if (!pending) return NULL;
  pending->call = *call;
  pending->request = MPI_REQUEST_NULL, pending->agreement.exchange = MPI_REQUEST_NULL;
  pending->halves[0] = pending->halves[1] = -1;
  pending->isChecked = isChecked, pending->isPersistent = (call->operation & CMPI_PERSISTENT) != 0;
  if (counts) {
    pending->counts = (int64_t *)(pending + 1);
    memcpy(pending->counts, counts, bytes);
  }
  pending->registration = registration;
  retainRegistration(registration);
  return pending;
}

int publishPending(Pending *pending) {
  pending->agreement = (Agreement){
    .registration = pending->registration, .call = &pending->call, .counts = pending->counts,
    .exchange = MPI_REQUEST_NULL};
  int code = publish(&pending->agreement);
  pending->isPublished = code == MPI_SUCCESS;
  return code;
}

static void discard(Pending *pending) {
  bool isLeft = pending->agreement.exchange != MPI_REQUEST_NULL;
  if (pending->isPublished) dropAgreement(&pending->agreement);
  releaseRegistration(pending->registration);
  if (!isLeft) free(pending);
}

/// Takes out what is known of an earlier request: another thread has completed it, and is about to end what is known,
/// while MPI has given its handle away again.
static void forgetEarlier(MPI_Request request) {
  pthread_mutex_lock(&finding);
  for (Pending **link = bucketOf(request); *link;) {
    Pending *earlier = *link;
    if (earlier->request == request) *link = earlier->next, earlier->request = MPI_REQUEST_NULL;
    else link = &earlier->next;
  }
  pthread_mutex_unlock(&finding);
}

void bindPending(Pending *pending, MPI_Request *request) {
  int isComplete = 0;
  if (*request != MPI_REQUEST_NULL && !pending->isPersistent) {
    MPI_Request_get_status(*request, &isComplete, MPI_STATUS_IGNORE);
    CMPI_Request own;
    // A collective that is complete must still be found by its handle.
    if (isComplete && pending->isPublished && cmpi_grequest_start(&own) == MPI_SUCCESS) {
      cmpi_grequest_complete(own);
      MPI_Wait(request, MPI_STATUS_IGNORE);
      *request = own.raw, isComplete = 0;
    }
  }
  if (*request != MPI_REQUEST_NULL) forgetEarlier(*request);
  if (*request == MPI_REQUEST_NULL || isComplete) {
    discard(pending);
    return;
  }
  pending->request = *request;
  if (!pending->isPersistent) takeHalves(pending);
  Pending **bucket = bucketOf(*request);
  pthread_mutex_lock(&finding);
  pending->next = *bucket, *bucket = pending;
  pthread_mutex_unlock(&finding);
}

void removePending(Pending *pending) {
  pthread_mutex_lock(&finding);
  giveHalf(&pending->halves[0]), giveHalf(&pending->halves[1]);
  Pending **link = bucketOf(pending->request);
  while (*link && *link != pending) link = &(*link)->next;
  if (*link) *link = pending->next;
  pthread_mutex_unlock(&finding);
  discard(pending);
}

int startAgain(Pending *pending) {
  if (!pending->isChecked) {
    takeHalves(pending);
    return MPI_SUCCESS;
  }
  pending->call.sequence = atomic_fetch_add(&pending->registration->sequence, 1);
  return publishPending(pending);
}

void endPending(Pending *pending) {
  if (!pending) return;
  if (!pending->isPersistent) {
    removePending(pending);
    return;
  }
  pthread_mutex_lock(&finding);
  giveHalf(&pending->halves[0]), giveHalf(&pending->halves[1]);
  pthread_mutex_unlock(&finding);
  if (pending->isPublished) dropAgreement(&pending->agreement);
  pending->agreement.exchange = MPI_REQUEST_NULL, pending->isPublished = false;
}

int settlePending(Pending *pending, bool waits, bool *isDecided) {
  *isDecided = true;
  if (!pending || !pending->isPublished) return MPI_SUCCESS;
  int code = decide(&pending->agreement, waits);
  *isDecided = code != MPI_SUCCESS || pending->agreement.state != UNDECIDED;
  return code;
}
