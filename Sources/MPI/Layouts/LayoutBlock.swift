public import CMPI

/// Items of a layout somewhere in a buffer: what one rank sends to another in an exchange of layouts.
public struct LayoutBlock<Element: Datatype>: Sendable {
  /// Which values of an item travel.
  public var layout: Layout<Element>
  /// How many items, one behind the other.
  public var count: Int
  /// Where the first begins, in values from the start of the buffer.
  public var offset: Int

  /// Items of a layout somewhere in a buffer.
  @inlinable
  public init(_ layout: Layout<Element>, count: Int = 1, offset: Int = 0) {
    self.layout = layout
    self.count = count
    self.offset = offset
  }
}

/// Both sides of an exchange of layouts as the classic procedure reads them, in memory of one call.
@frozen @usableFromInline
struct LayoutSides {
  @usableFromInline let size: Int
  /// What goes to each rank, and behind it what comes from each.
  @usableFromInline let types: UnsafeMutablePointer<CMPI_Datatype>
  /// Counts of both in the same order, and behind them offsets in bytes.
  @usableFromInline let numbers: UnsafeMutablePointer<CInt>

  @inlinable @inline(__always)
  init(of size: Int, in memory: UnsafeMutableRawPointer) {
    self.size = size
    let types = 2 &* size &* MemoryLayout<CMPI_Datatype>.stride
    self.types = memory.assumingMemoryBound(to: CMPI_Datatype.self)
    numbers = (memory + types).assumingMemoryBound(to: CInt.self)
  }

  /// Memory for both sides of so many ranks.
  @inlinable @inline(__always)
  static func byteCount(for size: Int) -> Int {
    size &* (2 &* MemoryLayout<CMPI_Datatype>.stride &+ 4 &* MemoryLayout<CInt>.stride)
  }

  /// The same as `cmpi_numbers_make` counts.
  @inlinable @inline(__always)
  static func numberCount(for size: Int) -> Int { byteCount(for: size) / (2 &* MemoryLayout<CInt>.stride) }

  @inlinable var outCounts: UnsafePointer<CInt> { UnsafePointer(numbers) }
  @inlinable var inCounts: UnsafePointer<CInt> { UnsafePointer(numbers + size) }
  @inlinable var outOffsets: UnsafePointer<CInt> { UnsafePointer(numbers + 2 &* size) }
  @inlinable var inOffsets: UnsafePointer<CInt> { UnsafePointer(numbers + 3 &* size) }
  @inlinable var outTypes: UnsafePointer<CMPI_Datatype> { UnsafePointer(types) }
  @inlinable var inTypes: UnsafePointer<CMPI_Datatype> { UnsafePointer(types + size) }

  /// Fills both sides; false when a block does not lie in its buffer, or not where an `int` reaches.
  @inlinable @inline(__always)
  func fill<Element: Datatype>(
    _ outgoing: UnsafeBufferPointer<LayoutBlock<Element>>, in given: Int,
    _ incoming: UnsafeBufferPointer<LayoutBlock<Element>>, in room: Int, empty: CMPI_Datatype
  ) -> Bool {
    fill(outgoing, in: given, isReceiving: false, empty: empty)
      && fill(incoming, in: room, isReceiving: true, empty: empty)
  }

  /// Fills one side.
  ///
  /// - Parameter empty: The datatype of what has no values.
  /// - Returns: False when a block does not lie in its buffer, or not where an `int` reaches.
  @inlinable @inline(__always)
  func fill<Element: Datatype>(
    _ blocks: UnsafeBufferPointer<LayoutBlock<Element>>, in capacity: Int, isReceiving: Bool, empty: CMPI_Datatype
  ) -> Bool {
    let types = isReceiving ? types + size : types
    let counts = isReceiving ? numbers + size : numbers
    let offsets = counts + 2 &* size
    var rank = 0
    while rank < size {
      let block = blocks.baseAddress! + rank
      let (items, offset) = (block.pointee.count, block.pointee.offset)
      // Places inside a buffer are bytes that an address can say.
      let bytes = offset &* MemoryLayout<Element>.stride
      guard
        _fastPath(
          UInt(bitPattern: offset) <= UInt(bitPattern: capacity) && UInt(bitPattern: bytes | items) <= UInt(CInt.max)
            && block.pointee.layout.fitsPlainly(items, in: capacity &- offset))
      else { return fillExactly(blocks, in: capacity, isReceiving: isReceiving, empty: empty) }
      counts[rank] = CInt(truncatingIfNeeded: items)
      offsets[rank] = CInt(truncatingIfNeeded: bytes)
      types[rank] = block.pointee.layout.handle
      rank &+= 1
    }
    return true
  }

  /// The same of any layouts, some perhaps without values.
  @inlinable @inline(never)
  func fillExactly<Element: Datatype>(
    _ blocks: UnsafeBufferPointer<LayoutBlock<Element>>, in capacity: Int, isReceiving: Bool, empty: CMPI_Datatype
  ) -> Bool {
    let first = isReceiving ? size : 0
    for rank in 0..<size {
      let (items, offset) = (blocks[rank].count, blocks[rank].offset)
      if items == 0 || (items > 0 && blocks[rank].layout.count == 0) {
        (numbers[first + rank], numbers[first + 2 * size + rank], types[first + rank]) = (0, 0, empty)
        continue
      }
      guard offset >= 0, offset <= capacity, offset &* MemoryLayout<Element>.stride <= Int(CInt.max),
        items <= Int(CInt.max), blocks[rank].layout.fits(items, in: capacity - offset, isReceiving: isReceiving)
      else { return false }
      numbers[first + rank] = CInt(items)
      numbers[first + 2 * size + rank] = CInt(offset * MemoryLayout<Element>.stride)
      types[first + rank] = blocks[rank].layout.handle
    }
    return true
  }
}

extension Communicator {
  /// Lends both sides of an exchange of layouts to a classic procedure, where that takes them.
  ///
  /// - Parameter body: The call. It is given the communicator, because one that it captured would be retained.
  /// - Returns: What the procedure returns; `nil` when it was not called, which the slower way then says why.
  @inlinable @inline(__always)
  final func lendSides<Element: Datatype, Outcome>(
    _ outgoing: [LayoutBlock<Element>], in given: Int, _ incoming: [LayoutBlock<Element>], in room: Int,
    _ body: (LayoutSides, CMPI_Comm) -> Outcome
  ) throws(MPIError) -> Outcome? {
    let (size, handle) = (size, handle)
    guard _fastPath(!cmpi_gate_is_closed() && outgoing.count == size && incoming.count == size) else { return nil }
    let empty = try WireCount(0, of: Element.self).type
    // Arrays that the closure of the temporary memory captured would be retained.
    return outgoing.withUnsafeBufferPointer { outgoing in
      incoming.withUnsafeBufferPointer { incoming in
        withUnsafeTemporaryAllocation(
          byteCount: LayoutSides.byteCount(for: size), alignment: MemoryLayout<CMPI_Datatype>.alignment
        ) { memory in
          let sides = LayoutSides(of: size, in: memory.baseAddress!)
          return sides.fill(outgoing, in: given, incoming, in: room, empty: empty) ? body(sides, handle) : nil
        }
      }
    }
  }

  /// The same for what is started, in memory that its request keeps.
  ///
  /// - Returns: The request; `nil` when the procedure was not called.
  @inlinable @inline(__always)
  final func startSides<Element: Datatype>(
    _ outgoing: [LayoutBlock<Element>], in given: Int, _ incoming: [LayoutBlock<Element>], in room: Int,
    _ procedure: StaticString, _ body: (LayoutSides, CMPI_Comm) -> CMPI_Started
  ) throws(MPIError) -> StartedBlocks? {
    let size = size
    guard _fastPath(!cmpi_gate_is_closed() && outgoing.count == size && incoming.count == size) else { return nil }
    let empty = try WireCount(0, of: Element.self).type
    guard let memory = cmpi_numbers_make(CInt(clamping: LayoutSides.numberCount(for: size)), nil) else { return nil }
    let sides = LayoutSides(of: size, in: memory)
    let isFilled = outgoing.withUnsafeBufferPointer { outgoing in
      incoming.withUnsafeBufferPointer { incoming in
        sides.fill(outgoing, in: given, incoming, in: room, empty: empty)
      }
    }
    guard _fastPath(isFilled) else {
      cmpi_numbers_drop(memory)
      return nil
    }
    let outcome = body(sides, handle)
    if _slowPath(outcome.code != 0) { cmpi_numbers_drop(memory) }
    return try started(procedure, outcome, keeping: UnsafePointer(memory))
  }

  final func wires<Element: Datatype>(
    _ blocks: [LayoutBlock<Element>], in capacity: Int, _ procedure: StaticString, isReceiving: Bool = false
  ) throws(MPIError) -> (counts: [Int64], offsets: [Int64], types: [CMPI_Datatype]) {
    guard blocks.count == size else {
      throw lengthError(procedure, "\(blocks.count) blocks were given, in a communicator of \(size)")
    }
    return try wires(ofAny: blocks, in: capacity, procedure, isReceiving: isReceiving)
  }

  /// The blocks as MPI reads them, however many there are.
  final func wires<Element: Datatype>(
    ofAny blocks: [LayoutBlock<Element>], in capacity: Int, _ procedure: StaticString, isReceiving: Bool
  ) throws(MPIError) -> (counts: [Int64], offsets: [Int64], types: [CMPI_Datatype]) {
    var result: (counts: [Int64], offsets: [Int64], types: [CMPI_Datatype]) = ([], [], [])
    result.counts.reserveCapacity(blocks.count)
    result.offsets.reserveCapacity(blocks.count)
    result.types.reserveCapacity(blocks.count)
    for block in blocks {
      let isPlaced = block.offset >= 0 && block.offset <= capacity
      // No room at all behind an offset that is outside.
      let wire = try block.layout.wireExactly(
        block.count, in: isPlaced ? capacity - block.offset : -1, procedure, self, isReceiving: isReceiving)
      result.counts.append(wire.count)
      result.offsets.append(isPlaced ? Int64(block.offset * MemoryLayout<Element>.stride) : 0)
      result.types.append(wire.type)
    }
    return result
  }
}
