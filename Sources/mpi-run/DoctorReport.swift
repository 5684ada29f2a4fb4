internal import Foundation
internal import MPILaunching

/// What the doctor says.
struct DoctorReport {
  let hosts: [SurveyedHost]
  let findings: Findings
  let program: String?
  let launcher: Launcher?
  let seconds: Double

  /// A table of the hosts, then a line for each problem.
  var text: String {
    var rows = [["host", "state", "cores", "memory", "network", "MPI"]]
    rows += hosts.map { host in
      let own = findings.all.filter { $0.host == host.name }
      let state =
        own.contains { $0.severity == .failure }
        ? "FAILED" : own.contains { $0.severity == .warning } ? "warning" : "ok"
      let facts = host.facts
      return [
        host.name, state, facts.map { "\($0.cores)" } ?? "-",
        facts?.memory.map { "\(($0 >> 20) / 1024) GiB" } ?? "-", network(of: host), mpi(of: host),
      ]
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = rows.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
        .replacingOccurrences(of: " +$", with: "", options: .regularExpression)
    }
    for finding in findings.all where finding.severity != .ok {
      lines.append((finding.severity == .failure ? "FAILED  " : "warning ") + finding.line)
    }
    let failed = Set(findings.failures.map(\.host)).count
    let verdict = failed == 0 ? "a job can run" : "a job cannot run: \(failed) of \(hosts.count) hosts failed"
    lines.append("\(verdict) (\(hosts.count) asked in \((seconds * 10).rounded() / 10) s)")
    return lines.joined(separator: "\n")
  }

  private func network(of host: SurveyedHost) -> String {
    guard let facts = host.facts else { return "-" }
    let chosen = facts.interfaces.filter { findings.network.networks.contains($0.network) }
    let shown = chosen.isEmpty ? facts.interfaces : chosen
    return shown.first.map { "\($0.name) \($0.address)/\($0.network.prefix)" } ?? "-"
  }

  private func mpi(of host: SurveyedHost) -> String {
    if case .found(let family, let version)? = host.facts?.launcher { "\(family.rawValue) \(version)" } else { "-" }
  }

  /// The same as one JSON object.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let object = Object(
      ok: findings.failures.isEmpty, seconds: (seconds * 1000).rounded() / 1000, program: program,
      launcher: launcher.map { "\($0.family.rawValue) \($0.version)" },
      network: findings.network.networks.map(\.description),
      hosts: hosts.map { host in
        Object.Host(
          name: host.name, reached: host.facts != nil, cores: host.facts?.cores, memoryBytes: host.facts?.memory,
          system: host.facts?.system, mpi: mpi(of: host), clockOffsetSeconds: host.clockOffset,
          addresses: (host.facts?.interfaces ?? []).map { "\($0.address)/\($0.network.prefix)" })
      },
      findings: findings.all)
    return String(decoding: try encoder.encode(object), as: UTF8.self)
  }

  private struct Object: Encodable {
    struct Host: Encodable {
      let name: String
      let reached: Bool
      let cores: Int?
      let memoryBytes: Int?
      let system: String?
      let mpi: String
      let clockOffsetSeconds: Double?
      let addresses: [String]
    }
    let ok: Bool
    let seconds: Double
    let program: String?
    let launcher: String?
    let network: [String]
    let hosts: [Host]
    let findings: [Finding]
  }
}
