package pdf

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func linesOf(t *testing.T, r *Reader, file []byte, page int) (Size, []Line) {
	t.Helper()
	size, lines, err := r.Lines(t.Context(), bytes.NewReader(file), int64(len(file)), page)
	if err != nil {
		t.Fatal(err)
	}
	return size, lines
}

// isAt checks a line and its place, to a third of a point.
func isAt(t *testing.T, got Line, want Line) {
	t.Helper()
	near := func(a, b float64) bool { return math.Abs(a-b) < 0.34 }
	if got.Text != want.Text || !near(got.X, want.X) || !near(got.Y, want.Y) || !near(got.W, want.W) || !near(got.H, want.H) {
		t.Errorf("%+v, not %+v", got, want)
	}
}

func TestLinesHaveTheirPlaces(t *testing.T) {
	r := reader(t)
	draw := at(50, 700, 12, "关工委𠮷") + at(50, 680, 12, "第二行") + at(50, 600, 20, "南江区") + at(200, 600, 20, "稻香镇")
	want := []Line{{"关工委𠮷", 50, 132.4, 48, 12}, {"第二行", 50, 152.4, 36, 12}, {"南江区", 50, 226, 60, 20}, {"稻香镇", 200, 226, 60, 20}}
	file := document("", sheet{draw: draw}, sheet{dict: "/Rotate 90 ", draw: draw}, sheet{dict: "/Rotate 270 /CropBox [40 500 440 800] ", draw: draw}, sheet{dict: "/CropBox [60 690 440 800] ", draw: draw}, sheet{}).file()
	size, lines := linesOf(t, r, file, 1)
	if size != (Size{595, 842}) || len(lines) != len(want) {
		t.Fatalf("%+v %+v", size, lines)
	}
	for i, w := range want {
		isAt(t, lines[i], w)
	}
	// Turned to the right: what was at the bottom is on the left, what was on the left is at the top.
	size, lines = linesOf(t, r, file, 2)
	if size != (Size{842, 595}) || len(lines) != len(want) {
		t.Fatalf("%+v %+v", size, lines)
	}
	slices.SortStableFunc(lines, func(a, b Line) int { return cmp.Compare(b.X, a.X) }) // pdfium begins on the left
	for i, w := range want {
		isAt(t, lines[i], Line{w.Text, 842 - w.Y - w.H, w.X, w.H, w.W})
	}
	// Turned to the left and cut.
	size, lines = linesOf(t, r, file, 3)
	if size != (Size{300, 400}) || len(lines) != len(want) {
		t.Fatalf("%+v %+v", size, lines)
	}
	for i, w := range want {
		isAt(t, lines[i], Line{w.Text, w.Y - 42, 440 - w.X - w.W, w.H, w.W})
	}
	// Of what is cut off, only the part that is seen.
	size, lines = linesOf(t, r, file, 4)
	if size != (Size{380, 110}) || len(lines) != 1 {
		t.Fatalf("%+v %+v", size, lines)
	}
	isAt(t, lines[0], Line{"关工委𠮷", 0, 90.4, 38, 12})
	if _, lines = linesOf(t, r, file, 5); len(lines) != 0 {
		t.Errorf("%+v", lines)
	}
	if _, _, err := r.Lines(t.Context(), bytes.NewReader(file), int64(len(file)), 6); key(err) != "pdf.page_missing" {
		t.Error(err)
	}
	if _, _, err := r.Lines(t.Context(), bytes.NewReader(file[:20]), 20, 1); key(err) != "pdf.damaged" {
		t.Error(err)
	}
}

// What is written upwards or aslant is lines of its own, with the space that it takes.
func TestTurnedLines(t *testing.T) {
	up := strings.Replace(latin(300, 200, 16, "upwards now"), "1 0 0 1 ", "0 1 -1 0 ", 1)
	_, lines := linesOf(t, reader(t), document("", sheet{draw: latin(50, 700, 12, "level, min-") + latin(50, 686, 12, "utes") + up}).file(), 1)
	if len(lines) != 3 || lines[0].Text != "level, min-" || lines[1].Text != "utes" || lines[2].Text != "upwards now" {
		t.Fatalf("%+v", lines)
	}
	if l := lines[2]; l.H < 70 || l.H > 110 || l.W > 24 || l.X > 300 || l.X+l.W < 300 || math.Abs(l.Y+l.H-642) > 1 {
		t.Errorf("%+v", l)
	}
}

// A page may hold as many words as it likes: so many are taken and no more, and they come through.
func TestLinesAreBounded(t *testing.T) {
	r := reader(t)
	var many, long strings.Builder
	for i := range MaxLines + 500 {
		fmt.Fprintf(&many, "BT /L 1 Tf 1 0 0 1 %d %d Tm (a) Tj ET\n", 10+i%50*10, 10+i/50*8)
	}
	for i := range 60 {
		long.WriteString(latin(1, float64(10+i*10), 0.01, strings.Repeat("<&>", 5000)))
	}
	for name, draw := range map[string]string{"lines": many.String(), "words": long.String()} {
		_, lines := linesOf(t, r, document("", sheet{draw: draw}).file(), 1)
		text := 0
		for _, l := range lines {
			text += len(l.Text)
			if len(l.Text) > longest+utf8Max {
				t.Errorf("%s: a line of %d bytes", name, len(l.Text))
			}
		}
		if len(lines) == 0 || len(lines) > MaxLines || text > MaxLineText || name == "lines" && len(lines) < MaxLines || name == "words" && text < MaxLineText/2 {
			t.Errorf("%s: %d lines, %d bytes", name, len(lines), text)
		}
	}
}

const utf8Max = 4
