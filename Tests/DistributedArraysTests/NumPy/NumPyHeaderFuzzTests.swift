import DistributedArrays
import Testing

/// Damaged headers, the same ones in every run: none may crash, and what is accepted must be consistent.
@Suite struct NumPyHeaderFuzzTests {
  private static let seeds: [[UInt8]] = [
    header(dictionary("<f8", "(3, 4)")), header(dictionary(">c16", "(1000000, 1000000, 7)", fortran: true), version: 2),
    header(dictionary("|b1", "()"), version: 3), header(dictionary("|O", "(0L,)")),
    header("{'descr': [('a', '<f8'), ('b', '<i4', (2, 3))], 'fortran_order': False, 'shape': (2,), }\n"),
  ]

  private func check(_ bytes: [UInt8]) {
    do {
      let header = try parsed(bytes)
      #expect(header.count >= 0)
      #expect(header.dataOffset <= bytes.count)
      #expect(header.fileSize >= header.dataOffset)
      #expect(header.shape.allSatisfy { $0 >= 0 })
    } catch let error as NumPyError {
      #expect(error.code == .malformedHeader || error.code == .unsupportedElement)
      #expect(error.message.utf8.count < 1000)
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func mutations(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let signs = Array("{}()[]',:\"\\LuTFalse<>|=-0123456789 \n".utf8) + [0, 0x80, 0xFF]
    for _ in 0..<1500 {
      var bytes = Self.seeds.randomElement(using: &generator)!
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        let sign = signs.randomElement(using: &generator)!
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[position] = sign
        case 1: bytes[position] = .random(in: 0...255, using: &generator)
        case 2: bytes.insert(sign, at: position)
        case 3 where bytes.count > 1: bytes.remove(at: position)
        case 4: bytes.insert(contentsOf: bytes[position...].prefix(12), at: position)
        default: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
      }
      // Otherwise most would fail for their length alone.
      if Bool.random(using: &generator), bytes.count > 12 {
        let isShort = bytes[6] == 1
        let length = bytes.count - (isShort ? 10 : 12)
        bytes[8] = UInt8(truncatingIfNeeded: length)
        bytes[9] = UInt8(truncatingIfNeeded: length >> 8)
        if !isShort { bytes.replaceSubrange(10..<12, with: [0, 0]) }
      }
      check(bytes)
    }
  }

  @Test func truncations() {
    for bytes in Self.seeds {
      for length in 0...bytes.count {
        var short = Array(bytes[..<length])
        check(short)
        guard length > 12 else { continue }
        short[8] = UInt8(length - (bytes[6] == 1 ? 10 : 12))
        check(short)
      }
    }
  }

  @Test func deepNesting() {
    let brackets = String(repeating: "[", count: 60_000)
    check(header("{'descr': " + brackets))
    check(header("{'descr': " + brackets + String(repeating: "]", count: 1000)))
    check(header("{'shape': " + String(repeating: "(", count: 60_000)))
  }

  @Test func randomBytesInAFile() throws {
    let folder = try TemporaryFolder()
    var generator = SeededGenerator(state: 42)
    for _ in 0..<200 {
      let length = Int.random(in: 0..<300, using: &generator)
      var bytes = header(dictionary("<i4", "(\(Int.random(in: 0..<60, using: &generator)),)")).prefix(length)
      bytes += (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let path = try folder.file(Array(bytes))
      do {
        let file = try NumPyFile(path: path)
        let header = file.header
        #expect(header.fileSize <= bytes.count)
        #expect(try file.readAll(Int32.self).count == header.count)
      } catch {
        #expect([.malformedHeader, .unsupportedElement, .truncated, .typeMismatch].contains(error.code))
        #expect(error.path == path)
      }
    }
  }
}
