import ExampleSupport
import Foundation

/// This program.
enum Executable {
  /// Its file.
  static var path: String {
    get throws {
      guard let path = Bundle.main.executablePath else { throw ExampleError("This program does not know its file.") }
      return path
    }
  }
}
