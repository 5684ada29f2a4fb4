internal import CMPI
internal import Synchronization

/// The buffer of buffered sends: MPI has one for the whole process.
@usableFromInline
enum SendBuffer {
  private static let isAttached = Mutex(false)

  @usableFromInline @inline(never)
  static func requireAttached(_ communicator: Communicator) throws(MPIError) {
    guard isAttached.withLock({ $0 }) else {
      throw MPIError(
        MPIError.buffer, "MPI_Bsend", communicator,
        message: "no buffer is attached; make buffered sends inside `withSendBuffer(bytes:)`")
    }
  }

  /// Marks the buffer as attached; false when one is already.
  static func claim() -> Bool {
    isAttached.withLock { isAttached in
      defer { isAttached = true }
      return !isAttached
    }
  }

  static func release() { isAttached.withLock { $0 = false } }
}

extension Communicator {
  /// Lends MPI a buffer for the buffered sends that a closure makes (`MPI_Buffer_attach`, `MPI_Buffer_detach`).
  ///
  /// Local. Waits at the end until all messages have left the buffer, then frees it. One at a time in a process.
  ///
  /// - Parameters:
  ///   - bytes: Room for all messages on their way at the same time: the sum of ``sendBufferSize(for:of:)``.
  ///   - body: Makes the sends, with `mode: .buffered`.
  /// - Throws: ``MPIError`` of class ``MPIError/buffer`` when there is a buffer already, and the closure's errors.
  public final func withSendBuffer<Result>(bytes: Int, _ body: () throws -> Result) throws -> Result {
    try enter("MPI_Buffer_attach", self)
    guard let size = Int32(exactly: bytes), size >= 0 else {
      throw MPIError(
        MPIError.count, "MPI_Buffer_attach", self,
        message: "a buffer of \(bytes) bytes was asked for; MPI takes at most \(Int32.max)")
    }
    guard SendBuffer.claim() else {
      throw MPIError(MPIError.buffer, "MPI_Buffer_attach", self, message: "a send buffer is attached already")
    }
    defer { SendBuffer.release() }
    // MPI refuses a buffer that has not even room for what it keeps of one message.
    let capacity = max(size, 1_024)
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: Int(capacity), alignment: 64)
    defer { buffer.deallocate() }
    try check(cmpi_buffer_attach(buffer, capacity), "MPI_Buffer_attach", self)
    let outcome = Swift.Result(catching: body)
    try check(cmpi_buffer_detach(), "MPI_Buffer_detach", self)
    return try outcome.get()
  }

  /// How many bytes of a send buffer a message takes, with MPI's own overhead (`MPI_Pack_size`). Local.
  ///
  /// - Parameters:
  ///   - count: Values in the message.
  ///   - type: Their type.
  public final func sendBufferSize<Element: Datatype>(
    for count: Int, of type: Element.Type
  ) throws(MPIError) -> Int {
    try enter("MPI_Pack_size", self)
    let wire = try WireCount(count, of: type)
    var size: Int64 = 0
    try check(cmpi_bsend_size(wire.count, wire.type, handle, &size), "MPI_Pack_size", self)
    return Int(size)
  }
}
