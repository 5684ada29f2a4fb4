import ComplexModule
import DistributedArrays
import ExampleSupport
import MPI
import MPIComplex

/// A real number whose products, and whose complex numbers' products, are summed with rounding.
protocol ReferenceTerm: NumPyElement, BinaryFloatingPoint {}

extension Float: ReferenceTerm {}
extension Double: ReferenceTerm {}

extension ProgramElement where Self: ReferenceTerm, DotProduct == Double {
  static func verify(
    _ sum: Double, _ x: DistributedVector<Self>, _ y: DistributedVector<Self>
  ) throws -> String {
    var mine = ReferenceSum()
    let (xs, ys) = (x.localElements, y.localElements)
    for index in xs.indices { mine.add(product: Double(xs[index]), Double(ys[index])) }
    return try agreeOnVerdict([("sum", sum, mine)], count: x.count, on: x.communicator)
  }

  static func json(_ sum: Double) -> JSONValue { .number(sum) }
}

extension Complex where RealType: ComplexDatatypeComponent & ReferenceTerm {
  static func verify(
    _ sum: Complex<Double>, _ x: DistributedVector<Complex>, _ y: DistributedVector<Complex>
  ) throws -> String {
    var real = ReferenceSum()
    var imaginary = ReferenceSum()
    let (xs, ys) = (x.localElements, y.localElements)
    for index in xs.indices {
      let (a, b) = (Double(xs[index].real), Double(xs[index].imaginary))
      let (c, d) = (Double(ys[index].real), Double(ys[index].imaginary))
      real.add(product: a, c)
      real.add(product: -b, d)
      imaginary.add(product: a, d)
      imaginary.add(product: b, c)
    }
    return try agreeOnVerdict(
      [("real part", sum.real, real), ("imaginary part", sum.imaginary, imaginary)], count: 2 * x.count,
      on: x.communicator)
  }

  static func json(_ sum: Complex<Double>) -> JSONValue { .array([.number(sum.real), .number(sum.imaginary)]) }
}

/// Adds the references of all ranks, and compares each with the sum that it is for. Collective.
private func agreeOnVerdict(
  _ sums: [(name: String, value: Double, mine: ReferenceSum)], count: Int, on world: Communicator
) throws -> String {
  var messages: [String] = []
  for (name, value, mine) in sums {
    var reference = ReferenceSum()
    for part in try world.allGather(mine.packed) { reference.add(ReferenceSum(packed: part)) }
    switch reference.verdict(on: value, count: count, ranks: world.size) {
    case .right(let message): messages.append("\(name): \(message)")
    case .wrong(let message): try world.agree { throw ExampleError("Wrong \(name). \(message)") }
    }
  }
  return messages.joined(separator: "; ")
}
