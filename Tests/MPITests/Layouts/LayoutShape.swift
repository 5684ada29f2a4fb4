import MPI

/// A layout as a test describes it, with the places of its values found one by one: the reference.
indirect enum LayoutShape: Sendable {
  case contiguous(Int)
  case vector(count: Int, blockLength: Int, stride: Int)
  case indexed(counts: [Int], offsets: [Int])
  case subarray(of: [Int], start: [Int], size: [Int], isRowMajor: Bool)
  case resized(LayoutShape, extent: Int)

  /// Where the values of one item lie, in the order in which they travel.
  var places: [Int] {
    switch self {
    case .contiguous(let count): Array(0..<count)
    case .vector(let count, let blockLength, let stride):
      (0..<count).flatMap { block in (0..<blockLength).map { block * stride + $0 } }
    case .indexed(let counts, let offsets):
      counts.indices.flatMap { block in (0..<counts[block]).map { offsets[block] + $0 } }
    case .subarray(let shape, let start, let size, let isRowMajor):
      (0..<shape.reduce(1, *)).filter { place in
        let index = Self.index(of: place, in: shape, isRowMajor: isRowMajor)
        return shape.indices.allSatisfy { (start[$0]..<(start[$0] + size[$0])).contains(index[$0]) }
      }
    case .resized(let shape, _): shape.places
    }
  }

  /// Where the values of several items lie.
  func places(items: Int) -> [Int] {
    let one = places
    let extent = extent
    return (0..<items).flatMap { item in one.map { item * extent + $0 } }
  }

  /// The indices of the value at a place of an array.
  private static func index(of place: Int, in shape: [Int], isRowMajor: Bool) -> [Int] {
    var rest = place
    var index = [Int](repeating: 0, count: shape.count)
    for dimension in isRowMajor ? Array(shape.indices.reversed()) : Array(shape.indices) {
      index[dimension] = rest % shape[dimension]
      rest /= shape[dimension]
    }
    return index
  }

  /// Values of a buffer that has room for several items, and for no value more.
  func reach(items: Int = 1) -> Int { (places(items: items).max() ?? -1) + 1 }

  /// From one item to the next.
  var extent: Int {
    switch self {
    case .contiguous, .vector, .indexed: (places.max() ?? -1) + 1
    case .subarray(let shape, _, _, _): shape.reduce(1, *)
    case .resized(_, let extent): extent
    }
  }

  /// Whether a value is named twice.
  var hasOverlap: Bool { Set(places).count < places.count }

  func make<Element: Datatype>(_: Element.Type) throws -> Layout<Element> {
    switch self {
    case .contiguous(let count): try .contiguous(count)
    case .vector(let count, let blockLength, let stride):
      try .vector(count: count, blockLength: blockLength, stride: stride)
    case .indexed(let counts, let offsets): try .indexed(Blocks(counts: counts, offsets: offsets))
    case .subarray(let shape, let start, let size, let isRowMajor):
      try .subarray(of: shape, start: start, size: size, order: isRowMajor ? .rowMajor : .columnMajor)
    case .resized(let shape, let extent): try shape.make(Element.self).resized(extent: extent)
    }
  }
}
