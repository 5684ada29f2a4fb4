// The board's memory: who maps it, how a rank's slot is claimed, how it is read.
#define _GNU_SOURCE
#include "board.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct cmpi_board ownBoard;
int ownRank = 0;
Slot *ownSlot = NULL;

static const uint64_t version = 0x53574d5049000002;  // Changes with the layout.

int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// MARK: Where things lie

static size_t pages(size_t bytes) { return (bytes + 65535) / 65536 * 65536; }

static size_t signatureSize(int ranks) { return (sizeof(Signature) + sizeof(int64_t) * 2 * ranks + 63) / 64 * 64; }

/// A slot with its signatures. Most of it is never touched, and takes no memory.
static size_t slotSize(int ranks) { return pages(sizeof(Slot)) + pages(signatureSize(ranks) * ENTRIES * RING); }

Slot *slotOf(const CMPI_Board *board, int rank) {
  return (Slot *)(board->memory + pages(sizeof(Header)) + slotSize(board->ranks) * rank);
}

Signature *signatureOf(const CMPI_Board *board, int rank, int entry, uint64_t sequence) {
  return (Signature *)((char *)slotOf(board, rank) + pages(sizeof(Slot))
                       + signatureSize(board->ranks) * (entry * RING + sequence % RING));
}

static Header *header(const CMPI_Board *board) { return (Header *)board->memory; }

// MARK: Mapping

bool mapBoard(CMPI_Board *board, int file, int ranks) {
  board->ranks = ranks;
  board->size = pages(sizeof(Header)) + slotSize(ranks) * ranks;
  // Every process asks for the same size: whoever comes first makes it.
  struct stat status;
  if (fstat(file, &status) != 0) return false;
  if ((size_t)status.st_size < board->size && ftruncate(file, (off_t)board->size) != 0) return false;
  void *memory = mmap(NULL, board->size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (memory == MAP_FAILED) return false;
  board->memory = memory;
  if (header(board)->version != 0 && (header(board)->version != version || header(board)->ranks != ranks)) {
    munmap(memory, board->size);
    board->memory = NULL;
    errno = EINVAL;
    return false;
  }
  header(board)->version = version, header(board)->ranks = ranks;
  return true;
}

CMPI_Board *cmpi_board_open(const char *path, int ranks) {
  CMPI_Board *board = calloc(1, sizeof *board);
  if (!board) return NULL;
  int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  bool isMapped = file >= 0 && mapBoard(board, file, ranks);
  int error = errno;
  if (file >= 0) close(file);
  if (isMapped) return board;
  free(board);
  errno = error;
  return NULL;
}

void cmpi_board_close(CMPI_Board *board) {
  munmap(board->memory, board->size);
  free(board);
}

CMPI_Board *cmpi_board_own(void) { return ownBoard.memory ? &ownBoard : NULL; }
int cmpi_board_ranks(const CMPI_Board *board) { return board->ranks; }

// MARK: Our slot

static void noteEnd(int status) {
  if (!ownSlot || atomic_load(&ownSlot->processID) != getpid()) return;  // A forked child is not the rank.
  noteEndStack();
  atomic_store(&ownSlot->exitStatus, status);
  atomic_store(&ownSlot->endedAt, now());
  if (checkMode != CHECK_OFF && !isWatchedFromOutside && ownBoard.ranks > 1 && !atomic_load(&ownSlot->isFinalized)
      && !atomic_load(&ownSlot->isEnding)) refuseExit(status);
  atomic_store(&ownSlot->hasExited, 1);
}

#if defined(__GLIBC__)
static void atEnd(int status, void *nothing) {
  (void)nothing;
  noteEnd(status);
}
#else
static void atEnd(void) { noteEnd(-1); }
#endif

void claimSlot(void) {
  ownSlot = slotOf(&ownBoard, ownRank);
  // The file may be that of an earlier job.
  memset(ownSlot, 0, sizeof *ownSlot);
  bool isEnded;
  ownSlot->startTime = startTimeOf(getpid(), &isEnded);
  listModules(ownSlot);
  atomic_store(&ownSlot->startedAt, now());
  atomic_store(&ownSlot->processID, getpid());
#if defined(__GLIBC__)
  on_exit(atEnd, NULL);
#else
  atexit(atEnd);
#endif
}

void cmpi_watch_finalize(void) {
  if (!ownSlot) return;
  atomic_store(&ownSlot->endedAt, now());
  atomic_store(&ownSlot->isFinalized, 1);
}

// MARK: Processes

uint64_t startTimeOf(int processID, bool *isEnded) {
  *isEnded = kill(processID, 0) != 0 && errno == ESRCH;
#if defined(__linux__)
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", processID);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return 0;
  text[length] = 0;
  // The name, in parentheses, may contain anything; after it come the state and the numbers.
  char *rest = strrchr(text, ')'), state = 0;
  unsigned long long began = 0;
  if (!rest) return 0;
  sscanf(rest + 1, " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu", &state, &began);
  if (state == 'Z' || state == 'X') *isEnded = true;
  return began;
#else
  return 0;
#endif
}

bool isAlive(const Slot *slot) {
  int processID = atomic_load(&slot->processID);
  if (processID == 0) return false;
  bool isEnded;
  uint64_t began = startTimeOf(processID, &isEnded);
  return !isEnded && (began == 0 || began == slot->startTime);
}

// MARK: Reading

/// Copies a lane's call while it is not being written; a writer that died in the middle is not waited for.
static void copyCall(Lane *lane, CMPI_Call *out) {
  for (int attempt = 0; attempt < 1000; attempt++) {
    uint32_t before = atomic_load_explicit(&lane->version, memory_order_acquire);
    memcpy(out, &lane->call, sizeof *out);
    atomic_thread_fence(memory_order_acquire);
    if (before % 2 == 0 && atomic_load_explicit(&lane->version, memory_order_relaxed) == before) return;
    if (attempt > 10) usleep(10);
  }
}

void cmpi_board_read(CMPI_Board *board, int rank, CMPI_RankRecord *out) {
  memset(out, 0, sizeof *out);
  Slot *slot = slotOf(board, rank);
  out->processID = atomic_load(&slot->processID);
  if (out->processID == 0) return;
  out->isAlive = isAlive(slot);
  out->hasFinalized = atomic_load(&slot->isFinalized);
  out->hasExited = atomic_load(&slot->hasExited);
  out->exitStatus = atomic_load(&slot->exitStatus);
  out->crashSignal = atomic_load(&slot->crashSignal);
  out->beat = atomic_load(&slot->beat);
  // The thread that is inside MPI and entered it last, or the one that was there last.
  Lane *lane = &slot->lanes[atomic_load(&slot->lastLane) % LANES];
  for (int i = 0; i < LANES; i++) {
    Lane *other = &slot->lanes[i];
    if (!atomic_load(&other->phase)) continue;
    if (!atomic_load(&lane->phase) || atomic_load(&other->since) > atomic_load(&lane->since)) lane = other;
  }
  out->phase = (int32_t)atomic_load(&lane->phase);
  copyCall(lane, &out->call);
  int64_t since = atomic_load(&lane->since);
  if (since == 0) since = atomic_load(&slot->startedAt);
  if (out->hasFinalized || out->hasExited || out->crashSignal) since = atomic_load(&slot->endedAt);
  out->seconds = (double)(now() - since) / 1e9;
  out->isEnding = atomic_load(&slot->isEnding);
  bool hasEndStack = out->crashSignal != 0 || out->hasExited || out->isEnding;
  int count = hasEndStack ? atomic_load(&slot->crashFrameCount) : slot->sampleFrameCount;
  out->frameCount = count < 0 || count > CMPI_FRAMES ? 0 : count;
  memcpy(out->frames, hasEndStack ? slot->crashFrames : slot->sampleFrames, sizeof out->frames);
}

bool cmpi_board_sample(CMPI_Board *board, int rank, double timeout) {
  Slot *slot = slotOf(board, rank);
  int signal = atomic_load(&slot->sampleSignal);
  // Without the handler the signal would end the process.
  if (signal == 0 || !isAlive(slot) || atomic_load(&slot->hasExited)) return false;
  uint32_t asked = atomic_fetch_add(&slot->samplesAsked, 1) + 1;
  if (kill(atomic_load(&slot->processID), signal) != 0) return false;
  int64_t end = now() + (int64_t)(timeout * 1e9);
  do {
    if ((int32_t)(atomic_load(&slot->samplesGiven) - asked) >= 0) return true;
    usleep(500);
  } while (now() < end);
  return false;
}

bool cmpi_board_locate(
  CMPI_Board *board, int rank, uint64_t address, char *path, int capacity, uint64_t *offset) {
  Slot *slot = slotOf(board, rank);
  int count = atomic_load(&slot->moduleCount);
  for (int i = 0; i < count && i < MODULES; i++) {
    const Module *module = &slot->modules[i];
    if (address < module->low || address >= module->high) continue;
    snprintf(path, (size_t)capacity, "%.*s", MODULE_PATH - 1, module->path);
    *offset = address - module->base;
    return true;
  }
  return false;
}

bool cmpi_board_executable(CMPI_Board *board, int rank, char *path, int capacity) {
  Slot *slot = rank >= 0 && rank < board->ranks ? slotOf(board, rank) : ownSlot;
  if (!slot || atomic_load(&slot->processID) == 0) slot = ownSlot;
  if (!slot || atomic_load(&slot->moduleCount) == 0) return false;
  snprintf(path, (size_t)capacity, "%.*s", MODULE_PATH - 1, slot->modules[0].path);
  return true;
}

// MARK: The verdict

const char *cmpi_board_verdict(const CMPI_Board *board) {
  return atomic_load(&header(board)->hasVerdict) ? header(board)->verdict : "";
}

void clearVerdict(void) { atomic_store(&header(&ownBoard)->hasVerdict, 0); }

void cmpi_board_set_verdict(const char *text) {
  if (!ownBoard.memory) return;
  snprintf(header(&ownBoard)->verdict, VERDICT, "%s", text);
  atomic_store(&header(&ownBoard)->hasVerdict, 1);
}
