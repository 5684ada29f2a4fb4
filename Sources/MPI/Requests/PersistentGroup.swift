internal import CMPI

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
  private var entries: [Entry] = []

  private struct Entry {
    let handle: CMPI_Request
    /// What starts the nonblocking twin of a collective, where MPI has no persistent one that works.
    let twin: (any TwinStarting)?
    let place: RequestPlace
    let kept: AnyObject?
    let memory: UnsafeMutableRawPointer?
    let count: Int
    let type: any Any.Type
  }

  /// A group of no requests.
  @_lifetime(immortal)
  public init() {}

  deinit { for entry in entries { cmpi_request_release(entry.handle) } }

  /// How many requests were added.
  public var count: Int { entries.count }

  /// Takes a persistent request over, with its memory.
  ///
  /// - Returns: Its number in the group, and in the ``RequestGroup`` of each round.
  @discardableResult @_lifetime(self: copy self, copy request)
  public mutating func add<Element: Datatype>(_ request: consuming PersistentRequest<Element>) -> Int {
    let (handle, twin, place, kept, memory) = request.parts()
    entries.append(
      Entry(
        handle: handle, twin: twin.map { StartedTwin(twin: $0, memory: memory) }, place: place, kept: kept,
        memory: UnsafeMutableRawPointer(memory.baseAddress), count: memory.count, type: Element.self))
    return entries.count - 1
  }

  /// Starts a round of all requests (`MPI_Startall`).
  ///
  /// Local for messages; for collectives all ranks start groups that have them in the same order. Does not wait.
  /// Collectives that this MPI cannot prepare are started first, one by one.
  ///
  /// - Returns: The round on its way.
  @_lifetime(&self)
  public mutating func startAll() throws(MPIError) -> RequestGroup {
    var parts: [RequestParts?] = []
    parts.reserveCapacity(entries.count)
    var handles: [CMPI_Request] = []
    var failure: MPIError?
    for entry in entries where failure == nil {
      guard let twin = entry.twin else {
        handles.append(entry.handle)
        parts.append(nil)
        continue
      }
      do throws(MPIError) { parts.append(try twin.start()) } catch { failure = error }
    }
    if failure == nil, let place = entries.first?.place, !handles.isEmpty {
      let code = cmpi_startall(CInt(handles.count), &handles)
      if code != 0 { failure = place.failure(code, "MPI_Startall") }
    }
    var group = RequestGroup()
    group.reserveCapacity(entries.count)
    for (entry, part) in zip(entries, parts) {
      if let part {
        group.add(Request(part))
      } else if failure == nil {
        group.add(Request(entry.handle, entry.place))
      }
    }
    // What was started completes at the end of its group.
    if let failure { throw failure }
    return bound(group, mutating: &self)
  }

  /// Lends the memory of one request, to be filled before a round or read after it.
  ///
  /// - Parameters:
  ///   - number: Which request, as ``add(_:)`` gave it.
  ///   - type: Its element, which must be the one that it was made with.
  ///   - body: What is done with the memory.
  @_lifetime(self: copy self)
  public mutating func withValues<Element: Datatype, Result, Failure: Error>(
    of number: Int, as type: Element.Type, _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let entry = entries[number]
    precondition(entry.type == Element.self, "request \(number) has values of \(entry.type), not of \(Element.self)")
    let start = entry.memory?.assumingMemoryBound(to: Element.self)
    var span = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(start: start, count: entry.count))
    return try body(&span)
  }
}

/// The nonblocking twin of a persistent collective, whatever its element.
///
/// Not a closure around the closure: Swift 6.3.1 crashes on one of this type.
private protocol TwinStarting {
  func start() throws(MPIError) -> RequestParts
}

private struct StartedTwin<Element: Datatype>: TwinStarting {
  let twin: PersistentRequest<Element>.Twin
  let memory: UnsafeMutableBufferPointer<Element>

  func start() throws(MPIError) -> RequestParts { try twin(memory) }
}
