internal import MPI

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

/// A bar on standard error that shows how far long work is; nothing where standard error is no terminal.
public final class ProgressBar {
  private let title: String
  /// Whether there is somebody to see it.
  public let isShown: Bool
  private var start = 0.0
  private var drawn = 0.0
  private var isDrawn = false

  /// A bar that appears when the work takes longer than a second.
  ///
  /// - Parameters:
  ///   - title: What is being done.
  ///   - isShown: Whether this process may draw; one does.
  public init(_ title: String, isShown: Bool = true) {
    self.title = title
    self.isShown = isShown && (isatty(2) == 1 || Self.launcherHasTerminal)
    start = Self.now
  }

  /// Shows that a share of the work is done, at most ten times in a second.
  public func show(_ share: Double) {
    let now = Self.now
    guard isShown, now - start > 1, now - drawn > 0.1 else { return }
    drawn = now
    isDrawn = true
    let width = 40
    let filled = min(width, Int(share * Double(width)))
    let seconds = share > 0.02 ? ", \(Int(((now - start) * (1 - share) / share).rounded(.up))) s left" : ""
    print(
      "\r\(title) [" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        + "] \(Int(share * 100)) %\(seconds)\u{1B}[K")
  }

  /// Removes the bar.
  public func end() {
    if isDrawn { print("\r\u{1B}[K") }
    isDrawn = false
  }

  private func print(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = write(2, bytes.baseAddress, bytes.count) }
  }

  private static var now: Double { (try? MPIEnvironment.wallTime) ?? 0 }

  /// Whether standard error of the `mpirun` that started this process on its own machine is a terminal: what a rank writes
  /// goes there, though its own standard error is a pipe. Known on Linux.
  private static var launcherHasTerminal: Bool {
    var process = getppid()
    for _ in 0..<4 where process > 1 {
      var target = [UInt8](repeating: 0, count: 64)
      let count = readlink("/proc/\(process)/fd/2", &target, target.count)
      guard let name = firstLine("/proc/\(process)/comm"), let status = firstLine("/proc/\(process)/stat") else {
        break
      }
      if ["mpirun", "mpiexec", "orterun", "prterun"].contains(where: name.hasPrefix) {
        return ["/dev/pts/", "/dev/tty"].contains {
          String(decoding: target.prefix(max(count, 0)), as: UTF8.self).hasPrefix($0)
        }
      }
      // Behind the name, which is in parentheses, are the state and the parent.
      let fields = status.split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 1, let parent = pid_t(fields[1]) else { break }
      process = parent
    }
    return false
  }

  private static func firstLine(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [CChar](repeating: 0, count: 512)
    guard fgets(&bytes, CInt(bytes.count), file) != nil else { return nil }
    return String(decoding: bytes.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
