// C = A B by ScaLAPACK's pdgemm, on the squarest grid, in blocks of 128 (or of the variable BLOCK).
#include "product.h"

extern void Cblacs_get(int context, int what, int *value);
extern void Cblacs_gridinit(int *context, const char *order, int rows, int columns);
extern void Cblacs_gridinfo(int context, int *rows, int *columns, int *row, int *column);
extern int numroc_(const int *n, const int *block, const int *place, const int *source, const int *places);
extern void descinit_(int *descriptor, const int *m, const int *n, const int *mb, const int *nb, const int *row,
                      const int *column, const int *context, const int *stride, int *info);
extern void pdgemm_(const char *a_operation, const char *b_operation, const int *m, const int *n, const int *k,
                    const double *alpha, const double *a, const int *ia, const int *ja, const int *a_descriptor,
                    const double *b, const int *ib, const int *jb, const int *b_descriptor, const double *beta,
                    double *c, const int *ic, const int *jc, const int *c_descriptor);

static int context, grid[2], place[2], block = 128;

// A matrix in blocks that are dealt out, column by column.
typedef struct {
  int rows, columns, descriptor[9];
  double *elements;
} dealt;

static int global(int local, int along) {
  return (local / block * grid[along] + place[along]) * block + local % block;
}

static dealt make(int m, int n, int which) {
  const int zero = 0;
  dealt d;
  d.rows = numroc_(&m, &block, &place[0], &zero, &grid[0]);
  d.columns = numroc_(&n, &block, &place[1], &zero, &grid[1]);
  int stride = d.rows > 0 ? d.rows : 1, info;
  descinit_(d.descriptor, &m, &n, &block, &block, &zero, &zero, &context, &stride, &info);
  if (info != 0) MPI_Abort(MPI_COMM_WORLD, 1);
  d.elements = product_memory((int64_t)d.rows * d.columns);
  for (int j = 0; which < 2 && j < d.columns; j++)
    for (int i = 0; i < d.rows; i++)
      d.elements[(int64_t)j * d.rows + i] = product_element(global(i, 0), global(j, 1), which);
  return d;
}

typedef struct {
  product_shape shape;
  dealt a, b, c;
} scalapack;

static void run(void *pointer) {
  scalapack *p = pointer;
  const double one_factor = 1, zero_factor = 0;
  const int one = 1;
  pdgemm_("N", "N", &p->shape.rows, &p->shape.columns, &p->shape.inner, &one_factor, p->a.elements, &one, &one,
          p->a.descriptor, p->b.elements, &one, &one, p->b.descriptor, &zero_factor, p->c.elements, &one, &one,
          p->c.descriptor);
}

int main(int argc, char **argv) {
  scalapack p = {.shape = product_start(argc, argv)};
  if (getenv("BLOCK") != NULL) block = atoi(getenv("BLOCK"));
  MPI_Dims_create(product_size, 2, grid);
  Cblacs_get(-1, 0, &context);
  Cblacs_gridinit(&context, "Row", grid[0], grid[1]);
  Cblacs_gridinfo(context, &grid[0], &grid[1], &place[0], &place[1]);
  p.a = make(p.shape.rows, p.shape.inner, 0);
  p.b = make(p.shape.inner, p.shape.columns, 1);
  p.c = make(p.shape.rows, p.shape.columns, 2);

  product_measure(p.shape, run, &p);
  for (int t = 0; t < 5 && p.c.rows > 0 && p.c.columns > 0; t++) {
    int i = (t * 7919) % p.c.rows, j = (t * 104729) % p.c.columns;
    product_check(p.shape, global(i, 0), global(j, 1), p.c.elements[(int64_t)j * p.c.rows + i]);
  }
  MPI_Finalize();
  return 0;
}
