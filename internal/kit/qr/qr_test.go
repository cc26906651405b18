package qr

import (
	"encoding/xml"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"rsc.io/qr"
)

// The picture has exactly the modules of the code, with the border that readers need.
func TestSVG(t *testing.T) {
	text := "https://xinhuo.example/b/阵地?x=1&y=<2>"
	svg, err := SVG(text)
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, bad := range []string{"style", "script", text, "width="} {
		if strings.Contains(svg, bad) {
			t.Error("has", bad)
		}
	}
	code, _ := qr.Encode(text, qr.M)
	drawn := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h`).FindAllStringSubmatch(svg, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		n, _ := strconv.Atoi(m[3])
		for i := range n {
			drawn[[2]int{x + i - 4, y - 4}] = true
		}
	}
	for y := -4; y < code.Size+4; y++ {
		for x := -4; x < code.Size+4; x++ {
			if drawn[[2]int{x, y}] != code.Black(x, y) {
				t.Fatalf("module %d,%d", x, y)
			}
		}
	}
}

func TestTerminal(t *testing.T) {
	text := "otpauth://totp/x"
	s, err := Terminal(text)
	if err != nil {
		t.Fatal(err)
	}
	code, _ := qr.Encode(text, qr.M)
	lines := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	if len(lines) != (code.Size+5)/2 {
		t.Error(len(lines), "lines for", code.Size)
	}
	for i, l := range lines {
		if utf8.RuneCountInString(l) != code.Size+4 {
			t.Fatal("width")
		}
		for x, r := range []rune(l) {
			upper := r == '█' || r == '▀'
			if upper == code.Black(x-2, 2*i-2) {
				t.Fatalf("module %d,%d", x, i)
			}
		}
	}
}

func TestTooLong(t *testing.T) {
	for _, text := range []string{"", strings.Repeat("长", 2000)} {
		if _, err := SVG(text); err == nil {
			t.Error("no error")
		}
		if _, err := Terminal(text); err == nil {
			t.Error("no error")
		}
	}
}
