/// Why a job could not be started.
package enum LaunchError: Error, CustomStringConvertible {
  /// No launcher of the library that the program is linked to was found among the places named.
  case noLauncher(library: String, tried: [String])
  /// A program could not be started.
  case notStarted(path: String, reason: String)

  package var description: String {
    switch self {
    case .noLauncher(let library, let tried):
      "no mpirun of \(library) was found (tried: \(tried.isEmpty ? "nothing" : tried.joined(separator: ", "))); "
        + "install it, put it on the PATH, or name it in \(Launcher.variable)"
    case .notStarted(let path, let reason): "\(path) could not be started: \(reason)"
    }
  }
}
