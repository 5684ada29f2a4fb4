internal import MPI

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// How much memory a process could still get, for errors that come before the system ends the process.
enum AvailableMemory {
  /// Parts below this size are made without asking.
  static let unquestioned = 64 << 20

  /// Bytes that this machine, or the container that the process is in, has left; `nil` where nobody tells.
  static func bytes() -> Int? {
    let machine = field("MemAvailable:", in: "/proc/meminfo").map { $0 << 10 } ?? physical()
    guard let limit = number(in: "/sys/fs/cgroup/memory.max"), let used = number(in: "/sys/fs/cgroup/memory.current")
    else { return machine }
    // What files occupy is given back when it is needed.
    let files = field("inactive_file", in: "/sys/fs/cgroup/memory.stat") ?? 0
    return min(machine ?? .max, max(limit - used + files, 0))
  }

  /// How many ranks of this job share the machine, as the launcher says; 1 where it does not.
  static let ranksHere: Int = {
    for name in ["OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS", "PMI_LOCAL_SIZE", "SLURM_NTASKS_PER_NODE"] {
      if let text = getenv(name), let number = Int(String(cString: text)), number > 0 { return number }
    }
    return 1
  }()

  private static func physical() -> Int? {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    return pages > 0 && size > 0 ? pages * size : nil
  }

  private static func number(in path: String) -> Int? { text(of: path).flatMap { Int($0.prefix { $0 != "\n" }) } }

  private static func field(_ name: String, in path: String) -> Int? {
    guard let line = text(of: path)?.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
    return line.dropFirst(name.count).split(separator: " ").first.flatMap { Int($0) }
  }

  /// The first few thousand bytes of a file of the system.
  private static func text(of path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 8192)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }
}

extension Communicator {
  /// Throws on all ranks unless every one has the memory for its part of an array.
  ///
  /// Collective where the largest part is not small: one `MPI_Allreduce`.
  ///
  /// - Parameters:
  ///   - count: How many elements this rank needs room for.
  ///   - largest: The most that any rank needs, which all know.
  ///   - elementSize: The size of an element, in bytes.
  func requireMemory(for count: Int, largest: Int, elementSize: Int) throws(MPIError) {
    let (largestSize, isUncountable) = largest.multipliedReportingOverflow(by: elementSize)
    if !isUncountable && largestSize < AvailableMemory.unquestioned { return }
    try agree {
      let (size, overflows) = count.multipliedReportingOverflow(by: elementSize)
      let sharing = min(AvailableMemory.ranksHere, self.size)
      let available = AvailableMemory.bytes() ?? .max
      if overflows || size > available / sharing {
        throw DistributedArrayError(
          .memory,
          "\(count) elements of \(elementSize) bytes do not fit on rank \(rank): "
            + "\((available >> 20).description) MiB are free for \(sharing == 1 ? "it" : "the \(sharing) ranks here"). "
            + "Use more hosts, or a smaller array.")
      }
    }
  }

  /// Throws on all ranks unless there are enough for a distribution.
  func requirePlaces(for distribution: Distribution) throws(MPIError) {
    if distribution.placeCount <= size { return }
    try failTogether(
      .invalidGrid,
      "The distribution needs \(distribution.placeCount) ranks, for a grid of "
        + "\(ProcessGrid.text(distribution.gridExtents)); there are \(size). Start more or distribute over fewer.")
  }
}
