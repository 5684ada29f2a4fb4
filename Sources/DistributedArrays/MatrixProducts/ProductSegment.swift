/// A part of a rank's inner terms that lies in one piece of each operand.
///
/// A block of the left matrix is made of pieces that the ranks of a grid row have, one of the right matrix of pieces that
/// those of a grid column have. Where the pieces end, segments end: each is one multiplication, of pieces as they came.
struct ProductSegment: Equatable {
  /// Inner terms, counted from the first one of the layer.
  var inner: Range<Int>
  /// Which rank of the grid row has the columns of the left matrix, and which of them is the first.
  var leftPiece: Int
  var leftStart: Int
  /// Which rank of the grid column has the rows of the right matrix, and which of them is the first.
  var rightPiece: Int
  var rightStart: Int
}

extension ProductPlan {
  /// The segments of a rank, in the order in which it multiplies them; one at least.
  ///
  /// Ranks begin at different places, near what they have themselves, so that they do not all ask the same one at the
  /// same time, as in Cannon's algorithm; a plan that is streaming goes from start to end.
  func segments(of part: Part) -> [ProductSegment] {
    let whole = 0..<part.inner.count
    var segments: [ProductSegment] = []
    var (left, right, start) = (0, 0, 0)
    while start < whole.upperBound {
      let leftRange = whole.evenPart(left, of: grid.columns)
      let rightRange = whole.evenPart(right, of: grid.rows)
      let end = min(leftRange.upperBound, rightRange.upperBound)
      if end > start {
        segments.append(
          ProductSegment(
            inner: start..<end, leftPiece: left, leftStart: start - leftRange.lowerBound, rightPiece: right,
            rightStart: start - rightRange.lowerBound))
      }
      start = end
      if leftRange.upperBound == end { left += 1 }
      if rightRange.upperBound == end { right += 1 }
    }
    if segments.isEmpty {
      return [ProductSegment(inner: 0..<0, leftPiece: part.column, leftStart: 0, rightPiece: part.row, rightStart: 0)]
    }
    if isStreaming { return segments }
    // As far along as the rank is in its grid row and its grid column together.
    let offset = (part.row * grid.columns + part.column * grid.rows) % (grid.rows * grid.columns)
    let first = whole.count * offset / (grid.rows * grid.columns)
    let index = segments.firstIndex { $0.inner.upperBound > first } ?? 0
    return Array(segments[index...] + segments[..<index])
  }
}
