/// What a benchmark counts, and how the seconds of one call become that.
public enum FigureUnit: Sendable, Equatable {
  /// Microseconds of a call; `parts` of them make what is told: 2 for the one way of a ping-pong.
  case microseconds(parts: Double)
  /// Megabytes of 10⁶ bytes a second, of a call that moves so many messages.
  case megabytesPerSecond(messages: Int)
  /// Messages a second, of a call that moves so many.
  case messagesPerSecond(messages: Int)

  /// The name that stands over a column.
  public var name: String {
    switch self {
    case .microseconds: "µs"
    case .megabytesPerSecond: "MB/s"
    case .messagesPerSecond: "messages/s"
    }
  }

  /// What a call of so many seconds and bytes in each message amounts to.
  public func value(seconds: Double, bytes: Int) -> Double {
    switch self {
    case .microseconds(let parts): seconds / parts * 1e6
    case .megabytesPerSecond(let messages): seconds > 0 ? Double(messages * bytes) / seconds / 1e6 : 0
    case .messagesPerSecond(let messages): seconds > 0 ? Double(messages) / seconds : 0
    }
  }
}
