internal import Foundation
package import MPI

/// The `mpirun` of one MPI.
package struct Launcher: Sendable, Equatable {
  /// The variable that names the launcher to use, whatever would be found.
  package static let variable = "SWIFT_MPI_LAUNCHER"

  /// Whose it is.
  package let implementation: MPIEnvironment.Implementation
  /// Its file.
  package let path: String

  package init(_ implementation: MPIEnvironment.Implementation, path: String) {
    self.implementation = implementation
    self.path = path
  }

  /// The launcher of the library that this program is linked to.
  ///
  /// Looked for where ``variable`` says, beside the library, then on the `PATH`. Each is asked for its name before it is
  /// believed: a launcher of the other family would start N jobs of one rank each, and report success.
  ///
  /// - Throws: ``LaunchError/noLauncher(library:tried:)``.
  package static func ofLinkedLibrary(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(LaunchError) -> Launcher {
    let implementation = MPIEnvironment.Implementation.built
    var tried: [String] = []
    for path in candidates(implementation, library: MPIEnvironment.libraryPath, environment: environment)
    where !tried.contains(path) && FileManager.default.isExecutableFile(atPath: path) {
      tried.append(path)
      if isLauncher(path, of: implementation, environment) { return Launcher(implementation, path: path) }
    }
    throw .noLauncher(library: MPIEnvironment.builtAgainst, tried: tried)
  }

  private static func candidates(
    _ implementation: MPIEnvironment.Implementation, library: String?, environment: [String: String]
  ) -> [String] {
    let family = implementation == .mpich ? "mpich" : "openmpi"
    let names = ["mpirun.\(family)", "mpiexec.\(family)", "mpirun", "mpiexec"]
    var folders: [String] = []
    for library in [library, library.map { ($0 as NSString).resolvingSymlinksInPath }].compactMap({ $0 }) {
      var folder = (library as NSString).deletingLastPathComponent
      while folder.count > 1 {
        folders.append(folder + "/bin")
        folder = (folder as NSString).deletingLastPathComponent
      }
    }
    folders += environment["PATH", default: "/usr/local/bin:/usr/bin:/bin"].split(separator: ":").map(String.init)
    let found = folders.flatMap { folder in names.map { "\(folder)/\($0)" } }
    guard let named = environment[variable], !named.isEmpty else { return found }
    return [named] + found
  }

  /// Whether the program calls itself a launcher of this family.
  private static func isLauncher(
    _ path: String, of implementation: MPIEnvironment.Implementation, _ environment: [String: String]
  ) -> Bool {
    let output = NSTemporaryDirectory() + "/swift-mpi-version-\(UUID().uuidString)"
    defer { unlink(output) }
    guard
      let process = try? ChildProcess(path, ["--version"], environment: environment, output: output),
      process.wait(seconds: 10) == .exited(status: 0),
      let text = try? String(contentsOfFile: output, encoding: .utf8)
    else { return false }
    switch implementation {
    case .openMPI: return text.contains("Open MPI") || text.contains("OpenRTE")
    case .mpich: return text.contains("HYDRA")
    case .smpi, .other: return true
    }
  }
}
