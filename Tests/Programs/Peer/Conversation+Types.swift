import ComplexModule
import MPI
import MPIComplex
import RealModule

extension Conversation {
  mutating func integers<Element>(_: Element.Type) throws
  where Element: FixedWidthInteger & ArithmeticDatatype & OrderedDatatype & BitwiseDatatype {
    let make = { (_: Int, number: Int) in Element(number) }
    try move { Element($0) }
    try combine(make, .sum, &+)
    try combine(make, .product, &*)
    // MPICH 4.0 compares unsigned integers as signed: there the binding brings an operation of its own, and mpi4py does not.
    if Element.isSigned || !MPIEnvironment.builtAgainst.hasPrefix("MPICH 4.0") {
      try combine(make, .minimum, min)
      try combine(make, .maximum, max)
    }
    try combine(make, .bitwiseAnd, &)
    try combine(make, .bitwiseOr, |)
    try combine(make, .bitwiseXor, ^)
  }

  mutating func floats<Element>(_: Element.Type) throws
  where Element: BinaryFloatingPoint & ArithmeticDatatype & OrderedDatatype {
    let make = { (_: Int, number: Int) in Element(number) / 4 }
    try move { Element($0) / 4 }
    try combine(make, .sum, +)
    try combine(make, .product, *)
    try combine(make, .minimum, min)
    try combine(make, .maximum, max)
  }

  mutating func booleans() throws {
    let make = { (_: Int, number: Int) in number % 2 == 1 }
    try move { $0 % 2 == 1 }
    try combine(make, .logicalAnd) { $0 && $1 }
    try combine(make, .logicalOr) { $0 || $1 }
    try combine(make, .logicalXor) { $0 != $1 }
  }

  mutating func complexNumbers<Element: ComplexDatatypeComponent>(_: Element.Type) throws {
    let make = { (_: Int, number: Int) in Complex(Element(number), Element(1 - number)) }
    try move { Complex(Element($0), Element(1 - $0)) }
    try combine(make, .sum, +)
    try combine(make, .product, *)
  }

  mutating func located<Value: LocatableDatatype & Numeric>(_: Value.Type) throws {
    let make = { (rank: Int, number: Int) in Located(Value(exactly: number)!, at: Int32(rank)) }
    try move { Located(Value(exactly: $0)!, at: Int32($0)) }
    // Among equals the lower rank, which is the left one.
    try combine(make, .minimumLocation) { $1.value < $0.value ? $1 : $0 }
    try combine(make, .maximumLocation) { $1.value > $0.value ? $1 : $0 }
  }
}
