internal import Foundation
internal import MPILaunching

/// The program of a job, with the MPI and the launcher that it needs.
struct JobProgram {
  let path: String
  let launcher: Launcher
  /// Whether it is linked to an MPI, as far as can be seen.
  let isLinked: Bool

  /// Finds the launcher of the MPI that a program is linked to.
  ///
  /// - Throws: `LaunchError` if there is none of that MPI on this host.
  init(path: String, environment: [String: String]) throws {
    self.path = path
    let libraries = LinkedLibraries(ofProgram: path, environment: environment)
    let mpi = libraries.mpi
    isLinked = mpi != nil
    launcher = try Launcher.of(
      mpi?.family ?? .other, library: mpi?.library.path,
      name: mpi.map { "\($0.family.rawValue) (\($0.library.name), which \(path) is linked to)" } ?? "any MPI",
      environment: environment)
  }
}
