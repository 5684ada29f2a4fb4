public import CMPI

/// Which part of an array belongs to which rank: how many values, and where they begin.
///
/// The vector collectives take one for each side. ``even(_:among:)`` divides a number of values as evenly as possible.
public struct Blocks: Sendable, Equatable {
  /// How many values each rank has.
  public let counts: [Int]
  /// Where each rank's values begin, in values from the start of the array.
  public let offsets: [Int]
  /// Counts and offsets as the classic procedures read them.
  @usableFromInline let narrow: NarrowNumbers
  /// Where the furthest block ends, if they are narrow.
  @usableFromInline let end: Int
  /// The same, if they also lie one after the other; else -1.
  @usableFromInline let denseEnd: Int
  /// Keeps the narrow numbers.
  @usableFromInline let owner: NumbersOwner?

  /// Blocks with gaps, or in another order than the ranks.
  ///
  /// - Parameters:
  ///   - counts: How many values each rank has.
  ///   - offsets: Where they begin; as many as counts.
  public init(counts: [Int], offsets: [Int]) {
    self.counts = counts
    self.offsets = offsets
    (owner, end, denseEnd) = Self.narrowed(counts, offsets)
    narrow = NarrowNumbers(owner, size: counts.count)
  }

  /// What keeps the numbers of two for one request.
  func kept(with other: Blocks) -> Kept { Kept(RequestKeeper(KeptPair(owner, other.owner))) }

  /// Whether the counts and the offsets are the same. Local.
  public static func == (a: Blocks, b: Blocks) -> Bool { a.counts == b.counts && a.offsets == b.offsets }

  /// What the vector collectives would else find out at each call: whether all is well, and fits an `int`.
  ///
  /// A block of more than the largest `int` over the number of ranks does not: it may travel as a message of its own.
  private static func narrowed(_ counts: [Int], _ offsets: [Int]) -> (NumbersOwner?, Int, Int) {
    let size = counts.count
    guard size > 0, offsets.count == size else { return (nil, 0, -1) }
    var (end, isDense) = (0, true)
    for (count, offset) in zip(counts, offsets) where count != 0 {
      guard count > 0, count <= Int(CInt.max) / size, offset >= 0, offset <= Int(CInt.max) else {
        return (nil, 0, -1)
      }
      isDense = isDense && offset == end
      end = max(end, offset + count)
    }
    return (NumbersOwner(counts, offsets), end, isDense ? end : -1)
  }

  /// Blocks that lie one after the other.
  ///
  /// - Parameter counts: How many values each rank has.
  public init(counts: [Int]) {
    var offsets: [Int] = []
    offsets.reserveCapacity(counts.count)
    var next = 0
    for count in counts {
      offsets.append(next)
      next = next.addingReportingOverflow(count).partialValue
    }
    self.init(counts: counts, offsets: offsets)
  }

  /// The most even blocks: the first ranks have one value more where it does not come out.
  ///
  /// - Parameters:
  ///   - count: Values in all.
  ///   - size: Ranks to divide them among.
  public static func even(_ count: Int, among size: Int) -> Blocks {
    Blocks(counts: (0..<max(size, 0)).map { evenRange(of: count, rank: $0, among: size).count })
  }

  /// The part of `count` values that the most even division gives to one rank.
  public static func evenRange(of count: Int, rank: Int, among size: Int) -> Range<Int> {
    guard size > 0, count > 0 else { return 0..<0 }
    let (each, rest) = count.quotientAndRemainder(dividingBy: size)
    let start = rank * each + min(rank, rest)
    return start..<(start + each + (rank < rest ? 1 : 0))
  }

  /// Values in all blocks together.
  public var total: Int { counts.reduce(0) { $0.addingReportingOverflow($1).partialValue } }

  /// The blocks in units of MPI, as it reads them: the same arrays where a value is one unit.
  @frozen @usableFromInline
  struct Wire {
    @usableFromInline var counts: [Int]
    @usableFromInline var offsets: [Int]

    @inlinable
    init(counts: [Int], offsets: [Int]) {
      self.counts = counts
      self.offsets = offsets
    }

    /// Counts alone, each of so many units.
    @inlinable
    init(_ counts: [Int], units: Int) {
      self.init(counts: units == 1 ? counts : counts.map { $0 * units }, offsets: [])
    }

    /// Lends counts and offsets for one call; null where there are none.
    @inlinable @inline(__always)
    func lend<Result>(_ body: (UnsafePointer<Int64>?, UnsafePointer<Int64>?) -> Result) -> Result {
      counts.withUnsafeBufferPointer { counts in
        offsets.withUnsafeBufferPointer { offsets in body(Self.wire(counts), Self.wire(offsets)) }
      }
    }

    /// An `Int` lies in memory as an `Int64` does.
    @inlinable @inline(__always)
    static func wire(_ numbers: UnsafeBufferPointer<Int>) -> UnsafePointer<Int64>? {
      numbers.isEmpty ? nil : UnsafeRawPointer(numbers.baseAddress!).assumingMemoryBound(to: Int64.self)
    }
  }

  /// Lends counts and offsets to a classic procedure, where that takes them as they are and they lie inside a buffer.
  ///
  /// - Returns: What the procedure returns; `nil` when it was not called, which the slower way then says why.
  @inlinable @inline(__always)
  func lendNarrow<Element: Datatype, Outcome>(
    of _: Element.Type, in capacity: Int, _ communicator: Communicator,
    _ body: (UnsafePointer<CInt>, UnsafePointer<CInt>) -> Outcome?
  ) -> Outcome? {
    let isNarrow = Element.unitsPerValue == 1 && narrow.size == communicator.storedSize && end <= capacity
    guard _fastPath(isNarrow) else { return nil }
    return withExtendedLifetime(owner) { body(narrow.counts, narrow.offsets) }
  }

  /// The same for what is started, and then one more owner of the numbers, which its request lets go.
  @inlinable @inline(__always)
  func lendKept<Element: Datatype>(
    of _: Element.Type, in capacity: Int, _ communicator: Communicator,
    _ body: (UnsafePointer<CInt>, UnsafePointer<CInt>) -> CMPI_Started?
  ) -> CMPI_Started? {
    lendNarrow(of: Element.self, in: capacity, communicator) { counts, offsets in
      let outcome = body(counts, offsets)
      if let outcome, _fastPath(outcome.code == 0) { cmpi_numbers_keep(counts) }
      return outcome
    }
  }

  /// Whether they lie one after the other, so many values in all, of which so many are a rank's own.
  @inlinable @inline(__always)
  func isDense(in communicator: Communicator, _ own: Int, _ total: Int) -> Bool {
    guard denseEnd == total && narrow.size == communicator.storedSize else { return false }
    let rank = Int(UInt32(bitPattern: communicator.storedRank))
    return withExtendedLifetime(owner) { Int(narrow.counts[rank]) == own }
  }

  /// The counts, when the blocks lie one after the other.
  @usableFromInline
  func denseCounts(_ procedure: StaticString, _ communicator: Communicator) throws(MPIError) -> [Int] {
    guard self == Blocks(counts: counts) else {
      throw communicator.lengthError(procedure, "blocks were given that do not lie one after the other")
    }
    return counts
  }

  /// The blocks in units, when they are one for each rank and lie inside a buffer.
  @inlinable @inline(__always)
  func wire<Element: Datatype>(
    of _: Element.Type, in capacity: Int, _ procedure: StaticString, _ communicator: Communicator
  ) throws(MPIError) -> Wire {
    try wire(units: Element.unitsPerValue, in: capacity, procedure, communicator)
  }

  @usableFromInline
  func wire(
    units: Int, in capacity: Int, _ procedure: StaticString, _ communicator: Communicator
  ) throws(MPIError) -> Wire {
    let size = communicator.size
    guard counts.count == size, offsets.count == size else {
      throw communicator.lengthError(
        procedure, "\(counts.count) counts and \(offsets.count) offsets were given, in a communicator of \(size)")
    }
    return try wire(units: units, in: capacity, of: "rank", procedure, communicator)
  }

  /// The blocks in units, when they lie inside a buffer.
  ///
  /// - Parameter owner: Whose they are: ranks or neighbours.
  @usableFromInline
  func wire(
    units: Int, in capacity: Int, of owner: StaticString, _ procedure: StaticString, _ communicator: Communicator
  ) throws(MPIError) -> Wire {
    for rank in counts.indices where counts[rank] != 0 {
      let (end, isOverflow) = offsets[rank].addingReportingOverflow(counts[rank])
      guard counts[rank] > 0 else {
        throw MPIError(
          MPIError.count, procedure, communicator, message: "the count of \(owner) \(rank) is \(counts[rank])")
      }
      guard !isOverflow, offsets[rank] >= 0, end <= capacity else {
        throw communicator.lengthError(
          procedure,
          "the block of \(owner) \(rank), \(counts[rank]) values at \(offsets[rank]), is outside a buffer of \(capacity)"
        )
      }
    }
    if units == 1 { return Wire(counts: counts, offsets: offsets) }
    return Wire(counts: counts.map { $0 * units }, offsets: offsets.map { $0 * units })
  }

  /// The arrays in one, copied whole: `joined` would go element by element.
  @inlinable
  static func concatenated<Element>(_ arrays: [[Element]]) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(arrays.reduce(0) { $0 + $1.count })
    for array in arrays { result.append(contentsOf: array) }
    return result
  }

  /// No blocks: what the ranks that are not the root give.
  @inlinable
  static var none: Wire { Wire(counts: [], offsets: []) }
}
