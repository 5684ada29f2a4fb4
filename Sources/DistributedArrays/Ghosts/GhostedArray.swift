public import MPI

/// A distributed array whose parts are surrounded by copies of their neighbours' elements: ghost cells, or a halo.
///
/// For stencils: each rank reads around its own elements without asking where they are. The ghost cells are of any width
/// along each axis, wider than the neighbour's part too, and include the corners; along periodic axes those beyond the end
/// are the first elements.
///
/// ```swift
/// var u = try GhostedArray(field, widths: [1, 1], isPeriodic: [false, true])
/// for _ in 0..<steps {
///   try u.exchange()                                  // one message to each neighbour
///   let (rows, columns) = (u.paddedShape[0], u.paddedShape[1])
///   for row in 1..<rows - 1 { for column in 1..<columns - 1 { … u.paddedElements[row * columns + column] … } }
/// }
/// let result = u.array                                // without the ghost cells
/// ```
///
/// Every rank has a range of each axis: even blocks, or blocks of given lengths. Ghost cells beyond the ends of axes that
/// are not periodic keep what is written to them. A value; its elements and their ghosts lie row by row in one block.
public struct GhostedArray<Element: Datatype>: Sendable {
  /// The processes that share the elements.
  public let grid: ProcessGrid

  /// Which rank has what, ghost cells not counted.
  public let distribution: Distribution

  /// The global indices of each axis that this rank has, ghost cells not counted.
  public let localAxes: [AxisIndices]

  /// How many ghost cells there are at either end of each axis.
  public let widths: [Int]

  /// Along which axes the first element comes after the last one.
  public let isPeriodic: [Bool]

  @usableFromInline var storage: ElementStorage<Element>
  let plan: GhostPlan

  /// The elements of an array and their ghost cells, which are exchanged once.
  ///
  /// Collective; every rank gives the same widths. One message at most to each neighbour.
  ///
  /// - Parameters:
  ///   - array: The elements.
  ///   - widths: How many ghost cells there are at either end of each axis, at least 0.
  ///   - isPeriodic: Along which axes the first element comes after the last one; none if not given.
  ///   - boundary: What ghost cells beyond the ends are at first; without it, the default is all bits zero.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/shapeMismatch`` when widths and axes do not fit,
  ///   ``DistributedArrayError/Code/invalidDistribution`` when a rank's indices of an axis are not one range, or
  ///   ``DistributedArrayError/Code/memory``.
  public init<Elements: DistributedElements<Element>>(
    _ array: Elements, widths: [Int], isPeriodic: [Bool]? = nil, boundary: Element? = nil
  ) throws(MPIError) {
    let communicator = array.communicator
    let isPeriodic = isPeriodic ?? array.shape.map { _ in false }
    if let (code, message) = GhostPlan.fault(array.distribution, widths, isPeriodic) {
      try communicator.failTogether(code, message)
    }
    grid = array.grid
    distribution = array.distribution
    localAxes = array.localAxes
    self.widths = widths
    self.isPeriodic = isPeriodic
    plan = GhostPlan(
      array.distribution, widths, isPeriodic, rank: communicator.rank, elementSize: MemoryLayout<Element>.stride)
    let count = NumPyHeader.elementCount(shape: plan.paddedShape)!
    try communicator.requireMemory(
      for: count + plan.stagedCount, largest: 3 * array.distribution.largestLocalCount,
      elementSize: MemoryLayout<Element>.stride)
    storage = ElementStorage(uninitializedCount: count)
    if let boundary {
      storage.elements.initialize(repeating: boundary)
    } else {
      UnsafeMutableRawBufferPointer(storage.elements).initializeMemory(as: UInt8.self, repeating: 0)
    }
    withExtendedLifetime(array.array.storage) { (source: ElementStorage<Element>) in
      plan.interior(isInward: true).run(from: source.start, to: storage.start)
    }
    try exchange()
  }
}

extension GhostedArray {
  /// The processes that share the elements.
  public var communicator: Communicator { grid.communicator }

  /// The lengths of this rank's block with its ghost cells; all 0 where it has no elements.
  public var paddedShape: [Int] { plan.paddedShape }

  /// This rank's elements and their ghost cells, row by row, without a copy.
  @inlinable
  public var paddedElements: Span<Element> {
    @_lifetime(borrow self)
    get {
      let span = Span(_unsafeElements: UnsafeBufferPointer(storage.elements))
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// This rank's elements and their ghost cells, to be changed in place; copied first if another array shares them.
  @inlinable
  public var mutablePaddedElements: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      if !isKnownUniquelyReferenced(&storage) { storage = ElementStorage(copying: storage) }
      let span = MutableSpan(_unsafeElements: storage.elements)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// The elements without their ghost cells. Local; a copy.
  public var array: DistributedArray<Element> {
    let result = DistributedArray<Element>(
      grid: grid, distribution: distribution, localAxes: localAxes,
      storage: ElementStorage(uninitializedCount: NumPyHeader.elementCount(shape: localAxes.map(\.count))!))
    withExtendedLifetime(storage) { plan.interior(isInward: false).run(from: storage.start, to: result.storage.start) }
    return result
  }

  /// Brings all ghost cells up to date.
  ///
  /// Collective: one message at most to each rank whose ghost cells have elements of this one, all under way at the same
  /// time. Uses the tag 32,202 of the communicator.
  public mutating func exchange() throws(MPIError) {
    do {
      try exchange(overlapping: { _ in })
    } catch let error as MPIError {
      throw error
    } catch {
      throw MPIError(MPIError.other, in: "exchange", on: communicator, "\(error)", underlying: error)
    }
  }

  /// Brings all ghost cells up to date, and does something else while the messages are under way.
  ///
  /// Collective, as ``exchange()``.
  ///
  /// - Parameter work: What is done meanwhile. It gets the padded elements, whose ghost cells are old, new or between.
  /// - Returns: What the work returns.
  /// - Throws: `MPIError` when a message fails; else what the work throws, when all messages have arrived.
  public mutating func exchange<Result>(
    overlapping work: (_ paddedElements: Span<Element>) throws -> Result
  ) throws -> Result {
    if !isKnownUniquelyReferenced(&storage) { storage = ElementStorage(copying: storage) }
    let staged = ElementStorage<Element>(uninitializedCount: plan.stagedCount)
    let communicator = grid.communicator
    return try withExtendedLifetime((storage, staged)) {
      var group = RequestGroup()
      group.reserveCapacity(plan.incoming.count + plan.outgoing.count)
      for message in plan.incoming {
        let buffer = immortal(UnsafeMutableBufferPointer(start: staged.start + message.start, count: message.count))
        group.add(try communicator.startReceive(into: buffer, from: message.peer, tag: ghostTag))
      }
      for message in plan.outgoing {
        message.copy.run(from: storage.start, to: staged.start + message.start)
        let values = immortal(UnsafeBufferPointer(start: staged.start + message.start, count: message.count))
        group.add(try communicator.startSend(values, to: message.peer, tag: ghostTag))
      }
      for copy in plan.own { copy.run(from: storage.start, to: storage.start) }
      let outcome = Swift.Result { try work(immortal(UnsafeBufferPointer(storage.elements))) }
      while let completion = try group.waitAny() {
        _ = try completion.status
        guard completion.index < plan.incoming.count else { continue }
        let message = plan.incoming[completion.index]
        message.copy.run(from: staged.start + message.start, to: storage.start)
      }
      return try outcome.get()
    }
  }
}

/// The tag of the messages between neighbours, below what every MPI allows.
let ghostTag = 32_202
