internal import Foundation

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

extension Launcher {
  /// The launcher of the MPI that this program itself has loaded.
  ///
  /// - Throws: ``LaunchError/noLauncher(library:tried:)``.
  package static func ofLinkedLibrary(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(LaunchError) -> Launcher {
    let library = fileOfSymbol("MPI_Init")
    let name = library.map { (realPathOf($0) as NSString).lastPathComponent } ?? ""
    let family: MPIFamily =
      if fileOfSymbol("ompi_mpi_comm_world") != nil { .openMPI } else { LinkedLibraries.family(name) ?? .other }
    return try of(family, library: library, name: family.rawValue, environment: environment)
  }

  /// The file from which this process has a symbol.
  private static func fileOfSymbol(_ name: String) -> String? {
    var information = Dl_info()
    guard let everything = dlopen(nil, RTLD_LAZY) else { return nil }
    defer { dlclose(everything) }
    guard let address = dlsym(everything, name), dladdr(address, &information) != 0 else { return nil }
    return information.dli_fname.map { String(cString: $0) }
  }

  private static func realPathOf(_ path: String) -> String { (path as NSString).resolvingSymlinksInPath }
}
