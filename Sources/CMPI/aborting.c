// The end of a job by one rank: nothing that was printed before is lost, and the launcher does not hang.
#include "board.h"

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(MPICH)
/// How much of what was written to a pipe is not read yet.
static int unread(int descriptor) {
  struct stat status;
  int bytes = 0;
  if (fstat(descriptor, &status) || !S_ISFIFO(status.st_mode) || ioctl(descriptor, FIONREAD, &bytes)) return 0;
  return bytes;
}

/// MPICH's launcher drops what it has not read when the abort arrives: it gets a second to read what this rank has
/// printed, and a tenth of one to pass it on and to read the others.
static void letLauncherRead(void) {
  for (int i = 0; i < 100 && (unread(STDOUT_FILENO) || unread(STDERR_FILENO)); i++) usleep(10000);
  usleep(100000);
}
#else
static void letLauncherRead(void) {}
#endif

int cmpi_abort(CMPI_Comm comm, int code) {
  letLauncherRead();
  for (int rank = 0; ownSlot && rank < ownBoard.ranks; rank++) {
    Slot *slot = slotOf(&ownBoard, rank);
    if (slot != ownSlot && atomic_load(&slot->isFinalized) && !atomic_load(&slot->hasExited)) _exit(code);
  }
  return MPI_Abort(comm.raw, code);
}
