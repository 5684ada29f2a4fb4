// The gate in front of every MPI call: is MPI running, and may this thread call it?
//
// Open is one comparison of two integers. The slow path behind it finds out why they differ.
#ifndef CMPI_GATE_H
#define CMPI_GATE_H

#include "base.h"

/// What the gate answers.
enum cmpi_gate {
  CMPI_GATE_OPEN = 0,
  CMPI_GATE_NOT_INITIALIZED = 1,
  CMPI_GATE_FINALIZED = 2,
  CMPI_GATE_WRONG_THREAD = 3,
};

/// The epoch that this thread was last let through in; 0 at first.
extern _Thread_local uint32_t cmpi_thread_epoch __attribute__((tls_model("initial-exec")));

/// The current epoch: never 0, and a new one when MPI is finalised.
extern uint32_t cmpi_epoch;

/// Whether the slow path must be asked before an MPI call.
CMPI_INLINE bool cmpi_gate_is_closed(void) {
  return CMPI_UNLIKELY(cmpi_thread_epoch != __atomic_load_n(&cmpi_epoch, __ATOMIC_RELAXED));
}

/// Finds out whether this thread may call MPI now, and opens the gate for it if so.
int cmpi_gate_ask(void);

/// Prepares the library after `MPI_Init_thread`, by whomever it was called: errors are returned instead of aborting,
/// and the end of MPI is noticed. Returns an MPI error code.
int cmpi_adopt(void);

/// Frees a communicator now where this thread may, later where it may not, and never after MPI was finalised.
void cmpi_comm_release(CMPI_Comm communicator);

/// Frees a datatype now where this thread may, later where it may not, and never after MPI was finalised.
void cmpi_type_release(CMPI_Datatype type);

/// Frees what had to wait; called where new handles are made and before MPI is finalised.
void cmpi_release_deferred(void);

#endif
