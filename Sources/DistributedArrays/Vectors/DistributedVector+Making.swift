public import MPI

extension DistributedVector {
  /// A vector whose elements are made from their index, each on the rank that has it.
  ///
  /// Local, but every rank makes the vector with the same count. The closure is called once for each element on this
  /// rank, in order. An error that it throws is this rank's alone; see `Communicator.agree(_:)`.
  ///
  /// - Parameters:
  ///   - count: How many elements all ranks have together, at least 0.
  ///   - communicator: The processes that share them.
  ///   - element: Makes the element with a global index.
  @inlinable
  public init<Failure: Error>(
    count: Int, on communicator: Communicator, _ element: (_ index: Int) throws(Failure) -> Element
  ) throws(Failure) {
    precondition(count >= 0, "a vector of \(count) elements")
    let range = Blocks.evenRange(of: count, rank: communicator.rank.index, among: communicator.size)
    let storage = try ElementStorage<Element>(count: range.count) {
      (output: inout OutputSpan<Element>) throws(Failure) in
      for index in range { output.append(try element(index)) }
    }
    self.init(evenly: count, on: communicator, storage)
  }

  /// A vector of equal elements. Local; every rank gives the same count.
  @inlinable
  public init(repeating element: Element, count: Int, on communicator: Communicator) {
    self.init(count: count, on: communicator) { _ in element }
  }

  /// A vector of the elements that one rank has.
  ///
  /// Collective: sends the length (`MPI_Bcast`), each rank its part (`MPI_Scatterv`), and adds up (`MPI_Allreduce`).
  ///
  /// - Parameters:
  ///   - elements: All elements at the root; elsewhere not looked at and may be `nil`.
  ///   - root: Who has them.
  ///   - communicator: The processes that share them.
  /// - Throws: `MPIError` if the root gives `nil`, or the library reports a failure.
  public init(
    scattering elements: [Element]?, from root: Rank = 0, on communicator: Communicator
  ) throws(MPIError) {
    let mine = try communicator.scatter(elements, from: root)
    let count = try communicator.allReduce(mine.count, .sum)
    let start = Blocks.evenRange(of: count, rank: communicator.rank.index, among: communicator.size).lowerBound
    self.init(count: count, on: communicator) { mine[$0 - start] }
  }

  /// A vector in even blocks, of this rank's elements.
  @usableFromInline
  init(evenly count: Int, on communicator: Communicator, _ storage: ElementStorage<Element>) {
    let grid = ProcessGrid(line: communicator)
    let distribution = Distribution(checked: [count], grid: grid.extents, [[.block(over: 0)]])
    self.init(
      DistributedArray(
        grid: grid, distribution: distribution, localAxes: distribution.localAxes(of: communicator.rank),
        storage: storage))
  }
}

extension DistributedVector where Element: BinaryFloatingPoint {
  /// A vector of random numbers in 0 ..< 1, the same for any number of ranks.
  ///
  /// Local; every rank gives the same arguments.
  ///
  /// - Parameters:
  ///   - count: How many elements all ranks have together.
  ///   - random: The sequence; element i is the number at place i.
  ///   - communicator: The processes that share them.
  @inlinable
  public init(count: Int, random: IndexedRandom, on communicator: Communicator) {
    self.init(count: count, on: communicator) { random.uniform(at: $0) }
  }
}
