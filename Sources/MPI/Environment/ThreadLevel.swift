internal import CMPI

/// Which threads may call MPI (MPI 5.0, §11.2.1).
public enum ThreadLevel: Int, Comparable, Sendable, CaseIterable {
  /// The process has one thread.
  case single
  /// Only the thread that initialised MPI calls it.
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
