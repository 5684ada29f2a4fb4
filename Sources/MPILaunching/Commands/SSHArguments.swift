/// Options of ssh for the launchers and for what mpi-run asks the hosts.
package enum SSHArguments {
  /// The variable with options that the user always wants.
  package static let variable = "SWIFT_MPI_SSH_ARGUMENTS"

  /// What the user gives, here and in the variables of the launchers.
  package static func ofUser(_ text: String?, environment: [String: String]) -> [String] {
    let variables = [variable, "OMPI_MCA_plm_rsh_args", "PRTE_MCA_plm_ssh_args", "HYDRA_LAUNCHER_EXTRA_ARGS"]
    let texts = [text] + variables.map { environment[$0] }
    var result: [[String]] = []
    for words in texts.compactMap({ $0?.split(separator: " ").map(String.init) }) where !result.contains(words) {
      result.append(words)
    }
    return result.flatMap { $0 }
  }

  /// The same, with what keeps ssh from asking and from waiting; ssh takes the first of two options of one name.
  package static func patient(_ user: [String], connectLimit: Int) -> [String] {
    user + ["-o", "BatchMode=yes", "-o", "ConnectTimeout=\(connectLimit)"]
  }
}
