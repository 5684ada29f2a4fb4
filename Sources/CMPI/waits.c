// Completing requests where calls are recorded: says so on the board, and in checked mode waits until the ranks agree on
// a collective before it counts as complete.
#include "waits.h"

#include "pending.h"

#include <stdlib.h>
#include <string.h>

/// Gives a collective that the ranks do not agree on a moment to end, because its memory will be used for other things.
/// One that cannot end is left to MPI for ever.
static void abandon(MPI_Request *request) {
  int isDone = 0;
  Wait wait = {.began = now()};
  while (!isDone && secondsSince(wait.began) < 0.1 && MPI_Test(request, &isDone, MPI_STATUS_IGNORE) == MPI_SUCCESS)
    letOthersWork(&wait);
}

#define ENTER_WAIT(waiting, count, first, isAgreeing)                                            \
  CMPI_CallScope callScope __attribute__((cleanup(cmpi_call_leave))) = {false};                  \
  enterWait(&callScope, waiting, count, first, isAgreeing);

int cmpi_watched_wait(CMPI_Request *request, MPI_Status *status) {
  Pending *pending = pendingOf(request->raw);
  bool isDecided, isCollective = pending && pending->isPublished;
  ENTER_WAIT(CMPI_WAIT, 1, pending ? &pending->call : NULL, isCollective)
  int code = settlePending(pending, true, &isDecided);
  if (code != MPI_SUCCESS) {
    abandon(&request->raw);
    endPending(pending);
    return code;
  }
  if (isCollective) setPhase(CMPI_PHASE_INSIDE);
  awaitPending(pending, true);
  code = MPI_Wait(&request->raw, status);
  endPending(pending);
  return code;
}

int cmpi_watched_test(CMPI_Request *request, int *flag, MPI_Status *status) {
  Pending *pending = pendingOf(request->raw);
  bool isDecided;
  ENTER_WAIT(CMPI_TEST, 1, pending ? &pending->call : NULL, false)
  *flag = 0;
  int code = settlePending(pending, false, &isDecided);
  if (code != MPI_SUCCESS) {
    abandon(&request->raw);
    endPending(pending);
    request->raw = MPI_REQUEST_NULL;
    return code;
  }
  if (!isDecided) {
    letOthersWork(&(Wait){.began = now()});
    return MPI_SUCCESS;
  }
  code = MPI_Test(&request->raw, flag, status);
  if (*flag || code != MPI_SUCCESS) endPending(pending);
  return code;
}

void cmpi_watched_release(MPI_Request request) {
  Pending *pending = cmpi_is_watching ? pendingOf(request) : NULL;
  if (pending) removePending(pending);
}

int cmpi_watched_start(CMPI_CallScope *scope, MPI_Request request) {
  Pending *pending = pendingOf(request);
  if (!pending) return MPI_SUCCESS;
  // A start is a call like another; it ends at once.
  enterWait(scope, CMPI_NO_WAIT, 0, &pending->call, true);
  noteFrames(&pending->call);
  return startAgain(pending);
}

// MARK: Many

/// The requests of a call with what is known of them.
typedef struct {
  int count, pending;
  Pending **all;
  const CMPI_Call *first;
  bool hasCollectives;
} Set;

static bool makeSet(Set *set, int count, const CMPI_Request *requests) {
  *set = (Set){.count = count, .all = calloc((size_t)count + 1, sizeof *set->all)};
  if (!set->all) return false;
  for (int i = 0; i < count; i++) {
    if (requests[i].raw == MPI_REQUEST_NULL) continue;
    set->pending++;
    Pending *pending = set->all[i] = pendingOf(requests[i].raw);
    if (!pending) continue;
    if (!set->first) set->first = &pending->call;
    set->hasCollectives |= pending->isPublished;
  }
  return true;
}

static void awaitAll(const Set *set, bool isAwaited) {
  for (int i = 0; i < set->count; i++) awaitPending(set->all[i], isAwaited);
}

int cmpi_watched_waitall(
  int count, CMPI_Request *requests, CMPI_Status *statuses, int *codes,
  int (*wait)(int, CMPI_Request *, CMPI_Status *, int *)) {
  Set set;
  if (!makeSet(&set, count, requests)) return MPI_ERR_NO_MEM;
  ENTER_WAIT(CMPI_WAIT_ALL, set.pending, set.first, set.hasCollectives)
  int code = MPI_SUCCESS;
  bool isDecided;
  awaitAll(&set, true);
  // A refusal completes nothing: the group's end does.
  for (int i = 0; i < count && code == MPI_SUCCESS; i++) code = settlePending(set.all[i], true, &isDecided);
  if (code == MPI_SUCCESS) {
    if (set.hasCollectives) setPhase(CMPI_PHASE_INSIDE);
    code = wait(count, requests, statuses, codes);
    if (code == MPI_SUCCESS || code == MPI_ERR_IN_STATUS) for (int i = 0; i < count; i++) endPending(set.all[i]);
    else awaitAll(&set, false);
  } else {
    awaitAll(&set, false);
  }
  free(set.all);
  return code;
}

int cmpi_watched_some(
  int waiting, int count, CMPI_Request *requests, int *done, int *indices, CMPI_Status *statuses, int *codes,
  int (*test)(int, CMPI_Request *, int *, int *, CMPI_Status *, int *),
  int (*wait)(int, CMPI_Request *, int *, int *, CMPI_Status *, int *)) {
  Set set;
  if (!makeSet(&set, count, requests)) return MPI_ERR_NO_MEM;
  ENTER_WAIT(waiting, set.pending, set.first, false)
  bool waits = waiting < CMPI_TEST;
  awaitAll(&set, waits);
  CMPI_Request *ready = set.hasCollectives ? malloc(sizeof *ready * (size_t)count) : requests;
  int code = ready ? MPI_SUCCESS : MPI_ERR_NO_MEM;
  Wait turns = {.began = now()};
  for (bool isOver = false; code == MPI_SUCCESS && !isOver;) {
    *done = -1;
    int hidden = 0, refused = -1, refusal = MPI_SUCCESS;
    // What is not agreed upon yet is not looked at.
    for (int i = 0; ready != requests && i < count && refused < 0; i++) {
      bool isDecided;
      refusal = settlePending(set.all[i], false, &isDecided);
      ready[i].raw = isDecided ? requests[i].raw : MPI_REQUEST_NULL;
      hidden += !isDecided;
      if (refusal != MPI_SUCCESS) refused = i;
    }
    if (refused >= 0) {
      abandon(&requests[refused].raw);
      requests[refused].raw = MPI_REQUEST_NULL;
      *done = 1, indices[0] = refused, codes[0] = refusal;
      break;
    }
    code = (waits && hidden == 0 ? wait : test)(count, ready, done, indices, statuses, codes);
    isOver = !waits || hidden == 0 || *done > 0 || code != MPI_SUCCESS;
    // MPI has set those that are complete to null.
    for (int i = 0; ready != requests && i < *done; i++) requests[indices[i]] = ready[indices[i]];
    if (!isOver) letOthersWork(&turns);
    else if (*done < 0 && hidden > 0) *done = 0;
  }
  awaitAll(&set, false);
  for (int i = 0; i < *done && code == MPI_SUCCESS; i++) endPending(set.all[indices[i]]);
  if (ready != requests) free(ready);
  free(set.all);
  return code;
}

bool cmpi_watched_forget(CMPI_Request *request, void (*wait)(MPI_Request *)) {
  Pending *pending = pendingOf(request->raw);
  bool isDecided, isCollective = pending && pending->isPublished;
  ENTER_WAIT(CMPI_WAIT, 1, pending ? &pending->call : NULL, isCollective)
  if (settlePending(pending, true, &isDecided) != MPI_SUCCESS) {
    abandon(&request->raw);
    endPending(pending);
    return false;
  }
  if (isCollective) setPhase(CMPI_PHASE_INSIDE);
  awaitPending(pending, true);
  wait(&request->raw);
  endPending(pending);
  return true;
}
