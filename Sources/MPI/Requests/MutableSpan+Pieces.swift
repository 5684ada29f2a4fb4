extension MutableSpan {
  /// Takes values off the front: they become a span of their own, and this one keeps the rest.
  ///
  /// The two never overlap, so that each may be received into at the same time. O(1), no copy.
  ///
  /// - Parameter count: How many values, from 0 to the span's count.
  /// - Returns: The first values.
  // A call, and no part of the caller's loop: Swift 6.3.1 crashes when it optimises such a loop that can throw.
  @inlinable @inline(never) @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func takeFirst(_ count: Int) -> MutableSpan<Element> {
    precondition(count >= 0 && count <= self.count, "a piece of \(count) values was taken from \(self.count)")
    let all = withUnsafeMutableBufferPointer { $0 }
    let first = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: all[..<count]))
    let rest = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: all[count...]))
    let result = bound(first, copying: self)
    self = bound(rest, copying: self)
    return result
  }

  /// Divides the span into pieces of the same length, the last of which may be shorter.
  ///
  /// - Parameter count: How many values each piece has, at least 1.
  @inlinable @_lifetime(copy self)
  public consuming func chunks(of count: Int) -> MutableChunks<Element> {
    precondition(count > 0, "pieces of \(count) values were asked for")
    let rest = self.count % count
    return MutableChunks(self, count, last: rest, by: rest)
  }

  /// Divides the span into as many pieces as there are ranks, as evenly as possible: those of ``Blocks/even(_:among:)``.
  ///
  /// - Parameter size: How many pieces, at least 1; there are fewer when the span has fewer values.
  @inlinable @_lifetime(copy self)
  public consuming func evenParts(_ size: Int) -> MutableChunks<Element> {
    precondition(size > 0, "\(size) pieces were asked for")
    let (each, longer) = count.quotientAndRemainder(dividingBy: size)
    if longer == 0 { return MutableChunks(self, max(each, 1), last: 0, by: 0) }
    return MutableChunks(self, each + 1, last: each * (size - longer), by: each)
  }
}

/// Pieces of a span, one after the other, each of which may be given away: to a request, for example.
///
/// ```swift
/// var pieces = matrix.mutableSpan.chunks(of: columns)
/// var group = RequestGroup()
/// while let row = pieces.next() { group.add(try world.startReceive(into: row, from: .any)) }
/// try group.waitAll()
/// ```
@frozen
public struct MutableChunks<Element>: ~Copyable, ~Escapable {
  /// Where the next piece begins, and where those of its length end.
  @usableFromInline var start: UnsafeMutablePointer<Element>
  @usableFromInline var end: UnsafeMutablePointer<Element>
  /// How long the next piece is.
  @usableFromInline var length: Int
  /// How many values behind the end go into shorter pieces, and how long these are.
  @usableFromInline var last: Int
  @usableFromInline var lastLength: Int

  /// - Parameters:
  ///   - all: What is divided; without the last ones, a multiple of the length.
  ///   - length: How long a piece is.
  ///   - last: How many values at the end go into shorter pieces.
  ///   - lastLength: How long these are: a divisor of their number.
  @inlinable @_lifetime(copy all)
  init(_ all: consuming MutableSpan<Element>, _ length: Int, last: Int, by lastLength: Int) {
    let (start, count) = all.withUnsafeMutableBufferPointer { ($0.baseAddress, $0.count) }
    // That of no values is never used.
    self.start = start ?? UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment).unsafelyUnwrapped
    end = self.start + (count - last)
    self.length = length
    self.last = last
    self.lastLength = lastLength
  }

  /// The next piece, or `nil` after the last.
  @inlinable @inline(__always) @_lifetime(self: copy self) @_lifetime(copy self)
  public mutating func next() -> MutableSpan<Element>? {
    if _slowPath(start == end) {
      guard last > 0 else { return nil }
      end = start + last
      (length, last) = (lastLength, 0)
    }
    let first = start
    start = first + length
    let piece = MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(start: first, count: length))
    return bound(piece, copying: self)
  }
}
