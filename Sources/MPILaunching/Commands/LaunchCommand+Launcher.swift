extension LaunchCommand {
  /// The command that starts a job with a launcher.
  package init(_ request: LaunchRequest, launcher: Launcher) {
    switch launcher.family {
    case .openMPI: self = .openMPI(request, launcher)
    case .mpich: self = .mpich(request, launcher)
    case .other:
      // What all launchers of the standard know (MPI 5.0, §11.5): mpiexec -n.
      self.init(
        path: launcher.path, arguments: ["-n", "\(request.ranks)"] + request.launcherArguments + request.command)
    }
  }
}
