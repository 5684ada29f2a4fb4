public import MPI

extension ProductPlan {
  /// Bytes that a rank sends to others during the product, for operands that are distributed as the plan has them.
  public func bytesSent(by rank: Rank) -> Int {
    guard let part = part(of: rank) else { return 0 }
    let left = part.rows.count * part.leftColumns.count * (grid.columns - 1)
    let right = part.rightRows.count * part.columns.count * (grid.rows - 1)
    let result = (part.rows.count - part.resultRows.count) * part.columns.count
    return (left + right + result) * elementSize
  }

  /// Bytes that a rank receives from others during the product.
  public func bytesReceived(by rank: Rank) -> Int {
    guard let part = part(of: rank) else { return 0 }
    let left = part.rows.count * (part.inner.count - part.leftColumns.count)
    let right = (part.inner.count - part.rightRows.count) * part.columns.count
    let result = part.resultRows.count * part.columns.count * (grid.layers - 1)
    return (left + right + result) * elementSize
  }

  /// The most bytes that any rank sends; where blocks come out even, what every rank sends.
  public var bytesSentPerRank: Int { extreme(bytesSent) }

  /// The most bytes that any rank receives.
  public var bytesReceivedPerRank: Int { extreme(bytesReceived) }

  /// Bytes that a product of this shape must move to or from some rank of so many, by whatever algorithm.
  ///
  /// For matrices of which each rank has an even part at first, and has an even part of the result at last; without copies
  /// and without a limit of memory. Al Daas, Ballard, Grigori, Kumar and Rouse, "Tight Memory-Independent Parallel Matrix
  /// Multiplication Communication Lower Bounds", SPAA 2022, Theorem 3; for many ranks, 3 (mnk/p)^(2/3) less what a rank
  /// has already (COSMA, SC 2019, §4). How near to it plans are, and could be: <doc:MatrixProducts>.
  public var lowerBoundBytesPerRank: Int {
    let sides = [Double(rows), Double(inner), Double(columns)].sorted(by: >)
    let (longest, middle, shortest) = (sides[0], sides[1], sides[2])
    guard shortest > 0 else { return 0 }
    let count = Double(ranks)
    let volume = longest * middle * shortest
    let accessed: Double
    if count <= longest / middle {
      accessed = (longest * middle + longest * shortest) / count + middle * shortest
    } else if count <= longest * middle / (shortest * shortest) {
      accessed = longest * middle / count + 2 * (volume * shortest / count).squareRoot()
    } else {
      accessed = 3 * cubeRoot(volume / count * volume / count)
    }
    let owned = (longest * middle + longest * shortest + middle * shortest) / count
    return Int(max(0, (accessed - owned) * Double(elementSize)).rounded(.down))
  }

  /// Bytes of the parts of the three matrices that a rank has.
  public func bytesOwned(by rank: Rank) -> Int {
    guard let part = part(of: rank) else { return 0 }
    return
      (part.rows.count * part.leftColumns.count + part.rightRows.count * part.columns.count
      + part.resultRows.count * part.columns.count) * elementSize
  }

  /// Bytes that a rank needs beside its parts of the matrices while it multiplies.
  public func scratchBytes(of rank: Rank) -> Int {
    guard let part = part(of: rank) else { return 0 }
    return (scratch(of: part).count) * elementSize
  }

  /// The most that any rank needs beside its parts of the matrices, in bytes.
  var largestScratchBytes: Int { extreme(scratchBytes) }

  /// The memory that the parts of the three matrices and the product take on a rank, in bytes.
  public func memory(of rank: Rank) -> Int { bytesOwned(by: rank) + scratchBytes(of: rank) }

  /// The most memory that the matrices and the product take on any rank, in bytes.
  public var memoryPerRank: Int { extreme(memory) }

  /// The greatest value on any rank; of a side with very many parts, the ends and the middle are looked at.
  private func extreme(_ value: (Rank) -> Int) -> Int {
    var result = 0
    for row in places(grid.rows) {
      for column in places(grid.columns) {
        for layer in places(grid.layers) {
          result = max(result, value(rank(row: row, column: column, layer: layer)))
        }
      }
    }
    return result
  }

  /// Places along a side of the grid to look at.
  private func places(_ parts: Int) -> [Int] {
    parts <= 4096 ? Array(0..<parts) : [0, parts / 2, parts - 1]
  }
}

/// The cube root of a number that is not negative.
private func cubeRoot(_ value: Double) -> Double {
  guard value > 0 else { return 0 }
  // A start within a factor of two, and Newton's iteration.
  var root = Double(sign: .plus, exponent: value.exponent / 3, significand: 1)
  for _ in 0..<60 {
    let next = (2 * root + value / (root * root)) / 3
    if next == root { break }
    root = next
  }
  return root
}

/// Memory that a product uses beside the matrices, in elements.
struct ProductScratch: Hashable {
  /// Elements of one piece of the left operand, and how many pieces there is room for.
  var leftPiece = 0
  var leftPieces = 0
  /// The same of the right operand.
  var rightPiece = 0
  var rightPieces = 0
  /// Sums for the parts of the result that other layers have.
  var partial = 0
  /// One part of the result as it comes from another layer, and how many there is room for.
  var incoming = 0
  var incomings = 0

  var count: Int { leftPiece * leftPieces + rightPiece * rightPieces + partial + incoming * incomings }
}

extension ProductPlan {
  func scratch(of part: Part) -> ProductScratch {
    var scratch = ProductScratch()
    let most = isStreaming ? 2 : Int.max
    // The first pieces are the longest.
    scratch.leftPiece = part.rows.count * part.inner.evenPart(0, of: grid.columns).count
    scratch.leftPieces = min(grid.columns - 1, most)
    scratch.rightPiece = part.columns.count * part.inner.evenPart(0, of: grid.rows).count
    scratch.rightPieces = min(grid.rows - 1, most)
    scratch.partial = (part.rows.count - part.resultRows.count) * part.columns.count
    scratch.incoming = part.resultRows.count * part.columns.count
    scratch.incomings = min(grid.layers - 1, most)
    return scratch
  }
}

extension ProductPlan: CustomStringConvertible {
  /// The grid, the shape, and what is moved and kept.
  public var description: String {
    let idle = ranks > grid.count ? " of \(ranks)" : ""
    return "\(grid.rows) × \(grid.columns) × \(grid.layers) ranks\(idle) multiply \(rows) × \(inner) by "
      + "\(inner) × \(columns); each sends at most \(bytesSentPerRank) bytes (lower bound \(lowerBoundBytesPerRank)) "
      + "and needs \(memoryPerRank) bytes of memory"
  }
}
