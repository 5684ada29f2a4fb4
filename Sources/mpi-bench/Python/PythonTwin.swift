import CMPIBench
import Foundation
import MPI

/// mpi4py in this process, over the MPI that runs here: its batches alternate with the others, over the same memory.
///
/// A Python with mpi4py for this MPI is needed, with its library: of `SWIFT_MPI_PYTHON`, else `python3`.
final class PythonTwin {
  private let library: PythonLibrary
  private var made = 0

  /// Starts Python, and imports mpi4py.
  ///
  /// - Throws: ``PythonFailure`` where there is no Python, no library of it or no mpi4py.
  init() throws(PythonFailure) {
    library = try PythonLibrary(ofExecutable: Self.executable)
    try library.run(
      """
      import mpi4py
      mpi4py.rc.initialize = False
      mpi4py.rc.finalize = False
      from mpi4py import MPI
      assert MPI.Is_initialized(), "mpi4py uses another MPI than this program"
      comm = MPI.COMM_WORLD
      """)
  }

  private static var executable: String {
    let named = ProcessInfo.processInfo.environment["SWIFT_MPI_PYTHON"] ?? ""
    return named.isEmpty ? "python3" : named
  }

  /// The calls of a benchmark, as a function of Python.
  ///
  /// - Parameters:
  ///   - statements: What is done in each call, with `comm`, `MPI`, `values`, `result`, `peer`, `first` and `record`.
  ///   - plan: Where the memory is; it stays there.
  ///   - type: The name of the datatype in mpi4py.
  func calls(_ statements: String, plan: UnsafePointer<CBenchPlan>, type: String) -> PythonCalls? {
    made += 1
    let name = "calls_\(made)"
    let indented = statements.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n")
    let plan = plan.pointee
    let program = """
      def make():
        class Record: pass
        peer, first = \(plan.peer), \(plan.isFirst ? "True" : "False")
        values = \(Self.buffer(plan.values, plan.valueBytes, type))
        result = \(Self.buffer(plan.result, plan.resultBytes, type))
        record = (1, "a record of the benchmark", bytes(\(plan.valueBytes)))
        def calls(n):
          for _ in range(n):
      \(indented)
        return calls
      \(name) = make()
      """
    do {
      try library.run(program)
      return PythonCalls(library: library, function: try library.function(name))
    } catch {
      return nil
    }
  }

  private static func buffer(_ address: UnsafeRawPointer?, _ bytes: Int, _ type: String) -> String {
    guard let address, bytes > 0 else { return "None" }
    return "[MPI.buffer.fromaddress(\(UInt(bitPattern: address)), \(bytes)), MPI.\(type)]"
  }
}

/// A function of Python that makes a number of calls.
struct PythonCalls {
  let library: PythonLibrary
  let function: PythonLibrary.Object

  func run(_ calls: Int) throws(PythonFailure) { try library.call(function, calls) }
}

/// What Python did not do.
struct PythonFailure: Error, CustomStringConvertible {
  let description: String
}
