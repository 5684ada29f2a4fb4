/// The memory of one rank's part of a distributed array: aligned, on huge pages where it is large, shared until written.
///
/// Elements hold no references: MPI could not send them otherwise.
@usableFromInline
final class ElementStorage<Element: Sendable>: @unchecked Sendable {
  @usableFromInline let start: UnsafeMutablePointer<Element>
  @usableFromInline let count: Int

  /// Memory for some elements, not initialised yet.
  @usableFromInline
  init(uninitializedCount count: Int) {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride,
      alignment: max(Self.alignment(of: count), MemoryLayout<Element>.alignment))
    adviseHugePages(memory, byteCount: count * MemoryLayout<Element>.stride)
    self.start = memory.bindMemory(to: Element.self, capacity: max(count, 1))
    self.count = count
  }

  deinit {
    start.deallocate()
  }

  /// Elements made by a closure, which must make all of them.
  @inlinable
  convenience init<Failure: Error>(
    count: Int, initializingWith body: (inout OutputSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    self.init(uninitializedCount: count)
    var output = OutputSpan(buffer: elements, initializedCount: 0)
    try body(&output)
    let made = output.finalize(for: elements)
    precondition(made == count, "\(made) of \(count) elements were made")
  }

  /// A copy of another storage's elements.
  @usableFromInline
  convenience init(copying other: ElementStorage) {
    self.init(uninitializedCount: other.count)
    start.initialize(from: other.start, count: count)
  }

  /// All elements.
  @inlinable
  var elements: UnsafeMutableBufferPointer<Element> { UnsafeMutableBufferPointer(start: start, count: count) }

  /// The elements as an array.
  @usableFromInline
  func copied() -> [Element] { withExtendedLifetime(self) { Array(elements) } }

  /// A cache line for small parts, a huge page for large ones.
  private static func alignment(of count: Int) -> Int {
    count * MemoryLayout<Element>.stride >= hugePageSize ? hugePageSize : 64
  }
}
