// How the board lies in memory. One writer for each slot, any number of readers in other processes.
#ifndef CMPI_BOARD_MEMORY_H
#define CMPI_BOARD_MEMORY_H

#include "CMPI.h"

#include <stdatomic.h>
#include <sys/types.h>

enum {
  LANES = 8,           // threads of a process that are recorded apart
  MODULES = 96,        // executables and libraries
  MODULE_PATH = 240,
  ENTRIES = 512,       // communicators of a process that agree through shared memory
  RING = 2,            // calls of a communicator that may be under way: no rank can be two ahead of another
  VERDICT = 16384
};

/// What one thread does. `version` is odd while the call is being written.
typedef struct {
  _Atomic uint32_t version, phase;
  _Atomic int32_t thread;
  _Atomic int64_t since;
  CMPI_Call call;
} Lane;

typedef struct {
  uint64_t base, low, high;
  char path[MODULE_PATH];
} Module;

typedef struct {
  _Atomic int32_t processID;
  _Atomic int32_t sampleSignal, sampledThread;
  uint64_t startTime;
  _Atomic uint64_t beat;
  _Atomic uint32_t lastLane;
  _Atomic int32_t isFinalized, isEnding, hasExited, exitStatus;
  _Atomic int64_t endedAt, startedAt;
  _Atomic int32_t crashSignal, crashFrameCount;
  uint64_t crashFrames[CMPI_FRAMES];
  _Atomic uint32_t samplesAsked, samplesGiven;
  int32_t sampleFrameCount;
  uint64_t sampleFrames[CMPI_FRAMES];
  /// Since when nothing has moved in this process and all of it waits in MPI; 0 when something does.
  _Atomic int64_t stillSince;
  _Atomic int32_t moduleCount;
  Module modules[MODULES];
  Lane lanes[LANES];
} Slot;

/// What a rank says of one collective, followed by `2 * ranks` counts. `turn` is the sequence number plus 1.
typedef struct {
  _Atomic uint64_t turn;
  CMPI_Call call;
  int64_t counts[];
} Signature;

/// A turn whose rank has stopped to wait.
#define ABANDONED (UINT64_C(1) << 63)

typedef struct {
  uint64_t version;
  int32_t ranks;
  _Atomic int32_t hasVerdict;
  char verdict[VERDICT];
} Header;

struct cmpi_board {
  char *memory;
  size_t size;
  int ranks;
};

/// This process: its board, its place in the world. `board.memory` is null when nothing is recorded.
extern struct cmpi_board ownBoard;
extern int ownRank;
extern Slot *ownSlot;

Slot *slotOf(const CMPI_Board *board, int rank);
Signature *signatureOf(const CMPI_Board *board, int rank, int entry, uint64_t sequence);
bool mapBoard(CMPI_Board *board, int file, int ranks);

/// Forgets what an earlier job has left in the file.
void clearVerdict(void);

/// Nanoseconds of the clock that all processes of a machine share.
int64_t now(void);

/// Whether the process of a slot still runs (one that ended and was not waited for does not).
bool isAlive(const Slot *slot);

/// When a process began, by the system's clock ticks; 0 where that is not known.
uint64_t startTimeOf(int processID, bool *isEnded);

/// Makes the slot ours: process, modules, handlers of signals and of the process's end.
void claimSlot(void);

/// The return addresses of the calling thread, by its frame pointers.
int walkStack(uint64_t *frames, int capacity);

/// The addresses of a thread that a signal interrupted.
int unwindInterrupted(void *context, uint64_t *frames, int capacity);

/// The addresses of this thread, also where its innermost functions keep no frame pointers.
int unwindHere(uint64_t *frames, int capacity);

void listModules(Slot *slot);
void installHandlers(void);

/// Gives this thread a stack for signal handlers, and remembers it as the one to sample.
/// Keeps the stack on which this process ends itself.
void noteEndStack(void);
void adoptThread(void);

/// What the registry knows of a communicator.
typedef struct {
  CMPI_Call call;  // its number, its name, this rank and the size: what is the same in every call
  _Atomic uint64_t sequence;
  int *worldRanks;
  /// One entry in each member's slot when they agree through shared memory, else null.
  int *entries;
  int ownEntry;
  /// For agreement by messages; null handle when it is not used.
  MPI_Comm shadow;
  bool isChecked;
} Registration;

Registration *registrationOf(MPI_Comm comm);
int registerFirst(void);

enum { CHECK_OFF = 0, CHECK_SHARED = 1, CHECK_MESSAGES = 2 };
extern int checkMode;
extern double checkLimit, checkStall;
/// Whether another process watches the board, and judges itself who waits in vain and for how long.
extern bool isWatchedFromOutside;
extern bool isWholeJobHere;

/// An element: equal numbers are equal types; how many make one item of a datatype, and one value of what is named.
typedef struct {
  uint64_t number;
  int64_t perItem, perValue;
  char name[CMPI_TYPE_NAME];
} Element;

/// Finds the element that a datatype is made of.
void describeType(MPI_Datatype type, Element *out);
int describeOp(MPI_Op op);
int prepareDescriptions(void);

/// Whether a collective has counts for each rank.
bool isVector(int operation);

/// Takes over the name of a communicator that has just been named.
void noteName(MPI_Comm comm);

/// Waits until all members have come to the same call. `counts`: 2 * size numbers, or null.
int agree(Registration *registration, const CMPI_Call *call, const int64_t *counts);

void startWatchdog(void);

/// Ends a job of which this rank calls `exit` while the others count on it; some launchers would report success.
void refuseExit(int status);

#endif
