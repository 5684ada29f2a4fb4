internal import CMPI

/// A message that is sent part by part as the parts become ready (MPI 5.0, chapter 4).
///
/// ```swift
/// var sending = try world.makePartitionedSend(field.mutableSpan, partitions: 8, to: right)
/// for _ in 0..<steps {
///   try sending.start()
///   for partition in 0..<8 { try sending.send(partition) { compute(&$0) } }
///   try sending.wait()
/// }
/// ```
///
/// The memory belongs to it until its end. A part is filled through ``send(_:filledBy:)`` and then on its way. At its end of
/// life the parts that were not sent are sent as they are, because the receiver waits for all of them.
public struct PartitionedSend<Element: Datatype>: ~Copyable, ~Escapable {
  private var request: CMPI_Request
  private let place: RequestPlace
  private var values: MutableSpan<Element>
  /// Which parts of this round were sent; `nil` between rounds.
  private var isSent: [Bool]?

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
    if let isSent {
      for partition in 0..<partitions where !isSent[partition] { _ = cmpi_pready(CInt(partition), request) }
      _ = cmpi_complete_forgotten(request)
    }
    cmpi_request_release(request)
  }

  /// Starts a round (`MPI_Start`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/argument`` while another round is not complete.
  @_lifetime(self: copy self)
  public mutating func start() throws(MPIError) {
    guard isSent == nil else { throw place.mistake("MPI_Start", "a round is on its way already") }
    var copy = request
    let code = cmpi_start(&copy)
    if code != 0 { throw place.failure(code, "MPI_Start") }
    isSent = [Bool](repeating: false, count: partitions)
  }

  /// Fills a part and sends it (`MPI_Pready`). Local; does not wait.
  ///
  /// - Parameters:
  ///   - partition: Which part, each once in a round, in any order.
  ///   - fill: Gets the part's memory.
  @_lifetime(self: copy self)
  public mutating func send(
    _ partition: Int, filledBy fill: (inout MutableSpan<Element>) -> Void = { _ in }
  ) throws(MPIError) {
    guard let sent = isSent, sent.indices.contains(partition), !sent[partition] else {
      throw place.mistake("MPI_Pready", "part \(partition) of \(partitions) cannot be sent now")
    }
    let length = values.count / partitions
    var rest = MutableSpan(_unsafeElements: values.pointers)
    _ = rest.takeFirst(partition * length)
    var part = rest.takeFirst(length)
    fill(&part)
    let code = cmpi_pready(CInt(partition), request)
    if code != 0 { throw place.failure(code, "MPI_Pready") }
    isSent![partition] = true
  }

  /// Waits until all parts of the round are sent (`MPI_Wait`). Local.
  ///
  /// - Throws: ``MPIError`` of class ``MPIError/argument`` when parts are missing, for which it would wait for ever.
  @_lifetime(self: copy self)
  public mutating func wait() throws(MPIError) {
    guard let sent = isSent, sent.allSatisfy({ $0 }) else {
      throw place.mistake("MPI_Wait", isSent == nil ? "no round was started" : "not all parts were sent")
    }
    var code: CInt = 0
    _ = cmpi_waited(request, &code)
    if code != 0 { throw place.failure(code, "MPI_Wait") }
    isSent = nil
  }
}

extension RequestPlace {
  /// A call that makes no sense now.
  func mistake(_ procedure: StaticString, _ message: String) -> MPIError {
    MPIError(MPIError.argument, procedure, place: self, message: message)
  }
}
