// Chapter 3, point-to-point communication, blocking.
//
// Each function is the one MPI call when the count fits an `int`, and goes to `point_to_point.c` when it does not, or when
// the gate is closed: those that end in `_slow` ask it.
#ifndef CMPI_POINT_TO_POINT_H
#define CMPI_POINT_TO_POINT_H

#include "gate.h"

/// The four modes of a send.
enum cmpi_send_mode { CMPI_STANDARD = 0, CMPI_SYNCHRONOUS = 1, CMPI_BUFFERED = 2, CMPI_READY = 3 };

int cmpi_send_slow(int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm);
int cmpi_recv_slow(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Status *status);
int cmpi_mrecv_slow(void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Status *status);
int cmpi_sendrecv_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, CMPI_Status *status);
int cmpi_sendrecv_replace_slow(
  void *data, int64_t count, CMPI_Datatype type, int to, int outTag, int from, int inTag, CMPI_Comm comm,
  CMPI_Status *status);

CMPI_INLINE int cmpi_send_now(
  int mode, const void *data, int count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm) {
  switch (mode) {
    case CMPI_SYNCHRONOUS: return MPI_Ssend(data, count, type.raw, rank, tag, comm.raw);
    case CMPI_BUFFERED: return MPI_Bsend(data, count, type.raw, rank, tag, comm.raw);
    case CMPI_READY: return MPI_Rsend(data, count, type.raw, rank, tag, comm.raw);
    default: return MPI_Send(data, count, type.raw, rank, tag, comm.raw);
  }
}

CMPI_INLINE int cmpi_send(
  int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm) {
  if (CMPI_IS_SLOW(count)) return cmpi_send_slow(mode, data, count, type, rank, tag, comm);
  return cmpi_send_now(mode, data, (int)count, type, rank, tag, comm);
}

CMPI_INLINE int cmpi_recv(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Status *status) {
  if (CMPI_IS_SLOW(count)) return cmpi_recv_slow(data, count, type, rank, tag, comm, status);
  return MPI_Recv(data, (int)count, type.raw, rank, tag, comm.raw, &status->raw);
}

/// As `cmpi_recv`, with a status that nobody has to prepare.
CMPI_INLINE CMPI_Status cmpi_received(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, int *code) {
  CMPI_Status status;
  *code = cmpi_recv(data, count, type, rank, tag, comm, &status);
  return status;
}

CMPI_INLINE int cmpi_mrecv(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Status *status) {
  if (CMPI_IS_SLOW(count)) return cmpi_mrecv_slow(data, count, type, message, status);
  return MPI_Mrecv(data, (int)count, type.raw, &message->raw, &status->raw);
}

CMPI_INLINE int cmpi_sendrecv(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, CMPI_Status *status) {
  if (CMPI_IS_SLOW(outCount | inCount))
    return cmpi_sendrecv_slow(out, outCount, outType, to, outTag, in, inCount, inType, from, inTag, comm, status);
  return MPI_Sendrecv(
    out, (int)outCount, outType.raw, to, outTag, in, (int)inCount, inType.raw, from, inTag, comm.raw, &status->raw);
}

/// As `cmpi_sendrecv`, with a status that nobody has to prepare.
CMPI_INLINE CMPI_Status cmpi_exchanged(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, int *code) {
  CMPI_Status status;
  *code = cmpi_sendrecv(out, outCount, outType, to, outTag, in, inCount, inType, from, inTag, comm, &status);
  return status;
}

CMPI_INLINE int cmpi_sendrecv_replace(
  void *data, int64_t count, CMPI_Datatype type, int to, int outTag, int from, int inTag, CMPI_Comm comm,
  CMPI_Status *status) {
  if (CMPI_IS_SLOW(count))
    return cmpi_sendrecv_replace_slow(data, count, type, to, outTag, from, inTag, comm, status);
  return MPI_Sendrecv_replace(data, (int)count, type.raw, to, outTag, from, inTag, comm.raw, &status->raw);
}

int cmpi_probe_slow(int rank, int tag, CMPI_Comm comm, CMPI_Status *status);
CMPI_INLINE int cmpi_probe(int rank, int tag, CMPI_Comm comm, CMPI_Status *status) {
  if (cmpi_gate_is_closed()) return cmpi_probe_slow(rank, tag, comm, status);
  return MPI_Probe(rank, tag, comm.raw, &status->raw);
}
int cmpi_iprobe_slow(int rank, int tag, CMPI_Comm comm, int *flag, CMPI_Status *status);
CMPI_INLINE int cmpi_iprobe(int rank, int tag, CMPI_Comm comm, int *flag, CMPI_Status *status) {
  if (cmpi_gate_is_closed()) return cmpi_iprobe_slow(rank, tag, comm, flag, status);
  return MPI_Iprobe(rank, tag, comm.raw, flag, &status->raw);
}
int cmpi_mprobe_slow(int rank, int tag, CMPI_Comm comm, CMPI_Message *message, CMPI_Status *status);
CMPI_INLINE int cmpi_mprobe(int rank, int tag, CMPI_Comm comm, CMPI_Message *message, CMPI_Status *status) {
  if (cmpi_gate_is_closed()) return cmpi_mprobe_slow(rank, tag, comm, message, status);
  return MPI_Mprobe(rank, tag, comm.raw, &message->raw, &status->raw);
}
int cmpi_improbe_slow(int rank, int tag, CMPI_Comm comm, int *flag, CMPI_Message *message, CMPI_Status *status);
CMPI_INLINE int cmpi_improbe(
  int rank, int tag, CMPI_Comm comm, int *flag, CMPI_Message *message, CMPI_Status *status) {
  if (cmpi_gate_is_closed()) return cmpi_improbe_slow(rank, tag, comm, flag, message, status);
  return MPI_Improbe(rank, tag, comm.raw, flag, &message->raw, &status->raw);
}
CMPI_INLINE CMPI_Message cmpi_message_null(void) { return (CMPI_Message){MPI_MESSAGE_NULL}; }

CMPI_INLINE int cmpi_status_source(const CMPI_Status *status) { return status->raw.MPI_SOURCE; }
CMPI_INLINE int cmpi_status_tag(const CMPI_Status *status) { return status->raw.MPI_TAG; }

/// How many whole values of `type` the message had; -1 when it had a part of one. Any count.
int cmpi_status_count(const CMPI_Status *status, CMPI_Datatype type, int64_t *count);

/// Whether a message has exactly so many bytes, where the status says that at a glance; false where it has to be asked.
CMPI_INLINE bool cmpi_status_has(const CMPI_Status *status, size_t bytes) {
#if defined(OPEN_MPI)
  return status->raw._ucount == bytes;
#elif defined(MPICH_NUMVERSION) && MPICH_NUMVERSION < 50000000
  return (size_t)status->raw.count_lo == bytes && status->raw.count_hi_and_cancelled == 0;
#else
  return (void)status, (void)bytes, false;
#endif
}

CMPI_INLINE int cmpi_buffer_attach(void *buffer, int size) { return MPI_Buffer_attach(buffer, size); }
int cmpi_buffer_detach(void);

#endif
