internal import Foundation

/// The `mpirun` of one MPI.
package struct Launcher: Sendable, Equatable {
  /// The variable that names the launcher to use, whatever would be found.
  package static let variable = "SWIFT_MPI_LAUNCHER"

  /// Whose it is.
  package let family: MPIFamily
  /// Its file.
  package let path: String
  /// The version that it says it has, such as `4.1.4`; empty if it says none.
  package let version: String

  package init(_ family: MPIFamily, path: String, version: String = "") {
    self.family = family
    self.path = path
    self.version = version
  }

  /// The first number of the version: Open MPI 5 wants other settings than Open MPI 4.
  package var majorVersion: Int { Int(version.prefix { $0.isNumber }) ?? 0 }

  /// The launcher of a library.
  ///
  /// Looked for where ``variable`` says, beside the library, then on the `PATH`. Each is asked for its name before it is
  /// believed: a launcher of the other family would start N jobs of one rank each, and report success.
  ///
  /// - Parameters:
  ///   - family: Whose library it is; any launcher will do for ``MPIFamily/other``.
  ///   - library: The library's file, if it is known.
  ///   - name: What the library calls itself.
  ///   - environment: Where to look for ``variable`` and `PATH`.
  /// - Throws: ``LaunchError/noLauncher(library:tried:)``.
  package static func of(
    _ family: MPIFamily, library: String?, name: String,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(LaunchError) -> Launcher {
    var tried: [String] = []
    for path in candidates(family, library: library, environment: environment)
    where !tried.contains(path) && FileManager.default.isExecutableFile(atPath: path) {
      tried.append(path)
      guard let text = output(of: path, ["--version"], environment) else { continue }
      let (answer, version) = identity(ofVersionText: text)
      if family == .other || answer == family { return Launcher(answer, path: path, version: version) }
    }
    throw .noLauncher(library: name, tried: tried)
  }

  private static func candidates(
    _ family: MPIFamily, library: String?, environment: [String: String]
  ) -> [String] {
    let names =
      switch family {
      case .openMPI: ["mpirun.openmpi", "mpiexec.openmpi", "mpirun", "mpiexec"]
      case .mpich: ["mpirun.mpich", "mpiexec.mpich", "mpirun", "mpiexec"]
      case .other: ["mpirun", "mpiexec"]
      }
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

  /// Whose a launcher is that answers `--version` with this text, and its version.
  package static func identity(ofVersionText text: String) -> (MPIFamily, version: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      for name in ["(Open MPI) ", "(OpenRTE) "] {
        if let range = line.range(of: name) { return (.openMPI, String(line[range.upperBound...])) }
      }
    }
    if text.contains("Open MPI") || text.contains("OpenRTE") { return (.openMPI, "") }
    guard text.contains("HYDRA") else { return (.other, "") }
    let line = text.split(whereSeparator: \.isNewline).first { $0.contains("Version:") }
    return (.mpich, line?.split(separator: " ").last.map(String.init) ?? "")
  }

  /// What a program prints, its standard error included, if it succeeds within ten seconds.
  package static func output(of path: String, _ arguments: [String], _ environment: [String: String]) -> String? {
    let output = NSTemporaryDirectory() + "/swift-mpi-output-\(UUID().uuidString)"
    defer { unlink(output) }
    guard
      let process = try? ChildProcess(path, arguments, environment: environment, output: output),
      process.wait(seconds: 10) == .exited(status: 0)
    else { return nil }
    return try? String(contentsOfFile: output, encoding: .utf8)
  }
}
