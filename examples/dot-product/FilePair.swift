import DistributedArrays
import ExampleSupport
import Foundation
import MPI

/// The names of two files, and what the header of the first says.
struct FilePair {
  let x: String
  let y: String
  let header: NumPyHeader

  /// Checks that two files hold arrays that can be multiplied, and that the output is neither of them.
  ///
  /// Collective: a mistake is thrown on all ranks, agreed.
  ///
  /// - Returns: The header of the first file.
  static func commonHeader(
    _ x: String, _ y: String, output: String?, on world: Communicator
  ) throws -> NumPyHeader {
    try world.agree {
      let xHeader = try NumPyFile(path: x).header
      let yHeader = try NumPyFile(path: y).header
      if xHeader.kind != yHeader.kind {
        throw ExampleError(
          "The elements of \(x) are \(xHeader.kind), those of \(y) are \(yHeader.kind). "
            + "Convert one of the arrays, with a.astype(…) in NumPy.")
      }
      if xHeader.shape != yHeader.shape {
        throw ExampleError(
          "\(x) has the shape \(tuple(xHeader.shape)), \(y) has \(tuple(yHeader.shape)): "
            + "the arrays must have the same length and shape.")
      }
      if xHeader.isFortranOrder != yHeader.isFortranOrder, xHeader.hasOrder {
        throw ExampleError(
          "\(xHeader.isFortranOrder ? x : y) is in column-major (Fortran) order and the other array is not. "
            + "Write it again with np.ascontiguousarray(…).")
      }
      if let output, isSame(output, x) || isSame(output, y) {
        throw ExampleError("\(output) is one of the inputs. Choose another name for the output.")
      }
      return xHeader
    }
  }

  private static func isSame(_ path: String, _ other: String) -> Bool {
    let paths = [path, other].map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    return paths[0] == paths[1]
  }

  private static func tuple(_ shape: [Int]) -> String {
    "(\(shape.map(String.init).joined(separator: ", "))\(shape.count == 1 ? "," : ""))"
  }
}

extension NumPyHeader {
  /// Whether row-major and column-major order differ.
  fileprivate var hasOrder: Bool { count > 0 && shape.count { $0 > 1 } > 1 }
}
