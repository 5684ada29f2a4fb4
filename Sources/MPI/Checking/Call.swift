internal import CMPI

/// One call to MPI as it is recorded: what, with whom, how much, and from where.
package struct Call: Sendable, Hashable {
  /// What the call is named in Swift, such as `broadcast`.
  package var operation: String
  /// The same without its being started or waited for.
  var kind: cmpi_operation
  /// The communicator, for people: `world`, a name, or a number and its size.
  package var communicator: String
  /// The caller in the communicator.
  package var rank: Int
  /// How many ranks that has.
  package var size: Int
  /// The root of a collective or the peer of a message, where the call has one rank.
  package var root: Int?
  /// The tag of a message, where it has one.
  package var tag: Int?
  /// Values in the call.
  package var count: Int
  /// Their type; empty when the call carries none.
  package var element: String
  /// How values are combined.
  package var reduction: String?
  /// What is said of the call, such as `broadcast of 4 Int from rank 0`, without its communicator.
  package var summary: String
  /// Where it was called: return addresses, the innermost first.
  package var stack: [StackAddress]

  /// The call and its communicator.
  package var description: String { communicator.isEmpty ? summary : "\(summary) on \(communicator)" }

  /// The innermost frame of the user's code; the first time slow, as it starts a symbolizer.
  package var place: SourceFrame? { Symbolizer.userFrames(at: stack).first }

  /// The call and its line.
  package var descriptionWithPlace: String { place.map { "\(description), at \($0)" } ?? description }
}

extension Call {
  /// A call as C recorded it.
  ///
  /// - Parameters:
  ///   - raw: The record.
  ///   - locate: Finds the module of an address.
  init(_ raw: CMPI_Call, locate: (UInt64) -> StackAddress?) {
    operation = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { name in
      String(cString: cmpi_operation_name(raw.operation, name.baseAddress!, 40))
    }
    kind = cmpi_operation(UInt32(raw.operation & CInt(CMPI_KIND)))
    rank = Int(raw.rank)
    size = Int(raw.size)
    communicator = Self.name(of: raw)
    root = raw.root >= 0 ? Int(raw.root) : nil
    tag = raw.tag >= 0 ? Int(raw.tag) : nil
    let perValue = max(raw.perValue, 1)
    // A part of a value is counted in what it is made of.
    let isWhole = raw.count % perValue == 0
    count = Int(isWhole ? raw.count / perValue : raw.count)
    let name = text(raw.typeName)
    element = isWhole ? name : "elements of \(name)"
    reduction =
      raw.reduction == CInt(CMPI_REDUCTION_NONE.rawValue)
      ? nil : String(cString: cmpi_reduction_name(raw.reduction))
    stack = withUnsafeBytes(of: raw.frames) { bytes in
      bytes.bindMemory(to: UInt64.self).prefix(Int(raw.frameCount)).compactMap(locate)
    }
    summary = ""
    summary = waitSentence(raw, operation.isEmpty ? "" : sentence(raw))
  }

  private static func name(of raw: CMPI_Call) -> String {
    let given = text(raw.communicatorName)
    guard raw.size > 0 else { return "" }
    switch raw.communicator {
    case UInt64(CMPI_COMMUNICATOR_WORLD): return "world"
    case UInt64(CMPI_COMMUNICATOR_SELF): return "selfOnly"
    case UInt64(CMPI_COMMUNICATOR_UNKNOWN): return "\(given.isEmpty ? "a communicator" : given) of \(raw.size) ranks"
    case let number:
      let name = given.isEmpty ? "communicator \(number >> 32).\(number & 0xffff_ffff)" : given
      return "\(name) of \(raw.size) ranks"
    }
  }

  /// The call, or how what it started is waited for.
  private func waitSentence(_ raw: CMPI_Call, _ started: String) -> String {
    guard raw.waiting != 0 else { return started }
    let wait = String(cString: cmpi_wait_name(raw.waiting))
    if raw.requests == 1 { return started.isEmpty ? wait : "\(wait) for \(started)" }
    return "\(wait) for \(raw.requests) requests" + (started.isEmpty ? "" : ", the first of them \(started)")
  }

  private func sentence(_ raw: CMPI_Call) -> String {
    let values = element.isEmpty ? "" : " of \(count) \(element)"
    let operation = operation + (raw.isInPlace != 0 ? " in place" : "")
    let by = reduction.map { " by \($0)" } ?? ""
    switch kind {
    case CMPI_OPERATION_BROADCAST: return "\(operation)\(values) from \(peer(raw.root))"
    case CMPI_OPERATION_GATHER: return "\(operation)\(values) from each rank to \(peer(raw.root))"
    case CMPI_OPERATION_SCATTER: return "\(operation)\(values) to each rank from \(peer(raw.root))"
    case CMPI_OPERATION_GATHER_BLOCKS: return "\(operation)\(values) in blocks to \(peer(raw.root))"
    case CMPI_OPERATION_SCATTER_BLOCKS: return "\(operation)\(values) in blocks from \(peer(raw.root))"
    case CMPI_OPERATION_ALL_GATHER_BLOCKS: return "\(operation)\(values) in blocks"
    case CMPI_OPERATION_ALL_TO_ALL: return "\(operation)\(values) to each rank"
    case CMPI_OPERATION_ALL_TO_ALL_BLOCKS: return "\(operation) of blocks of \(element)"
    case CMPI_OPERATION_ALL_TO_ALL_LAYOUTS: return "\(operation) of layouts" + (element.isEmpty ? "" : " of \(element)")
    case CMPI_OPERATION_REDUCE: return "\(operation)\(values)\(by) to \(peer(raw.root))"
    case CMPI_OPERATION_REDUCE_SCATTER_BLOCKS: return "\(operation) of blocks of \(element)\(by)"
    // A shape in words.
    case CMPI_OPERATION_CARTESIAN, CMPI_OPERATION_CARTESIAN_SLICE, CMPI_OPERATION_GRAPH:
      return element.isEmpty ? operation : "\(operation) \(element)"
    case CMPI_OPERATION_NEIGHBOR_ALL_GATHER, CMPI_OPERATION_NEIGHBOR_ALL_GATHER_BLOCKS,
      CMPI_OPERATION_NEIGHBOR_ALL_TO_ALL, CMPI_OPERATION_NEIGHBOR_ALL_TO_ALL_BLOCKS:
      return "\(operation) of blocks of \(element)"
    case CMPI_OPERATION_NEIGHBOR_ALL_TO_ALL_LAYOUTS: return "\(operation) of layouts"
    case CMPI_OPERATION_SEND: return "\(operation)\(values) to \(peer(raw.root)) with \(label(raw.tag))"
    case CMPI_OPERATION_RECEIVE: return "\(operation)\(values) from \(peer(raw.root)) with \(label(raw.tag))"
    case CMPI_OPERATION_RECEIVE_MATCHED: return "\(operation)\(values) of a matched message"
    case CMPI_OPERATION_PROBE, CMPI_OPERATION_PROBE_NOW:
      return "\(operation) for a message from \(peer(raw.root)) with \(label(raw.tag))"
    case CMPI_OPERATION_SEND_RECEIVE:
      return "\(operation)\(values) to \(peer(raw.root)) with \(label(raw.tag)), from \(peer(raw.source)) with "
        + label(raw.sourceTag)
    default: return "\(operation)\(values)\(by)"
    }
  }
}

private func peer(_ number: Int32) -> String {
  switch Int(number) {
  case CMPI_ANY_RANK: "any rank"
  case CMPI_NULL_RANK: "no process"
  default: "rank \(number)"
  }
}

private func label(_ tag: Int32) -> String { Int(tag) == CMPI_ANY_TAG ? "any tag" : "tag \(tag)" }

/// The text in an array of C that has become a tuple.
private func text<Characters>(_ characters: Characters) -> String {
  withUnsafeBytes(of: characters) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
}
