/// What a product sent and did on this rank.
public struct ProductStatistics: Hashable, Sendable {
  /// Bytes sent to other ranks for the product itself.
  public internal(set) var bytesSent = 0
  /// Bytes received from other ranks for the product itself.
  public internal(set) var bytesReceived = 0
  /// Messages sent for the product itself.
  public internal(set) var messagesSent = 0
  /// Bytes sent to bring operands or the result into another distribution; 0 where they were in the plan's.
  public internal(set) var redistributedBytes = 0
  /// Seconds in which this rank waited for messages and did nothing else.
  public internal(set) var secondsWaiting = 0.0
}
