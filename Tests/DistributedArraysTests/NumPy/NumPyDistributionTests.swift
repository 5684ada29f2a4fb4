import ComplexModule
import DistributedArrays
import MPI
import MPITesting
import TestSupport
import Testing

/// Arrays of any distribution in files of either order.
@Suite(.ranked) struct NumPyDistributionTests {
  @Test func randomDistributions() throws {
    try withSharedTemporaryDirectory { folder in
      for seed in 0..<12 {
        var dice = Dice(seed &* 23 &+ world.size)
        let shape = dice.shape()
        let source = try dice.distribution(shape, ranks: world.size)
        let target = try dice.distribution(shape, ranks: world.size)
        let path = folder + "/\(seed).npy"
        let note = "seed \(seed), \(source) to \(target)"
        let isFortranOrder = seed % 2 == 1
        let array = try DistributedArray(as: source, on: world) { Complex(Float(linear($0, shape)), 0) }
        try array.write(to: path, isFortranOrder: isFortranOrder)
        let back = try DistributedArray<Complex<Float>>(contentsOf: path, on: world) { _ in target }
        #expect(back.distribution == target && back.isLocally { Complex(Float(linear($0, shape)), 0) }, "\(note)")
        let file = try NumPyFile(path: path)
        #expect(file.header.shape == shape && file.header.isFortranOrder == isFortranOrder)
        let backwards = Array(shape.reversed())
        let elements =
          isFortranOrder ? indices(backwards).map { linear($0.reversed(), shape) } : Array(0..<source.count)
        #expect(try file.readAll() == elements.map { Complex<Float>(Float($0), 0) }, "\(note)")
      }
    }
  }

  @Test func longStretches() throws {
    // Wide enough that each rank reads and writes its own columns.
    try withSharedTemporaryDirectory { folder in
      let grid = try ProcessGrid(rows: 1, columns: world.size, on: world)
      let shape = [5, 1200 * world.size]
      let matrix = try DistributedMatrix<Double>(rows: shape[0], columns: shape[1], on: grid) {
        Double($0 * 10_000 + $1)
      }
      for isFortranOrder in [false, true] {
        let path = folder + "/\(isFortranOrder).npy"
        try matrix.write(to: path, isFortranOrder: isFortranOrder)
        let back = try DistributedMatrix<Double>(contentsOf: path, on: grid)
        #expect(back.distribution == matrix.distribution && back.isLocally { Double($0[0] * 10_000 + $0[1]) })
        let rows = try DistributedMatrix<Double>(contentsOf: path, on: world) { try .rows($0, among: world.size) }
        #expect(rows.isLocally { Double($0[0] * 10_000 + $0[1]) })
      }
      let copies = try matrix.redistributed(to: .replicated(shape, among: world.size))
      try copies.write(to: folder + "/copies.npy")
      #expect(try NumPyFile(path: folder + "/copies.npy").readAll() == copies.gatheredEverywhere())
    }
  }

  @Test func mistakes() throws {
    try withSharedTemporaryDirectory { folder in
      let path = folder + "/v.npy"
      try DistributedVector(repeating: 1.5, count: 10, on: world).write(to: path)
      let matrix = #expect(throws: MPIError.self) {
        try DistributedMatrix<Double>(contentsOf: path, on: ProcessGrid(line: world))
      }
      #expect(matrix?.isAgreed == true)
      if world.isRoot, let matrix { #expect(DistributedArrayError.Code.shapeMismatch ~= matrix) }
      let type = #expect(throws: MPIError.self) {
        try DistributedArray<Int8>(contentsOf: path, on: ProcessGrid(line: world))
      }
      #expect(type?.isAgreed == true)
      let shape = #expect(throws: MPIError.self) {
        try DistributedArray<Double>(contentsOf: path, on: world) { _ in try .rows([11], among: 1) }
      }
      #expect(shape?.isAgreed == true)
      let missing = #expect(throws: MPIError.self) {
        try DistributedArray<Double>(contentsOf: folder + "/none.npy", on: ProcessGrid(line: world))
      }
      #expect(missing?.isAgreed == true)
    }
  }

  @Test func text() throws {
    let grid = try ProcessGrid.balanced(dimensions: 2, for: [100, 5], on: world)
    let matrix = try DistributedMatrix<Int>(rows: 100, columns: 5, on: grid) { 10 * $0 + $1 }
    let expected = """
      [[  0   1 ...   3   4]
       [ 10  11 ...  13  14]
       ...
       [980 981 ... 983 984]
       [990 991 ... 993 994]]
      Int \(matrix.distribution)
      """
    #expect(try matrix.formatted(edge: 2) == (world.isRoot ? expected : nil))
    #expect(
      try matrix.formatted(edge: 3)?.hasPrefix("[[  0   1   2   3   4]\n [ 10  11  12  13  14]\n") ?? !world.isRoot)
    let last = world.size - 1
    let vector = DistributedVector(count: 1000, on: world) { Float($0) }
    let line = try vector.formatted(to: Rank(last), edge: 2)
    #expect(line == (world.rank.index == last ? "[  0.0   1.0 ... 998.0 999.0]\nFloat \(vector.distribution)" : nil))
    let empty = try DistributedMatrix<Double>(repeating: 0, rows: 0, columns: 3, on: grid)
    #expect(try empty.formatted() == (world.isRoot ? "[]\nDouble \(empty.distribution)" : nil))
  }
}
