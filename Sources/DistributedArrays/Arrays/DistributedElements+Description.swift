public import MPI

extension DistributedElements {
  /// The elements as NumPy shows them, of long axes the corners only, with the type and the distribution.
  ///
  /// Collective: the elements that are shown go to one rank.
  ///
  /// ```
  /// [[ 0.0  1.0  2.0 ...  97.0  98.0  99.0]
  ///  [ 1.0  2.0  3.0 ...  98.0  99.0 100.0]
  ///  ...
  ///  [99.0 100.0 101.0 ... 196.0 197.0 198.0]]
  /// Double (100, 100) on 2 × 2: block by 0, block by 1
  /// ```
  ///
  /// - Parameters:
  ///   - root: Who gets the text.
  ///   - edge: How many elements are shown at either end of an axis that is longer than twice as many.
  /// - Returns: At the root the text; elsewhere `nil`.
  public func formatted(to root: Rank = 0, edge: Int = 3) throws(MPIError) -> String? {
    precondition(edge >= 1, "\(edge) elements at either end of an axis")
    // The corners: of each axis the first and the last indices.
    var corners = array
    for axis in shape.indices where shape[axis] > 2 * edge {
      corners = try corners.corners(axis, edge)
    }
    guard let elements = try corners.gathered(to: root) else { return nil }
    let texts = elements.map { "\($0)" }
    let width = texts.map(\.count).max() ?? 0
    let padded = texts.map { String(repeating: " ", count: width - $0.count) + $0 }
    let isCut = shape.map { $0 > 2 * edge }
    func block(_ axis: Int, _ start: Int) -> String {
      let length = corners.shape[axis]
      let stride = corners.shape[(axis + 1)...].reduce(1, *)
      let isLast = axis == corners.shape.count - 1
      var items = (0..<length).map { isLast ? padded[start + $0] : block(axis + 1, start + $0 * stride) }
      if isCut[axis] { items.insert("...", at: edge) }
      let lines = String(repeating: "\n", count: corners.shape.count - 1 - axis)
      return "[" + items.joined(separator: isLast ? " " : lines + String(repeating: " ", count: axis + 1)) + "]"
    }
    return block(0, 0) + "\n\(Element.self) \(distribution)"
  }
}

extension DistributedArray {
  /// The first and the last indices of an axis, on the ranks of a line.
  fileprivate func corners(_ axis: Int, _ edge: Int) throws(MPIError) -> DistributedArray {
    var lengths = shape
    lengths[axis] = 2 * edge
    // One slice takes both: the first indices, then those from the end.
    let pick = shape.indices.map { index in
      index == axis
        ? AxisIndices.Stretches(start: 0, length: edge, stride: shape[axis] - edge, count: 2 * edge)
        : AxisIndices.Stretches(0..<shape[index])
    }
    return try moved(to: .rows(checked: lengths, among: communicator.size), picking: pick)
  }
}

extension DistributedArray: CustomStringConvertible {
  /// The element type, the distribution and what is here. Local; ``DistributedElements/formatted(to:edge:)`` shows
  /// elements.
  public var description: String { "\(Element.self) array \(distribution), \(localShape) on rank \(communicator.rank)" }
}

extension DistributedMatrix: CustomStringConvertible {
  /// The element type, the distribution and what is here. Local; ``DistributedElements/formatted(to:edge:)`` shows
  /// elements.
  public var description: String {
    "\(Element.self) matrix \(distribution), \(localShape) on rank \(communicator.rank)"
  }
}
