public import MPI

extension DistributedMatrix where Element: ProductElement {
  /// The product of this matrix and another one, in the distribution in which it is made.
  ///
  /// Collective. As ``multiply(_:_:by:_:alpha:into:beta:plan:progress:)``, without operations and factors.
  ///
  /// - Parameters:
  ///   - other: The right operand, with as many rows as this matrix has columns, on the same processes.
  ///   - plan: How to divide the work; without one, the best for the shape.
  /// - Returns: The product, distributed as ``ProductPlan/result``.
  /// - Throws: `MPIError` on all ranks, agreed; see there.
  public func multiplied(by other: Self, plan: ProductPlan? = nil) throws(MPIError) -> Self {
    try Self.product(of: self, by: other, plan: plan)
  }

  /// The product of two matrices, each after an operation, times a factor.
  ///
  /// Collective. As ``multiply(_:_:by:_:alpha:into:beta:plan:progress:)``, with a new matrix for the result.
  ///
  /// - Returns: alpha · left · right, distributed as ``ProductPlan/result``.
  public static func product(
    of left: Self, _ leftOperation: MatrixOperation = .none, by right: Self,
    _ rightOperation: MatrixOperation = .none, alpha: Element = 1, plan: ProductPlan? = nil
  ) throws(MPIError) -> Self {
    let plan = try MatrixProduct(left, leftOperation, right, rightOperation).checked(plan)
    var result = Self(try DistributedArray<Element>.allocated(plan.result, on: left.communicator))
    try multiply(
      left, leftOperation, by: right, rightOperation, alpha: alpha, into: &result, beta: 0, plan: plan)
    return result
  }

  /// Multiplies two matrices into a third: result = alpha · left · right + beta · result.
  ///
  /// Collective; every rank gives the same operations, factors and plan. Matrices may be in any distribution over the same
  /// processes; those that are not in the plan's are brought there first, and the result from there, which is one message
  /// at most for each pair of ranks and matrix. What the product itself moves is ``ProductPlan/bytesSent(by:)``, in at
  /// most rows + columns + layers − 3 messages from each rank; what memory it takes beside the matrices is
  /// ``ProductPlan/scratchBytes(of:)``, which is kept for the next product (``ScratchMemory``); what is brought to another
  /// distribution is in memory twice meanwhile. Uses the tags 32,701 to
  /// 32,703 of the communicator.
  ///
  /// ```swift
  /// try DistributedMatrix.multiply(a, .transposed, by: b, alpha: 2, into: &c, beta: 1)     // C += 2 Aᵀ B
  /// ```
  ///
  /// - Parameters:
  ///   - left: The left operand.
  ///   - leftOperation: What is done to it first; costs nothing.
  ///   - right: The right operand.
  ///   - rightOperation: What is done to it first.
  ///   - alpha: A factor of the product.
  ///   - result: Where the result goes; keeps its distribution.
  ///   - beta: A factor of what is there; with zero it is not read.
  ///   - plan: How to divide the work; without one, the best for the shape.
  ///   - progress: Is told from time to time, on this rank, which share of its multiplications is done; may be given on
  ///     some ranks only.
  /// - Returns: What this rank sent and waited.
  /// - Throws: `MPIError` on all ranks, agreed, with a ``DistributedArrayError`` underlying: of code
  ///   ``DistributedArrayError/Code/shapeMismatch`` for shapes, or a plan, that do not fit together,
  ///   ``DistributedArrayError/Code/communicatorMismatch``, or ``DistributedArrayError/Code/memory``.
  @discardableResult
  public static func multiply(
    _ left: Self, _ leftOperation: MatrixOperation = .none, by right: Self,
    _ rightOperation: MatrixOperation = .none, alpha: Element = 1, into result: inout Self,
    beta: Element = 0, plan: ProductPlan? = nil, progress: ((Double) -> Void)? = nil
  ) throws(MPIError) -> ProductStatistics {
    let product = MatrixProduct(left, leftOperation, right, rightOperation)
    let plan = try product.checked(plan)
    try product.requireFits(result)
    return try product.run(plan, alpha, into: &result, beta, progress)
  }
}

extension ProductPlan {
  /// The best plan for a product of matrices, by their shapes. Local; every rank comes to the same.
  ///
  /// Distribute matrices by ``left(_:)`` and ``right(_:)`` from the start and nothing moves before the product.
  ///
  /// - Parameters:
  ///   - element: The type of the elements.
  ///   - rows: Rows of the result.
  ///   - inner: Terms of each element.
  ///   - columns: Columns of the result.
  ///   - communicator: The processes.
  ///   - memoryLimit: Bytes that the matrices and the product may take on each rank; `nil` for any number.
  /// - Throws: ``DistributedArrayError`` of code ``DistributedArrayError/Code/memory``.
  public init<Element: ProductElement>(
    for element: Element.Type, rows: Int, inner: Int, columns: Int, on communicator: Communicator,
    memoryLimit: Int? = nil
  ) throws(DistributedArrayError) {
    try self.init(
      rows: rows, inner: inner, columns: columns, ranks: communicator.size, elementSize: MemoryLayout<Element>.stride,
      multiplicationCost: Element.multiplicationCost, memoryLimit: memoryLimit)
  }
}
