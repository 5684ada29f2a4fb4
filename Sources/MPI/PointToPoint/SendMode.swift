public import CMPI

/// When a send may begin and when it is complete (MPI 5.0, §3.4).
public enum SendMode: Sendable {
  /// Complete when the buffer may be used again; MPI decides whether that waits for the receiver (`MPI_Send`).
  case standard
  /// Complete only when the receiver has begun to receive (`MPI_Ssend`).
  case synchronous
  /// Complete at once, out of a buffer; only inside ``Communicator/withSendBuffer(bytes:_:)`` (`MPI_Bsend`).
  case buffered
  /// The receiver must be waiting already; anything else is an error that MPI may not notice (`MPI_Rsend`).
  case ready

  @inlinable @inline(__always)
  var wire: CInt {
    switch self {
    case .standard: CInt(bitPattern: CMPI_STANDARD.rawValue)
    case .synchronous: CInt(bitPattern: CMPI_SYNCHRONOUS.rawValue)
    case .buffered: CInt(bitPattern: CMPI_BUFFERED.rawValue)
    case .ready: CInt(bitPattern: CMPI_READY.rawValue)
    }
  }

  @inlinable @inline(__always)
  var procedure: StaticString {
    switch self {
    case .standard: "MPI_Send"
    case .synchronous: "MPI_Ssend"
    case .buffered: "MPI_Bsend"
    case .ready: "MPI_Rsend"
    }
  }
}
