// What is known about one call to MPI: for the board, for the agreement of the ranks, and for messages.
#ifndef CMPI_CALLS_H
#define CMPI_CALLS_H

#include "base.h"

/// The operations that are recorded, with the names that they have in Swift.
#define CMPI_OPERATIONS(X)                                                                                        \
  X(NONE, "") X(BARRIER, "barrier") X(BROADCAST, "broadcast") X(GATHER, "gather") X(GATHER_BLOCKS, "gather")      \
  X(SCATTER, "scatter") X(SCATTER_BLOCKS, "scatter") X(ALL_GATHER, "allGather")                                   \
  X(ALL_GATHER_BLOCKS, "allGather") X(ALL_TO_ALL, "allToAll") X(ALL_TO_ALL_BLOCKS, "allToAll")                    \
  X(ALL_TO_ALL_LAYOUTS, "allToAll") X(REDUCE, "reduce") X(ALL_REDUCE, "allReduce") X(SCAN, "scan")                \
  X(EXCLUSIVE_SCAN, "exclusiveScan") X(REDUCE_SCATTER, "reduceScatter")                                           \
  X(REDUCE_SCATTER_BLOCKS, "reduceScatter") X(DUPLICATE, "duplicate") X(SPLIT, "split")                           \
  X(SPLIT_BY_NODE, "splitByNode") X(SUBSET, "subset") X(CARTESIAN, "cartesian") X(CARTESIAN_SLICE, "slice")       \
  X(GRAPH, "graph") X(NEIGHBOR_ALL_GATHER, "neighborAllGather")                                                   \
  X(NEIGHBOR_ALL_GATHER_BLOCKS, "neighborAllGather") X(NEIGHBOR_ALL_TO_ALL, "neighborAllToAll")                   \
  X(NEIGHBOR_ALL_TO_ALL_BLOCKS, "neighborAllToAll") X(NEIGHBOR_ALL_TO_ALL_LAYOUTS, "neighborAllToAll")            \
  X(LAST_COLLECTIVE, "") X(SUBSET_OF_MEMBERS, "subset")                                                           \
  X(SEND, "send") X(RECEIVE, "receive") X(SEND_RECEIVE, "sendReceive") X(RECEIVE_MATCHED, "receive")              \
  X(PROBE, "probe") X(PROBE_NOW, "probeIfAvailable") X(DETACH, "withSendBuffer") X(FINALIZE, "finalize")

enum cmpi_operation {
#define X(name, text) CMPI_OPERATION_##name,
  CMPI_OPERATIONS(X)
#undef X
  CMPI_OPERATIONS_END
};

/// Bits of an operation: what only starts it, and what starts it again and again. Without them it is one of the above.
enum { CMPI_STARTED = 64, CMPI_PERSISTENT = 128, CMPI_KIND = 63 };

/// How requests are completed, with the names that it has in Swift; those from TEST on do not wait.
#define CMPI_WAITS(X)                                                                                             \
  X(NO_WAIT, "") X(WAIT, "wait") X(WAIT_ALL, "waitAll") X(WAIT_ANY, "waitAny") X(WAIT_SOME, "waitSome")           \
  X(TEST, "test") X(TEST_ALL, "testAll") X(TEST_ANY, "testAny") X(TEST_SOME, "testSome")

enum cmpi_wait {
#define X(name, text) CMPI_##name,
  CMPI_WAITS(X)
#undef X
  CMPI_WAITS_END
};

/// The reductions, with the names that they have in Swift.
#define CMPI_REDUCTIONS(X)                                                                                        \
  X(NONE, "") X(SUM, ".sum") X(PROD, ".product") X(MIN, ".minimum") X(MAX, ".maximum")                            \
  X(MINLOC, ".minimumLocation") X(MAXLOC, ".maximumLocation") X(LAND, ".logicalAnd") X(LOR, ".logicalOr")         \
  X(LXOR, ".logicalXor") X(BAND, ".bitwiseAnd") X(BOR, ".bitwiseOr") X(BXOR, ".bitwiseXor")                       \
  X(CLOSURE, "a closure") X(COMMUTATIVE_CLOSURE, "a commutative closure") X(OTHER, "another operation")

enum cmpi_reduction {
#define X(name, text) CMPI_REDUCTION_##name,
  CMPI_REDUCTIONS(X)
#undef X
  CMPI_REDUCTIONS_END
};

enum {
  CMPI_FRAMES = 32,            // return addresses that are kept of a stack
  CMPI_TYPE_NAME = 64,         // bytes of an element's name, or of what else a call is about
  CMPI_COMMUNICATOR_NAME = 40  // bytes of a communicator's name
};

/// A place among ranks that a call does not have; `MPI_ANY_SOURCE` and `MPI_PROC_NULL` have numbers of our own, as those
/// of MPI differ.
#define CMPI_IN_EXECUTABLE (UINT64_C(1) << 63)  // a frame that is an offset in the executable, not an address
enum { CMPI_NO_RANK = -1, CMPI_ANY_RANK = -2, CMPI_NULL_RANK = -3, CMPI_NO_TAG = -1, CMPI_ANY_TAG = -2 };

/// Communicators that every process has; the others are numbered by their rank 0, see `registry.c`.
enum { CMPI_COMMUNICATOR_UNKNOWN = 0, CMPI_COMMUNICATOR_WORLD = 1, CMPI_COMMUNICATOR_SELF = 2 };

/// One call: plain numbers, so that it can lie in shared memory and travel in a message.
typedef struct {
  int32_t operation, reduction;
  /// How it is waited for, and how many requests are with it; `operation` is then what started the first of them.
  int32_t waiting, requests;
  /// The root of a collective, the peer of a message; where it goes and comes from in a send-receive.
  int32_t root, source;
  int32_t tag, sourceTag;
  /// This process in the communicator, and how many it has.
  int32_t rank, size;
  /// The communicator: the world rank of its maker times 2^32 plus a number that the maker counts.
  uint64_t communicator;
  /// How many collectives this process has called in the communicator before.
  uint64_t sequence;
  /// The peers as ranks of the world, -1 where that is not known.
  int32_t worldRoot, worldSource;
  /// Elements in the unit that all ranks must agree on, and how many make what `typeName` names.
  int64_t count, perValue;
  /// Which element: equal numbers are equal types. Without one the name is that of a shape, see `CMPI_Arguments`.
  uint64_t type;
  char typeName[CMPI_TYPE_NAME];
  char communicatorName[CMPI_COMMUNICATOR_NAME];
  /// Return addresses, the innermost first; those in the executable as offsets with the bit `CMPI_IN_EXECUTABLE`.
  int32_t frameCount, isInPlace;
  uint64_t frames[CMPI_FRAMES];
} CMPI_Call;

/// What an operation is named; `capacity` bytes are enough for all when they are 40.
const char *cmpi_operation_name(int operation, char *text, int capacity);
const char *cmpi_wait_name(int waiting);
const char *cmpi_reduction_name(int reduction);

/// Whether a rank in this call is in a collective and waits for nothing else: in checked mode it entered it, or the wait for
/// one that it has started, when all had agreed.
CMPI_INLINE bool cmpi_is_collective(CMPI_Call call) {
  return (call.operation & CMPI_KIND) < CMPI_OPERATION_LAST_COLLECTIVE && call.operation != CMPI_OPERATION_NONE
         && (call.waiting == CMPI_WAIT || (!call.waiting && !(call.operation & CMPI_STARTED)));
}

/// The arguments of a call as its C function has them.
typedef struct {
  int operation;
  CMPI_Comm comm;
  bool hasRoot, hasType;
  int root, source, tag, sourceTag;
  int64_t count;
  CMPI_Datatype type;
  bool hasOp, isInPlace;
  CMPI_Op op;
  /// Of vector collectives: one count for each rank, of what goes out and what comes in; null for none.
  const int64_t *outCounts, *inCounts;
  /// Of exchanges of layouts: one datatype for each rank.
  const CMPI_Datatype *outTypes, *inTypes;
  /// Of grids and graphs: what is made, in words.
  const char *shape;
} CMPI_Arguments;

/// Whether calls are recorded in this process: set once, before the gate opens for the first time.
extern bool cmpi_is_watching;

/// What has to be undone when a call ends.
typedef struct {
  bool isEntered;
  /// Of a start: where the request will be, and what is known of it.
  MPI_Request *request;
  struct cmpi_pending *pending;
} CMPI_CallScope;

/// Records that this thread enters a call, and in checked mode waits until the ranks agree on it. Returns a negative
/// code when they do not; then the call must not be made.
int cmpi_call_enter(CMPI_CallScope *scope, const CMPI_Arguments *arguments);

/// Records that this thread has left its call.
void cmpi_call_leave(CMPI_CallScope *scope);

/// The rest of this function is the call that is described; calls inside it are part of it.
#define CMPI_CALL(...)                                                                          \
  CMPI_CallScope callScope __attribute__((cleanup(cmpi_call_leave))) = {false};                 \
  if (CMPI_UNLIKELY(cmpi_is_watching)) {                                                        \
    int refusal = cmpi_call_enter(&callScope, &(CMPI_Arguments){__VA_ARGS__});                  \
    if (refusal != MPI_SUCCESS) return refusal;                                                 \
  }

/// The rest of this function starts the operation that is described, into a request that becomes null first. In checked
/// mode a collective says what it is, and does not wait for the others: that is done where the request is waited for.
#define CMPI_START(place, ...)                                                                  \
  CMPI_CallScope callScope __attribute__((cleanup(cmpi_call_leave))) = {false};                 \
  if (CMPI_UNLIKELY(cmpi_is_watching)) {                                                        \
    (place)->raw = MPI_REQUEST_NULL;                                                            \
    callScope.request = &(place)->raw;                                                          \
    int refusal = cmpi_call_enter(&callScope, &(CMPI_Arguments){__VA_ARGS__});                  \
    if (refusal != MPI_SUCCESS) return refusal;                                                 \
  }

/// Codes of calls that the agreement did not let through; no MPI has negative ones.
enum cmpi_check { CMPI_CHECK_MISMATCH = -100, CMPI_CHECK_MISSING = -101 };

CMPI_INLINE bool cmpi_is_refusal(int code) { return code == CMPI_CHECK_MISMATCH || code == CMPI_CHECK_MISSING; }

/// Why the ranks did not agree; see `cmpi_check_finding`.
enum cmpi_finding {
  CMPI_FINDING_OPERATION = 1, CMPI_FINDING_ROOT, CMPI_FINDING_REDUCTION, CMPI_FINDING_TYPE, CMPI_FINDING_COUNT,
  CMPI_FINDING_BLOCKS, CMPI_FINDING_FINALIZED, CMPI_FINDING_EXITED, CMPI_FINDING_GONE, CMPI_FINDING_LIMIT,
  CMPI_FINDING_ABANDONED, CMPI_FINDING_MIXED
};

/// The last disagreement that this thread met.
typedef struct {
  int finding;
  /// The two ranks of the communicator on whose counts it is, -1 for all.
  int first, second;
  int64_t firstCount, secondCount;
  /// Members of the communicator; which came, their calls (zeros for the missing), and their ranks in the world.
  int size;
  double seconds;
  /// Who tells the user: 1 this rank, -1 another one, 0 the lowest that knows.
  int speaker;
  const bool *isHere;
  const CMPI_Call *calls;
  const int *worldRanks;
} CMPI_Finding;

/// The last disagreement that this thread met, or where there is none that was not asked for, that any thread has met:
/// the engine's thread meets those of others. Valid until a number of later ones.
const CMPI_Finding *cmpi_check_finding(void);

/// Notes a communicator that a call has just made, for the board and the agreement; passes the call's code on.
int cmpi_communicator_made(int code, CMPI_Comm comm);

/// Prepares recording and checking after initialisation, as the environment asks. Collective when it does.
int cmpi_watch_start(void);

/// Records that MPI is being finalised.
void cmpi_watch_finalize(void);

/// Records that this process is about to end the job because of an error.
void cmpi_watch_ending(void);

/// Whether every other rank is about to end too, or is in `MPI_Finalize`, so that they can finalise together: nobody has
/// to be killed then. Waits a moment for them. False where that is not known.
bool cmpi_watch_can_finalize(void);

/// What a process in trouble calls to print what it finds on the board, before it ends the job: a deadlock, or that it
/// calls `exit`, with the status and the stack.
void cmpi_watch_set_reporter(void (*reporter)(bool isExit, int status, const uint64_t *frames, int count));

#endif
