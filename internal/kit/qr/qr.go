// Package qr draws QR codes: as SVG to stand in a page or a printed plaque, and as text for a terminal.
//
// Give it ASCII, with Chinese percent-encoded in addresses: a code does not say in which encoding its bytes are, and some
// readers guess wrongly.
package qr

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the empty border that a reader needs around a code, in modules (ISO/IEC 18004).
const quiet = 4

// encode corrects up to 15 % of damage: codes hang on doors for years.
func encode(text string) (*qr.Code, error) {
	if text == "" {
		return nil, fmt.Errorf("qr: nothing to write")
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return nil, fmt.Errorf("qr: %w", err)
	}
	return code, nil
}

// SVG is the code as an inline SVG without size, style or script, so that the page's style sheet gives its size. It is
// black on white also in a dark page, as readers want it. Texts of more than about 2,300 bytes are an error.
func SVG(text string) (string, error) {
	code, err := encode(text)
	if err != nil {
		return "", err
	}
	size := code.Size + 2*quiet
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" aria-hidden="true"><path fill="#fff" d="M0 0h%dv%dH0z"/><path fill="#000" d="`, size, size, size, size)
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for x+run < code.Size && code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return b.String(), nil
}

// Terminal is the code as lines of half blocks, light on dark as terminals are: what is drawn is the white of the code.
func Terminal(text string) (string, error) {
	code, err := encode(text)
	if err != nil {
		return "", err
	}
	white := func(x, y int) bool { return !code.Black(x, y) }
	var b strings.Builder
	const border = 2 // two modules are enough on a screen, and the code must fit into 24 lines
	for y := -border; y < code.Size+border; y += 2 {
		for x := -border; x < code.Size+border; x++ {
			// Below the last line there is nothing to draw.
			lower := y+1 < code.Size+border && white(x, y+1)
			switch upper := white(x, y); {
			case upper && lower:
				b.WriteRune('█')
			case upper:
				b.WriteRune('▀')
			case lower:
				b.WriteRune('▄')
			default:
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}
