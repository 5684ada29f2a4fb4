/// What a host has said about itself.
package struct HostFacts: Equatable, Sendable {
  /// The name that it gives itself.
  package var host = ""
  /// Its system and processor, such as `Linux x86_64`.
  package var system = ""
  /// How many cores a job may use.
  package var cores = 0
  /// Memory that is free, in bytes.
  package var memory: Int?
  /// Room in the folders for temporary files and for shared memory, in bytes.
  package var room: [String: Int] = [:]
  /// Folders that nothing can be written to.
  package var unwritable: [String] = []
  /// How many files a process may open; `nil` for any number.
  package var openFiles: Int?
  /// How much memory a process may lock, in bytes; `nil` for any.
  package var lockedMemory: Int?
  /// What its processor can do, by the names of the kernel.
  package var features: Set<String> = []
  /// Devices of a fabric that is better than Ethernet.
  package var fabric: [String] = []
  /// Its networks.
  package var interfaces: [NetworkInterface] = []
  /// The launcher there.
  package var launcher = LauncherState.notAsked
  /// The program there.
  package var program = ProgramState.notAsked
  /// Libraries that the program does not find.
  package var missingLibraries: [String] = []
  /// Complaints about libraries that are too old for the program.
  package var outdatedLibraries: [String] = []
  /// The MPI library that the program loads there.
  package var library: String?
  /// The port that it listens at; `nil` if it cannot listen.
  package var port: Int?

  /// The launcher on a host.
  package enum LauncherState: Equatable, Sendable {
    case notAsked
    case missing(instead: String?)
    case found(MPIFamily, version: String)
  }

  /// The program on a host.
  package enum ProgramState: Equatable, Sendable {
    case notAsked, missing, unusable
    case found(checksum: String)
  }

  package init() {}

  /// Reads the lines of the probe.
  package init(lines: [String]) {
    var routes: [String] = []
    var addresses: [String] = []
    for line in lines {
      let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2 else { continue }
      let text = parts[1]
      switch parts[0] {
      case "host": host = text
      case "system": system = text
      case "cores": cores = Int(text) ?? 0
      case "memory": memory = Int(text).map { $0 * 1024 }
      case "room":
        let words = text.split(separator: " ", maxSplits: 1).map(String.init)
        if words.count == 2 { room[words[1]] = Int(words[0]).map { $0 * 1024 } }
      case "unwritable": unwritable.append(text)
      case "files": openFiles = Int(text)
      case "locked": lockedMemory = Int(text).map { $0 * 1024 }
      case "features": features = Set(text.split(separator: " ").map(String.init))
      case "fabric": fabric.append(text)
      case "route": routes.append(text)
      case "address": addresses.append(text)
      case "launcher":
        if text == "missing" {
          launcher = .missing(instead: nil)
        } else {
          let (family, version) = Launcher.identity(ofVersionText: text.replacingVersionEnd())
          launcher = .found(family, version: version)
        }
      case "elsewhere": launcher = .missing(instead: text)
      case "program": program = text == "missing" ? .missing : .unusable
      case "checksum": program = .found(checksum: text)
      case "absent": missingLibraries.append(text)
      case "outdated": outdatedLibraries.append(text)
      case "library": library = library ?? text.split(separator: " ").last.map(String.init)
      case "port": port = Int(text)
      default: break
      }
    }
    interfaces = NetworkInterface.list(routes: routes, addresses: addresses)
  }
}

extension String {
  /// The text of `--version`, which has come on one line, with its first words on lines of their own again.
  fileprivate func replacingVersionEnd() -> String {
    let words = split(separator: " ").map(String.init)
    // "mpirun (Open MPI) 4.1.4 Report bugs to …", "HYDRA build details: Version: 4.0.2 Release Date: …"
    var lines: [String] = []
    if let index = words.firstIndex(of: "MPI)") ?? words.firstIndex(of: "(OpenRTE)"), index + 1 < words.count {
      lines.append(words[...(index + 1)].joined(separator: " "))
    }
    if words.first == "HYDRA" {
      lines.append("HYDRA")
      if let index = words.firstIndex(of: "Version:"), index + 1 < words.count {
        lines.append("Version: " + words[index + 1])
      }
    }
    return lines.isEmpty ? self : lines.joined(separator: "\n")
  }
}
