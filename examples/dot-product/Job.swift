import DistributedArrays
import ExampleSupport
import MPI

/// The work: read, multiply, check, write.
struct Job<Source: Input> {
  typealias Element = Source.Element

  let input: Source
  let world: Communicator
  let repetitions: Int
  let verifies: Bool
  let output: String?

  /// Does everything. Collective; a failure is thrown on all ranks, agreed.
  func run(writingInputsTo folder: String?) throws -> Report {
    let share = Blocks.evenRange(of: input.count, rank: world.rank.index, among: world.size).count
    try world.requireMemory(2 * share * MemoryLayout<Element>.stride)
    var (x, y) = try input.vectors(on: world)
    if let folder {
      try x.write(to: folder + "/x.npy")
      try y.write(to: folder + "/y.npy")
    }

    let (sum, seconds) = try world.measured(repetitions: repetitions) { try x.dot(y) }
    let part = Element.dotProductPart(x.localElements, y.localElements)
    let parts = try world.gather(part, to: 0) ?? []

    var checks: [String] = []
    if verifies { checks.append(try Element.verify(sum, x, y)) }
    if let output {
      // In place: no third array.
      try x.multiply(by: y)
      try x.write(to: output, shape: input.shape, isFortranOrder: input.isFortranOrder) { path in
        if verifies { try check(path, range: x.localRange) }
      }
      if verifies { checks.append("\(output) was read again: every product is right") }
    }
    return Report(
      result: Element.json(sum), length: input.count, ranks: world.size, kind: Element.numPyKind, seconds: seconds,
      partials: parts.map { Element.dotProduct($0).map(Element.json) ?? .null }, checks: checks, output: output,
      peakMemory: try world.peakMemory())
  }

  /// Reads this rank's part of the products, and of the inputs once more, a little at a time. Local.
  private func check(_ path: String, range: Range<Int>) throws {
    let file = try NumPyFile(path: path)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 1 << 18) {
      let piece = start..<min(start + 1 << 18, range.upperBound)
      let products = try file.read(Element.self, range: piece)
      let (x, y) = try input.elements(piece)
      for index in products.indices where !Element.isProduct(products[index], of: x[index], y[index]) {
        throw ExampleError(
          "Element \(start + index) of \(file.path) is \(products[index]), and not the product of \(x[index]) and "
            + "\(y[index]).")
      }
    }
  }
}
