package qr

import (
	"strings"
	"testing"
	"unicode/utf8"

	"rsc.io/qr"
)

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
		if _, err := Terminal(text); err == nil {
			t.Error("no error")
		}
	}
}
