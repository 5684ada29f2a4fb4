public import MPI

extension NumPyFile {
  /// Writes one file from all ranks, which appears under its name only when every part of it is complete.
  ///
  /// Collective: one rank creates the file, all write to it, one gives it its name; a failure on any rank removes what
  /// was written and leaves a file by that name as it was. Broadcasts a token (`MPI_Bcast`), and agrees after each of
  /// four steps (`MPI_Allreduce`).
  ///
  /// ```swift
  /// try NumPyFile.write(to: "c.npy", kind: .float64, shape: [count], on: world) { writer in
  ///   try writer.write(mine, startingAt: first)
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - path: The name of the file, on a file system that all ranks share; a file by that name is replaced.
  ///   - kind: The type of the elements.
  ///   - shape: The length of each dimension.
  ///   - isFortranOrder: Whether the first index varies fastest in the file.
  ///   - communicator: The processes that write.
  ///   - part: Writes this rank's elements, without communicating.
  ///   - check: Looks at the file under the name it has before it is published, and may throw to prevent that; it is
  ///     called when all parts are written, and does not communicate.
  /// - Throws: `MPIError` on all ranks, agreed, with the ``NumPyError`` or the closure's error underlying.
  public static func write(
    to path: String, kind: NumPyElementKind, shape: [Int], isFortranOrder: Bool = false,
    on communicator: Communicator, part: (borrowing NumPyWriter) throws -> Void,
    check: (_ unfinishedPath: String) throws -> Void = { _ in }
  ) throws(MPIError) {
    let token = try communicator.broadcast(communicator.isRoot ? UInt64.random(in: .min ... .max) : nil, from: 0)
    let partial = NumPyPartialFile(replacing: path, token: token)
    do {
      try communicator.agree {
        if communicator.isRoot { try partial.create(kind: kind, shape: shape, isFortranOrder: isFortranOrder) }
      }
      try communicator.agree {
        let writer = try partial.open()
        try part(writer)
        try writer.close()
      }
      try communicator.agree { try check(partial.partialPath) }
      try communicator.agree { if communicator.isRoot { try partial.publish() } }
    } catch {
      if communicator.isRoot { try? partial.discard() }
      throw error
    }
  }
}
