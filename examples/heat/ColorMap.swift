#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#elseif canImport(Glibc)
  import Glibc
#endif

/// Colours for numbers.
enum ColorMap {
  /// 256 colours from black through red to white, whose lightness as people see it grows evenly.
  ///
  /// Made in Oklab (B. Ottosson, "A perceptual color space for image processing", 2020): equal steps of lightness, the hue
  /// of embers, and as much chroma as the screen can show.
  static let heat: [(red: UInt8, green: UInt8, blue: UInt8)] = (0..<256).map { index in
    let position = Double(index) / 255
    let hue = (-60 + 165 * position) * .pi / 180
    var chroma = 0.26 * sin(.pi * pow(position, 0.9))
    while chroma > 0 {
      let color = linearRGB(lightness: position, a: chroma * cos(hue), b: chroma * sin(hue))
      if color.min() >= 0, color.max() <= 1 { return encoded(color) }
      chroma -= 0.002
    }
    return encoded(linearRGB(lightness: position, a: 0, b: 0).clamped(lowerBound: .zero, upperBound: .one))
  }

  /// The linear red, green and blue of a colour of Oklab.
  private static func linearRGB(lightness: Double, a: Double, b: Double) -> SIMD3<Double> {
    let long = lightness + 0.3963377774 * a + 0.2158037573 * b
    let medium = lightness - 0.1055613458 * a - 0.0638541728 * b
    let short = lightness - 0.0894841775 * a - 1.2914855480 * b
    let (l, m, s) = (long * long * long, medium * medium * medium, short * short * short)
    return [
      4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
      -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
      -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    ]
  }

  /// A linear colour in the 8-bit numbers of sRGB.
  private static func encoded(_ linear: SIMD3<Double>) -> (red: UInt8, green: UInt8, blue: UInt8) {
    func number(_ value: Double) -> UInt8 {
      let curved = value <= 0.0031308 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055
      return UInt8((min(max(curved, 0), 1) * 255).rounded())
    }
    return (number(linear.x), number(linear.y), number(linear.z))
  }
}
