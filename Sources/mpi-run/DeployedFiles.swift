internal import Foundation
internal import MPILaunching

/// The files that a program needs on another host.
struct DeployedFiles {
  /// The folder that they go to: that of the program.
  let folder: String
  /// The files here, with their names there.
  let files: [(path: String, name: String)]

  /// A program, the libraries that a system does not have by itself, and the resources that lie beside it.
  ///
  /// - Throws: `Failure` if a library is missing on this host as well.
  init(program: String, environment: [String: String]) throws {
    let folder = (program as NSString).deletingLastPathComponent
    var files = [(program, (program as NSString).lastPathComponent)]
    let libraries = LinkedLibraries(ofProgram: program, environment: environment)
    if let missing = libraries.missing.first {
      throw Failure("\(program) does not find \(missing) on this host either")
    }
    let ofMPI = Set([libraries.mpi?.library.path].compactMap { $0 }.map { ($0 as NSString).deletingLastPathComponent })
    for library in libraries.all {
      guard let path = library.path, !Self.isOfSystem(path) else { continue }
      let place = (path as NSString).deletingLastPathComponent
      // An MPI in a place of its own is installed as a whole, with its launcher.
      if ofMPI.contains(where: { place == $0 || place.hasPrefix($0 + "/") }) { continue }
      files.append((path, library.name))
    }
    let beside = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    files += beside.filter { $0.hasSuffix(".resources") }.map { ("\(folder)/\($0)", $0) }
    self.folder = folder
    self.files = files
  }

  private static func isOfSystem(_ path: String) -> Bool {
    let roots = ["/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/", "/System/"]
    // A toolchain that is installed below /usr brings the Swift runtime with it.
    return roots.contains { path.hasPrefix($0) } && !path.contains("/swift/")
  }
}
