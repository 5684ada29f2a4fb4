internal import Foundation

/// Where a package is built, and how.
///
/// `swift run -c release --scratch-path S mpi-run …` has built mpi-run itself with a configuration and in a folder, which
/// are then those of the product as well: nothing is built twice, and the user says it once.
struct BuildPlace {
  let scratch: String
  let configuration: String

  init(package: String, _ options: BuildOptions) {
    let own = Self.ofThisProgram(package: package)
    configuration = options.configuration?.rawValue ?? own?.configuration ?? "release"
    let shared = own?.scratch ?? package + "/.build"
    // A runtime that is linked in changes how everything is compiled: in one folder, each build would undo the other.
    scratch = options.scratchPath.map(realPathOfFolder) ?? (options.staticSwiftStdlib ? shared + "/static" : shared)
  }

  /// The folder of the products.
  var folder: String { scratch + "/" + configuration }

  /// Where this program was built, if that was for this package.
  private static func ofThisProgram(package: String) -> (scratch: String, configuration: String)? {
    #if os(Linux)
      let program = realPath("/proc/self/exe")
    #else
      let program = realPath(Bundle.main.executablePath ?? CommandLine.arguments[0])
    #endif
    // …/.build/x86_64-unknown-linux-gnu/release/mpi-run
    let folder = (program as NSString).deletingLastPathComponent
    let configuration = (folder as NSString).lastPathComponent
    guard ["debug", "release"].contains(configuration) else { return nil }
    let scratch = ((folder as NSString).deletingLastPathComponent as NSString).deletingLastPathComponent
    guard FileManager.default.fileExists(atPath: scratch + "/workspace-state.json") else { return nil }
    // The record of a build names the manifest of its package.
    let record = try? Data(contentsOf: URL(fileURLWithPath: "\(scratch)/\(configuration).yaml"), options: .alwaysMapped)
    guard record?.range(of: Data("\"\(package)/Package.swift\"".utf8)) != nil else { return nil }
    return (scratch, configuration)
  }
}

private func realPathOfFolder(_ path: String) -> String {
  try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  return realPath(path)
}
