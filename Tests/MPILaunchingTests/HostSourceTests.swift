import Foundation
import MPILaunching
import Testing

@Suite struct HostSourceTests {
  @Test func slurmsListsAreWrittenOut() throws {
    #expect(try SlurmAllocation.names("lh[1-3]") == ["lh1", "lh2", "lh3"])
    #expect(try SlurmAllocation.names("gpu[08-10,12],login") == ["gpu08", "gpu09", "gpu10", "gpu12", "login"])
    #expect(try SlurmAllocation.names("r[1-2]n[1-2]x") == ["r1n1x", "r1n2x", "r2n1x", "r2n2x"])
    #expect(try SlurmAllocation.counts("2(x3),1,16(x2)") == [2, 2, 2, 1, 16, 16])
    for bad in ["a[1-", "a[3-1]", "a[x]", "a[1--2]"] {
      #expect(throws: HostListError.self) { try SlurmAllocation.names(bad) }
    }
    for bad in ["x", "2(x0)", "0", "-1"] {
      #expect(throws: HostListError.self) { try SlurmAllocation.counts(bad) }
    }
  }

  @Test func anAllocationOfSlurmIsUsed() throws {
    let environment = ["SLURM_JOB_NODELIST": "n[1-2],m", "SLURM_TASKS_PER_NODE": "4(x2),1"]
    let source = try HostSource(list: nil, file: nil, environment: environment)
    #expect(source.hosts == [HostSlots("n1", slots: 4), HostSlots("n2", slots: 4), HostSlots("m", slots: 1)])
    #expect(!source.usesSSH)
    // What the user names wins.
    #expect(try HostSource(list: "a:1", file: nil, environment: environment).usesSSH)
    #expect(throws: HostListError.self) {
      try SlurmAllocation(environment: ["SLURM_JOB_NODELIST": "n[1-2]", "SLURM_TASKS_PER_NODE": "4(x3)"])
    }
    #expect(try SlurmAllocation(environment: [:]) == nil)
  }

  @Test(arguments: ["OMPI_MCA_orte_default_hostfile", "PRTE_MCA_prte_default_hostfile", "HYDRA_HOST_FILE"])
  func theHostFileOfAnOperatorIsUsed(variable: String) throws {
    let file = NSTemporaryDirectory() + "/hosts-\(UUID().uuidString)"
    try "heat-worker-0.heat.default.svc slots=2\nheat-worker-1.heat.default.svc slots=2\n"
      .write(toFile: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: file) }
    let source = try HostSource(list: nil, file: nil, environment: [variable: file])
    #expect(source.hosts.totalSlots == 4)
    #expect(source.hosts.first?.name == "heat-worker-0.heat.default.svc")
    #expect(source.usesSSH)
  }

  @Test func withoutAnythingItIsThisHost() throws {
    #expect(try HostSource(list: nil, file: nil, environment: [:]) == .thisHost)
    #expect(throws: HostListError.self) { try HostSource(list: nil, file: "/does/not/exist", environment: [:]) }
  }
}
