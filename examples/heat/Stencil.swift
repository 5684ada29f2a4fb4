/// Computes a step of cells that lie in a row.
///
/// - Parameters:
///   - center: The cells before the step.
///   - north: What lies above each of them; as many as there are cells, and so are the others.
///   - south: What lies below.
///   - west: What lies before.
///   - east: What lies after.
///   - new: The block after the step.
///   - start: Where the first of the cells is in it.
///   - flow: What part of a difference flows.
@inline(__always)
func relax(
  _ center: Span<Double>, north: Span<Double>, south: Span<Double>, west: Span<Double>, east: Span<Double>,
  into new: inout MutableSpan<Double>, at start: Int, flow: Double
) {
  let count = center.count
  // After this no index of the loop can be outside: it has no other bound, and becomes one of vectors.
  precondition(north.count == count && south.count == count && west.count == count && east.count == count)
  precondition(start >= 0 && start <= new.count - count)
  for index in 0..<count {
    new[start &+ index] = relaxed(
      center[index], north: north[index], south: south[index], west: west[index], east: east[index], flow: flow)
  }
}

/// The temperature of one cell after a step.
@inline(__always)
func relaxed(_ center: Double, north: Double, south: Double, west: Double, east: Double, flow: Double) -> Double {
  center + flow * (((north + south) + (west + east)) - 4 * center)
}
