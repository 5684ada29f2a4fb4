#include "CMPI.h"

#include <stdlib.h>

/// Takes a datatype on the way to another one: commits or frees it.
static int commit(int code, MPI_Datatype made, CMPI_Datatype *out) {
  if (code != MPI_SUCCESS) return code;
  code = MPI_Type_commit(&made);
  if (code == MPI_SUCCESS) out->raw = made;
  return code;
}

static int resized(int code, MPI_Datatype made, int64_t extent, MPI_Datatype *out) {
  if (code != MPI_SUCCESS) return code;
  code = MPI_Type_create_resized(made, 0, extent, out);
  MPI_Type_free(&made);
  return code;
}

int cmpi_type_struct(int count, const int64_t *offsets, const CMPI_Datatype *types, int64_t extent, CMPI_Datatype *out) {
  int *lengths = malloc(sizeof(int) * count + 1);
  MPI_Aint *displacements = malloc(sizeof(MPI_Aint) * count + 1);
  MPI_Datatype *raw = malloc(sizeof(MPI_Datatype) * count + 1);
  int code = MPI_ERR_NO_MEM;
  if (lengths && displacements && raw) {
    for (int i = 0; i < count; i++) lengths[i] = 1, displacements[i] = offsets[i], raw[i] = types[i].raw;
    MPI_Datatype packed, padded;
    code = MPI_Type_create_struct(count, lengths, displacements, raw, &packed);
    code = resized(code, packed, extent, &padded);
    code = commit(code, padded, out);
  }
  free(lengths), free(displacements), free(raw);
  return code;
}

/// `count` contiguous values, not committed.
static int contiguous(int64_t count, MPI_Datatype type, MPI_Datatype *out) {
  if (count < 0) return MPI_ERR_COUNT;
  if (count <= INT_MAX) return MPI_Type_contiguous((int)count, type, out);
#if CMPI_HAS_LARGE_COUNT
  return MPI_Type_contiguous_c(count, type, out);
#else
  const int64_t chunk = 1 << 30;  // Counted with an int by every MPI.
  MPI_Aint lower, extent;
  MPI_Datatype parts[3] = {type, MPI_DATATYPE_NULL, MPI_DATATYPE_NULL};
  int64_t chunks = count / chunk, rest = count % chunk;
  int code = MPI_Type_get_extent(type, &lower, &extent);
  if (code != MPI_SUCCESS) return code;
  if ((code = MPI_Type_contiguous((int)chunk, type, &parts[1])) != MPI_SUCCESS) return code;
  code = contiguous(chunks, parts[1], &parts[2]);
  MPI_Type_free(&parts[1]);
  if (code != MPI_SUCCESS) return code;
  int lengths[2] = {1, (int)rest};
  MPI_Aint offsets[2] = {0, (MPI_Aint)(chunks * chunk) * extent};
  MPI_Datatype types[2] = {parts[2], type};
  code = MPI_Type_create_struct(2, lengths, offsets, types, out);
  MPI_Type_free(&parts[2]);
  return code;
#endif
}

int cmpi_type_contiguous(int64_t count, CMPI_Datatype type, CMPI_Datatype *out) {
  MPI_Datatype made = MPI_DATATYPE_NULL;
  int code = contiguous(count, type.raw, &made);
  return commit(code, made, out);
}

/// `count` blocks, `stride` bytes from one to the next, not committed; any count.
static int blocks(int64_t count, int64_t stride, MPI_Datatype block, MPI_Datatype *out) {
  if (count <= INT_MAX) return MPI_Type_create_hvector((int)count, 1, (MPI_Aint)stride, block, out);
  // Rows of blocks, and what is left over.
  const int64_t row = 1 << 30;
  MPI_Datatype one, parts[2];
  int code = blocks(row, stride, block, &one);
  if (code != MPI_SUCCESS) return code;
  code = blocks(count / row, row * stride, one, &parts[0]);
  MPI_Type_free(&one);
  if (code != MPI_SUCCESS) return code;
  if ((code = blocks(count % row, stride, block, &parts[1])) == MPI_SUCCESS) {
    int lengths[2] = {1, 1};
    MPI_Aint offsets[2] = {0, (MPI_Aint)(count / row * row * stride)};
    code = MPI_Type_create_struct(2, lengths, offsets, parts, out);
    MPI_Type_free(&parts[1]);
  }
  MPI_Type_free(&parts[0]);
  return code;
}

int cmpi_type_vector(int64_t count, int64_t length, int64_t stride, CMPI_Datatype type, CMPI_Datatype *out) {
  if (count < 0 || length < 0) return MPI_ERR_COUNT;
  MPI_Aint lower, extent;
  MPI_Datatype block, made = MPI_DATATYPE_NULL;
  int code = MPI_Type_get_extent(type.raw, &lower, &extent);
  if (code != MPI_SUCCESS) return code;
  if ((code = contiguous(length, type.raw, &block)) != MPI_SUCCESS) return code;
  code = blocks(count, stride * extent, block, &made);
  MPI_Type_free(&block);
  return commit(code, made, out);
}

int cmpi_type_indexed(
  int64_t count, const int64_t *lengths, const int64_t *offsets, CMPI_Datatype type, CMPI_Datatype *out) {
  if (count < 0 || count > INT_MAX) return MPI_ERR_COUNT;
  MPI_Aint lower, extent;
  int code = MPI_Type_get_extent(type.raw, &lower, &extent);
  if (code != MPI_SUCCESS) return code;
  int *ones = malloc(sizeof(int) * count + 1);
  MPI_Aint *displacements = malloc(sizeof(MPI_Aint) * count + 1);
  MPI_Datatype *blocks = malloc(sizeof(MPI_Datatype) * count + 1), made, whole = MPI_DATATYPE_NULL;
  int64_t blockCount = 0, end = 0;
  bool isSmall = true;
  if (!ones || !displacements || !blocks) code = MPI_ERR_NO_MEM;
  for (int64_t i = 0; i < count; i++) isSmall &= lengths[i] >= 0 && lengths[i] <= INT_MAX;
  for (int64_t i = 0; i < count && code == MPI_SUCCESS; i++) {
    ones[i] = isSmall ? (int)lengths[i] : 1;
    displacements[i] = (MPI_Aint)offsets[i] * extent;
    if (lengths[i] > 0 && offsets[i] + lengths[i] > end) end = offsets[i] + lengths[i];
    if (!isSmall && (code = contiguous(lengths[i], type.raw, &blocks[i])) == MPI_SUCCESS) blockCount++;
  }
  if (code == MPI_SUCCESS)
    code = isSmall ? MPI_Type_create_hindexed((int)count, ones, displacements, type.raw, &made)
                   : MPI_Type_create_struct((int)count, ones, displacements, blocks, &made);
  for (int64_t i = 0; i < blockCount; i++) MPI_Type_free(&blocks[i]);
  free(ones), free(displacements), free(blocks);
  // By itself it would begin at the lowest block.
  code = resized(code, made, end * extent, &whole);
  return commit(code, whole, out);
}

int cmpi_type_resized(CMPI_Datatype type, int64_t extent, CMPI_Datatype *out) {
  MPI_Datatype made = MPI_DATATYPE_NULL;
  int code = MPI_Type_create_resized(type.raw, 0, extent, &made);
  return commit(code, made, out);
}

int cmpi_bsend_size(int64_t count, CMPI_Datatype type, CMPI_Comm comm, int64_t *size) {
  int64_t bytes;
  int code = cmpi_type_size(type, &bytes);
  if (code != MPI_SUCCESS) return code;
  if (count < 0 || count > INT_MAX) return MPI_ERR_COUNT;
  int packed = 0;
  code = MPI_Pack_size((int)count, type.raw, comm.raw, &packed);
  *size = (int64_t)(packed > count * bytes ? packed : count * bytes) + MPI_BSEND_OVERHEAD;
  return code;
}
