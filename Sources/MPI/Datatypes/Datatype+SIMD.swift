/// A number that can be a lane of a SIMD vector in a message.
public protocol LaneDatatype: Datatype, SIMDScalar, Hashable, Codable
where
  SIMD2Storage: BitwiseCopyable & Sendable, SIMD4Storage: BitwiseCopyable & Sendable,
  SIMD8Storage: BitwiseCopyable & Sendable, SIMD16Storage: BitwiseCopyable & Sendable,
  SIMD32Storage: BitwiseCopyable & Sendable, SIMD64Storage: BitwiseCopyable & Sendable
{}

extension Int8: LaneDatatype {}
extension Int16: LaneDatatype {}
extension Int32: LaneDatatype {}
extension Int64: LaneDatatype {}
extension Int: LaneDatatype {}
extension UInt8: LaneDatatype {}
extension UInt16: LaneDatatype {}
extension UInt32: LaneDatatype {}
extension UInt64: LaneDatatype {}
extension UInt: LaneDatatype {}
extension Float: LaneDatatype {}
extension Double: LaneDatatype {}

// A vector is its lanes in a row, so that predefined reductions work lane by lane. Vectors of three lanes lie in memory,
// and travel, as four.

extension SIMD2: Datatype where Scalar: LaneDatatype {
  /// The datatype of a lane.
  @inlinable
  public static var datatype: DatatypeHandle { get throws(MPIError) { try Scalar.datatype } }

  /// The lanes, as many as lie in memory.
  @inlinable
  public static var unitsPerValue: Int { 2 }
}

extension SIMD2: ArithmeticDatatype where Scalar: LaneDatatype & ArithmeticDatatype {}
extension SIMD2: OrderedDatatype where Scalar: LaneDatatype & OrderedDatatype {}
extension SIMD2: BitwiseDatatype where Scalar: LaneDatatype & BitwiseDatatype {}

extension SIMD3: Datatype where Scalar: LaneDatatype {
  /// The datatype of a lane.
  @inlinable
  public static var datatype: DatatypeHandle { get throws(MPIError) { try Scalar.datatype } }

  /// The lanes, as many as lie in memory.
  @inlinable
  public static var unitsPerValue: Int { 4 }
}

extension SIMD3: ArithmeticDatatype where Scalar: LaneDatatype & ArithmeticDatatype {}
extension SIMD3: OrderedDatatype where Scalar: LaneDatatype & OrderedDatatype {}
extension SIMD3: BitwiseDatatype where Scalar: LaneDatatype & BitwiseDatatype {}

extension SIMD4: Datatype where Scalar: LaneDatatype {
  /// The datatype of a lane.
  @inlinable
  public static var datatype: DatatypeHandle { get throws(MPIError) { try Scalar.datatype } }

  /// The lanes, as many as lie in memory.
  @inlinable
  public static var unitsPerValue: Int { 4 }
}

extension SIMD4: ArithmeticDatatype where Scalar: LaneDatatype & ArithmeticDatatype {}
extension SIMD4: OrderedDatatype where Scalar: LaneDatatype & OrderedDatatype {}
extension SIMD4: BitwiseDatatype where Scalar: LaneDatatype & BitwiseDatatype {}

extension SIMD8: Datatype where Scalar: LaneDatatype {
  /// The datatype of a lane.
  @inlinable
  public static var datatype: DatatypeHandle { get throws(MPIError) { try Scalar.datatype } }

  /// The lanes, as many as lie in memory.
  @inlinable
  public static var unitsPerValue: Int { 8 }
}

extension SIMD8: ArithmeticDatatype where Scalar: LaneDatatype & ArithmeticDatatype {}
extension SIMD8: OrderedDatatype where Scalar: LaneDatatype & OrderedDatatype {}
extension SIMD8: BitwiseDatatype where Scalar: LaneDatatype & BitwiseDatatype {}

extension SIMD16: Datatype where Scalar: LaneDatatype {
  /// The datatype of a lane.
  @inlinable
  public static var datatype: DatatypeHandle { get throws(MPIError) { try Scalar.datatype } }

  /// The lanes, as many as lie in memory.
  @inlinable
  public static var unitsPerValue: Int { 16 }
}

extension SIMD16: ArithmeticDatatype where Scalar: LaneDatatype & ArithmeticDatatype {}
extension SIMD16: OrderedDatatype where Scalar: LaneDatatype & OrderedDatatype {}
extension SIMD16: BitwiseDatatype where Scalar: LaneDatatype & BitwiseDatatype {}

extension SIMD32: Datatype where Scalar: LaneDatatype {
  /// The datatype of a lane.
  @inlinable
  public static var datatype: DatatypeHandle { get throws(MPIError) { try Scalar.datatype } }

  /// The lanes, as many as lie in memory.
  @inlinable
  public static var unitsPerValue: Int { 32 }
}

extension SIMD32: ArithmeticDatatype where Scalar: LaneDatatype & ArithmeticDatatype {}
extension SIMD32: OrderedDatatype where Scalar: LaneDatatype & OrderedDatatype {}
extension SIMD32: BitwiseDatatype where Scalar: LaneDatatype & BitwiseDatatype {}

extension SIMD64: Datatype where Scalar: LaneDatatype {
  /// The datatype of a lane.
  @inlinable
  public static var datatype: DatatypeHandle { get throws(MPIError) { try Scalar.datatype } }

  /// The lanes, as many as lie in memory.
  @inlinable
  public static var unitsPerValue: Int { 64 }
}

extension SIMD64: ArithmeticDatatype where Scalar: LaneDatatype & ArithmeticDatatype {}
extension SIMD64: OrderedDatatype where Scalar: LaneDatatype & OrderedDatatype {}
extension SIMD64: BitwiseDatatype where Scalar: LaneDatatype & BitwiseDatatype {}

extension InlineArray: Datatype where Element: Datatype {
  /// The datatype of an element.
  @inlinable
  public static var datatype: DatatypeHandle { get throws(MPIError) { try Element.datatype } }

  /// The elements' units.
  @inlinable
  public static var unitsPerValue: Int { count &* Element.unitsPerValue }
}
