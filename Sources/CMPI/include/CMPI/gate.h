// The gate in front of every MPI call: is MPI running, and may this thread call it?
//
// One comparison answers both questions, and a third: is the count one that an `int` can say? Each thread has a limit
// for counts, which is 0 as long as the gate is closed to it.
#ifndef CMPI_GATE_H
#define CMPI_GATE_H

#include "calls.h"

/// What the gate answers.
enum cmpi_gate {
  CMPI_GATE_OPEN = 0,
  CMPI_GATE_NOT_INITIALIZED = 1,
  CMPI_GATE_FINALIZED = 2,
  CMPI_GATE_WRONG_THREAD = 3,
  CMPI_GATE_COUNTED = 4,  // open, and the thread is counted until it leaves
};

/// The limit of an open gate. Where bytes are counted in an int inside MPI, the slow way has a look at them: no predefined
/// datatype has more than 32.
#define CMPI_OPEN_LIMIT ((uint64_t)(CMPI_HAS_INNER_INTS ? INT_MAX / 32 : INT_MAX) + 1)

/// Counts below this go straight to MPI on this thread: 0 while the gate is closed, `CMPI_OPEN_LIMIT` when it is open.
/// Where calls are recorded or counted it stays 0, so that every call goes the slow way, which does that.
///
/// Finalisation writes 0 into that of every thread, without which it would have to be compared with a shared variable.
extern _Thread_local uint64_t cmpi_thread_limit __attribute__((tls_model("initial-exec")));

/// Whether the slow path must be asked before an MPI call.
CMPI_INLINE bool cmpi_gate_is_closed(void) { return cmpi_thread_limit == 0; }

/// The same in C, where only a branch on the expectation itself is known to be unlikely.
#define cmpi_gate_is_closed() CMPI_UNLIKELY(cmpi_thread_limit == 0)

/// Whether a call with this count cannot go straight to MPI: the gate is closed, or the count is too large or negative.
#define CMPI_IS_SLOW(count) CMPI_UNLIKELY((uint64_t)(count) >= cmpi_thread_limit)

/// As `cmpi_gate_ask`. Where calls are counted, the answer of an open gate is `CMPI_GATE_COUNTED`, and the call counts until
/// `cmpi_gate_leave`: those of Open MPI with MPI_THREAD_MULTIPLE, see `cmpi_hold_others`.
int cmpi_gate_enter(void);

void cmpi_gate_leave_counted(void);
CMPI_INLINE void cmpi_gate_leave(const int *gate) {
  if (*gate == CMPI_GATE_COUNTED) cmpi_gate_leave_counted();
}

/// The rest of this scope counts as a call, if the answer of `cmpi_gate_enter` says so.
#define CMPI_COUNTED(name, answer) int name __attribute__((cleanup(cmpi_gate_leave))) = answer

/// How a call begins that has no faster way. A function may have it twice, on different lines.
#define CMPI_ENTER() CMPI_ENTER_ON(__LINE__)
#define CMPI_ENTER_ON(line) CMPI_ENTER_ONLY(line)
#define CMPI_ENTER_ONLY(line) CMPI_ENTER_AS(gateOnLine##line)
#define CMPI_ENTER_AS(name)                                                            \
  CMPI_COUNTED(name, cmpi_gate_is_closed() ? cmpi_gate_enter() : (int)CMPI_GATE_OPEN); \
  if (name != CMPI_GATE_OPEN && name != CMPI_GATE_COUNTED) return -name

/// How the slow way of a call begins: it ends there when the gate stays closed, when the ranks do not agree on the call
/// that is described (see `CMPI_CALL`), or when the count was no obstacle.
#define CMPI_BEGIN_SLOW(count, call, ...)       \
  CMPI_ENTER();                                 \
  CMPI_CALL(__VA_ARGS__)                        \
  if (!CMPI_IS_LARGE(count)) return call

/// Finds out whether this thread may call MPI now, and opens the gate for it if so. A call that was not let through
/// returns the answer as a negative code, which no MPI uses.
int cmpi_gate_ask(void);

/// Whether calls are counted.
bool cmpi_is_counting(void);

/// Makes this thread the only one in MPI, until `cmpi_release_others`. False, and nothing is done, while another one is
/// inside a call. It must not be inside one itself, and calls then what asks no gate.
///
/// Only where calls are counted; elsewhere it need not be asked for, and is true.
bool cmpi_hold_others(void);
void cmpi_release_others(void);

/// Prepares the library after `MPI_Init_thread`, by whomever it was called: errors are returned instead of aborting,
/// and the end of MPI is noticed. Returns an MPI error code.
int cmpi_adopt(void);

/// Frees a communicator now where this thread may, later where it may not, and never after MPI was finalised.
void cmpi_comm_release(CMPI_Comm communicator);

/// Frees a datatype now where this thread may, later where it may not, and never after MPI was finalised.
void cmpi_type_release(CMPI_Datatype type);

/// Frees a datatype when MPI is finalised: one that is of use until then.
void cmpi_type_release_at_end(CMPI_Datatype type);

/// Frees what had to wait; called where new handles are made and before MPI is finalised.
void cmpi_release_deferred(void);

#endif
