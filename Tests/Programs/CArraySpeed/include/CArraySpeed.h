#ifndef CARRAYSPEED_H
#define CARRAYSPEED_H

// What a careful C program would do, each over all ranks of the world.

double c_dot(const double *x, const double *y, long count);
double c_sum(const double *x, long count);
double c_norm(const double *x, long count);
double c_maximum(const double *x, long count);
void c_scaled_sum(double factor, const double *x, const double *y, double *z, long count);

#endif
