/// Messages as they come, one after the other, without an end: a loop over them suspends until the next one is there.
///
/// ```swift
/// for try await message in world.messages(of: [Double].self, from: .any, tag: 7) {
///   print(message.source, message.value.count)
/// }
/// ```
///
/// The loop ends when its task is cancelled, and then takes no message that it does not give.
public struct MessageSequence<Value>: AsyncSequence {
  let next: @Sendable () async throws(MPIError) -> ReceivedMessage<Value>

  /// Begins to receive.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(receive: next) }

  /// Receives one message after the other.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let receive: @Sendable () async throws(MPIError) -> ReceivedMessage<Value>

    /// The next message; `nil` when the task was cancelled.
    ///
    /// - Throws: ``MPIError`` when a message cannot be received as what was asked for; the next one can be tried.
    public mutating func next() async throws(MPIError) -> ReceivedMessage<Value>? {
      do throws(MPIError) {
        return try await receive()
      } catch {
        if error.errorClass == MPIError.cancelled { return nil }
        throw error
      }
    }

    /// The next message; `nil` when the task was cancelled.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(MPIError) -> ReceivedMessage<Value>? { try await next() }
  }
}

extension MessageSequence: Sendable where Value: Sendable {}

extension Communicator {
  /// The messages that come with one value each. Local.
  ///
  /// - Parameters:
  ///   - type: The type of the value.
  ///   - source: Who sends, or `.any`.
  ///   - tag: Their tag, or `.any`.
  public final func messages<Element: Datatype>(
    of type: Element.Type, from source: some SourceSelector = .any, tag: some TagSelector = 0
  ) -> MessageSequence<Element> {
    MessageSequence { () async throws(MPIError) in
      try await self.receiveMessage(Element.self, from: source, tag: tag)
    }
  }

  /// The messages that come with an array each, of any length. Local.
  public final func messages<Element: Datatype>(
    of type: [Element].Type, from source: some SourceSelector = .any, tag: some TagSelector = 0
  ) -> MessageSequence<[Element]> {
    MessageSequence { () async throws(MPIError) in
      try await self.receiveMessage([Element].self, from: source, tag: tag)
    }
  }

  /// Not there: a `Codable` value comes as an object, and this says so to who asks for it by its type.
  @available(*, unavailable, message: "a Codable value comes as an object: write messages(ofObject:)")
  @_disfavoredOverload
  public final func messages<Value: Decodable & Sendable>(
    of type: Value.Type, from source: some SourceSelector = .any, tag: some TagSelector = 0
  ) -> MessageSequence<Value> { fatalError("unavailable") }

  /// The messages that come with a `Codable` value each. Local.
  public final func messages<Value: Decodable & Sendable>(
    ofObject type: Value.Type, from source: some SourceSelector = .any, tag: some TagSelector = 0,
    coder: some MessageCoder = BinaryCoder()
  ) -> MessageSequence<Value> {
    MessageSequence { () async throws(MPIError) in
      try await self.receiveMessage(object: Value.self, from: source, tag: tag, coder: coder)
    }
  }
}
