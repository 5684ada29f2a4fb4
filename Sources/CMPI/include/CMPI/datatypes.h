// Chapter 5, datatypes.
#ifndef CMPI_DATATYPES_H
#define CMPI_DATATYPES_H

#include "base.h"

#define CMPI_PREDEFINED(name, handle) \
  CMPI_INLINE CMPI_Datatype cmpi_##name(void) { return (CMPI_Datatype){handle}; }
CMPI_PREDEFINED(type_null, MPI_DATATYPE_NULL)
CMPI_PREDEFINED(byte, MPI_BYTE)
CMPI_PREDEFINED(packed, MPI_PACKED)
CMPI_PREDEFINED(int8, MPI_INT8_T)
CMPI_PREDEFINED(int16, MPI_INT16_T)
CMPI_PREDEFINED(int32, MPI_INT32_T)
CMPI_PREDEFINED(int64, MPI_INT64_T)
CMPI_PREDEFINED(uint8, MPI_UINT8_T)
CMPI_PREDEFINED(uint16, MPI_UINT16_T)
CMPI_PREDEFINED(uint32, MPI_UINT32_T)
CMPI_PREDEFINED(uint64, MPI_UINT64_T)
CMPI_PREDEFINED(float, MPI_FLOAT)
CMPI_PREDEFINED(double, MPI_DOUBLE)
CMPI_PREDEFINED(long_double, MPI_LONG_DOUBLE)
CMPI_PREDEFINED(bool, MPI_C_BOOL)
CMPI_PREDEFINED(complex_float, MPI_C_FLOAT_COMPLEX)
CMPI_PREDEFINED(complex_double, MPI_C_DOUBLE_COMPLEX)
CMPI_PREDEFINED(float_int, MPI_FLOAT_INT)
CMPI_PREDEFINED(double_int, MPI_DOUBLE_INT)
CMPI_PREDEFINED(long_int, MPI_LONG_INT)
CMPI_PREDEFINED(two_int, MPI_2INT)
CMPI_PREDEFINED(short_int, MPI_SHORT_INT)
CMPI_PREDEFINED(long_double_int, MPI_LONG_DOUBLE_INT)
#undef CMPI_PREDEFINED

CMPI_INLINE bool cmpi_type_is_null(CMPI_Datatype type) { return type.raw == MPI_DATATYPE_NULL; }

// A datatype as a number, which is not 0.
CMPI_INLINE uintptr_t cmpi_type_word(CMPI_Datatype type) { return (uintptr_t)type.raw; }
CMPI_INLINE CMPI_Datatype cmpi_type_from_word(uintptr_t word) { return (CMPI_Datatype){(MPI_Datatype)word}; }

CMPI_INLINE bool cmpi_type_equals(CMPI_Datatype a, CMPI_Datatype b) { return a.raw == b.raw; }

/// Size of the data in bytes, without gaps.
CMPI_INLINE int cmpi_type_size(CMPI_Datatype type, int64_t *size) {
  MPI_Count value = 0;
  int code = MPI_Type_size_x(type.raw, &value);
  *size = value;
  return code;
}

/// Distance in bytes between one value and the next.
CMPI_INLINE int cmpi_type_extent(CMPI_Datatype type, int64_t *extent) {
  MPI_Aint lower = 0, value = 0;
  int code = MPI_Type_get_extent(type.raw, &lower, &value);
  *extent = value;
  return code;
}

CMPI_INLINE int cmpi_type_dup(CMPI_Datatype type, CMPI_Datatype *out) { return MPI_Type_dup(type.raw, &out->raw); }

/// Names a datatype in what checked mode prints.
int cmpi_type_set_name(CMPI_Datatype type, const char *name);

// The constructors commit what they make and free what they made on the way.

/// A struct: `count` fields, each one value of `types[i]` at `offsets[i]` bytes, `extent` bytes from one to the next.
int cmpi_type_struct(int count, const int64_t *offsets, const CMPI_Datatype *types, int64_t extent, CMPI_Datatype *out);

/// `count` values in a row; any count.
int cmpi_type_contiguous(int64_t count, CMPI_Datatype type, CMPI_Datatype *out);

/// `count` blocks of `length` values, each `stride` values after the last.
int cmpi_type_vector(int64_t count, int64_t length, int64_t stride, CMPI_Datatype type, CMPI_Datatype *out);

/// Blocks of `lengths[i]` values at `offsets[i]` values from the start; the next one begins where the last block ends.
int cmpi_type_indexed(
  int64_t count, const int64_t *lengths, const int64_t *offsets, CMPI_Datatype type, CMPI_Datatype *out);

/// The same data, with `extent` bytes from one to the next.
int cmpi_type_resized(CMPI_Datatype type, int64_t extent, CMPI_Datatype *out);

/// Bytes that `count` values of `type` take in a buffered send, its overhead included.
int cmpi_bsend_size(int64_t count, CMPI_Datatype type, CMPI_Comm comm, int64_t *size);

#endif
