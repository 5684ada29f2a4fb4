extension Communicator {
  /// Sends any `Codable` value, of any size (`MPI_Send`).
  ///
  /// Local. Its receiver uses `receive(object:from:tag:coder:)` with the same coder.
  ///
  /// - Parameters:
  ///   - value: What is sent.
  ///   - destination: Who receives it.
  ///   - tag: Tells messages apart.
  ///   - mode: When the send is complete.
  ///   - coder: How the value becomes bytes.
  /// - Throws: ``MPIError`` of class ``MPIError/encoding`` when the value cannot be encoded.
  public final func send<Value: Encodable>(
    object value: Value, to destination: Rank, tag: Int = 0, mode: SendMode = .standard,
    coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) {
    try send(try encoded(value, coder, "MPI_Send"), to: destination, tag: tag, mode: mode)
  }

  /// Receives a `Codable` value, of any size (`MPI_Mprobe`, then `MPI_Mrecv`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/decoding`` when the message is no encoding of the type.
  public final func receive<Value: Decodable>(
    object type: Value.Type, from source: some SourceSelector, tag: some TagSelector = 0,
    coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> Value {
    try receiveMessage(object: type, from: source, tag: tag, coder: coder).value
  }

  /// Receives a `Codable` value and tells where it came from (`MPI_Mprobe`, then `MPI_Mrecv`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/decoding`` when the message is no encoding of the type.
  public final func receiveMessage<Value: Decodable>(
    object type: Value.Type, from source: some SourceSelector, tag: some TagSelector = 0,
    coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> ReceivedMessage<Value> {
    let message = try receiveMessage([UInt8].self, from: source, tag: tag)
    let value = try decoded(type, message.value, coder, "MPI_Mrecv", from: message.source)
    return ReceivedMessage(value, source: message.source, tag: message.tag)
  }

  /// Gives a `Codable` value of the root to all ranks, of any size (`MPI_Bcast` twice).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - value: The value at the root; elsewhere it is not looked at and may be `nil`.
  ///   - root: Who gives it.
  ///   - coder: How the value becomes bytes; the same on all ranks.
  /// - Returns: The root's value, decoded on the other ranks.
  public final func broadcast<Value: Codable>(
    object value: Value?, from root: Rank, coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> Value {
    guard rank != root else {
      guard let value else { throw missingAtRoot("MPI_Bcast") }
      _ = try broadcast(try encoded(value, coder, "MPI_Bcast"), from: root)
      return value
    }
    return try decoded(Value.self, try broadcast(nil as [UInt8]?, from: root), coder, "MPI_Bcast", from: root)
  }

  /// Gives each rank a `Codable` value of its own (`MPI_Scatter`, then `MPI_Scatterv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Parameters:
  ///   - values: At the root one value for each rank; elsewhere not looked at and may be `nil`.
  ///   - root: Who gives them.
  ///   - coder: How the values become bytes; the same on all ranks.
  /// - Returns: This rank's value.
  public final func scatter<Value: Codable>(
    objects values: [Value]?, from root: Rank, coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> Value {
    var payloads: [[UInt8]]?
    if rank == root {
      guard let values else { throw missingAtRoot("MPI_Scatterv") }
      payloads = try encodedEach(values, coder, "MPI_Scatterv")
    }
    return try decoded(Value.self, try scatter(payloads, from: root), coder, "MPI_Scatterv", from: root)
  }

  /// Collects a `Codable` value from every rank at the root (`MPI_Gather`, then `MPI_Gatherv`).
  ///
  /// Collective; all ranks name the same root.
  ///
  /// - Returns: At the root the values, by rank; elsewhere `nil`.
  public final func gather<Value: Codable>(
    object value: Value, to root: Rank, coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> [Value]? {
    let payload = try encoded(value, coder, "MPI_Gatherv")
    let counts = try gather(payload.count, to: root)
    guard let counts else {
      var nothing = MutableSpan<UInt8>()
      try payload.withSpan { (span) throws(MPIError) in
        try gather(span, into: &nothing, blocks: nil, to: root)
      }
      return nil
    }
    let blocks = Blocks(counts: counts)
    let bytes = try filled(blocks.total) { (result: inout MutableSpan<UInt8>) throws(MPIError) in
      try payload.withSpan { (span) throws(MPIError) in
        try gather(span, into: &result, blocks: blocks, to: root)
      }
    }
    return try decodedEach(Value.self, bytes, blocks, coder, "MPI_Gatherv")
  }

  /// Collects a `Codable` value from every rank on all ranks (`MPI_Allgather`, then `MPI_Allgatherv`).
  ///
  /// Collective.
  ///
  /// - Returns: The values, by rank.
  public final func allGather<Value: Codable>(
    object value: Value, coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> [Value] {
    let payload = try encoded(value, coder, "MPI_Allgatherv")
    let blocks = Blocks(counts: try allGather(payload.count))
    let bytes = try filled(blocks.total) { (result: inout MutableSpan<UInt8>) throws(MPIError) in
      try payload.withSpan { (span) throws(MPIError) in
        try allGather(span, into: &result, blocks: blocks)
      }
    }
    return try decodedEach(Value.self, bytes, blocks, coder, "MPI_Allgatherv")
  }

  /// Gives every rank a `Codable` value and gets one from every rank (`MPI_Alltoall`, then `MPI_Alltoallv`).
  ///
  /// Collective.
  ///
  /// - Parameters:
  ///   - values: One value for each rank.
  ///   - coder: How the values become bytes; the same on all ranks.
  /// - Returns: The value from each rank.
  public final func allToAll<Value: Codable>(
    objects values: [Value], coder: some MessageCoder = BinaryCoder()
  ) throws(MPIError) -> [Value] {
    let received = try allToAll(try encodedEach(values, coder, "MPI_Alltoallv"))
    var result: [Value] = []
    for (rank, bytes) in received.enumerated() {
      result.append(try decoded(Value.self, bytes, coder, "MPI_Alltoallv", from: Rank(rank)))
    }
    return result
  }
}

extension Communicator {
  func encoded(
    _ value: some Encodable, _ coder: some MessageCoder, _ procedure: StaticString
  ) throws(MPIError) -> [UInt8] {
    do {
      return try coder.encode(value)
    } catch {
      throw MPIError(
        MPIError.encoding, procedure.description, self, "a value of \(type(of: value)) cannot be encoded",
        underlying: error)
    }
  }

  func encodedEach(
    _ values: [some Encodable], _ coder: some MessageCoder, _ procedure: StaticString
  ) throws(MPIError) -> [[UInt8]] {
    var payloads: [[UInt8]] = []
    for value in values { payloads.append(try encoded(value, coder, procedure)) }
    return payloads
  }

  func decoded<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], _ coder: some MessageCoder, _ procedure: StaticString, from source: Rank
  ) throws(MPIError) -> Value {
    do {
      return try coder.decode(type, from: bytes)
    } catch {
      throw MPIError(
        MPIError.decoding, procedure.description, self,
        "the \(bytes.count) bytes from rank \(source) are no encoding of \(type)", underlying: error)
    }
  }

  func decodedEach<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], _ blocks: Blocks, _ coder: some MessageCoder, _ procedure: StaticString
  ) throws(MPIError) -> [Value] {
    var result: [Value] = []
    for rank in blocks.counts.indices {
      let payload = Array(bytes[blocks.offsets[rank]..<(blocks.offsets[rank] + blocks.counts[rank])])
      result.append(try decoded(type, payload, coder, procedure, from: Rank(rank)))
    }
    return result
  }
}
