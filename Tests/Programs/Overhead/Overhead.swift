// overhead CALLS: runs each hot call so often through the binding, and as often in C, on one rank.
//
// The instructions are counted from outside, by the names of the loops: see launch/tests.d/overhead.sh.
import COverhead
import MPI

@main
struct Overhead {
  static func main() throws {
    guard CommandLine.arguments.count == 2, let calls = Int(CommandLine.arguments[1]), calls > 0 else {
      fatalError("usage: overhead CALLS")
    }
    try withMPI { _ in
      let alone = Communicator.selfOnly
      let out: [Double] = [1, 2, 3, 4]
      var values = out

      try require(swiftBroadcastLoop(alone, out, calls) == out)
      c_broadcast_loop(&values, 4, calls)

      try require(swiftAllReduceLoop(alone, out, calls) == out)
      c_all_reduce_loop(&values, 4, calls)

      try require(swiftSendReceiveLoop(alone, out, calls) == out)
      c_send_receive_loop(out, &values, 4, calls)

      try swiftSendLoop(alone, out, calls)
      c_send_loop(out, 4, calls)

      try require(swiftReceiveLoop(alone, calls) == out)
      c_receive_loop(&values, 4, calls)

      try require(swiftStartReceiveLoop(alone, out, calls) == out)
      c_start_receive_loop(out, &values, 4, calls)

      try require(swiftPersistentLoop(alone, out, calls) == out)
      c_persistent_loop(out, &values, 4, calls)
      c_start_all_reduce_loop(&values, 4, calls)

      var span = values.mutableSpan
      try swiftSpanBroadcastLoop(alone, &span, calls)
      try swiftSpanAllReduceLoop(alone, &span, calls)
      try swiftSpanReceiveLoop(alone, &span, calls)
      try swiftSpanSendLoop(alone, out.span, calls)
      try swiftSpanStartReceiveLoop(alone, out.span, &span, calls)
      try swiftSpanStartAllReduceLoop(alone, &span, calls)
      require(values == out)
    }
  }

  static func require(_ isRight: Bool) {
    guard isRight else { fatalError("wrong values were received") }
  }
}

// MARK: Arrays

@inline(never)
func swiftBroadcastLoop(_ alone: Communicator, _ initial: [Double], _ calls: Int) throws(MPIError) -> [Double] {
  var values = initial
  for _ in 0..<calls { try alone.broadcast(&values, from: 0) }
  return values
}

@inline(never)
func swiftAllReduceLoop(_ alone: Communicator, _ initial: [Double], _ calls: Int) throws(MPIError) -> [Double] {
  var values = initial
  for _ in 0..<calls { try alone.allReduce(&values, .sum) }
  return values
}

@inline(never)
func swiftSendReceiveLoop(_ alone: Communicator, _ out: [Double], _ calls: Int) throws(MPIError) -> [Double] {
  var received: [Double] = [0, 0, 0, 0]
  for _ in 0..<calls { try alone.sendReceive(out, to: 0, into: &received, from: 0) }
  return received
}

@inline(never)
func swiftSendLoop(_ alone: Communicator, _ out: [Double], _ calls: Int) throws(MPIError) {
  for _ in 0..<calls {
    c_begin_receive()
    try alone.send(out, to: 0)
    c_finish()
  }
}

@inline(never)
func swiftReceiveLoop(_ alone: Communicator, _ calls: Int) throws(MPIError) -> [Double] {
  var received: [Double] = [0, 0, 0, 0]
  for _ in 0..<calls {
    c_begin_send()
    try alone.receive(into: &received, from: 0)
    c_finish()
  }
  return received
}

@inline(never)
func swiftStartReceiveLoop(_ alone: Communicator, _ out: [Double], _ calls: Int) throws(MPIError) -> [Double] {
  var received: [Double] = [0, 0, 0, 0]
  for _ in 0..<calls {
    let receiving = try alone.startReceive(into: &received, from: 0)
    let sending = try alone.startSend(out.span, to: 0)
    try sending.wait()
    try receiving.wait()
  }
  return received
}

@inline(never)
func swiftPersistentLoop(_ alone: Communicator, _ out: [Double], _ calls: Int) throws(MPIError) -> [Double] {
  var (given, received) = (out, [0.0, 0, 0, 0])
  do {
    var receiving = try alone.makeReceive(into: received.mutableSpan, from: 0)
    var sending = try alone.makeSend(given.mutableSpan, to: 0)
    for _ in 0..<calls {
      let arriving = try receiving.start()
      let leaving = try sending.start()
      try leaving.wait()
      try arriving.wait()
    }
  }
  return received
}

// MARK: Spans

@inline(never)
func swiftSpanBroadcastLoop(
  _ alone: Communicator, _ values: inout MutableSpan<Double>, _ calls: Int
) throws(MPIError) {
  for _ in 0..<calls { try alone.broadcast(&values, from: 0) }
}

@inline(never)
func swiftSpanAllReduceLoop(
  _ alone: Communicator, _ values: inout MutableSpan<Double>, _ calls: Int
) throws(MPIError) {
  for _ in 0..<calls { try alone.allReduce(&values, .sum) }
}

@inline(never)
func swiftSpanSendLoop(_ alone: Communicator, _ out: Span<Double>, _ calls: Int) throws(MPIError) {
  for _ in 0..<calls {
    c_begin_receive()
    try alone.send(out, to: 0)
    c_finish()
  }
}

@inline(never)
func swiftSpanReceiveLoop(
  _ alone: Communicator, _ received: inout MutableSpan<Double>, _ calls: Int
) throws(MPIError) {
  for _ in 0..<calls {
    c_begin_send()
    try alone.receive(into: &received, from: 0)
    c_finish()
  }
}

@inline(never)
func swiftSpanStartReceiveLoop(
  _ alone: Communicator, _ out: Span<Double>, _ received: inout MutableSpan<Double>, _ calls: Int
) throws(MPIError) {
  for _ in 0..<calls {
    let receiving = try alone.startReceive(into: &received, from: 0)
    let sending = try alone.startSend(out, to: 0)
    try sending.wait()
    try receiving.wait()
  }
}

@inline(never)
func swiftSpanStartAllReduceLoop(
  _ alone: Communicator, _ values: inout MutableSpan<Double>, _ calls: Int
) throws(MPIError) {
  for _ in 0..<calls {
    let reducing = try alone.startAllReduce(&values, .sum)
    try reducing.wait()
  }
}
