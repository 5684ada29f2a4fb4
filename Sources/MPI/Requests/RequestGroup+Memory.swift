public import CMPI

// The memory of a group is one piece: statuses, requests, places, codes and marks, one behind the other. Each of them is at
// least as strictly aligned as the next one.
extension RequestGroup {
  /// How many requests there is room for.
  @inlinable @inline(__always)
  var capacity: Int { roomBytes / MemoryLayout<CMPI_Request>.stride }

  /// The requests, null once they are complete.
  @inlinable @inline(__always)
  var handles: UnsafeMutablePointer<CMPI_Request> { limit - capacity }

  /// The statuses of those that are complete.
  var statuses: UnsafeMutablePointer<CMPI_Status> {
    let bytes = capacity * MemoryLayout<CMPI_Status>.stride
    return (UnsafeMutableRawPointer(handles) - bytes).assumingMemoryBound(to: CMPI_Status.self)
  }

  /// Where it is kept where a request comes from: where a request is as large as that, so many bytes behind it.
  @inlinable @inline(__always)
  func placeSlot(of slot: UnsafeMutablePointer<CMPI_Request>) -> UnsafeMutablePointer<UInt64> {
    let scale = MemoryLayout<UInt64>.stride / MemoryLayout<CMPI_Request>.stride
    let raw =
      scale == 1
      ? UnsafeMutableRawPointer(slot) + roomBytes
      : UnsafeMutableRawPointer(limit) + scale &* (UnsafeRawPointer(slot) - UnsafeRawPointer(limit) &+ roomBytes)
    return raw.assumingMemoryBound(to: UInt64.self)
  }

  /// Where they come from.
  var places: UnsafeMutablePointer<UInt64> { UnsafeMutableRawPointer(limit).assumingMemoryBound(to: UInt64.self) }

  /// Room for a code of each request.
  var codes: UnsafeMutablePointer<CInt> {
    UnsafeMutableRawPointer(places + capacity).assumingMemoryBound(to: CInt.self)
  }

  /// What is known of each, as far as there is room.
  var marks: UnsafeMutablePointer<RequestMarks> {
    UnsafeMutableRawPointer(codes + capacity).assumingMemoryBound(to: RequestMarks.self)
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
      MemoryLayout<CMPI_Status>.stride + MemoryLayout<CMPI_Request>.stride + MemoryLayout<UInt64>.stride
      + MemoryLayout<CInt>.stride + MemoryLayout<RequestMarks>.stride
    var bytes = each * wanted
    guard let memory = cmpi_room_take(&bytes) else { preconditionFailure("no memory for \(wanted) requests") }
    let room = bytes / each
    let newStatuses = memory.bindMemory(to: CMPI_Status.self, capacity: room)
    let newHandles = UnsafeMutableRawPointer(newStatuses + room).bindMemory(to: CMPI_Request.self, capacity: room)
    let newLimit = newHandles + room
    let newPlaces = UnsafeMutableRawPointer(newLimit).bindMemory(to: UInt64.self, capacity: room)
    let newCodes = UnsafeMutableRawPointer(newPlaces + room).bindMemory(to: CInt.self, capacity: room)
    let newMarks = UnsafeMutableRawPointer(newCodes + room).bindMemory(to: RequestMarks.self, capacity: room)
    newMarks.initialize(repeating: [], count: room)
    let count = count
    if capacity > 0 {
      newStatuses.moveInitialize(from: statuses, count: count)
      newHandles.moveInitialize(from: handles, count: count)
      newPlaces.moveInitialize(from: places, count: count)
      newMarks.update(from: marks, count: count)
      cmpi_room_give(statuses)
    }
    (next, limit, roomBytes) = (newHandles + count, newLimit, room * MemoryLayout<CMPI_Request>.stride)
  }
}
