/// One line of a report: a benchmark at one size.
public struct Row: Sendable {
  /// The benchmark and its form.
  public let benchmark: String
  public let door: String
  /// What the figures are in.
  public let unit: FigureUnit
  /// Bytes of a message, or of one rank's block.
  public let bytes: Int
  /// Calls in each measurement.
  public let calls: Int
  /// Seconds of one call, in C and in Swift.
  public let times: PairedComparison
  /// Seconds of one call in another language, where it was asked for, each beside those in C.
  public let others: [String: PairedComparison]
  /// Allocations in one call, where they were counted: in C and in Swift.
  public let allocations: (c: Double, swift: Double)?
  /// The part of a collective that was hidden behind computation, where that was measured: in C and in Swift.
  public let overlap: (c: Double, swift: Double)?

  public init(
    benchmark: String, door: String, unit: FigureUnit, bytes: Int, calls: Int, times: PairedComparison,
    others: [String: PairedComparison] = [:], allocations: (c: Double, swift: Double)? = nil,
    overlap: (c: Double, swift: Double)? = nil
  ) {
    self.benchmark = benchmark
    self.door = door
    self.unit = unit
    self.bytes = bytes
    self.calls = calls
    self.times = times
    self.others = others
    self.allocations = allocations
    self.overlap = overlap
  }

  /// The figure in C, from the median.
  public var c: Double { unit.value(seconds: times.reference.median, bytes: bytes) }

  /// The figure in Swift, from the median.
  public var swift: Double { unit.value(seconds: times.candidate.median, bytes: bytes) }

  /// The name of the benchmark with its form.
  public var name: String { door.isEmpty ? benchmark : "\(benchmark) (\(door))" }
}
