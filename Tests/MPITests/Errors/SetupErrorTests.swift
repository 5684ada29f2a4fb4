import MPI
import MPITesting
import TestSupport
import Testing

/// Bad groups, colours and datatypes; what an error says.
@Suite(.ranked) struct SetupErrorTests {
  static let groups: [ErrorCase] = [
    ErrorCase("a rank twice", MPIError.rank) { _ = try world.group.including([0, 0]) },
    ErrorCase("excluded twice", MPIError.rank) { _ = try world.group.excluding([0, 0]) },
    ErrorCase("a rank that is not there", MPIError.rank) { _ = try world.group.including([Rank(world.size)]) },
    ErrorCase("a negative rank", MPIError.rank) { _ = try world.group.including([-1]) },
    ErrorCase("no process", MPIError.rank) { _ = try world.group.including([Rank.null]) },
    ErrorCase("excluded without being there", MPIError.rank) { _ = try world.group.excluding([1_000_000]) },
    ErrorCase("translated without being there", MPIError.rank) {
      let group = try world.group
      _ = try group.translate([Rank(world.size)], to: group)
    },
    ErrorCase("a subset without this rank", MPIError.group) {
      _ = try world.subset(amongMembers: try world.group.excluding([world.rank]))
    },
    ErrorCase("a negative colour", MPIError.argument) { _ = try world.split(color: -1) },
    ErrorCase("MPI's own number for no colour", MPIError.argument) { _ = try world.split(color: -32_766) },
    ErrorCase("a colour beyond 32 bits", MPIError.argument) { _ = try world.split(color: 1 << 31) },
    ErrorCase("a key beyond 32 bits", MPIError.argument) { _ = try world.split(color: 0, key: 1 << 31) },
    ErrorCase("a node key beyond 32 bits", MPIError.argument) { _ = try world.splitByNode(key: -1 << 40) },
    ErrorCase("a handle that is none", MPIError.communicator) {
      _ = try Communicator.borrowing(fortranHandle: 1 << 40)
    },
  ]

  struct Forgetful: StructDatatype {
    var first: Int
    var second: Double
    static let fields = Fields<Forgetful>(\.first)
  }

  struct Repetitive: StructDatatype {
    var first: Int
    var second: Double
    static let fields = Fields<Repetitive>(\.first, \.first)
  }

  struct Overlapping: StructDatatype {
    var first: SIMD2<Float>
    var second: Float
    static let fields = Fields<Overlapping>(\.first, \.first.y, \.second)
  }

  struct Computing: StructDatatype {
    var first: Int
    var double: Int { first * 2 }
    static let fields = Fields<Computing>(\.first, \.double)
  }

  struct Outer: StructDatatype {
    var inner: Forgetful
    static let fields = Fields<Outer>(\.inner)
  }

  /// Says that it is a number, and holds a reference.
  struct Pretender: Datatype {
    var text: String
    static var datatype: DatatypeHandle { .int64 }
  }

  private static let forgetful = Forgetful(first: 1, second: 2)

  static let datatypes: [ErrorCase] = [
    ErrorCase("a forgotten field", MPIError.layout) { _ = try world.allGather(forgetful) },
    ErrorCase("a forgotten field, again", MPIError.layout) { try world.send([forgetful], to: world.rank) },
    ErrorCase("a forgotten field in a closure", MPIError.layout) {
      _ = try world.allReduce(forgetful, Reduction { $1 })
    },
    ErrorCase("a field twice", MPIError.layout) { _ = try world.allGather(Repetitive(first: 1, second: 2)) },
    ErrorCase("a part of a field", MPIError.layout) {
      _ = try world.allGather(Overlapping(first: .zero, second: 1))
    },
    ErrorCase("a computed property", MPIError.layout) { _ = try world.allGather(Computing(first: 1)) },
    ErrorCase("a bad struct in a struct", MPIError.layout) { _ = try world.allGather(Outer(inner: forgetful)) },
    ErrorCase("a reference", MPIError.type) { _ = try world.allGather(Pretender(text: "text")) },
    ErrorCase("a reference in a message", MPIError.type) { try world.send([Pretender(text: "text")], to: .null) },
    ErrorCase("a reference in a closure", MPIError.type) {
      _ = try world.allReduce([Pretender(text: "text")], Reduction { $1 })
    },
    ErrorCase("a reference on the way in", MPIError.type) { _ = try world.receive(Pretender.self, from: Rank.null) },
  ]

  @Test(arguments: groups) func groupsAndColors(_ mistake: ErrorCase) throws { try mistake.expectError() }
  @Test(arguments: datatypes) func datatypesThatAreNone(_ mistake: ErrorCase) throws { try mistake.expectError() }

  @Test func whatAnErrorSays() throws {
    let error = try #require(throws: MPIError.self) { try world.send(1, to: Rank(world.size), tag: 3) }
    #expect(error.procedure == "MPI_Send")
    #expect(error.rank == world.rank)
    #expect(error.advice != nil)
    #expect(error.underlying == nil)
    #expect(error.description.hasPrefix("MPI_Send on rank \(world.rank) of \(world.size): "))
    #expect(error.description.contains("(MPI_ERR_RANK). Ranks go from 0"))
    #expect(!error.description.contains("\n"))
  }

  @Test func errorsOfLibrariesAbove() {
    struct Reason: Error {}
    let error = MPIError(
      MPIError.Class(rawValue: "shape"), in: "multiply", on: .selfOnly, "the shapes differ", underlying: Reason())
    #expect(error.description == "multiply on rank 0 of 1: the shapes differ (shape). Underlying error: Reason()")
    #expect(MPIError.Class(rawValue: "shape") ~= error)
    #expect(!(MPIError.rank ~= error))
    #expect(error.code == nil && error.advice == nil && !error.isAgreed)
  }
}
