/// An array that MPI reads or fills, at an address that stays the same until it is taken out.
final class OwnedArray<Element: Datatype> {
  private var values: [Element]

  /// An array that is read: it is not copied, also where it has other owners, who get a copy when they change it.
  init(_ values: consuming [Element]) { self.values = values }

  /// An array that is filled.
  init(count: Int) { values = [Element](unsafeUninitializedCapacity: count) { _, initialized in initialized = count } }

  /// An array that is changed, taken out of a variable until it is given back.
  convenience init(taking variable: inout [Element]) {
    var taken: [Element] = []
    swap(&taken, &variable)
    self.init(consume taken)
  }

  var readAddress: UnsafeRawPointer? { values.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } }

  var writeAddress: UnsafeMutableRawPointer? {
    values.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
  }

  var count: Int { values.count }

  /// The values, for as long as the array is not taken out.
  var span: Span<Element> {
    @_lifetime(borrow self)
    get { bound(values.withUnsafeBufferPointer { $0 }.span, borrowing: self) }
  }

  /// The memory, for whoever keeps this alive and takes nothing out meanwhile.
  var buffer: UnsafeMutableBufferPointer<Element> { values.withUnsafeMutableBufferPointer { $0 } }

  /// The array, or its first values.
  func take(first count: Int? = nil) -> [Element] {
    var result: [Element] = []
    swap(&result, &values)
    if let count, count < result.count { result.removeSubrange(count...) }
    return result
  }
}
