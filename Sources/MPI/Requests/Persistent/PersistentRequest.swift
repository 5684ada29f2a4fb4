/// A message or collective operation that is prepared once and run any number of times, over the same memory.
///
/// ```swift
/// var halo = try world.makeReceive(into: ghost.mutableSpan, from: left)
/// for _ in 0..<steps {
///   let round = try halo.start()
///   computeInterior()
///   try round.wait()
///   halo.withValues { ghost in computeEdge(ghost) }
/// }
/// ```
///
/// The memory belongs to the persistent request until its end, and is reached through ``withValues(_:)`` between rounds.
/// During a round, which is a ``Request``, the persistent request itself cannot be used: the compiler sees to both.
/// ``PersistentExchange`` is one that reads from one memory and writes into another.
public struct PersistentRequest<Element: Datatype>: ~Copyable, ~Escapable {
  @usableFromInline var parts: PersistentParts
  private var values: MutableSpan<Element>

  @_lifetime(copy values)
  init(_ parts: PersistentParts, _ values: consuming MutableSpan<Element>) {
    self.parts = parts
    self.values = values
  }

  deinit { parts.release() }

  /// Starts a round (`MPI_Start`, or the nonblocking collective where this MPI has no persistent one that works).
  ///
  /// Local for a message; for a collective all ranks start it, in the same order as others. Does not wait.
  ///
  /// - Returns: The round on its way.
  @inlinable @inline(__always) @_lifetime(&self)
  public mutating func start() throws(MPIError) -> Request { bound(try parts.start(), mutating: &self) }

  /// Lends the memory, to be filled before a round or read after it.
  @_lifetime(self: copy self)
  public mutating func withValues<Result, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(&values)
  }

  /// What it consists of; who takes it releases it.
  consuming func taken() -> (PersistentParts, UnsafeMutableBufferPointer<Element>) {
    (parts.take(), values.pointers)
  }
}
