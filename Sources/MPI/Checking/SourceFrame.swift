/// An address in a program: a module's file and the offset in it, which mean the same in every process.
package struct StackAddress: Hashable, Sendable {
  /// The path of the executable or library.
  package var module: String
  /// The return address in it, as the file counts.
  package var offset: UInt64

  package init(module: String, offset: UInt64) {
    self.module = module
    self.offset = offset
  }
}

/// A function and the line in it at which a stack stands; inlined functions have frames of their own.
package struct SourceFrame: Hashable, Sendable {
  /// The Swift module of the function, or the file of the library; empty when nothing is known.
  package var module: String
  /// The function, for people: `Solver.step(by:)`.
  package var function: String
  /// The path of its source, where that is known.
  package var file: String?
  /// The line, from 1.
  package var line: Int?
  /// The column, from 1.
  package var column: Int?
  /// Whether it is the program's own: not of MPI's binding, nor the Swift runtime, nor the MPI library.
  package var isUserCode: Bool

  /// The last component of the file's path.
  package var fileName: String? { file.map { $0.split(separator: "/").last.map(String.init) ?? $0 } }
}

extension SourceFrame: CustomStringConvertible {
  /// The place, such as `Foo.swift:12 in bar()`.
  package var description: String {
    guard let fileName, let line else { return function.isEmpty ? "an unknown place" : function }
    return function.isEmpty ? "\(fileName):\(line)" : "\(fileName):\(line) in \(function)"
  }
}
