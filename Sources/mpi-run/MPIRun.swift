internal import ArgumentParser

/// Starts programs on ranks, checks the hosts that they are to run on, and copies programs there.
@main
struct MPIRun: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mpi-run",
    abstract: "Starts a program on many ranks, on this host or on many.",
    discussion: """
      mpi-run -n 4 PRODUCT ARGUMENTS…         builds a product of the package in this folder, and becomes its mpirun
      mpi-run --hosts a:4,b:4 PROGRAM …       the same across hosts, which are asked first whether the job can run
      mpi-run doctor --hosts a,b PROGRAM      what keeps the job from running there, and what mends it
      mpi-run deploy --hosts a,b PROGRAM      copies a program with its libraries to hosts

      The launcher is that of the MPI that the program is linked to: Open MPI or MPICH. Its options are chosen for the
      hosts and the network, and are shown by --show.
      """,
    version: "0.1.0",
    subcommands: [RunCommand.self, DoctorCommand.self, DeployCommand.self],
    defaultSubcommand: RunCommand.self)
}
