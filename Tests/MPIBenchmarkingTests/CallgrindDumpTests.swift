import MPIBenchmarking
import Testing

private let text = """
  # callgrind format
  version: 1
  positions: line
  events: Ir
  summary: 100

  ob=/folder/program
  fl=???
  fn=loop
  0 10
  cob=/lib/libc.so
  cfn=malloc
  calls=3 0
  0 70
  cfn=swift_retain
  calls=2 0
  0 5

  ob=/lib/libswiftCore.so
  fn=swift_retain
  0 5

  ob=/lib/libc.so
  fn=malloc
  0 60
  cfn=malloc
  calls=9 0
  0 10

  totals: 100
  """

private func read(_ text: String) -> CallgrindDump? {
  CallgrindDump(
    text, counting: { $0 == "malloc" || $0 == "swift_retain" },
    from: { $0.hasSuffix("program") || $0.hasSuffix("libswiftCore.so") })
}

@Test func countsWhatIsOursApart() throws {
  let dump = try #require(read(text))
  #expect(dump.instructions == 100)
  // Of the program 10, of the runtime 5; not what the program calls, nor what libc calls itself.
  #expect(dump.ownInstructions == 15)
  #expect(dump.calls == ["malloc": 3, "swift_retain": 2])
}

@Test func differencesOfDumps() throws {
  let one = try #require(read(text))
  let two = try #require(read(text.replacing("calls=3", with: "calls=8").replacing("0 10\ncob", with: "0 30\ncob")))
  let difference = two - one
  #expect(difference.ownInstructions == 20)
  #expect(difference.calls == ["malloc": 5])
}

@Test func dumpsWithoutATotalAreUnfinished() {
  #expect(read("ob=/folder/program\nfn=loop\n0 10\n") == nil)
}
