#include "CMPI.h"

#include <string.h>

static const int codes[] = {
  MPI_SUCCESS,
#define X(name) MPI_ERR_##name,
  CMPI_ERROR_CLASSES(X)
#undef X
};

static const char *const names[] = {
  "MPI_SUCCESS",
#define X(name) "MPI_ERR_" #name,
  CMPI_ERROR_CLASSES(X)
#undef X
};

int cmpi_error_class(int code) {
  int class = MPI_ERR_UNKNOWN;
  if (MPI_Error_class(code, &class) != MPI_SUCCESS) return CMPI_CLASS_UNKNOWN;
  for (int position = 0; position < CMPI_CLASSES_END; position++)
    if (codes[position] == class) return position;
  return CMPI_CLASS_UNKNOWN;
}

const char *cmpi_error_class_name(int position) {
  return names[position >= 0 && position < CMPI_CLASSES_END ? position : CMPI_CLASS_UNKNOWN];
}

int cmpi_error_code(int position) {
  return codes[position >= 0 && position < CMPI_CLASSES_END ? position : CMPI_CLASS_UNKNOWN];
}

int cmpi_error_string(int code, char *text) {
  int length = 0;
  memset(text, 0, CMPI_NAME_CAPACITY);
  return MPI_Error_string(code, text, &length);
}

int cmpi_tag_upper_bound(CMPI_Comm comm, int *bound) {
  int *value = NULL, found = 0;
  // The attribute lives on MPI_COMM_WORLD; other communicators need not have it.
  (void)comm;
  int code = MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &value, &found);
  if (code != MPI_SUCCESS) return code;
  *bound = (found ? *value : 32767) - (CMPI_HAS_LARGE_COUNT ? 0 : 1);
  return MPI_SUCCESS;
}
