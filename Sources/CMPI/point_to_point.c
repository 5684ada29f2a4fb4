// Messages of more than 2^31-1 values: the large-count procedure where there is one, else one value of a datatype that
// holds them all (Hammond, Schäfer, Latham: "To INT_MAX... and beyond!", ExaMPI 2014).
#include "CMPI.h"

#include <stdlib.h>
#include <string.h>

#if CMPI_HAS_LARGE_COUNT

int cmpi_send_slow(int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm) {
  CMPI_BEGIN_SLOW(count, cmpi_send_now(mode, data, (int)count, type, rank, tag, comm),
                  .operation = CMPI_OPERATION_SEND, .comm = comm, .hasRoot = true, .root = rank, .tag = tag,
                  .hasType = true, .count = count, .type = type);
  switch (mode) {
    case CMPI_SYNCHRONOUS: return MPI_Ssend_c(data, count, type.raw, rank, tag, comm.raw);
    case CMPI_BUFFERED: return MPI_Bsend_c(data, count, type.raw, rank, tag, comm.raw);
    case CMPI_READY: return MPI_Rsend_c(data, count, type.raw, rank, tag, comm.raw);
    default: return MPI_Send_c(data, count, type.raw, rank, tag, comm.raw);
  }
}

int cmpi_recv_slow(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Status *status) {
  CMPI_BEGIN_SLOW(count, MPI_Recv(data, (int)count, type.raw, rank, tag, comm.raw, &status->raw),
                  .operation = CMPI_OPERATION_RECEIVE, .comm = comm, .hasRoot = true, .root = rank, .tag = tag,
                  .hasType = true, .count = count, .type = type);
  return MPI_Recv_c(data, count, type.raw, rank, tag, comm.raw, &status->raw);
}

static int receiveLarge(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Status *status) {
  return MPI_Mrecv_c(data, count, type.raw, &message->raw, &status->raw);
}

int cmpi_sendrecv_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, CMPI_Status *status) {
  CMPI_BEGIN_SLOW(outCount | inCount, MPI_Sendrecv(out, (int)outCount, outType.raw, to, outTag, in, (int)inCount,
                                                   inType.raw, from, inTag, comm.raw, &status->raw),
                  .operation = CMPI_OPERATION_SEND_RECEIVE, .comm = comm, .hasRoot = true, .root = to, .tag = outTag,
                  .source = from, .sourceTag = inTag, .hasType = true, .count = outCount, .type = outType);
  return MPI_Sendrecv_c(
    out, outCount, outType.raw, to, outTag, in, inCount, inType.raw, from, inTag, comm.raw, &status->raw);
}

static int replaceLarge(
  void *data, int64_t count, CMPI_Datatype type, int to, int outTag, int from, int inTag, CMPI_Comm comm,
  CMPI_Status *status) {
  return MPI_Sendrecv_replace_c(data, count, type.raw, to, outTag, from, inTag, comm.raw, &status->raw);
}

#else

int cmpi_send_slow(int mode, const void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm) {
  CMPI_BEGIN_SLOW(count, cmpi_send_now(mode, data, (int)count, type, rank, tag, comm),
                  .operation = CMPI_OPERATION_SEND, .comm = comm, .hasRoot = true, .root = rank, .tag = tag,
                  .hasType = true, .count = count, .type = type);
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  code = cmpi_send(mode, data, 1, whole, rank, tag, comm);
  MPI_Type_free(&whole.raw);
  return code;
}

int cmpi_recv_slow(
  void *data, int64_t count, CMPI_Datatype type, int rank, int tag, CMPI_Comm comm, CMPI_Status *status) {
  CMPI_BEGIN_SLOW(count, MPI_Recv(data, (int)count, type.raw, rank, tag, comm.raw, &status->raw),
                  .operation = CMPI_OPERATION_RECEIVE, .comm = comm, .hasRoot = true, .root = rank, .tag = tag,
                  .hasType = true, .count = count, .type = type);
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  code = cmpi_recv(data, 1, whole, rank, tag, comm, status);
  MPI_Type_free(&whole.raw);
  return code;
}

static int receiveLarge(
  void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Status *status) {
  CMPI_Datatype whole;
  int code = cmpi_type_contiguous(count, type, &whole);
  if (code != MPI_SUCCESS) return code;
  code = cmpi_mrecv(data, 1, whole, message, status);
  MPI_Type_free(&whole.raw);
  return code;
}

int cmpi_sendrecv_slow(
  const void *out, int64_t outCount, CMPI_Datatype outType, int to, int outTag, void *in, int64_t inCount,
  CMPI_Datatype inType, int from, int inTag, CMPI_Comm comm, CMPI_Status *status) {
  CMPI_BEGIN_SLOW(outCount | inCount, MPI_Sendrecv(out, (int)outCount, outType.raw, to, outTag, in, (int)inCount,
                                                   inType.raw, from, inTag, comm.raw, &status->raw),
                  .operation = CMPI_OPERATION_SEND_RECEIVE, .comm = comm, .hasRoot = true, .root = to, .tag = outTag,
                  .source = from, .sourceTag = inTag, .hasType = true, .count = outCount, .type = outType);
  CMPI_Datatype wholeOut, wholeIn;
  int code = cmpi_type_contiguous(outCount, outType, &wholeOut);
  if (code != MPI_SUCCESS) return code;
  code = cmpi_type_contiguous(inCount, inType, &wholeIn);
  if (code == MPI_SUCCESS) {
    code = cmpi_sendrecv(out, 1, wholeOut, to, outTag, in, 1, wholeIn, from, inTag, comm, status);
    MPI_Type_free(&wholeIn.raw);
  }
  MPI_Type_free(&wholeOut.raw);
  return code;
}

static int replaceLarge(
  void *data, int64_t count, CMPI_Datatype type, int to, int outTag, int from, int inTag, CMPI_Comm comm,
  CMPI_Status *status) {
  // MPI would pack all of it into one buffer that an int can count: keep a copy to send from instead.
  int64_t extent;
  int code = cmpi_type_extent(type, &extent);
  if (code != MPI_SUCCESS) return code;
  if (count < 0) return MPI_ERR_COUNT;
  void *copy = malloc(count * extent);
  if (!copy) return MPI_ERR_NO_MEM;
  memcpy(copy, data, count * extent);
  code = cmpi_sendrecv_slow(copy, count, type, to, outTag, data, count, type, from, inTag, comm, status);
  free(copy);
  return code;
}

#endif

// MARK: Calls that end soon, or whose slow way is the same with and without large-count procedures

int cmpi_mrecv_slow(void *data, int64_t count, CMPI_Datatype type, CMPI_Message *message, CMPI_Status *status) {
  // The message is here: only its long values may still be on their way. It does not say where it came from.
  CMPI_BEGIN_SLOW(count, MPI_Mrecv(data, (int)count, type.raw, &message->raw, &status->raw),
                  .operation = CMPI_OPERATION_RECEIVE_MATCHED, .comm = {MPI_COMM_NULL}, .hasType = true,
                  .count = count, .type = type);
  return receiveLarge(data, count, type, message, status);
}

int cmpi_sendrecv_replace_slow(
  void *data, int64_t count, CMPI_Datatype type, int to, int outTag, int from, int inTag, CMPI_Comm comm,
  CMPI_Status *status) {
  CMPI_BEGIN_SLOW(count, MPI_Sendrecv_replace(data, (int)count, type.raw, to, outTag, from, inTag, comm.raw,
                                              &status->raw),
                  .operation = CMPI_OPERATION_SEND_RECEIVE, .comm = comm, .hasRoot = true, .root = to, .tag = outTag,
                  .source = from, .sourceTag = inTag, .hasType = true, .count = count, .type = type);
  return replaceLarge(data, count, type, to, outTag, from, inTag, comm, status);
}

#define PROBE(name, call)                                                                        \
  CMPI_ENTER();                                                                                  \
  CMPI_CALL(.operation = CMPI_OPERATION_##name, .comm = comm, .hasRoot = true, .root = rank, .tag = tag) \
  return call;

int cmpi_probe_slow(int rank, int tag, CMPI_Comm comm, CMPI_Status *status) {
  PROBE(PROBE, MPI_Probe(rank, tag, comm.raw, &status->raw))
}

int cmpi_iprobe_slow(int rank, int tag, CMPI_Comm comm, int *flag, CMPI_Status *status) {
  PROBE(PROBE_NOW, MPI_Iprobe(rank, tag, comm.raw, flag, &status->raw))
}

int cmpi_mprobe_slow(int rank, int tag, CMPI_Comm comm, CMPI_Message *message, CMPI_Status *status) {
  PROBE(PROBE, MPI_Mprobe(rank, tag, comm.raw, &message->raw, &status->raw))
}

int cmpi_improbe_slow(int rank, int tag, CMPI_Comm comm, int *flag, CMPI_Message *message, CMPI_Status *status) {
  PROBE(PROBE_NOW, MPI_Improbe(rank, tag, comm.raw, flag, &message->raw, &status->raw))
}

int cmpi_buffer_detach(void) {
  CMPI_ENTER();
  CMPI_CALL(.operation = CMPI_OPERATION_DETACH, .comm = {MPI_COMM_NULL})
  void *buffer;
  int size;
  return MPI_Buffer_detach(&buffer, &size);
}

int cmpi_status_count(const CMPI_Status *status, CMPI_Datatype type, int64_t *count) {
  int small = MPI_UNDEFINED;
  int code = MPI_Get_count(&status->raw, type.raw, &small);
  *count = small == MPI_UNDEFINED ? -1 : small;
  if (code != MPI_SUCCESS || small != MPI_UNDEFINED) return code;
  // A part of a value, or more than an int can say.
  MPI_Count bytes = 0;
  int64_t size = 0;
  if ((code = MPI_Get_elements_x(&status->raw, MPI_BYTE, &bytes)) != MPI_SUCCESS) return code;
  if ((code = cmpi_type_size(type, &size)) != MPI_SUCCESS) return code;
  if (size > 0 && bytes % size == 0) *count = bytes / size;
  return MPI_SUCCESS;
}
