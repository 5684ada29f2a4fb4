public import CMPI

extension Layout {
  /// Items of this layout as MPI counts them, when they lie inside a buffer.
  @inlinable @inline(__always)
  func wire(
    _ items: Int, in capacity: Int, _ procedure: StaticString, _ communicator: Communicator, isReceiving: Bool = false
  ) throws(MPIError) -> WireCount {
    if _fastPath(UInt(bitPattern: items &- 1) < UInt(CInt.max) && fitsPlainly(items, in: capacity)) {
      return WireCount(items, handle)
    }
    return try wireExactly(items, in: capacity, procedure, communicator, isReceiving: isReceiving)
  }

  /// An item has no more bytes than its values have in memory.
  @inlinable @inline(__always)
  var mostBytes: Int64 { Int64(count &* MemoryLayout<Element>.stride) }

  /// Whether so many items, no more than an `int` says, certainly lie inside a buffer, and not on each other. The
  /// capacity is that of a buffer, not negative.
  @inlinable @inline(__always)
  func fitsPlainly(_ items: Int, in capacity: Int) -> Bool {
    // Without an overflow. What is negative is more than any buffer has.
    UInt(bitPattern: items &* plainExtent) <= UInt(bitPattern: capacity)
  }

  /// Whether so many items, one or more, lie inside a buffer, and not on each other where they are received.
  @usableFromInline @inline(never)
  func fits(_ items: Int, in capacity: Int, isReceiving: Bool) -> Bool {
    guard items > 0 && count > 0 && isInside(items, capacity) else { return false }
    return !isReceiving || !isCrowded(items)
  }

  /// The last item needs no more than the reach.
  private func isInside(_ items: Int, _ capacity: Int) -> Bool {
    let (between, isOverflow) = (items - 1).multipliedReportingOverflow(by: extent)
    return !isOverflow && between <= capacity && reach <= capacity - between
  }

  /// Whether so many items, which lie in a buffer, certainly share places: a value is named twice, all begin at the same
  /// place, or they have more values than places.
  private func isCrowded(_ items: Int) -> Bool {
    let (values, isOverflow) = count.multipliedReportingOverflow(by: items)
    return hasOverlap || (items > 1 && (extent == 0 || isOverflow || values > (items - 1) * extent + reach))
  }

  /// The same of any layout and any number of items, and what is wrong with those that do not fit.
  @usableFromInline @inline(never)
  func wireExactly(
    _ items: Int, in capacity: Int, _ procedure: StaticString, _ communicator: Communicator, isReceiving: Bool
  ) throws(MPIError) -> WireCount {
    guard items >= 0 else {
      throw MPIError(MPIError.count, procedure, communicator, message: "\(items) items of a layout were asked for")
    }
    // Items of no values are nothing, wherever they would lie. Without values all layouts are the same; in checked mode
    // they are seen to be.
    if items == 0 || count == 0 { return try WireCount(0, of: Element.self) }
    guard isInside(items, capacity) else {
      throw communicator.lengthError(
        procedure, "\(items) items of a layout that reaches over \(reach) values do not fit a buffer of \(capacity)")
    }
    guard !isReceiving || !isCrowded(items) else {
      throw MPIError(
        MPIError.argument, procedure, communicator, message: "a layout that names a value twice cannot be received")
    }
    return WireCount(items, handle)
  }
}

extension WireCount {
  @inlinable
  init(_ items: Int, _ type: CMPI_Datatype) {
    self.type = type
    count = Int64(items)
  }
}
