// The error that a thread threw last.
#ifndef CMPI_THROWN_H
#define CMPI_THROWN_H

#include <stdint.h>

/// Notes from now on what is thrown. Does nothing when that is done already.
void watchThrows(void);

/// The error that this thread threw last, where that was since a time (`cmpi_now`) and somebody may still have it; NULL
/// where it is over, as one that was caught. The caller lets go of it by `releaseError`.
void *errorOnItsWay(int64_t since);
void releaseError(void *error);

/// Says that the error was seen to be on its way now.
void noteStillOnItsWay(void);

#endif
