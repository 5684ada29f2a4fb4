public import CMPI

/// Which values of a buffer travel, and in which order: a column, every third value, the inside of a matrix.
///
/// A layout is measured in values of its element and may be used in any number of calls; MPI moves the values without a
/// copy of ours. Made of ``contiguous(_:)``, ``vector(count:blockLength:stride:)``, ``indexed(_:)``,
/// ``subarray(of:start:size:order:)``, and ``resized(extent:)`` of any of them. Making one is local.
public final class Layout<Element: Datatype>: @unchecked Sendable {
  @usableFromInline let handle: CMPI_Datatype

  /// How many values one item carries.
  public let count: Int

  /// Values from the start of one item to the start of the next, where several are sent.
  public let extent: Int

  /// Values from the start of an item to the end of its last value: what a buffer needs for one.
  public let reach: Int

  /// Whether some value is named twice: such a layout can be sent and not received.
  public let hasOverlap: Bool

  /// The extent where it keeps items apart that have values, and these apart, and fits an `int`; else -1.
  @usableFromInline let plainExtent: Int

  init(owning handle: CMPI_Datatype, count: Int, extent: Int, reach: Int, hasOverlap: Bool = false) {
    self.handle = handle
    self.count = count
    self.extent = extent
    self.reach = reach
    self.hasOverlap = hasOverlap
    plainExtent = count > 0 && !hasOverlap && extent >= reach && extent <= Int(CInt.max) ? extent : -1
  }

  deinit { cmpi_type_release(handle) }

  /// Values in a row (`MPI_Type_contiguous`).
  public static func contiguous(_ count: Int) throws(MPIError) -> Layout {
    let procedure: StaticString = "MPI_Type_contiguous"
    try require(count >= 0, procedure, "a count of \(count) was given")
    try requireAddressable(count, procedure)
    let handle = try make(procedure) { cmpi_type_contiguous(Int64(count), $0, $1) }
    return Layout(owning: handle, count: count, extent: count, reach: count)
  }

  /// Blocks at equal distances, such as a column of a row-major matrix (`MPI_Type_vector`).
  ///
  /// - Parameters:
  ///   - count: How many blocks.
  ///   - blockLength: Values in each.
  ///   - stride: Values from the start of one block to the start of the next, not negative.
  public static func vector(count: Int, blockLength: Int = 1, stride: Int) throws(MPIError) -> Layout {
    let procedure: StaticString = "MPI_Type_vector"
    try require(
      count >= 0 && blockLength >= 0 && stride >= 0, procedure,
      "a count of \(count), a block length of \(blockLength) and a stride of \(stride) were given")
    let total = try product(count, blockLength, procedure)
    let isEmpty = total == 0
    let reach = isEmpty ? 0 : try sum(try product(count - 1, stride, procedure), blockLength, procedure)
    try requireAddressable(max(total, reach), procedure)
    let handle = try make(procedure) {
      // A stride that leads nowhere may be of any size.
      isEmpty
        ? cmpi_type_contiguous(0, $0, $1)
        : cmpi_type_vector(Int64(count), Int64(blockLength), count > 1 ? Int64(stride) : 0, $0, $1)
    }
    return Layout(
      owning: handle, count: total, extent: reach, reach: reach,
      hasOverlap: count > 1 && stride < blockLength)
  }

  /// Any blocks of values (`MPI_Type_indexed`).
  ///
  /// - Parameter blocks: Where each block begins and how many values it has, in the order in which they travel.
  public static func indexed(_ blocks: Blocks) throws(MPIError) -> Layout {
    let procedure: StaticString = "MPI_Type_indexed"
    try require(
      blocks.counts.count == blocks.offsets.count && blocks.counts.allSatisfy { $0 >= 0 }
        && blocks.offsets.allSatisfy { $0 >= 0 },
      procedure, "the blocks need as many offsets as counts, and none negative")
    // Blocks without values may lie anywhere.
    let used = blocks.counts.indices.filter { blocks.counts[$0] > 0 }
    let counts = used.map { Int64(blocks.counts[$0]) }
    let offsets = used.map { Int64(blocks.offsets[$0]) }
    var reach = 0
    var total = 0
    for index in used {
      reach = max(reach, try sum(blocks.offsets[index], blocks.counts[index], procedure))
      total = try sum(total, blocks.counts[index], procedure)
    }
    try requireAddressable(max(total, reach), procedure)
    let handle = try make(procedure) { cmpi_type_indexed(Int64(used.count), counts, offsets, $0, $1) }
    return Layout(owning: handle, count: total, extent: reach, reach: reach, hasOverlap: blocks.hasOverlap)
  }

  /// The same values with another distance between items, so that several interleave or lie apart
  /// (`MPI_Type_create_resized`).
  ///
  /// - Parameter extent: Values from the start of one item to the start of the next, not negative.
  public func resized(extent: Int) throws(MPIError) -> Layout {
    let procedure: StaticString = "MPI_Type_create_resized"
    try Self.require(extent >= 0, procedure, "an extent of \(extent) was given")
    try enter(procedure)
    var new = cmpi_type_null()
    let bytes = try Self.product(extent, MemoryLayout<Element>.stride, procedure)
    try check(cmpi_type_resized(handle, Int64(bytes), &new), procedure)
    return Layout(owning: new, count: count, extent: extent, reach: reach, hasOverlap: hasOverlap)
  }
}

extension Layout {
  /// Makes a datatype from that of one value.
  static func make(
    _ procedure: StaticString, _ call: (CMPI_Datatype, UnsafeMutablePointer<CMPI_Datatype>) -> CInt
  ) throws(MPIError) -> CMPI_Datatype {
    try enter(procedure)
    cmpi_release_deferred()
    // Also says whether the element may travel at all.
    let wire = try WireCount(1, of: Element.self)
    var value = wire.type
    if wire.count != 1 { try check(cmpi_type_contiguous(wire.count, wire.type, &value), procedure) }
    defer { if wire.count != 1 { cmpi_type_release(value) } }
    var new = cmpi_type_null()
    try check(call(value, &new), procedure)
    return new
  }

  static func require(
    _ condition: Bool, _ procedure: StaticString, _ message: @autoclosure () -> String
  ) throws(MPIError) {
    if !condition { throw MPIError(MPIError.argument, procedure, nil, message: message()) }
  }

  static func product(_ a: Int, _ b: Int, _ procedure: StaticString) throws(MPIError) -> Int {
    let (result, isOverflow) = a.multipliedReportingOverflow(by: b)
    try require(!isOverflow, procedure, "\(a) × \(b) values are more than an address can say")
    return result
  }

  /// So many values, counted in bytes, are no more than an integer holds.
  static func requireAddressable(_ count: Int, _ procedure: StaticString) throws(MPIError) {
    _ = try product(count, MemoryLayout<Element>.stride, procedure)
  }

  static func sum(_ a: Int, _ b: Int, _ procedure: StaticString) throws(MPIError) -> Int {
    let (result, isOverflow) = a.addingReportingOverflow(b)
    try require(!isOverflow, procedure, "\(a) + \(b) values are more than an address can say")
    return result
  }
}

extension Blocks {
  /// Whether two blocks share a value.
  var hasOverlap: Bool {
    let sorted = zip(offsets, counts).filter { $0.1 > 0 }.sorted { $0.0 < $1.0 }
    return zip(sorted, sorted.dropFirst()).contains { $0.0 + $0.1 > $1.0 }
  }
}
