public import CMPI

/// A value and where it is: the element of ``Reduction/minimumLocation`` and ``Reduction/maximumLocation``.
///
/// Lies in memory as C's `struct { value; int; }`, the element of `MPI_MINLOC`; hence the location of 32 bits.
@frozen
public struct Located<Value: LocatableDatatype>: LocatedDatatype, BitwiseCopyable {
  /// The value that is compared.
  public var value: Value
  /// Where it is: a rank, an index.
  public var location: Int32

  /// A value and where it is.
  @inlinable
  public init(_ value: Value, at location: Int32) {
    self.value = value
    self.location = location
  }

  /// The pair type, such as `MPI_DOUBLE_INT`.
  @inlinable
  public static var datatype: DatatypeHandle { Value.locatedDatatype }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// A value with its location; only ``Located`` conforms.
public protocol LocatedDatatype: Datatype {}

/// A value for which MPI has a pair type of value and location.
public protocol LocatableDatatype: Datatype, BitwiseCopyable, Comparable {
  /// The MPI datatype of ``Located`` with this value.
  static var locatedDatatype: DatatypeHandle { get }
}

extension Int16: LocatableDatatype {
  /// `MPI_SHORT_INT`.
  @inlinable
  public static var locatedDatatype: DatatypeHandle { DatatypeHandle(cmpi_short_int()) }
}

extension Int32: LocatableDatatype {
  /// `MPI_2INT`.
  @inlinable
  public static var locatedDatatype: DatatypeHandle { DatatypeHandle(cmpi_two_int()) }
}

extension Int: LocatableDatatype {
  /// `MPI_LONG_INT`.
  @inlinable
  public static var locatedDatatype: DatatypeHandle { DatatypeHandle(cmpi_long_int()) }
}

extension Float: LocatableDatatype {
  /// `MPI_FLOAT_INT`.
  @inlinable
  public static var locatedDatatype: DatatypeHandle { DatatypeHandle(cmpi_float_int()) }
}

extension Double: LocatableDatatype {
  /// `MPI_DOUBLE_INT`.
  @inlinable
  public static var locatedDatatype: DatatypeHandle { DatatypeHandle(cmpi_double_int()) }
}

#if (arch(x86_64) || arch(i386)) && !os(Windows) && !os(Android)
  extension Float80: LocatableDatatype {
    /// `MPI_LONG_DOUBLE_INT`.
    @inlinable
    public static var locatedDatatype: DatatypeHandle { DatatypeHandle(cmpi_long_double_int()) }
  }
#endif
