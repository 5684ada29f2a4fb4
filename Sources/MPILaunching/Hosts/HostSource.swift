internal import Foundation

/// Where the hosts of a job come from.
package enum HostSource: Sendable, Equatable {
  /// This host alone.
  case thisHost
  /// A list or a file, reached by ssh.
  case named([HostSlots])
  /// An allocation of Slurm, which starts the launcher's daemons itself.
  case slurm(SlurmAllocation)

  /// The hosts that the user names; else those of the allocation or the pods that this process is part of.
  ///
  /// An operator of Kubernetes writes a host file and names it in the launcher's own variables; Open MPI 5 does not know
  /// those of Open MPI 4, and would run the job on the first pod alone.
  ///
  /// - Parameters:
  ///   - list: Hosts as in `node1:4,node2:4`.
  ///   - file: A host file.
  ///   - environment: Where the variables of Slurm and of the launchers are looked for.
  /// - Throws: ``HostListError``.
  package init(list: String?, file: String?, environment: [String: String]) throws(HostListError) {
    if let list {
      self = .named(try [HostSlots](parsing: list))
    } else if let file {
      self = .named(try Self.read(file))
    } else if let allocation = try SlurmAllocation(environment: environment) {
      self = .slurm(allocation)
    } else if let file = Self.fileOfLaunchers(environment) {
      self = .named(try Self.read(file))
    } else {
      self = .thisHost
    }
  }

  private static func fileOfLaunchers(_ environment: [String: String]) -> String? {
    let names = ["PRTE_MCA_prte_default_hostfile", "OMPI_MCA_orte_default_hostfile", "HYDRA_HOST_FILE"]
    let named = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    if let named { return named }
    let isJob = environment["K_MPI_JOB_ROLE"] != nil
    return isJob && FileManager.default.fileExists(atPath: "/etc/mpi/hostfile") ? "/etc/mpi/hostfile" : nil
  }

  private static func read(_ file: String) throws(HostListError) -> [HostSlots] {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw HostListError("The host file \(file) cannot be read.")
    }
    return try [HostSlots](hostFile: text, file: file)
  }

  /// The hosts; none for this host alone.
  package var hosts: [HostSlots] {
    switch self {
    case .thisHost: []
    case .named(let hosts): hosts
    case .slurm(let allocation): allocation.hosts
    }
  }

  /// Whether they are reached by ssh.
  package var usesSSH: Bool {
    if case .named = self { true } else { false }
  }
}
