import DistributedArrays
import ExampleSupport
import MPI

extension ProgramElement where Self: FixedWidthInteger, DotProduct == Int128 {
  /// Computes the sum once more, from the upper and the lower halves of the elements.
  static func verify(
    _ sum: Int128, _ x: DistributedVector<Self>, _ y: DistributedVector<Self>
  ) throws -> String {
    var (upper, crossed, lower): (Int128, Int128, Int128) = (0, 0, 0)
    let (xs, ys) = (x.localElements, y.localElements)
    for index in xs.indices {
      let (a, b) = (Int128(xs[index]), Int128(ys[index]))
      let (aHigh, aLow, bHigh, bLow) = (a >> 32, a & 0xFFFF_FFFF, b >> 32, b & 0xFFFF_FFFF)
      upper += aHigh * bHigh
      crossed += aHigh * bLow + aLow * bHigh
      lower += aLow * bLow
    }
    // Modulo 2¹²⁸, which tells any two numbers of 128 bits apart.
    let mine = upper &<< 64 &+ crossed &<< 32 &+ lower
    let packed = SIMD2(UInt64(truncatingIfNeeded: mine), UInt64(truncatingIfNeeded: mine >> 64))
    let reference = try x.communicator.allGather(packed).reduce(0 as Int128) { total, part in
      total &+ Int128(truncatingIfNeeded: part[1]) &<< 64 &+ Int128(part[0])
    }
    if sum != reference {
      try x.communicator.agree {
        throw ExampleError("Wrong sum. It is \(sum), but from halves of the elements \(reference).")
      }
    }
    return "computed from halves of the elements, it is exactly the same"
  }

  static func isProduct(_ product: Self, of x: Self, _ y: Self) -> Bool {
    product == x.multipliedReportingOverflow(by: y).partialValue
  }

  static func json(_ sum: Int128) -> JSONValue { .integer(sum) }
}
