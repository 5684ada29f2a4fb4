/// Messages and collective operations that are prepared once and started together, any number of times.
///
/// ```swift
/// var halo = PersistentGroup()
/// var pieces = ghosts.mutableSpan.chunks(of: width)
/// for neighbour in neighbours { halo.add(try world.makeReceive(into: pieces.next()!, from: neighbour)) }
/// for _ in 0..<steps {
///   var round = try halo.startAll()
///   computeInterior()
///   try round.waitAll()
///   halo.withValues(of: 0, as: Double.self) { ghost in computeEdge(ghost) }
/// }
/// ```
///
/// The memory of all of them belongs to the group until its end, and is reached through ``withValues(of:as:_:)`` between
/// rounds. During a round, which is a ``RequestGroup``, the group itself cannot be used.
public struct PersistentGroup: ~Copyable, ~Escapable {
  private var parts: [PersistentParts] = []
  private var memories: [Memory] = []

  /// The memory of one request.
  private struct Memory {
    let outgoing: UnsafeMutableRawBufferPointer
    /// Where it goes in an exchange; `nil` for a request with one memory.
    let incoming: UnsafeMutableRawBufferPointer?
    let type: any Any.Type
  }

  /// A group of no requests.
  @_lifetime(immortal)
  public init() {}

  deinit { for request in parts { request.release() } }

  /// How many requests were added.
  public var count: Int { parts.count }

  /// Takes a persistent request over, with its memory.
  ///
  /// - Returns: Its number in the group, and in the ``RequestGroup`` of each round.
  @discardableResult @_lifetime(self: copy self, copy request)
  public mutating func add<Element: Datatype>(_ request: consuming PersistentRequest<Element>) -> Int {
    let (parts, values) = request.taken()
    return add(parts, values, nil)
  }

  /// Takes a persistent exchange over, with both of its memories.
  ///
  /// - Returns: Its number in the group, and in the ``RequestGroup`` of each round.
  @discardableResult @_lifetime(self: copy self, copy exchange)
  public mutating func add<Element: Datatype>(_ exchange: consuming PersistentExchange<Element>) -> Int {
    let (parts, outgoing, incoming) = exchange.taken()
    return add(parts, outgoing, incoming)
  }

  @_lifetime(self: copy self)
  private mutating func add<Element: Datatype>(
    _ parts: PersistentParts, _ outgoing: UnsafeMutableBufferPointer<Element>,
    _ incoming: UnsafeMutableBufferPointer<Element>?
  ) -> Int {
    self.parts.append(parts)
    memories.append(
      Memory(
        outgoing: UnsafeMutableRawBufferPointer(outgoing), incoming: incoming.map { UnsafeMutableRawBufferPointer($0) },
        type: Element.self))
    return memories.count - 1
  }

  /// Starts a round of all requests (`MPI_Startall`).
  ///
  /// Local for messages; for collectives all ranks start groups that have them in the same order. Does not wait.
  /// Collectives that this MPI cannot prepare are started first, one by one.
  ///
  /// - Returns: The round on its way.
  @_lifetime(&self)
  public mutating func startAll() throws(MPIError) -> RequestGroup {
    bound(try PersistentParts.startAll(parts), mutating: &self)
  }

  /// Lends the memory of one request, to be filled before a round or read after it.
  ///
  /// - Parameters:
  ///   - number: Which request, as `add` gave it.
  ///   - type: Its element, which must be the one that it was made with.
  ///   - body: What is done with the memory; of an exchange, with the outgoing one.
  @_lifetime(self: copy self)
  public mutating func withValues<Element: Datatype, Result, Failure: Error>(
    of number: Int, as type: Element.Type, _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = memory(number, type).outgoing.assumingMemoryBound(to: type).writing
    return try body(&span)
  }

  /// Lends both memories of one exchange.
  ///
  /// - Parameters:
  ///   - number: Which exchange, as `add` gave it.
  ///   - type: Its element, which must be the one that it was made with.
  ///   - body: What is done with the memory.
  @_lifetime(self: copy self)
  public mutating func withValues<Element: Datatype, Result, Failure: Error>(
    ofExchange number: Int, as type: Element.Type,
    _ body: (_ outgoing: inout MutableSpan<Element>, _ incoming: inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let memory = memory(number, type)
    guard let into = memory.incoming else {
      preconditionFailure("request \(number) is no exchange and has but one memory")
    }
    var outgoing = memory.outgoing.assumingMemoryBound(to: type).writing
    var incoming = into.assumingMemoryBound(to: type).writing
    return try body(&outgoing, &incoming)
  }

  private func memory<Element: Datatype>(_ number: Int, _: Element.Type) -> Memory {
    precondition(memories.indices.contains(number), "request \(number) was asked for, in a group of \(memories.count)")
    let memory = memories[number]
    precondition(
      memory.type == Element.self, "request \(number) has values of \(memory.type), not of \(Element.self)")
    return memory
  }
}
