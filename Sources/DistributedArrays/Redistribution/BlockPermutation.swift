/// Writes a dense block with its axes in another order, whatever the type of its elements.
struct BlockPermutation {
  /// The lengths of the axes of the result.
  private let shape: [Int]
  /// How far apart successive elements along each axis of the result are in the source, in elements.
  private let sourceStrides: [Int]

  /// - Parameters:
  ///   - sourceShape: The shape of the block, row by row.
  ///   - axes: Which of its axes each axis of the result is.
  init(_ sourceShape: [Int], _ axes: [Int]) {
    var strides = [Int](repeating: 1, count: sourceShape.count)
    for axis in sourceShape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * sourceShape[axis + 1] }
    shape = axes.map { sourceShape[$0] }
    sourceStrides = axes.map { strides[$0] }
  }

  /// Writes all elements.
  func run(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, elementSize: Int) {
    if shape.contains(0) { return }
    switch elementSize {
    case 1: run(UInt8.self, source, target)
    case 2: run(UInt16.self, source, target)
    case 4: run(UInt32.self, source, target)
    case 8: run(UInt64.self, source, target)
    case 16: run(SIMD2<UInt64>.self, source, target)
    default: runBytes(source, target, elementSize)
    }
  }

  /// Goes through the axis that lies in one stretch in the source and the one that does in the result in tiles that fit
  /// into the cache, and through the others one by one.
  private func run<Item: BitwiseCopyable>(
    _: Item.Type, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer
  ) {
    let source = source.assumingMemoryBound(to: Item.self)
    let target = target.assumingMemoryBound(to: Item.self)
    let last = shape.count - 1
    let inner = sourceStrides.firstIndex(of: 1) ?? last
    forEachOuter(but: inner) { sourceStart, targetStart in
      let columns = shape[last]
      let columnStride = sourceStrides[last]
      guard inner != last else {
        (target + targetStart).update(from: source + sourceStart, count: columns)
        return
      }
      let rows = shape[inner]
      let rowStride = targetStride(of: inner)
      let tile = 32
      for firstRow in stride(from: 0, to: rows, by: tile) {
        for firstColumn in stride(from: 0, to: columns, by: tile) {
          for row in firstRow..<min(firstRow + tile, rows) {
            let from = source + (sourceStart + row)
            let to = target + (targetStart + row * rowStride)
            for column in firstColumn..<min(firstColumn + tile, columns) { to[column] = from[column &* columnStride] }
          }
        }
      }
    }
  }

  private func runBytes(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ size: Int) {
    let last = shape.count - 1
    forEachOuter(but: last) { sourceStart, targetStart in
      for column in 0..<shape[last] {
        (target + (targetStart + column) * size).copyMemory(
          from: source + (sourceStart + column * sourceStrides[last]) * size, byteCount: size)
      }
    }
  }

  private func targetStride(of axis: Int) -> Int { shape[(axis + 1)...].reduce(1, *) }

  /// Goes through all axes but the last one and another one.
  private func forEachOuter(but inner: Int, _ body: (_ source: Int, _ target: Int) -> Void) {
    func descend(_ axis: Int, _ source: Int, _ target: Int) {
      if axis == shape.count - 1 { return body(source, target) }
      if axis == inner { return descend(axis + 1, source, target) }
      let step = targetStride(of: axis)
      for index in 0..<shape[axis] { descend(axis + 1, source + index * sourceStrides[axis], target + index * step) }
    }
    descend(0, 0, 0)
  }
}
