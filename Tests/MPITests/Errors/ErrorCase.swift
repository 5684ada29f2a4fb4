import MPI
import TestSupport
import Testing

/// A mistake that one rank finds by itself, and the class of the error that says so.
struct ErrorCase: Sendable, CustomTestStringConvertible {
  let name: String
  let errorClass: MPIError.Class
  let body: @Sendable () throws -> Void

  var testDescription: String { name }

  init(_ name: String, _ errorClass: MPIError.Class, _ body: @escaping @Sendable () throws -> Void) {
    self.name = name
    self.errorClass = errorClass
    self.body = body
  }

  /// Makes the mistake on all ranks, and then communicates: nothing must be left of it.
  func expectError(_ source: SourceLocation = #_sourceLocation) throws {
    do {
      try body()
      Issue.record("\(name): nothing was thrown", sourceLocation: source)
    } catch let error as MPIError {
      #expect(error.errorClass == errorClass, "\(name): \(error)", sourceLocation: source)
      #expect(!error.procedure.isEmpty && !error.message.isEmpty, "\(name): \(error)", sourceLocation: source)
      #expect(error.description.contains(error.errorClass.rawValue), "\(name): \(error)", sourceLocation: source)
      #expect(!error.isAgreed, "\(name): \(error)", sourceLocation: source)
    } catch {
      Issue.record(error, "\(name): an error of another type", sourceLocation: source)
    }
    #expect(try world.allReduce(1, .sum) == world.size, "\(name)", sourceLocation: source)
  }
}

/// Calls with arrays as spans, so that a mistake fits on a line.
extension Communicator {
  func gatherSpans(_ values: [Int], into buffer: [Int], to root: Rank) throws {
    var buffer = buffer
    var span = buffer.mutableSpan
    try gather(values.span, into: &span, to: root)
  }

  func gatherSpans(_ values: [Int], into buffer: [Int], _ blocks: Blocks?, to root: Rank) throws {
    var buffer = buffer
    var span = buffer.mutableSpan
    try gather(values.span, into: &span, blocks: blocks, to: root)
  }

  func allGatherSpans(_ values: [Int], into buffer: [Int], _ blocks: Blocks? = nil) throws {
    var buffer = buffer
    var span = buffer.mutableSpan
    guard let blocks else { return try allGather(values.span, into: &span) }
    try allGather(values.span, into: &span, blocks: blocks)
  }

  func scatterSpans(_ values: [Int], into buffer: [Int], from root: Rank) throws {
    var buffer = buffer
    var span = buffer.mutableSpan
    try scatter(values.span, into: &span, from: root)
  }

  func scatterSpans(_ values: [Int], _ blocks: Blocks?, into buffer: [Int], from root: Rank) throws {
    var buffer = buffer
    var span = buffer.mutableSpan
    try scatter(values.span, blocks: blocks, into: &span, from: root)
  }

  func allToAllSpans(_ values: [Int], _ outgoing: Blocks?, into buffer: [Int], _ incoming: Blocks?) throws {
    var buffer = buffer
    var span = buffer.mutableSpan
    guard let outgoing, let incoming else { return try allToAll(values.span, into: &span) }
    try allToAll(values.span, outgoing, into: &span, incoming)
  }

  func allReduceSpans(_ values: [Int], into buffer: [Int]) throws {
    var buffer = buffer
    var span = buffer.mutableSpan
    try allReduce(values.span, into: &span, .sum)
  }
}
