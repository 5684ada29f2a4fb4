internal import MPI

/// What one rank does in a product: sends what it has, multiplies what it has and gets, adds up what layers give.
///
/// Everything is sent and received by messages that are started at the beginning, straight from the matrices' memory,
/// and every segment is multiplied as soon as its pieces are there; between slices of a multiplication MPI gets the
/// processor, so that messages move on meanwhile. The rows of the result that other layers add up are finished first
/// and sent while the next ones are multiplied.
struct ProductExecution<Element: ProductElement> {
  let plan: ProductPlan
  let part: ProductPlan.Part
  let communicator: Communicator
  let alpha: Element
  let beta: Element
  let left: OperandBlock<Element>
  let right: OperandBlock<Element>
  /// The rank's own rows of the result.
  let result: UnsafeMutablePointer<Element>
  let scratch: ProductScratch
  /// Where the scratch memory begins.
  let memory: UnsafeMutablePointer<Element>
  /// Is told which share of this rank's work is done.
  let progress: ((Double) -> Void)?

  var segments: [ProductSegment] = []
  var leftPieces: IncomingPieces
  var rightPieces: IncomingPieces
  var layerPieces: IncomingPieces
  /// Which requests are complete, by their numbers in the group.
  var isComplete: [Bool] = []
  /// Rows times inner terms that are multiplied so far.
  var done = 0
  var statistics = ProductStatistics()

  /// Where a rank's own piece of an operand is, and what is done to it.
  struct OperandBlock<Value> {
    let start: UnsafePointer<Value>
    let operation: MatrixOperation
  }

  /// The tags of pieces of the left matrix, of the right one, and of sums.
  enum Tag {
    static var left: Int { 32_701 }
    static var right: Int { 32_702 }
    static var result: Int { 32_703 }
  }

  init(
    _ plan: ProductPlan, _ part: ProductPlan.Part, on communicator: Communicator, alpha: Element, beta: Element,
    left: OperandBlock<Element>, right: OperandBlock<Element>, result: UnsafeMutablePointer<Element>,
    memory: UnsafeMutablePointer<Element>, progress: ((Double) -> Void)?
  ) {
    self.plan = plan
    self.part = part
    self.communicator = communicator
    self.alpha = alpha
    self.beta = beta
    self.left = left
    self.right = right
    self.result = result
    self.memory = memory
    self.progress = progress
    scratch = plan.scratch(of: part)
    segments = plan.segments(of: part)
    leftPieces = IncomingPieces(
      segments.map(\.leftPiece), own: part.column, of: plan.grid.columns, buffers: scratch.leftPieces)
    rightPieces = IncomingPieces(
      segments.map(\.rightPiece), own: part.row, of: plan.grid.rows, buffers: scratch.rightPieces)
    layerPieces = IncomingPieces(
      Array(0..<plan.grid.layers), own: part.layer, of: plan.grid.layers, buffers: scratch.incomings)
  }

  /// Does everything.
  mutating func run() throws(MPIError) {
    var group = RequestGroup()
    try startReceives(&group)
    try startSends(&group)
    for index in segments.indices {
      let segment = segments[index]
      if segment.leftPiece != part.column, !segment.inner.isEmpty {
        try wait(for: leftPieces.request[segment.leftPiece], &group)
      }
      if segment.rightPiece != part.row, !segment.inner.isEmpty {
        try wait(for: rightPieces.request[segment.rightPiece], &group)
      }
      try multiply(segment, isFirst: index == 0, isLast: index == segments.count - 1, &group)
      // Pieces that no later segment needs make room for others.
      if leftPieces.finish(at: index) || rightPieces.finish(at: index) { try startReceives(&group) }
    }
    try addLayers(&group)
    let start = try MPIEnvironment.wallTime
    try group.waitAll()
    statistics.secondsWaiting += try MPIEnvironment.wallTime - start
  }
}

/// Which pieces come from other ranks, in the order in which they are needed, and which memory each goes to.
struct IncomingPieces {
  /// Pieces in the order of their first use, without the rank's own.
  let order: [Int]
  /// The index of the segment that uses a piece last.
  let lastUse: [Int]
  /// How many were started so far.
  var started = 0
  /// The buffer of each piece that was started.
  var buffer: [Int]
  /// The number of its request.
  var request: [Int]
  /// Buffers without a piece.
  var free: [Int]

  init(_ uses: [Int], own: Int, of count: Int, buffers: Int) {
    var order: [Int] = []
    var lastUse = [Int](repeating: -1, count: count)
    for (index, piece) in uses.enumerated() {
      if lastUse[piece] < 0, piece != own { order.append(piece) }
      lastUse[piece] = index
    }
    self.order = order
    self.lastUse = lastUse
    buffer = [Int](repeating: -1, count: count)
    request = [Int](repeating: -1, count: count)
    free = Array((0..<buffers).reversed())
  }

  /// Gives back the buffers of pieces whose last use was in a segment.
  ///
  /// - Returns: Whether another piece can be started now.
  mutating func finish(at index: Int) -> Bool {
    for piece in order[..<started] where lastUse[piece] == index {
      free.append(buffer[piece])
    }
    return canStart
  }

  /// Whether there is a piece to be started and memory for it.
  var canStart: Bool { started < order.count && !free.isEmpty }

  /// Notes that the next piece is started.
  mutating func start() -> (piece: Int, buffer: Int) {
    let piece = order[started]
    started += 1
    buffer[piece] = free.removeLast()
    return (piece, buffer[piece])
  }
}
