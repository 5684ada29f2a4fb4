import CMPIBench
import MPI
import MPIBenchmarking

/// One call, or a few, again and again: in Swift, in C, and in Python where mpi4py has the same.
struct Benchmark<Element: BenchmarkElement> {
  /// The body in Swift: makes `calls` calls with the values given, into the result.
  typealias Calls = (_ at: Setting, _ values: [Element], _ result: inout [Element], _ calls: Int) throws -> Void
  typealias AwaitedCalls = (_ at: Setting, _ values: [Element], _ result: inout [Element], _ calls: Int) async throws
    -> Void
  /// The body in C.
  typealias CCalls = @convention(c) (UnsafePointer<CBenchPlan>?, Int) -> CInt

  enum Body {
    case blocking(Calls)
    case awaited(AwaitedCalls)
  }

  /// What it is called on the command line.
  let name: String
  /// Which form of the call: a value, an array, in place, a span, …
  let door: String
  let shape: Shape
  let ranks: RanksNeeded
  let figure: Figure
  let swift: Body
  let c: CCalls
  /// Statements that make one call in Python; see ``PythonTwin``.
  let python: String?
  /// The most instructions that one pass through the Swift body may take above C; `nil` where nothing is promised.
  ///
  /// 15 for a blocking call and 25 for one that is started, with its wait. Up to 12 more where an array is changed, which
  /// Swift checks to be unshared at each call, up to 9 where MPICH has to be asked for the bytes of a layout, and what
  /// `new-array` takes where one is made. Up to 15 where a call by blocks is started: an atomic instruction at its start and
  /// one at its end keep the counts. More where counts or layouts are given for each rank at each call, which are looked at
  /// one by one.
  let bound: Int?
  /// How many references it may count up or down besides: an array that it makes is released, where C frees its memory.
  let references: Int
  /// Whether it may allocate more than C: nothing is promised of objects, and of arrays only what C does too.
  let mayAllocate: Bool
  /// Whether it is run over a range of sizes; else with one value in each block, or none.
  private(set) var hasSizes: Bool

  init(
    _ name: String, _ door: String, _ shape: Shape, ranks: RanksNeeded = .any, figure: Figure = .call,
    c: @escaping CCalls, bound: Int? = nil, references: Int = 0, mayAllocate: Bool = false, python: String? = nil,
    swift: @escaping Calls
  ) {
    self.init(
      name, door, shape, ranks: ranks, figure: figure, c: c, bound: bound, references: references,
      mayAllocate: mayAllocate, python: python, body: .blocking(swift))
  }

  init(
    _ name: String, _ door: String, _ shape: Shape, ranks: RanksNeeded = .any, figure: Figure = .call,
    c: @escaping CCalls, bound: Int? = nil, references: Int = 0, mayAllocate: Bool = false, python: String? = nil,
    body: Body
  ) {
    self.name = name
    self.door = door
    self.shape = shape
    self.ranks = ranks
    self.figure = figure
    self.c = c
    self.bound = bound
    self.references = references
    self.mayAllocate = mayAllocate
    self.python = python
    swift = body
    hasSizes = shape != .nothing && shape != .one
  }

  /// The same with one value in each block.
  func atOneSize() -> Self {
    var result = self
    result.hasSizes = false
    return result
  }

  var isAwaited: Bool {
    if case .awaited = swift { true } else { false }
  }

  /// What a call amounts to.
  func unit(window: Int) -> FigureUnit {
    switch figure {
    case .call, .overlap: .microseconds(parts: 1)
    case .oneWay: .microseconds(parts: 2)
    case .bandwidth(let directions): .megabytesPerSecond(messages: directions * window)
    case .rate: .messagesPerSecond(messages: window)
    }
  }
}

/// How the figure is made of the time of a call.
enum Figure {
  case call
  /// Half of a call there and back.
  case oneWay
  case bandwidth(directions: Int)
  case rate
  /// A collective on its way while the rank computes.
  case overlap
}

/// Which ranks take part.
enum RanksNeeded {
  /// All, of any number.
  case any
  /// One alone, with itself: instructions are counted so.
  case one
  /// Ranks 0 and 1; the others wait.
  case two
  /// Each rank of the first half with one of the second.
  case pairs

  func isMet(by size: Int) -> Bool {
    switch self {
    case .any: true
    case .one: size == 1
    case .two: size >= 2
    case .pairs: size >= 2 && size.isMultiple(of: 2)
    }
  }
}

/// What a benchmark sees of the job.
struct Setting: Sendable {
  let world: Communicator
  /// The other rank of a pair; null where this rank takes no part.
  let peer: Rank
  let isFirst: Bool
  var isIdle: Bool { peer == .null }
  /// Values in a message, or one rank's block, and which they are.
  let count: Int
  let element: cbench_element
  /// Messages on their way at the same time.
  let window: Int
  /// Steps of computation while a collective is on its way.
  var work = 0

  init(_ world: Communicator, _ ranks: RanksNeeded, count: Int, element: cbench_element, window: Int) {
    self.world = world
    self.count = count
    self.element = element
    self.window = window
    let half = ranks == .pairs ? world.size / 2 : 1
    let rank = world.rank.index
    isFirst = rank < half
    switch ranks {
    case .two where rank < 2, .pairs: peer = isFirst ? world.rank + half : world.rank - half
    case .one: peer = world.rank
    default: peer = .null
    }
  }
}
