internal import CBinnedSum
public import MPI

/// A sum of elements, or of products of elements, that is bit for bit the same in any order.
///
/// It is the same for any number of ranks, any distribution, any MPI and any processor. Every term, a product being
/// rounded to double precision first, is rounded to a multiple of a unit that is at most 2⁻¹⁰⁰ of the largest magnitude
/// among all terms; the sum of these is exact, and rounded in the end by less than two units in its last place. So for n
/// terms the error is below n · 2⁻¹⁰¹ times the largest magnitude and 2⁻⁵² times the sum: less than that of the fast sum.
/// Infinities of one sign make the sum infinite; those of both, and what is not a number, make it not a number.
///
/// The real and the imaginary parts of complex terms have one unit, which depends on the largest of both.
///
/// It costs about as much as the fast sum where the elements come from memory. Sums of integers are always exact.
@usableFromInline
struct ReproducibleSum<Element: ArrayElement>: Sendable {
  private var sum = BinnedSum()

  /// A sum of no elements; `nil` for elements whose sums are exact anyway.
  @usableFromInline
  static func make() -> ReproducibleSum? { Element.roundedPart(0, 0) == nil ? nil : ReproducibleSum() }

  private init() {}

  private static var isSingle: Bool { Element.numPyKind == .float32 || Element.numPyKind == .complex64 }
  private static var isComplex: Bool { Element.numPyKind == .complex64 || Element.numPyKind == .complex128 }

  /// Adds elements.
  @usableFromInline
  mutating func add(_ x: Span<Element>) {
    x.withUnsafeBufferPointer { x in
      guard let start = x.baseAddress else { return }
      sum.add(
        Self.isSingle ? .floats : .doubles, .straight, start, nil, count: Self.isComplex ? 2 * x.count : x.count,
        to: Self.isComplex ? .alternating : .real)
    }
  }

  /// Adds products of elements, as many as there are of both.
  @usableFromInline
  mutating func add(_ x: Span<Element>, times y: Span<Element>) {
    precondition(x.count == y.count)
    x.withUnsafeBufferPointer { x in
      y.withUnsafeBufferPointer { y in
        guard let xStart = x.baseAddress, let yStart = y.baseAddress else { return }
        let kind: CBinnedKind = Self.isSingle ? .floatProducts : .doubleProducts
        guard Self.isComplex else { return sum.add(kind, .straight, xStart, yStart, count: x.count, to: .real) }
        sum.add(kind, .realPart, xStart, yStart, count: 2 * x.count, to: .real)
        sum.add(kind, .imaginaryPart, xStart, yStart, count: 2 * x.count, to: .imaginary)
      }
    }
  }

  /// Both sums in one.
  @usableFromInline
  func merged(with other: ReproducibleSum) -> ReproducibleSum {
    var result = self
    result.sum = sum.merged(with: other.sum)
    return result
  }

  /// The sum over all ranks. Collective: one `MPI_Allreduce` of 128 bytes.
  @usableFromInline
  func total(on communicator: Communicator) throws(MPIError) -> Element.DotProduct {
    let (real, imaginary) = try sum.total(on: communicator)
    return Element.dotProduct(Element.roundedPart(real, imaginary)!)!
  }
}
