internal import Synchronization

/// Memory that products need beside the matrices, kept from one to the next: new memory is slow at its first use.
public enum ScratchMemory {
  private static let kept = Mutex<ElementStorage<UInt8>?>(nil)

  /// Gives back to the system what is kept for the next product, at most what the largest product so far needed.
  public static func release() { kept.withLock { $0 = nil } }

  /// Memory for some elements, not initialised; give it back after use.
  static func take(byteCount: Int) -> ElementStorage<UInt8> {
    let last = kept.withLock { kept in
      defer { kept = nil }
      return kept
    }
    if let last, last.count >= byteCount { return last }
    return ElementStorage(uninitializedCount: byteCount)
  }

  /// Keeps memory for the next product.
  static func give(back memory: ElementStorage<UInt8>) {
    kept.withLock { kept in
      if kept.map({ $0.count < memory.count }) ?? true { kept = memory }
    }
  }
}
