public import ComplexModule
public import MPI
public import MPIComplex

extension DistributedElements where Element: ArrayElement {
  /// An array of zeros. Collective, as ``init(repeating:as:on:)``.
  public static func zeros(as distribution: Distribution, on communicator: Communicator) throws(MPIError) -> Self {
    try Self(repeating: .zero, as: distribution, on: communicator)
  }

  /// An array of ones. Collective, as ``init(repeating:as:on:)``.
  public static func ones(as distribution: Distribution, on communicator: Communicator) throws(MPIError) -> Self {
    try Self(repeating: Element(exactly: 1)!, as: distribution, on: communicator)
  }
}

extension DistributedMatrix where Element: ArrayElement {
  /// A matrix of zeros in even blocks. Collective, as ``init(repeating:rows:columns:on:)``.
  public static func zeros(rows: Int, columns: Int, on grid: ProcessGrid) throws(MPIError) -> DistributedMatrix {
    try DistributedMatrix(repeating: .zero, rows: rows, columns: columns, on: grid)
  }

  /// A matrix of ones in even blocks. Collective, as ``init(repeating:rows:columns:on:)``.
  public static func ones(rows: Int, columns: Int, on grid: ProcessGrid) throws(MPIError) -> DistributedMatrix {
    try DistributedMatrix(repeating: Element(exactly: 1)!, rows: rows, columns: columns, on: grid)
  }

  /// A square matrix with ones on its diagonal and zeros elsewhere, in even blocks.
  ///
  /// Collective, as ``init(repeating:rows:columns:on:)``.
  public static func identity(_ size: Int, on grid: ProcessGrid) throws(MPIError) -> DistributedMatrix {
    var matrix = try zeros(rows: size, columns: size, on: grid)
    let (rows, columns) = (matrix.localRows, matrix.localColumns)
    let one = Element(exactly: 1)!
    var elements = matrix.mutableLocalElements
    for (position, row) in rows.enumerated() {
      if let column = columns.position(of: row) { elements[position * columns.count + column] = one }
    }
    return matrix
  }
}

/// An element that can be drawn at random: `Float`, `Double`, and complex numbers of these.
public protocol RandomArrayElement: ArrayElement {
  /// The element at a place of a sequence: a number in 0 ..< 1, or a complex one with such parts.
  static func random(_ sequence: IndexedRandom, at index: Int) -> Self
}

extension Float: RandomArrayElement {
  /// The number at a place.
  public static func random(_ sequence: IndexedRandom, at index: Int) -> Float { sequence.uniform(at: index) }
}

extension Double: RandomArrayElement {
  /// The number at a place.
  public static func random(_ sequence: IndexedRandom, at index: Int) -> Double { sequence.uniform(at: index) }
}

extension Complex: RandomArrayElement where RealType: ComplexDatatypeComponent & NumPyElement & BinaryFloatingPoint {
  /// The numbers at two places, as real and imaginary part.
  public static func random(_ sequence: IndexedRandom, at index: Int) -> Complex {
    Complex(sequence.uniform(at: 2 * index), sequence.uniform(at: 2 * index + 1))
  }
}

extension DistributedElements where Element: RandomArrayElement {
  /// An array of random numbers in 0 ..< 1, the same for any number of ranks and any distribution.
  ///
  /// Collective, as ``init(repeating:as:on:)``; every rank gives the same.
  ///
  /// - Parameters:
  ///   - random: The sequence; elements take its places row by row.
  ///   - distribution: Who has what, of which shape.
  ///   - communicator: The processes that share the elements.
  @inlinable
  public init(
    random: IndexedRandom, as distribution: Distribution, on communicator: Communicator
  ) throws(MPIError) {
    let array = try DistributedArray<Element>.allocated(distribution, on: communicator)
    var next = array.storage.start
    for range in array.stretches {
      for index in range {
        next.initialize(to: Element.random(random, at: index))
        next += 1
      }
    }
    self.init(array)
  }
}

extension DistributedMatrix where Element: RandomArrayElement {
  /// A matrix of random numbers in even blocks; as ``init(random:as:on:)``.
  @inlinable
  public init(rows: Int, columns: Int, random: IndexedRandom, on grid: ProcessGrid) throws(MPIError) {
    try self.init(random: random, as: try grid.blocks([rows, columns]), on: grid.communicator)
    array = array.on(grid)
  }
}
