// C = A B with all three matrices in blocks of rows: everyone gets the whole of B, then one dgemm.
#include "product.h"

typedef struct {
  product_shape shape;
  int rows, *counts, *starts;
  double *a, *b, *all, *c;
} rows_product;

static void run(void *context) {
  rows_product *p = context;
  int n = p->shape.columns;
  MPI_Allgatherv(p->b, p->counts[product_rank], MPI_DOUBLE, p->all, p->counts, p->starts, MPI_DOUBLE, MPI_COMM_WORLD);
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, p->rows, n, p->shape.inner, 1, p->a, p->shape.inner, p->all,
              n, 0, p->c, n);
}

int main(int argc, char **argv) {
  product_shape shape = product_start(argc, argv);
  int m = shape.rows, k = shape.inner, n = shape.columns;
  rows_product p = {.shape = shape};
  int first = part_start(m, product_size, product_rank);
  int first_b = part_start(k, product_size, product_rank), end_b = part_start(k, product_size, product_rank + 1);
  p.rows = part_start(m, product_size, product_rank + 1) - first;
  p.counts = malloc(sizeof(int) * (size_t)product_size);
  p.starts = malloc(sizeof(int) * (size_t)product_size);
  for (int r = 0; r < product_size; r++) {
    p.starts[r] = part_start(k, product_size, r) * n;
    p.counts[r] = part_start(k, product_size, r + 1) * n - p.starts[r];
  }
  p.a = product_memory((int64_t)p.rows * k);
  p.b = product_memory((int64_t)(end_b - first_b) * n);
  p.all = product_memory((int64_t)k * n);
  p.c = product_memory((int64_t)p.rows * n);
  for (int i = 0; i < p.rows; i++)
    for (int j = 0; j < k; j++) p.a[(int64_t)i * k + j] = product_element(first + i, j, 0);
  for (int i = first_b; i < end_b; i++)
    for (int j = 0; j < n; j++) p.b[(int64_t)(i - first_b) * n + j] = product_element(i, j, 1);

  product_measure(shape, run, &p);
  for (int t = 0; t < 5 && p.rows > 0 && n > 0; t++) {
    int i = (t * 7919) % p.rows, j = (t * 104729) % n;
    product_check(shape, first + i, j, p.c[(int64_t)i * n + j]);
  }
  MPI_Finalize();
  return 0;
}
