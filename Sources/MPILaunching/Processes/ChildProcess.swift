#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// A program that was started.
///
/// Signals have their default meaning in it and none is blocked: a launcher that inherits a blocked SIGTERM could not be
/// ended. Owned by one thread at a time.
package final class ChildProcess {
  /// How a process ended.
  package enum End: Equatable, Sendable {
    case exited(status: Int)
    case killed(signal: Int)
  }

  /// The number of the process, and of its group if it has one of its own.
  package let identifier: Int32
  private let hasOwnGroup: Bool
  private var knownEnd: End?

  /// Starts a program in a process group of its own, so that it can be ended with all that it starts; its standard input
  /// is empty.
  ///
  /// - Parameters:
  ///   - path: The program's file.
  ///   - arguments: Its arguments, without its own name.
  ///   - environment: All of its environment.
  ///   - output: The file for its standard output and standard error; the caller's own when `nil`.
  /// - Throws: ``LaunchError`` if it cannot be started.
  package convenience init(
    _ path: String, _ arguments: [String], environment: [String: String], output: String?
  ) throws(LaunchError) {
    try self.init(path, arguments, environment: environment, ownGroup: true) { files in
      posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
      if let output {
        posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&files, 1, 2)
      }
    }
  }

  /// Starts a program whose input and outputs are given by their numbers here.
  ///
  /// - Parameters:
  ///   - path: The program's file.
  ///   - arguments: Its arguments, without its own name.
  ///   - environment: All of its environment.
  ///   - descriptors: The files for its standard input, output and error; the caller's own where `nil`.
  ///   - ownGroup: Whether it gets a process group of its own; without one it reads from the terminal, and Ctrl-C there
  ///     reaches it.
  /// - Throws: ``LaunchError`` if it cannot be started.
  package convenience init(
    _ path: String, _ arguments: [String], environment: [String: String], descriptors: [Int32?], ownGroup: Bool
  ) throws(LaunchError) {
    try self.init(path, arguments, environment: environment, ownGroup: ownGroup) { files in
      for case (let target, let descriptor?) in descriptors.enumerated() {
        posix_spawn_file_actions_adddup2(&files, descriptor, Int32(target))
      }
    }
  }

  #if canImport(Darwin)
    private typealias FileActions = posix_spawn_file_actions_t?
  #else
    private typealias FileActions = posix_spawn_file_actions_t
  #endif

  private init(
    _ path: String, _ arguments: [String], environment: [String: String], ownGroup: Bool,
    _ direct: (inout FileActions) -> Void
  ) throws(LaunchError) {
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
      var files: FileActions = nil
    #else
      var attributes = posix_spawnattr_t()
      var files = FileActions()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (ownGroup ? POSIX_SPAWN_SETPGROUP : 0)
    posix_spawnattr_setflags(&attributes, Int16(flags))

    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    direct(&files)

    var identifier: pid_t = 0
    let code = withCStrings([path] + arguments) { arguments in
      withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
        posix_spawn(&identifier, path, &files, &attributes, arguments, environment)
      }
    }
    guard code == 0 else { throw LaunchError.notStarted(path: path, reason: String(cString: strerror(code))) }
    self.identifier = identifier
    hasOwnGroup = ownGroup
  }

  /// How it ended, if it has.
  package var end: End? {
    if let knownEnd { return knownEnd }
    var status: CInt = 0
    var result: pid_t
    repeat { result = waitpid(identifier, &status, WNOHANG) } while result == -1 && errno == EINTR
    guard result == identifier else { return nil }
    let signal = Int(status & 0x7f)
    knownEnd = signal == 0 ? .exited(status: Int((status >> 8) & 0xff)) : .killed(signal: signal)
    return knownEnd
  }

  /// Waits until it has ended, for so many seconds at most.
  package func wait(seconds: Double) -> End? {
    let deadline = monotonicSeconds() + seconds
    while end == nil, monotonicSeconds() < deadline { usleep(5000) }
    return end
  }

  /// Sends a signal to it and, if it has a group of its own, all that it has started.
  package func signalGroup(_ signal: Int32) {
    guard knownEnd == nil || hasOwnGroup else { return }
    kill(hasOwnGroup ? -identifier : identifier, signal)
  }
}

/// Becomes a program: it takes the place of this one, with its input, outputs, terminal and status.
///
/// - Throws: ``LaunchError`` if that cannot be; else it does not return.
package func become(_ command: LaunchCommand, environment: [String: String]) throws(LaunchError) -> Never {
  var environment = environment
  for variable in command.environment { environment[variable.name] = variable.value }
  var none = sigset_t()
  sigemptyset(&none)
  sigprocmask(SIG_SETMASK, &none, nil)
  signal(SIGPIPE, SIG_DFL)
  let path = command.path
  _ = withCStrings([path] + command.arguments) { arguments in
    withCStrings(environment.map { "\($0.key)=\($0.value)" }) { execve(path, arguments, $0) }
  }
  throw LaunchError.notStarted(path: path, reason: String(cString: strerror(errno)))
}

/// Seconds of a clock that nobody sets.
package func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Seconds since 1970, by this host's clock.
package func wallClockSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Lends the strings as an array that C ends with a null pointer.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
  defer { for pointer in pointers { free(pointer) } }
  return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
}
