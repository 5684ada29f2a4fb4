internal import Foundation
public import MPI

/// Lends all ranks one new folder, which is removed when all are done with it.
///
/// Collective. Where one rank's closure throws, the others still wait for each other at the end; the error is thrown on
/// that rank.
///
/// - Parameters:
///   - communicator: Who shares it.
///   - body: Gets the folder's path, the same on every rank.
/// - Returns: What the closure returns, each rank its own.
/// - Throws: The closure's error; `MPIError` where the folder cannot be made, on all ranks.
public func withSharedTemporaryDirectory<Result>(
  on communicator: Communicator = .world, _ body: (_ path: String) throws -> Result
) throws -> Result {
  let mine = FileManager.default.temporaryDirectory.appendingPathComponent("swift-mpi-\(UUID().uuidString)").path
  let path = try communicator.broadcast(object: communicator.isRoot ? mine : nil, from: 0)
  try communicator.agree {
    if communicator.isRoot { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  }
  defer {
    try? communicator.barrier()
    if communicator.isRoot { try? FileManager.default.removeItem(atPath: path) }
  }
  return try body(path)
}
