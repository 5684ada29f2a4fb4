#include "CBLAS.h"

#include <cblas.h>
#include <stddef.h>

#ifdef OPENBLAS_USE64BITINT
typedef int64_t blas_int;
#else
typedef int blas_int;
#endif

static CBLAS_TRANSPOSE transpose_of(int operation) {
  switch (operation) {
  case 1:
    return CblasTrans;
#ifdef OPENBLAS_VERSION
  case 2:
    return CblasConjNoTrans;
#endif
  case 3:
    return CblasConjTrans;
  default:
    return CblasNoTrans;
  }
}

// A row-major matrix that is read as a vector along one of its sides: the distance between its numbers.
static blas_int step(int is_along_row, int64_t stride) { return is_along_row ? 1 : (blas_int)stride; }

// op(A) times a column: the matrix as it lies, with op(A) as the operation of ?gemv.
// A row times op(B) is op(B) transposed times that row.
#define REAL(name, type, gemm, gemv, ger)                                                                              \
  CBLAS_SHIM_PRODUCT(name) {                                                                                           \
    type x = *(const type *)alpha, y = *(const type *)beta;                                                            \
    int a_lies = a_operation & 1, b_lies = b_operation & 1;                                                            \
    if (inner > 0 && columns == 1) {                                                                                   \
      gemv(CblasRowMajor, a_lies ? CblasTrans : CblasNoTrans, (blas_int)(a_lies ? inner : rows),                       \
           (blas_int)(a_lies ? rows : inner), x, a, (blas_int)a_stride, b, step(b_lies, b_stride), y, c,               \
           (blas_int)c_stride);                                                                                        \
    } else if (inner > 0 && rows == 1) {                                                                               \
      gemv(CblasRowMajor, b_lies ? CblasNoTrans : CblasTrans, (blas_int)(b_lies ? columns : inner),                    \
           (blas_int)(b_lies ? inner : columns), x, b, (blas_int)b_stride, a, step(!a_lies, a_stride), y, c, 1);       \
    } else if (inner == 1 && y == 1) {                                                                                 \
      ger(CblasRowMajor, (blas_int)rows, (blas_int)columns, x, a, step(a_lies, a_stride), b, step(!b_lies, b_stride),  \
          c, (blas_int)c_stride);                                                                                      \
    } else {                                                                                                           \
      gemm(CblasRowMajor, transpose_of(a_lies), transpose_of(b_lies), (blas_int)rows, (blas_int)columns,               \
           (blas_int)inner, x, a, (blas_int)a_stride, b, (blas_int)b_stride, y, c, (blas_int)c_stride);                \
    }                                                                                                                  \
  }

REAL(blas_product_f32, float, cblas_sgemm, cblas_sgemv, cblas_sger)
REAL(blas_product_f64, double, cblas_dgemm, cblas_dgemv, cblas_dger)

// Complex vectors only where nothing is conjugated: ?gemv conjugates the matrix, never the vector.
#define COMPLEX(name, gemm, gemv)                                                                                      \
  CBLAS_SHIM_PRODUCT(name) {                                                                                           \
    int a_lies = a_operation & 1, b_lies = b_operation & 1, is_plain = ((a_operation | b_operation) & 2) == 0;         \
    if (is_plain && inner > 0 && columns == 1) {                                                                       \
      gemv(CblasRowMajor, a_lies ? CblasTrans : CblasNoTrans, (blas_int)(a_lies ? inner : rows),                       \
           (blas_int)(a_lies ? rows : inner), alpha, a, (blas_int)a_stride, b, step(b_lies, b_stride), beta, c,        \
           (blas_int)c_stride);                                                                                        \
    } else if (is_plain && inner > 0 && rows == 1) {                                                                   \
      gemv(CblasRowMajor, b_lies ? CblasNoTrans : CblasTrans, (blas_int)(b_lies ? columns : inner),                    \
           (blas_int)(b_lies ? inner : columns), alpha, b, (blas_int)b_stride, a, step(!a_lies, a_stride), beta, c,    \
           1);                                                                                                         \
    } else {                                                                                                           \
      gemm(CblasRowMajor, transpose_of(a_operation), transpose_of(b_operation), (blas_int)rows, (blas_int)columns,     \
           (blas_int)inner, alpha, a, (blas_int)a_stride, b, (blas_int)b_stride, beta, c, (blas_int)c_stride);         \
    }                                                                                                                  \
  }

COMPLEX(blas_product_c32, cblas_cgemm, cblas_cgemv)
COMPLEX(blas_product_c64, cblas_zgemm, cblas_zgemv)

bool blas_conjugates(void) {
#ifdef OPENBLAS_VERSION
  return true;
#else
  return false;
#endif
}

// What only some libraries have.
#pragma weak openblas_set_num_threads
#pragma weak openblas_get_config
#pragma weak MKL_Set_Num_Threads
#pragma weak bli_thread_set_num_threads
extern void openblas_set_num_threads(int count);
extern char *openblas_get_config(void);
extern void MKL_Set_Num_Threads(int count);
extern void bli_thread_set_num_threads(int64_t count);

void blas_set_threads(int count) {
  if (openblas_set_num_threads != NULL) openblas_set_num_threads(count);
  if (MKL_Set_Num_Threads != NULL) MKL_Set_Num_Threads(count);
  if (bli_thread_set_num_threads != NULL) bli_thread_set_num_threads(count);
}

const char *blas_description(void) { return openblas_get_config != NULL ? openblas_get_config() : NULL; }
