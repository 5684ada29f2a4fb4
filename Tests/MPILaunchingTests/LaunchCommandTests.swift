import MPILaunching
import Testing

@Suite struct LaunchCommandTests {
  private let four = Launcher(.openMPI, path: "/usr/bin/mpirun", version: "4.1.4")
  private let five = Launcher(.openMPI, path: "/opt/mpi/bin/mpirun", version: "5.0.11")
  private let hydra = Launcher(.mpich, path: "/usr/bin/mpiexec.mpich", version: "4.0.2")

  private func twoHosts() -> LaunchRequest {
    var request = LaunchRequest(ranks: 4, program: "/home/me/heat", arguments: ["--size", "a b"])
    request.hosts = [HostSlots("a", slots: 2), HostSlots("b", slots: 2)]
    request.network = .common(IPv4Network("10.0.0.0/24")!, interfaces: ["eth0"])
    request.sshArguments = SSHArguments.patient(["-F", "conf"], connectLimit: 10)
    request.variables = [("OMP_NUM_THREADS", nil), ("MODE", "fast one")]
    return request
  }

  @Test func onOneHost() {
    var request = LaunchRequest(ranks: 2, program: "./p", arguments: ["-n", "7"])
    #expect(LaunchCommand(request, launcher: hydra).arguments == ["-n", "2", "./p", "-n", "7"])
    #expect(
      LaunchCommand(request, launcher: four).arguments
        == ["-n", "2", "--mca", "pml", "ob1", "--mca", "btl", "^openib,ofi,usnic", "./p", "-n", "7"])
    request.hasFabric = true
    #expect(LaunchCommand(request, launcher: four).arguments == ["-n", "2", "./p", "-n", "7"])
    request.isRoot = true
    request.isOversubscribed = true
    #expect(
      LaunchCommand(request, launcher: four).arguments
        == [
          "-n", "2", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1",
        ]
        + ["./p", "-n", "7"])
    #expect(
      LaunchCommand(request, launcher: five).arguments.prefix(5) == [
        "-n", "2", "--allow-run-as-root", "--map-by", ":oversubscribe",
      ])
  }

  @Test func acrossHostsWithOpenMPI4() {
    let command = LaunchCommand(twoHosts(), launcher: four)
    #expect(
      command.arguments == [
        "-n", "4", "--host", "a:2,b:2", "--mca", "pml", "ob1", "--mca", "btl", "^openib,ofi,usnic",
        "--mca", "btl_tcp_if_include", "10.0.0.0/24", "--mca", "oob_tcp_if_include", "10.0.0.0/24",
        "--mca", "oob_tcp_keepalive_time", "2", "--mca", "oob_tcp_keepalive_intvl", "1",
        "--mca", "oob_tcp_keepalive_probes", "3",
        "--mca", "plm_rsh_args", "-F conf -o BatchMode=yes -o ConnectTimeout=10",
        "-x", "OMP_NUM_THREADS", "-x", "MODE=fast one", "/home/me/heat", "--size", "a b",
      ])
    #expect(command.environment.isEmpty)
    #expect(command.shellText.hasSuffix("-x 'MODE=fast one' /home/me/heat --size 'a b'"))
  }

  @Test func acrossHostsWithOpenMPI5() {
    let arguments = LaunchCommand(twoHosts(), launcher: five).arguments
    // The names of Open MPI 4 do nothing there.
    #expect(!arguments.contains("oob_tcp_if_include") && !arguments.contains("plm_rsh_args"))
    for (name, value) in [
      ("prte_if_include", "10.0.0.0/24"), ("oob_tcp_keepalive_time", "2"),
      ("plm_ssh_args", "-F conf -o BatchMode=yes -o ConnectTimeout=10"),
    ] {
      let index = arguments.firstIndex(of: name) ?? 0
      #expect(arguments[max(index - 1, 0)] == "--prtemca" && arguments[index + 1] == value, "\(name)")
    }
    #expect(arguments.contains("btl_tcp_if_include"))
    #expect(arguments.contains("slot:nooversubscribe"))
    var request = twoHosts()
    request.ranks = 5
    request.isOversubscribed = true
    #expect(LaunchCommand(request, launcher: five).arguments.contains("node:oversubscribe"))
    #expect(LaunchCommand(request, launcher: four).arguments.contains("--oversubscribe"))
  }

  @Test func acrossHostsWithMPICH() {
    let command = LaunchCommand(twoHosts(), launcher: hydra)
    #expect(
      command.arguments == [
        "-n", "4", "-hosts", "a:2,b:2", "-iface", "eth0", "-genv", "MODE", "fast one", "/home/me/heat", "--size", "a b",
      ])
    #expect(
      command.shellText.hasPrefix(
        "UCX_NET_DEVICES=eth0 FI_TCP_IFACE=eth0 "
          + "HYDRA_LAUNCHER_EXTRA_ARGS='-F conf -o BatchMode=yes -o ConnectTimeout=10' /usr/bin/mpiexec.mpich -n 4"))
  }

  @Test func whatTheUserSetsIsLeftAlone() {
    var request = twoHosts()
    request.environment = ["OMPI_MCA_btl_tcp_if_include": "eth7", "OMPI_MCA_pml": "cm", "UCX_NET_DEVICES": "mlx5_0:1"]
    request.launcherArguments = ["--mca", "oob_tcp_keepalive_time", "60"]
    let arguments = LaunchCommand(request, launcher: four).arguments
    #expect(!arguments.contains("btl_tcp_if_include") && !arguments.contains("pml"))
    #expect(arguments.count { $0 == "oob_tcp_keepalive_time" } == 1)
    #expect(arguments.contains("60") && arguments.contains("oob_tcp_if_include"))
    #expect(!LaunchCommand(request, launcher: hydra).environment.contains { $0.name == "UCX_NET_DEVICES" })
  }

  @Test func underSlurmNoSSHIsSetUp() {
    var request = twoHosts()
    request.isScheduled = true
    request.timeLimit = 60
    #expect(!LaunchCommand(request, launcher: four).arguments.contains("plm_rsh_args"))
    #expect(LaunchCommand(request, launcher: four).arguments.contains("--report-state-on-timeout"))
    let command = LaunchCommand(request, launcher: hydra)
    #expect(!command.environment.contains { $0.name == "HYDRA_LAUNCHER_EXTRA_ARGS" })
    #expect(command.environment.contains { $0.name == "MPIEXEC_TIMEOUT" && $0.value == "60" })
  }

  @Test func outputIsTaggedOrWrittenToFiles() {
    var request = LaunchRequest(ranks: 2, program: "p")
    request.tagsOutput = true
    #expect(LaunchCommand(request, launcher: four).arguments.contains("--tag-output"))
    #expect(LaunchCommand(request, launcher: hydra).arguments.contains("-prepend-rank"))
    request.logFolder = "/tmp/my logs"
    let arguments = LaunchCommand(request, launcher: hydra).arguments
    #expect(arguments.suffix(2) == ["/tmp/my logs", "p"])
    #expect(arguments.contains("/bin/sh"))
  }

  @Test(arguments: [
    ("", "''"), ("a", "a"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("$HOME", "'$HOME'"), ("a;b", "'a;b'"),
  ])
  func wordsAreQuoted(text: String, quoted: String) { #expect(shellQuoted(text) == quoted) }

  @Test func launchersAreKnownByWhatTheySay() {
    let four = "mpirun (Open MPI) 4.1.4\n\nReport bugs to http://www.open-mpi.org/community/help/\n"
    #expect(Launcher.identity(ofVersionText: four) == (.openMPI, "4.1.4"))
    let hydra =
      "HYDRA build details:\n    Version:                                 4.0.2\n    Release Date: Thu Apr 7\n"
    #expect(Launcher.identity(ofVersionText: hydra) == (.mpich, "4.0.2"))
    #expect(Launcher.identity(ofVersionText: "srun 22.05") == (.other, ""))
    #expect(five.majorVersion == 5 && hydra.isEmpty == false)
  }

  @Test func librariesAreRead() {
    let listing = """
      \tlinux-vdso.so.1 (0x00007ffd)
      \tlibmpi.so.40 => /usr/lib/x86_64-linux-gnu/libmpi.so.40 (0x00007f70)
      \tlibswiftCore.so => not found
      \t/lib64/ld-linux-x86-64.so.2 (0x00007f71)
      """
    let libraries = LinkedLibraries(listing: listing)
    #expect(libraries.mpi?.family == .openMPI)
    #expect(libraries.mpi?.library.path == "/usr/lib/x86_64-linux-gnu/libmpi.so.40")
    #expect(libraries.missing == ["libswiftCore.so"])
    #expect(LinkedLibraries(listing: "\tlibmpich.so.12 => /usr/lib/libmpich.so.12 (0x0)").mpi?.family == .mpich)
    #expect(LinkedLibraries(listing: "\tlibmpi_abi.so.0 => /x/libmpi_abi.so.0 (0x0)").mpi?.family == .other)
    #expect(LinkedLibraries(listing: "\tnot a dynamic executable").mpi == nil)
  }

  @Test func variablesOfLibrariesGoToAllHosts() {
    let environment = [
      "OMP_NUM_THREADS": "4", "HOME": "/root", "SWIFT_MPI_CHECK": "1", "SWIFT_MPI_LAUNCHER": "x", "A": "b",
    ]
    #expect(variablesForAllHosts(environment) == ["OMP_NUM_THREADS", "SWIFT_MPI_CHECK"])
  }

  @Test func optionsOfSSHAreCollected() {
    let environment = [
      "OMPI_MCA_plm_rsh_args": "-o ConnectionAttempts=10", "PRTE_MCA_plm_ssh_args": "-o ConnectionAttempts=10",
    ]
    #expect(SSHArguments.ofUser("-p 2222", environment: environment) == ["-p", "2222", "-o", "ConnectionAttempts=10"])
  }
}
