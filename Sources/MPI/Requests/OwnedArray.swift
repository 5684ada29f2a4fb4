/// An array that MPI reads or fills, at an address that stays the same until it is taken out.
final class OwnedArray<Element: Datatype> {
  private var values: [Element]

  /// An array that is read: it is not copied, also where it has other owners, who get a copy when they change it.
  init(_ values: consuming [Element]) { self.values = values }

  /// An array that is filled.
  init(count: Int) { values = [Element](unsafeUninitializedCapacity: count) { _, initialized in initialized = count } }

  var readAddress: UnsafeRawPointer? { values.withUnsafeBufferPointer { UnsafeRawPointer($0.baseAddress) } }

  var writeAddress: UnsafeMutableRawPointer? {
    values.withUnsafeMutableBufferPointer { UnsafeMutableRawPointer($0.baseAddress) }
  }

  var count: Int { values.count }

  /// The array, or its first values.
  func take(first count: Int? = nil) -> [Element] {
    var result: [Element] = []
    swap(&result, &values)
    if let count, count < result.count { result.removeSubrange(count...) }
    return result
  }
}
