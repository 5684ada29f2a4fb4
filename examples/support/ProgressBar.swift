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
    self.isShown = isShown && isatty(2) == 1
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
}
