// The watchdog: a thread that looks whether all ranks of the job wait for each other, and then ends it with a report.
//
// It judges only where all ranks share one board. A rank that computes, a collective that all have agreed on, and a
// message whose two ends are both there make progress, however long they take: the latter only until the limit.
#define _GNU_SOURCE
#include "board.h"

#include <dirent.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void (*Reporter)(bool isExit, int status, const uint64_t *frames, int count);
static Reporter reporter = NULL;

void cmpi_watch_set_reporter(Reporter function) { __atomic_store_n(&reporter, function, __ATOMIC_RELEASE); }

// MARK: This process

/// Clock ticks of all threads that are not inside MPI: one that computes may yet send what another waits for.
static int64_t ticksOfOthers(void) {
  int64_t total = 0;
#if defined(__linux__)
  DIR *folder = opendir("/proc/self/task");
  if (!folder) return 0;
  for (struct dirent *entry; (entry = readdir(folder));) {
    int thread = atoi(entry->d_name);
    bool isInside = thread == 0;
    for (int i = 0; i < LANES; i++)
      isInside |= atomic_load(&ownSlot->lanes[i].thread) == thread && atomic_load(&ownSlot->lanes[i].phase);
    if (isInside) continue;
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
    FILE *file = fopen(path, "r");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file) fclose(file);
    text[length] = 0;
    char *rest = strrchr(text, ')');
    unsigned long user = 0, system = 0;
    if (rest && sscanf(rest + 1, " %*c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu", &user, &system) == 2)
      total += (int64_t)(user + system);
  }
  closedir(folder);
#endif
  return total;
}

static bool isInside(Slot *slot) {
  for (int i = 0; i < LANES; i++) if (atomic_load(&slot->lanes[i].phase)) return true;
  return false;
}

/// Notes since when this process has waited in MPI without a move.
static void watchOwn(uint64_t *beat, int64_t *ticks) {
  uint64_t current = atomic_load(&ownSlot->beat);
  bool isEnding = atomic_load(&ownSlot->isFinalized);
  int64_t since = atomic_load(&ownSlot->stillSince);
  if (current != *beat || !(isInside(ownSlot) || isEnding)) {
    *beat = current;
    if (since) atomic_store(&ownSlot->stillSince, 0);
  } else if (!since) {
    *ticks = ticksOfOthers();
    atomic_store(&ownSlot->stillSince, now());
  } else {
    // A twentieth of a core is what helpers of MPI's may use.
    int64_t worked = ticksOfOthers() - *ticks;
    if (worked > 5 + (now() - since) / 1000000000 * sysconf(_SC_CLK_TCK) / 20) atomic_store(&ownSlot->stillSince, 0);
  }
}

// MARK: All processes

static bool hasEnded(Slot *slot) { return atomic_load(&slot->hasExited) || !isAlive(slot); }

void cmpi_watch_ending(void) {
  if (!ownSlot) return;
  noteEndStack();
  atomic_store(&ownSlot->isEnding, 1);
}

bool cmpi_watch_can_finalize(void) {
  if (!ownSlot || !isWholeJobHere) return false;
  for (int64_t began = now(); now() - began < 2000000000; usleep(10000)) {
    int here = 0, finalized = 0;
    for (int rank = 0; rank < ownBoard.ranks; rank++) {
      Slot *slot = slotOf(&ownBoard, rank);
      if (hasEnded(slot)) return false;
      here += atomic_load(&slot->isFinalized) || atomic_load(&slot->isEnding);
      finalized += atomic_load(&slot->isFinalized);
    }
    if (here == ownBoard.ranks) {
      // A message that nobody receives may keep MPI from ending: not for long.
      signal(SIGALRM, SIG_DFL);
      alarm(10);
      return true;
    }
    if (finalized == 0 && now() - began > 300000000) return false;
  }
  return false;
}

static bool isFinalizing(Slot *slot) { return atomic_load(&slot->isFinalized); }

/// The call that a rank waits in, when one thread does; null when it is none or several.
static const Lane *waitingLane(Slot *slot) {
  const Lane *result = NULL;
  for (int i = 0; i < LANES; i++) {
    if (!atomic_load(&slot->lanes[i].thread)) continue;
    if (result) return NULL;
    result = &slot->lanes[i];
  }
  return result;
}

static bool isSending(const CMPI_Call *call) {
  return call->operation == CMPI_OPERATION_SEND || call->operation == CMPI_OPERATION_SEND_RECEIVE;
}

static bool isReceiving(const CMPI_Call *call) {
  return call->operation == CMPI_OPERATION_RECEIVE || call->operation == CMPI_OPERATION_SEND_RECEIVE;
}

/// Whether what one rank sends is what another one waits for.
static bool areMatched(int sender, const CMPI_Call *out, int receiver, const CMPI_Call *in) {
  if (!isSending(out) || !isReceiving(in) || out->communicator != in->communicator) return false;
  bool isExchange = in->operation == CMPI_OPERATION_SEND_RECEIVE;
  int source = isExchange ? in->source : in->root, worldSource = isExchange ? in->worldSource : in->worldRoot;
  int tag = isExchange ? in->sourceTag : in->tag;
  return out->worldRoot == receiver && (source == CMPI_ANY_RANK || worldSource == sender)
         && (tag == CMPI_ANY_TAG || tag == out->tag);
}

// MARK: Requests

/// Whether one sends what the other receives.
static bool isPair(const Half *out, int sender, const Half *in, int receiver) {
  return out->isSend && !in->isSend && out->communicator == in->communicator
         && (out->peer == receiver || out->peer == CMPI_ANY_RANK) && (in->peer == sender || in->peer == CMPI_ANY_RANK)
         && (in->tag == CMPI_ANY_TAG || in->tag == out->tag);
}

/// What a blocking call sends or receives, as a request would.
static bool halfOf(const Lane *lane, bool isSend, Half *out) {
  const CMPI_Call *call = &lane->call;
  if (call->waiting || atomic_load(&lane->phase) != CMPI_PHASE_INSIDE || !(isSend ? isSending : isReceiving)(call))
    return false;
  bool isExchange = !isSend && call->operation == CMPI_OPERATION_SEND_RECEIVE;
  *out = (Half){.state = HALF_AWAITED, .isSend = isSend, .peer = isExchange ? call->worldSource : call->worldRoot,
                .tag = isExchange ? call->sourceTag : call->tag, .communicator = call->communicator};
  if (out->peer < 0) out->peer = CMPI_ANY_RANK;
  return true;
}

/// The next of what a rank sends and receives: its requests, then its blocking call. False at the end.
static bool nextHalf(int rank, int *number, Half *out) {
  Slot *slot = slotOf(&ownBoard, rank);
  for (; *number < HALVES; (*number)++) {
    const Half *half = &slot->halves[*number];
    if (atomic_load(&half->state) == HALF_FREE) continue;
    memcpy(out, half, sizeof *out);
    (*number)++;
    return true;
  }
  const Lane *lane = waitingLane(slot);
  while (lane && *number < HALVES + 2) if (halfOf(lane, (*number)++ == HALVES, out)) return true;
  return false;
}

/// Whether some rank waits for a message that has a request at its other end: it may be long.
static bool mayTransfer(void) {
  for (int rank = 0; rank < ownBoard.ranks; rank++) {
    if (atomic_load(&slotOf(&ownBoard, rank)->unknownHalves) > 0) return true;
    Half one, other;
    for (int i = 0; nextHalf(rank, &i, &one);)
      for (int peer = 0; peer < ownBoard.ranks; peer++)
        for (int j = 0; nextHalf(peer, &j, &other);) {
          if (i > HALVES && j > HALVES) continue;  // Two blocking calls are looked at elsewhere.
          bool isAwaited = one.state == HALF_AWAITED || other.state == HALF_AWAITED;
          if (isAwaited && isPair(&one, rank, &other, peer)) return true;
        }
  }
  return false;
}

/// How long the ranks must have stood still for it to be called a deadlock.
static double patience(void) {
  double result = mayTransfer() ? checkLimit : checkStall;
  for (int rank = 0; rank < ownBoard.ranks; rank++) {
    Slot *slot = slotOf(&ownBoard, rank);
    if (hasEnded(slot) || isFinalizing(slot)) continue;
    const Lane *lane = waitingLane(slot);
    if (!lane) return checkLimit;
    bool isInCall = atomic_load(&lane->phase) == CMPI_PHASE_INSIDE;
    if (isInCall && cmpi_is_collective(lane->call)) {
      // All have come to a collective on which they agreed: it ends. Of others nothing is known.
      if (lane->call.communicator != CMPI_COMMUNICATOR_UNKNOWN) return HUGE_VAL;
      result = checkLimit;
    }
    for (int other = 0; other < ownBoard.ranks; other++) {
      const Lane *peer = waitingLane(slotOf(&ownBoard, other));
      if (!peer || !isInCall || atomic_load(&peer->phase) != CMPI_PHASE_INSIDE
          || !areMatched(rank, &lane->call, other, &peer->call)) continue;
      // One that sends and receives may be done with this half.
      if (lane->call.operation == CMPI_OPERATION_SEND && peer->call.operation == CMPI_OPERATION_RECEIVE)
        return HUGE_VAL;
      result = checkLimit;
    }
  }
  return result;
}

/// Whether nobody can help anybody any more.
static bool isDeadlocked(void) {
  int64_t latest = 0;
  for (int rank = 0; rank < ownBoard.ranks; rank++) {
    Slot *slot = slotOf(&ownBoard, rank);
    if (hasEnded(slot)) continue;
    int64_t since = atomic_load(&slot->stillSince);
    if (!since) return false;
    if (since > latest) latest = since;
  }
  return latest && (double)(now() - latest) / 1e9 > checkStall && (double)(now() - latest) / 1e9 > patience();
}

/// The lowest rank that is still in its program.
static bool isSpeaker(void) {
  for (int rank = 0; rank < ownRank; rank++) {
    Slot *slot = slotOf(&ownBoard, rank);
    if (!hasEnded(slot) && !isFinalizing(slot)) return false;
  }
  return !isFinalizing(ownSlot);
}

static void endJob(bool isExit, int status, const uint64_t *frames, int count) {
  Reporter report = __atomic_load_n(&reporter, __ATOMIC_ACQUIRE);
  if (report) report(isExit, status, frames, count);
  // Where the abort gets stuck behind the main thread, the process ends all the same, and the launcher ends the job.
  signal(SIGALRM, SIG_DFL);
  alarm(3);
  int code = status > 0 && status < 256 ? status : 1;
  cmpi_abort(cmpi_comm_world(), code);
  _exit(code);
}

void refuseExit(int status) {
  uint64_t frames[CMPI_FRAMES];
  endJob(true, status, frames, unwindHere(frames, CMPI_FRAMES));
}

static void *watch(void *nothing) {
  uint64_t beat = 0;
  int64_t ticks = 0, verdict = 0;
  for (;;) {
    usleep(checkStall < 1 ? 20000 : 100000);
    if (atomic_load(&ownSlot->hasExited)) return nothing;
    watchOwn(&beat, &ticks);
    if (cmpi_board_verdict(&ownBoard)[0]) {
      // The speaker ends the job; where its abort gets stuck, a process that ends in disorder makes the launcher do so.
      if (!verdict) verdict = now();
      if (now() - verdict > 3000000000) _exit(1);
    } else if (isWholeJobHere && isSpeaker() && isDeadlocked()) {
      endJob(false, 1, NULL, 0);
    }
  }
}

void startWatchdog(void) {
  sigset_t all, old;
  pthread_t thread;
  pthread_attr_t attributes;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &old);
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_create(&thread, &attributes, watch, NULL);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &old, NULL);
}
