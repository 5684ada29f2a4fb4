// The agreement of ranks that share no memory, through a communicator of its own.
#include "board.h"

#include <stdlib.h>
#include <string.h>

// MARK: Blocking collectives

/// Gathers `bytes` from every member; what has been begun and cannot end is left to itself, with its memory.
static int collect(
  Registration *registration, const void *mine, void *all, size_t bytes, Wait *wait, CMPI_Finding *finding) {
  MPI_Request request;
  int isDone = 0;
  int code = MPI_Iallgather(mine, (int)bytes, MPI_BYTE, all, (int)bytes, MPI_BYTE, registration->shadow, &request);
  while (code == MPI_SUCCESS && !isDone && !finding->finding) {
    code = MPI_Test(&request, &isDone, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS || isDone) break;
    // One that has ended may have said its part first: it is given time to arrive.
    if (!isWatchedFromOutside && wait->turns % 64 == 63) {
      int ended = -1, end = 0;
      for (int i = 0; i < registration->call.size && !end; i++)
        if ((end = endOf(registration->worldRanks[i]))) ended = i;
      if (!end) wait->endSeen = 0;
      else if (wait->endSeen == 0) wait->endSeen = now();
      else if (secondsSince(wait->endSeen) > 2) *finding = (CMPI_Finding){end, ended, -1, 0, 0};
    }
    if (secondsSince(wait->began) > checkLimit) *finding = (CMPI_Finding){CMPI_FINDING_LIMIT, -1, -1, 0, 0};
    letOthersWork(wait);
  }
  return code;
}

int agreeByMessages(Registration *registration, const CMPI_Call *call, const int64_t *counts) {
  int size = call->size;
  CMPI_Finding finding = {0}, judged;
  size_t countBytes = sizeof(int64_t) * 2 * (size_t)size;
  CMPI_Call *mine = malloc(sizeof *mine), *all = malloc(sizeof *all * (size_t)size);
  int64_t *mineCounts = malloc(countBytes), *allCounts = malloc(countBytes * (size_t)size);
  Statements said = {size, calloc((size_t)size, sizeof *said.calls), calloc((size_t)size, sizeof *said.counts)};
  int code = MPI_ERR_NO_MEM;
  Wait wait = {.began = now()};
  if (mine && all && mineCounts && allCounts && said.calls && said.counts) {
    *mine = *call;
    code = collect(registration, mine, all, sizeof *mine, &wait, &finding);
    if (code == MPI_SUCCESS && !finding.finding) {
      for (int i = 0; i < size; i++) said.calls[i] = &all[i], said.counts[i] = allCounts + 2 * size * i;
      bool needsCounts = counts != NULL;
      for (int i = 0; i < size; i++) needsCounts &= all[i].operation == call->operation;
      if (needsCounts) {
        memcpy(mineCounts, counts, countBytes);
        code = collect(registration, mineCounts, allCounts, countBytes, &wait, &finding);
      }
    }
  }
  if (code == MPI_SUCCESS && finding.finding) {
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
    presentFinding(noteFinding(&finding, registration, &said, secondsSince(wait.began)), 0);
    code = CMPI_CHECK_MISSING;
  } else if (code == MPI_SUCCESS && judge(&said, &judged)) {
    Finding *noted = noteFinding(&judged, registration, &said, secondsSince(wait.began));
    presentFinding(noted, noted && isOfStarted(noted) ? 1 : 0);
    code = CMPI_CHECK_MISMATCH;
  }
  if (!finding.finding) free(mine), free(all), free(mineCounts), free(allCounts);
  free(said.calls), free(said.counts);
  return code;
}

// MARK: Started collectives

int startExchange(Agreement *agreement) {
  agreement->all = calloc((size_t)agreement->call->size, sizeof *agreement->all);
  if (!agreement->all) return MPI_ERR_NO_MEM;
  return MPI_Iallgather(agreement->call, sizeof(CMPI_Call), MPI_BYTE, agreement->all, sizeof(CMPI_Call), MPI_BYTE,
                        agreement->registration->shadow, &agreement->exchange);
}

int lookForExchange(Agreement *agreement) {
  int isDone = 0;
  return MPI_Test(&agreement->exchange, &isDone, MPI_STATUS_IGNORE) == MPI_SUCCESS && isDone;
}
