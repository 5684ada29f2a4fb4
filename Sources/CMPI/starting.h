// What the nonblocking and the persistent collectives share: both give MPI arrays and datatypes that it reads until the
// operation is complete, or its request is freed.
//
// Who includes it defines `BITS`, what the operation is besides its kind: `CMPI_STARTED`, perhaps `CMPI_PERSISTENT`.
#ifndef CMPI_STARTING_H
#define CMPI_STARTING_H

#include "CMPI.h"

#if CMPI_HAS_LARGE_COUNT
typedef MPI_Count Count;
typedef MPI_Aint Offset;
#define WITH_COUNT(procedure) procedure##_c
#else
typedef int Count;
typedef int Offset;
#define WITH_COUNT(procedure) procedure
#endif

/// Whether MPI cannot be told a number: never true where there are large-count procedures.
#define IS_UNSUPPORTED(number) (!CMPI_HAS_LARGE_COUNT && CMPI_IS_LARGE(number))

// MARK: What must outlive the call

/// Datatypes and memory that a collective uses until it is complete.
typedef struct {
  int typeCount;
  MPI_Datatype *types;
  char memory[] __attribute__((aligned(16)));
} Kept;

/// Null without memory.
Kept *keep(size_t bytes);

/// The end of a start: what it kept is given away, or released when nothing was started. Passes the code on.
int hand(int code, Kept *mine, void **kept);

/// A block that MPI cannot count becomes one value of a datatype, which is kept.
int keepBlock(int64_t count, CMPI_Datatype type, Kept *kept, Count *blockCount, MPI_Datatype *blockType);

/// The arrays of one side, as MPI reads them; null stays null.
typedef struct {
  Count *counts;
  Offset *offsets;
} Side;

/// The bytes of one side's arrays, and the arrays in so much memory.
size_t sideBytes(int size);
int fillSide(Side *side, char *memory, int size, const int64_t *counts, const int64_t *offsets);

/// The datatypes of one side in an exchange of layouts.
typedef struct {
  int *counts, *places;  // places in bytes
  MPI_Datatype *types;
} TypedSide;

/// Whether counts and places are such that MPI takes them as they are: then no datatypes have to be made of them.
bool cmpi_is_near(int size, const int64_t *counts, const int64_t *offsets);

/// Both sides of an exchange of layouts: where they are not near, for each rank one value of a datatype that holds count
/// and displacement, which fits an `int` on every MPI. Null without memory; `code` says what else failed.
Kept *keepLayouts(
  int size, const int64_t *outCounts, const int64_t *outOffsets, const CMPI_Datatype *outTypes,
  const int64_t *inCounts, const int64_t *inOffsets, const CMPI_Datatype *inTypes, TypedSide *from, TypedSide *to,
  int *code);

/// The same for an all-gather of blocks that MPI cannot be told: each rank sends its own block to all.
Kept *keepBlocksToAll(
  int size, int64_t outCount, CMPI_Datatype outType, const int64_t *inCounts, const int64_t *inOffsets,
  CMPI_Datatype inType, TypedSide *from, TypedSide *to, int *code);

/// The same for a broadcast: the root sends it to each rank.
Kept *keepRootToAll(
  int size, int rank, int root, int64_t count, CMPI_Datatype type, TypedSide *from, TypedSide *to, int *code);

/// Whether the blocks of an all-gather are together more than MPI can be told; the same on every rank.
bool isBeyond(const int64_t *counts, CMPI_Comm comm);

// MARK: The bodies of the functions

/// What is started, for the board and the agreement.
#define NOTED(name, ...) CMPI_START(request, .operation = CMPI_OPERATION_##name | BITS, .comm = comm, __VA_ARGS__)
#define ROOTED .hasRoot = true, .root = root
#define VALUES(number, element) .hasType = true, .count = number, .type = element
#define REDUCED .hasOp = true, .op = op, .isInPlace = out == MPI_IN_PLACE

/// A collective with one block for each rank on both sides; nothing is kept when both counts fit.
#define WITH_BLOCKS(call, name, ...)                                                                 \
  CMPI_ENTER();                                                                                      \
  NOTED(name, .isInPlace = out == MPI_IN_PLACE || in == MPI_IN_PLACE, __VA_ARGS__)                   \
  bool isPlain = !IS_UNSUPPORTED(outCount) && !IS_UNSUPPORTED(inCount);                              \
  Kept *mine = isPlain ? NULL : keep(2 * sizeof(MPI_Datatype));                                      \
  Count ours, theirs;                                                                                \
  MPI_Datatype ourType, theirType;                                                                   \
  int code = isPlain || mine ? keepBlock(outCount, outType, mine, &ours, &ourType) : MPI_ERR_NO_MEM; \
  if (code == MPI_SUCCESS) code = keepBlock(inCount, inType, mine, &theirs, &theirType);             \
  if (code == MPI_SUCCESS) code = call;                                                              \
  return hand(code, mine, kept);

/// A reduction, which no datatype makes small; `values`: what must be told to MPI.
#define WITH_REDUCTION(values, call, name, ...)                     \
  (void)kept;                                                       \
  CMPI_ENTER();                                                     \
  if (IS_UNSUPPORTED(values)) return MPI_ERR_UNSUPPORTED_OPERATION; \
  NOTED(name, VALUES(count, type), REDUCED, __VA_ARGS__)            \
  return call;

/// A vector collective: `outCounts`, `inCounts` null for a side that has no arrays.
#define WITH_SIDES(outCounts, outOffsets, inCounts, inOffsets, call, name, ...)                \
  CMPI_ENTER();                                                                                \
  NOTED(name, __VA_ARGS__)                                                                     \
  int size, code = MPI_Comm_size(comm.raw, &size);                                             \
  if (code != MPI_SUCCESS) return code;                                                        \
  Side from, to;                                                                               \
  Kept *mine = keep(2 * sideBytes(size));                                                      \
  if (!mine) return MPI_ERR_NO_MEM;                                                            \
  code = fillSide(&from, mine->memory, size, outCounts, outOffsets);                           \
  if (code == MPI_SUCCESS) code = fillSide(&to, mine->memory + sideBytes(size), size, inCounts, inOffsets); \
  if (code == MPI_SUCCESS) code = call;                                                        \
  return hand(code, mine, kept);

/// An exchange of layouts.
#define WITH_LAYOUTS(call, name)                                                                                   \
  CMPI_ENTER();                                                                                                    \
  NOTED(name, .outCounts = outCounts, .inCounts = inCounts, .outTypes = outTypes, .inTypes = inTypes)              \
  int size, code = MPI_Comm_size(comm.raw, &size);                                                                 \
  if (code != MPI_SUCCESS) return code;                                                                            \
  TypedSide from, to;                                                                                              \
  Kept *mine =                                                                                                     \
    keepLayouts(size, outCounts, outOffsets, outTypes, inCounts, inOffsets, inTypes, &from, &to, &code);           \
  if (!mine) return MPI_ERR_NO_MEM;                                                                                \
  if (code == MPI_SUCCESS) code = call;                                                                            \
  return hand(code, mine, kept);

/// An all-gather of blocks that MPI cannot be told.
#define WITH_BLOCKS_TO_ALL(call)                                                                                   \
  CMPI_ENTER();                                                                                                    \
  NOTED(ALL_GATHER_BLOCKS, VALUES(outCount, inType), .inCounts = inCounts)                                         \
  int size, code = MPI_Comm_size(comm.raw, &size);                                                                 \
  if (code != MPI_SUCCESS) return code;                                                                            \
  TypedSide from, to;                                                                                              \
  Kept *mine = keepBlocksToAll(size, outCount, outType, inCounts, inOffsets, inType, &from, &to, &code);           \
  if (!mine) return MPI_ERR_NO_MEM;                                                                                \
  if (code == MPI_SUCCESS) code = call;                                                                            \
  return hand(code, mine, kept);

#endif
