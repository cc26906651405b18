package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg"
	_ "image/png"
	"strings"
	"testing"

	"xinhuo/internal/kit/extract"
)

func read(t *testing.T, r *Reader, file []byte) Document {
	t.Helper()
	d, err := r.Read(t.Context(), bytes.NewReader(file), int64(len(file)), extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func texts(d Document) (out []string) {
	for _, b := range d.Blocks {
		out = append(out, b.Text)
	}
	return out
}

// A word that goes on in the next line is found only when both lines are one text.
func TestLinesOfChineseAreOneText(t *testing.T) {
	page := at(140, 780, 22, "关于开展“五老”关爱") + at(162, 750, 22, "下一代工作的通知") +
		at(122, 700, 16, "各县（市、区）关工委：") +
		at(122, 672, 16, "为深入学习贯彻会议精神，充分发挥老干部老") +
		at(90, 644, 16, "战士老专家老教师老模范在关心下一代工作中的作") +
		at(90, 616, 16, "用，决定2019年起开展活动。") +
		at(122, 588, 16, "联系人：𠮷田，电话另告。") +
		latin(90, 540, 12, "The committee meets every month and hands down its min-") + latin(90, 524, 12, "utes to those below.")
	m := document("", sheet{draw: page}, sheet{dict: "/MediaBox [0 0 842 595] ", draw: at(90, 500, 16, "第二页")})
	m.trailer = fmt.Sprintf("/Info %d 0 R", m.add("<</Title <FEFF5E74521D8BA15212> /Author (L) /CreationDate (D:20190531093000+08'00')>>"))
	d := read(t, reader(t), m.file())
	want := []string{"关于开展“五老”关爱下一代工作的通知", "各县（市、区）关工委：",
		"为深入学习贯彻会议精神，充分发挥老干部老战士老专家老教师老模范在关心下一代工作中的作用，决定2019年起开展活动。",
		"联系人：𠮷田，电话另告。", "The committee meets every month and hands down its minutes to those below.", "第二页"}
	if got := texts(d); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q", got)
	}
	if d.Pages != 2 || len(d.Sizes) != 2 || d.Sizes[0] != (Size{595, 842}) || d.Sizes[1] != (Size{842, 595}) || d.Cut {
		t.Errorf("%+v", d)
	}
	if d.Blocks[0].Page != 1 || d.Blocks[5].Page != 2 || d.Blocks[0].Kind != extract.Paragraph {
		t.Errorf("%+v", d.Blocks)
	}
	if d.Title != "年初计划" || d.Author != "L" || d.Created.Format("2006-01-02 15:04") != "2019-05-31 01:30" || !d.Modified.IsZero() {
		t.Errorf("%q %q %v %v", d.Title, d.Author, d.Created, d.Modified)
	}
}

// A table laid across the sheet is written upwards; its lines are lines all the same.
func TestTurnedTextIsJoinedToo(t *testing.T) {
	up := func(x, y float64, text string) string {
		return strings.Replace(latin(x, y, 16, text), "1 0 0 1 ", "0 1 -1 0 ", 1)
	}
	page := up(100, 132, "The committee meets every month and hands") + up(124, 100, "down its minutes to those below, who answer") + up(148, 100, "within a week.") + up(172, 132, "Next.")
	d := read(t, reader(t), document("", sheet{dict: "/Rotate 90 ", draw: page}).file())
	want := "The committee meets every month and hands down its minutes to those below, who answer within a week.|Next."
	if got := strings.Join(texts(d), "|"); got != want || d.Sizes[0] != (Size{842, 595}) {
		t.Errorf("%s, %v", got, d.Sizes)
	}
}

func picturePage(t *testing.T, r *Reader, file []byte, n int) (image.Image, string) {
	t.Helper()
	b, mime, err := r.Page(t.Context(), bytes.NewReader(file), int64(len(file)), n, 900)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > MaxPicture {
		t.Fatalf("%d bytes", len(b))
	}
	img, format, err := image.Decode(bytes.NewReader(b))
	if err != nil || "image/"+format != mime {
		t.Fatal(format, mime, err)
	}
	return img, mime
}

func TestPageIsDrawn(t *testing.T) {
	file := document("", sheet{draw: latin(60, 700, 40, "Minutes")}, sheet{draw: "1 0 0 rg 0 421 595 421 re f"}, sheet{dict: "/Rotate 90 ", draw: "0 g 0 0 595 421 re f"}).file()
	r := reader(t)
	img, _ := picturePage(t, r, file, 1)
	if b := img.Bounds(); b.Dx() != 900 || b.Dy() != 1274 {
		t.Error(b)
	}
	if r, g, b, _ := img.At(5, 5).RGBA(); r != 0xFFFF || g != 0xFFFF || b != 0xFFFF {
		t.Error("the ground is not white")
	}
	dark := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if v, _, _, _ := img.At(x, y).RGBA(); v < 0x4000 {
				dark++
			}
		}
	}
	if dark < 2000 {
		t.Errorf("%d dark pixels: nothing is written", dark)
	}
	img, _ = picturePage(t, r, file, 2)
	if r, g, b, _ := img.At(450, 300).RGBA(); r < 0xE000 || g > 0x2000 || b > 0x2000 {
		t.Error("red is not red", r, g, b)
	}
	img, _ = picturePage(t, r, file, 3) // turned: wide, what was below is on the left
	left, _, _, _ := img.At(20, 300).RGBA()
	right, _, _, _ := img.At(880, 300).RGBA()
	if b := img.Bounds(); b.Dx() != 900 || b.Dy() > 700 || left > 0x1000 || right < 0xF000 {
		t.Error(b, left, right)
	}
}

// A page of noise does not fit as it is.
func TestPictureIsNeverTooLarge(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 900, 1273))
	x := uint32(1)
	for i := range img.Pix {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		img.Pix[i] = byte(x)
	}
	b, err := picture(img)
	if err != nil || len(b) > MaxPicture || len(b) == 0 {
		t.Error(len(b), err)
	}
}

// A photograph keeps its colours, as a JPEG; a red head above black text stays sharp, in a few colours.
func TestPictureKeepsColours(t *testing.T) {
	photo, head := image.NewRGBA(image.Rect(0, 0, 900, 1273)), image.NewRGBA(image.Rect(0, 0, 900, 1273))
	for y := range 1273 {
		for x := range 900 {
			photo.SetRGBA(x, y, color.RGBA{uint8(x / 4), uint8(y / 5), uint8(255 - x/4), 255})
			c := color.RGBA{255, 255, 255, 255}
			if y > 100 && y < 160 && x%40 < 20 {
				c = color.RGBA{220, 20, 20, 255}
			} else if y > 300 && y%30 < 4 {
				c = color.RGBA{0, 0, 0, 255}
			}
			head.SetRGBA(x, y, c)
		}
	}
	for want, img := range map[string]*image.RGBA{"jpeg": photo, "png": head} {
		b, err := picture(img)
		if err != nil {
			t.Fatal(err)
		}
		got, format, err := image.Decode(bytes.NewReader(b))
		if err != nil || format != want || len(b) > MaxPicture || got.Bounds() != img.Rect {
			t.Errorf("%s, not %s: %d bytes, %v", format, want, len(b), err)
		}
		at := func(img image.Image) [3]int {
			r, g, b, _ := img.At(45, 130).RGBA()
			return [3]int{int(r >> 8), int(g >> 8), int(b >> 8)}
		}
		for i, v := range at(got) {
			if d := v - at(img)[i]; d < -20 || d > 20 {
				t.Errorf("%s: %v became %v", want, at(img), at(got))
			}
		}
	}
}

func TestParagraphs(t *testing.T) {
	l := func(left, right, base float64, s string) line {
		return line{text: s, left: left, right: right, base: base, size: 10}
	}
	for name, c := range map[string]struct {
		lines []line
		want  string
	}{
		"indented":      {[]line{l(20, 100, 90, "甲"), l(0, 100, 75, "乙"), l(20, 100, 60, "丙"), l(0, 100, 45, "丁")}, "甲乙|丙丁"},
		"larger gap":    {[]line{l(0, 100, 90, "甲"), l(0, 100, 75, "乙"), l(0, 100, 60, "丙"), l(0, 100, 30, "丁")}, "甲乙丙|丁"},
		"short and end": {[]line{l(0, 75, 90, "甲。"), l(0, 100, 75, "乙"), l(0, 100, 60, "丙")}, "甲。|乙丙"},
		"short, no end": {[]line{l(0, 85, 90, "甲"), l(0, 100, 75, "乙")}, "甲乙"},
		"headings":      {[]line{l(0, 40, 90, "一、甲"), l(0, 100, 75, "乙")}, "一、甲|乙"},
		"columns":       {[]line{l(0, 45, 90, "甲"), l(0, 45, 75, "乙"), l(55, 100, 90, "丙"), l(55, 100, 75, "丁")}, "甲乙|丙丁"},
		"a quotation":   {[]line{l(0, 100, 90, "甲"), l(20, 100, 75, "乙"), l(20, 100, 60, "丙"), l(0, 100, 45, "丁"), l(0, 100, 30, "戊")}, "甲|乙丙|丁戊"},
		"of one line":   {[]line{l(20, 100, 90, "甲。"), l(20, 100, 75, "乙"), l(0, 100, 60, "丙"), l(0, 100, 45, "丁")}, "甲。|乙丙丁"},
		"a list":        {[]line{l(0, 100, 90, "• 甲"), l(15, 100, 75, "乙"), l(0, 100, 60, "• 丙"), l(0, 100, 45, "• 丁")}, "• 甲乙|• 丙|• 丁"},
		"numerals":      {[]line{l(0, 100, 90, "1.甲"), l(15, 100, 75, "乙。"), l(0, 100, 60, "（二）丙，第"), l(0, 100, 45, "一、二季度")}, "1.甲乙。|（二）丙，第一、二季度"},
		"Latin":         {[]line{l(0, 100, 90, "one"), l(0, 100, 75, "two\u00AD"), l(0, 100, 60, "three"), l(0, 100, 45, "四"), l(0, 100, 30, "5")}, "one twothree四5"},
	} {
		if got := strings.Join(paragraphs(c.lines), "|"); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}
