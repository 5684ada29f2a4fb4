internal import CMPI

extension Communicator {
  /// Makes a communicator of processes in a grid (`MPI_Cart_create`).
  ///
  /// Collective; all ranks give the same arguments. `CartesianCommunicator.balancedDimensions` finds dimensions
  /// for a number of processes.
  ///
  /// - Parameters:
  ///   - dimensions: How many processes each dimension has: together no more than the communicator.
  ///   - isPeriodic: Whether each dimension goes round; without it none does.
  ///   - reorder: Whether MPI may give the processes other ranks, to suit the machine.
  /// - Returns: The grid, or `nil` on the ranks that have no place in it.
  /// - Throws: ``MPIError`` of class ``MPIError/dimensions`` for a grid that has no or too many places.
  public final func cartesian(
    _ dimensions: [Int], isPeriodic: [Bool]? = nil, reorder: Bool = true
  ) throws(MPIError) -> CartesianCommunicator? {
    let procedure: StaticString = "MPI_Cart_create"
    try enter(procedure, self)
    let (lengths, periods) = try grid(dimensions, isPeriodic, procedure)
    let new = try madeHandle(procedure) {
      cmpi_cart_create(handle, CInt(lengths.count), lengths, periods, reorder ? 1 : 0, $0)
    }
    return try new.map { (new) throws(MPIError) in try CartesianCommunicator(owning: new, procedure) }
  }

  /// Which rank this process would best have in a grid (`MPI_Cart_map`). Local.
  ///
  /// What ``cartesian(_:isPeriodic:reorder:)`` does when it reorders, for programs that split a communicator themselves.
  ///
  /// - Returns: The rank, or `nil` where the process would have no place.
  /// - Throws: As ``cartesian(_:isPeriodic:reorder:)``.
  public final func cartesianRank(_ dimensions: [Int], isPeriodic: [Bool]? = nil) throws(MPIError) -> Rank? {
    let procedure: StaticString = "MPI_Cart_map"
    try enter(procedure, self)
    let (lengths, periods) = try grid(dimensions, isPeriodic, procedure)
    var result: CInt = 0
    try check(cmpi_cart_map(handle, CInt(lengths.count), lengths, periods, &result), procedure, self)
    return result == cmpi_undefined() ? nil : Rank(wire: result)
  }

  /// A grid as MPI reads it, when it has places and no more than there are processes.
  private func grid(
    _ dimensions: [Int], _ isPeriodic: [Bool]?, _ procedure: StaticString
  ) throws(MPIError) -> ([CInt], [CInt]) {
    guard isPeriodic == nil || isPeriodic!.count == dimensions.count else {
      throw dimensionsError(procedure, "\(dimensions.count) dimensions and \(isPeriodic!.count) periods were given")
    }
    var places = 1
    for length in dimensions {
      guard length > 0 else { throw dimensionsError(procedure, "a dimension of \(length) was given") }
      let (product, isOverflow) = places.multipliedReportingOverflow(by: length)
      places = isOverflow ? .max : product
    }
    guard places <= size else {
      let grid = dimensions.map(String.init).joined(separator: " × ")
      throw dimensionsError(procedure, "a grid of \(grid) was given, in a communicator of \(size)")
    }
    return (dimensions.map { CInt($0) }, (isPeriodic ?? dimensions.map { _ in false }).map { $0 ? 1 : 0 })
  }
}

extension CartesianCommunicator {
  /// Divides so many processes into a grid that is as square as it can be (`MPI_Dims_create`). Local.
  ///
  /// ```swift
  /// let grid = try CartesianCommunicator.balancedDimensions(2, of: 12)         // [4, 3]
  /// ```
  ///
  /// - Parameters:
  ///   - count: How many dimensions.
  ///   - size: How many processes.
  /// - Returns: The dimensions, none smaller than a later one.
  public static func balancedDimensions(_ count: Int, of size: Int) throws(MPIError) -> [Int] {
    try balancedDimensions([Int?](repeating: nil, count: max(count, 0)), of: size)
  }

  /// Divides so many processes into a grid some of whose dimensions are given (`MPI_Dims_create`). Local.
  ///
  /// - Parameters:
  ///   - dimensions: How many processes each dimension has; `nil` for those that are to be found.
  ///   - size: How many processes.
  /// - Returns: The dimensions, whose product is the size.
  /// - Throws: ``MPIError`` of class ``MPIError/dimensions`` when the given ones do not divide the size.
  public static func balancedDimensions(_ dimensions: [Int?], of size: Int) throws(MPIError) -> [Int] {
    let procedure: StaticString = "MPI_Dims_create"
    try enter(procedure)
    var given = 1
    for length in dimensions {
      guard let length else { continue }
      let (product, isOverflow) = given.multipliedReportingOverflow(by: length)
      given = isOverflow || length <= 0 ? 0 : product
      if given == 0 { break }
    }
    let isWhole = dimensions.contains(nil) ? given > 0 && size % given == 0 : given == size
    guard size > 0, size <= Int32.max, isWhole else {
      let grid = dimensions.map { $0.map(String.init) ?? "any" }.joined(separator: " × ")
      throw MPIError(
        MPIError.dimensions, procedure, nil, message: "\(size) processes cannot be divided into a grid of \(grid)")
    }
    var result = dimensions.map { CInt($0 ?? 0) }
    try check(cmpi_dims_create(CInt(size), CInt(result.count), &result), procedure)
    return result.map { Int($0) }
  }
}
