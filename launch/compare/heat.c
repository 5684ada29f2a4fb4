// What the example heat does, as one writes it in C with care: the same blocks, messages, overlap and arithmetic.
//
// mpirun -n RANKS heat START.npy STEPS PROCESS-ROWS PROCESS-COLUMNS END.npy
//
// A plate of float64 with a fixed boundary, from a file and into another one, whose bits must be those of heat's --output.
// Prints the seconds of the steps on the slowest rank.
#include <mpi.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// With 1 the inside of a block is computed as the simplest program does it, a row after the other.
#ifndef ROW_BY_ROW
#define ROW_BY_ROW 0
#endif

// What every careful C program does with a return code.
#define CHECK(call) \
  if (__builtin_expect((call) != MPI_SUCCESS, 0)) abort()

typedef struct {
  int height, width;
  // The cells that change.
  int firstRow, lastRow, firstColumn, lastColumn;
  double *old, *new, *north, *south, *west, *east, flow;
  int northRank, southRank, westRank, eastRank;
  MPI_Comm grid;
  MPI_Datatype column;
} Block;

// MARK: A step

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

// Four rows at once: what is loaded of one row serves those above and below it as well.
static void relaxFourRows(const double *restrict old, double *restrict new, long width, int first, int last,
                          double flow) {
  const double *north = old - width, *a = old, *b = a + width, *c = b + width, *d = c + width, *south = d + width;
  double *newA = new, *newB = newA + width, *newC = newB + width, *newD = newC + width;
  for (int i = first; i < last; i++) {
    double hereA = relaxed(a[i], north[i], b[i], a[i - 1], a[i + 1], flow);
    double hereB = relaxed(b[i], a[i], c[i], b[i - 1], b[i + 1], flow);
    double hereC = relaxed(c[i], b[i], d[i], c[i - 1], c[i + 1], flow);
    double hereD = relaxed(d[i], c[i], south[i], d[i - 1], d[i + 1], flow);
    newA[i] = hereA, newB[i] = hereB, newC[i] = hereC, newD[i] = hereD;
  }
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
    b->new[row * width + column] =
        relaxed(*here, row == 0 ? b->north[column] : here[-width], row == b->height - 1 ? b->south[column] : here[width],
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
  int row = 1;
  if (!ROW_BY_ROW)
    for (; row + 4 < height; row += 4)
      relaxFourRows(b->old + (long)row * width, b->new + (long)row * width, width, 1, width - 1, b->flow);
  for (; row + 1 < height; row++)
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

// MARK: The files

// Reads the head of the file with the plate, as it is: the other file gets the same one.
static int readHead(const char *path, char *head, int room, int *rows, int *columns) {
  FILE *file = fopen(path, "rb");
  if (!file || fread(head, 1, 10, file) != 10 || memcmp(head, "\x93NUMPY\x01", 7) != 0) abort();
  int count = 10 + ((unsigned char)head[8] | (unsigned char)head[9] << 8);
  if (count >= room || fread(head + 10, 1, count - 10, file) != (size_t)count - 10) abort();
  head[count] = 0;
  const char *shape = strstr(head + 10, "'shape': (");
  if (!shape || sscanf(shape, "'shape': (%d, %d)", rows, columns) != 2 || !strstr(head + 10, "'<f8'")) abort();
  fclose(file);
  return count;
}

// Where row `row` of a block lies in the file.
static void seek(FILE *file, int head, int columns, int row, int column) {
  if (fseeko(file, head + ((int64_t)row * columns + column) * (int64_t)sizeof(double), SEEK_SET) != 0) abort();
}

// The start of one of some even parts.
static int partStart(int count, int parts, int part) {
  return count / parts * part + (part < count % parts ? part : count % parts);
}

int main(int count, char **arguments) {
  MPI_Init(&count, &arguments);
  if (count != 6) return 2;
  int rows, columns, steps = atoi(arguments[2]), rank;
  int dims[2] = {atoi(arguments[3]), atoi(arguments[4])}, periods[2] = {0, 0}, place[2];
  char head[4096];
  int headCount = readHead(arguments[1], head, sizeof(head), &rows, &columns);
  Block b = {.flow = 0.2};
  CHECK(MPI_Cart_create(MPI_COMM_WORLD, 2, dims, periods, 1, &b.grid));
  CHECK(MPI_Cart_shift(b.grid, 0, 1, &b.northRank, &b.southRank));
  CHECK(MPI_Cart_shift(b.grid, 1, 1, &b.westRank, &b.eastRank));
  CHECK(MPI_Comm_rank(b.grid, &rank));
  CHECK(MPI_Cart_coords(b.grid, rank, 2, place));
  int top = partStart(rows, dims[0], place[0]), left = partStart(columns, dims[1], place[1]);
  b.height = partStart(rows, dims[0], place[0] + 1) - top;
  b.width = partStart(columns, dims[1], place[1] + 1) - left;
  b.firstRow = place[0] == 0, b.lastRow = b.height - (place[0] == dims[0] - 1);
  b.firstColumn = place[1] == 0, b.lastColumn = b.width - (place[1] == dims[1] - 1);
  CHECK(MPI_Type_vector(b.height, 1, b.width, MPI_DOUBLE, &b.column));
  CHECK(MPI_Type_commit(&b.column));
  size_t bytes = sizeof(double) * b.height * b.width;
  b.old = malloc(bytes), b.new = malloc(bytes);
  b.north = malloc(sizeof(double) * b.width), b.south = malloc(sizeof(double) * b.width);
  b.west = malloc(sizeof(double) * b.height), b.east = malloc(sizeof(double) * b.height);
  FILE *file = fopen(arguments[1], "rb");
  for (int row = 0; row < b.height; row++) {
    seek(file, headCount, columns, top + row, left);
    if (fread(b.old + (long)row * b.width, sizeof(double), b.width, file) != (size_t)b.width) abort();
  }
  fclose(file);
  memcpy(b.new, b.old, bytes);

  CHECK(MPI_Barrier(MPI_COMM_WORLD));
  double start = MPI_Wtime();
  for (int i = 0; i < steps; i++) step(&b);
  double seconds = MPI_Wtime() - start;
  CHECK(MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD));
  if (rank == 0) printf("%.6f\n", seconds);

  if (rank == 0) {
    file = fopen(arguments[5], "wb");
    if (!file || fwrite(head, 1, headCount, file) != (size_t)headCount || fclose(file) != 0) abort();
  }
  CHECK(MPI_Barrier(MPI_COMM_WORLD));
  file = fopen(arguments[5], "r+b");
  for (int row = 0; row < b.height; row++) {
    seek(file, headCount, columns, top + row, left);
    if (fwrite(b.old + (long)row * b.width, sizeof(double), b.width, file) != (size_t)b.width) abort();
  }
  if (fclose(file) != 0) abort();
  MPI_Finalize();
  return 0;
}
