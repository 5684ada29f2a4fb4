internal import CMPI

/// A message that is received part by part, as its sender's parts become ready (MPI 5.0, chapter 4).
///
/// The parts need not be those of the sender: only the number of values must be the same. The memory belongs to the receive
/// until its end; a part that has arrived is read through ``withPartition(_:_:)``.
public struct PartitionedReceive<Element: Datatype>: ~Copyable, ~Escapable {
  private var request: CMPI_Request
  private let place: RequestPlace
  private var values: MutableSpan<Element>
  private var isActive = false

  /// How many parts the message has.
  public let partitions: Int

  @_lifetime(copy values)
  init(_ request: CMPI_Request, _ place: RequestPlace, _ values: consuming MutableSpan<Element>, _ partitions: Int) {
    self.request = request
    self.place = place
    self.values = values
    self.partitions = partitions
  }

  deinit {
    if isActive { _ = cmpi_complete_forgotten(request) }
    cmpi_request_release(request)
  }

  /// Starts a round (`MPI_Start`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/argument`` while another round is not complete.
  @_lifetime(self: copy self)
  public mutating func start() throws(MPIError) {
    guard !isActive else { throw place.mistake("MPI_Start", "a round is on its way already") }
    var copy = request
    let code = cmpi_start(&copy)
    if code != 0 { throw place.failure(code, "MPI_Start") }
    isActive = true
  }

  /// Whether a part of this round is here (`MPI_Parrived`); all are between rounds. Local.
  public func hasArrived(_ partition: Int) throws(MPIError) -> Bool {
    guard partition >= 0, partition < partitions else {
      throw place.mistake("MPI_Parrived", "part \(partition) of \(partitions) was asked for")
    }
    guard isActive else { return true }
    var flag: CInt = 0
    let code = cmpi_parrived(request, CInt(partition), &flag)
    if code != 0 { throw place.failure(code, "MPI_Parrived") }
    return flag != 0
  }

  /// Lends a part that is here.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/argument`` for one that is not.
  public func withPartition<Result>(
    _ partition: Int, _ body: (Span<Element>) -> Result
  ) throws(MPIError) -> Result {
    guard try hasArrived(partition) else {
      throw place.mistake("MPI_Parrived", "part \(partition) of \(partitions) is not here yet")
    }
    let length = values.count / partitions
    return body(values.span.extracting(partition * length..<(partition + 1) * length))
  }

  /// Waits until all parts of the round are here (`MPI_Wait`). Local.
  @_lifetime(self: copy self)
  public mutating func wait() throws(MPIError) {
    guard isActive else { throw place.mistake("MPI_Wait", "no round was started") }
    var code: CInt = 0
    _ = cmpi_waited(request, &code)
    if code != 0 { throw place.failure(code, "MPI_Wait") }
    isActive = false
  }
}
