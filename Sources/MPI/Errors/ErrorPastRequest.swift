internal import CMPI

/// An error that was thrown past a request, whose scope cannot end before the request is complete.
enum ErrorPastRequest {
  /// Has such errors told when it takes long, and the job ended with them when it takes too long.
  static func watch() {
    cmpi_watch_errors { address, endsJob in
      // An error is a reference to what the runtime has given us here.
      let error = unsafeBitCast(address, to: (any Error).self)
      if endsJob { endJob(error) }
      let world = Communicator.world
      let place = world.size > 1 ? "rank \(world.rank) of \(world.size): " : ""
      writeToStandardError("warning: \(place)a request that is not complete keeps this error in its scope: \(error)\n")
    }
  }
}
