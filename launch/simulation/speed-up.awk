# Draws lines of "ranks seconds speed-up seconds speed-up" as a picture in SVG, both axes logarithmic.

function log2(x) { return log(x) / log(2) }
function x_of(ranks) { return 60 + 420 * (log2(ranks) - low) / (high - low) }
function y_of(speedup) { return 290 - 250 * (log2(speedup) - low) / (high - low) }
function text(x, y, anchor, words) {
  printf "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x, y, anchor, words
}
function curve(values, colour, dashes, name, i, points) {
  for (i = 1; i <= NR; i++) {
    points = points sprintf("%.1f,%.1f ", x_of(ranks[i]), y_of(values[i]))
    printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x_of(ranks[i]), y_of(values[i]), colour
  }
  printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n", \
    points, colour, dashes
  printf "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", x_of(ranks[NR]) + 8, y_of(values[NR]) + 4, colour, name
}

{ ranks[NR] = $1; ours[NR] = $3; summa[NR] = $5; ideal[NR] = $1 / ranks[1] }

END {
  low = 0
  high = log2(ranks[NR])
  for (i = 1; i <= NR; i++) while (ours[i] < 2 ^ low || summa[i] < 2 ^ low) low -= 2
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 600 330\" width=\"600\" height=\"330\" "
  print "font-family=\"sans-serif\" font-size=\"12\">"
  print "<rect width=\"600\" height=\"330\" fill=\"white\"/>"
  text(270, 20, "middle", "Product of two matrices of " size " × " size ", simulated cluster")
  for (power = low; power <= high; power += 2) {
    printf "<path d=\"M60 %.1f H480 M%.1f 40 V290\" stroke=\"#ddd\"/>\n", y_of(2 ^ power), x_of(2 ^ power)
    text(54, y_of(2 ^ power) + 4, "end", power < 0 ? "1/" 2 ^ -power : 2 ^ power)
    if (power >= 0) text(x_of(2 ^ power), 306, "middle", 2 ^ power)
  }
  text(270, 324, "middle", "ranks")
  text(8, 20, "start", "speed-up")
  curve(ideal, "#999", "4 4", "ideal")
  curve(summa, "#c60", "", "SUMMA in C")
  curve(ours, "#06c", "", "matrix-product")
  print "</svg>"
}
