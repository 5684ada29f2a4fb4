import DistributedArrays
import Testing

@Suite struct NumPyRunsTests {
  private let folder: TemporaryFolder
  private let path: String

  /// A matrix of 6 rows and 10 columns with the elements 0 to 59.
  init() throws {
    folder = try TemporaryFolder()
    path = folder("m.npy")
    try NumPyFile.write((0..<60).map { Int32($0) }, shape: [6, 10], to: path)
  }

  private func read(_ runs: NumPyRuns, count: Int) throws -> [Int32] {
    let file = try NumPyFile(path: path)
    var elements = [Int32](repeating: -1, count: count)
    var span = elements.mutableSpan
    try file.read(into: &span, runs: runs)
    return elements
  }

  @Test func readsABlock() throws {
    let block = try read(NumPyRuns(start: 23, length: 3, stride: 10, count: 4), count: 12)
    #expect(block == [23, 24, 25, 33, 34, 35, 43, 44, 45, 53, 54, 55])
    let column = try read(NumPyRuns(start: 9, length: 1, stride: 10, count: 6), count: 6)
    #expect(column == [9, 19, 29, 39, 49, 59])
    let rows = try read(NumPyRuns(start: 20, length: 10, stride: 10, count: 2), count: 20)
    #expect(rows == Array(20..<40))
    let one = try read(NumPyRuns(start: 59, length: 1, stride: 0, count: 1), count: 1)
    #expect(one == [59])
    #expect(try read(NumPyRuns(start: 99, length: 0, stride: 1, count: 7), count: 0) == [])
  }

  @Test func readsWhatAnotherByteOrderHolds() throws {
    let bytes = header(dictionary(">u2", "(3, 2)")) + [0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 1, 6]
    let file = try NumPyFile(path: try folder.file(bytes))
    var elements: [UInt16] = [0, 0, 0]
    do {
      var span = elements.mutableSpan
      try file.read(into: &span, runs: NumPyRuns(start: 1, length: 1, stride: 2, count: 3))
    }
    #expect(elements == [2, 4, 262])
  }

  @Test(arguments: [
    NumPyRuns(start: 24, length: 3, stride: 10, count: 5), NumPyRuns(start: 58, length: 3, stride: 0, count: 1),
    NumPyRuns(start: -1, length: 3, stride: 10, count: 2), NumPyRuns(start: 0, length: 3, stride: 2, count: 2),
    NumPyRuns(start: 0, length: 3, stride: -3, count: 2), NumPyRuns(start: 0, length: -3, stride: 3, count: -2),
    NumPyRuns(start: .max, length: 3, stride: 3, count: 2), NumPyRuns(start: 0, length: .max, stride: .max, count: 3),
    NumPyRuns(start: 0, length: 3, stride: .max, count: 2), NumPyRuns(start: 0, length: 100, stride: 0, count: 1),
    NumPyRuns(start: 0, length: .max, stride: 1, count: .max), NumPyRuns(start: 0, length: 1, stride: .max, count: 15),
  ])
  func refusesRunsOutside(runs: NumPyRuns) throws {
    let total = runs.length.multipliedReportingOverflow(by: runs.count).partialValue
    let count = (0...100).contains(total) ? total : 15
    #expect(code { _ = try read(runs, count: count) } == .outOfRange)
    let partial = NumPyPartialFile(replacing: folder("n.npy"))
    try partial.create(kind: .int32, shape: [6, 10])
    let writer = try partial.open()
    #expect(
      code { try writer.write([Int32](repeating: 7, count: count), runs: runs) } == .outOfRange)
    try partial.discard()
  }

  @Test func refusesASpanOfAnotherLength() {
    #expect(code { _ = try read(NumPyRuns(start: 0, length: 2, stride: 10, count: 3), count: 5) } == .outOfRange)
    #expect(code { _ = try read(NumPyRuns(start: 0, length: 2, stride: 10, count: 3), count: 7) } == .outOfRange)
  }

  @Test func writesBlocksThatMakeAMatrix() throws {
    let partial = NumPyPartialFile(replacing: folder("n.npy"))
    try partial.create(kind: .int32, shape: [4, 6])
    // Four processes in a grid of 2 × 2, each with a block of 2 × 3.
    for rank in 0..<4 {
      let writer = try partial.open()
      let start = (rank / 2) * 12 + (rank % 2) * 3
      try writer.write(
        [Int32](repeating: Int32(rank), count: 6), runs: NumPyRuns(start: start, length: 3, stride: 6, count: 2))
      try writer.close()
    }
    try partial.publish()
    let upper: [Int32] = [0, 0, 0, 1, 1, 1]
    let lower: [Int32] = [2, 2, 2, 3, 3, 3]
    #expect(try NumPyFile(path: folder("n.npy")).readAll(Int32.self) == upper + upper + lower + lower)
  }
}
