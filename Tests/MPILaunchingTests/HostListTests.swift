import MPILaunching
import Testing

@Suite struct HostListTests {
  @Test func aListHasNamesAndSlots() throws {
    let hosts = try [HostSlots](parsing: "a:4, b.example.org:2,c,10.0.0.7:1")
    #expect(
      hosts == [
        HostSlots("a", slots: 4), HostSlots("b.example.org", slots: 2), HostSlots("c"), HostSlots("10.0.0.7", slots: 1),
      ])
    #expect(hosts.totalSlots == nil)
    #expect(hosts.text == "a:4,b.example.org:2,c,10.0.0.7:1")
  }

  @Test func aHostThatIsNamedAgainAddsSlots() throws {
    #expect(try [HostSlots](parsing: "a:4,b:1,a:2") == [HostSlots("a", slots: 6), HostSlots("b", slots: 1)])
    #expect(try [HostSlots](parsing: "a,a,a") == [HostSlots("a", slots: 3)])
    #expect(try [HostSlots](parsing: "a:4,b:1,a:2").totalSlots == 7)
  }

  @Test(
    arguments: [
      ("", "a name is missing"), ("a,,b", "a name is missing"), ("a:0", "cannot have \"0\" slots"),
      ("a:-1", "cannot have \"-1\" slots"), ("a:x", "cannot have \"x\" slots"), ("a:", "cannot have \"\" slots"),
      ("a:1:2", "is no host"), ("fe80::1", "is no host"), ("me@a:2", "~/.ssh/config"), ("-oProxyCommand=x", "no name"),
      ("a b", "no name"), (":4", "no name"), ("a;reboot", "no name"), ("a:99999999999999999999", "cannot have"),
      ("a:9223372036854775807,a:1", "too many slots"),
    ])
  func aMistakeInAListIsNamed(list: String, message: String) throws {
    let error = try #require(throws: HostListError.self) { try [HostSlots](parsing: list) }
    #expect(error.description.contains(message), "\(error)")
  }

  @Test func aHostFileIsReadInBothForms() throws {
    let text = """
      # the front end
      node1 slots=4   # four of its cores
      node2:8

      node3\tslots=2 max_slots=16\r
      node4 max-slots=3
      node5
      """
    #expect(
      try [HostSlots](hostFile: text, file: "hosts") == [
        HostSlots("node1", slots: 4), HostSlots("node2", slots: 8), HostSlots("node3", slots: 2),
        HostSlots("node4", slots: 3), HostSlots("node5"),
      ])
  }

  @Test func aSchedulersFileNamesAHostForEachSlot() throws {
    #expect(
      try [HostSlots](hostFile: "n1\nn1\nn2\nn1\n", file: "nodes") == [HostSlots("n1", slots: 3), HostSlots("n2")])
  }

  @Test(
    arguments: [
      ("node1\nnode2 slots=0\n", "hosts, line 2: node2 cannot have \"0\" slots"),
      ("node1 slots\n", "hosts, line 1: \"slots\" is not understood"),
      ("node1 cores=2\n", "hosts, line 1: \"cores=2\" is not understood"), ("# nothing\n\n", "hosts names no host"),
      ("", "hosts names no host"), ("\n\nnode1:x", "hosts, line 3:"),
    ])
  func aMistakeInAHostFileIsNamedWithItsLine(text: String, message: String) throws {
    let error = try #require(throws: HostListError.self) { try [HostSlots](hostFile: text, file: "hosts") }
    #expect(error.description.contains(message), "\(error)")
  }
}
