// What `heat` does, as one writes it in C with care: the same blocks, messages, overlap and arithmetic.
//
// mpirun -n 2 heat-in-c ROWS COLUMNS STEPS PROCESS-ROWS PROCESS-COLUMNS [REPEAT]
//
// A plate with a fixed boundary, ROWS and COLUMNS of which the process grid divides. Prints the seconds of the steps on
// the slowest rank, and the bits of the sum of all cells.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What every careful C program does with a return code.
#define CHECK(call) \
  if (__builtin_expect((call) != MPI_SUCCESS, 0)) abort()

typedef struct {
  int height, width, firstRow, lastRow, firstColumn, lastColumn;
  double *old, *new, *north, *south, *west, *east, flow;
  int northRank, southRank, westRank, eastRank;
  MPI_Comm grid;
  MPI_Datatype column;
} Block;

static inline double relaxed(double center, double north, double south, double west, double east, double flow) {
  return center + flow * (((north + south) + (west + east)) - 4 * center);
}

static void relax(Block *b, int row, const double *restrict north, const double *restrict south) {
  const double *restrict old = b->old + (long)row * b->width;
  double *restrict new = b->new + (long)row * b->width;
  int first = b->firstColumn < 1 ? 1 : b->firstColumn;
  int last = b->lastColumn > b->width - 1 ? b->width - 1 : b->lastColumn;
  double flow = b->flow;
  for (int i = first; i < last; i++) new[i] = relaxed(old[i], north[i], south[i], old[i - 1], old[i + 1], flow);
}

static void relaxEdgeRow(Block *b, int row) {
  if (row < b->firstRow || row >= b->lastRow) return;
  relax(b, row, row == 0 ? b->north : b->old + (long)(row - 1) * b->width,
        row == b->height - 1 ? b->south : b->old + (long)(row + 1) * b->width);
}

static void relaxEdgeColumn(Block *b, int column) {
  if (column < b->firstColumn || column >= b->lastColumn) return;
  long width = b->width;
  for (int row = b->firstRow; row < b->lastRow; row++) {
    const double *here = b->old + row * width + column;
    b->new[row * width + column] = relaxed(
      *here, row == 0 ? b->north[column] : here[-width], row == b->height - 1 ? b->south[column] : here[width],
      column == 0 ? b->west[row] : here[-1], column == width - 1 ? b->east[row] : here[1], b->flow);
  }
}

static void step(Block *b) {
  MPI_Request requests[8];
  int height = b->height, width = b->width;
  CHECK(MPI_Irecv(b->north, width, MPI_DOUBLE, b->northRank, 0, b->grid, &requests[0]));
  CHECK(MPI_Irecv(b->south, width, MPI_DOUBLE, b->southRank, 1, b->grid, &requests[1]));
  CHECK(MPI_Irecv(b->west, height, MPI_DOUBLE, b->westRank, 2, b->grid, &requests[2]));
  CHECK(MPI_Irecv(b->east, height, MPI_DOUBLE, b->eastRank, 3, b->grid, &requests[3]));
  CHECK(MPI_Isend(b->old + (long)(height - 1) * width, width, MPI_DOUBLE, b->southRank, 0, b->grid, &requests[4]));
  CHECK(MPI_Isend(b->old, width, MPI_DOUBLE, b->northRank, 1, b->grid, &requests[5]));
  CHECK(MPI_Isend(b->old + width - 1, 1, b->column, b->eastRank, 2, b->grid, &requests[6]));
  CHECK(MPI_Isend(b->old, 1, b->column, b->westRank, 3, b->grid, &requests[7]));
  for (int row = b->firstRow < 1 ? 1 : b->firstRow; row < b->lastRow && row < height - 1; row++)
    relax(b, row, b->old + (long)(row - 1) * width, b->old + (long)(row + 1) * width);
  CHECK(MPI_Waitall(4, requests, MPI_STATUSES_IGNORE));
  relaxEdgeRow(b, 0);
  if (height > 1) relaxEdgeRow(b, height - 1);
  relaxEdgeColumn(b, 0);
  if (width > 1) relaxEdgeColumn(b, width - 1);
  CHECK(MPI_Waitall(4, requests + 4, MPI_STATUSES_IGNORE));
  double *swap = b->old;
  b->old = b->new, b->new = swap;
}

int main(int count, char **arguments) {
  MPI_Init(&count, &arguments);
  if (count < 6) return 2;
  int rows = atoi(arguments[1]), columns = atoi(arguments[2]), steps = atoi(arguments[3]);
  int dims[2] = {atoi(arguments[4]), atoi(arguments[5])}, periods[2] = {0, 0}, place[2], rank;
  int repeat = count > 6 ? atoi(arguments[6]) : 1;
  Block b = {.height = rows / dims[0], .width = columns / dims[1], .flow = 0.2};
  CHECK(MPI_Cart_create(MPI_COMM_WORLD, 2, dims, periods, 1, &b.grid));
  CHECK(MPI_Cart_shift(b.grid, 0, 1, &b.northRank, &b.southRank));
  CHECK(MPI_Cart_shift(b.grid, 1, 1, &b.westRank, &b.eastRank));
  CHECK(MPI_Comm_rank(b.grid, &rank));
  CHECK(MPI_Cart_coords(b.grid, rank, 2, place));
  CHECK(MPI_Type_vector(b.height, 1, b.width, MPI_DOUBLE, &b.column));
  CHECK(MPI_Type_commit(&b.column));
  long cells = (long)b.height * b.width;
  b.old = malloc(sizeof(double) * cells), b.new = malloc(sizeof(double) * cells);
  b.north = malloc(sizeof(double) * b.width), b.south = malloc(sizeof(double) * b.width);
  b.west = malloc(sizeof(double) * b.height), b.east = malloc(sizeof(double) * b.height);
  for (long i = 0; i < cells; i++) b.old[i] = (double)((i * 7919) % 1009);
  memcpy(b.new, b.old, sizeof(double) * cells);
  b.firstRow = place[0] == 0, b.lastRow = b.height - (place[0] == dims[0] - 1);
  b.firstColumn = place[1] == 0, b.lastColumn = b.width - (place[1] == dims[1] - 1);
  for (int r = 0; r < repeat; r++) {
    CHECK(MPI_Barrier(MPI_COMM_WORLD));
    double start = MPI_Wtime();
    for (int i = 0; i < steps; i++) step(&b);
    double seconds = MPI_Wtime() - start;
    CHECK(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
    if (rank == 0) printf("%.6f\n", seconds);
  }
  double sum = 0;
  for (long i = 0; i < cells; i++) sum += b.old[i];
  if (sum != sum) return 1;
  MPI_Finalize();
  return 0;
}
