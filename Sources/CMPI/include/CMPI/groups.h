// Chapter 7.3, groups.
#ifndef CMPI_GROUPS_H
#define CMPI_GROUPS_H

#include "base.h"

/// How two groups or communicators compare.
enum cmpi_comparison { CMPI_IDENT = 0, CMPI_CONGRUENT = 1, CMPI_SIMILAR = 2, CMPI_UNEQUAL = 3 };

CMPI_INLINE int cmpi_comparison(int result) {
  return result == MPI_IDENT ? CMPI_IDENT : result == MPI_CONGRUENT ? CMPI_CONGRUENT
       : result == MPI_SIMILAR ? CMPI_SIMILAR : CMPI_UNEQUAL;
}

CMPI_INLINE CMPI_Group cmpi_group_empty(void) { return (CMPI_Group){MPI_GROUP_EMPTY}; }
CMPI_INLINE bool cmpi_group_is_empty(CMPI_Group group) { return group.raw == MPI_GROUP_EMPTY; }
CMPI_INLINE int cmpi_group_size(CMPI_Group group, int *size) { return MPI_Group_size(group.raw, size); }
CMPI_INLINE int cmpi_group_rank(CMPI_Group group, int *rank) { return MPI_Group_rank(group.raw, rank); }
CMPI_INLINE int cmpi_group_union(CMPI_Group a, CMPI_Group b, CMPI_Group *out) {
  return MPI_Group_union(a.raw, b.raw, &out->raw);
}
CMPI_INLINE int cmpi_group_intersection(CMPI_Group a, CMPI_Group b, CMPI_Group *out) {
  return MPI_Group_intersection(a.raw, b.raw, &out->raw);
}
CMPI_INLINE int cmpi_group_difference(CMPI_Group a, CMPI_Group b, CMPI_Group *out) {
  return MPI_Group_difference(a.raw, b.raw, &out->raw);
}
CMPI_INLINE int cmpi_group_incl(CMPI_Group group, int count, const int *ranks, CMPI_Group *out) {
  return MPI_Group_incl(group.raw, count, ranks, &out->raw);
}
CMPI_INLINE int cmpi_group_excl(CMPI_Group group, int count, const int *ranks, CMPI_Group *out) {
  return MPI_Group_excl(group.raw, count, ranks, &out->raw);
}
CMPI_INLINE int cmpi_group_translate(CMPI_Group from, int count, const int *ranks, CMPI_Group to, int *out) {
  return MPI_Group_translate_ranks(from.raw, count, ranks, to.raw, out);
}
CMPI_INLINE int cmpi_group_compare(CMPI_Group a, CMPI_Group b, int *result) {
  int code = MPI_Group_compare(a.raw, b.raw, result);
  *result = cmpi_comparison(*result);
  return code;
}
CMPI_INLINE int cmpi_group_free(CMPI_Group group) {
  return group.raw == MPI_GROUP_EMPTY ? MPI_SUCCESS : MPI_Group_free(&group.raw);
}

#endif
