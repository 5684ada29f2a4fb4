import DistributedArrays
import ExampleSupport
import MPI
import MatrixExampleSupport

/// Where the two matrices come from.
enum Input {
  case random(seed: UInt64)
  case files(FilePair)
}

/// Two files whose matrices can be multiplied.
struct FilePair {
  let left: MatrixFile
  let right: MatrixFile
  let transposesLeft: Bool
  let transposesRight: Bool
  let rows: Int
  let inner: Int
  let columns: Int

  /// Checks that two files hold matrices that can be multiplied, and that the output is neither of them.
  ///
  /// Collective: a mistake is thrown on all ranks, agreed.
  init(_ a: String, _ b: String, _ transposeA: Bool, _ transposeB: Bool, output: String?, on world: Communicator) throws
  {
    (left, right) = try world.agree {
      let (left, right) = (try MatrixFile(path: a), try MatrixFile(path: b))
      if left.header.kind != right.header.kind {
        throw ExampleError(
          "The elements of \(a) are \(left.header.kind), those of \(b) are \(right.header.kind). "
            + "Convert one of the matrices, with a.astype(…) in NumPy.")
      }
      let (inner, other) = (transposeA ? left.rows : left.columns, transposeB ? right.columns : right.rows)
      if inner != other {
        throw ExampleError(
          "\(a)\(transposeA ? ", transposed," : "") has \(inner) columns and "
            + "\(b)\(transposeB ? ", transposed," : "") has \(other) rows: they must be as many. The shapes are "
            + "\(shapeText(left.header.shape)) and \(shapeText(right.header.shape)).")
      }
      if let output, MatrixFile.isSame(output, a) || MatrixFile.isSame(output, b) {
        throw ExampleError("\(output) is one of the inputs. Choose another name for the output.")
      }
      return (left, right)
    }
    transposesLeft = transposeA
    transposesRight = transposeB
    rows = transposeA ? left.columns : left.rows
    inner = transposeA ? left.rows : left.columns
    columns = transposeB ? right.rows : right.columns
  }

  /// What is to be done to the left matrix as it lies in the file.
  var leftOperation: MatrixOperation { left.header.isFortranOrder != transposesLeft ? .transposed : .none }

  /// What is to be done to the right matrix as it lies in the file.
  var rightOperation: MatrixOperation { right.header.isFortranOrder != transposesRight ? .transposed : .none }
}
