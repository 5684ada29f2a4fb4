public import CMPI

/// Where a message may come from: a ``Rank``, an `Int` that is one, or ``AnySource``, written `.any`.
public protocol SourceSelector: Sendable {
  /// The source as a rank, or `nil` for any.
  var source: Rank? { get }
}

/// Any rank of the communicator (`MPI_ANY_SOURCE`).
@frozen
public struct AnySource: SourceSelector {
  @inlinable
  init() {}
  /// No rank in particular.
  @inlinable
  public var source: Rank? { nil }
}

extension SourceSelector where Self == AnySource {
  /// Any rank of the communicator (`MPI_ANY_SOURCE`).
  @inlinable
  public static var any: AnySource { AnySource() }
}

extension Rank: SourceSelector {
  /// This rank.
  @inlinable
  public var source: Rank? { self }
}

extension Int: SourceSelector {
  /// The rank with this number.
  @inlinable
  public var source: Rank? { Rank(self) }
}

/// Which tags a message may have: an `Int`, or ``AnyTag``, written `.any`.
public protocol TagSelector: Sendable {
  /// The tag, or `nil` for any.
  var tag: Int? { get }
}

/// Any tag (`MPI_ANY_TAG`).
@frozen
public struct AnyTag: TagSelector {
  @inlinable
  init() {}
  /// No tag in particular.
  @inlinable
  public var tag: Int? { nil }
}

extension TagSelector where Self == AnyTag {
  /// Any tag (`MPI_ANY_TAG`).
  @inlinable
  public static var any: AnyTag { AnyTag() }
}

extension Int: TagSelector {
  /// This tag.
  @inlinable
  public var tag: Int? { self }
}

extension Communicator {
  /// What MPI calls a source.
  @inlinable @inline(__always)
  final func wireSource(_ selector: some SourceSelector, _ procedure: StaticString) throws(MPIError) -> CInt {
    guard let rank = selector.source else { return cmpi_any_source() }
    return try rank.peer(procedure, self)
  }

  /// The same where nothing has to be looked at but that the rank is in the communicator; else `nil`.
  @inlinable @inline(__always)
  final func plainSource(_ selector: some SourceSelector) -> CInt? {
    guard let rank = selector.source else { return cmpi_any_source() }
    return _fastPath(isPlain(rank)) ? rank.value : nil
  }

  /// What MPI calls a tag; the greatest of all is kept for large blocks, see CMPI's `vector_collectives.c`.
  @inlinable @inline(__always)
  final func wireTag(_ tag: Int, _ procedure: StaticString) throws(MPIError) -> CInt {
    if _slowPath(UInt(bitPattern: tag) >= UInt(Int32.max)) { throw tagError(tag, procedure) }
    return CInt(truncatingIfNeeded: tag)
  }

  @inlinable @inline(__always)
  final func wireTag(_ selector: some TagSelector, _ procedure: StaticString) throws(MPIError) -> CInt {
    guard let tag = selector.tag else { return cmpi_any_tag() }
    return try wireTag(tag, procedure)
  }

  @usableFromInline @inline(never)
  final func tagError(_ tag: Int, _ procedure: StaticString) -> MPIError {
    MPIError(MPIError.tag, procedure, self, message: "the tag \(tag) was given")
  }
}
