// The agreement: what the members of a communicator say about a collective before it counts.
//
// A correct program may always be synchronised at a blocking collective, and where a nonblocking one is waited for: so
// waiting there until all have said what they call changes nothing for it. Nobody enters a blocking one before all
// agree, so that every rank can still throw when they do not. A nonblocking one is started at once.
//
// Each rank says it in a ring of its own. It may say so again in the same place when all members have decided on what
// was there before.
#include "board.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// Guards what is undecided, of all communicators.
static pthread_mutex_t deciding = PTHREAD_MUTEX_INITIALIZER;

double secondsSince(int64_t moment) { return (double)(now() - moment) / 1e9; }

void letOthersWork(Wait *wait) {
  int flag;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_SELF, &flag, MPI_STATUS_IGNORE);
  if (++wait->turns < 200 || wait->turns % 16 != 0 || now() - wait->began < 2000000) sched_yield();
  else nanosleep(&(struct timespec){0, 50000}, NULL);
}

int endOf(int worldRank) {
  Slot *slot = slotOf(&ownBoard, worldRank);
  if (atomic_load(&slot->processID) == 0) return 0;  // On another machine.
  if (atomic_load(&slot->isFinalized)) return CMPI_FINDING_FINALIZED;
  if (atomic_load(&slot->hasExited)) return CMPI_FINDING_EXITED;
  return isAlive(slot) ? 0 : CMPI_FINDING_GONE;
}

// MARK: What was said

static Signature *signatureIn(const Registration *registration, int member, uint64_t sequence) {
  return signatureOf(&ownBoard, registration->worldRanks[member], registration->entries[member], sequence);
}

static uint64_t turnOf(const Agreement *agreement, int member) {
  Signature *signature = signatureIn(agreement->registration, member, agreement->call->sequence);
  return atomic_load_explicit(&signature->turn, memory_order_acquire);
}

/// Takes a decided one off the list, and says up to where this rank has decided.
static void settle(Agreement *agreement) {
  Registration *registration = agreement->registration;
  Agreement **link = &registration->undecided;
  while (*link && *link != agreement) link = &(*link)->next;
  if (*link) *link = agreement->next;
  if (!registration->entries) return;
  uint64_t decided = registration->undecided ? registration->undecided->call->sequence : registration->published;
  atomic_store_explicit(&ownSlot->decided[registration->ownEntry], decided, memory_order_release);
}

/// Ends an agreement with what is wrong, or with a judgement of what all said when `found` is null.
static void conclude(Agreement *agreement, const CMPI_Finding *found, double seconds) {
  int size = agreement->call->size;
  uint64_t sequence = agreement->call->sequence;
  const CMPI_Call *fewCalls[64] = {0}, **calls = fewCalls;
  const int64_t *fewCounts[64] = {0}, **counts = fewCounts;
  if (size > 64) calls = calloc((size_t)size, sizeof *calls), counts = calloc((size_t)size, sizeof *counts);
  agreement->state = AGREED;
  if (calls && counts) {
    Statements said = {size, calls, counts};
    for (int i = 0; i < size; i++) {
      if (agreement->all) {
        if (!found) calls[i] = &agreement->all[i];
        else if (i == agreement->call->rank) calls[i] = agreement->call;
        continue;
      }
      Signature *other = signatureIn(agreement->registration, i, sequence);
      if (atomic_load_explicit(&other->turn, memory_order_acquire) == sequence + 1)
        calls[i] = &other->call, counts[i] = other->counts;
    }
    CMPI_Finding judged;
    if (found || judge(&said, &judged)) {
      agreement->state = REFUSED;
      agreement->code = found ? CMPI_CHECK_MISSING : CMPI_CHECK_MISMATCH;
      agreement->finding = noteFinding(found ? found : &judged, agreement->registration, &said, seconds);
    }
  }
  if (size > 64) free(calls), free(counts);
  if (found && agreement->registration->entries)
    atomic_store(&signatureIn(agreement->registration, agreement->call->rank, sequence)->turn,
                 (sequence + 1) | ABANDONED);
  settle(agreement);
}

/// Looks once, through shared memory.
static void lookAtBoard(Agreement *agreement) {
  uint64_t turn = agreement->call->sequence + 1;
  for (; agreement->come < agreement->call->size; agreement->come++) {
    uint64_t theirs = turnOf(agreement, agreement->come);
    if (theirs == turn) continue;
    if ((theirs & ~ABANDONED) < turn) return;
    conclude(agreement, &(CMPI_Finding){CMPI_FINDING_ABANDONED, agreement->come, -1, 0, 0}, 0);
    return;
  }
  conclude(agreement, NULL, 0);
}

/// Looks at all that is undecided on a communicator: others may wait for room.
static void lookAtAll(Registration *registration) {
  pthread_mutex_lock(&deciding);
  for (Agreement *each = registration->undecided, *next; each; each = next) {
    next = each->next;
    if (registration->entries) lookAtBoard(each);
    else if (lookForExchange(each)) conclude(each, NULL, 0);
  }
  pthread_mutex_unlock(&deciding);
}

// MARK: Saying it

/// Waits until all members have decided on what lies where this rank is going to write.
static bool waitForRoom(Registration *registration, uint64_t sequence) {
  if (sequence < RING) return true;
  uint64_t needed = sequence - RING + 1;
  Wait wait = {.began = now()};
  while (registration->roomUntil < needed) {
    uint64_t until = UINT64_MAX;
    for (int i = 0; i < registration->call.size; i++) {
      Slot *slot = slotOf(&ownBoard, registration->worldRanks[i]);
      uint64_t decided = atomic_load_explicit(&slot->decided[registration->entries[i]], memory_order_acquire);
      if (decided < until) until = decided;
    }
    registration->roomUntil = until;
    if (until >= needed) break;
    if (secondsSince(wait.began) > checkLimit) return false;
    lookAtAll(registration);
    letOthersWork(&wait);
  }
  return true;
}

int publish(Agreement *agreement) {
  Registration *registration = agreement->registration;
  CMPI_Call *call = agreement->call;
  if (registration->entries && !waitForRoom(registration, call->sequence)) {
    const CMPI_Call **calls = calloc((size_t)call->size, sizeof *calls);
    if (!calls) return MPI_ERR_NO_MEM;
    calls[call->rank] = call;
    CMPI_Finding found = {CMPI_FINDING_LIMIT, -1, -1, 0, 0};
    presentFinding(noteFinding(&found, registration, &(Statements){call->size, calls, NULL}, checkLimit), 1);
    free(calls);
    return CMPI_CHECK_MISSING;
  }
  if (!registration->entries) {
    int code = startExchange(agreement);
    if (code != MPI_SUCCESS) return code;
  }
  pthread_mutex_lock(&deciding);
  Agreement **link = &registration->undecided;
  while (*link) link = &(*link)->next;
  *link = agreement, agreement->next = NULL;
  registration->published = call->sequence + 1;
  pthread_mutex_unlock(&deciding);
  if (!registration->entries) return MPI_SUCCESS;
  Signature *own = signatureIn(registration, call->rank, call->sequence);
  own->call = *call;
  if (agreement->counts) memcpy(own->counts, agreement->counts, sizeof(int64_t) * 2 * (size_t)call->size);
  atomic_store_explicit(&own->turn, call->sequence + 1, memory_order_release);
  return MPI_SUCCESS;
}

// MARK: Waiting

/// Looks for members that have ended without coming; what one said before its end is not lost, as it is read after.
static void lookForEnds(Agreement *agreement) {
  Registration *registration = agreement->registration;
  for (int i = 0; i < agreement->call->size && agreement->state == UNDECIDED; i++) {
    if (registration->entries && turnOf(agreement, i) == agreement->call->sequence + 1) continue;
    int end = endOf(registration->worldRanks[i]);
    if (!end) continue;
    lookAtAll(registration);
    pthread_mutex_lock(&deciding);
    if (agreement->state == UNDECIDED
        && (!registration->entries || turnOf(agreement, i) != agreement->call->sequence + 1))
      conclude(agreement, &(CMPI_Finding){end, i, -1, 0, 0}, 0);
    pthread_mutex_unlock(&deciding);
  }
}

/// Who of those that know it tells the user: of blocking calls, which all fail together, the lowest.
static int speakerOf(const Agreement *agreement) {
  if (!isOfStarted(agreement->finding)) return 0;
  if (!agreement->registration->entries) return 1;
  uint64_t turn = agreement->call->sequence + 1;
  return atomic_exchange(&signatureIn(agreement->registration, 0, turn - 1)->spoken, turn) == turn ? -1 : 1;
}

int decide(Agreement *agreement, bool waits) {
  Wait wait = {.began = now()};
  int64_t lookedForEnds = wait.began;
  // By messages one that has ended may have said its part first: it is given time to arrive.
  int64_t patience = agreement->registration->entries ? 20000000 : 2000000000;
  for (;;) {
    // Others write the state as well, behind the lock.
    lookAtAll(agreement->registration);
    if (agreement->state != UNDECIDED || !waits) break;
    if (!isWatchedFromOutside && now() - lookedForEnds > patience) {
      lookForEnds(agreement);
      lookedForEnds = now();
    }
    if (agreement->state == UNDECIDED && secondsSince(wait.began) > checkLimit) {
      pthread_mutex_lock(&deciding);
      if (agreement->state == UNDECIDED)
        conclude(agreement, &(CMPI_Finding){CMPI_FINDING_LIMIT, -1, -1, 0, 0}, secondsSince(wait.began));
      pthread_mutex_unlock(&deciding);
    }
    if (agreement->state != UNDECIDED) break;
    letOthersWork(&wait);
  }
  if (agreement->state != REFUSED) return MPI_SUCCESS;
  if (agreement->finding) presentFinding(agreement->finding, speakerOf(agreement));
  agreement->finding = NULL;
  return agreement->code;
}

void dropAgreement(Agreement *agreement) {
  pthread_mutex_lock(&deciding);
  if (agreement->state == UNDECIDED) settle(agreement);
  // What MPI still writes into is left to it.
  if (agreement->exchange == MPI_REQUEST_NULL) free(agreement->all);
  pthread_mutex_unlock(&deciding);
  discardFinding(agreement->finding);
}

int agree(Registration *registration, CMPI_Call *call, const int64_t *counts) {
  if (!registration->entries) return agreeByMessages(registration, call, counts);
  Agreement agreement = {.registration = registration, .call = call, .counts = counts, .exchange = MPI_REQUEST_NULL};
  int code = publish(&agreement);
  return code == MPI_SUCCESS ? decide(&agreement, true) : code;
}
