import DistributedArrays
import Testing

@Suite struct NumPyHeaderEncodingTests {
  @Test func writesTheBytesThatNumPyWrites() throws {
    // numpy.save("x.npy", numpy.zeros((3, 4))) of NumPy 2.
    let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }"
    let golden =
      [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(text.utf8)
      + Array(repeating: UInt8(ascii: " "), count: 117 - text.utf8.count) + [UInt8(ascii: "\n")]
    let header = try NumPyHeader(kind: .float64, shape: [3, 4])
    #expect(header.encoded == golden)
    #expect(header.dataOffset == 128)
  }

  @Test(arguments: NumPyElementKind.allCases)
  func isReadBackAsWritten(kind: NumPyElementKind) throws {
    for shape in [[], [0], [7], [3, 4], [1, 2, 3, 4, 5], [0, .max], Array(repeating: 1, count: 64)] {
      for isFortranOrder in [false, true] {
        let header = try NumPyHeader(kind: kind, shape: shape, isFortranOrder: isFortranOrder)
        let bytes = header.encoded
        #expect(bytes.count == header.dataOffset)
        #expect(bytes.count % 64 == 0)
        #expect(bytes.last == UInt8(ascii: "\n"))
        #expect(try parsed(bytes) == header)
      }
    }
  }

  @Test func becomesVersion2WhenItDoesNotFit() throws {
    for rank in [21_000, 21_800, 21_812, 21_814, 21_816, 21_818, 21_820, 21_850, 30_000] {
      let header = try NumPyHeader(kind: .int8, shape: Array(repeating: 1, count: rank))
      #expect(header.majorVersion == (header.dataOffset - 10 > 65_535 ? 2 : 1))
      #expect(header.dataOffset % 64 == 0)
      #expect(try parsed(header.encoded) == header)
    }
  }

  @Test func refusesImpossibleShapes() {
    for shape in [[-1], [3, -4], [0, -1], [1 << 60, 8], [.max, .max], [.max]] {
      #expect(code { _ = try NumPyHeader(kind: .float64, shape: shape) } == .invalidShape, "\(shape)")
    }
    let tooMany = Array(repeating: 1, count: 400_000)
    #expect(code { _ = try NumPyHeader(kind: .float64, shape: tooMany) } == .invalidShape)
  }

  @Test func describesItself() throws {
    #expect(try NumPyHeader(kind: .float64, shape: [3, 4]).description == "float64 (3, 4)")
    #expect(try NumPyHeader(kind: .bool, shape: [3], isFortranOrder: true).description == "bool (3,), column-major")
  }
}
