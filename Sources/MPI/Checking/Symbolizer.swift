internal import CMPI
internal import Synchronization

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// Finds the source lines of addresses, with a tool of the system: `llvm-symbolizer`, which the Swift toolchain brings,
/// `addr2line`, or `atos`. Without one only the names of exported functions are known.
package enum Symbolizer {
  private static let known = Mutex<[StackAddress: [SourceFrame]]>([:])

  /// The frames of a stack of return addresses, the innermost first, functions that were inlined included.
  ///
  /// Local; starts one process for each module of which an address was never asked for. Works without MPI.
  package static func frames(at stack: [StackAddress]) -> [SourceFrame] {
    let unknown = known.withLock { known in Set(stack.filter { known[$0] == nil }) }
    for (module, addresses) in Dictionary(grouping: unknown, by: \.module) {
      let found = lookUp(addresses.map(\.offset), in: module)
      known.withLock { known in
        for address in addresses { known[address] = found[address.offset] ?? [] }
      }
    }
    return known.withLock { known in stack.flatMap { known[$0] ?? [] } }
  }

  /// The frames of the user's code, and if there are none the innermost that is known at all.
  package static func userFrames(at stack: [StackAddress]) -> [SourceFrame] {
    let frames = frames(at: stack.filter { !UserCode.isOfSystem($0.module) })
    let own = frames.filter { $0.isUserCode && $0.line != nil }
    if !own.isEmpty { return own }
    return Array((frames.first { $0.isUserCode } ?? frames.first { !$0.function.isEmpty }).map { [$0] } ?? [])
  }

  /// The innermost place in the user's code, in words; `nil` when none is known.
  ///
  /// Where the compiler names no line for an instruction, the function and the line that called it.
  package static func place(at stack: [StackAddress]) -> String? {
    let frames = frames(at: stack.filter { !UserCode.isOfSystem($0.module) }).filter(\.isUserCode)
    guard let first = frames.first, first.line == nil, !first.function.isEmpty else {
      return userFrames(at: stack).first.map { "at \($0)" }
    }
    let caller = frames.first { $0.line != nil }
    return "in \(first.function)" + (caller.map { ", called at \($0)" } ?? "")
  }

  /// Looks up several stacks at once, which is faster than one after the other.
  package static func prepare(_ stacks: [[StackAddress]]) { _ = userFrames(at: stacks.flatMap { $0 }) }

  /// Asks the first tool that answers.
  private static func lookUp(_ offsets: [UInt64], in module: String) -> [UInt64: [SourceFrame]] {
    // An address is where the call returns to: its line is that of the byte before.
    let places = offsets.map { "0x" + String($0 &- 1, radix: 16) }
    for tool in Tool.installed {
      guard let answers = tool.ask(places, in: module), answers.count == offsets.count else { continue }
      return Dictionary(uniqueKeysWithValues: zip(offsets, answers.map { $0.compactMap { frame($0, module) } }))
    }
    return [:]
  }

  private static func frame(_ answer: Tool.Answer, _ module: String) -> SourceFrame? {
    guard !answer.symbol.isEmpty || answer.file != nil else { return nil }
    let name = SymbolName(answer.symbol)
    let isSwift = !name.module.isEmpty
    let isCompilers = answer.file?.contains("<compiler-generated>") ?? false
    return SourceFrame(
      module: isSwift ? name.module : module, function: name.readable, file: isCompilers ? nil : answer.file,
      line: isCompilers ? nil : answer.line, column: answer.column,
      isUserCode: !isCompilers && !UserCode.excludes(name.module, answer.symbol, answer.file, module))
  }

  /// Where a program of the user's PATH lies, or one beside `swift`.
  static func find(_ program: String) -> String? {
    let folders = (getenv("PATH").map { String(cString: $0) } ?? "").split(separator: ":").map(String.init)
    var candidates = folders.map { "\($0)/\(program)" }
    for folder in folders where access("\(folder)/swift", X_OK) == 0 {
      guard let resolved = realpath("\(folder)/swift", nil) else { continue }
      defer { free(resolved) }
      let path = String(cString: resolved)
      // The toolchain's own first: another one may not know its debug information.
      if let slash = path.lastIndex(of: "/") { candidates.insert("\(path[..<slash])/\(program)", at: 0) }
      break
    }
    return candidates.first { access($0, X_OK) == 0 }
  }
}

/// What is the program's own code.
private enum UserCode {
  /// Modules of this package and of the toolchain.
  static let modules: Set<String> = [
    "MPI", "CMPI", "MPITesting", "MPIComplex", "Swift", "_Concurrency", "_StringProcessing", "Synchronization",
    "Testing", "Dispatch", "Foundation", "FoundationEssentials", "XCTest", "_Testing_Foundation",
  ]

  /// The folder of this package's sources, as its compiler saw it.
  static let sources: String = {
    let path = #filePath
    guard let end = path.range(ofLast: "/MPI/Checking/") else { return "" }
    return String(path[..<end])
  }()

  /// Whether a library is the system's: the runtime, the C library, MPI.
  static func isOfSystem(_ image: String) -> Bool {
    ["/lib", "/usr/lib", "/System/"].contains { image.hasPrefix($0) } || image.contains("/usr/lib/swift/")
  }

  static func excludes(_ module: String, _ symbol: String, _ file: String?, _ image: String) -> Bool {
    if modules.contains(module) || symbol.hasPrefix("swift_") || symbol.hasPrefix("cmpi_") { return true }
    if let file, !sources.isEmpty {
      for folder in ["MPI", "CMPI", "MPITesting", "MPIComplex"] where file.hasPrefix("\(sources)/\(folder)/") {
        return true
      }
    }
    return isOfSystem(image)
  }
}

extension String {
  fileprivate func range(ofLast text: String) -> String.Index? {
    var start = endIndex
    while start > startIndex {
      formIndex(before: &start)
      if self[start...].hasPrefix(text) { return start }
    }
    return nil
  }
}
