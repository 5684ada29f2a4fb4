#include "COverhead.h"

#include <mpi.h>
#include <stdlib.h>

// What every careful C program does with a return code.
#define CHECK(call) \
  if (__builtin_expect((call) != MPI_SUCCESS, 0)) abort()

void c_broadcast_loop(double *values, int count, long calls) {
  for (long i = 0; i < calls; i++) CHECK(MPI_Bcast(values, count, MPI_DOUBLE, 0, MPI_COMM_SELF));
}

void c_all_reduce_loop(double *values, int count, long calls) {
  for (long i = 0; i < calls; i++)
    CHECK(MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_SELF));
}

void c_send_receive_loop(const double *out, double *in, int count, long calls) {
  MPI_Status status;
  for (long i = 0; i < calls; i++)
    CHECK(MPI_Sendrecv(out, count, MPI_DOUBLE, 0, 0, in, count, MPI_DOUBLE, 0, 0, MPI_COMM_SELF, &status));
}

void c_send_loop(const double *out, int count, long calls) {
  for (long i = 0; i < calls; i++) {
    c_begin_receive();
    CHECK(MPI_Send(out, count, MPI_DOUBLE, 0, 0, MPI_COMM_SELF));
    c_finish();
  }
}

void c_receive_loop(double *in, int count, long calls) {
  MPI_Status status;
  for (long i = 0; i < calls; i++) {
    c_begin_send();
    CHECK(MPI_Recv(in, count, MPI_DOUBLE, 0, 0, MPI_COMM_SELF, &status));
    c_finish();
  }
}

static MPI_Request request;
static double kept[4] = {1, 2, 3, 4};

__attribute__((noinline)) void c_begin_receive(void) {
  CHECK(MPI_Irecv(kept, 4, MPI_DOUBLE, 0, 0, MPI_COMM_SELF, &request));
}

__attribute__((noinline)) void c_begin_send(void) {
  CHECK(MPI_Isend(kept, 4, MPI_DOUBLE, 0, 0, MPI_COMM_SELF, &request));
}

__attribute__((noinline)) void c_finish(void) { CHECK(MPI_Wait(&request, MPI_STATUS_IGNORE)); }

void c_start_receive_loop(const double *out, double *in, int count, long calls) {
  MPI_Request receiving, sending;
  MPI_Status status;
  for (long i = 0; i < calls; i++) {
    CHECK(MPI_Irecv(in, count, MPI_DOUBLE, 0, 0, MPI_COMM_SELF, &receiving));
    CHECK(MPI_Isend(out, count, MPI_DOUBLE, 0, 0, MPI_COMM_SELF, &sending));
    CHECK(MPI_Wait(&sending, &status));
    CHECK(MPI_Wait(&receiving, &status));
  }
}

void c_start_all_reduce_loop(double *values, int count, long calls) {
  MPI_Request reducing;
  MPI_Status status;
  for (long i = 0; i < calls; i++) {
    CHECK(MPI_Iallreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_SELF, &reducing));
    CHECK(MPI_Wait(&reducing, &status));
  }
}

void c_persistent_loop(const double *out, double *in, int count, long calls) {
  MPI_Request receiving, sending;
  MPI_Status status;
  CHECK(MPI_Recv_init(in, count, MPI_DOUBLE, 0, 0, MPI_COMM_SELF, &receiving));
  CHECK(MPI_Send_init(out, count, MPI_DOUBLE, 0, 0, MPI_COMM_SELF, &sending));
  for (long i = 0; i < calls; i++) {
    CHECK(MPI_Start(&receiving));
    CHECK(MPI_Start(&sending));
    CHECK(MPI_Wait(&sending, &status));
    CHECK(MPI_Wait(&receiving, &status));
  }
  CHECK(MPI_Request_free(&receiving));
  CHECK(MPI_Request_free(&sending));
}
