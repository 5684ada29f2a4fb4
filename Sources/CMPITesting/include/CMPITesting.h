// What a test program must do before Swift runs, or against the library below MPI.
#ifndef CMPITESTING_H
#define CMPITESTING_H

#include <stdbool.h>
#include <sys/types.h>

/// The variable that names the folder of a job which a test runner has started; each rank looks for it when it is loaded.
#define CMPITESTING_FOLDER "SWIFT_MPI_TESTING_FOLDER"
/// The variable with the number of the process that runs the tests.
#define CMPITESTING_PARENT "SWIFT_MPI_TESTING_PARENT"

/// This process's rank and the number of ranks as its launcher says them, before MPI is initialised; -1 without one.
int cmpitesting_launched_rank(void);
int cmpitesting_launched_size(void);

/// Removes a folder and all that is in it.
void cmpitesting_remove_folder(const char *path);

/// Whether a process exists and is not a zombie, and whether it is stopped.
bool cmpitesting_is_alive(pid_t process);
bool cmpitesting_is_stopped(pid_t process);

/// Has a job's end and the removal of its folder come before the end of this process when a signal ends it (SIGINT,
/// SIGTERM, SIGHUP, SIGQUIT). Called again for each job; with a group of 0 there is none.
void cmpitesting_guard(pid_t group, const char *folder);

#endif
