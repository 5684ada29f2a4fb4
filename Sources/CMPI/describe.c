// What a datatype and an operation are, in words and numbers that are the same on every rank.
#include "board.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define X(name, text) text,
static const char *const operationNames[] = {CMPI_OPERATIONS(X)};
static const char *const reductionNames[] = {CMPI_REDUCTIONS(X)};
static const char *const waitNames[] = {CMPI_WAITS(X)};
#undef X

const char *cmpi_operation_name(int operation, char *text, int capacity) {
  int kind = operation & CMPI_KIND;
  const char *name = operation >= 0 && kind < CMPI_OPERATIONS_END ? operationNames[kind] : "";
  const char *before = operation & CMPI_PERSISTENT ? "make" : operation & CMPI_STARTED ? "start" : "";
  snprintf(text, (size_t)capacity, "%s%s", before, name);
  char *first = text + strlen(before);
  if (first != text && *first >= 'a' && *first <= 'z') *first += 'A' - 'a';
  return text;
}

const char *cmpi_wait_name(int waiting) {
  return waiting >= 0 && waiting < CMPI_WAITS_END ? waitNames[waiting] : "";
}

const char *cmpi_reduction_name(int reduction) {
  return reduction >= 0 && reduction < CMPI_REDUCTIONS_END ? reductionNames[reduction] : "";
}

// MARK: Operations

int describeOp(MPI_Op op) {
#define X(name) if (op == MPI_##name) return CMPI_REDUCTION_##name;
  X(SUM) X(PROD) X(MIN) X(MAX) X(MINLOC) X(MAXLOC) X(LAND) X(LOR) X(LXOR) X(BAND) X(BOR) X(BXOR)
#undef X
  for (int isCommutative = 0; isCommutative < 2; isCommutative++) {
    CMPI_Op closure;
    if (cmpi_op_closure(isCommutative, &closure) == MPI_SUCCESS && closure.raw == op)
      return CMPI_REDUCTION_CLOSURE + isCommutative;
  }
  return CMPI_REDUCTION_OTHER;
}

// MARK: Elements

#define PREDEFINED(X)                                                                                             \
  X(INT64_T, "Int") X(DOUBLE, "Double") X(UINT8_T, "UInt8") X(INT32_T, "Int32") X(FLOAT, "Float")                 \
  X(C_BOOL, "Bool") X(UINT64_T, "UInt") X(UINT32_T, "UInt32") X(INT16_T, "Int16") X(UINT16_T, "UInt16")           \
  X(INT8_T, "Int8") X(LONG_DOUBLE, "Float80") X(C_FLOAT_COMPLEX, "Complex<Float>")                                \
  X(C_DOUBLE_COMPLEX, "Complex<Double>") X(FLOAT_INT, "Located<Float>") X(DOUBLE_INT, "Located<Double>")          \
  X(LONG_INT, "Located<Int>") X(2INT, "Located<Int32>") X(SHORT_INT, "Located<Int16>")                            \
  X(LONG_DOUBLE_INT, "Located<Float80>") X(BYTE, "byte") X(PACKED, "packed byte") X(INT, "CInt") X(CHAR, "CChar")

/// What the names of datatypes that were named by `cmpi_type_set_name` begin with: MPI names some itself.
static const char mark[] = "Swift: ";

/// The attribute under which a derived datatype keeps its description.
static int elementKey = MPI_KEYVAL_INVALID;

static int freeElement(MPI_Datatype type, int key, void *value, void *extra) {
  (void)type, (void)key, (void)extra;
  free(value);
  return MPI_SUCCESS;
}

int prepareDescriptions(void) {
  return MPI_Type_create_keyval(MPI_TYPE_NULL_COPY_FN, freeElement, &elementKey, NULL);
}

int cmpi_type_set_name(CMPI_Datatype type, const char *name) {
  char text[CMPI_TYPE_NAME];
  snprintf(text, sizeof text, "%s%s", mark, name);
  return MPI_Type_set_name(type.raw, text);
}

static uint64_t mixed(uint64_t hash, uint64_t value) { return (hash ^ value) * 0x9e3779b97f4a7c15 + (hash >> 29); }

/// An element of which only the size is known.
static void describeOpaque(MPI_Datatype type, Element *out) {
  int64_t size = 0;
  cmpi_type_size((CMPI_Datatype){type}, &size);
  *out = (Element){.number = mixed(0xb7e15162, (uint64_t)size) | 1 << 16, .perItem = 1, .perValue = 1};
  snprintf(out->name, sizeof out->name, "value of %lld bytes", (long long)size);
}

/// A struct: its fields' elements when they are all the same, else one element that is told by all of them.
static void describeStruct(MPI_Datatype type, int fields, const int *lengths, const Element *elements, Element *out) {
  uint64_t hash = 0;
  int64_t total = 0;
  const Element *first = NULL;
  bool isUniform = true;
  for (int i = 0; i < fields; i++) {
    int64_t count = lengths[i] * elements[i].perItem;
    if (count == 0) continue;
    if (!first) first = &elements[i];
    isUniform &= elements[i].number == first->number;
    hash = mixed(mixed(hash, elements[i].number), (uint64_t)count);
    total += count;
  }
  if (first && isUniform) {
    *out = *first;
    out->perItem = total;
    return;
  }
  describeOpaque(type, out);
  if (first) out->number = hash | 1 << 16;
}

static void describeDerived(
  MPI_Datatype type, int combiner, int integerCount, const int *integers, int typeCount, const Element *elements,
  Element *out) {
  int64_t count = 0;
  switch (combiner) {
    case MPI_COMBINER_DUP: case MPI_COMBINER_RESIZED: count = 1; break;
    case MPI_COMBINER_CONTIGUOUS: count = integers[0]; break;
    case MPI_COMBINER_VECTOR: case MPI_COMBINER_HVECTOR: case MPI_COMBINER_INDEXED_BLOCK:
    case MPI_COMBINER_HINDEXED_BLOCK: count = (int64_t)integers[0] * integers[1]; break;
    case MPI_COMBINER_INDEXED: case MPI_COMBINER_HINDEXED:
      for (int i = 1; i <= integers[0] && i < integerCount; i++) count += integers[i];
      break;
    case MPI_COMBINER_STRUCT: describeStruct(type, typeCount, integers + 1, elements, out); return;
    default: describeOpaque(type, out); return;
  }
  *out = elements[0];
  out->perItem *= count;
}

static void take(MPI_Datatype type, Element *out) {
  int integers = 0, addresses = 0, types = 0, combiner = MPI_COMBINER_NAMED;
  if (MPI_Type_get_envelope(type, &integers, &addresses, &types, &combiner) != MPI_SUCCESS
      || combiner == MPI_COMBINER_NAMED || types < 1) {
    describeOpaque(type, out);
    return;
  }
  int *i = malloc(sizeof(int) * (integers + 1));
  MPI_Aint *a = malloc(sizeof(MPI_Aint) * (addresses + 1));
  MPI_Datatype *inner = malloc(sizeof(MPI_Datatype) * types);
  Element *elements = malloc(sizeof(Element) * types);
  if (i && a && inner && elements
      && MPI_Type_get_contents(type, integers, addresses, types, i, a, inner) == MPI_SUCCESS) {
    for (int t = 0; t < types; t++) {
      describeType(inner[t], &elements[t]);
      int ni, na, nt, kind;
      if (MPI_Type_get_envelope(inner[t], &ni, &na, &nt, &kind) == MPI_SUCCESS && kind != MPI_COMBINER_NAMED)
        MPI_Type_free(&inner[t]);
    }
    describeDerived(type, combiner, integers, i, types, elements, out);
  } else {
    describeOpaque(type, out);
  }
  free(i), free(a), free(inner), free(elements);
}

void describeType(MPI_Datatype type, Element *out) {
  uint64_t number = 0;
#define X(handle, text)                                                                        \
  number++;                                                                                    \
  if (type == MPI_##handle) {                                                                  \
    *out = (Element){.number = number, .perItem = 1, .perValue = 1, .name = text};             \
    return;                                                                                    \
  }
  PREDEFINED(X)
#undef X
  Element *kept = NULL;
  int found = 0;
  if (MPI_Type_get_attr(type, elementKey, &kept, &found) == MPI_SUCCESS && found) {
    *out = *kept;
    return;
  }
  int64_t size = 0;
  cmpi_type_size((CMPI_Datatype){type}, &size);
  // One that holds nothing goes with any other.
  if (size == 0) *out = (Element){.number = 0, .perItem = 0, .perValue = 1};
  else take(type, out);
  char name[MPI_MAX_OBJECT_NAME] = "";
  int length = 0;
  if (MPI_Type_get_name(type, name, &length) == MPI_SUCCESS && strncmp(name, mark, sizeof mark - 1) == 0) {
    snprintf(out->name, sizeof out->name, "%s", name + sizeof mark - 1);
    out->perValue = out->perItem > 0 ? out->perItem : 1;
  }
  if ((kept = malloc(sizeof *kept))) {
    *kept = *out;
    if (MPI_Type_set_attr(type, elementKey, kept) != MPI_SUCCESS) free(kept);
  }
}
