internal import ArgumentParser
internal import Foundation

/// A mistake or a failure that ends mpi-run, in a full sentence.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Prints a line of mpi-run's own, apart from what the job prints.
func tell(_ line: String) {
  FileHandle.standardError.write(Data("mpi-run: \(line)\n".utf8))
}

/// Ends mpi-run with the sentence of an error.
func orExit<Result>(_ body: () throws -> Result) throws -> Result {
  do { return try body() } catch let error as ExitCode { throw error } catch {
    tell("error: \(error)")
    throw ExitCode(1)
  }
}
