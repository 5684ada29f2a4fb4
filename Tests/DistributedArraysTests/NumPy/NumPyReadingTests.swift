import ComplexModule
import DistributedArrays
import Foundation
import Testing

@Suite struct NumPyReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ descriptor: String, _ shape: String, data: [UInt8]) throws -> String {
    try folder.file(header(dictionary(descriptor, shape)) + data)
  }

  @Test func readsRanges() throws {
    let path = try file("<i2", "(2, 3)", data: [1, 0, 2, 0, 3, 0, 4, 1, 255, 255, 0, 128])
    let file = try NumPyFile(path: path)
    #expect(try file.readAll(Int16.self) == [1, 2, 3, 260, -1, .min])
    #expect(try file.read(Int16.self, range: 2..<5) == [3, 260, -1])
    #expect(try file.read(Int16.self, range: 6..<6) == [])

    var part: [Int16] = [9, 9, 9, 9]
    do {
      var span = part.mutableSpan
      try file.read(into: &span, startingAt: 1)
    }
    #expect(part == [2, 3, 260, -1])
  }

  @Test func swapsBigEndianNumbers() throws {
    let path = try file(">c8", "(1,)", data: [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0])
    #expect(try NumPyFile(path: path).readAll(Complex<Float>.self) == [Complex(1, -2)])
    let words = try file(">u8", "(2,)", data: [0, 0, 0, 0, 0, 0, 1, 2, 255, 0, 0, 0, 0, 0, 0, 1])
    #expect(try NumPyFile(path: words).readAll(UInt.self) == [258, 0xFF00_0000_0000_0001])
  }

  @Test func swapsAcrossPieces() throws {
    let count = 300_001
    let data = (0..<4 * count).map { UInt8(truncatingIfNeeded: ($0 / 4) >> (24 - 8 * ($0 % 4))) }
    let file = try NumPyFile(path: try file(">i4", "(\(count),)", data: data))
    #expect(try file.read(Int32.self, range: 1..<count) == (1..<Int32(count)).map { $0 })
  }

  @Test func readsArraysWithoutElementsOrDimensions() throws {
    let empty = try NumPyFile(path: try file("<f8", "(0,)", data: []))
    #expect(try empty.readAll(Double.self) == [])
    #expect(code { _ = try empty.read(Double.self, range: 0..<1) } == .outOfRange)
    let scalar = try NumPyFile(path: try file("<f4", "()", data: [0, 0, 0x80, 0x3F]))
    #expect(try scalar.readAll(Float.self) == [1])
  }

  @Test func ignoresWhatFollows() throws {
    let file = try NumPyFile(path: try file("|u1", "(2,)", data: [7, 8, 9, 10]))
    #expect(try file.readAll(UInt8.self) == [7, 8])
    #expect(code { _ = try file.read(UInt8.self, range: 2..<3) } == .outOfRange)
  }

  @Test func refusesRangesOutside() throws {
    let file = try NumPyFile(path: try file("|u1", "(4,)", data: [1, 2, 3, 4]))
    for range in [-1..<2, 3..<5, 5..<5, Int.min..<Int.max, -3..<(-1)] {
      #expect(code { _ = try file.read(UInt8.self, range: range) } == .outOfRange)
    }
    for start in [-1, 3, .max, .min] {
      let result = code {
        var two: [UInt8] = [0, 0]
        var span = two.mutableSpan
        try file.read(into: &span, startingAt: start)
      }
      #expect(result == .outOfRange)
    }
  }

  @Test func refusesOtherTypes() throws {
    let path = try file("<f8", "(1,)", data: [0, 0, 0, 0, 0, 0, 0, 0])
    let file = try NumPyFile(path: path)
    #expect(code { _ = try file.readAll(Float.self) } == .typeMismatch)
    #expect(code { _ = try file.readAll(Int.self) } == .typeMismatch)
    #expect(code { _ = try file.readAll(Complex<Float>.self) } == .typeMismatch)
  }

  @Test func readsTypesOfOnesOwn() throws {
    struct Metres: NumPyElement, Equatable {
      static var numPyKind: NumPyElementKind { .float32 }
      var value: Float
    }
    struct Liar: NumPyElement {
      static var numPyKind: NumPyElementKind { .float32 }
      var value: Double
    }
    struct Loose: NumPyElement {
      static var numPyKind: NumPyElementKind { .float32 }
      var a: UInt16
      var b: UInt16
    }
    let file = try NumPyFile(path: try file("<f4", "(1,)", data: [0, 0, 0x80, 0x3F]))
    #expect(try file.readAll(Metres.self) == [Metres(value: 1)])
    #expect(code { _ = try file.readAll(Liar.self) } == .typeMismatch)
    #expect(code { _ = try file.readAll(Loose.self) } == .typeMismatch)
  }

  @Test func refusesBooleansThatAreNone() throws {
    let valid = try NumPyFile(path: try file("|b1", "(3,)", data: [1, 0, 1]))
    #expect(try valid.readAll(Bool.self) == [true, false, true])
    let invalid = try NumPyFile(path: try file("|b1", "(3,)", data: [1, 0, 2]))
    #expect(try invalid.read(Bool.self, range: 0..<2) == [true, false])
    #expect(code { _ = try invalid.readAll(Bool.self) } == .malformedData)
    var values = [false, false, false]
    var result: NumPyError?
    do {
      var span = values.mutableSpan
      try invalid.read(into: &span, startingAt: 0)
    } catch {
      result = error
    }
    #expect(result?.message.contains("Element 2 ") == true)
    #expect(values == [true, false, true])
  }

  @Test func saysHowMuchIsMissing() throws {
    let path = try file("<f8", "(3,)", data: [1, 2, 3, 4])
    do {
      _ = try NumPyFile(path: path)
      Issue.record("opened")
    } catch {
      #expect(error.code == .truncated)
      #expect(error.path == path)
      #expect(error.message.contains("20 bytes are missing"))
    }
    let huge = try file("<f8", "(1000000000000,)", data: [])
    #expect(code { _ = try NumPyFile(path: huge) } == .truncated)
  }

  @Test func noticesAFileThatBecomesShorter() throws {
    let path = try file("|u1", "(4,)", data: [1, 2, 3, 4])
    let file = try NumPyFile(path: path)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: UInt64(file.header.fileSize - 1))
    #expect(try file.read(UInt8.self, range: 0..<3) == [1, 2, 3])
    #expect(code { _ = try file.readAll(UInt8.self) } == .truncated)
  }

  @Test func refusesWhatIsNoFile() throws {
    #expect(code { _ = try NumPyFile(path: folder("none.npy")) } == .missingFile)
    #expect(code { _ = try NumPyFile(path: folder("none/x.npy")) } == .missingFile)
    #expect(code { _ = try NumPyFile(path: "") } == .missingFile)
    #expect(code { _ = try NumPyFile(path: "/dev/null\0x") } == .missingFile)
    #expect(code { _ = try NumPyFile(path: folder.path) } == .notRegularFile)
    #expect(code { _ = try NumPyFile(path: "/dev/null") } == .notRegularFile)
    let empty = try folder.file([], name: "empty.npy")
    #expect(code { _ = try NumPyFile(path: empty) } == .malformedHeader)
    let pipe = folder("pipe.npy")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(code { _ = try NumPyFile(path: pipe) } == .notRegularFile)
  }

  @Test(.enabled(if: geteuid() != 0, "permissions do not bind the superuser"))
  func refusesAFileThatMayNotBeRead() throws {
    let path = try file("|u1", "(1,)", data: [1])
    #expect(chmod(path, 0) == 0)
    #expect(code { _ = try NumPyFile(path: path) } == .permissionDenied)
  }

  @Test func errorsReadWell() throws {
    let path = folder("none.npy")
    do {
      _ = try NumPyFile(path: path)
      Issue.record("opened")
    } catch NumPyError.Code.truncated {
      Issue.record("matched another code")
    } catch NumPyError.Code.missingFile {
      // As it should be.
    } catch {
      Issue.record("\(error)")
    }
    do {
      _ = try NumPyFile(path: folder("none.npy"))
    } catch {
      #expect(error.description.hasPrefix(folder("none.npy") + ": Could not open it for reading: No such file"))
      #expect(error.systemCode == ENOENT)
    }
  }

  /// A file that tasks can share: a noncopyable value by itself has one owner.
  private final class Shared: Sendable {
    let file: NumPyFile
    init(path: String) throws { file = try NumPyFile(path: path) }
  }

  @Test func tasksMayShareAFile() async throws {
    let data = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    let shared = try Shared(path: file("|u1", "(100000,)", data: data))
    let total = try await withThrowingTaskGroup(of: Int.self) { group in
      for part in 0..<10 {
        group.addTask {
          let elements = try shared.file.read(UInt8.self, range: part * 10_000..<(part + 1) * 10_000)
          return elements.reduce(0) { $0 + Int($1) }
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(total == data.reduce(0) { $0 + Int($1) })
  }
}
