internal import CMPI

/// The little of a rank's activity that tells whether it lives and moves.
package struct RankPulse: Sendable, Equatable {
  /// How many calls of MPI it has entered.
  package let calls: UInt64
  /// Whether it is in a call, or was when it ended.
  package let isInCall: Bool
  /// Whether it is past the agreement on a collective, which in checked mode will then end, however long it takes.
  package let isPastAgreement: Bool
  /// Whether it has crashed, called `exit`, or is gone.
  package let isDead: Bool

  init(_ record: CMPI_RankRecord) {
    calls = record.beat
    isInCall = record.beat > 0 && record.phase != CInt(CMPI_PHASE_OUTSIDE.rawValue)
    isPastAgreement =
      isInCall && record.phase == CInt(CMPI_PHASE_INSIDE.rawValue)
      && cmpi_is_collective(record.call)
      && record.call.communicator != UInt64(CMPI_COMMUNICATOR_UNKNOWN)
    isDead = record.processID != 0 && (record.crashSignal != 0 || record.hasExited || !record.isAlive)
  }
}
