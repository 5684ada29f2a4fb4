public import ArgumentParser

/// The types of random matrices.
public enum RandomElement: String, CaseIterable, ExpressibleByArgument {
  /// `Float`, `Double`, `Complex<Double>`.
  case float, double, complex
}
