// Package qr draws QR codes as text for a terminal; those of pages are drawn by ui.QRCode.
//
// Give it ASCII, with Chinese percent-encoded in addresses: a code does not say in which encoding its bytes are, and some
// readers guess wrongly.
package qr

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// Terminal is the code as lines of half blocks, light on dark as terminals are: what is drawn is the white of the code.
func Terminal(text string) (string, error) {
	if text == "" {
		return "", fmt.Errorf("qr: nothing to write")
	}
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("qr: %w", err)
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
