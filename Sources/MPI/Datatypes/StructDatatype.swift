internal import CMPI
internal import Synchronization

/// A struct that travels field by field, without its padding.
///
/// ```swift
/// struct Particle: StructDatatype {
///   var position: SIMD3<Double>
///   var charge: Float
///   var isFixed: Bool
///   static let fields = Fields<Particle>(\.position, \.charge, \.isFixed)
/// }
/// ```
///
/// The MPI datatype is made once, at the first message. That the fields are all the stored properties is checked then;
/// a forgotten one is an error, not lost data.
public protocol StructDatatype: Datatype {
  /// Every stored property, once, in any order; all ranks must list them in the same order.
  static var fields: Fields<Self> { get }
}

extension StructDatatype {
  /// The datatype made from ``fields`` (`MPI_Type_create_struct`).
  public static var datatype: DatatypeHandle { get throws(MPIError) { try fields.datatype } }
}

/// The fields of a struct and the datatype made of them.
public final class Fields<Base: Sendable>: Sendable {
  struct Field: Sendable {
    var offset: Int?
    var size: Int
    var name: String
    var units: Int
    var datatype: @Sendable () throws(MPIError) -> DatatypeHandle
  }

  private let fields: [Field]
  private let made = Mutex<DatatypeHandle?>(nil)

  /// Lists the stored properties of a struct by their key paths. Local.
  public init<each Value: Datatype>(_ field: repeat KeyPath<Base, each Value>) {
    var fields: [Field] = []
    for path in repeat each field { fields.append(Self.describe(path)) }
    self.fields = fields
  }

  private static func describe<Value: Datatype>(_ path: KeyPath<Base, Value>) -> Field {
    Field(
      offset: MemoryLayout<Base>.offset(of: path), size: MemoryLayout<Value>.size, name: "\(path)",
      units: Value.unitsPerValue, datatype: { () throws(MPIError) in try Value.datatype })
  }

  var datatype: DatatypeHandle {
    get throws(MPIError) {
      let outcome = made.withLock { made -> Result<DatatypeHandle, MPIError> in
        if let made { return .success(made) }
        return Result { () throws(MPIError) in try make() }.map {
          made = $0
          return $0
        }
      }
      return try outcome.get()
    }
  }

  private func make() throws(MPIError) -> DatatypeHandle {
    let procedure: StaticString = "MPI_Type_create_struct"
    try enter(procedure)
    guard _isPOD(Base.self) else { throw notTrivial(Base.self) }
    let offsets = try checkedOffsets(procedure)
    var types: [CMPI_Datatype] = []
    var temporary: [CMPI_Datatype] = []
    defer { for type in temporary { cmpi_type_release(type) } }
    for field in fields {
      var type = try field.datatype().handle
      if field.units != 1 {
        try check(cmpi_type_contiguous(Int64(field.units), type, &type), procedure)
        temporary.append(type)
      }
      types.append(type)
    }
    var result = cmpi_type_null()
    try check(
      cmpi_type_struct(CInt(fields.count), offsets, types, Int64(MemoryLayout<Base>.stride), &result), procedure)
    cmpi_type_release_at_end(result)
    try check(cmpi_type_set_name(result, "\(Base.self)"), procedure)
    return DatatypeHandle(result)
  }

  /// The offsets, when the fields are stored properties, do not overlap, and are all there are.
  private func checkedOffsets(_ procedure: StaticString) throws(MPIError) -> [Int64] {
    var offsets: [Int64] = []
    var end: [(offset: Int, size: Int, name: String)] = []
    for field in fields {
      guard let offset = field.offset else {
        throw MPIError(MPIError.layout, procedure, nil, message: "\(field.name) of \(Base.self) is not stored")
      }
      for other in end where offset < other.offset + other.size && other.offset < offset + field.size {
        throw MPIError(
          MPIError.layout, procedure, nil, message: "\(field.name) and \(other.name) of \(Base.self) overlap")
      }
      end.append((offset, field.size, field.name))
      offsets.append(Int64(offset))
    }
    let stored = storedPropertyNames()
    guard stored.count <= fields.count else {
      throw MPIError(
        MPIError.layout, procedure, nil,
        message: "\(Base.self) stores \(stored.joined(separator: ", ")), but \(fields.count) fields are listed")
    }
    return offsets
  }

  /// The stored properties that hold something, by reflection on a value of zeros that is only looked at from outside.
  private func storedPropertyNames() -> [String] {
    withUnsafeTemporaryAllocation(of: Base.self, capacity: 1) { memory in
      UnsafeMutableRawBufferPointer(memory).initializeMemory(as: UInt8.self, repeating: 0)
      let mirror = Mirror(reflecting: memory[0])
      guard mirror.displayStyle == .struct, !(Base.self is any CustomReflectable.Type) else { return [] }
      return mirror.children.compactMap { child in
        Mirror(reflecting: child.value).displayStyle == .tuple
          && Mirror(reflecting: child.value).children.isEmpty ? nil : child.label ?? "?"
      }
    }
  }
}
