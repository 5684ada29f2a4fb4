public import ArgumentParser
internal import ComplexModule

/// The types of random matrices.
public enum RandomElement: String, CaseIterable, ExpressibleByArgument {
  /// `Float`, `Double`, `Complex<Double>`.
  case float, double, complex

  /// The Swift type.
  public var type: any MatrixElement.Type {
    switch self {
    case .float: Float.self
    case .double: Double.self
    case .complex: Complex<Double>.self
    }
  }
}
