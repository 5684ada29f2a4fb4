extension Communicator {
  /// Sends any `Codable` value, of any size, suspended until it is sent (`MPI_Isend`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/encoding`` when the value cannot be encoded.
  public nonisolated(nonsending) final func send<Value: Encodable>(
    object value: Value, to destination: Rank, tag: Int = 0, mode: SendMode = .standard,
    coder: some MessageCoder = BinaryCoder()
  ) async throws(MPIError) {
    try await send(try encoded(value, coder, mode.startProcedure), to: destination, tag: tag, mode: mode)
  }

  /// Receives a `Codable` value, of any size, suspended until it is there (`MPI_Improbe`, `MPI_Imrecv`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/decoding`` when the message is no encoding of the type, of class
  ///   ``MPIError/cancelled`` when the task was cancelled first.
  public nonisolated(nonsending) final func receive<Value: Decodable>(
    object type: Value.Type, from source: some SourceSelector, tag: some TagSelector = 0,
    coder: some MessageCoder = BinaryCoder()
  ) async throws(MPIError) -> Value {
    try await receiveMessage(object: type, from: source, tag: tag, coder: coder).value
  }

  /// Receives a `Codable` value and tells where it came from, suspended until it is there. Local.
  ///
  /// As `receive(object:from:tag:coder:)`.
  public nonisolated(nonsending) final func receiveMessage<Value: Decodable>(
    object type: Value.Type, from source: some SourceSelector, tag: some TagSelector = 0,
    coder: some MessageCoder = BinaryCoder()
  ) async throws(MPIError) -> ReceivedMessage<Value> {
    let message = try await receiveMessage([UInt8].self, from: source, tag: tag)
    let value = try decoded(type, message.value, coder, "MPI_Imrecv", from: message.source)
    return ReceivedMessage(value, source: message.source, tag: message.tag)
  }

  /// Gives a `Codable` value of the root to all ranks, of any size, suspended meanwhile (`MPI_Ibcast` twice).
  ///
  /// Collective; all ranks name the same root. Elsewhere than at the root the value may be `nil`.
  ///
  /// - Returns: The root's value, decoded on the other ranks.
  public nonisolated(nonsending) final func broadcast<Value: Codable>(
    object value: Value?, from root: Rank, coder: some MessageCoder = BinaryCoder()
  ) async throws(MPIError) -> Value {
    guard rank == root else {
      let bytes = try await broadcast(nil as [UInt8]?, from: root)
      return try decoded(Value.self, bytes, coder, "MPI_Ibcast", from: root)
    }
    guard let value else { throw missingAtRoot("MPI_Ibcast") }
    _ = try await broadcast(try encoded(value, coder, "MPI_Ibcast") as [UInt8]?, from: root)
    return value
  }

  /// Collects a `Codable` value from every rank on all ranks, suspended meanwhile (`MPI_Iallgather`, `MPI_Iallgatherv`).
  ///
  /// Collective.
  ///
  /// - Returns: The values, by rank.
  public nonisolated(nonsending) final func allGather<Value: Codable>(
    object value: Value, coder: some MessageCoder = BinaryCoder()
  ) async throws(MPIError) -> [Value] {
    let payload = try encoded(value, coder, "MPI_Iallgatherv")
    let blocks = Blocks(counts: try await allGather(payload.count))
    let bytes = try await allGather(payload, blocks)
    return try decodedEach(Value.self, bytes, blocks, coder, "MPI_Iallgatherv")
  }

  /// Collects a `Codable` value from every rank at the root, suspended meanwhile (`MPI_Igather`, then `MPI_Igatherv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Returns: At the root the values, by rank; elsewhere `nil`.
  public nonisolated(nonsending) final func gather<Value: Codable>(
    object value: Value, to root: Rank, coder: some MessageCoder = BinaryCoder()
  ) async throws(MPIError) -> [Value]? {
    let payload = try encoded(value, coder, "MPI_Igatherv")
    let blocks = try await gather(payload.count, to: root).map { Blocks(counts: $0) }
    guard let bytes = try await gather(payload, blocks, to: root), let blocks else { return nil }
    return try decodedEach(Value.self, bytes, blocks, coder, "MPI_Igatherv")
  }

  /// Gives each rank a `Codable` value of its own, suspended meanwhile (`MPI_Iscatter`, then `MPI_Iscatterv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root one value for each rank; elsewhere not looked at and may be `nil`.
  ///   - root: Who gives them.
  ///   - coder: How the values become bytes; the same on all ranks.
  /// - Returns: This rank's value.
  public nonisolated(nonsending) final func scatter<Value: Codable>(
    objects values: [Value]?, from root: Rank, coder: some MessageCoder = BinaryCoder()
  ) async throws(MPIError) -> Value {
    var payloads: [[UInt8]]?
    if rank == root {
      guard let values else { throw missingAtRoot("MPI_Iscatterv") }
      payloads = try encodedEach(values, coder, "MPI_Iscatterv")
    }
    return try decoded(Value.self, try await scatter(payloads, from: root), coder, "MPI_Iscatterv", from: root)
  }

  /// Gives every rank a `Codable` value and gets one from every rank, suspended meanwhile (`MPI_Ialltoall`, then
  /// `MPI_Ialltoallv`).
  ///
  /// Collective.
  ///
  /// - Parameters:
  ///   - values: One value for each rank.
  ///   - coder: How the values become bytes; the same on all ranks.
  /// - Returns: The value from each rank.
  public nonisolated(nonsending) final func allToAll<Value: Codable>(
    objects values: [Value], coder: some MessageCoder = BinaryCoder()
  ) async throws(MPIError) -> [Value] {
    let received = try await allToAll(try encodedEach(values, coder, "MPI_Ialltoallv"))
    var result: [Value] = []
    for (rank, bytes) in received.enumerated() {
      result.append(try decoded(Value.self, bytes, coder, "MPI_Ialltoallv", from: Rank(rank)))
    }
    return result
  }
}
