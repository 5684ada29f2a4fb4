internal import Foundation
internal import Testing

/// One test case, the same in every process of a program.
struct CaseIdentifier: Codable, Hashable, Sendable {
  /// The test, as Testing writes its identifier.
  var test: String
  /// Which of its cases; empty for a test without parameters.
  var arguments: String

  init(_ test: Test, _ testCase: Test.Case?) {
    self.test = "\(test.id)"
    self.arguments = testCase.map(Self.arguments) ?? ""
  }

  /// The arguments of a case, as their encoded identifiers where they have them: a description may hold addresses, and
  /// sets and dictionaries in another order in each process.
  private static func arguments(_ testCase: Test.Case) -> String {
    guard testCase.isParameterized else { return "" }
    let kind =
      Mirror(reflecting: testCase).children.first { $0.label == "_kind" }.map { "\($0.value)" } ?? "\(testCase)"
    let identifiers = kind.components(separatedBy: "ID(bytes: [").dropFirst().map { $0.prefix { $0 != "]" } }
    guard !identifiers.isEmpty else { return kind }
    // Equal arguments are told apart by a number.
    let turn = kind.components(separatedBy: "discriminator: ").dropFirst().first?.prefix { $0.isNumber } ?? ""
    return identifiers.joined(separator: ";") + "#" + turn
  }
}

/// What a rank tells the runner, one line of its file for each.
enum Record: Codable, Sendable {
  /// A case begins; the rank's output has so many bytes.
  case begin(CaseIdentifier, output: Int)
  /// Testing has recorded something in the case.
  case issue(RankIssue)
  /// The case has drawn from the run's random numbers.
  case usedRandomNumbers
  /// The case's body has ended on this rank, by an error or not.
  case end(threw: Bool, output: Int)
  /// What has happened leaves MPI in a state in which no other test can run.
  case spoiled
  /// The case has ended on every rank.
  case done
  /// All tests have ended, and MPI is finalised.
  case goodbye
}
