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
    var result: [Value] = []
    for rank in blocks.counts.indices {
      let part = Array(bytes[blocks.offsets[rank]..<blocks.offsets[rank] + blocks.counts[rank]])
      result.append(try decoded(Value.self, part, coder, "MPI_Iallgatherv", from: Rank(rank)))
    }
    return result
  }
}
