import DistributedArrays
import Testing

@Suite struct NumPyHeaderTests {
  private func parse(text dictionary: String, version: UInt8 = 1) throws -> NumPyHeader {
    try parsed(header(dictionary, version: version))
  }

  @Test func readsTheUsualHeader() throws {
    let text = dictionary("<f8", "(3, 4)", fortran: true)
    let header = try parse(text: text)
    #expect(header.kind == .float64)
    #expect(header.descriptor == NumPyDescriptor(.float64, .littleEndian))
    #expect(header.isFortranOrder)
    #expect(header.shape == [3, 4])
    #expect(header.count == 12)
    #expect(header.byteCount == 96)
    #expect(header.dataOffset == 10 + text.utf8.count)
    #expect(header.fileSize == header.dataOffset + 96)
  }

  @Test(arguments: [1, 2, 3] as [UInt8])
  func readsEveryVersion(version: UInt8) throws {
    let header = try parse(text: dictionary("|u1", "(5,)"), version: version)
    #expect(header.majorVersion == Int(version))
    #expect(header.dataOffset == (version == 1 ? 10 : 12) + dictionary("|u1", "(5,)").utf8.count)
  }

  @Test(arguments: [
    ("()", []), ("( )", []), ("(0,)", [0]), ("(3,)", [3]), ("( 3 , )", [3]), ("(3,4)", [3, 4]), ("(3, 4, )", [3, 4]),
    ("(3L,)", [3]), ("(3L, 4L)", [3, 4]), ("(2,\n 3,\t4)", [2, 3, 4]), ("(9223372036854775807, 0)", [.max, 0]),
  ])
  func readsShapes(text: String, shape: [Int]) throws {
    let header = try parse(text: dictionary("<i2", text))
    #expect(header.shape == shape)
    #expect(header.count == shape.reduce(1) { $0 == 0 || $1 == 0 ? 0 : $1 == .max ? 0 : $0 * $1 })
  }

  @Test func readsAnyRank() throws {
    let shape = Array(repeating: 1, count: 500)
    let header = try parse(text: dictionary("<i2", "(" + shape.map(String.init).joined(separator: ",") + ")"))
    #expect(header.shape == shape)
  }

  @Test(arguments: [
    "{\"shape\": (3,), \"fortran_order\": False, \"descr\": \"<f4\"}",
    "{'fortran_order':False,'descr':'<f4','shape':(3,)}",
    "  {  'fortran_order'  :  False  ,  'descr' : u'<f4' , 'shape' : ( 3 , ) , }  \n\n  ",
  ])
  func readsAnyOrderAndSpelling(text: String) throws {
    let header = try parse(text: text)
    #expect(header.kind == .float32)
    #expect(header.shape == [3])
  }

  @Test func readsEveryDescriptor() {
    for kind in NumPyElementKind.allCases {
      for (sign, order) in [("<", .littleEndian), (">", .bigEndian)] as [(String, NumPyDescriptor.ByteOrder)] {
        #expect(NumPyDescriptor(sign + kind.code) == NumPyDescriptor(kind, order))
      }
      for sign in ["=", "|", ""] {
        #expect(NumPyDescriptor(sign + kind.code) == NumPyDescriptor(kind))
      }
      #expect(NumPyDescriptor(NumPyDescriptor(kind, .bigEndian).description) == NumPyDescriptor(kind, .bigEndian))
    }
    #expect(NumPyDescriptor(.float64, .bigEndian).description == ">f8")
    #expect(NumPyDescriptor(.int8, .bigEndian).description == "|i1")
  }

  @Test(arguments: [
    "'|O'", "'<U5'", "'|S3'", "'<f2'", "'<M8[ns]'", "''", "'<'", "'<<f8'", "'<f8 '", "[('a', '<f8'), ('b', '|O')]",
    "('<f8', (2,))", "'\\u001b[31m'",
  ])
  func refusesOtherTypes(descriptor: String) {
    do {
      _ = try parse(text: "{'descr': \(descriptor), 'fortran_order': False, 'shape': (3,), }\n")
      Issue.record("accepted \(descriptor)")
    } catch NumPyError.Code.unsupportedElement {
      return
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test(arguments: [
    "", "{", "{}", "}", "{,}", "[]", "{'descr'}", "{'descr':}", "{'descr': '<f8'}", "{'descr': '<f8', 'shape': (3,)}",
    "{'fortran_order': False, 'shape': (3,)}", "{'descr': '<f8', 'fortran_order': False}",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (3,)}",
    "{'descr': '<f8', 'fortran_order': Falsehood, 'shape': (3,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3)}", "{'descr': '<f8', 'fortran_order': False, 'shape': 3}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': [3]}", "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}", "{'descr': '<f8', 'fortran_order': False, 'shape': (3,",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3 4)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3.0,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846976, 1)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1152921504606846975, 1)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)} x",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3,)}}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), 'more': 1}",
    "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (3,)}",
    "{'descr': '<f8, 'fortran_order': False, 'shape': (3,)}", "{'descr': '<f8\\", "{'descr': [[[[",
    "{'descr': None, 'fortran_order': False, 'shape': (3,)}",
  ])
  func refusesMalformedDictionaries(text: String) {
    #expect(code { _ = try parse(text: text) } == .malformedHeader, "\(text)")
  }

  @Test func refusesOtherBeginnings() {
    #expect(code { _ = try parsed([]) } == .malformedHeader)
    #expect(code { _ = try parsed(Array("PK\u{3}\u{4} an archive".utf8)) } == .malformedHeader)
    var valid = header(dictionary("<f8", "(3,)"))
    for length in 0..<valid.count - 1 {
      #expect(code { _ = try parsed(Array(valid[..<length])) } == .malformedHeader)
    }
    valid[6] = 4
    #expect(code { _ = try parsed(valid) } == .unsupportedElement)
  }

  @Test func refusesAHeaderThatIsTooLong() {
    let long = header(dictionary("<f8", "(3,)" + String(repeating: " ", count: 1 << 20)), version: 2)
    #expect(code { _ = try parsed(long) } == .malformedHeader)
    var claim = header(dictionary("<f8", "(3,)"), version: 2)
    claim.replaceSubrange(8..<12, with: [255, 255, 255, 255])
    #expect(code { _ = try parsed(claim) } == .malformedHeader)
  }
}
