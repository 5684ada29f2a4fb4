import Foundation

/// The library of a Python, loaded into this process: no header of it is needed to build this program.
final class PythonLibrary {
  typealias Object = OpaquePointer

  private let handle: UnsafeMutableRawPointer
  private let main: Object

  /// Loads the library of a Python and starts it, with the modules that its executable finds.
  init(ofExecutable executable: String) throws(PythonFailure) {
    let place = try Self.place(executable)
    setenv("PYTHONHOME", place.home, 1)
    guard let handle = dlopen(place.library, RTLD_NOW | RTLD_GLOBAL) else {
      throw PythonFailure(
        description:
          "The library of \(executable), \(place.library), cannot be loaded. Name a Python that has a shared "
          + "library in SWIFT_MPI_PYTHON.")
    }
    self.handle = handle
    let start = try Self.function("Py_InitializeEx", of: handle, as: (@convention(c) (CInt) -> Void).self)
    let module = try Self.function(
      "PyImport_AddModule", of: handle, as: (@convention(c) (UnsafePointer<CChar>) -> Object?).self)
    start(0)  // without its handling of signals
    guard let main = module("__main__") else { throw PythonFailure(description: "Python has no main module.") }
    self.main = main
    try run("import sys\nsys.path[:] = \(place.path)")
  }

  /// Runs statements; what Python says of an error is on standard error.
  func run(_ program: String) throws(PythonFailure) {
    let run = try Self.function(
      "PyRun_SimpleString", of: handle, as: (@convention(c) (UnsafePointer<CChar>) -> CInt).self)
    if run(program) != 0 {
      throw PythonFailure(
        description: "Python did not run this; mpi4py for this MPI is needed (pip install mpi4py):\n\(program)")
    }
  }

  /// A function that was defined.
  func function(_ name: String) throws(PythonFailure) -> Object {
    let get = try Self.function(
      "PyObject_GetAttrString", of: handle, as: (@convention(c) (Object, UnsafePointer<CChar>) -> Object?).self)
    guard let found = get(main, name) else { throw PythonFailure(description: "Python has no function \(name).") }
    return found
  }

  /// Calls a function with a number; its result is dropped.
  func call(_ function: Object, _ number: Int) throws(PythonFailure) {
    guard let argument = fromLong(number), let result = callOneArgument(function, argument) else {
      printError()
      throw PythonFailure(description: "A call in the Python half of a benchmark failed.")
    }
    release(argument)
    release(result)
  }

  private lazy var fromLong = named("PyLong_FromLong", as: (@convention(c) (Int) -> Object?).self)
  private lazy var callOneArgument = named(
    "PyObject_CallOneArg", as: (@convention(c) (Object, Object) -> Object?).self)
  private lazy var release = named("Py_DecRef", as: (@convention(c) (Object) -> Void).self)
  private lazy var printError = named("PyErr_Print", as: (@convention(c) () -> Void).self)

  private func named<Function>(_ name: String, as type: Function.Type) -> Function {
    do { return try Self.function(name, of: handle, as: type) } catch { fatalError(error.description) }
  }

  private static func function<Function>(
    _ name: String, of handle: UnsafeMutableRawPointer, as _: Function.Type
  ) throws(PythonFailure) -> Function {
    guard let address = dlsym(handle, name) else {
      throw PythonFailure(description: "The library of Python has no \(name); 3.9 or later is needed.")
    }
    return unsafeBitCast(address, to: Function.self)
  }

  /// The library of a Python, its home and where its modules are, as its executable says.
  private static func place(
    _ executable: String
  ) throws(PythonFailure) -> (library: String, home: String, path: String) {
    let question = """
      import os, sys, sysconfig
      name = sysconfig.get_config_var("INSTSONAME") or "libpython.so"
      folder = sysconfig.get_config_var("LIBDIR") or ""
      whole = os.path.join(folder, name)
      print(whole if os.path.exists(whole) else name)
      print(sys.base_prefix)
      print([entry for entry in sys.path if entry])
      """
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [executable, "-c", question]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw PythonFailure(description: "\(executable) cannot be started: \(error)")
    }
    let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let lines = answer.split(separator: "\n").map(String.init)
    guard process.terminationStatus == 0, lines.count == 3 else {
      throw PythonFailure(description: "There is no Python \(executable). Name one in SWIFT_MPI_PYTHON.")
    }
    return (lines[0], lines[1], lines[2])
  }
}
