/// The encoder of one value, which writes to the output of the value around it.
///
/// Only the innermost value writes, at the end of the output, as long as its `encode(to:)` runs. Nested containers and
/// super encoders can be written to in any order instead, so these get an output of their own, which the encoder of
/// the value that asked for them puts in its place when that value is complete.
final class BinaryEncoder: Encoder, BinaryCodingNode {
  /// What all encoders of a message share.
  final class Session {
    /// The first failure in a function that cannot throw; the message is not sent then.
    var firstError: EncodingError?
  }

  /// What the value has turned out to be.
  enum Shape {
    case undecided, single, keyed, unkeyed
  }

  let session: Session
  let output: BinaryOutput
  let parent: BinaryEncoder?
  let step: BinaryCodingStep
  let depth: Int

  /// The number that allows this encoder to write when it is the output's `writer`.
  let number: Int

  /// What was asked for first.
  private(set) var shape = Shape.undecided

  /// The number of elements or entries of the container.
  private(set) var count = 0

  /// Where the container's header is.
  private var header = 0

  /// The state of the output before the container.
  private var start = (headers: 0, growth: 0)

  /// The encoders with outputs of their own, and where these belong.
  private var children: [(position: Int, encoder: BinaryEncoder)] = []

  var codingPath: [any CodingKey] { codingPath() }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// Creates the encoder of a whole message.
  init(root: BinaryOutput) {
    session = Session()
    output = root
    parent = nil
    step = .whole
    depth = 0
    number = root.encoders
  }

  /// Creates the encoder of a value inside another.
  init(inside parent: BinaryEncoder, step: BinaryCodingStep, output: BinaryOutput) {
    session = parent.session
    self.parent = parent
    self.step = step
    depth = parent.depth + 1
    self.output = output
    if output === parent.output { output.encoders += 1 }
    number = output.encoders
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(BinaryKeyedEncoding<Key>(encoder: decided(.keyed)))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    BinaryUnkeyedEncoding(encoder: decided(.unkeyed))
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    self
  }

  /// Makes this encoder's value a container, and returns the encoder to write it to.
  ///
  /// That is this one, unless it has another shape or is not to be written to: then the error is noted, and what is
  /// written goes nowhere.
  func decided(_ newShape: Shape) -> BinaryEncoder {
    if shape == newShape { return self }
    guard shape == .undecided, output.writer == number else {
      note("A value that is \(shape) already, or was encoded, cannot become \(newShape).", at: .whole)
      return lost(.whole, shape: newShape)
    }
    shape = newShape
    start = (output.headers.count, output.growth)
    header = output.openContainer(newShape == .keyed ? .keyed : .unkeyed)
    return self
  }

  /// Completes the value, which is an empty keyed container if nothing was encoded.
  func close() {
    if shape == .undecided { _ = decided(.keyed) }
    guard shape != .single else { return }
    let pieces = children.map { child in
      child.encoder.close()
      child.encoder.output.writer = 0
      return (position: child.position, bytes: child.encoder.output.flattened())
    }
    children = []
    output.splice(pieces, headersFrom: start.headers)
    output.closeContainer(at: header, count: count, growthBefore: start.growth)
  }

  /// Gives up the value, whose encoding has thrown.
  func abandon() {
    for child in children {
      child.encoder.output.writer = 0
      child.encoder.abandon()
    }
    children = []
  }

  /// Notes an error of a function that cannot throw.
  func note(_ reason: String, at step: BinaryCodingStep) {
    guard session.firstError == nil else { return }
    // The value is not known here; the encoder in its place would be a cycle of references.
    session.firstError = error(encoding: Any?.none as Any, reason, at: step)
  }

  /// The error of a value that cannot be encoded.
  func error(encoding value: Any, _ reason: String, at step: BinaryCodingStep) -> EncodingError {
    .invalidValue(value, EncodingError.Context(codingPath: codingPath(step), debugDescription: reason))
  }
}

extension BinaryEncoder {
  /// Writes an entry or element, or nothing if that throws.
  @inline(__always)
  func encode<Value: Encodable>(_ value: Value, at step: BinaryCodingStep) throws {
    let mark = output.mark
    try begin(step, value)
    if output.append(known: value) { return }
    do {
      try encodeNested(value, at: step)
    } catch {
      output.rewind(to: mark)
      count -= 1
      throw error
    }
  }

  /// Writes an entry or element that is nil.
  func encodeNil(at step: BinaryCodingStep) throws {
    try begin(step, Any?.none as Any)
    output.append(.null)
  }

  /// Writes what comes before an entry or element.
  @inline(__always)
  private func begin(_ step: BinaryCodingStep, _ value: @autoclosure () -> Any) throws {
    guard output.writer == number else {
      throw error(encoding: value(), "The container's value was encoded already, or is still being encoded.", at: step)
    }
    count += 1
    if case .key(let key) = step { output.append(key: key.stringValue) }
  }

  /// Writes a value that has to be asked for its encoding.
  func encodeNested<Value: Encodable>(_ value: Value, at step: BinaryCodingStep) throws {
    guard depth < BinaryFormat.maximumDepth else {
      throw error(encoding: value, "Values nest more than \(BinaryFormat.maximumDepth) deep.", at: step)
    }
    let nested = BinaryEncoder(inside: self, step: step, output: output)
    let writer = output.writer
    output.writer = nested.number
    defer { output.writer = writer }
    do {
      try value.encode(to: nested)
    } catch {
      nested.abandon()
      throw error
    }
    nested.close()
  }

  /// An encoder of an entry or element that can be written to as long as this one can.
  func child(at step: BinaryCodingStep, shape: Shape) -> BinaryEncoder {
    guard depth < BinaryFormat.maximumDepth else {
      note("Values nest more than \(BinaryFormat.maximumDepth) deep.", at: step)
      return lost(step, shape: shape)
    }
    do {
      try begin(step, self)
    } catch {
      note("The container's value was encoded already, or is still being encoded.", at: step)
      return lost(step, shape: shape)
    }
    let encoder = BinaryEncoder(inside: self, step: step, output: BinaryOutput())
    children.append((output.bytes.count, encoder))
    return shape == .undecided ? encoder : encoder.decided(shape)
  }

  /// An encoder whose output nobody reads, for use after an error.
  private func lost(_ step: BinaryCodingStep, shape: Shape) -> BinaryEncoder {
    // No deeper than this one, so that code which goes on asking does not build an endless chain.
    let encoder = BinaryEncoder(inside: parent ?? self, step: step, output: BinaryOutput())
    return shape == .undecided ? encoder : encoder.decided(shape)
  }
}

extension BinaryEncoder: SingleValueEncodingContainer {
  func encodeNil() throws {
    try decideSingle(Any?.none as Any)
    output.append(.null)
  }

  @inline(__always)
  func encode<Value: Encodable>(_ value: Value) throws {
    try decideSingle(value)
    if output.append(known: value) { return }
    let mark = output.mark
    do {
      try encodeNested(value, at: .whole)
    } catch {
      output.rewind(to: mark)
      shape = .undecided
      throw error
    }
  }

  func encode(_ value: Int128) throws {
    try decideSingle(value)
    output.append(integer: value)
  }

  func encode(_ value: UInt128) throws {
    try decideSingle(value)
    output.append(integer: value)
  }

  /// Makes this encoder's value a single one.
  @inline(__always)
  private func decideSingle(_ value: @autoclosure () -> Any) throws {
    guard shape == .undecided, output.writer == number else {
      throw error(encoding: value(), "A value that is \(shape) already, or was encoded, cannot be single.", at: .whole)
    }
    shape = .single
  }
}
