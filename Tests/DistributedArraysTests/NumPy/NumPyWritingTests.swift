import ComplexModule
import DistributedArrays
import Foundation
import Testing

@Suite struct NumPyWritingTests {
  private let folder: TemporaryFolder
  private let partial: NumPyPartialFile

  init() throws {
    folder = try TemporaryFolder()
    partial = NumPyPartialFile(replacing: folder("c.npy"), token: 0xABC)
  }

  @Test func namesTheUnfinishedFile() {
    #expect(NumPyPartialFile(replacing: "c.npy", token: 1).partialPath == ".c.npy.partial-0000000000000001")
    #expect(NumPyPartialFile(replacing: "/a/b.d/c", token: .max).partialPath == "/a/b.d/.c.partial-ffffffffffffffff")
    #expect(NumPyPartialFile(replacing: "x") != NumPyPartialFile(replacing: "x"))
  }

  @Test func appearsOnlyWhenPublished() throws {
    try partial.create(kind: .int32, shape: [2, 3])
    #expect(folder.contents == [".c.npy.partial-0000000000000abc"])
    // As three processes would, in any order, with a range that nobody writes.
    for part in [2, 0] {
      let writer = try partial.open()
      let elements = [Int32(part), Int32(part) + 1]
      try writer.write(elements.span, startingAt: 2 * part)
      try writer.close()
    }
    try partial.publish()
    #expect(folder.contents == ["c.npy"])
    let file = try NumPyFile(path: folder("c.npy"))
    #expect(try file.readAll(Int32.self) == [0, 1, 0, 0, 2, 3])
    let header = file.header
    #expect(try NumPyHeader(kind: .int32, shape: [2, 3]) == header)
    #expect(try bytes(of: folder("c.npy")).count == header.fileSize)
  }

  @Test func discardingLeavesNothing() throws {
    let old = try folder.file([1, 2, 3], name: "c.npy")
    try partial.create(kind: .float64, shape: [1000])
    let writer = try partial.open()
    try writer.write([1.0], startingAt: 999)
    try partial.discard()
    try partial.discard()
    #expect(folder.contents == ["c.npy"])
    #expect(try bytes(of: old) == [1, 2, 3])
    #expect(code { try partial.publish() } == .missingFile)
  }

  @Test func replacesAnOlderFile() throws {
    try NumPyFile.write([1.0, 2.0], shape: [2], to: folder("c.npy"))
    try NumPyFile.write([Complex<Double>(3, 4)], shape: [], to: folder("c.npy"))
    #expect(try NumPyFile(path: folder("c.npy")).readAll(Complex<Double>.self) == [Complex(3, 4)])
    #expect(folder.contents == ["c.npy"])
  }

  @Test func writesEveryType() throws {
    func roundTrip<Element: NumPyElement & Equatable>(_ values: [Element]) throws {
      try NumPyFile.write(values.span, shape: [1, values.count], isFortranOrder: true, to: folder("t.npy"))
      let file = try NumPyFile(path: folder("t.npy"))
      #expect(try file.readAll(Element.self) == values)
      let header = file.header
      #expect(header.isFortranOrder)
      #expect(header.descriptor == Element.numPyDescriptor)
    }
    try roundTrip([true, false, true])
    try roundTrip([Int8.min, 0, .max])
    try roundTrip([Int16.min, 0, .max])
    try roundTrip([Int32.min, 0, .max])
    try roundTrip([Int64.min, 0, .max])
    try roundTrip([Int.min, 0, .max])
    try roundTrip([UInt8.min, .max])
    try roundTrip([UInt16.min, .max])
    try roundTrip([UInt32.min, .max])
    try roundTrip([UInt64.min, .max])
    try roundTrip([UInt.min, .max])
    try roundTrip([Float.pi, -.infinity, .leastNonzeroMagnitude])
    try roundTrip([Double.pi, -.infinity, .leastNonzeroMagnitude])
    try roundTrip([Complex<Float>(1, 2), Complex(-3, 4)])
    try roundTrip([Complex<Double>(1, 2), Complex(-3, 4)])
    try roundTrip([Double]())
  }

  /// Fails where the optimizer drops the stores of an array literal, which it did in release builds.
  @Test func writesLiteralsOfComputedValues() throws {
    let value = Double(partial.token)
    try NumPyFile.write([value, value + 1], shape: [2], to: folder("w.npy"))
    #expect(try NumPyFile(path: folder("w.npy")).readAll(Double.self) == [2748, 2749])
    try NumPyFile.write([Complex(value, value + 1)], shape: [1], to: folder("w.npy"))
    #expect(try NumPyFile(path: folder("w.npy")).readAll(Complex<Double>.self) == [Complex(2748, 2749)])

    try partial.create(kind: .float64, shape: [4])
    let writer = try partial.open()
    try writer.write([value, value + 1], startingAt: 0)
    try writer.write([value + 2, value + 3], runs: NumPyRuns(start: 2, length: 1, stride: 1, count: 2))
    try writer.close()
    try partial.publish()
    #expect(try NumPyFile(path: folder("c.npy")).readAll(Double.self) == [2748, 2749, 2750, 2751])
  }

  @Test func refusesWhatDoesNotFit() throws {
    try partial.create(kind: .float64, shape: [4])
    let writer = try partial.open()
    #expect(code { try writer.write([1.0, 2.0], startingAt: 3) } == .outOfRange)
    #expect(code { try writer.write([1.0], startingAt: -1) } == .outOfRange)
    #expect(code { try writer.write([1.0], startingAt: .max) } == .outOfRange)
    #expect(code { try writer.write([Double](), startingAt: 5) } == .outOfRange)
    #expect(code { try writer.write([Double](), startingAt: 4) } == nil)
    #expect(code { try writer.write([Float(1)], startingAt: 0) } == .typeMismatch)
    let path = folder("d.npy")
    #expect(code { try NumPyFile.write([1.0], shape: [2], to: path) } == .invalidShape)
    #expect(code { try NumPyFile.write([1.0], shape: [-1], to: path) } == .invalidShape)
    try partial.discard()
    #expect(folder.contents == [])
  }

  @Test func aFailureLeavesNoFile() throws {
    // No file system has room for 2⁶⁰ bytes.
    #expect(code { try partial.create(kind: .uint8, shape: [1 << 60]) } == .noSpace)
    #expect(folder.contents == [])
    #expect(code { try partial.create(kind: .uint8, shape: [-1]) } == .invalidShape)
    #expect(code { _ = try partial.open() } == .missingFile)
    #expect(folder.contents == [])
  }

  @Test func doesNotTakeOverAnUnfinishedFile() throws {
    try partial.create(kind: .uint8, shape: [1])
    #expect(code { try partial.create(kind: .uint8, shape: [1]) } == .inputOutput)
    #expect(folder.contents.count == 1)
  }

  @Test func refusesNamesOfOtherThings() throws {
    func create(_ path: String) -> NumPyError.Code? {
      code { try NumPyPartialFile(replacing: path).create(kind: .uint8, shape: [1]) }
    }
    let target = try folder.file([1], name: "target")
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: target)
    #expect(create(folder("link")) == .notRegularFile)
    #expect(create(folder.path) == .notRegularFile)
    #expect(create(folder.path + "/") == .notRegularFile)
    #expect(create("/dev/null") == .notRegularFile)
    #expect(create("") == .missingFile)
    #expect(create(folder("none/c.npy")) == .missingFile)
    #expect(create(folder("target/c.npy")) == .missingFile)
    #expect(create(folder(String(repeating: "n", count: 250))) == .inputOutput)
    #expect(create(folder("n\0")) == .missingFile)
    #expect(folder.contents == ["link", "target"])
  }

  @Test func refusesToPublishOverAFolder() throws {
    try partial.create(kind: .uint8, shape: [1])
    try FileManager.default.createDirectory(atPath: folder("c.npy"), withIntermediateDirectories: false)
    #expect(code { try partial.publish() } == .notRegularFile)
    try partial.discard()
    #expect(folder.contents == ["c.npy"])
  }

  @Test(.enabled(if: geteuid() != 0, "permissions do not bind the superuser"))
  func refusesAFolderThatMayNotBeWritten() throws {
    #expect(chmod(folder.path, 0o555) == 0)
    #expect(code { try partial.create(kind: .uint8, shape: [1]) } == .permissionDenied)
    #expect(chmod(folder.path, 0o755) == 0)
  }
}
