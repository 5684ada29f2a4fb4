import ComplexModule
import DistributedArrays
import Testing

/// Files that NumPy itself wrote are read, and NumPy reads those that were written here.
@Suite(.enabled(if: Python.hasNumPy, "python3 with numpy is needed"))
struct NumPyInterchangeTests {
  /// Elements by number: the same rules in Python below and in Swift beside each test.
  private static let rules = """
    import sys, os, numpy as np
    folder = sys.argv[1]
    shapes = [(), (0,), (7,), (3, 4), (2, 3, 4), (0, 5), (1, 1, 1, 1, 1)]
    kinds = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64 complex64 complex128".split()
    def values(kind, n):
        i = np.arange(n)
        if kind == "bool": return i % 3 == 0
        if kind.startswith("float"): return (0.5 * i - 3).astype(kind)
        if kind.startswith("complex"): return ((0.5 * i - 3) + 1j * (i + 0.25)).astype(kind)
        return (1234567 * i - 3).astype(kind)

    """

  private static let shapes = [[], [0], [7], [3, 4], [2, 3, 4], [0, 5], [1, 1, 1, 1, 1]]

  private func check<Element: NumPyElement & Equatable>(_ kind: String, _ value: (Int) -> Element) throws {
    let folder = try TemporaryFolder()
    try Python.run(
      Self.rules + """
        kind = sys.argv[2]
        for order in "<>":
            for version in [(1, 0), (2, 0), (3, 0)]:
                for number, shape in enumerate(shapes):
                    for layout in "CF":
                        n = int(np.prod(shape))
                        a = values(kind, n).reshape(shape, order=layout).astype(np.dtype(kind).newbyteorder(order))
                        name = f"{order}{version[0]}{number}{layout}.npy"
                        with open(os.path.join(folder, name), "wb") as f:
                            np.lib.format.write_array(f, a, version=version)
        """, [folder.path, kind])

    for order in ["<", ">"] {
      for version in 1...3 {
        for (number, shape) in Self.shapes.enumerated() {
          for layout in ["C", "F"] {
            let name = "\(order)\(version)\(number)\(layout).npy"
            let file = try NumPyFile(path: folder(name))
            let header = file.header
            let expected = (0..<shape.reduce(1, *)).map(value)
            #expect(header.kind.name == kind, "\(name)")
            #expect(header.shape == shape, "\(name)")
            #expect(header.majorVersion == version, "\(name)")
            #expect(header.dataOffset % 64 == 0, "\(name)")
            if shape == [3, 4] { #expect(header.isFortranOrder == (layout == "F"), "\(name)") }
            if header.kind.itemSize > 1 {
              #expect(header.descriptor.byteOrder == (order == "<" ? .littleEndian : .bigEndian), "\(name)")
            }
            #expect(try file.readAll(Element.self) == expected, "\(name)")
            if expected.count > 4 {
              #expect(try file.read(Element.self, range: 2..<4) == Array(expected[2..<4]), "\(name)")
            }
          }
        }
      }
    }
    try writeAndCompare(kind, value)
  }

  private func writeAndCompare<Element: NumPyElement>(_ kind: String, _ value: (Int) -> Element) throws {
    let folder = try TemporaryFolder()
    for (number, shape) in Self.shapes.enumerated() {
      for layout in ["C", "F"] {
        let elements = (0..<shape.reduce(1, *)).map(value)
        try NumPyFile.write(
          elements, shape: shape, isFortranOrder: layout == "F", to: folder("\(number)\(layout).npy"))
      }
    }
    try Python.run(
      Self.rules + """
        kind = sys.argv[2]
        for number, shape in enumerate(shapes):
            for layout in "CF":
                path = os.path.join(folder, f"{number}{layout}.npy")
                expected = values(kind, int(np.prod(shape))).reshape(shape, order=layout)
                a = np.load(path)
                assert a.dtype == expected.dtype and a.shape == shape, (a, expected)
                assert np.array_equal(a, expected), (a, expected)
                # The file is the one that NumPy would have written, byte for byte.
                if int(np.__version__.split(".")[0]) >= 2 and (layout == "C" or shape == (3, 4)):
                    np.save(path + ".numpy.npy", expected)
                    assert open(path, "rb").read() == open(path + ".numpy.npy", "rb").read(), path
        """, [folder.path, kind])
  }

  private func integer<Element: FixedWidthInteger>(_ index: Int) -> Element {
    Element(truncatingIfNeeded: 1_234_567 * index - 3)
  }

  @Test func booleans() throws { try check("bool") { $0 % 3 == 0 } }

  @Test func signedIntegers() throws {
    try check("int8", integer as (Int) -> Int8)
    try check("int16", integer as (Int) -> Int16)
    try check("int32", integer as (Int) -> Int32)
    try check("int64", integer as (Int) -> Int)
  }

  @Test func unsignedIntegers() throws {
    try check("uint8", integer as (Int) -> UInt8)
    try check("uint16", integer as (Int) -> UInt16)
    try check("uint32", integer as (Int) -> UInt32)
    try check("uint64", integer as (Int) -> UInt)
  }

  @Test func floatingPoint() throws {
    try check("float32") { 0.5 * Float($0) - 3 }
    try check("float64") { 0.5 * Double($0) - 3 }
  }

  @Test func complexNumbers() throws {
    try check("complex64") { Complex<Float>(0.5 * Float($0) - 3, Float($0) + 0.25) }
    try check("complex128") { Complex<Double>(0.5 * Double($0) - 3, Double($0) + 0.25) }
  }

  @Test func otherTypesAreRefused() throws {
    let folder = try TemporaryFolder()
    try Python.run(
      """
      import sys, numpy as np
      folder = sys.argv[1]
      arrays = [np.array([None, "x"], dtype=object), np.array(["a", "bc"]), np.array([b"a"]), np.zeros(3, "f2"),
                np.zeros(3, "datetime64[ns]"), np.zeros(3, [("x", "<f8"), ("y\\u00e9", "<i4", (2, 2))])]
      for number, array in enumerate(arrays): np.save(f"{folder}/{number}.npy", array, allow_pickle=True)
      """, [folder.path])
    for number in 0..<6 {
      #expect(code { _ = try NumPyFile(path: folder("\(number).npy")) } == .unsupportedElement, "\(number)")
    }
  }
}
