// The agreement: before a collective, its members say what they are about to call, and wait until all have.
//
// A correct program may always be synchronised at a collective, so waiting changes nothing for it; and as nobody enters
// MPI's collective before all agree, every rank can still throw when they do not.
#include "board.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static _Thread_local CMPI_Finding last;
static _Thread_local bool *lastHere;
static _Thread_local CMPI_Call *lastCalls;

const CMPI_Finding *cmpi_check_finding(void) { return &last; }

/// What all members said: `counts` are null but for vector collectives.
typedef struct {
  int size;
  const CMPI_Call **calls;
  const int64_t **counts;
} Statements;

static int found(int finding, int first, int second, int64_t firstCount, int64_t secondCount) {
  last = (CMPI_Finding){
    .finding = finding, .first = first, .second = second, .firstCount = firstCount, .secondCount = secondCount};
  return finding;
}

// MARK: Comparing

static int judgePair(int sender, int64_t sent, int receiver, int64_t received) {
  return sent == received ? 0 : found(CMPI_FINDING_BLOCKS, sender, receiver, sent, received);
}

static int judgeBlocks(const Statements *said) {
  int size = said->size, root = said->calls[0]->root, result = 0;
  for (int i = 0; i < size && !result; i++) {
    const CMPI_Call *call = said->calls[i];
    const int64_t *out = said->counts[i], *in = out + size;
    switch (call->operation) {
      case CMPI_OPERATION_GATHER_BLOCKS:
        if (i != root) result = judgePair(i, call->count, root, said->counts[root][size + i]);
        break;
      case CMPI_OPERATION_SCATTER_BLOCKS:
        if (i != root) result = judgePair(root, said->counts[root][i], i, call->count);
        break;
      case CMPI_OPERATION_ALL_GATHER_BLOCKS: case CMPI_OPERATION_REDUCE_SCATTER_BLOCKS:
        for (int j = 0; j < size && !result; j++)
          if (in[j] != said->counts[0][size + j])
            result = found(CMPI_FINDING_BLOCKS, 0, i, said->counts[0][size + j], in[j]);
        break;
      default:
        for (int j = 0; j < size && !result; j++)
          result = judgePair(i, out[j], j, said->counts[j][size + i]);
    }
  }
  return result;
}

bool isVector(int operation) {
  switch (operation) {
    case CMPI_OPERATION_GATHER_BLOCKS: case CMPI_OPERATION_SCATTER_BLOCKS: case CMPI_OPERATION_ALL_GATHER_BLOCKS:
    case CMPI_OPERATION_ALL_TO_ALL_BLOCKS: case CMPI_OPERATION_ALL_TO_ALL_LAYOUTS:
    case CMPI_OPERATION_REDUCE_SCATTER_BLOCKS: return true;
    default: return false;
  }
}

/// Finds the first way in which the statements differ: the same on every rank.
static int judge(const Statements *said) {
  const CMPI_Call *first = said->calls[0];
#define DIFFERENT(condition, finding)                                           \
  for (int i = 1; i < said->size; i++) {                                        \
    const CMPI_Call *call = said->calls[i];                                     \
    if (condition) return found(finding, -1, -1, 0, 0);                         \
  }
  DIFFERENT(call->operation != first->operation, CMPI_FINDING_OPERATION)
  DIFFERENT(call->root != first->root, CMPI_FINDING_ROOT)
  DIFFERENT(call->reduction != first->reduction, CMPI_FINDING_REDUCTION)
  // A rank that gives nothing of a layout cannot be told by its element.
  for (int i = 0; i < said->size; i++) if (said->calls[i]->type) first = said->calls[i];
  DIFFERENT(call->type && call->type != first->type, CMPI_FINDING_TYPE)
  if (said->calls[0]->type && said->calls[0]->type != first->type) return found(CMPI_FINDING_TYPE, -1, -1, 0, 0);
  if (isVector(first->operation)) return judgeBlocks(said);
  first = said->calls[0];
  DIFFERENT(call->count != first->count, CMPI_FINDING_COUNT)
#undef DIFFERENT
  return 0;
}

/// Keeps what is known for the error.
static int refuse(const Registration *registration, const Statements *said, int code, double seconds) {
  free(lastHere), free(lastCalls);
  lastHere = calloc((size_t)said->size, sizeof *lastHere);
  lastCalls = calloc((size_t)said->size, sizeof *lastCalls);
  last.size = lastHere && lastCalls ? said->size : 0;
  for (int i = 0; i < last.size; i++) {
    lastHere[i] = said->calls[i] != NULL;
    if (lastHere[i]) lastCalls[i] = *said->calls[i];
  }
  last.isHere = lastHere, last.calls = lastCalls, last.worldRanks = registration->worldRanks, last.seconds = seconds;
  return code;
}

// MARK: Waiting

/// A wait: its beginning, and how often it has looked.
typedef struct {
  int64_t began, endSeen;
  unsigned turns;
} Wait;

/// Lets MPI and the other ranks work. An exchange that was begun earlier may need us to go on.
static void letOthersWork(Wait *wait) {
  int flag;
  MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_SELF, &flag, MPI_STATUS_IGNORE);
  if (++wait->turns < 200 || wait->turns % 16 != 0 || now() - wait->began < 2000000) sched_yield();
  else nanosleep(&(struct timespec){0, 50000}, NULL);
}

/// Why a member will not come any more, or 0. What it said before its end is not lost: the caller looks again.
static int endOf(int worldRank) {
  Slot *slot = slotOf(&ownBoard, worldRank);
  if (atomic_load(&slot->processID) == 0) return 0;  // On another machine.
  if (atomic_load(&slot->isFinalized)) return CMPI_FINDING_FINALIZED;
  if (atomic_load(&slot->hasExited)) return CMPI_FINDING_EXITED;
  return isAlive(slot) ? 0 : CMPI_FINDING_GONE;
}

static double secondsSince(int64_t moment) { return (double)(now() - moment) / 1e9; }

// MARK: Through shared memory

static int agreeShared(Registration *registration, const CMPI_Call *call, const int64_t *counts) {
  int size = call->size, missing = size, finding = 0;
  uint64_t turn = call->sequence + 1;
  Signature *own = signatureOf(&ownBoard, ownRank, registration->entries[call->rank], call->sequence);
  own->call = *call;
  if (counts) memcpy(own->counts, counts, sizeof(int64_t) * 2 * (size_t)size);
  atomic_store_explicit(&own->turn, turn, memory_order_release);

  const CMPI_Call *fewCalls[64] = {0};
  const int64_t *fewCounts[64];
  Statements said = {size, fewCalls, fewCounts};
  if (size > 64) {
    said.calls = calloc((size_t)size, sizeof *said.calls);
    said.counts = calloc((size_t)size, sizeof *said.counts);
    if (!said.calls || !said.counts) return MPI_ERR_NO_MEM;
  }
  Wait wait = {.began = now()};
  int64_t lookedForEnds = wait.began;
  while (missing > 0 && !finding) {
    bool looksForEnds = !isWatchedFromOutside && missing < size && now() - lookedForEnds > 20000000;
    for (int i = 0; i < size && !finding; i++) {
      if (said.calls[i]) continue;
      int end = looksForEnds ? endOf(registration->worldRanks[i]) : 0;
      Signature *other =
        signatureOf(&ownBoard, registration->worldRanks[i], registration->entries[i], call->sequence);
      uint64_t theirs = atomic_load_explicit(&other->turn, memory_order_acquire);
      if (theirs == turn) said.calls[i] = &other->call, said.counts[i] = other->counts, missing--;
      else if ((theirs & ~ABANDONED) >= turn) finding = found(CMPI_FINDING_ABANDONED, i, -1, 0, 0);
      else if (end) finding = found(end, i, -1, 0, 0);
    }
    if (looksForEnds) lookedForEnds = now();
    if (missing == 0 || finding) break;
    if (secondsSince(wait.began) > checkLimit) finding = found(CMPI_FINDING_LIMIT, -1, -1, 0, 0);
    else letOthersWork(&wait);
  }
  int code = MPI_SUCCESS;
  if (finding) {
    atomic_store(&own->turn, turn | ABANDONED);
    code = refuse(registration, &said, CMPI_CHECK_MISSING, secondsSince(wait.began));
  } else if (judge(&said)) {
    code = refuse(registration, &said, CMPI_CHECK_MISMATCH, secondsSince(wait.began));
  }
  if (size > 64) free(said.calls), free(said.counts);
  return code;
}

// MARK: By messages

/// Gathers `bytes` from every member; what has been begun and cannot end is left to itself, with its memory.
static int collect(
  Registration *registration, const void *mine, void *all, size_t bytes, Wait *wait, int *finding) {
  MPI_Request request;
  int isDone = 0;
  int code = MPI_Iallgather(mine, (int)bytes, MPI_BYTE, all, (int)bytes, MPI_BYTE, registration->shadow, &request);
  while (code == MPI_SUCCESS && !isDone && !*finding) {
    code = MPI_Test(&request, &isDone, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS || isDone) break;
    // One that has ended may have said its part first: it is given time to arrive.
    if (!isWatchedFromOutside && wait->turns % 64 == 63) {
      int ended = -1, end = 0;
      for (int i = 0; i < registration->call.size && !end; i++)
        if ((end = endOf(registration->worldRanks[i]))) ended = i;
      if (!end) wait->endSeen = 0;
      else if (wait->endSeen == 0) wait->endSeen = now();
      else if (secondsSince(wait->endSeen) > 2) *finding = found(end, ended, -1, 0, 0);
    }
    if (secondsSince(wait->began) > checkLimit) *finding = found(CMPI_FINDING_LIMIT, -1, -1, 0, 0);
    letOthersWork(wait);
  }
  return code;
}

static int agreeByMessages(Registration *registration, const CMPI_Call *call, const int64_t *counts) {
  int size = call->size, finding = 0;
  size_t countBytes = sizeof(int64_t) * 2 * (size_t)size;
  CMPI_Call *mine = malloc(sizeof *mine), *all = malloc(sizeof *all * (size_t)size);
  int64_t *mineCounts = malloc(countBytes), *allCounts = malloc(countBytes * (size_t)size);
  Statements said = {size, calloc((size_t)size, sizeof *said.calls), calloc((size_t)size, sizeof *said.counts)};
  int code = MPI_ERR_NO_MEM;
  Wait wait = {.began = now()};
  if (mine && all && mineCounts && allCounts && said.calls && said.counts) {
    *mine = *call;
    code = collect(registration, mine, all, sizeof *mine, &wait, &finding);
    if (code == MPI_SUCCESS && !finding) {
      for (int i = 0; i < size; i++) said.calls[i] = &all[i], said.counts[i] = allCounts + 2 * size * i;
      bool needsCounts = counts != NULL;
      for (int i = 0; i < size; i++) needsCounts &= all[i].operation == call->operation;
      if (needsCounts) {
        memcpy(mineCounts, counts, countBytes);
        code = collect(registration, mineCounts, allCounts, countBytes, &wait, &finding);
      }
    }
  }
  if (code == MPI_SUCCESS && finding) {
    said.calls[call->rank] = mine;
    // What did not arrive may be known from the board.
    for (int i = 0; i < size; i++) {
      CMPI_RankRecord record;
      cmpi_board_read(&ownBoard, registration->worldRanks[i], &record);
      if (i == call->rank || record.call.communicator != call->communicator || record.call.sequence != call->sequence
          || record.call.operation >= CMPI_OPERATION_LAST_COLLECTIVE || record.beat == 0) continue;
      all[i] = record.call;
      said.calls[i] = &all[i];
    }
    code = refuse(registration, &said, CMPI_CHECK_MISSING, secondsSince(wait.began));
  } else if (code == MPI_SUCCESS && judge(&said)) {
    code = refuse(registration, &said, CMPI_CHECK_MISMATCH, secondsSince(wait.began));
  }
  if (!finding) free(mine), free(all), free(mineCounts), free(allCounts);
  free(said.calls), free(said.counts);
  return code;
}

int agree(Registration *registration, const CMPI_Call *call, const int64_t *counts) {
  return registration->entries ? agreeShared(registration, call, counts)
                               : agreeByMessages(registration, call, counts);
}
