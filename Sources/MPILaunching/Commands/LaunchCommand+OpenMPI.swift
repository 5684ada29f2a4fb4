extension LaunchCommand {
  /// The command of Open MPI 4 (ORTE) or 5 (PRRTE).
  ///
  /// Beside what the request asks for:
  /// - `pml ob1` and no search for InfiniBand where there is none: the start takes 0.12 s instead of 0.32 s;
  /// - on one host, no binding to cores when there are more ranks than cores, and ranks that give up the core while they
  ///   wait;
  /// - across hosts, one network for data and one for the launcher, so that none waits on a network that others do not
  ///   reach; and keep-alive probes every second, so that a host that dies is noticed after 5 s instead of 8 minutes.
  ///
  /// A parameter that the user has set in the environment, or names in the options of the launcher, is left alone.
  static func openMPI(_ request: LaunchRequest, _ launcher: Launcher) -> LaunchCommand {
    let isFive = launcher.majorVersion >= 5
    var command = LaunchCommand(path: launcher.path)
    func set(_ name: String, _ value: String, runtime: Bool = false) {
      let ofRuntime = isFive && runtime
      let variable = (ofRuntime ? "PRTE_MCA_" : "OMPI_MCA_") + name
      guard request.environment[variable] == nil, !request.launcherArguments.contains(name) else { return }
      command.arguments += [ofRuntime ? "--prtemca" : "--mca", name, value]
    }

    command.arguments += ["-n", "\(request.ranks)"]
    if !request.hosts.isEmpty { command.arguments += ["--host", request.hosts.text] }
    if request.isRoot { command.arguments.append("--allow-run-as-root") }
    if isFive {
      // Open MPI 5 puts all ranks on the first host where more ranks than slots may run and nothing else is said.
      let exceeds = request.ranks > request.hosts.totalSlots ?? 0
      let mapping =
        request.hosts.isEmpty
        ? (request.isOversubscribed ? ":oversubscribe" : nil)
        : (exceeds ? "node:oversubscribe" : "slot:nooversubscribe")
      if let mapping, !request.launcherArguments.contains("--map-by") { command.arguments += ["--map-by", mapping] }
    } else if request.isOversubscribed {
      command.arguments.append("--oversubscribe")
    }
    if request.isOversubscribed {
      command.arguments += ["--bind-to", "none"]
      set("mpi_yield_when_idle", "1")
    }
    if !request.hasFabric {
      set("pml", "ob1")
      set("btl", "^openib,ofi,usnic")
    }
    if !request.hosts.isEmpty {
      let networks = request.network.networks.map(\.description).joined(separator: ",")
      if !networks.isEmpty {
        set("btl_tcp_if_include", networks)
        set(isFive ? "prte_if_include" : "oob_tcp_if_include", networks, runtime: true)
      }
      set("oob_tcp_keepalive_time", "2", runtime: true)
      set("oob_tcp_keepalive_intvl", "1", runtime: true)
      set("oob_tcp_keepalive_probes", "3", runtime: true)
      if !request.isScheduled {
        let arguments = request.sshArguments.joined(separator: " ")
        if !request.launcherArguments.contains(where: { $0 == "plm_rsh_args" || $0 == "plm_ssh_args" }) {
          command.arguments +=
            isFive ? ["--prtemca", "plm_ssh_args", arguments] : ["--mca", "plm_rsh_args", arguments]
        }
      }
      for variable in request.variables { command.arguments += ["-x", text(of: variable)] }
    } else {
      for case (let name, let value?) in request.variables { command.arguments += ["-x", "\(name)=\(value)"] }
    }
    if let limit = request.timeLimit { command.arguments += ["--timeout", "\(limit)", "--report-state-on-timeout"] }
    if request.tagsOutput { command.arguments += isFive ? ["--output", "tag"] : ["--tag-output"] }
    command.arguments += request.launcherArguments + request.command
    return command
  }

  private static func text(of variable: (name: String, value: String?)) -> String {
    variable.value.map { "\(variable.name)=\($0)" } ?? variable.name
  }
}
