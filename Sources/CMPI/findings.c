// Whether what the ranks say fits together, and what is kept of a disagreement until the error is put into words.
#include "board.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static bool found(CMPI_Finding *out, int finding, int first, int second, int64_t firstCount, int64_t secondCount) {
  *out = (CMPI_Finding){
    .finding = finding, .first = first, .second = second, .firstCount = firstCount, .secondCount = secondCount};
  return true;
}

// MARK: Comparing

static bool judgePair(CMPI_Finding *out, int sender, int64_t sent, int receiver, int64_t received) {
  return sent != received && found(out, CMPI_FINDING_BLOCKS, sender, receiver, sent, received);
}

static bool judgeBlocks(const Statements *said, CMPI_Finding *out) {
  int size = said->size, root = said->calls[0]->root;
  bool result = false;
  for (int i = 0; i < size && !result; i++) {
    const CMPI_Call *call = said->calls[i];
    const int64_t *given = said->counts[i], *in = given + size;
    switch (call->operation & CMPI_KIND) {
      case CMPI_OPERATION_GATHER_BLOCKS:
        if (i != root) result = judgePair(out, i, call->count, root, said->counts[root][size + i]);
        break;
      case CMPI_OPERATION_SCATTER_BLOCKS:
        if (i != root) result = judgePair(out, root, said->counts[root][i], i, call->count);
        break;
      case CMPI_OPERATION_ALL_GATHER_BLOCKS: case CMPI_OPERATION_REDUCE_SCATTER_BLOCKS:
        for (int j = 0; j < size && !result; j++)
          if (in[j] != said->counts[0][size + j])
            result = found(out, CMPI_FINDING_BLOCKS, 0, i, said->counts[0][size + j], in[j]);
        break;
      default:
        for (int j = 0; j < size && !result; j++)
          result = judgePair(out, i, given[j], j, said->counts[j][size + i]);
    }
  }
  return result;
}

bool isVector(int operation) {
  switch (operation & CMPI_KIND) {
    case CMPI_OPERATION_GATHER_BLOCKS: case CMPI_OPERATION_SCATTER_BLOCKS: case CMPI_OPERATION_ALL_GATHER_BLOCKS:
    case CMPI_OPERATION_ALL_TO_ALL_BLOCKS: case CMPI_OPERATION_ALL_TO_ALL_LAYOUTS:
    case CMPI_OPERATION_REDUCE_SCATTER_BLOCKS: case CMPI_OPERATION_NEIGHBOR_ALL_GATHER:
    case CMPI_OPERATION_NEIGHBOR_ALL_GATHER_BLOCKS: case CMPI_OPERATION_NEIGHBOR_ALL_TO_ALL:
    case CMPI_OPERATION_NEIGHBOR_ALL_TO_ALL_BLOCKS: case CMPI_OPERATION_NEIGHBOR_ALL_TO_ALL_LAYOUTS: return true;
    default: return false;
  }
}

bool judge(const Statements *said, CMPI_Finding *out) {
  const CMPI_Call *first = said->calls[0];
#define DIFFERENT(condition, finding)                                           \
  for (int i = 1; i < said->size; i++) {                                        \
    const CMPI_Call *call = said->calls[i];                                     \
    if (condition) return found(out, finding, -1, -1, 0, 0);                    \
  }
  DIFFERENT((call->operation ^ first->operation) & CMPI_KIND, CMPI_FINDING_OPERATION)
  DIFFERENT(call->operation != first->operation, CMPI_FINDING_MIXED)
  DIFFERENT(call->root != first->root, CMPI_FINDING_ROOT)
  DIFFERENT(call->reduction != first->reduction, CMPI_FINDING_REDUCTION)
  // A rank that gives nothing of a layout cannot be told by its element.
  for (int i = 0; i < said->size; i++) if (said->calls[i]->type) first = said->calls[i];
  DIFFERENT(call->type && call->type != first->type, CMPI_FINDING_TYPE)
  if (said->calls[0]->type && said->calls[0]->type != first->type) return found(out, CMPI_FINDING_TYPE, -1, -1, 0, 0);
  if (isVector(first->operation)) {
    // By messages the counts of started ones are not told.
    for (int i = 0; i < said->size; i++) if (!said->counts[i]) return false;
    return judgeBlocks(said, out);
  }
  first = said->calls[0];
  DIFFERENT(call->count != first->count, CMPI_FINDING_COUNT)
#undef DIFFERENT
  return false;
}

// MARK: Keeping

struct finding {
  CMPI_Finding said;
  bool isStarted;
  // Then the calls, the world's ranks and who is here.
};

Finding *noteFinding(
  const CMPI_Finding *found, const Registration *registration, const Statements *said, double seconds) {
  size_t size = (size_t)said->size;
  Finding *finding = calloc(1, sizeof *finding + size * (sizeof(CMPI_Call) + sizeof(int) + sizeof(bool)));
  if (!finding) return NULL;
  CMPI_Call *calls = (CMPI_Call *)(finding + 1);
  int *worldRanks = (int *)(calls + size);
  bool *isHere = (bool *)(worldRanks + size);
  for (size_t i = 0; i < size; i++) {
    if (registration->worldRanks) worldRanks[i] = registration->worldRanks[i];
    if (!(isHere[i] = said->calls[i] != NULL)) continue;
    calls[i] = *said->calls[i];
    finding->isStarted |= (calls[i].operation & CMPI_STARTED) != 0;
  }
  finding->said = *found;
  finding->said.size = said->size, finding->said.seconds = seconds;
  finding->said.isHere = isHere, finding->said.calls = calls;
  finding->said.worldRanks = registration->worldRanks ? worldRanks : NULL;
  return finding;
}

void discardFinding(Finding *finding) { free(finding); }

bool isOfStarted(const Finding *finding) { return finding->isStarted; }

// MARK: Telling

enum { REMEMBERED = 64 };

static Finding *remembered[REMEMBERED];
static unsigned told = 0;
static const CMPI_Finding *newest;
static pthread_mutex_t telling = PTHREAD_MUTEX_INITIALIZER;
static _Thread_local const CMPI_Finding *own;

void presentFinding(Finding *finding, int speaker) {
  if (!finding) return;
  finding->said.speaker = speaker;
  pthread_mutex_lock(&telling);
  Finding **place = &remembered[told++ % REMEMBERED];
  free(*place);
  *place = finding;
  newest = own = &finding->said;
  pthread_mutex_unlock(&telling);
}

const CMPI_Finding *cmpi_check_finding(void) {
  static const CMPI_Finding nothing;
  pthread_mutex_lock(&telling);
  const CMPI_Finding *result = own ? own : newest ? newest : &nothing;
  own = NULL;
  pthread_mutex_unlock(&telling);
  return result;
}
