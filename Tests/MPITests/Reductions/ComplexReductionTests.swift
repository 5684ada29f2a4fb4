import ComplexModule
import MPI
import MPIComplex
import MPITesting
import TestSupport
import Testing

extension Complex: RandomElement where RealType: RandomElement {
  static func random(_ generator: inout SplitMix64) -> Complex {
    Complex(RealType.random(&generator), RealType.random(&generator))
  }
}

/// Complex numbers as elements.
@Suite(.ranked) struct ComplexReductionTests {
  @Test(arguments: [0, 1, 5, 14]) func sums(length: Int) throws {
    try ReductionCheck<Complex<Double>>("sum", .sum, +).run(length)
    try ReductionCheck<Complex<Float>>("sum", .sum, +).run(length)
  }

  @Test func products() throws {
    let unit = Complex<Double>(0, 1)
    var power = Complex<Double>.one
    for _ in 0..<world.size { power *= unit }
    #expect(try world.allReduce(unit, .product) == power)
    #expect(try world.allReduce(Complex<Float>(0, 1), .product) == Complex(Float(power.real), Float(power.imaginary)))
  }

  @Test(arguments: [0, 1, 5, 14]) func closures(length: Int) throws {
    try ReductionCheck<Complex<Double>>("last", Reduction { $1 }) { $1 }.run(length)
    try ReductionCheck<Complex<Float>>("sum", Reduction(isCommutative: true) { $0 + $1 }, +).run(length)
  }

  @Test func messages() throws {
    try DatatypeCheck<Complex<Double>>().run()
    try DatatypeCheck<Complex<Float>>().run()
  }
}
