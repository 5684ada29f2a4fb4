import MPI

/// Some items of a layout: what one side of a call sends or receives.
struct LayoutItems: Sendable {
  let shape: LayoutShape
  let items: Int

  /// Their places in a buffer.
  var places: [Int] { shape.places(items: items) }

  /// The values that they pick from a buffer.
  func picked<Element>(from buffer: [Element]) -> [Element] { places.map { buffer[$0] } }

  /// The buffer after they have taken these values.
  func placed<Element>(_ values: [Element], in buffer: [Element]) -> [Element] {
    var result = buffer
    for (place, value) in zip(places, values) { result[place] = value }
    return result
  }
}

extension LayoutItems {
  /// Any layout and number of items that have so many values in all, none named twice.
  static func random(values: Int, _ generator: inout SplitMix64) -> LayoutItems {
    let divisors = values == 0 ? [0, 1, 3] : (1...values).filter { values.isMultiple(of: $0) }
    let items = divisors.randomElement(using: &generator)!
    let each = items == 0 ? 2 : values / items
    let shape = LayoutShape.random(values: each, &generator)
    switch Int.random(in: 0..<3, using: &generator) {
    case 0:
      let extent = shape.reach() + Int.random(in: 0...3, using: &generator)
      return LayoutItems(shape: .resized(shape, extent: extent), items: items)
    case 1 where items > 0:
      // Columns of a matrix: each begins one value after the last, and they interleave.
      let column = LayoutShape.vector(count: each, blockLength: 1, stride: items)
      return LayoutItems(shape: .resized(column, extent: 1), items: items)
    default: return LayoutItems(shape: shape, items: items)
    }
  }
}

extension LayoutShape {
  /// Any layout of so many values, none named twice.
  static func random(values: Int, _ generator: inout SplitMix64) -> LayoutShape {
    func some(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    switch some(0...4) {
    case 0: return .contiguous(values)
    case 1:
      let (count, blockLength) = twoFactors(values, &generator)
      return .vector(count: count, blockLength: blockLength, stride: blockLength + some(0...3))
    case 2:
      // Cut anywhere, the pieces laid out in any order.
      let cuts = [0] + (0..<some(0...4)).map { _ in some(0...values) }.sorted() + [values]
      let counts = zip(cuts, cuts.dropFirst()).map { $1 - $0 }
      var offsets = [Int](repeating: 0, count: counts.count)
      var next = some(0...2)
      for block in counts.indices.shuffled(using: &generator) {
        offsets[block] = next
        next += counts[block] + some(0...2)
      }
      return .indexed(counts: counts, offsets: offsets)
    default:
      let (first, rest) = twoFactors(values, &generator)
      let (second, third) = twoFactors(rest, &generator)
      let size = [[values], [first, rest], [first, second, third]][some(0...2)]
      let start = size.map { _ in some(0...2) }
      let shape = size.indices.map { start[$0] + size[$0] + some(0...2) }
      return .subarray(of: shape, start: start, size: size, isRowMajor: some(0...1) == 0)
    }
  }

  /// Two numbers with this product.
  private static func twoFactors(_ product: Int, _ generator: inout SplitMix64) -> (Int, Int) {
    guard product > 0 else { return Bool.random(using: &generator) ? (0, 3) : (2, 0) }
    let first = (1...product).filter { product.isMultiple(of: $0) }.randomElement(using: &generator)!
    return (first, product / first)
  }
}
