// The board: what every rank on this machine does, in memory that all of them and observers can read.
#ifndef CMPI_BOARD_H
#define CMPI_BOARD_H

#include "calls.h"

typedef struct cmpi_board CMPI_Board;

/// What a process has said of its end.
enum cmpi_ending { CMPI_ENDING_NONE = 0, CMPI_ENDING_FINALIZED = 1, CMPI_ENDING_EXITED = 2 };

/// Where a process stands: outside MPI, waiting for the others' agreement, inside the call.
enum cmpi_phase { CMPI_PHASE_OUTSIDE = 0, CMPI_PHASE_AGREEING = 1, CMPI_PHASE_INSIDE = 2 };

/// A consistent copy of what the board says of a rank.
typedef struct {
  int32_t processID;
  bool isAlive, hasFinalized, hasExited;
  /// Whether it was about to end the whole job.
  bool isEnding;
  int32_t exitStatus, crashSignal, phase;
  /// Calls entered since the beginning.
  uint64_t beat;
  /// Seconds since the phase began, or since the end.
  double seconds;
  CMPI_Call call;
  /// The stack at the end that the process has brought about itself, or the sampled one.
  int32_t frameCount;
  uint64_t frames[CMPI_FRAMES];
} CMPI_RankRecord;

/// Maps the board at a path for a number of ranks; makes it when there is none. Null with `errno` when that fails.
CMPI_Board *cmpi_board_open(const char *path, int ranks);
void cmpi_board_close(CMPI_Board *board);

/// The board of this process; null when nothing is recorded.
CMPI_Board *cmpi_board_own(void);

int cmpi_board_ranks(const CMPI_Board *board);

/// Copies what is known of a rank.
void cmpi_board_read(CMPI_Board *board, int rank, CMPI_RankRecord *out);

/// Asks a process for its stack, and waits for the answer; returns whether it came. The stack is in the next record.
bool cmpi_board_sample(CMPI_Board *board, int rank, double timeout);

/// Says that this thread is the one whose stack shows what the process does, until another one calls MPI.
void cmpi_board_note_thread(void);

/// Finds the module of a rank's address: its path and the address in the file. False when it is in none.
bool cmpi_board_locate(
  CMPI_Board *board, int rank, uint64_t address, char *path, int capacity, uint64_t *offset);

/// The path of a rank's executable: our own for a rank of another machine.
bool cmpi_board_executable(CMPI_Board *board, int rank, char *path, int capacity);

/// The text with which checked mode ended the job; empty when it did not.
const char *cmpi_board_verdict(const CMPI_Board *board);
void cmpi_board_set_verdict(const char *text);

/// Demangles a Swift symbol with the runtime, into memory that the caller frees; null when it is none.
char *cmpi_demangle(const char *symbol);

/// The nearest exported symbol at an address of this process; null when there is none.
const char *cmpi_symbol(uint64_t address);

/// Runs a program with these arguments, the last one null, and returns what it printed, for the caller to free; null when
/// it cannot be started or takes more than `limit` seconds.
char *cmpi_run_tool(char *const *arguments, double limit);

#endif
