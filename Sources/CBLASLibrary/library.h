// The C header of whichever BLAS pkg-config found; see `blasLibrary` in Package.swift.
#include <cblas.h>
