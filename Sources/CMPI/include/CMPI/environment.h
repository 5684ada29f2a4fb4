// Chapter 11, process initialization, and chapter 9, environmental management.
#ifndef CMPI_ENVIRONMENT_H
#define CMPI_ENVIRONMENT_H

#include "base.h"

/// The families of implementations that differ in what a program or a launcher must know.
enum cmpi_family { CMPI_FAMILY_OTHER = 0, CMPI_FAMILY_OPEN_MPI = 1, CMPI_FAMILY_MPICH = 2, CMPI_FAMILY_SMPI = 3 };

/// The family whose header this was compiled with.
CMPI_INLINE int cmpi_header_family(void) {
#if defined(OPEN_MPI)
  return CMPI_FAMILY_OPEN_MPI;
#elif defined(MPICH)
  return CMPI_FAMILY_MPICH;
#elif defined(CMPI_IS_SIMULATED)
  return CMPI_FAMILY_SMPI;
#else
  return CMPI_FAMILY_OTHER;
#endif
}

/// The version of the implementation whose header this was compiled with, three numbers.
CMPI_INLINE void cmpi_header_version(int version[3]) {
#if defined(OPEN_MPI)
  version[0] = OMPI_MAJOR_VERSION, version[1] = OMPI_MINOR_VERSION, version[2] = OMPI_RELEASE_VERSION;
#elif defined(MPICH_NUMVERSION)
  version[0] = MPICH_NUMVERSION / 10000000, version[1] = MPICH_NUMVERSION / 100000 % 100,
  version[2] = MPICH_NUMVERSION / 1000 % 100;
#elif defined(CMPI_IS_SIMULATED)
  version[0] = SIMGRID_VERSION_MAJOR, version[1] = SIMGRID_VERSION_MINOR, version[2] = SIMGRID_VERSION_PATCH;
#else
  version[0] = version[1] = version[2] = 0;
#endif
}

/// The standard that the header follows, as two numbers.
CMPI_INLINE void cmpi_header_standard(int version[2]) { version[0] = MPI_VERSION, version[1] = MPI_SUBVERSION; }

CMPI_INLINE int cmpi_thread_single(void) { return MPI_THREAD_SINGLE; }
CMPI_INLINE int cmpi_thread_funneled(void) { return MPI_THREAD_FUNNELED; }
CMPI_INLINE int cmpi_thread_serialized(void) { return MPI_THREAD_SERIALIZED; }
CMPI_INLINE int cmpi_thread_multiple(void) { return MPI_THREAD_MULTIPLE; }

CMPI_INLINE int cmpi_init(int required, int *provided) { return MPI_Init_thread(NULL, NULL, required, provided); }
#if defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 40100000
/// Where MPICH 4.0 would not end, see `finalizing.c`: a barrier before `MPI_Finalize`.
int cmpi_finalize(void);
#else
CMPI_INLINE int cmpi_finalize(void) { return MPI_Finalize(); }
#endif
CMPI_INLINE int cmpi_query_thread(int *provided) { return MPI_Query_thread(provided); }
CMPI_INLINE int cmpi_is_thread_main(int *flag) { return MPI_Is_thread_main(flag); }
CMPI_INLINE bool cmpi_is_initialized(void) { int flag = 0; MPI_Initialized(&flag); return flag; }
CMPI_INLINE bool cmpi_is_finalized(void) { int flag = 0; MPI_Finalized(&flag); return flag; }
/// Ends the job. Where a rank is known to wait in `MPI_Finalize`, by the end of this process alone, which makes the
/// launcher end the others: Open MPI's 4.1 hangs itself when it is told to abort at that moment. What was written to
/// standard output and error before is not lost.
int cmpi_abort(CMPI_Comm comm, int code);

CMPI_INLINE double cmpi_wtime(void) { return MPI_Wtime(); }
CMPI_INLINE double cmpi_wtick(void) { return MPI_Wtick(); }
CMPI_INLINE int cmpi_get_version(int *version, int *subversion) { return MPI_Get_version(version, subversion); }

/// The file that holds the running library, or null.
const char *cmpi_library_path(void);

/// Capacity that holds the result of each of the two functions below, with room for libraries newer than the header.
enum { CMPI_NAME_CAPACITY = 16384 };
CMPI_INLINE int cmpi_get_library_version(char *text, int *length) { return MPI_Get_library_version(text, length); }
CMPI_INLINE int cmpi_get_processor_name(char *text, int *length) { return MPI_Get_processor_name(text, length); }

/// The largest tag that a user's message may have on this communicator's MPI.
///
/// One less than MPI's own where large blocks of the vector collectives travel as messages, see `vector_collectives.c`.
int cmpi_tag_upper_bound(CMPI_Comm comm, int *bound);

#endif
