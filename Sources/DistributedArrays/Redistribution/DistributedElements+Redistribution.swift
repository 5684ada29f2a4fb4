public import MPI

extension DistributedElements {
  /// The same elements in another distribution, over any grid of the same processes.
  ///
  /// Collective; every rank gives the same distribution. Sends one message at most from each rank to each other one, all
  /// of them under way at the same time, and nothing that the receiver has already; see ``Redistribution``. Without any
  /// message or copy where the distribution is the present one. Uses the tag 32,201 of the communicator.
  ///
  /// - Parameter target: Who shall have what, of an array of the same shape.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/shapeMismatch``, ``DistributedArrayError/Code/invalidGrid`` or
  ///   ``DistributedArrayError/Code/memory``.
  public func redistributed(to target: Distribution) throws(MPIError) -> Self {
    Self(try array.moved(to: target))
  }
}

extension DistributedArray {
  func moved(to target: Distribution) throws(MPIError) -> DistributedArray {
    let communicator = grid.communicator
    if target == distribution { return self }
    if target.shape != shape {
      try communicator.failTogether(
        .shapeMismatch, "An array of shape \(NumPyHeader.tuple(shape)) cannot be distributed as \(target).")
    }
    return try moved(to: target, picking: nil)
  }

  /// The elements with some indices of each axis, or all, where another distribution has them.
  func moved(to target: Distribution, picking picks: [AxisIndices.Stretches]?) throws(MPIError) -> DistributedArray {
    let communicator = grid.communicator
    try communicator.requirePlaces(for: target)
    let targetGrid =
      target.gridExtents == grid.extents ? grid : ProcessGrid(checked: target.gridExtents, on: communicator)
    if picks == nil, distribution.places(likeThoseOf: target) {
      return DistributedArray(grid: targetGrid, distribution: target, localAxes: localAxes, storage: storage)
    }
    let axes = target.localAxes(of: communicator.rank)
    let count = NumPyHeader.elementCount(shape: axes.map(\.count))!
    // The parts before and after, and what is packed of each.
    try communicator.requireMemory(
      for: 2 * count + storage.count, largest: 2 * target.largestLocalCount + distribution.largestLocalCount,
      elementSize: MemoryLayout<Element>.stride)
    let result = DistributedArray(
      grid: targetGrid, distribution: target, localAxes: axes, storage: ElementStorage(uninitializedCount: count))
    try exchange(
      Redistribution(from: distribution, to: target, picking: picks), into: result.storage, shape: axes.map(\.count))
    return result
  }

  /// Moves all elements to where they belong.
  private func exchange(
    _ plan: Redistribution, into target: ElementStorage<Element>, shape targetShape: [Int]
  ) throws(MPIError) {
    let communicator = grid.communicator
    let rank = communicator.rank
    let size = MemoryLayout<Element>.stride
    let incoming = plan.pieces(to: rank)
    let outgoing = plan.pieces(from: rank)

    // What does not lie in one stretch at the receiver is received apart.
    var copies: [(copy: BlockCopy, start: Int)] = []
    var stagedCount = 0
    for piece in incoming {
      let lengths = piece.overlap.lengths
      let copy =
        piece.peer == rank
        ? BlockCopy(piece.overlap, from: localShape, to: targetShape, elementSize: size)
        : BlockCopy(piece.overlap.unpacked, from: lengths, to: targetShape, elementSize: size)
      copies.append((copy, stagedCount))
      if piece.peer != rank, copy.contiguous == nil { stagedCount += piece.overlap.count }
    }
    let staged = ElementStorage<Element>(uninitializedCount: stagedCount)
    var packs: [(copy: BlockCopy, start: Int)] = []
    var packedCount = 0
    for piece in outgoing {
      let packed = piece.overlap.packed
      let copy = BlockCopy(packed, from: localShape, to: packed.lengths, elementSize: size)
      packs.append((copy, packedCount))
      if piece.peer != rank, copy.contiguous == nil { packedCount += piece.overlap.count }
    }
    let packed = ElementStorage<Element>(uninitializedCount: packedCount)

    try withExtendedLifetime((storage, target, staged, packed)) { () throws(MPIError) in
      var group = RequestGroup()
      group.reserveCapacity(incoming.count + outgoing.count)
      var receives: [Int] = []
      for (number, piece) in incoming.enumerated() where piece.peer != rank {
        let start =
          copies[number].copy.contiguous.map { target.start + $0.target / size } ?? staged.start + copies[number].start
        let buffer = immortal(UnsafeMutableBufferPointer(start: start, count: piece.overlap.count))
        group.add(try communicator.startReceive(into: buffer, from: piece.peer, tag: redistributionTag))
        receives.append(number)
      }
      // From the next rank on, so that not all send to the first one first.
      let next = outgoing.firstIndex { $0.peer > rank } ?? 0
      for number in Array(outgoing.indices[next...]) + Array(outgoing.indices[..<next]) {
        let (piece, pack) = (outgoing[number], packs[number])
        if piece.peer == rank { continue }
        var start = UnsafePointer(storage.start)
        if let contiguous = pack.copy.contiguous {
          start += contiguous.source / size
        } else {
          pack.copy.run(from: storage.start, to: packed.start + pack.start)
          start = UnsafePointer(packed.start + pack.start)
        }
        let values = immortal(UnsafeBufferPointer(start: start, count: piece.overlap.count))
        group.add(try communicator.startSend(values, to: piece.peer, tag: redistributionTag))
      }
      for (piece, copy) in Swift.zip(incoming, copies) where piece.peer == rank {
        copy.copy.run(from: storage.start, to: target.start)
      }
      while let completion = try group.waitAny() {
        _ = try completion.status
        guard completion.index < receives.count else { continue }
        let (copy, start) = copies[receives[completion.index]]
        if copy.contiguous == nil { copy.run(from: staged.start + start, to: target.start) }
      }
    }
  }
}

/// The tag of the messages of a redistribution, below what every MPI allows.
let redistributionTag = 32_201

/// A span whose memory the caller keeps alive.
@_lifetime(immortal)
func immortal<Element>(_ elements: UnsafeBufferPointer<Element>) -> Span<Element> {
  let span = Span(_unsafeElements: elements)
  return unsafe _overrideLifetime(span, copying: ())
}

/// A span whose memory the caller keeps alive.
@_lifetime(immortal)
func immortal<Element>(_ elements: UnsafeMutableBufferPointer<Element>) -> MutableSpan<Element> {
  let span = MutableSpan(_unsafeElements: elements)
  return unsafe _overrideLifetime(span, copying: ())
}
