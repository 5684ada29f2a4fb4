// Chapter 9.3 to 9.5, error handling.
#ifndef CMPI_ERRORS_H
#define CMPI_ERRORS_H

#include "base.h"

/// The error classes of the standard, in its order; MPI's own numbers differ between implementations.
#define CMPI_ERROR_CLASSES(X) \
  X(BUFFER) X(COUNT) X(TYPE) X(TAG) X(COMM) X(RANK) X(REQUEST) X(ROOT) X(GROUP) X(OP) X(TOPOLOGY) X(DIMS) X(ARG) \
  X(UNKNOWN) X(TRUNCATE) X(OTHER) X(INTERN) X(PENDING) X(IN_STATUS) X(ACCESS) X(AMODE) X(ASSERT) X(BAD_FILE) X(BASE) \
  X(CONVERSION) X(DISP) X(DUP_DATAREP) X(FILE_EXISTS) X(FILE_IN_USE) X(FILE) X(INFO_KEY) X(INFO_NOKEY) X(INFO_VALUE) \
  X(INFO) X(IO) X(KEYVAL) X(LOCKTYPE) X(NAME) X(NO_MEM) X(NOT_SAME) X(NO_SPACE) X(NO_SUCH_FILE) X(PORT) X(QUOTA) \
  X(READ_ONLY) X(RMA_ATTACH) X(RMA_CONFLICT) X(RMA_RANGE) X(RMA_SHARED) X(RMA_SYNC) X(RMA_FLAVOR) X(SERVICE) X(SIZE) \
  X(SPAWN) X(UNSUPPORTED_DATAREP) X(UNSUPPORTED_OPERATION) X(WIN)

/// Position of a class in `CMPI_ERROR_CLASSES`, from 1; 0 is success.
enum cmpi_error_class {
  CMPI_CLASS_SUCCESS = 0,
#define X(name) CMPI_CLASS_##name,
  CMPI_ERROR_CLASSES(X)
#undef X
  CMPI_CLASSES_END
};

/// The class of a code as a position in `CMPI_ERROR_CLASSES`, the same number on every MPI.
int cmpi_error_class(int code);

/// The name of a class as the standard spells it, such as "MPI_ERR_RANK".
const char *cmpi_error_class_name(int position);

/// MPI's code of a class given by its position: for what is found before MPI is asked.
int cmpi_error_code(int position);

/// The implementation's sentence about a code, in a buffer of `CMPI_NAME_CAPACITY` bytes.
///
/// The buffer is larger than MPI_MAX_ERROR_STRING because MPICH 4.0 writes past that.
int cmpi_error_string(int code, char *text);

#endif
