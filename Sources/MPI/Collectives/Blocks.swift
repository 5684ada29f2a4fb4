/// Which part of an array belongs to which rank: how many values, and where they begin.
///
/// The vector collectives take one for each side. ``even(_:among:)`` divides a number of values as evenly as possible.
public struct Blocks: Sendable, Equatable {
  /// How many values each rank has.
  public let counts: [Int]
  /// Where each rank's values begin, in values from the start of the array.
  public let offsets: [Int]

  /// Blocks with gaps, or in another order than the ranks.
  ///
  /// - Parameters:
  ///   - counts: How many values each rank has.
  ///   - offsets: Where they begin; as many as counts.
  public init(counts: [Int], offsets: [Int]) {
    self.counts = counts
    self.offsets = offsets
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

  /// The blocks in units of MPI, as it reads them.
  struct Wire {
    var counts: [Int64]
    var offsets: [Int64]
  }

  /// The blocks in units, when they are one for each rank and lie inside a buffer.
  func wire<Element: Datatype>(
    of _: Element.Type, in capacity: Int, _ procedure: StaticString, _ communicator: Communicator
  ) throws(MPIError) -> Wire {
    let size = communicator.size
    guard counts.count == size, offsets.count == size else {
      throw communicator.lengthError(
        procedure, "\(counts.count) counts and \(offsets.count) offsets were given, in a communicator of \(size)")
    }
    let units = Element.unitsPerValue
    for rank in 0..<size where counts[rank] != 0 {
      let (end, isOverflow) = offsets[rank].addingReportingOverflow(counts[rank])
      guard counts[rank] > 0 else {
        throw MPIError(
          MPIError.count, procedure, communicator, message: "the count of rank \(rank) is \(counts[rank])")
      }
      guard !isOverflow, offsets[rank] >= 0, end <= capacity else {
        throw communicator.lengthError(
          procedure,
          "the block of rank \(rank), \(counts[rank]) values at \(offsets[rank]), is outside a buffer of \(capacity)")
      }
    }
    return Wire(
      counts: counts.map { Int64($0) * Int64(units) }, offsets: offsets.map { Int64($0) * Int64(units) })
  }

  /// The arrays in one, copied whole: `joined` would go element by element.
  static func concatenated<Element>(_ arrays: [[Element]]) -> [Element] {
    var result: [Element] = []
    result.reserveCapacity(arrays.reduce(0) { $0 + $1.count })
    for array in arrays { result.append(contentsOf: array) }
    return result
  }

  /// No blocks: what the ranks that are not the root give.
  static let none = Wire(counts: [], offsets: [])
}
