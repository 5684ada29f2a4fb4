import ComplexModule
import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Products of matrices and vectors, and outer products, against their definition.
@Suite(.ranks(1, 2, 3, 4, 6, 7)) struct MatrixVectorTests {
  private func anyVectorDistribution(_ count: Int, _ draw: inout Draw) throws -> Distribution {
    switch draw.below(4) {
    case 0: return try .rows([count], among: world.size)
    case 1: return try .replicated([count], among: world.size)
    case 2: return try .onRoot([count])
    default: return try .blockCyclic([count], blocks: [1 + draw.below(3)], grid: [world.size])
    }
  }

  private func anyProducts<Element: WholeElement>(_: Element.Type, seed: UInt64, trials: Int) throws {
    var draw = Draw(seed: seed)
    for trial in 0..<trials {
      let (rows, columns) = (draw.pick(MatrixProductTests.extents), draw.pick(MatrixProductTests.extents))
      let operation = draw.pick(MatrixOperation.allCases)
      let alpha = Element.whole(1 + draw.below(3), draw.below(2))
      let a = WholeMatrix<Element>(rows: rows, columns: columns, stream: 0)
      let (m, n) = operation.isTransposing ? (columns, rows) : (rows, columns)
      let x = WholeMatrix<Element>(rows: n, columns: 1, stream: 1)
      let y = WholeMatrix<Element>(rows: m, columns: 1, stream: 2)
      let matrix = try a.distributed(as: anyDistribution([rows, columns], &draw))
      let comment: Comment =
        "seed \(seed), trial \(trial): \(rows) × \(columns), \(operation), \(matrix.distribution), \(alpha)"
      let vector = try DistributedVector<Element>(as: anyVectorDistribution(n, &draw), on: world) {
        x.element($0[0], 0)
      }
      let product = try matrix.multiplied(operation, by: vector, alpha: alpha).gatheredEverywhere()
      let expected = (0..<m).map { row in
        Element.multiple(
          alpha,
          (0..<n).reduce(Element.zero) { sum, term in
            .sum(sum, .multiple(a.element(row, term, after: operation), x.element(term, 0)))
          })
      }
      #expect(product == expected, comment)

      let other = try DistributedVector<Element>(as: anyVectorDistribution(m, &draw), on: world) {
        y.element($0[0], 0)
      }
      let distribution = draw.below(2) == 0 ? nil : try anyDistribution([m, n], &draw)
      let outer = try DistributedMatrix(outerProductOf: other, vector, alpha: alpha, as: distribution)
      #expect(distribution == nil || outer.distribution == distribution)
      var local = 0
      var wrong = 0
      let elements = outer.localElements
      for row in outer.localRows {
        for column in outer.localColumns {
          let expected = Element.multiple(alpha, .multiple(y.element(row, 0), x.element(column, 0)))
          if elements[local] != expected { wrong += 1 }
          local += 1
        }
      }
      #expect(wrong == 0, comment)
    }
  }

  @Test func doubles() throws { try anyProducts(Double.self, seed: 11, trials: 16) }
  @Test func complexNumbers() throws { try anyProducts(Complex<Float>.self, seed: 12, trials: 10) }
  @Test func integers() throws { try anyProducts(Int32.self, seed: 13, trials: 8) }

  @Test func rowsGiveEvenBlocks() throws {
    let matrix = try DistributedMatrix<Double>(
      as: .rows([10, 4], among: world.size), on: world
    ) { Double($0 + $1) }
    let x = DistributedVector<Double>(repeating: 1, count: 4, on: world)
    let y = try matrix.multiplied(by: x)
    #expect(y.localRange == Blocks.evenRange(of: 10, rank: world.rank.index, among: world.size))
  }

  @Test func lengthsThatDoNotMatch() throws {
    let matrix = try DistributedMatrix<Double>(repeating: 0, as: .rows([10, 4], among: world.size), on: world)
    let x = DistributedVector<Double>(repeating: 1, count: 10, on: world)
    let error = #expect(throws: MPIError.self) { try matrix.multiplied(by: x) }
    #expect(error?.isAgreed == true)
    if world.isRoot { #expect((error?.underlying as? DistributedArrayError)?.code == .shapeMismatch) }
    #expect(try matrix.multiplied(.transposed, by: x).count == 4)
  }
}
