#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// A program that is talked to over its standard input and output, line by line, without ever waiting for it.
package final class Conversation {
  /// The program.
  package let process: ChildProcess
  /// What it has said, line by line.
  package private(set) var lines: [String] = []
  /// What it has written to standard error.
  package private(set) var complaints = ""
  /// Whether its output has ended.
  package private(set) var isOver = false

  private var input: Int32
  private var output: Int32
  private var errors: Int32
  private var unsent: [UInt8] = []
  private var unfinished: [UInt8] = []
  private var unfinishedComplaint: [UInt8] = []

  /// Starts a program in a process group of its own.
  package init(_ path: String, _ arguments: [String], environment: [String: String]) throws(LaunchError) {
    signal(SIGPIPE, SIG_IGN)
    var pipes: [(read: Int32, write: Int32)] = []
    for _ in 0..<3 { pipes.append(try Self.makePipe()) }
    defer { for descriptor in [pipes[0].read, pipes[1].write, pipes[2].write] { close(descriptor) } }
    do {
      process = try ChildProcess(
        path, arguments, environment: environment, descriptors: [pipes[0].read, pipes[1].write, pipes[2].write],
        ownGroup: true)
    } catch {
      for descriptor in [pipes[0].write, pipes[1].read, pipes[2].read] { close(descriptor) }
      throw error
    }
    input = pipes[0].write
    output = pipes[1].read
    errors = pipes[2].read
    for descriptor in [input, output, errors] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }

  /// A pipe that no other program inherits.
  private static func makePipe() throws(LaunchError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw .notStarted(path: "a pipe", reason: String(cString: strerror(errno))) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  deinit {
    for descriptor in [input, output, errors] where descriptor >= 0 { close(descriptor) }
  }

  /// Gives it this text to read, as soon as it takes it.
  package func say(_ text: String) {
    unsent += Array(text.utf8)
    flush()
  }

  /// Ends its standard input, once all has been said.
  package func endInput() {
    flush()
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  private func flush() {
    while !unsent.isEmpty, input >= 0 {
      let count = unsent.withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        if errno != EAGAIN { unsent = [] }  // nobody reads any more
        return
      }
      unsent.removeFirst(count)
    }
  }

  private func read(_ descriptor: inout Int32, _ take: (ArraySlice<UInt8>) -> Void) {
    var buffer = [UInt8](repeating: 0, count: 16384)
    while descriptor >= 0 {
      #if canImport(Darwin)
        let count = Darwin.read(descriptor, &buffer, buffer.count)
      #elseif canImport(Musl)
        let count = Musl.read(descriptor, &buffer, buffer.count)
      #else
        let count = Glibc.read(descriptor, &buffer, buffer.count)
      #endif
      if count > 0 {
        take(buffer[..<count])
      } else if count < 0, errno == EINTR {
        continue
      } else {
        if count == 0 || errno != EAGAIN {
          close(descriptor)
          descriptor = -1
        }
        return
      }
    }
  }

  private func hear() {
    flush()
    read(&output) { bytes in
      unfinished += bytes
      var start = unfinished.startIndex
      while let end = unfinished[start...].firstIndex(of: UInt8(ascii: "\n")) {
        lines.append(String(decoding: unfinished[start..<end], as: UTF8.self))
        start = end + 1
      }
      unfinished.removeFirst(start)
    }
    read(&errors) { unfinishedComplaint += $0 }
    if !unfinishedComplaint.isEmpty {
      complaints += String(decoding: unfinishedComplaint, as: UTF8.self)
      unfinishedComplaint = []
    }
    if output < 0 { isOver = true }
  }

  /// Listens to all of these until something happens, for so many seconds at most.
  package static func listen(_ conversations: [Conversation], seconds: Double) {
    var descriptors: [pollfd] = []
    for conversation in conversations {
      for descriptor in [conversation.output, conversation.errors] where descriptor >= 0 {
        descriptors.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
      }
      if !conversation.unsent.isEmpty, conversation.input >= 0 {
        descriptors.append(pollfd(fd: conversation.input, events: Int16(POLLOUT), revents: 0))
      }
    }
    let milliseconds = CInt(max(0, min(seconds, 3600)) * 1000)
    _ = poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    for conversation in conversations { conversation.hear() }
  }

  /// Ends the program, with all that it has started.
  package func end() {
    endInput()
    guard process.end == nil else { return }
    process.signalGroup(SIGKILL)
    _ = process.wait(seconds: 1)
  }
}
