internal import Foundation

#if canImport(Darwin)
  internal import Darwin
#endif

extension Launcher {
  /// The launcher of the MPI that this program itself has loaded.
  ///
  /// - Throws: ``LaunchError/noLauncher(library:tried:)``.
  package static func ofLinkedLibrary(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(LaunchError) -> Launcher {
    let libraries = loadedFiles().map { (path: $0, name: ($0 as NSString).lastPathComponent) }
    let known = libraries.lazy.compactMap { library in LinkedLibraries.family(library.name).map { ($0, library.path) } }
    let (family, library) = known.first ?? (.other, libraries.first { $0.name.hasPrefix("libmpi") }?.path ?? "")
    return try of(family, library: library.isEmpty ? nil : library, name: family.rawValue, environment: environment)
  }

  /// The files that this process has loaded.
  private static func loadedFiles() -> [String] {
    #if canImport(Darwin)
      return (0..<_dyld_image_count()).compactMap { _dyld_get_image_name($0).map { String(cString: $0) } }
    #else
      // To its end: what says that it is empty, as all in /proc does, Foundation reads as far as the first page.
      let maps = (try? FileHandle(forReadingAtPath: "/proc/self/maps")?.readToEnd()) ?? Data()
      return String(decoding: maps, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
        line.firstIndex(of: "/").map { String(line[$0...]) }
      }
    #endif
  }
}
