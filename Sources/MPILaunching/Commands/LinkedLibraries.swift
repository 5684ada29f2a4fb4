/// The libraries that a program loads, as `ldd` (on macOS `otool -L`) lists them.
package struct LinkedLibraries: Equatable, Sendable {
  /// A library that the program asks for.
  package struct Library: Equatable, Sendable {
    package let name: String
    /// The file that was found for it; `nil` if none was.
    package let path: String?
  }

  /// All libraries, those of libraries included.
  package let all: [Library]

  /// The libraries that this text lists; of a program that is linked statically, or is a script, none.
  package init(listing text: String) {
    all = text.split(whereSeparator: \.isNewline).compactMap { line in
      let words = line.split(whereSeparator: \.isWhitespace)
      // libmpi.so.40 => /usr/lib/libmpi.so.40 (0x00007f…), or => not found
      if words.count >= 3, words[1] == "=>" {
        let name = String(words[0].split(separator: "/").last ?? words[0])
        return Library(name: name, path: words[2] == "not" ? nil : String(words[2]))
      }
      // /opt/homebrew/lib/libmpi.40.dylib (compatibility version …)
      if words.count >= 2, words[0].hasPrefix("/"), words[1].hasPrefix("("),
        let name = words[0].split(separator: "/").last
      {
        return Library(name: String(name), path: String(words[0]))
      }
      return nil
    }
  }

  /// The libraries of a program on this host.
  package init(ofProgram path: String, environment: [String: String]) {
    #if os(Linux)
      let text = Launcher.output(of: "/usr/bin/ldd", [path], environment)
    #else
      let text = Launcher.output(of: "/usr/bin/otool", ["-L", path], environment)
    #endif
    self.init(listing: text ?? "")
  }

  /// The MPI among them.
  package var mpi: (family: MPIFamily, library: Library)? {
    for library in all {
      if let family = Self.family(library.name) { return (family, library) }
    }
    // A library of another name that belongs to Open MPI brings this one.
    guard let library = all.first(where: { $0.name.hasPrefix("libmpi.") || $0.name.hasPrefix("libmpi_abi.") }) else {
      return nil
    }
    let isOpenMPI = all.contains { $0.name.hasPrefix("libopen-pal.") || $0.name.hasPrefix("libopen-rte.") }
    return (isOpenMPI ? .openMPI : .other, library)
  }

  /// Whose library has this name, if the name tells. The number is that of the binary interface, which neither changes.
  static func family(_ name: String) -> MPIFamily? {
    let names: [(String, MPIFamily)] = [
      ("libmpi.so.40", .openMPI), ("libmpi.40.", .openMPI), ("libmpi.so.12", .mpich), ("libmpi.12.", .mpich),
      ("libmpich.", .mpich),
    ]
    return names.first { name == $0.0 || name.hasPrefix($0.0.hasSuffix(".") ? $0.0 : $0.0 + ".") }?.1
  }

  /// Those that were not found.
  package var missing: [String] { all.filter { $0.path == nil }.map(\.name) }
}
