// The loops of the program `overhead`, written in C against MPI itself: what the Swift ones are compared with.
#ifndef COVERHEAD_H
#define COVERHEAD_H

void c_broadcast_loop(double *values, int count, long calls);
void c_all_reduce_loop(double *values, int count, long calls);
void c_send_receive_loop(const double *out, double *in, int count, long calls);
void c_send_loop(const double *out, int count, long calls);
void c_receive_loop(double *in, int count, long calls);
void c_start_receive_loop(const double *out, double *in, int count, long calls);
void c_start_all_reduce_loop(double *values, int count, long calls);
void c_persistent_loop(const double *out, double *in, int count, long calls);

// The other side of a message of this process to itself, the same for both languages: nonblocking, because MPICH's
// MPI_Send to itself waits for the receive. Its 4 values lie in memory of its own.
void c_begin_receive(void);
void c_begin_send(void);
void c_finish(void);

#endif
