/// A picture made of lines, marks and text, in the Scalable Vector Graphics of every browser.
struct SVGPicture {
  let width: Double
  let height: Double
  private var body = ""

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String {
    case start, middle, end
  }

  mutating func line(from a: (x: Double, y: Double), to b: (x: Double, y: Double), color: String, width: Double = 1) {
    body += "<line x1='\(n(a.x))' y1='\(n(a.y))' x2='\(n(b.x))' y2='\(n(b.y))' stroke='\(color)'"
    body += " stroke-width='\(n(width))'/>\n"
  }

  mutating func path(_ points: [(x: Double, y: Double)], color: String) {
    guard points.count > 1 else { return }
    let list = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    body += "<polyline points='\(list)' fill='none' stroke='\(color)' stroke-width='1.5'/>\n"
  }

  mutating func dot(_ point: (x: Double, y: Double), radius: Double = 2.5, color: String) {
    body += "<circle cx='\(n(point.x))' cy='\(n(point.y))' r='\(n(radius))' fill='\(color)'/>\n"
  }

  mutating func text(
    _ text: String, at point: (x: Double, y: Double), anchor: Anchor = .start, size: Double = 11,
    color: String = "#333333"
  ) {
    let escaped = text.map { ["&": "&amp;", "<": "&lt;", ">": "&gt;"][$0] ?? String($0) }.joined()
    body += "<text x='\(n(point.x))' y='\(n(point.y))' font-size='\(n(size))' text-anchor='\(anchor.rawValue)'"
    body += " fill='\(color)'>\(escaped)</text>\n"
  }

  /// The file.
  var text: String {
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 \(n(width)) \(n(height))' width='\(n(width))'"
      + " height='\(n(height))' font-family='Helvetica, Arial, sans-serif'>\n"
      + "<rect width='100%' height='100%' fill='white'/>\n" + body + "</svg>\n"
  }

  private func n(_ value: Double) -> String {
    let text = decimal(value, 1)
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
