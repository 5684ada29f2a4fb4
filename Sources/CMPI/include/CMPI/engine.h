// What the engine behind `await` needs of the system: a thread, a clock, and a bell that wakes whoever waits for it.
#ifndef CMPI_ENGINE_H
#define CMPI_ENGINE_H

#include "base.h"

/// Nanoseconds since some moment, never going back.
int64_t cmpi_now(void);

/// The bells: that of the engine's own thread, and that of an executor.
enum cmpi_bell { CMPI_ENGINE_BELL = 0, CMPI_EXECUTOR_BELL = 1, CMPI_BELLS = 2 };

/// Wakes the thread that waits for a bell, or lets the next wait return at once.
void cmpi_bell_ring(int bell);

/// Waits until a bell is rung, or for so many nanoseconds; for ever when that is negative. One thread for each bell.
void cmpi_bell_wait(int bell, int64_t nanoseconds);

/// Runs a function on a thread of its own, which ends with the process. Returns 0, or the system's error.
int cmpi_thread_start(void (*run)(void));

/// Lets other threads have the core.
void cmpi_yield(void);

#endif
