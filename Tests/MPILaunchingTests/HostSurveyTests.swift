import Foundation
import MPILaunching
import Testing

@Suite struct HostSurveyTests {
  @Test func thisHostTellsWhatItIs() throws {
    var survey = HostSurvey(hosts: ["localhost"])
    survey.program = "/bin/sh"
    survey.environment = ProcessInfo.processInfo.environment
    let hosts = survey.run()
    let facts = try #require(hosts.first?.facts, "\(hosts)")
    #expect(hosts.count == 1 && hosts[0].isLocal)
    #expect(facts.cores >= 1 && !facts.host.isEmpty && !facts.system.isEmpty)
    guard case .found(let checksum) = facts.program else {
      Issue.record("/bin/sh is \(facts.program)")
      return
    }
    #expect(checksum.count == 64)
    #expect(facts.missingLibraries.isEmpty && facts.outdatedLibraries.isEmpty)
    #expect(Findings(hosts, program: "/bin/sh", connectLimit: 1).failures.isEmpty)
  }

  @Test func aProgramThatIsNotThereIsMissed() throws {
    var survey = HostSurvey(hosts: ["localhost"])
    survey.program = "/no/such program, it's true"
    survey.launcher = "/no/mpirun"
    survey.environment = ProcessInfo.processInfo.environment
    let facts = try #require(survey.run().first?.facts)
    #expect(facts.program == .missing)
    if case .missing = facts.launcher {} else { Issue.record("the launcher is \(facts.launcher)") }
    survey.program = "/tmp"
    #expect(survey.run().first?.facts?.program == .unusable)
  }

  @Test func aHostThatDoesNotAnswerDelaysNothing() throws {
    // An address for documentation (RFC 5737), which nobody has.
    var survey = HostSurvey(hosts: ["localhost", "192.0.2.77"])
    survey.environment = ProcessInfo.processInfo.environment
    survey.connectLimit = 1
    survey.factsLimit = 3
    survey.reachLimit = 1
    let start = monotonicSeconds()
    let hosts = survey.run()
    #expect(monotonicSeconds() - start < 8)
    #expect(hosts.first { $0.name == "192.0.2.77" }?.failure != nil)
    #expect(hosts.first { $0.isLocal }?.facts != nil)
  }
}
