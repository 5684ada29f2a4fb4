/// What callgrind counted between two marks: instructions, and calls of some functions.
public struct CallgrindDump: Sendable, Equatable {
  /// Instructions in all.
  public let instructions: Int
  /// Those of the program itself and the libraries that are asked about, without what they call elsewhere.
  public let ownInstructions: Int
  /// Calls of the functions asked for, by name, from the program itself and the libraries that are asked about.
  public let calls: [String: Int]

  /// Reads a file of callgrind, as it is without compressed names.
  ///
  /// - Parameters:
  ///   - text: The file.
  ///   - isCounted: Whether calls of a function are counted.
  ///   - isOurs: Whether calls that are made in an object, the file of a program or library, count.
  /// - Returns: `nil` when the file has no total.
  public init?(_ text: String, counting isCounted: (Substring) -> Bool, from isOurs: (Substring) -> Bool) {
    var instructions: Int?
    var calls: [String: Int] = [:]
    var isOurObject = false
    var callee: Substring = ""
    var own = 0
    var isCost = true  // of the function itself, not of one that it calls
    for line in text.split(separator: "\n") {
      if line.first?.isNumber == true {
        if isCost, isOurObject { own += line.split(separator: " ").last.flatMap { Int($0) } ?? 0 }
        isCost = true
      } else if line.hasPrefix("ob=") {
        isOurObject = isOurs(line.dropFirst(3))
      } else if line.hasPrefix("cfn=") {
        callee = line.dropFirst(4)
      } else if line.hasPrefix("calls=") {
        isCost = false
        guard isOurObject, isCounted(callee) else { continue }
        calls[String(callee), default: 0] += Int(line.dropFirst(6).prefix { $0 != " " }) ?? 0
      } else if line.hasPrefix("totals:") || line.hasPrefix("summary:") {
        instructions = line.split(separator: " ").last.flatMap { Int($0) } ?? instructions
      }
    }
    guard let instructions else { return nil }
    self.instructions = instructions
    self.calls = calls
    ownInstructions = own
  }

  private init(instructions: Int, own: Int, calls: [String: Int]) {
    self.instructions = instructions
    ownInstructions = own
    self.calls = calls
  }

  /// What this one has more than another.
  public static func - (a: CallgrindDump, b: CallgrindDump) -> CallgrindDump {
    CallgrindDump(
      instructions: a.instructions - b.instructions, own: a.ownInstructions - b.ownInstructions,
      calls: a.calls.merging(b.calls.mapValues { -$0 }, uniquingKeysWith: +).filter { $0.value != 0 })
  }
}
