package ui

import (
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 12480: "12,480", 1103482: "1,103,482", -1000: "-1,000", -999: "-999"} {
		if got := Number(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// Money is kept in fen; from 10,000 yuan on it is read in 万元.
func TestFen(t *testing.T) {
	for fen, want := range map[int64]string{
		0: "0元", 1: "0.01元", 50: "0.5元", 8640: "86.4元", 999_999: "9,999.99元", 1_000_000: "1万元",
		101_000_000: "101万元", 86_400_000: "86.4万元", 1_234_567: "1.23万元", 1_235_000: "1.24万元", 1_234_000_000_00: "123,400万元", -1_000_000: "-1万元", -50: "-0.5元",
	} {
		text, unit := Fen(fen)
		if got := text + unit; got != want {
			t.Errorf("%d: %s, want %s", fen, got, want)
		}
	}
	if text, unit := Money("en", 101_000_000); text != "1,010,000" || unit != "yuan" {
		t.Errorf("%s %s", text, unit)
	}
}

func TestPercent(t *testing.T) {
	for n, want := range map[int64]string{0: "0%", 580: "58%", 583: "58.3%", 1000: "100%", 5: "0.5%", -125: "-12.5%"} {
		if got := Percent(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// Charts start at 0, show the rest of a whole, and survive empty input.
func TestShapes(t *testing.T) {
	s := Series{Points: []Point{{0, 0}, {10, 50}, {20, 100}}, Window: 10}.shape()
	if s.line != "M0 96 160 53 320 10" || s.winX != "160" || s.winW != "160" {
		t.Errorf("%+v", s)
	}
	if one := (Series{Points: []Point{{5, 3}}}).shape(); one.line != "M0 10 320 10" {
		t.Errorf("one point: %+v", one)
	}
	if flat := (Series{Points: []Point{{0, 0}, {1, 0}}}).shape(); strings.Contains(flat.line, "NaN") {
		t.Errorf("all zero: %+v", flat)
	}
	parts := Parts{Parts: []Part{{N: 58}, {N: 42, Rest: true}}}.slices()
	if len(parts) != 2 || parts[0].class != "c1" || parts[1].class != "c0" || !parts[1].outline {
		t.Errorf("%+v", parts)
	}
	if none := (Parts{Parts: []Part{{N: 0}}}).slices(); len(none) != 1 || none[0].class != "c0" {
		t.Errorf("an empty whole is drawn empty: %+v", none)
	}
	b := BarTable{Tick: 50, Rows: []Bar{{Value: 25}, {Value: 100}}}
	if b.width(25) != "25" || b.width(500) != "100" || b.width(-1) != "0" {
		t.Error("bars start at 0 and stay inside")
	}
	var m Matrix
	for n, want := range map[int64]string{0: "h0", 1: "h1", 2: "h1", 3: "h2", 4: "h2", 5: "h3"} {
		if got := m.class(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	if got := qrPath(3, func(x, y int) bool { return y == 1 && x != 1 }); got != "M4 5h1v1h-1zM6 5h1v1h-1z" {
		t.Error(got)
	}
}
