// A request under way, as `pending.c` keeps it.
#ifndef CMPI_PENDING_H
#define CMPI_PENDING_H

#include "board.h"

struct cmpi_pending {
  Pending *next;
  MPI_Request request;
  Registration *registration;
  CMPI_Call call;
  int64_t *counts;
  bool isChecked, isPersistent, isPublished;
  /// What it sends and what it receives: numbers in the slot, -1 for none.
  int halves[2];
  Agreement agreement;
};

/// What is known of a request; null when nothing is.
Pending *pendingOf(MPI_Request request);

/// Tells the watchdog whether its messages are being waited for.
void awaitPending(Pending *pending, bool isAwaited);

/// Another round of a persistent one.
int startAgain(Pending *pending);

/// It is complete: forgets it, or its round. Takes null.
void endPending(Pending *pending);

/// Forgets it altogether.
void removePending(Pending *pending);

/// The code of the ranks' agreement on a collective, waiting for it or not. Nothing is to be decided on others.
int settlePending(Pending *pending, bool waits, bool *isDecided);

#endif
