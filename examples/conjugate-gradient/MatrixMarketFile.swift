import ExampleSupport
import Foundation
import MPI

/// A Matrix Market file, of which each rank reads the lines that begin in its part of the bytes.
struct MatrixMarketFile {
  let path: String
  let header: MatrixMarketHeader

  /// Where the lines of entries begin, and where the file ends.
  private let body: Range<Int>
  private let handle: FileHandle

  private static let pieceSize = 1 << 20

  /// Opens a file and reads its header. Local.
  init(path: String) throws {
    self.path = path
    do {
      handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw ExampleError("\(path): The file cannot be read: \(error.localizedDescription)")
    }
    var banner: [UInt8]?
    var sizes: [UInt8]?
    var bodyStart = 0
    let end = Int(try handle.seekToEnd())
    let first = try Self.bytes(handle, 0..<min(2, end), path)
    if first == [0x1F, 0x8B] { throw ExampleError("\(path): The file is compressed. Unpack it first, with gunzip.") }
    try Self.eachLine(handle, from: 0, path) { line, next in
      if banner == nil {
        banner = Array(line)
      } else if line.contains(where: { !$0.isBlank }), line.first != UInt8(ascii: "%") {
        sizes = Array(line)
      }
      bodyStart = next
      return sizes == nil
    }
    guard let banner, let sizes else { throw ExampleError("\(path): The file ends within its header.") }
    header = try MatrixMarketHeader(banner: banner, sizes: sizes, path: path)
    body = min(bodyStart, end)..<end
    // An entry takes no fewer bytes than this, with the end of its line, which may be missing after the last.
    let least = header.format == .array ? 2 : header.field == .pattern ? 4 : 6
    guard header.entries <= (body.count + 1) / least else {
      throw ExampleError("\(path): The header announces \(header.entries) entries, and there is no room for so many.")
    }
  }

  /// Calls a closure for each line that begins in a rank's part of the file. Local.
  func eachLine(of rank: Int, among size: Int, _ use: (inout LineScanner) throws -> Void) throws {
    let part = Blocks.evenRange(of: body.count, rank: rank, among: size)
    let (start, end) = (body.lowerBound + part.lowerBound, body.lowerBound + part.upperBound)
    guard start < end else { return }
    // A line that begins before this part is another rank's: look for its end from the byte before on.
    var isOwn = start == body.lowerBound
    var position = isOwn ? start : start - 1
    try Self.eachLine(handle, from: position, path) { line, next in
      defer { (isOwn, position) = (true, next) }
      guard position < end || !isOwn else { return false }
      if isOwn {
        var scanner = LineScanner(line, at: position, path: path)
        if !scanner.isBlank, line.first != UInt8(ascii: "%") { try use(&scanner) }
      }
      return next < end
    }
  }

  /// Calls a closure for each line from a byte on, with where the next begins, until it returns false.
  private static func eachLine(
    _ handle: FileHandle, from start: Int, _ path: String, _ use: (ArraySlice<UInt8>, Int) throws -> Bool
  ) throws {
    var (position, rest) = (start, [UInt8]())
    while true {
      let piece = try bytes(handle, (position + rest.count)..<(position + rest.count + pieceSize), path)
      let isLast = piece.isEmpty
      rest += piece
      var lineStart = 0
      while lineStart < rest.count {
        let newline = rest[lineStart...].firstIndex(of: 10)
        guard newline != nil || isLast else { break }
        let lineEnd = newline ?? rest.count
        let next = min(lineEnd + 1, rest.count)
        guard try use(rest[lineStart..<lineEnd], position + next) else { return }
        lineStart = next
      }
      if isLast { return }
      rest.removeFirst(lineStart)
      position += lineStart
      guard rest.count <= 16 * pieceSize else {
        throw ExampleError("\(path): The line at byte \(position) does not end. This is no Matrix Market file.")
      }
    }
  }

  private static func bytes(_ handle: FileHandle, _ range: Range<Int>, _ path: String) throws -> [UInt8] {
    do {
      try handle.seek(toOffset: UInt64(range.lowerBound))
      return Array(try handle.read(upToCount: range.count) ?? Data())
    } catch {
      throw ExampleError("\(path): The file cannot be read: \(error.localizedDescription)")
    }
  }
}
