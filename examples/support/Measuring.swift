public import MPI

#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Glibc)
  internal import Glibc
#endif

extension Communicator {
  /// Runs work on all ranks at the same time, and measures it.
  ///
  /// Collective: a barrier before each run, and the slowest rank counts (`MPI_Barrier`, `MPI_Allreduce`).
  ///
  /// - Parameters:
  ///   - repetitions: How often to run the work, at least once.
  ///   - work: What to measure.
  /// - Returns: What the last run returned, and the median of the seconds.
  public func measured<Result>(
    repetitions: Int = 1, _ work: () throws -> Result
  ) throws -> (result: Result, seconds: Double) {
    var times: [Double] = []
    while true {
      try barrier()
      let start = try MPIEnvironment.wallTime
      let result = try work()
      times.append(try allReduce(try MPIEnvironment.wallTime - start, .maximum))
      if times.count >= repetitions { return (result, median(times)) }
    }
  }

  /// The most memory that any rank has used so far, in bytes.
  ///
  /// Collective (`MPI_Allreduce`). Counts what MPI itself uses, and what is shared with other ranks.
  public func peakMemory() throws -> Int {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, which has another type on each system
    #if canImport(Darwin)
      let unit = 1
    #else
      let unit = 1024
    #endif
    return try allReduce(Int(usage.ru_maxrss) * unit, .maximum)
  }

  /// Throws on all ranks, with one message, if the ranks of some machine would need more memory than it has.
  ///
  /// Collective.
  ///
  /// - Parameter bytes: What this rank is going to allocate.
  public func requireMemory(_ bytes: Int) throws {
    let total = try splitByNode().allReduce(Double(bytes), .sum)
    let installed = Double(sysconf(CInt(_SC_PHYS_PAGES))) * Double(sysconf(CInt(_SC_PAGESIZE)))
    try agree {
      if total > installed {
        throw ExampleError(
          "The ranks on \(try processorName()) need \(gigabytes(total)) of memory together, and there are "
            + "\(gigabytes(installed)). Use more hosts or a smaller array.")
      }
    }
  }
}

/// A failure that an example program finds, in a full sentence.
public struct ExampleError: Error, CustomStringConvertible {
  /// What was wrong and what to do about it.
  public let description: String

  /// A failure in the words given.
  public init(_ description: String) { self.description = description }
}

/// A number of bytes for people, in gigabytes of 10⁹ bytes.
public func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e6).rounded(.up) / 1e3) GB" }

private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
}
