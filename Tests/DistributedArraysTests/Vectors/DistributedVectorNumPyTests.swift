import ComplexModule
import DistributedArrays
import Foundation
import MPI
import MPITesting
import TestSupport
import Testing

/// Vectors in files: read and written by all ranks at once, and failures that all ranks see.
@Suite(.ranked) struct DistributedVectorNumPyTests {
  @Test(arguments: DistributedVectorTests.lengths) func roundTrip(count: Int) throws {
    try withSharedTemporaryDirectory { folder in
      let path = folder + "/x.npy"
      let vector = DistributedVector(count: count, on: world) { Complex(Double($0), -Double($0)) }
      try vector.write(to: path)
      let back = try DistributedVector<Complex<Double>>(contentsOf: path, on: world)
      #expect(back.count == count)
      for index in vector.localElements.indices { #expect(back.localElements[index] == vector.localElements[index]) }
      // As one process sees it.
      #expect(try NumPyFile(path: path).readAll() == (0..<count).map { Complex(Double($0), -Double($0)) })
      #expect(try contents(folder) == ["x.npy"])
    }
  }

  @Test func shapes() throws {
    try withSharedTemporaryDirectory { folder in
      let vector = DistributedVector<Int32>(count: 12, on: world) { Int32($0) }
      try vector.write(to: folder + "/m.npy", shape: [3, 4], isFortranOrder: true)
      let file = try NumPyFile(path: folder + "/m.npy")
      #expect(file.header.shape == [3, 4] && file.header.isFortranOrder)
      let error = #expect(throws: MPIError.self) { try vector.write(to: folder + "/n.npy", shape: [5]) }
      if world.isRoot { #expect((error?.underlying as? DistributedArrayError)?.code == .lengthMismatch) }
      #expect(try fails(.invalidShape) { try vector.write(to: folder + "/n.npy", shape: [-12]) })
      #expect(try contents(folder) == ["m.npy"])
    }
  }

  @Test func aFileMissingOnOneRankFailsOnAll() throws {
    try withSharedTemporaryDirectory { folder in
      try DistributedVector(repeating: 1.5, count: 10, on: world).write(to: folder + "/x.npy")
      let last = world.rank.index == world.size - 1
      let error = #expect(throws: MPIError.self) {
        try DistributedVector<Double>(contentsOf: folder + (last ? "/y.npy" : "/x.npy"), on: world)
      }
      #expect(error?.isAgreed == true)
      if last { #expect((error?.underlying as? NumPyError)?.code == .missingFile) }
    }
  }

  @Test func filesThatDifferFailOnAll() throws {
    try withSharedTemporaryDirectory { folder in
      try DistributedVector(repeating: 1.5, count: 10, on: world).write(to: folder + "/x.npy")
      try DistributedVector(repeating: 1.5, count: 11, on: world).write(to: folder + "/y.npy")
      guard world.size > 1 else { return }
      let error = #expect(throws: MPIError.self) {
        try DistributedVector<Double>(contentsOf: folder + (world.isRoot ? "/y.npy" : "/x.npy"), on: world)
      }
      #expect(error?.isAgreed == true)
    }
  }

  @Test func failedWritingLeavesNothingBehind() throws {
    struct Refused: Error {}
    try withSharedTemporaryDirectory { folder in
      let path = folder + "/x.npy"
      try DistributedVector(repeating: 1.5, count: 10, on: world).write(to: path)
      let other = DistributedVector(repeating: 2.5, count: 20, on: world)
      for refusing in world.ranks {
        let error = #expect(throws: MPIError.self) {
          try other.write(to: path) { unfinished in
            #expect(try NumPyFile(path: unfinished).header.count == 20)
            if world.rank == refusing { throw Refused() }
          }
        }
        #expect(error?.isAgreed == true)
        #expect((error?.underlying is Refused) == (world.rank == refusing))
      }
      try world.barrier()
      #expect(try contents(folder) == ["x.npy"])
      #expect(try DistributedVector<Double>(contentsOf: path, on: world).count == 10)
      #expect(try fails(.missingFile) { try other.write(to: folder + "/nowhere/x.npy") })
      #expect(try fails(.typeMismatch) { try DistributedVector<Float>(contentsOf: path, on: world) })
    }
  }

  private func contents(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  /// Whether work fails on all ranks, with a cause that the lowest of them knows.
  private func fails<Result>(_ code: NumPyError.Code, _ work: () throws -> Result) throws -> Bool {
    do {
      _ = try work()
      return false
    } catch let error as MPIError {
      return error.isAgreed && (!world.isRoot || (error.underlying as? NumPyError)?.code == code)
    }
  }
}
