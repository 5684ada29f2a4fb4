internal import Foundation
internal import MPI

/// Lends all ranks one folder, which is removed when they are done with it. Collective.
public func withSharedFolder(_ body: (_ path: String) throws -> Void) throws {
  let name = "swift-mpi-\(UInt64.random(in: .min ... .max))"
  let mine = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
  let path = try world.broadcast(object: world.isRoot ? mine : nil, from: 0)
  try world.agree {
    if world.isRoot { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  }
  defer {
    try? world.barrier()
    if world.isRoot { try? FileManager.default.removeItem(atPath: path) }
  }
  try body(path)
}
