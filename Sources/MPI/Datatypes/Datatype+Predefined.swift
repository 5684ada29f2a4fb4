public import CMPI

extension DatatypeHandle {
  /// `MPI_INT8_T`.
  @inlinable
  public static var int8: DatatypeHandle { DatatypeHandle(cmpi_int8()) }
  /// `MPI_INT16_T`.
  @inlinable
  public static var int16: DatatypeHandle { DatatypeHandle(cmpi_int16()) }
  /// `MPI_INT32_T`.
  @inlinable
  public static var int32: DatatypeHandle { DatatypeHandle(cmpi_int32()) }
  /// `MPI_INT64_T`.
  @inlinable
  public static var int64: DatatypeHandle { DatatypeHandle(cmpi_int64()) }
  /// `MPI_UINT8_T`.
  @inlinable
  public static var uint8: DatatypeHandle { DatatypeHandle(cmpi_uint8()) }
  /// `MPI_UINT16_T`.
  @inlinable
  public static var uint16: DatatypeHandle { DatatypeHandle(cmpi_uint16()) }
  /// `MPI_UINT32_T`.
  @inlinable
  public static var uint32: DatatypeHandle { DatatypeHandle(cmpi_uint32()) }
  /// `MPI_UINT64_T`.
  @inlinable
  public static var uint64: DatatypeHandle { DatatypeHandle(cmpi_uint64()) }
  /// `MPI_FLOAT`.
  @inlinable
  public static var float: DatatypeHandle { DatatypeHandle(cmpi_float()) }
  /// `MPI_DOUBLE`.
  @inlinable
  public static var double: DatatypeHandle { DatatypeHandle(cmpi_double()) }
  /// `MPI_LONG_DOUBLE`.
  @inlinable
  public static var longDouble: DatatypeHandle { DatatypeHandle(cmpi_long_double()) }
  /// `MPI_C_BOOL`.
  @inlinable
  public static var bool: DatatypeHandle { DatatypeHandle(cmpi_bool()) }
  /// `MPI_C_FLOAT_COMPLEX`.
  @inlinable
  public static var complexFloat: DatatypeHandle { DatatypeHandle(cmpi_complex_float()) }
  /// `MPI_C_DOUBLE_COMPLEX`.
  @inlinable
  public static var complexDouble: DatatypeHandle { DatatypeHandle(cmpi_complex_double()) }
  /// `MPI_BYTE`.
  @inlinable
  public static var byte: DatatypeHandle { DatatypeHandle(cmpi_byte()) }
}

extension Int8: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_INT8_T`.
  @inlinable
  public static var datatype: DatatypeHandle { .int8 }
}

extension Int16: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_INT16_T`.
  @inlinable
  public static var datatype: DatatypeHandle { .int16 }
}

extension Int32: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_INT32_T`.
  @inlinable
  public static var datatype: DatatypeHandle { .int32 }
}

extension Int64: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_INT64_T`.
  @inlinable
  public static var datatype: DatatypeHandle { .int64 }
}

extension UInt8: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_UINT8_T`.
  @inlinable
  public static var datatype: DatatypeHandle { .uint8 }
}

extension UInt16: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_UINT16_T`.
  @inlinable
  public static var datatype: DatatypeHandle { .uint16 }
}

extension UInt32: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_UINT32_T`.
  @inlinable
  public static var datatype: DatatypeHandle { .uint32 }
}

extension UInt64: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_UINT64_T`.
  @inlinable
  public static var datatype: DatatypeHandle { .uint64 }
}

extension Int: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_INT64_T` or `MPI_INT32_T`.
  @inlinable
  public static var datatype: DatatypeHandle { MemoryLayout<Int>.size == 8 ? .int64 : .int32 }
}

extension UInt: ArithmeticDatatype, OrderedDatatype, BitwiseDatatype {
  /// `MPI_UINT64_T` or `MPI_UINT32_T`.
  @inlinable
  public static var datatype: DatatypeHandle { MemoryLayout<UInt>.size == 8 ? .uint64 : .uint32 }
}

extension Float: ArithmeticDatatype, OrderedDatatype {
  /// `MPI_FLOAT`.
  @inlinable
  public static var datatype: DatatypeHandle { .float }
}

extension Double: ArithmeticDatatype, OrderedDatatype {
  /// `MPI_DOUBLE`.
  @inlinable
  public static var datatype: DatatypeHandle { .double }
}

#if (arch(x86_64) || arch(i386)) && !os(Windows) && !os(Android)
  extension Float80: ArithmeticDatatype, OrderedDatatype {
    /// `MPI_LONG_DOUBLE`.
    @inlinable
    public static var datatype: DatatypeHandle { .longDouble }
  }
#endif

extension Bool: LogicalDatatype {
  /// `MPI_C_BOOL`.
  @inlinable
  public static var datatype: DatatypeHandle { .bool }
}
