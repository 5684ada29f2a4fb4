import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Products that cannot be: all ranks say so, together.
@Suite(.ranks(1, 2, 3, 7)) struct MatrixProductErrorTests {
  private func zeros(_ rows: Int, _ columns: Int, on communicator: Communicator = world) throws
    -> DistributedMatrix<Double>
  {
    try DistributedMatrix(
      repeating: 0, as: .rows([rows, columns], among: communicator.size), on: communicator)
  }

  private func expect(_ code: DistributedArrayError.Code, _ body: () throws -> Void) throws {
    let error = #expect(throws: MPIError.self) { try body() }
    #expect(error?.isAgreed == true)
    if world.isRoot { #expect((error?.underlying as? DistributedArrayError)?.code == code) }
  }

  @Test func shapesThatDoNotMatch() throws {
    let (a, b) = (try zeros(4, 5), try zeros(4, 5))
    try expect(.shapeMismatch) { _ = try a.multiplied(by: b) }
    try expect(.shapeMismatch) {
      var result = try zeros(4, 5)
      try DistributedMatrix.multiply(a, by: b, .transposed, into: &result)
    }
    #expect(try DistributedMatrix.product(of: a, by: b, .transposed).shape == [4, 4])
  }

  @Test func aPlanForSomethingElse() throws {
    let (a, b) = (try zeros(4, 5), try zeros(5, 6))
    let other = try ProductPlan(rows: 4, inner: 5, columns: 7, ranks: world.size, elementSize: 8)
    try expect(.shapeMismatch) { _ = try a.multiplied(by: b, plan: other) }
    let larger = ProductPlan(
      rows: 4, inner: 5, columns: 6, ranks: world.size + 1, elementSize: 8,
      grid: .init(rows: world.size + 1, columns: 1))
    try expect(.shapeMismatch) { _ = try a.multiplied(by: b, plan: larger) }
  }

  @Test func otherProcesses() throws {
    let reversed = try #require(try world.split(color: 0, key: -world.rank.index))
    let (a, b) = (try zeros(4, 5), try zeros(5, 4, on: reversed))
    if world.size > 1 {
      try expect(.communicatorMismatch) { _ = try a.multiplied(by: b) }
    }
    let congruent = try world.duplicate()
    #expect(try a.multiplied(by: zeros(5, 4, on: congruent)).shape == [4, 4])
  }
}
