// Communicators with a shape. Each is made known to the board and to the agreement, when there are such.
#include "CMPI.h"

#include "board.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int cmpi_topo_test(CMPI_Comm comm, int *topology) {
  int kind, code = MPI_Topo_test(comm.raw, &kind);
  *topology = kind == MPI_CART         ? CMPI_TOPOLOGY_CARTESIAN
              : kind == MPI_GRAPH      ? CMPI_TOPOLOGY_GRAPH
              : kind == MPI_DIST_GRAPH ? CMPI_TOPOLOGY_DIST_GRAPH
                                       : CMPI_TOPOLOGY_NONE;
  return code;
}

/// Numbers that all ranks must give alike, as the one number that the agreement compares.
static int64_t fingerprint(int64_t before, const int *numbers, int count) {
  uint64_t hash = (uint64_t)before * 31 + (uint64_t)count + 1;
  for (int i = 0; i < count; i++) hash = (hash ^ (uint64_t)numbers[i]) * UINT64_C(0x9e3779b97f4a7c15);
  return (int64_t)(hash >> 1);
}

// MARK: Shapes in words, for what is said when ranks give different ones

typedef struct { char text[CMPI_TYPE_NAME]; } Shape;

/// Adds to a shape; what has no room is cut off.
static void say(Shape *shape, const char *format, ...) {
  size_t length = strlen(shape->text);
  va_list values;
  va_start(values, format);
  vsnprintf(shape->text + length, sizeof shape->text - length, format, values);
  va_end(values);
}

/// The dimensions whose flag is as wanted: ` 0, 2`.
static void sayFlags(Shape *shape, const int *flags, int count, const char *before) {
  for (int i = 0; i < count; i++)
    if (flags[i]) say(shape, "%s %d", before, i), before = ",";
}

/// `of 2 × 3, periodic along 1`; MPI may reorder unless it is said.
static Shape gridShape(int count, const int *dims, const int *periods, int reorder) {
  Shape shape = {"of "};
  for (int i = 0; i < count; i++) say(&shape, i ? " × %d" : "%d", dims[i]);
  sayFlags(&shape, periods, count, ", periodic along");
  if (!reorder) say(&shape, ", not reordered");
  return shape;
}

static Shape sliceShape(int count, const int *remain) {
  Shape shape = {""};
  sayFlags(&shape, remain, count, "keeping");
  if (!*shape.text) say(&shape, "keeping nothing");
  return shape;
}

static Shape graphShape(const char *kind, int isWeighted, int reorder) {
  Shape shape = {""};
  say(&shape, "%s%s%s", kind, isWeighted ? ", with weights" : "", reorder ? ", reordered" : "");
  return shape;
}

// MARK: Making them

int cmpi_cart_create(
  CMPI_Comm comm, int count, const int *dims, const int *periods, int reorder, CMPI_Comm *out) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_CARTESIAN, .comm = comm,
            .count = fingerprint(fingerprint(reorder, dims, count), periods, count),
            .shape = gridShape(count, dims, periods, reorder).text)
  return cmpi_communicator_made(MPI_Cart_create(comm.raw, count, dims, periods, reorder, &out->raw), *out);
}

int cmpi_cart_sub(CMPI_Comm comm, int count, const int *remain, CMPI_Comm *out) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_CARTESIAN_SLICE, .comm = comm, .count = fingerprint(0, remain, count),
            .shape = sliceShape(count, remain).text)
  return cmpi_communicator_made(MPI_Cart_sub(comm.raw, remain, &out->raw), *out);
}

int cmpi_cart_map(CMPI_Comm comm, int count, const int *dims, const int *periods, int *rank) {
  int64_t places = 1;
  for (int i = 0; i < count; i++) places *= dims[i];
  int code = MPI_Cart_map(comm.raw, count, dims, periods, rank);
  if (code == MPI_SUCCESS && *rank >= places) *rank = MPI_UNDEFINED;
  return code;
}

/// Weights as MPI is told them: there must be an array where there are weights, also for no edge.
static const int *weightsOrNone(const int *weights, int isWeighted, int count) {
  return !isWeighted ? MPI_UNWEIGHTED : count == 0 ? MPI_WEIGHTS_EMPTY : weights;
}

int cmpi_dist_graph_create_adjacent(
  CMPI_Comm comm, int indegree, const int *sources, const int *sourceWeights, int outdegree, const int *destinations,
  const int *destinationWeights, int reorder, CMPI_Comm *out) {
  CMPI_ENTER();
  int isWeighted = sourceWeights || destinationWeights, kind[3] = {1, isWeighted, reorder};
  CMPI_CALL(.operation = CMPI_OPERATION_GRAPH, .comm = comm, .count = fingerprint(0, kind, 3),
            .shape = graphShape("from sources to destinations", isWeighted, reorder).text)
  int code = MPI_Dist_graph_create_adjacent(
    comm.raw, indegree, sources, weightsOrNone(sourceWeights, isWeighted, indegree), outdegree, destinations,
    weightsOrNone(destinationWeights, isWeighted, outdegree), MPI_INFO_NULL, reorder, &out->raw);
  return cmpi_communicator_made(code, *out);
}

int cmpi_dist_graph_create(
  CMPI_Comm comm, int count, const int *sources, const int *degrees, const int *destinations, const int *weights,
  int reorder, CMPI_Comm *out) {
  CMPI_ENTER();
  int kind[2] = {2, reorder};
  CMPI_CALL(.operation = CMPI_OPERATION_GRAPH, .comm = comm, .count = fingerprint(0, kind, 2),
            .shape = graphShape("of edges", true, reorder).text)
  int code = MPI_Dist_graph_create(comm.raw, count, sources, degrees, destinations, weightsOrNone(weights, 1, count),
                                   MPI_INFO_NULL, reorder, &out->raw);
  return cmpi_communicator_made(code, *out);
}

int cmpi_graph_create(CMPI_Comm comm, int count, const int *index, const int *edges, int reorder, CMPI_Comm *out) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_GRAPH, .comm = comm,
            .count = fingerprint(fingerprint(reorder, index, count), edges, count > 0 ? index[count - 1] : 0),
            .shape = graphShape("of neighbors", false, reorder).text)
  return cmpi_communicator_made(MPI_Graph_create(comm.raw, count, index, edges, reorder, &out->raw), *out);
}

int cmpi_dist_graph_neighbors(
  CMPI_Comm comm, int indegree, int *sources, int *sourceWeights, int outdegree, int *destinations,
  int *destinationWeights, int isWeighted) {
  return MPI_Dist_graph_neighbors(
    comm.raw, indegree, sources, isWeighted ? sourceWeights : MPI_UNWEIGHTED, outdegree, destinations,
    isWeighted ? destinationWeights : MPI_UNWEIGHTED);
}
