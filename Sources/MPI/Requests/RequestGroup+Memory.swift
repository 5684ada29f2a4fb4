public import CMPI

/// The requests of a group, and room for more: one piece of memory with requests, places, statuses, codes and marks, one
/// behind the other. Each of them is as strictly aligned as the first.
@frozen @usableFromInline
struct RequestRoom {
  /// The first request, where the next one goes, and where there is no more room for one.
  @usableFromInline let start: UnsafeMutablePointer<CMPI_Request>
  @usableFromInline var next: UnsafeMutablePointer<CMPI_Request>
  @usableFromInline let limit: UnsafeMutablePointer<CMPI_Request>
  /// What leads from the address of a request to where it is kept where it comes from.
  @usableFromInline let placeOffset: Int

  /// Room for none, whose addresses are never used.
  @inlinable @inline(__always)
  init() {
    start = UnsafeMutablePointer(bitPattern: MemoryLayout<CMPI_Request>.alignment).unsafelyUnwrapped
    (next, limit, placeOffset) = (start, start, 0)
  }

  /// Takes over what is in another room, which has less.
  @usableFromInline @inline(never)
  init(_ wanted: Int, with old: RequestRoom) {
    let each =
      MemoryLayout<CMPI_Status>.stride + MemoryLayout<CMPI_Request>.stride + MemoryLayout<UInt64>.stride
      + MemoryLayout<CInt>.stride + MemoryLayout<RequestMarks>.stride
    precondition(wanted > 0 && wanted <= Int(CInt.max), "room for \(wanted) requests was asked for")
    guard let memory = cmpi_room_take(wanted, each) else { preconditionFailure("no memory for \(wanted) requests") }
    start = memory.assumingMemoryBound(to: CMPI_Request.self)
    next = start + old.count
    limit = start + cmpi_room_capacity(memory)
    placeOffset = Int(bitPattern: limit) &- Self.scale &* Int(bitPattern: start)
    if _slowPath(old.capacity > 0) { takeOver(old) }
  }

  private func takeOver(_ old: RequestRoom) {
    let count = old.count
    start.update(from: old.start, count: count)
    places.update(from: old.places, count: count)
    statuses.update(from: old.statuses, count: count)
    marks.update(from: old.marks, count: count)
    cmpi_room_give(old.start)
  }

  /// How many requests there are, and how many there is room for.
  @inlinable @inline(__always)
  var count: Int { Self.distance(start, next) }
  @inlinable @inline(__always)
  var capacity: Int { Self.distance(start, limit) }

  /// A pointer that is not before another one, less that: unsigned, for which a shift is enough.
  @inlinable @inline(__always)
  static func distance(_ a: UnsafeMutablePointer<CMPI_Request>, _ b: UnsafeMutablePointer<CMPI_Request>) -> Int {
    Int(bitPattern: (UInt(bitPattern: b) &- UInt(bitPattern: a)) / UInt(MemoryLayout<CMPI_Request>.stride))
  }

  /// How many times as large as a request it is where one comes from: MPICH's are an `int`.
  @inlinable @inline(__always)
  static var scale: Int { MemoryLayout<UInt64>.stride / MemoryLayout<CMPI_Request>.stride }

  /// Where it is kept where a request comes from.
  @inlinable @inline(__always)
  func placeSlot(of slot: UnsafeMutablePointer<CMPI_Request>) -> UnsafeMutablePointer<UInt64> {
    UnsafeMutablePointer(bitPattern: Self.scale &* Int(bitPattern: slot) &+ placeOffset).unsafelyUnwrapped
  }

  /// Where they come from.
  var places: UnsafeMutablePointer<UInt64> { UnsafeMutableRawPointer(limit).assumingMemoryBound(to: UInt64.self) }

  /// The statuses of those that are complete.
  var statuses: UnsafeMutablePointer<CMPI_Status> {
    UnsafeMutableRawPointer(places + capacity).assumingMemoryBound(to: CMPI_Status.self)
  }

  /// Room for a code of each request.
  var codes: UnsafeMutablePointer<CInt> {
    UnsafeMutableRawPointer(statuses + capacity).assumingMemoryBound(to: CInt.self)
  }

  /// Room for what is known of each.
  var marks: UnsafeMutablePointer<RequestMarks> {
    UnsafeMutableRawPointer(codes + capacity).assumingMemoryBound(to: RequestMarks.self)
  }
}

extension RequestGroup {
  /// The statuses of all, which are complete.
  ///
  /// Only reads, so that a caller who does not want them pays nothing for them.
  @usableFromInline @inline(never) @_effects(readonly)
  func allStatuses() -> [Status] {
    UnsafeRawPointer(room.statuses).withMemoryRebound(to: Status.self, capacity: count) { statuses in
      Array(UnsafeBufferPointer(start: statuses, count: count))
    }
  }
}
