public import CMPI

extension Reduction where Element: ArithmeticDatatype {
  /// The sum (`MPI_SUM`).
  ///
  /// What an integer cannot hold is not reported: most MPIs wrap around, Open MPI's vector code saturates 8 and 16 bits.
  @inlinable
  public static var sum: Self { Self(predefined: cmpi_op_sum()) }
  /// The product (`MPI_PROD`).
  @inlinable
  public static var product: Self { Self(predefined: cmpi_op_product()) }
}

extension Reduction where Element: OrderedDatatype {
  /// The least value (`MPI_MIN`).
  @inlinable
  public static var minimum: Self { Self(predefined: cmpi_op_minimum()) }
  /// The greatest value (`MPI_MAX`).
  @inlinable
  public static var maximum: Self { Self(predefined: cmpi_op_maximum()) }
}

extension Reduction where Element: BitwiseDatatype {
  /// The bits that all values have (`MPI_BAND`).
  @inlinable
  public static var bitwiseAnd: Self { Self(predefined: cmpi_op_bitwise_and()) }
  /// The bits that any value has (`MPI_BOR`).
  @inlinable
  public static var bitwiseOr: Self { Self(predefined: cmpi_op_bitwise_or()) }
  /// The bits that an odd number of values have (`MPI_BXOR`).
  @inlinable
  public static var bitwiseXor: Self { Self(predefined: cmpi_op_bitwise_xor()) }
}

extension Reduction where Element: LogicalDatatype {
  /// Whether all are true (`MPI_LAND`).
  @inlinable
  public static var logicalAnd: Self { Self(predefined: cmpi_op_logical_and()) }
  /// Whether any is true (`MPI_LOR`).
  @inlinable
  public static var logicalOr: Self { Self(predefined: cmpi_op_logical_or()) }
  /// Whether an odd number are true (`MPI_LXOR`).
  @inlinable
  public static var logicalXor: Self { Self(predefined: cmpi_op_logical_xor()) }
}

extension Reduction where Element: LocatedDatatype {
  /// The least value and where it is; the lowest location among equals (`MPI_MINLOC`).
  @inlinable
  public static var minimumLocation: Self { Self(predefined: cmpi_op_minimum_location()) }
  /// The greatest value and where it is; the lowest location among equals (`MPI_MAXLOC`).
  @inlinable
  public static var maximumLocation: Self { Self(predefined: cmpi_op_maximum_location()) }
}
