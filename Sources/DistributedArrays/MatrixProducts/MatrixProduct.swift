internal import MPI

/// Two matrices that are to be multiplied.
struct MatrixProduct<Element: ProductElement> {
  let left: DistributedMatrix<Element>
  let leftOperation: MatrixOperation
  let right: DistributedMatrix<Element>
  let rightOperation: MatrixOperation

  init(
    _ left: DistributedMatrix<Element>, _ leftOperation: MatrixOperation, _ right: DistributedMatrix<Element>,
    _ rightOperation: MatrixOperation
  ) {
    self.left = left
    self.leftOperation = leftOperation
    self.right = right
    self.rightOperation = rightOperation
  }

  var communicator: Communicator { left.communicator }
  var rows: Int { leftOperation.isTransposing ? left.columns : left.rows }
  var inner: Int { leftOperation.isTransposing ? left.rows : left.columns }
  var columns: Int { rightOperation.isTransposing ? right.rows : right.columns }
  private var rightInner: Int { rightOperation.isTransposing ? right.columns : right.rows }

  /// Checks the operands, and a plan or makes the best one.
  func checked(_ plan: ProductPlan?) throws(MPIError) -> ProductPlan {
    if inner != rightInner {
      try communicator.failTogether(
        .shapeMismatch,
        "A matrix of \(rows) × \(inner) cannot be multiplied by one of \(rightInner) × \(columns)"
          + (leftOperation.isTransposing || rightOperation.isTransposing ? ", each after its operation." : "."))
    }
    try requireSameProcesses(communicator, right.communicator)
    let best: ProductPlan
    do {
      best =
        if let plan { plan } else {
          try ProductPlan(for: Element.self, rows: rows, inner: inner, columns: columns, on: communicator)
        }
    } catch {
      try communicator.failTogether(error.code, error.message)
      throw MPIError(MPIError.other, in: "multiply", on: communicator, error.message)
    }
    if [best.rows, best.inner, best.columns] != [rows, inner, columns] || best.grid.count > communicator.size
      || best.elementSize != MemoryLayout<Element>.stride
    {
      try communicator.failTogether(
        .shapeMismatch,
        "The plan is for \(best.rows) × \(best.inner) by \(best.inner) × \(best.columns) on \(best.ranks) ranks in "
          + "elements of \(best.elementSize) bytes, not for \(rows) × \(inner) by \(inner) × \(columns) on "
          + "\(communicator.size) in elements of \(MemoryLayout<Element>.stride).")
    }
    return best
  }

  /// Checks that the result has the shape and the processes of the product.
  func requireFits(_ result: DistributedMatrix<Element>) throws(MPIError) {
    if result.shape != [rows, columns] {
      try communicator.failTogether(
        .shapeMismatch,
        "The product has \(rows) × \(columns) elements, the matrix for it \(result.rows) × \(result.columns).")
    }
    try requireSameProcesses(communicator, result.communicator)
  }

  /// Multiplies, with everything checked.
  func run(
    _ plan: ProductPlan, _ alpha: Element, into result: inout DistributedMatrix<Element>, _ beta: Element,
    _ progress: ((Double) -> Void)?
  ) throws(MPIError) -> ProductStatistics {
    let rank = communicator.rank
    let scratch = plan.scratchBytes(of: rank)
    try communicator.requireMemory(for: scratch, largest: plan.largestScratchBytes, elementSize: 1)
    let left = try self.left.redistributed(to: plan.left(leftOperation))
    let right = try self.right.redistributed(to: plan.right(rightOperation))
    var redistributed = bytesMoved(self.left.distribution, plan.left(leftOperation))
    redistributed += bytesMoved(self.right.distribution, plan.right(rightOperation))

    var statistics: ProductStatistics
    if result.distribution.places(likeThoseOf: plan.result) {
      result.array.makeWritable(keeping: beta != 0)
      statistics = try run(plan, alpha, left, right, into: result, beta, progress)
    } else {
      let made = DistributedMatrix(try DistributedArray<Element>.allocated(plan.result, on: communicator))
      statistics = try run(plan, alpha, left, right, into: made, 0, progress)
      redistributed += bytesMoved(plan.result, result.distribution)
      let moved = try made.redistributed(to: result.distribution)
      if beta == 0 {
        result.array = moved.array
      } else {
        var sums = result.mutableLocalElements
        Element.add(moved.localElements, to: &sums, beta: beta)
      }
    }
    statistics.redistributedBytes = redistributed
    return statistics
  }

  /// Multiplies matrices that are all where the plan has them.
  private func run(
    _ plan: ProductPlan, _ alpha: Element, _ left: DistributedMatrix<Element>, _ right: DistributedMatrix<Element>,
    into result: DistributedMatrix<Element>, _ beta: Element, _ progress: ((Double) -> Void)?
  ) throws(MPIError) -> ProductStatistics {
    let rank = communicator.rank
    guard let part = plan.part(of: rank) else { return ProductStatistics() }
    let scratch = ScratchMemory.take(byteCount: plan.scratchBytes(of: rank))
    defer { ScratchMemory.give(back: scratch) }
    let memory = UnsafeMutableRawPointer(scratch.start).assumingMemoryBound(to: Element.self)
    return try withExtendedLifetime((left, right, result, scratch)) { () throws(MPIError) in
      var execution = ProductExecution<Element>(
        plan, part, on: communicator, alpha: alpha, beta: beta,
        left: .init(start: UnsafePointer(left.array.storage.start), operation: leftOperation),
        right: .init(start: UnsafePointer(right.array.storage.start), operation: rightOperation),
        result: result.array.storage.start, memory: memory, progress: progress)
      try execution.run()
      return execution.statistics
    }
  }

  /// Bytes that this rank sends so that a matrix gets another distribution.
  private func bytesMoved(_ source: Distribution, _ target: Distribution) -> Int {
    if source == target { return 0 }
    let rank = communicator.rank
    return Redistribution(from: source, to: target).pieces(from: rank).reduce(0) {
      $1.peer == rank ? $0 : $0 + $1.overlap.count * MemoryLayout<Element>.stride
    }
  }
}

extension DistributedArray {
  /// Makes the memory this array's own; what is in it is copied only if it is to be kept.
  mutating func makeWritable(keeping: Bool) {
    if keeping { return makeUnique() }
    if !isKnownUniquelyReferenced(&storage) { storage = ElementStorage(uninitializedCount: storage.count) }
  }
}
