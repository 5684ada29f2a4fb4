internal import CMPI

/// Which threads may call MPI (MPI 5.0, §11.2.1).
///
/// ``single`` is what `MPI_Init` of C asks for. From ``funneled`` on Open MPI locks in every call: on 4.1.4 a message of 8
/// bytes takes a tenth longer then, and an allReduce a fifth.
public enum ThreadLevel: Int, Comparable, Sendable, CaseIterable {
  /// Only the thread that initialised MPI calls it.
  ///
  /// By the letter the process has no other thread. Open MPI and MPICH do not mind others that leave MPI alone, as those
  /// of Swift's runtime or of a BLAS do; for an MPI that does mind, ask for ``funneled``.
  case single
  /// Only the thread that initialised MPI calls it; the process may have others.
  case funneled
  /// Any thread calls MPI, one at a time.
  case serialized
  /// Any threads call MPI, at the same time.
  case multiple

  /// Orders the levels by what they permit.
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

  init(mpiValue: CInt) {
    switch mpiValue {
    case cmpi_thread_multiple(): self = .multiple
    case cmpi_thread_serialized(): self = .serialized
    case cmpi_thread_funneled(): self = .funneled
    default: self = .single
    }
  }

  var mpiValue: CInt {
    switch self {
    case .single: cmpi_thread_single()
    case .funneled: cmpi_thread_funneled()
    case .serialized: cmpi_thread_serialized()
    case .multiple: cmpi_thread_multiple()
    }
  }
}

extension ThreadLevel: CustomStringConvertible {
  /// The name of the case.
  public var description: String {
    switch self {
    case .single: "single"
    case .funneled: "funneled"
    case .serialized: "serialized"
    case .multiple: "multiple"
    }
  }
}
