import MPI
import MPITesting
import TestSupport
import Testing

/// What a layout says of itself, and which ones cannot be. No rank asks another.
@Suite(.ranked) struct LayoutTests {
  /// Made at each use: the leak sanitizer does not see what an enum of pointers keeps in a variable that lasts.
  static var shapes: [LayoutShape] {
    [
      .contiguous(0), .contiguous(1), .contiguous(7),
      .vector(count: 3, blockLength: 2, stride: 5), .vector(count: 3, blockLength: 2, stride: 2),
      .vector(count: 0, blockLength: 2, stride: 5), .vector(count: 3, blockLength: 0, stride: 5),
      .vector(count: 1, blockLength: 4, stride: 0),
      .vector(count: 3, blockLength: 2, stride: 1), .vector(count: 2, blockLength: 1, stride: 0),
      .indexed(counts: [], offsets: []), .indexed(counts: [2, 0, 3], offsets: [5, 100, 0]),
      .indexed(counts: [2, 2], offsets: [0, 1]), .indexed(counts: [1, 1], offsets: [4, 4]),
      .subarray(of: [6], start: [2], size: [3], isRowMajor: true),
      .subarray(of: [3, 4], start: [1, 1], size: [2, 2], isRowMajor: true),
      .subarray(of: [3, 4], start: [1, 1], size: [2, 2], isRowMajor: false),
      .subarray(of: [2, 3, 4], start: [0, 1, 2], size: [2, 1, 2], isRowMajor: true),
      .subarray(of: [2, 3, 4], start: [0, 1, 2], size: [2, 1, 2], isRowMajor: false),
      .subarray(of: [2, 2, 3, 2], start: [1, 0, 1, 0], size: [1, 2, 2, 1], isRowMajor: true),
      .subarray(of: [3, 4], start: [3, 0], size: [0, 4], isRowMajor: true),
      .subarray(of: [0, 4], start: [0, 0], size: [0, 2], isRowMajor: true),
      .resized(.contiguous(2), extent: 5), .resized(.vector(count: 3, blockLength: 1, stride: 4), extent: 1),
      .resized(.resized(.contiguous(2), extent: 9), extent: 3), .resized(.contiguous(2), extent: 0),
    ]
  }

  @Test(arguments: shapes) func whatTheySay(shape: LayoutShape) throws {
    let layout = try shape.make(Double.self)
    #expect(layout.count == shape.places.count)
    #expect(layout.extent == shape.extent)
    #expect(layout.reach == shape.reach())
    #expect(layout.hasOverlap == shape.hasOverlap)
  }

  /// Larger than any memory, and yet no mistake.
  @Test func largeLayouts() throws {
    let bytes = try Layout<UInt8>.contiguous(.max)
    #expect(bytes.count == .max && bytes.reach == .max)
    #expect(try Layout<UInt8>.contiguous(1 << 50).count == 1 << 50)
    #expect(try Layout<UInt8>.vector(count: 1 << 40, blockLength: 1 << 10, stride: 1 << 20).reach > 1 << 59)
    #expect(try Layout<Int>.vector(count: (1 << 31) + 7, stride: 2).count == (1 << 31) + 7)
    #expect(try Layout<UInt8>.vector(count: 1, blockLength: 1, stride: .max).reach == 1)
    #expect(try Layout<UInt8>.vector(count: 0, stride: .max).reach == 0)
    #expect(try Layout<UInt8>.indexed(Blocks(counts: [1 << 40, 0], offsets: [1 << 41, .max])).count == 1 << 40)
    let part = try Layout<UInt16>.subarray(of: [1 << 31, 1 << 30], start: [5, 7], size: [1 << 30, 1 << 29])
    #expect(part.count == 1 << 59 && part.extent == 1 << 61)
  }

  /// Layouts of elements that are several units of MPI, or have gaps.
  @Test func layoutsOfVectorsAndStructs() throws {
    #expect(try Layout<SIMD3<Float>>.contiguous(4).count == 4)
    #expect(try Layout<AffineMap>.vector(count: 3, blockLength: 2, stride: 3).reach == 8)
  }

  private static func refuses(
    _ name: String, _ make: @escaping @Sendable () throws -> Layout<Int>
  ) -> ErrorCase {
    ErrorCase(name, MPIError.argument) { _ = try make() }
  }

  static let impossible: [ErrorCase] = [
    refuses("a negative count") { try .contiguous(-1) },
    refuses("the least count") { try .contiguous(.min) },
    refuses("more bytes than an integer counts") { try .contiguous(.max) },
    refuses("vector, a negative count") { try .vector(count: -1, blockLength: 1, stride: 1) },
    refuses("vector, a negative block") { try .vector(count: 1, blockLength: -1, stride: 1) },
    refuses("vector, a negative stride") { try .vector(count: 1, blockLength: 1, stride: -1) },
    refuses("vector, more values than an integer counts") { try .vector(count: .max, blockLength: 2, stride: 2) },
    refuses("vector, an end beyond all integers") { try .vector(count: 3, blockLength: 1, stride: .max) },
    refuses("vector, an end beyond all addresses") { try .vector(count: 3, blockLength: 1, stride: 1 << 60) },
    refuses("vector, values in one place") { try .vector(count: .max, blockLength: 1, stride: 0) },
    refuses("indexed, a negative count") { try .indexed(Blocks(counts: [1, -1], offsets: [0, 1])) },
    refuses("indexed, a negative offset") { try .indexed(Blocks(counts: [1, 1], offsets: [0, -1])) },
    refuses("indexed, more counts than offsets") { try .indexed(Blocks(counts: [1, 1], offsets: [0])) },
    refuses("indexed, more offsets than counts") { try .indexed(Blocks(counts: [1], offsets: [0, 1])) },
    refuses("indexed, an end beyond all integers") { try .indexed(Blocks(counts: [2], offsets: [.max])) },
    refuses("indexed, an end beyond all addresses") { try .indexed(Blocks(counts: [1], offsets: [1 << 61])) },
    refuses("indexed, more values than an integer counts") {
      try .indexed(Blocks(counts: [1 << 59, 1 << 59, 1 << 59], offsets: [0, 0, 0]))
    },
    refuses("indexed, a sum that wraps") { try .indexed(Blocks(counts: [.max, .max], offsets: [0, 0])) },
    refuses("subarray, no dimension") { try .subarray(of: [], start: [], size: []) },
    refuses("subarray, starts for fewer dimensions") { try .subarray(of: [2, 2], start: [0], size: [1, 1]) },
    refuses("subarray, sizes for more dimensions") { try .subarray(of: [2], start: [0], size: [1, 1]) },
    refuses("subarray, a negative shape") { try .subarray(of: [-1], start: [0], size: [0]) },
    refuses("subarray, a negative start") { try .subarray(of: [2], start: [-1], size: [1]) },
    refuses("subarray, a negative size") { try .subarray(of: [2], start: [0], size: [-1]) },
    refuses("subarray, a start behind the end") { try .subarray(of: [2], start: [3], size: [0]) },
    refuses("subarray, a part that is too long") { try .subarray(of: [2, 3], start: [0, 2], size: [1, 2]) },
    refuses("subarray, an end beyond all integers") { try .subarray(of: [2], start: [1], size: [.max]) },
    refuses("subarray, a shape beyond all integers") {
      try .subarray(of: [1 << 40, 1 << 40], start: [0, 0], size: [1, 1])
    },
    refuses("subarray, a part beyond all integers") {
      try .subarray(of: [1 << 40, 1 << 40], start: [0, 0], size: [1 << 40, 1 << 40])
    },
    refuses("subarray, a start beyond all integers") {
      try .subarray(of: [.max, .max], start: [.max, .max], size: [0, 0])
    },
    refuses("subarray, more bytes than an integer counts") { try .subarray(of: [1 << 60], start: [0], size: [1]) },
    refuses("resized, a negative extent") { try Layout.contiguous(1).resized(extent: -1) },
    refuses("resized, more bytes than an integer counts") { try Layout.contiguous(1).resized(extent: .max) },
  ]

  @Test(arguments: impossible) func impossibleLayouts(_ mistake: ErrorCase) throws { try mistake.expectError() }

  /// Says that it is a number, and holds a reference.
  struct Pretender: Datatype {
    var text: String
    static var datatype: DatatypeHandle { .int64 }
  }

  @Test func referencesHaveNoLayout() throws {
    try ErrorCase("a reference", MPIError.type) { _ = try Layout<Pretender>.contiguous(1) }.expectError()
  }
}
