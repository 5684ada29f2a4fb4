internal import CMPI

extension Layout {
  /// Which index of an array is next to the next one in memory.
  public enum Order: Sendable {
    /// The last index, as in C, Swift and NumPy.
    case rowMajor
    /// The first index, as in Fortran, Julia and LAPACK.
    case columnMajor
  }

  /// A rectangular part of an array of any number of dimensions (`MPI_Type_create_subarray`).
  ///
  /// One item reaches over the whole array, so that several are parts of arrays in a row.
  ///
  /// - Parameters:
  ///   - shape: Values of the array along each dimension.
  ///   - start: Index of the part's first value, along each dimension.
  ///   - size: Values of the part along each dimension.
  ///   - order: Which index is the fastest.
  /// - Throws: ``MPIError`` of class ``MPIError/argument`` when the part is not inside the array.
  public static func subarray(
    of shape: [Int], start: [Int], size: [Int], order: Order = .rowMajor
  ) throws(MPIError) -> Layout {
    let procedure: StaticString = "MPI_Type_create_subarray"
    try require(
      !shape.isEmpty && shape.count == start.count && shape.count == size.count
        && shape.indices.allSatisfy {
          shape[$0] >= 0 && start[$0] >= 0 && size[$0] >= 0 && start[$0] <= shape[$0]
            && size[$0] <= shape[$0] - start[$0]
        },
      procedure, "a part of \(size) at \(start) is not inside an array of \(shape)")
    // From the fastest dimension outwards: a row of the part, as far apart as rows of the array, and so on.
    let dimensions = order == .rowMajor ? Array(shape.indices.reversed()) : Array(shape.indices)
    let stride = MemoryLayout<Element>.stride
    var whole = 1
    var offset = 0
    var count = 1
    var extents: [Int] = []
    for dimension in dimensions {
      // What the array holds bounds the products with a part's size and start.
      let next = try product(whole, shape[dimension], procedure)
      extents.append(whole)
      offset += start[dimension] * whole
      count *= size[dimension]
      whole = next
    }
    try requireAddressable(whole, procedure)
    let handle = try make(procedure) { value, result in
      var current = value
      var made: [CMPI_Datatype] = []
      defer { for type in made { cmpi_type_release(type) } }
      for (position, dimension) in dimensions.enumerated() {
        for call in [
          { cmpi_type_resized(current, Int64(extents[position] * stride), $0) },
          { cmpi_type_contiguous(Int64(size[dimension]), current, $0) },
        ] as [(UnsafeMutablePointer<CMPI_Datatype>) -> CInt] {
          var next = cmpi_type_null()
          let code = call(&next)
          guard code == 0 else { return code }
          current = next
          made.append(next)
        }
      }
      var start = Int64(offset * stride)
      return cmpi_type_struct(1, &start, &current, Int64(whole * stride), result)
    }
    let last = dimensions.enumerated().reduce(offset) { $0 + (size[$1.element] - 1) * extents[$1.offset] }
    return Layout(owning: handle, count: count, extent: whole, reach: count == 0 ? 0 : last + 1)
  }
}
