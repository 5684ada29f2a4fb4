internal import CMPI

// The memory of a group is one piece: statuses, requests, codes and marks, one behind the other. Each of them is at least as
// strictly aligned as the next one.
extension RequestGroup {
  /// The statuses of those that are complete.
  var statuses: UnsafeMutablePointer<CMPI_Status> {
    let bytes = capacity * MemoryLayout<CMPI_Status>.stride
    return (UnsafeMutableRawPointer(handles) - bytes).assumingMemoryBound(to: CMPI_Status.self)
  }

  /// Room for a code of each request.
  var codes: UnsafeMutablePointer<CInt> {
    UnsafeMutableRawPointer(handles + capacity).assumingMemoryBound(to: CInt.self)
  }

  /// The statuses of all, which are complete.
  ///
  /// Only reads, so that a caller who does not want them pays nothing for them.
  @usableFromInline @inline(never) @_effects(readonly)
  func allStatuses() -> [Status] {
    UnsafeRawPointer(statuses).withMemoryRebound(to: Status.self, capacity: count) { statuses in
      Array(UnsafeBufferPointer(start: statuses, count: count))
    }
  }

  /// Moves to memory with more room.
  @usableFromInline @inline(never) @_lifetime(self: copy self)
  mutating func makeRoom(_ wanted: Int) {
    let each =
      MemoryLayout<CMPI_Status>.stride + MemoryLayout<CMPI_Request>.stride + MemoryLayout<CInt>.stride
      + MemoryLayout<RequestMarks>.stride
    var bytes = each * wanted
    guard let memory = cmpi_room_take(&bytes) else { preconditionFailure("no memory for \(wanted) requests") }
    let room = bytes / each
    let newStatuses = memory.bindMemory(to: CMPI_Status.self, capacity: room)
    let newHandles = UnsafeMutableRawPointer(newStatuses + room).bindMemory(to: CMPI_Request.self, capacity: room)
    let newCodes = UnsafeMutableRawPointer(newHandles + room).bindMemory(to: CInt.self, capacity: room)
    let newMarks = UnsafeMutableRawPointer(newCodes + room).bindMemory(to: RequestMarks.self, capacity: room)
    if capacity > 0 {
      newStatuses.moveInitialize(from: statuses, count: count)
      newHandles.moveInitialize(from: handles, count: count)
      newMarks.moveInitialize(from: marks, count: count)
      cmpi_room_give(statuses)
    }
    (handles, marks, capacity) = (newHandles, newMarks, room)
  }
}
