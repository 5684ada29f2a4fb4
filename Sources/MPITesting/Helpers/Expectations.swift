public import MPI
public import Testing

/// Records one issue when a condition does not hold on every rank, with the ranks on which it does not.
///
/// Collective over the communicator: every rank calls it, also one on which the condition is false.
///
/// - Parameters:
///   - condition: What each rank evaluates for itself; an error counts as false.
///   - communicator: Whose ranks.
///   - comment: What to say.
///   - sourceLocation: Where the issue is reported.
/// - Returns: Whether it holds on every rank, the same on all of them.
/// - Throws: `MPIError` when the ranks cannot be asked.
@discardableResult
public func expectOnAllRanks(
  _ condition: @autoclosure () throws -> Bool, on communicator: Communicator = .world, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Bool {
  var reason = ""
  var holds = false
  do { holds = try condition() } catch { reason = ": \(error)" }
  let verdicts = try communicator.allGather(object: Verdict(holds: holds, reason: reason))
  let failed = verdicts.indices.filter { !verdicts[$0].holds }
  guard !failed.isEmpty else { return true }
  if communicator.isRoot {
    let text = failed.grouped(by: { verdicts[$0].reason })
      .map { "the condition does not hold on \(rankList($0.members, of: communicator.size))\($0.value)" }
    record(text, comment, sourceLocation)
  }
  return false
}

/// Throws on every rank when a condition does not hold on every rank, so that no rank goes on alone.
///
/// Collective over the communicator. A plain `#require` ends the test on the rank where it fails, and leaves the others
/// waiting for that rank.
///
/// - Parameters:
///   - condition: What each rank evaluates for itself; an error counts as false.
///   - communicator: Whose ranks.
///   - comment: What to say.
///   - sourceLocation: Where the issue is reported.
/// - Throws: ``RequirementFailedOnSomeRank`` on every rank.
public func requireOnAllRanks(
  _ condition: @autoclosure () throws -> Bool, on communicator: Communicator = .world, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let holds = try expectOnAllRanks(condition(), on: communicator, comment, sourceLocation: sourceLocation)
  if !holds { throw RequirementFailedOnSomeRank() }
}

/// Records one issue when a value is not the same on every rank, with each value and the ranks that have it.
///
/// Collective over the communicator.
///
/// - Parameters:
///   - value: This rank's value.
///   - communicator: Whose ranks.
///   - comment: What to say.
///   - sourceLocation: Where the issue is reported.
/// - Returns: Whether all are equal, the same on all ranks.
/// - Throws: `MPIError` when the ranks cannot be asked.
@discardableResult
public func expectSameOnAllRanks<Value: Codable & Equatable>(
  _ value: Value, on communicator: Communicator = .world, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Bool {
  let values = try communicator.allGather(object: value)
  guard values.contains(where: { $0 != values[0] }) else { return true }
  if communicator.isRoot {
    let groups = values.indices.map { $0 }.grouped(by: { String(describing: values[$0]) })
    let text = groups.map { "\(rankList($0.members, of: communicator.size)): \($0.value)" }
    record(["the ranks differ"] + text, comment, sourceLocation)
  }
  return false
}

/// Gives every rank's value to all, by rank, for one comparison of them all.
///
/// Collective over the communicator.
///
/// - Parameters:
///   - value: This rank's value.
///   - communicator: Whose ranks.
/// - Returns: One value for each rank, in order.
/// - Throws: `MPIError` when the ranks cannot be asked.
public func valuesOnAllRanks<Value: Codable>(_ value: Value, on communicator: Communicator = .world) throws -> [Value] {
  try communicator.allGather(object: value)
}

/// Thrown on every rank by ``requireOnAllRanks(_:on:_:sourceLocation:)``; the issue itself is recorded already.
public struct RequirementFailedOnSomeRank: Error, CustomStringConvertible {
  /// What happened.
  public var description: String { "a requirement does not hold on every rank" }
}

private struct Verdict: Codable {
  var holds: Bool
  var reason: String
}

/// Records an issue that all ranks found together; called on one of them.
private func record(_ lines: [String], _ comment: Comment?, _ location: SourceLocation) {
  let text = ((comment.map { [$0.rawValue] } ?? []) + lines).joined(separator: "\n")
  if let writer = RankScope.writer {
    writer.write(.issue(RankIssue(text, at: location, isTogether: true)))
  } else {
    Issue.record(Comment(rawValue: text), sourceLocation: location)
  }
}
