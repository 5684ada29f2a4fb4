import MPI
import MPITesting
import TestSupport
import Testing

/// A report with everything that `Codable` synthesises.
struct Report: Codable, Equatable, Sendable {
  enum Shape: Codable, Equatable {
    case point
    case circle(radius: Double)
    case polygon([Int])
  }

  struct Author: Codable, Equatable {
    var name: String
    var age: Int
  }

  var name: String
  var shape: Shape
  var lines: [String]
  var table: [String: [Int]]
  var parent: Author?
}

/// Integers as decimal text, nothing else.
struct TextCoder: MessageCoder {
  struct NoInteger: Error {}

  func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
    guard let value = value as? Int else { throw NoInteger() }
    return Array(String(value).utf8)
  }

  func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    guard let value = Int(String(decoding: bytes, as: UTF8.self)) as? Value else { throw NoInteger() }
    return value
  }
}

/// Values that cannot be encoded, bytes that cannot be decoded.
@Suite(.ranked) struct ObjectErrorTests {
  private func expectDecodingError<Value: Decodable>(
    _ bytes: [UInt8], as type: Value.Type, _ source: SourceLocation = #_sourceLocation
  ) throws {
    try world.withSendBuffer(bytes: 10_000) {
      try world.send(bytes, to: world.rank, tag: 9, mode: .buffered)
      let error = #expect(throws: MPIError.self, sourceLocation: source) {
        try world.receive(object: type, from: world.rank, tag: 9)
      }
      #expect(error?.errorClass == MPIError.decoding, sourceLocation: source)
      #expect(error?.underlying is DecodingError, sourceLocation: source)
      #expect(error?.rank == world.rank, sourceLocation: source)
      // The message is gone all the same.
      #expect(try world.probeIfAvailable(from: .any, tag: .any).map(\.tag) == nil, sourceLocation: source)
    }
  }

  @Test func malformedPayloads() throws {
    try expectDecodingError([], as: Int.self)
    try expectDecodingError([0xFF, 1, 2, 3], as: Report.self)
    try expectDecodingError([0xB1], as: Int.self)
    let whole = try BinaryCoder().encode(["a", "b"])
    try expectDecodingError(Array(whole.dropLast()), as: [String].self)
    try expectDecodingError(whole + [0], as: [String].self)
    try expectDecodingError(whole, as: [Int].self)
    try expectDecodingError(whole, as: Report.self)
    try world.barrier()
  }

  @Test func randomPayloads() throws {
    var generator = SplitMix64(77, rank: world.rank.index)
    for length in 0..<100 {
      let bytes = (0..<length).map { _ in UInt8.random(&generator) }
      try expectDecodingError([0xB0] + bytes, as: Report.self)
    }
    try world.barrier()
  }

  @Test func valuesThatCannotBeEncoded() throws {
    // Found before anything is sent: no rank waits for another.
    func expectEncodingError(_ body: () throws -> Void) {
      let error = #expect(throws: MPIError.self) { try body() }
      #expect(error?.errorClass == MPIError.encoding)
      #expect(error?.underlying is TextCoder.NoInteger)
    }
    expectEncodingError { try world.send(object: "text", to: world.rank, coder: TextCoder()) }
    expectEncodingError { _ = try world.allGather(object: "text", coder: TextCoder()) }
    expectEncodingError { _ = try world.gather(object: 1.5, to: 0, coder: TextCoder()) }
    let texts = [String](repeating: "text", count: world.size)
    expectEncodingError { _ = try world.allToAll(objects: texts, coder: TextCoder()) }
    let alone = Communicator.selfOnly
    expectEncodingError { _ = try alone.broadcast(object: "text", from: 0, coder: TextCoder()) }
    expectEncodingError { _ = try alone.scatter(objects: ["text"], from: 0, coder: TextCoder()) }
    try world.barrier()
  }

  @Test func nilAtTheRoot() throws {
    let alone = Communicator.selfOnly
    let value = #expect(throws: MPIError.self) { try alone.broadcast(object: nil as Report?, from: 0) }
    #expect(value?.errorClass == MPIError.rootBuffer)
    let values = #expect(throws: MPIError.self) { try alone.scatter(objects: nil as [Report]?, from: 0) }
    #expect(values?.errorClass == MPIError.rootBuffer)
    let wrong = #expect(throws: MPIError.self) { try alone.scatter(objects: [1, 2], from: 0) }
    #expect(wrong?.errorClass == MPIError.length)
    let few = #expect(throws: MPIError.self) { try world.allToAll(objects: [Int](repeating: 1, count: world.size + 1)) }
    #expect(few?.errorClass == MPIError.length)
    try world.barrier()
  }
}
