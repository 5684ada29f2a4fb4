/// The bytes of a value while it is being encoded, with the headers of large containers still to be widened.
///
/// A container's header comes before its body, but is known only after it. Room for a one-byte length and a one-byte
/// count is left; where that is not enough, the true header is noted and put in by one pass over all bytes at the end,
/// so that the time is linear however deeply containers nest.
final class BinaryOutput {
  /// A header that needs more than the two bytes left for it.
  struct WideHeader {
    /// Where the two bytes are.
    var position: Int
    /// The number of bytes of the body when all headers are in place.
    let length: Int
    /// The number of the container's elements or entries.
    let count: Int
  }

  /// What was written so far.
  var bytes: [UInt8] = []

  /// The headers to put in, inner ones before outer ones.
  var headers: [WideHeader] = []

  /// By how many bytes the noted headers will lengthen the output.
  var growth = 0

  /// The number of the only encoder that may write now; zero if none may.
  var writer = 1

  /// The last number given to an encoder.
  var encoders = 1

  /// The state to which a failed attempt to write is taken back.
  var mark: (bytes: Int, headers: Int, growth: Int) { (bytes.count, headers.count, growth) }

  /// Forgets what was written since a mark.
  func rewind(to mark: (bytes: Int, headers: Int, growth: Int)) {
    bytes.removeSubrange(mark.bytes...)
    headers.removeSubrange(mark.headers...)
    growth = mark.growth
  }

  /// Begins a container and returns where its header is.
  func openContainer(_ tag: BinaryTag) -> Int {
    bytes.append(tag.rawValue)
    bytes.append(0)
    bytes.append(0)
    return bytes.count - 2
  }

  /// Completes the header of a container whose body ends here.
  ///
  /// - Parameters:
  ///   - position: What `openContainer` returned.
  ///   - count: The number of elements or entries.
  ///   - growthBefore: What `growth` was when the container began.
  func closeContainer(at position: Int, count: Int, growthBefore: Int) {
    let length = bytes.count - position - 2 + (growth - growthBefore)
    if length < 0x80 && count < 0x80 {
      bytes[position] = UInt8(length)
      bytes[position + 1] = UInt8(count)
    } else {
      headers.append(WideHeader(position: position, length: length, count: count))
      growth += Self.varintSize(length) + Self.varintSize(count) - 2
    }
  }

  /// Puts all headers in place and returns the finished bytes; the output is of no use afterwards.
  func flattened() -> [UInt8] {
    if headers.isEmpty { return bytes }
    headers.sort { $0.position < $1.position }
    var end = bytes.count
    var shift = growth
    bytes.append(contentsOf: repeatElement(0, count: growth))
    bytes.withUnsafeMutableBytes { raw in
      // From the back, so that every byte moves once and to where nothing is needed any more.
      for header in headers.reversed() {
        let source = header.position + 2
        let target = UnsafeMutableRawBufferPointer(rebasing: raw[(source + shift)...])
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: raw[source..<end]))
        let lengthSize = Self.varintSize(header.length)
        let countSize = Self.varintSize(header.count)
        Self.store(varint: header.length, in: raw, at: source + shift - countSize - lengthSize)
        Self.store(varint: header.count, in: raw, at: source + shift - countSize)
        shift -= lengthSize + countSize - 2
        end = header.position
      }
    }
    return bytes
  }

  /// Puts byte strings in at ascending positions, all of them at or after the given header's container.
  func splice(_ pieces: [(position: Int, bytes: [UInt8])], headersFrom firstHeader: Int) {
    guard let first = pieces.first else { return }
    if pieces.count == 1 && first.position == bytes.count {
      bytes.append(contentsOf: first.bytes)
      return
    }
    let tail = [UInt8](bytes[first.position...])
    bytes.removeSubrange(first.position...)
    var copied = 0
    for piece in pieces {
      bytes.append(contentsOf: tail[copied..<(piece.position - first.position)])
      bytes.append(contentsOf: piece.bytes)
      copied = piece.position - first.position
    }
    bytes.append(contentsOf: tail[copied...])

    headers[firstHeader...].sort { $0.position < $1.position }
    var next = 0
    var shift = 0
    for index in headers.indices[firstHeader...] {
      while next < pieces.count && pieces[next].position <= headers[index].position {
        shift += pieces[next].bytes.count
        next += 1
      }
      headers[index].position += shift
    }
  }
}
