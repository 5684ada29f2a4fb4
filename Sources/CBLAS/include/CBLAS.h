// Products of dense matrices by whichever BLAS is installed, in one vocabulary.
//
// Matrices are row-major. An operation on an operand is 0 for none, 1 for its transpose, 2 for its conjugate, 3 for both.
// Complex numbers and scalars are passed by pointer. No extent or stride is above 2^31 - 1.
#ifndef CBLAS_SHIM_H
#define CBLAS_SHIM_H

#include <stdbool.h>
#include <stdint.h>

// C (rows x columns) = alpha * op(A) (rows x inner) * op(B) (inner x columns) + beta * C, with a stride for each.
// A product with a vector goes to ?gemv, one of two vectors into a matrix to ?ger: memory is read once, as it lies.
#define CBLAS_SHIM_PRODUCT(name)                                                                                       \
  void name(int64_t rows, int64_t inner, int64_t columns, int a_operation, int b_operation, const void *alpha,         \
            const void *a, int64_t a_stride, const void *b, int64_t b_stride, const void *beta, void *c,               \
            int64_t c_stride)

CBLAS_SHIM_PRODUCT(blas_product_f32);
CBLAS_SHIM_PRODUCT(blas_product_f64);
CBLAS_SHIM_PRODUCT(blas_product_c32);
CBLAS_SHIM_PRODUCT(blas_product_c64);

// Whether a complex operand may be conjugated and not transposed (operation 2), which is an extension of OpenBLAS.
bool blas_conjugates(void);

// How many threads the BLAS uses in this process from now on; nothing happens with one that cannot be told.
void blas_set_threads(int count);

// What it says of itself, such as "OpenBLAS 0.3.21 DYNAMIC_ARCH Haswell"; NULL if it says nothing.
const char *blas_description(void);

// Sums of products of integers of 8, 16, 32 or 64 bits, which wrap around: of each of 4 numbers of every term of A with
// each of 16 of every term of B; 4 x 16 sums, row by row.
void blas_integer_kernel_8(const void *a, const void *b, int64_t terms, void *sums);
void blas_integer_kernel_16(const void *a, const void *b, int64_t terms, void *sums);
void blas_integer_kernel_32(const void *a, const void *b, int64_t terms, void *sums);
void blas_integer_kernel_64(const void *a, const void *b, int64_t terms, void *sums);

#endif
