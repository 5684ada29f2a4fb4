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
  RING = 32,           // collectives of a communicator that may be under way before a start waits for the slowest rank
  HALVES = 128,        // messages of a process under way that the watchdog knows
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

/// A message that a request sends or receives. The peer is a rank of the world, or `CMPI_ANY_RANK`.
typedef struct {
  _Atomic uint32_t state;
  int32_t isSend, peer, tag;
  uint64_t communicator;
} Half;

enum { HALF_FREE = 0, HALF_PENDING = 1, HALF_AWAITED = 2 };

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
  Half halves[HALVES];
  /// How many requests are not among them.
  _Atomic int32_t unknownHalves;
  /// For each entry the number of the first collective on which this process has not decided yet.
  _Atomic uint64_t decided[ENTRIES];
} Slot;

/// What a rank says of one collective, followed by `2 * ranks` counts. `turn` is the sequence number plus 1.
typedef struct {
  _Atomic uint64_t turn;
  /// In that of the first member: the turn of which some rank has told the user what is wrong.
  _Atomic uint64_t spoken;
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

struct agreement;

/// What the registry knows of a communicator, for as long as it lives or requests of it do.
typedef struct {
  CMPI_Call call;  // its number, its name, this rank and the size: what is the same in every call
  _Atomic int references;
  _Atomic uint64_t sequence;
  int *worldRanks;
  /// One entry in each member's slot when they agree through shared memory, else null.
  int *entries;
  int ownEntry;
  /// For agreement by messages; null handle when it is not used.
  MPI_Comm shadow;
  bool isChecked;
  /// What is not decided, in the order of its numbers; how many were published; up to where there is room.
  struct agreement *undecided;
  uint64_t published, roomUntil;
} Registration;

void retainRegistration(Registration *registration);
void releaseRegistration(Registration *registration);

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

/// What all members said: null for those that are not here; `counts` are null but for vector collectives.
typedef struct {
  int size;
  const CMPI_Call **calls;
  const int64_t **counts;
} Statements;

/// Why the ranks do not agree, with its own memory.
typedef struct finding Finding;

/// Whether the statements differ: fills the first way, which is the same on every rank.
bool judge(const Statements *said, CMPI_Finding *out);

/// Keeps what is known of a disagreement; null when there is no memory.
Finding *noteFinding(
  const CMPI_Finding *found, const Registration *registration, const Statements *said, double seconds);
void discardFinding(Finding *finding);

/// Makes a finding, which it takes over, the one that this thread is told.
void presentFinding(Finding *finding, int speaker);
bool isOfStarted(const Finding *finding);

enum { UNDECIDED = 0, AGREED, REFUSED };

/// One collective of this rank's on its way to an agreement.
typedef struct agreement {
  struct agreement *next;
  Registration *registration;
  CMPI_Call *call;
  const int64_t *counts;
  /// How many members have been seen there.
  int come;
  int state, code;
  Finding *finding;
  /// By messages: the exchange under way and what it brings.
  MPI_Request exchange;
  CMPI_Call *all;
} Agreement;

/// Tells the others what this rank calls, without waiting for them but where too many collectives are under way.
int publish(Agreement *agreement);

/// Looks whether the ranks agree; `waits` until that is known. The code of a refusal, with its finding, or success.
int decide(Agreement *agreement, bool waits);

/// Gives up what nobody will decide.
void dropAgreement(Agreement *agreement);

/// Waits until all members have come to the same call. `counts`: 2 * size numbers, or null.
int agree(Registration *registration, CMPI_Call *call, const int64_t *counts);

/// By messages, of a blocking collective; the start of another's exchange; whether that has come.
int agreeByMessages(Registration *registration, const CMPI_Call *call, const int64_t *counts);
int startExchange(Agreement *agreement);
int lookForExchange(Agreement *agreement);

/// A wait: its beginning, and how often it has looked.
typedef struct {
  int64_t began, endSeen;
  unsigned turns;
} Wait;

/// Lets MPI and the other ranks work. An exchange that was begun earlier may need us to go on.
void letOthersWork(Wait *wait);

/// Why a member will not come any more, or 0.
int endOf(int worldRank);
double secondsSince(int64_t moment);

/// What is known of a request.
typedef struct cmpi_pending Pending;

/// Notes what is about to be started; a collective that is checked is published. Null without memory.
Pending *makePending(const CMPI_Call *call, Registration *registration, const int64_t *counts, bool isChecked);
int publishPending(Pending *pending);

/// Joins it to its request, if one was started.
void bindPending(Pending *pending, MPI_Request *request);

/// Records that this thread completes requests, of which the first is known or null.
void enterWait(CMPI_CallScope *scope, int waiting, int requests, const CMPI_Call *first, bool isAgreeing);
void setPhase(uint32_t phase);

/// Keeps the stack in a call.
void noteFrames(CMPI_Call *call);

void startWatchdog(void);

/// Ends a job of which this rank calls `exit` while the others count on it; some launchers would report success.
void refuseExit(int status);

#endif
