#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The size of a huge page on the usual processors; memory of at least this size is aligned to it.
let hugePageSize = 2 << 20

/// Asks the system to back new memory by huge pages, before it is touched.
///
/// A hundredth of the page faults, fewer address translations, and messages between processes of one machine that are
/// copied page by page are faster. Only a hint: where the system does not know it or its administrator has disabled
/// huge pages, nothing changes.
func adviseHugePages(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
  #if os(Linux)
    // Only whole pages: the rest of the last one may belong to others.
    let whole = byteCount & ~(hugePageSize - 1)
    if whole > 0 { _ = madvise(memory, whole, MADV_HUGEPAGE) }
  #endif
}
