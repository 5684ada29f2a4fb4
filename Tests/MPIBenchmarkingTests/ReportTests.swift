import Foundation
import MPIBenchmarking
import Testing

private func row(
  _ name: String, _ door: String = "span", _ unit: FigureUnit = .microseconds(parts: 1), bytes: Int = 8,
  c: [Double] = [1e-6, 2e-6, 3e-6], swift: [Double] = [1e-6, 2e-6, 3e-6], others: [String: PairedComparison] = [:],
  allocations: (c: Double, swift: Double)? = nil
) -> Row {
  Row(
    benchmark: name, door: door, unit: unit, bytes: bytes, calls: 10,
    times: PairedComparison(reference: c, candidate: swift), others: others, allocations: allocations)
}

@Test func unitsAreWhatTheirNamesSay() {
  #expect(FigureUnit.microseconds(parts: 2).value(seconds: 4e-6, bytes: 8) == 2)
  #expect(FigureUnit.megabytesPerSecond(messages: 64).value(seconds: 64e-6, bytes: 1000) == 1000)
  #expect(FigureUnit.messagesPerSecond(messages: 64).value(seconds: 64e-6, bytes: 8) == 1e6)
  #expect(FigureUnit.megabytesPerSecond(messages: 1).value(seconds: 0, bytes: 8) == 0)
}

@Test(arguments: [(0, 2, "0.00"), (1.005, 1, "1.0"), (-0.04, 1, "0.0"), (-1.26, 1, "-1.3"), (12345.6, 0, "12346")])
func decimalsHaveTheirPlaces(value: Double, places: Int, text: String) {
  #expect(decimal(value, places) == text)
}

@Test func decimalsOfWhatIsNoNumber() {
  #expect(decimal(.nan, 2) == "nan")
  #expect(decimal(.infinity, 2) == "inf")
  #expect(decimal(1e300, 3) == "1e+300")
}

@Test func tablesAreAligned() {
  var table = TextTable(titles: ["name", "µs"])
  table.add(["a", "1.5"])
  table.add(["longer", "100.25"])
  table.add(["b"])
  #expect(table.text == "name        µs\na          1.5\nlonger  100.25\nb")
}

@Test func rowsOfOneBenchmarkShareATable() {
  let text = [row("latency"), row("latency", bytes: 64), row("barrier", "", bytes: 0)].text
  #expect(text.components(separatedBy: "\n\n").count == 2)
  #expect(text.hasPrefix("latency (span), µs\nbytes"))
  #expect(text.contains("\n\nbarrier, µs\n"))
  #expect(text.contains("1.000–1.000"))
}

@Test func valuesSeparatedByCommas() throws {
  let other = PairedComparison(reference: [1e-6], candidate: [4e-6])
  let lines = [
    row("latency", others: ["mpi4py": other]), row("bandwidth", allocations: (1, 2)),
  ].csv.split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false) }
  #expect(lines.count == 3)
  let widths = Set(lines.map { $0.count })
  #expect(widths == [22])
  #expect(lines[0].last == "mpi4pyRatio")
  #expect(lines[1].last == "4.0" && lines[2].last == "")
  #expect(lines[2][16] == "1.0" && lines[2][17] == "2.0")
}

@Test func picturesAreWellFormed() throws {
  let sizes = [8, 512, 4096, 1 << 20]
  let rows =
    sizes.map { row("latency <&>", bytes: $0) }
    + sizes.map { row("bandwidth", "a", .megabytesPerSecond(messages: 64), bytes: $0) }
    + [row("barrier", "", bytes: 0), row("all-reduce", "value", c: [1e-6], swift: [9e-6])]
  for picture in [rows.svg(title: "a < b & c"), [row("barrier")].svg(title: ""), [Row]().svg(title: "nothing")] {
    let tags = picture.components(separatedBy: "<")
    #expect(picture.hasPrefix("<svg ") && picture.hasSuffix("</svg>\n"))
    #expect(!picture.contains("nan") && !picture.contains("inf"))
    // Each tag is closed where it is opened, but svg and text.
    let open = tags.dropFirst().filter { !$0.hasPrefix("/") && !$0.contains("/>") }
    #expect(open.count == tags.filter { $0.hasPrefix("/") }.count)
  }
  #expect(rows.svg(title: "x").contains("latency &lt;&amp;&gt; (span)"))
}
