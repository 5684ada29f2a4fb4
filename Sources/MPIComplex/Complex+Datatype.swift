public import ComplexModule
public import MPI
public import RealModule

/// A real type whose complex numbers MPI knows: `Float` and `Double`.
public protocol ComplexDatatypeComponent: Datatype, Real {
  /// The MPI datatype of a complex number with such parts.
  static var complexDatatype: DatatypeHandle { get }
}

extension Float: ComplexDatatypeComponent {
  /// `MPI_C_FLOAT_COMPLEX`.
  @inlinable
  public static var complexDatatype: DatatypeHandle { .complexFloat }
}

extension Double: ComplexDatatypeComponent {
  /// `MPI_C_DOUBLE_COMPLEX`.
  @inlinable
  public static var complexDatatype: DatatypeHandle { .complexDouble }
}

extension Complex: Datatype where RealType: ComplexDatatypeComponent {
  /// The datatype of the real type's complex numbers, as C's `complex` lies in memory.
  @inlinable
  public static var datatype: DatatypeHandle { RealType.complexDatatype }
}

extension Complex: ArithmeticDatatype where RealType: ComplexDatatypeComponent {}
