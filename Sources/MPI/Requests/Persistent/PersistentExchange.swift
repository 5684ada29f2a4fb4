/// A collective operation that is prepared once and run any number of times, from one memory into another.
///
/// ```swift
/// var summing = try world.makeAllReduce(local.mutableSpan, into: total.mutableSpan, .sum)
/// for _ in 0..<steps {
///   summing.withOutgoing { local in computePart(of: &local) }
///   let round = try summing.start()
///   computeSomethingElse()
///   try round.wait()
///   summing.withIncoming { total in use(total) }
/// }
/// ```
///
/// As a ``PersistentRequest``, it owns both memories until its end and lends them between rounds.
public struct PersistentExchange<Element: Datatype>: ~Copyable, ~Escapable {
  @usableFromInline var parts: PersistentParts
  private var outgoing: MutableSpan<Element>
  private var incoming: MutableSpan<Element>

  @_lifetime(copy outgoing, copy incoming)
  init(
    _ parts: PersistentParts, _ outgoing: consuming MutableSpan<Element>, _ incoming: consuming MutableSpan<Element>
  ) {
    self.parts = parts
    self.outgoing = outgoing
    self.incoming = incoming
  }

  deinit { parts.release() }

  /// Starts a round (`MPI_Start`, or the nonblocking collective where this MPI has no persistent one that works).
  ///
  /// Collective: all ranks start it, in the same order as others. Does not wait.
  ///
  /// - Returns: The round on its way.
  @inlinable @inline(__always) @_lifetime(&self)
  public mutating func start() throws(MPIError) -> Request { bound(try parts.start(), mutating: &self) }

  /// Lends the memory that is read in a round, to be filled before it.
  @_lifetime(self: copy self)
  public mutating func withOutgoing<Result, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(&outgoing)
  }

  /// Lends the memory that a round has written.
  @_lifetime(self: copy self)
  public mutating func withIncoming<Result, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(&incoming)
  }

  /// Lends both: what a round has written often makes what the next one reads.
  @_lifetime(self: copy self)
  public mutating func withValues<Result, Failure: Error>(
    _ body: (_ outgoing: inout MutableSpan<Element>, _ incoming: inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(&outgoing, &incoming)
  }

  /// What it consists of; who takes it releases it.
  consuming func taken() -> (
    PersistentParts, outgoing: UnsafeMutableBufferPointer<Element>, incoming: UnsafeMutableBufferPointer<Element>
  ) {
    (parts.take(), outgoing.pointers, incoming.pointers)
  }
}
