// C = A B by SUMMA (van de Geijn and Watts, 1997) on the squarest grid, with look-ahead: while a panel is multiplied, the
// next ones are broadcast.
#include "product.h"

enum { panel = 256, slices = 4 };

typedef struct {
  product_shape shape;
  int grid_rows, grid_columns, row, column, rows, columns, first_row, first_column;
  int panels, *starts; // of the panels, in inner terms; none reaches over the end of somebody's part
  double *a, *b, *c, *left[2], *right[2];
  MPI_Comm row_comm, column_comm;
} summa;

static int owner(int count, int parts, int index) {
  int part = 0;
  while (part_start(count, parts, part + 1) <= index) part++;
  return part;
}

static void start(summa *p, int number, MPI_Request *requests) {
  int k = p->shape.inner, from = p->starts[number], width = p->starts[number + 1] - from, half = number % 2;
  int left_owner = owner(k, p->grid_columns, from), right_owner = owner(k, p->grid_rows, from);
  if (left_owner == p->column) {
    int first = part_start(k, p->grid_columns, p->column), mine = part_start(k, p->grid_columns, p->column + 1) - first;
    for (int i = 0; i < p->rows; i++)
      memcpy(p->left[half] + (int64_t)i * width, p->a + (int64_t)i * mine + from - first,
             sizeof(double) * (size_t)width);
  }
  if (right_owner == p->row) {
    int first = part_start(k, p->grid_rows, p->row);
    memcpy(p->right[half], p->b + (int64_t)(from - first) * p->columns,
           sizeof(double) * (size_t)width * (size_t)p->columns);
  }
  MPI_Ibcast(p->left[half], p->rows * width, MPI_DOUBLE, left_owner, p->row_comm, &requests[0]);
  MPI_Ibcast(p->right[half], width * p->columns, MPI_DOUBLE, right_owner, p->column_comm, &requests[1]);
}

static void run(void *context) {
  summa *p = context;
  MPI_Request requests[2][2];
  if (p->panels > 0) start(p, 0, requests[0]);
  for (int number = 0; number < p->panels; number++) {
    int half = number % 2, width = p->starts[number + 1] - p->starts[number];
    MPI_Waitall(2, requests[half], MPI_STATUSES_IGNORE);
    int more = number + 1 < p->panels;
    if (more) start(p, number + 1, requests[1 - half]);
    for (int slice = 0; slice < slices; slice++) {
      int from = part_start(p->rows, slices, slice), rows = part_start(p->rows, slices, slice + 1) - from, done;
      if (rows > 0)
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, p->columns, width, 1,
                    p->left[half] + (int64_t)from * width, width, p->right[half], p->columns, number > 0,
                    p->c + (int64_t)from * p->columns, p->columns);
      if (more) MPI_Testall(2, requests[1 - half], &done, MPI_STATUSES_IGNORE);
    }
  }
}

int main(int argc, char **argv) {
  summa p = {.shape = product_start(argc, argv)};
  int m = p.shape.rows, k = p.shape.inner, n = p.shape.columns, dims[2] = {0, 0};
  MPI_Dims_create(product_size, 2, dims);
  p.grid_rows = dims[0];
  p.grid_columns = dims[1];
  p.row = product_rank / dims[1];
  p.column = product_rank % dims[1];
  MPI_Comm_split(MPI_COMM_WORLD, p.row, p.column, &p.row_comm);
  MPI_Comm_split(MPI_COMM_WORLD, p.column, p.row, &p.column_comm);
  p.first_row = part_start(m, dims[0], p.row);
  p.rows = part_start(m, dims[0], p.row + 1) - p.first_row;
  p.first_column = part_start(n, dims[1], p.column);
  p.columns = part_start(n, dims[1], p.column + 1) - p.first_column;
  int a_first = part_start(k, dims[1], p.column), a_columns = part_start(k, dims[1], p.column + 1) - a_first;
  int b_first = part_start(k, dims[0], p.row), b_rows = part_start(k, dims[0], p.row + 1) - b_first;

  p.starts = malloc(sizeof(int) * (size_t)(k + 2));
  for (int from = 0; from < k;) {
    int end = from + panel < k ? from + panel : k;
    int left_end = part_start(k, dims[1], owner(k, dims[1], from) + 1);
    int right_end = part_start(k, dims[0], owner(k, dims[0], from) + 1);
    p.starts[p.panels++] = from;
    from = end < left_end ? end : left_end;
    if (right_end < from) from = right_end;
  }
  p.starts[p.panels] = k;

  p.a = product_memory((int64_t)p.rows * a_columns);
  p.b = product_memory((int64_t)b_rows * p.columns);
  p.c = product_memory((int64_t)p.rows * p.columns);
  for (int half = 0; half < 2; half++) {
    p.left[half] = product_memory((int64_t)p.rows * panel);
    p.right[half] = product_memory((int64_t)panel * p.columns);
  }
  for (int i = 0; i < p.rows; i++)
    for (int j = 0; j < a_columns; j++)
      p.a[(int64_t)i * a_columns + j] = product_element(p.first_row + i, a_first + j, 0);
  for (int i = 0; i < b_rows; i++)
    for (int j = 0; j < p.columns; j++)
      p.b[(int64_t)i * p.columns + j] = product_element(b_first + i, p.first_column + j, 1);

  product_measure(p.shape, run, &p);
  for (int t = 0; t < 5 && p.rows > 0 && p.columns > 0; t++) {
    int i = (t * 7919) % p.rows, j = (t * 104729) % p.columns;
    product_check(p.shape, p.first_row + i, p.first_column + j, p.c[(int64_t)i * p.columns + j]);
  }
  MPI_Finalize();
  return 0;
}
