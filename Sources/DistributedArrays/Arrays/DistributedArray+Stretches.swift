extension DistributedArray {
  /// The ranges of numbers, row by row among all elements, that this rank's elements have, as long as possible.
  @usableFromInline
  var stretches: some Sequence<Range<Int>> {
    // Axes that are whole here belong to the one before.
    var axes = localAxes
    var unit = 1
    while axes.count > 1, axes[axes.count - 1].count == shape[axes.count - 1] {
      unit *= shape[axes.count - 1]
      axes.removeLast()
    }
    let last = axes[axes.count - 1]
    let length = shape[axes.count - 1]
    let isEmpty = storage.count == 0
    return sequence(state: (row: RowIndices(axes), position: 0)) { [shape, unit] state -> Range<Int>? in
      if isEmpty { return nil }
      if state.position == last.count {
        state.row.advance()
        state.position = 0
      }
      guard state.row.isValid else { return nil }
      let start = Swift.zip(state.row.index.dropLast(), shape).reduce(0) { $0 * $1.1 + $1.0 } * length
      let run = last.run(at: state.position)
      state.position += run.count
      return (start + run.lowerBound) * unit..<(start + run.upperBound) * unit
    }
  }
}
