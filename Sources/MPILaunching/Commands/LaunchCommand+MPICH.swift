extension LaunchCommand {
  /// The command of MPICH (Hydra).
  ///
  /// Its launcher passes the whole environment on by itself. Across hosts it is given the interface to the network that
  /// they share, for itself (`-iface`) and for both of the layers that MPICH may be built on (`UCX_NET_DEVICES`,
  /// `FI_TCP_IFACE`), and options of ssh in `HYDRA_LAUNCHER_EXTRA_ARGS`. What the user has set is left alone.
  static func mpich(_ request: LaunchRequest, _ launcher: Launcher) -> LaunchCommand {
    var command = LaunchCommand(path: launcher.path)
    func set(_ name: String, _ value: String) {
      guard request.environment[name] == nil else { return }
      command.environment.append(Variable(name: name, value: value))
    }

    command.arguments += ["-n", "\(request.ranks)"]
    if !request.hosts.isEmpty {
      command.arguments += ["-hosts", request.hosts.text]
      let interfaces = request.network.interfaces
      if !interfaces.isEmpty, !request.hasFabric { set("UCX_NET_DEVICES", interfaces.joined(separator: ",")) }
      if interfaces.count == 1 {
        if !request.hasFabric { set("FI_TCP_IFACE", interfaces[0]) }
        if !request.launcherArguments.contains("-iface") { command.arguments += ["-iface", interfaces[0]] }
      }
      if !request.isScheduled {
        let arguments = request.sshArguments.joined(separator: " ")
        command.environment.append(Variable(name: "HYDRA_LAUNCHER_EXTRA_ARGS", value: arguments))
      }
    }
    for case (let name, let value?) in request.variables { command.arguments += ["-genv", name, value] }
    if let limit = request.timeLimit { set("MPIEXEC_TIMEOUT", "\(limit)") }
    if request.tagsOutput { command.arguments.append("-prepend-rank") }
    command.arguments += request.launcherArguments + request.command
    return command
  }
}
