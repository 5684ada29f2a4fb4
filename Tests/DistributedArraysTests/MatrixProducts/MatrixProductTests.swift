import ComplexModule
import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Products of matrices over the ranks, against their definition.
@Suite(.ranks(1, 2, 3, 4, 5, 6, 7, 8, 9)) struct MatrixProductTests {
  static let extents = [0, 1, 2, 3, 5, 7, 8, 13, 16, 31]

  /// Compares a result, wherever it is, with α · op(A) · op(B) + β · C.
  private func expect<Element: WholeElement>(
    _ result: DistributedMatrix<Element>, _ a: WholeMatrix<Element>, _ aOperation: MatrixOperation,
    _ b: WholeMatrix<Element>, _ bOperation: MatrixOperation, _ inner: Int, alpha: Element, beta: Element,
    _ c: WholeMatrix<Element>, _ comment: Comment
  ) {
    var wrong = 0
    var local = 0
    let elements = result.localElements
    for row in result.localRows {
      for column in result.localColumns {
        var sum = Element.zero
        for term in 0..<inner {
          sum = .sum(
            sum, .multiple(a.element(row, term, after: aOperation), b.element(term, column, after: bOperation)))
        }
        let expected = Element.sum(.multiple(alpha, sum), .multiple(beta, c.element(row, column)))
        if elements[local] != expected { wrong += 1 }
        local += 1
      }
    }
    #expect(wrong == 0, comment)
  }

  private func anyProducts<Element: WholeElement>(_: Element.Type, seed: UInt64, trials: Int) throws {
    var draw = Draw(seed: seed)
    for trial in 0..<trials {
      let (m, k, n) = (draw.pick(Self.extents), draw.pick(Self.extents), draw.pick(Self.extents))
      let (aOperation, bOperation) = (draw.pick(MatrixOperation.allCases), draw.pick(MatrixOperation.allCases))
      let alpha = Element.whole(draw.below(4) - 1, draw.below(3) - 1)
      let beta = draw.pick([Element.zero, .zero, 1, .whole(2, -1)])
      let a = WholeMatrix<Element>(
        rows: aOperation.isTransposing ? k : m, columns: aOperation.isTransposing ? m : k, stream: 0)
      let b = WholeMatrix<Element>(
        rows: bOperation.isTransposing ? n : k, columns: bOperation.isTransposing ? k : n, stream: 1)
      let c = WholeMatrix<Element>(rows: m, columns: n, stream: 2)
      let left = try a.distributed(as: anyDistribution([a.rows, a.columns], &draw))
      let right = try b.distributed(as: anyDistribution([b.rows, b.columns], &draw))
      var result = try c.distributed(as: anyDistribution([m, n], &draw))
      let distribution = result.distribution
      let comment: Comment =
        "seed \(seed), trial \(trial): \(m) × \(k) × \(n), \(aOperation), \(bOperation), \(alpha), \(beta), \(distribution)"
      try DistributedMatrix.multiply(
        left, aOperation, by: right, bOperation, alpha: alpha, into: &result, beta: beta)
      #expect(result.distribution == distribution)
      expect(result, a, aOperation, b, bOperation, k, alpha: alpha, beta: beta, c, comment)
    }
  }

  @Test func doubles() throws { try anyProducts(Double.self, seed: 1, trials: 24) }
  @Test func floats() throws { try anyProducts(Float.self, seed: 2, trials: 8) }
  @Test func complexNumbers() throws { try anyProducts(Complex<Double>.self, seed: 3, trials: 16) }
  @Test func singleComplexNumbers() throws { try anyProducts(Complex<Float>.self, seed: 4, trials: 8) }
  @Test func integers() throws {
    try anyProducts(Int32.self, seed: 5, trials: 12)
    try anyProducts(Int8.self, seed: 6, trials: 6)
    try anyProducts(UInt64.self, seed: 7, trials: 6)
  }

  /// Every grid there is, also with more ranks than rows, from operands where the plan has them: what is sent is what the plan says, on every rank.
  @Test(arguments: [[13, 21, 10], [2, 3, 1], [0, 4, 5]]) func everyGridMovesWhatItsPlanSays(shape: [Int]) throws {
    let (m, k, n) = (shape[0], shape[1], shape[2])
    let a = WholeMatrix<Double>(rows: m, columns: k, stream: 0)
    let b = WholeMatrix<Double>(rows: k, columns: n, stream: 1)
    for rows in 1...world.size {
      for columns in 1...(world.size / rows) {
        let layers = world.size / rows / columns
        for isStreaming in [false, true] {
          let plan = ProductPlan(
            rows: m, inner: k, columns: n, ranks: world.size, elementSize: 8,
            grid: .init(rows: rows, columns: columns, layers: layers), isStreaming: isStreaming)
          let left = try a.distributed(as: plan.left)
          let right = try b.distributed(as: plan.right)
          var result = try DistributedMatrix<Double>(repeating: .nan, as: plan.result, on: world)
          var shares: [Double] = []
          let statistics = try DistributedMatrix.multiply(left, by: right, into: &result, plan: plan) {
            shares.append($0)
          }
          #expect(statistics.bytesSent == plan.bytesSent(by: world.rank), "\(plan)")
          #expect(statistics.bytesReceived == plan.bytesReceived(by: world.rank), "\(plan)")
          #expect(statistics.redistributedBytes == 0)
          #expect(shares == shares.sorted() && shares.last ?? 1 == 1, "\(shares)")
          expect(result, a, .none, b, .none, k, alpha: 1, beta: 0, a, "\(plan), streaming \(isStreaming)")
        }
      }
    }
  }

  /// Long enough for several slices of a multiplication, with what is not whole.
  @Test func longSums() throws {
    let (m, k, n) = (5, 4100, 6)
    let a = WholeMatrix<Double>(rows: m, columns: k, stream: 0)
    let b = WholeMatrix<Double>(rows: k, columns: n, stream: 1)
    let left = try a.distributed(as: .rows([m, k], among: world.size))
    let right = try b.distributed(as: .columns([k, n], among: world.size))
    let product = try left.multiplied(by: right)
    expect(product, a, .none, b, .none, k, alpha: 1, beta: 0, a, "\(product.distribution)")
  }

  @Test func aMatrixTimesItselfIntoItself() throws {
    let a = WholeMatrix<Double>(rows: 9, columns: 9, stream: 0)
    var matrix = try a.distributed(as: .rows([9, 9], among: world.size))
    let before = matrix
    try DistributedMatrix.multiply(matrix, .transposed, by: matrix, into: &matrix, beta: 1)
    expect(matrix, a, .transposed, a, .none, 9, alpha: 1, beta: 1, a, "into itself")
    let kept = try a.distributed(as: before.distribution)
    let isKept = before.localElements.withUnsafeBufferPointer { old in
      kept.localElements.withUnsafeBufferPointer { old.elementsEqual($0) }
    }
    #expect(isKept)
  }
}
