internal import Foundation

/// Reads what a rank has written since the last time.
struct RecordReader {
  private let path: String
  private var file: CInt = -1
  private var rest: [UInt8] = []

  init(path: String) { self.path = path }

  /// The records that are complete.
  mutating func read() -> [Record] {
    if file < 0 { file = open(path, O_RDONLY | O_CLOEXEC) }
    guard file >= 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = buffer.withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress, $0.count) }
      guard count > 0 else { break }
      rest += buffer[..<count]
    }
    guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
    let lines = rest[..<end].split(separator: UInt8(ascii: "\n"))
    rest.removeSubrange(...end)
    return lines.compactMap { try? JSONDecoder().decode(Record.self, from: Data($0)) }
  }

  mutating func close() {
    if file >= 0 { Foundation.close(file) }
    file = -1
  }
}
