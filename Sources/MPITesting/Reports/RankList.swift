/// Ranks for people: `rank 2 of 4`, `ranks 1–3 of 4`, `ranks 0, 2 of 4`, `all 4 ranks`.
func rankList(_ ranks: [Int], of size: Int? = nil) -> String {
  let sorted = ranks.sorted()
  if let size, sorted.count == size, size > 1 { return "all \(size) ranks" }
  var runs: [ClosedRange<Int>] = []
  for rank in sorted {
    if let last = runs.last, last.upperBound + 1 == rank {
      runs[runs.count - 1] = last.lowerBound...rank
    } else {
      runs.append(rank...rank)
    }
  }
  let names = runs.flatMap { run -> [String] in
    run.count > 2 ? ["\(run.lowerBound)–\(run.upperBound)"] : run.map(String.init)
  }
  let list = (sorted.count == 1 ? "rank " : "ranks ") + names.joined(separator: ", ")
  return size.map { "\(list) of \($0)" } ?? list
}

extension Sequence {
  /// The members with equal values together, in the order in which the values first occur.
  func grouped<Value: Hashable>(by value: (Element) -> Value) -> [(value: Value, members: [Element])] {
    var groups: [(value: Value, members: [Element])] = []
    var place: [Value: Int] = [:]
    for element in self {
      let key = value(element)
      if let index = place[key] {
        groups[index].members.append(element)
      } else {
        place[key] = groups.count
        groups.append((key, [element]))
      }
    }
    return groups
  }
}

extension Sequence<Int> {
  /// Numbers for people: `1, 2 or 7 ranks`.
  func asWords(_ conjunction: String) -> String {
    let numbers = map(String.init)
    guard numbers.count > 1 else { return "\(numbers.first ?? "no") rank\(numbers == ["1"] ? "" : "s")" }
    return numbers.dropLast().joined(separator: ", ") + " \(conjunction) \(numbers.last!) ranks"
  }
}
