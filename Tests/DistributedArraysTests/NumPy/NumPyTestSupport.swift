import DistributedArrays
import Foundation

/// A folder of one test, removed when the test is over.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/numpy-tests-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func callAsFunction(_ name: String) -> String { path + "/" + name }

  /// Writes a file of given bytes and gives its path.
  func file(_ bytes: [UInt8], name: String = "x.npy") throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: self(name)))
    return self(name)
  }

  /// The names of all files, hidden ones too.
  var contents: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// The bytes of a file.
func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

/// The beginning of a file with a given dictionary, neither padded nor aligned.
func header(_ dictionary: String, version: UInt8 = 1) -> [UInt8] {
  let length = dictionary.utf8.count
  let lengthBytes = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + lengthBytes + Array(dictionary.utf8)
}

/// Parses the beginning of a file.
func parsed(_ bytes: [UInt8]) throws -> NumPyHeader { try NumPyHeader(parsing: bytes.span) }

/// A dictionary with the usual spelling.
func dictionary(_ descriptor: String, _ shape: String, fortran: Bool = false) -> String {
  "{'descr': '\(descriptor)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
}

/// The code of the error that a piece of work throws, nil if it throws none.
func code(of work: () throws -> Void) -> NumPyError.Code? {
  do {
    try work()
    return nil
  } catch {
    return (error as? NumPyError)?.code
  }
}

/// A generator of the same numbers for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// The Python interpreter of this machine, where it has NumPy.
enum Python {
  static let hasNumPy = (try? run("import numpy", [])) != nil

  struct Failure: Error {
    let output: String
  }

  /// Runs a program with `python3 -c` and gives what it prints.
  @discardableResult
  static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(output: output) }
    return output
  }
}
