import ExampleSupport
import Foundation

/// A picture of up to 256 colours, as a PNG file (ISO/IEC 15948).
///
/// The pixels are in stored blocks of deflate: any reader takes them, and no library has to compress them.
struct PNGImage {
  let width: Int
  let height: Int
  /// The number of each pixel's colour, row by row.
  let pixels: [UInt8]
  let palette: [(red: UInt8, green: UInt8, blue: UInt8)]

  /// The file.
  var encoded: [UInt8] {
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    // 8 bits for each pixel, colours from a palette, no interlacing.
    file.appendChunk("IHDR", UInt32(width).bigEndianBytes + UInt32(height).bigEndianBytes + [8, 3, 0, 0, 0])
    file.appendChunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
    file.appendChunk("IDAT", stored(scanlines))
    file.appendChunk("IEND", [])
    return file
  }

  /// Writes the file under another name first, so that nobody sees a part of it.
  func write(to path: String) throws {
    do {
      try Data(encoded).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ExampleError("\(path): The picture cannot be written: \(error.localizedDescription)")
    }
  }

  /// The rows, each after a byte that says that it is not filtered.
  private var scanlines: [UInt8] {
    var lines: [UInt8] = []
    lines.reserveCapacity(height * (width + 1))
    for row in 0..<height {
      lines.append(0)
      lines += pixels[row * width..<(row + 1) * width]
    }
    return lines
  }

  /// Bytes in the format of zlib (RFC 1950) as stored blocks (RFC 1951, §3.2.4).
  private func stored(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x78, 0x01]
    var (a, b) = (UInt32(1), UInt32(0))
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      let length = UInt16(block.count)
      result.append(block.endIndex == bytes.count ? 1 : 0)
      result += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
      result += block
      for byte in block {
        a = (a + UInt32(byte)) % 65_521
        b = (b + a) % 65_521
      }
    }
    return result + (b << 16 | a).bigEndianBytes
  }
}

extension [UInt8] {
  fileprivate mutating func appendChunk(_ name: String, _ content: [UInt8]) {
    self += UInt32(content.count).bigEndianBytes
    let start = count
    self += name.utf8
    self += content
    var check: UInt32 = 0xFFFF_FFFF
    for byte in self[start...] { check = PNGCheck.table[Int((check ^ UInt32(byte)) & 255)] ^ check >> 8 }
    self += (~check).bigEndianBytes
  }
}

/// The checksum of PNG's chunks, a CRC of 32 bits.
private enum PNGCheck {
  static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }
}

extension UInt32 {
  fileprivate var bigEndianBytes: [UInt8] {
    [UInt8(self >> 24), UInt8(self >> 16 & 255), UInt8(self >> 8 & 255), UInt8(self & 255)]
  }
}
