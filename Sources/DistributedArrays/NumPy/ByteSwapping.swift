/// Reverses the bytes of every word in a buffer that begins at a word boundary.
///
/// Each width has a loop of its own, which the compiler turns into vector shuffles.
func reverseBytes(ofWordsIn buffer: UnsafeMutableRawBufferPointer, wordSize: Int) {
  switch wordSize {
  case 2: reverseBytes(buffer, as: UInt16.self)
  case 4: reverseBytes(buffer, as: UInt32.self)
  case 8: reverseBytes(buffer, as: UInt64.self)
  default: break
  }
}

@inline(__always)
private func reverseBytes<Word: FixedWidthInteger & BitwiseCopyable>(
  _ buffer: UnsafeMutableRawBufferPointer, as type: Word.Type
) {
  buffer.withMemoryRebound(to: Word.self) { words in
    for index in words.indices { words[index] = words[index].byteSwapped }
  }
}

/// Makes every byte in a buffer 0 or 1, and tells where the first was that was neither.
///
/// A `Bool` of another pattern must not exist, not even for as long as an error takes to be thrown.
func normalizeBooleans(in buffer: UnsafeMutableRawBufferPointer) -> Int? {
  var union: UInt8 = 0
  for byte in buffer { union |= byte }
  if union <= 1 { return nil }
  let first = buffer.firstIndex { $0 > 1 }
  for index in buffer.indices { buffer[index] = min(buffer[index], 1) }
  return first
}
