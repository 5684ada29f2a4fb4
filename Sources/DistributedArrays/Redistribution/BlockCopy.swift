/// Copies the elements that two dense blocks have in common from one to the other, whatever their type.
struct BlockCopy {
  private var axes: [[AxisOverlap]]
  /// How far apart the items of each axis are, in bytes.
  private var sourceStrides: [Int]
  private var targetStrides: [Int]
  /// How many bytes one index of the last axis takes: one element, or whole rows.
  private var itemSize: Int

  /// - Parameters:
  ///   - overlap: Which elements.
  ///   - sourceShape: The shape of the block that they come from, row by row.
  ///   - targetShape: The shape of the block that they go to.
  ///   - elementSize: The size of an element, in bytes.
  init(_ overlap: Overlap, from sourceShape: [Int], to targetShape: [Int], elementSize: Int) {
    axes = overlap.axes
    itemSize = elementSize
    // Axes that are whole on both sides belong to the items of the one before.
    while axes.count > 1, axes.last!.count == 1, axes.last![0].length == sourceShape[axes.count - 1],
      axes.last![0].length == targetShape[axes.count - 1]
    {
      itemSize *= axes.last![0].length
      axes.removeLast()
    }
    (sourceStrides, targetStrides) = ([itemSize], [itemSize])
    for axis in axes.indices.dropFirst().reversed() {
      sourceStrides.insert(sourceStrides[0] * sourceShape[axis], at: 0)
      targetStrides.insert(targetStrides[0] * targetShape[axis], at: 0)
    }
  }

  /// Where all elements lie one after the other in both blocks, in bytes from their starts; `nil` if they do not.
  var contiguous: (source: Int, target: Int, byteCount: Int)? {
    guard axes.count == 1, axes[0].count == 1 else { return nil }
    let overlap = axes[0][0]
    return (overlap.source * itemSize, overlap.target * itemSize, overlap.length * itemSize)
  }

  /// Copies them.
  func run(from source: UnsafeRawPointer, to target: UnsafeMutableRawPointer) { run(axis: 0, source, target) }

  private func run(axis: Int, _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer) {
    if axis == axes.count - 1 { return runItems(source, target) }
    for overlap in axes[axis] {
      for index in 0..<overlap.length {
        run(
          axis: axis + 1, source + (overlap.source + index) * sourceStrides[axis],
          target + (overlap.target + index) * targetStrides[axis])
      }
    }
  }

  private func runItems(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer) {
    axes[axes.count - 1].withUnsafeBufferPointer { overlaps in
      // Short stretches are not worth a call each.
      switch itemSize {
      case 4: Self.copy(UInt32.self, overlaps, source, target)
      case 8: Self.copy(UInt64.self, overlaps, source, target)
      case 16: Self.copy(SIMD2<UInt64>.self, overlaps, source, target)
      default:
        for overlap in overlaps {
          (target + overlap.target * itemSize).copyMemory(
            from: source + overlap.source * itemSize, byteCount: overlap.length * itemSize)
        }
      }
    }
  }

  @inline(__always)
  private static func copy<Item: BitwiseCopyable>(
    _: Item.Type, _ overlaps: UnsafeBufferPointer<AxisOverlap>, _ source: UnsafeRawPointer,
    _ target: UnsafeMutableRawPointer
  ) {
    let size = MemoryLayout<Item>.size
    for overlap in overlaps {
      let from = source + overlap.source * size
      let to = target + overlap.target * size
      if overlap.length < 8 {
        for index in 0..<overlap.length {
          to.storeBytes(
            of: from.loadUnaligned(fromByteOffset: index * size, as: Item.self), toByteOffset: index * size,
            as: Item.self)
        }
      } else {
        to.copyMemory(from: from, byteCount: overlap.length * size)
      }
    }
  }
}
