internal import CMPI

/// Many requests that one task waits for: until all of them are complete, or until one is.
///
/// The engine tests them in one call, apart from those of other tasks: what is left when the task goes on is again its own.
final class PendingGroup: PendingOperation, @unchecked Sendable {
  /// The requests; null once they are complete.
  private(set) var handles: [CMPI_Request]
  /// What came of those that are complete: the number, a code, and the status.
  private(set) var outcomes: [(index: Int, code: CInt, status: CMPI_Status)] = []

  private let places: [RequestPlace]
  private let needsAll: Bool
  private var pendingCount: Int
  private var statuses: [CMPI_Status]
  private var indices: [CInt]
  private var codes: [CInt]

  /// - Parameters:
  ///   - handles: The requests; null for those that are complete already, of which nothing is said.
  ///   - places: Which of them are receives.
  ///   - needsAll: Whether all must be complete, or one.
  init(_ handles: [CMPI_Request], _ places: [RequestPlace], needsAll: Bool) {
    self.handles = handles
    self.places = places
    self.needsAll = needsAll
    pendingCount = handles.count { !cmpi_request_is_null($0) }
    statuses = [CMPI_Status](repeating: CMPI_Status(), count: handles.count)
    indices = [CInt](repeating: 0, count: handles.count)
    codes = indices
    super.init()
  }

  override var isOneRequest: Bool { false }

  override func test() -> Bool {
    guard pendingCount > 0 else { return true }
    var done: CInt = 0
    code = cmpi_testsome(CInt(handles.count), &handles, &done, &indices, &statuses, &codes)
    guard code == 0 else { return true }
    for position in 0..<Int(max(done, 0)) {
      let index = Int(indices[position])
      // Also where it is a persistent one, which MPI does not set to null.
      handles[index] = cmpi_request_null()
      outcomes.append((index, codes[position], statuses[position]))
      pendingCount -= 1
    }
    return pendingCount == 0 || (done > 0 && !needsAll)
  }

  /// Asks MPI to call off the receives, which are complete then; what else there is goes on to its end.
  override func callOff() -> Bool {
    var receives = zip(handles, places).map { handle, place in place.isReceive ? handle : cmpi_request_null() }
    return Self.callOff(receives.count, &receives)
  }
}
