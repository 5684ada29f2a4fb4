internal import ArgumentParser
internal import Foundation
internal import MPILaunching

/// Finds the program that the user names, and builds it if it is a product of a package.
struct ProgramBuilder {
  let options: BuildOptions
  let environment: [String: String]

  /// The file of a program: what a name with a slash leads to, else a product of the package, which is built, else what
  /// the `PATH` has.
  func program(_ name: String) throws -> String {
    if name.contains("/") { return try file(name) }
    if let package = packageFolder() {
      let place = BuildPlace(package: package, options)
      let path = place.folder + "/" + name
      if options.noBuild {
        if FileManager.default.isExecutableFile(atPath: path) { return realPath(path) }
      } else if try build(name, package, place) {
        return realPath(path)
      }
    }
    if let path = programOnPath(name, environment: environment) { return path }
    throw Failure(unknown(name))
  }

  private func file(_ name: String) throws -> String {
    let path = name.hasPrefix("/") ? name : FileManager.default.currentDirectoryPath + "/" + name
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure("\(name) is not there")
    }
    guard !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: path) else {
      throw Failure("\(name) is not an executable file")
    }
    return (path as NSString).standardizingPath
  }

  /// The nearest folder, from this one upwards, with a package.
  private func packageFolder() -> String? {
    if let given = options.packagePath { return realPath(given) }
    var folder = realPath(FileManager.default.currentDirectoryPath)
    while true {
      if FileManager.default.fileExists(atPath: folder + "/Package.swift") { return folder }
      if folder == "/" || folder.isEmpty { return nil }
      folder = (folder as NSString).deletingLastPathComponent
    }
  }

  /// Builds a product, with the progress on standard error: standard output is the job's.
  ///
  /// - Returns: Whether the package has such a product.
  private func build(_ name: String, _ package: String, _ place: BuildPlace) throws -> Bool {
    guard let swift = programOnPath("swift", environment: environment) else {
      throw Failure("swift is not on the PATH, and is needed to build \(name); --no-build takes what was built last")
    }
    var arguments = ["build", "--package-path", package, "--scratch-path", place.scratch]
    arguments += ["-c", place.configuration, "--product", name]
    if options.staticSwiftStdlib { arguments.append("--static-swift-stdlib") }
    let output = NSTemporaryDirectory() + "/mpi-run-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: output) }
    let isWatched = isatty(2) == 1
    let log = open(output, O_RDWR | O_CREAT, 0o600)
    defer { close(log) }
    let process = try ChildProcess(
      swift, arguments, environment: environment, descriptors: [nil, isWatched ? 2 : log, log], ownGroup: false)
    var end = process.end
    while end == nil { end = process.wait(seconds: 60) }
    guard end != .exited(status: 0) else { return true }
    let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    if text.contains("no product named") || text.contains("no executable product named") { return false }
    FileHandle.standardError.write(Data(text.utf8))
    throw Failure("\(name) was not built")
  }

  private func unknown(_ name: String) -> String {
    guard let package = packageFolder() else {
      return "there is no program \(name) on the PATH, and no package in this folder; ./\(name) is a file here"
    }
    let products = executables(of: package)
    let known = products.isEmpty ? "" : "; the package has \(products.joined(separator: ", "))"
    return "there is no product or program named \(name)\(known)"
  }

  private func executables(of package: String) -> [String] {
    guard let swift = programOnPath("swift", environment: environment),
      let text = Launcher.output(of: swift, ["package", "--package-path", package, "dump-package"], environment),
      let start = text.firstIndex(of: "{"),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(text[start...].utf8))
    else { return [] }
    return manifest.targets.filter { $0.type == "executable" }.map(\.name).sorted()
  }

  private struct Manifest: Decodable {
    struct Target: Decodable {
      let name: String
      let type: String
    }
    let targets: [Target]
  }
}

/// A path without links in it.
func realPath(_ path: String) -> String {
  guard let resolved = realpath(path, nil) else { return path }
  defer { free(resolved) }
  return String(cString: resolved)
}
