package ui

import (
	"math"
	"strings"
	"sync"
)

var flameWidths = [4]string{"7.4", "6", "4.6", "3"}

// flameDots places dots on a triangular grid inside a flame and sorts them by
// how deep inside they lie: a picture that needs no file and takes the theme's
// colours. It is computed once.
var flameDots = sync.OnceValue(func() [4]string {
	var paths [4]strings.Builder
	const step, row = 10.0, 8.66
	for r := 0; float64(r)*row < 250; r++ {
		y := 8 + float64(r)*row
		for c := 0; c < 21; c++ {
			x := float64(c) * step
			if r%2 == 1 {
				x += step / 2
			}
			depth := flameDepth(x, y)
			if depth <= 0 {
				continue
			}
			band := 3
			switch {
			case depth > .72:
				band = 0
			case depth > .45:
				band = 1
			case depth > .2:
				band = 2
			}
			paths[band].WriteString("M" + trim(x) + " " + trim(y) + "h0")
		}
	}
	var out [4]string
	for i := range paths {
		out[i] = paths[i].String()
	}
	return out
})

// flameDepth is 1 at the heart, 0 at the edge, negative outside. The body is a
// drop whose tip leans right; a small tongue stands at its left.
func flameDepth(x, y float64) float64 {
	return max(drop(x, y, 100, 170, 82, 160, 26), drop(x, y, 62, 150, 44, 96, -14))
}

func drop(x, y, cx, cy, radius, height, lean float64) float64 {
	if y >= cy {
		return 1 - math.Hypot(x-cx, y-cy)/radius
	}
	up := (cy - y) / height
	if up > 1 {
		return -1
	}
	half := radius * math.Pow(1-up, 1.15) * (1 + .55*up)
	mid := cx + lean*math.Sin(up*math.Pi*.8)
	if half <= 0 {
		return -1
	}
	side := 1 - math.Abs(x-mid)/half
	return min(side, 1-up*.9)
}
