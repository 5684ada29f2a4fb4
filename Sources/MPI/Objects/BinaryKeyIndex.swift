/// The entries of a keyed container, to be found by key in constant time.
///
/// Making it takes time linear in the number of entries: their values are passed over, not read.
final class BinaryKeyIndex {
  /// Where a key and its value are.
  private struct Entry {
    let key: Range<Int>
    var value: Int
  }

  /// The container's body.
  private let body: BinaryReader

  /// The entries in the order of the message, each key once.
  private var entries: [Entry] = []

  /// Numbers of entries plus one, in the order of the hashes of their keys; zero where there is none.
  ///
  /// Empty if there are few entries. Swift's hashes are seeded by the process, so that no sender can arrange collisions.
  private var table: [Int] = []

  /// The entry that is probably asked for next.
  private var next = 0

  /// Reads the keys of a container.
  init(_ container: BinaryReader.Container) throws(BinaryFault) {
    body = container.body
    guard container.count <= body.remaining / 2 else {
      throw .malformed("A length or count exceeds the rest of the message.")
    }
    entries.reserveCapacity(container.count)
    if container.count > 8 {
      var capacity = 16
      while capacity < container.count * 2 { capacity *= 2 }
      table = [Int](repeating: 0, count: capacity)
    }
    var reader = body
    for _ in 0..<container.count {
      let length = try reader.count()
      let start = try reader.skip(length)
      let key = start..<start + length
      try check(key)
      insert(Entry(key: key, value: reader.position))
      try reader.skipValue()
    }
    guard reader.remaining == 0 else { throw .malformed("A container has more than its entries.") }
  }

  /// The keys in the order of the message.
  var keys: some Sequence<String> {
    entries.lazy.map { [body] in String(decoding: body.bytes[$0.key], as: UTF8.self) }
  }

  /// A reader of the value of a key, which may read to the end of the container.
  func value(_ key: String) -> BinaryReader? {
    var key = key
    guard let index = key.withUTF8({ find(UnsafeRawBufferPointer($0)) }) else { return nil }
    var reader = body
    reader.seek(to: entries[index].value)
    return reader
  }

  /// Checks that a key is valid UTF-8.
  private func check(_ key: Range<Int>) throws(BinaryFault) {
    let utf8 = body.bytes[key]
    if utf8.allSatisfy({ $0 < 0x80 }) { return }
    guard String(validating: utf8, as: UTF8.self) != nil else { throw .malformed("A key is not valid UTF-8.") }
  }

  /// Adds an entry, or replaces the one with the same key.
  private func insert(_ entry: Entry) {
    body.bytes.withUnsafeBytes { bytes in
      let key = UnsafeRawBufferPointer(rebasing: bytes[entry.key])
      if table.isEmpty {
        if let index = entries.firstIndex(where: { Self.areEqual(bytes, $0.key, key) }) {
          entries[index].value = entry.value
          return
        }
      } else {
        let slot = slot(of: key, in: bytes)
        if table[slot] != 0 {
          entries[table[slot] - 1].value = entry.value
          return
        }
        table[slot] = entries.count + 1
      }
      entries.append(entry)
    }
  }

  /// The number of the entry with a key.
  private func find(_ key: UnsafeRawBufferPointer) -> Int? {
    body.bytes.withUnsafeBytes { bytes in
      // Most types read their keys in the order in which they wrote them, and some ask twice for one.
      for guess in [next - 1, next] where entries.indices.contains(guess) {
        if Self.areEqual(bytes, entries[guess].key, key) {
          next = guess + 1
          return guess
        }
      }
      let index: Int?
      if table.isEmpty {
        index = entries.firstIndex { Self.areEqual(bytes, $0.key, key) }
      } else {
        let slot = slot(of: key, in: bytes)
        index = table[slot] == 0 ? nil : table[slot] - 1
      }
      if let index { next = index + 1 }
      return index
    }
  }

  /// The place of a key in the table, or that where it would be put; the table is at most half full.
  private func slot(of key: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: key)
    let mask = table.count - 1
    var slot = hasher.finalize() & mask
    while table[slot] != 0 && !Self.areEqual(bytes, entries[table[slot] - 1].key, key) {
      slot = (slot + 1) & mask
    }
    return slot
  }

  /// Whether the bytes of an entry's key are those of another.
  @inline(__always)
  private static func areEqual(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ key: UnsafeRawBufferPointer
  ) -> Bool {
    guard range.count == key.count else { return false }
    for offset in 0..<key.count where bytes[range.lowerBound + offset] != key[offset] { return false }
    return true
  }
}
