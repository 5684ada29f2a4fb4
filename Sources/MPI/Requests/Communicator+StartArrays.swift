// Collectives that are started in place on an array, which is bound as the span of the twin is. The storage is this array's
// alone from the start on, and stays where it is: the array is not touched.

extension Communicator {
  /// Starts to collect the ranks' values in the root's array; as ``startGather(inPlace:to:)-(MutableSpan<Element>,_)``.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startGather<Element: Datatype>(
    inPlace buffer: inout [Element], to root: Rank
  ) throws(MPIError) -> Request {
    var span = buffer.storage.writing
    return bound(unbound(try startGather(inPlace: &span, to: root)), mutating: &buffer)
  }

  /// Starts to divide the root's array; as ``startScatter(inPlace:from:)-(MutableSpan<Element>,_)``.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startScatter<Element: Datatype>(
    inPlace buffer: inout [Element], from root: Rank
  ) throws(MPIError) -> Request {
    var span = buffer.storage.writing
    return bound(unbound(try startScatter(inPlace: &span, from: root)), mutating: &buffer)
  }

  /// Starts to complete an array in which each rank's own values lie; as
  /// ``startAllGather(inPlace:)-(MutableSpan<Element>)``.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startAllGather<Element: Datatype>(inPlace buffer: inout [Element]) throws(MPIError) -> Request {
    var span = buffer.storage.writing
    return bound(unbound(try startAllGather(inPlace: &span)), mutating: &buffer)
  }

  /// Starts to replace what every rank gives by what it gets; as ``startAllToAll(inPlace:)-(MutableSpan<Element>)``.
  @inlinable @inline(__always) @_lifetime(&buffer)
  public final func startAllToAll<Element: Datatype>(inPlace buffer: inout [Element]) throws(MPIError) -> Request {
    var span = buffer.storage.writing
    return bound(unbound(try startAllToAll(inPlace: &span)), mutating: &buffer)
  }

  /// Starts to combine arrays element by element in the root's; as
  /// ``startReduce(inPlace:_:to:)-(MutableSpan<Element>,_,_)``.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startReduce<Element: Datatype>(
    inPlace values: inout [Element], _ reduction: Reduction<Element>, to root: Rank
  ) throws(MPIError) -> Request {
    let buffer = values.storage
    let given = rank == root ? nil : UnsafeBufferPointer(buffer)
    return bound(try startReduce(given, into: buffer, reduction, root), mutating: &values)
  }

  /// Starts to combine arrays of the ranks up to this one, in place; as
  /// ``startScan(_:_:)-(MutableSpan<Element>,_)``.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startScan<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    bound(try startScan(nil, into: values.storage, reduction), mutating: &values)
  }

  /// Starts to combine arrays of the ranks before this one, in place; as
  /// ``startExclusiveScan(_:_:)-(MutableSpan<Element>,_)``.
  @inlinable @inline(__always) @_lifetime(&values)
  public final func startExclusiveScan<Element: Datatype>(
    _ values: inout [Element], _ reduction: Reduction<Element>
  ) throws(MPIError) -> Request {
    bound(try startExclusiveScan(nil, into: values.storage, reduction), mutating: &values)
  }

  /// Starts to receive values into the places that a layout picks in an array; as
  /// ``startReceive(into:as:count:from:tag:)-(MutableSpan<Element>,_,_,_,_)``.
  @_lifetime(&buffer)
  public final func startReceive<Element: Datatype>(
    into buffer: inout [Element], as layout: Layout<Element>, count: Int = 1, from source: some SourceSelector,
    tag: some TagSelector = 0
  ) throws(MPIError) -> Request {
    let wire = try layout.wire(count, in: buffer.count, "MPI_Irecv", self, isReceiving: true)
    return bound(try startReceive(wire, into: buffer.storage.raw, source, tag), mutating: &buffer)
  }
}

extension Array where Element: Datatype {
  /// The array's own storage, for as long as the array is not touched.
  @inlinable @inline(__always)
  var storage: UnsafeMutableBufferPointer<Element> {
    mutating get { withUnsafeMutableBufferPointer { $0 } }
  }
}
