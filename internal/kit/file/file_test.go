package file

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"xinhuo/internal/kit/errs"
)

// quarters is a picture whose four corners differ: red, green / blue, white.
func quarters(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 0, 0, 255}
			switch {
			case x >= w/2 && y >= h/2:
				c = color.RGBA{255, 255, 255, 255}
			case x >= w/2:
				c = color.RGBA{0, 255, 0, 255}
			case y >= h/2:
				c = color.RGBA{0, 0, 255, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func letter(img image.Image, x, y int) string {
	r, g, b, _ := img.At(x, y).RGBA()
	switch {
	case r > 0x8000 && g > 0x8000 && b > 0x8000:
		return "W"
	case r > 0x8000:
		return "R"
	case g > 0x8000:
		return "G"
	case b > 0x8000:
		return "B"
	}
	return "?"
}

// corners reads a picture's corners: top left, top right, bottom left, bottom right.
func corners(t *testing.T, data []byte) string {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	return letter(img, w/5, h/5) + letter(img, w-w/5, h/5) + letter(img, w/5, h-h/5) + letter(img, w-w/5, h-h/5)
}

func jpegOf(img image.Image) []byte {
	var b bytes.Buffer
	jpeg.Encode(&b, img, &jpeg.Options{Quality: 95})
	return b.Bytes()
}

// withEXIF puts an APP1 segment into a JPEG: an orientation, and a GPS directory with a place and a name as canary.
func withEXIF(data []byte, order binary.AppendByteOrder, orientation int) []byte {
	magic := "II*\x00"
	if order == binary.AppendByteOrder(binary.BigEndian) {
		magic = "MM\x00*"
	}
	tiff := order.AppendUint32([]byte(magic), 8)
	entry := func(tag, kind uint16, n, value uint32) {
		tiff = order.AppendUint16(tiff, tag)
		tiff = order.AppendUint16(tiff, kind)
		tiff = order.AppendUint32(tiff, n)
		if kind == 3 {
			tiff = order.AppendUint16(tiff, uint16(value))
			tiff = order.AppendUint16(tiff, 0)
		} else {
			tiff = order.AppendUint32(tiff, value)
		}
	}
	tiff = order.AppendUint16(tiff, 2)
	entry(0x0112, 3, 1, uint32(orientation))
	entry(0x8825, 4, 1, 38) // the GPS directory
	tiff = order.AppendUint32(tiff, 0)
	tiff = order.AppendUint16(tiff, 1)
	entry(0x001B, 2, 10, 56)
	tiff = order.AppendUint32(tiff, 0)
	tiff = append(tiff, "CANARY-GPS 30.2741N 120.1551E"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, data[:2]...)
	out = append(out, 0xFF, 0xE1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	out = append(out, body...)
	return append(out, data[2:]...)
}

// The place where a photo was taken never reaches us: all metadata is gone, the orientation is applied.
func TestPhotoDropsPlaceAndTurns(t *testing.T) {
	plain := jpegOf(quarters(60, 40))
	for orientation, want := range map[int]string{1: "RGBW", 2: "GRWB", 3: "WBGR", 4: "BWRG", 5: "RBGW", 6: "BRWG", 7: "WGBR", 8: "GWRB", 9: "RGBW", 0: "RGBW"} {
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			data := withEXIF(plain, order, orientation)
			full, thumb, w, h, err := Photo(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			for name, out := range map[string][]byte{"full": full, "thumb": thumb} {
				for _, bad := range []string{"CANARY", "Exif", "30.2741", "ICC_PROFILE", "http://ns.adobe.com"} {
					if bytes.Contains(out, []byte(bad)) {
						t.Errorf("orientation %d: %s still has %s", orientation, name, bad)
					}
				}
				if got := corners(t, out); got != want {
					t.Errorf("orientation %d %s: %s, want %s", orientation, name, got, want)
				}
			}
			if tall := orientation >= 5 && orientation <= 8; tall != (h > w) {
				t.Errorf("orientation %d: %d by %d", orientation, w, h)
			}
		}
	}
}

func TestPhotoSizes(t *testing.T) {
	for _, c := range []struct{ w, h, fw, fh, tw, th int }{
		{4000, 3000, 1600, 1200, 480, 360}, {1601, 10, 1600, 10, 480, 3}, {300, 200, 300, 200, 300, 200}, {1, 5000, 1, 1600, 1, 480}, {1700, 1700, 1600, 1600, 480, 480}, {1, 1, 1, 1, 1, 1},
	} {
		full, thumb, w, h, err := Photo(bytes.NewReader(jpegOf(quarters(c.w, c.h))))
		if err != nil {
			t.Fatal(err)
		}
		f, _ := jpeg.DecodeConfig(bytes.NewReader(full))
		th, _ := jpeg.DecodeConfig(bytes.NewReader(thumb))
		if w != c.fw || h != c.fh || f.Width != w || f.Height != h || th.Width != c.tw || th.Height != c.th {
			t.Errorf("%d by %d: %d by %d, thumb %d by %d", c.w, c.h, w, h, th.Width, th.Height)
		}
	}
	full, _, _, _, _ := Photo(bytes.NewReader(jpegOf(quarters(4000, 3000))))
	if got := corners(t, full); got != "RGBW" {
		t.Error("shrunk wrongly", got)
	}
}

// A tiny lossless WebP of one pixel.
var webpPixel, _ = base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")

func TestPhotoKinds(t *testing.T) {
	var p, g bytes.Buffer
	see := image.NewNRGBA(image.Rect(0, 0, 20, 20)) // transparent throughout
	png.Encode(&p, see)
	gif.Encode(&g, quarters(20, 20), nil)
	full, _, _, _, err := Photo(&p)
	if err != nil || corners(t, full) != "WWWW" {
		t.Error("transparent is not white", err)
	}
	full, _, _, _, err = Photo(&g)
	if err != nil || corners(t, full) != "RGBW" {
		t.Error(err)
	}
	if _, _, w, h, err := Photo(bytes.NewReader(webpPixel)); err != nil || w != 1 || h != 1 {
		t.Error(err)
	}
}

// pngBomb is a valid PNG header of w by h with little behind it.
func pngBomb(w, h uint32) []byte {
	chunk := func(name string, body []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		out = append(append(out, name...), body...)
		return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	zw.Write(make([]byte, 1000))
	zw.Close()
	out := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 6, 0, 0, 0))...)
	return append(append(out, chunk("IDAT", z.Bytes())...), chunk("IEND", nil)...)
}

func jpegClaiming(w, h uint16) []byte {
	data := jpegOf(quarters(16, 16))
	at := bytes.Index(data, []byte{0xFF, 0xC0})
	binary.BigEndian.PutUint16(data[at+5:], h)
	binary.BigEndian.PutUint16(data[at+7:], w)
	return data
}

func TestPhotoRefuses(t *testing.T) {
	good := jpegOf(quarters(64, 64))
	sos := bytes.Index(good, []byte{0xFF, 0xDA})
	segment := good[sos : sos+2+int(binary.BigEndian.Uint16(good[sos+2:]))]
	scans := append(append([]byte{}, good[:sos]...), bytes.Repeat(segment, 100)...)
	scans = append(scans, good[sos:]...)
	// The canvas says one pixel, the frame inside 16,384 by 16,384.
	inner := bytes.Clone(webpPixel)
	copy(inner[21:], []byte{0xFF, 0xFF, 0xFF, 0x0F})
	canvas := []byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	canvas = append(canvas, inner[12:]...)
	binary.LittleEndian.PutUint32(canvas[4:], uint32(len(canvas)-8))
	for _, c := range []struct {
		name string
		data []byte
		kind errs.Kind
		key  string
	}{
		{"empty", nil, errs.Invalid, "file.empty"},
		{"program", []byte("MZ\x90\x00\x03\x00\x00\x00"), errs.Unsupported, "file.kind_refused"},
		{"text", []byte("照片"), errs.Unsupported, "file.kind_refused"},
		{"heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), errs.Unsupported, "file.photo_heic"},
		{"half", good[:len(good)/2], errs.Unsupported, "file.photo_damaged"},
		{"only the mark", []byte("\xFF\xD8\xFF"), errs.Unsupported, "file.photo_damaged"},
		{"png bomb", pngBomb(50_000, 50_000), errs.TooLarge, "file.photo_too_many_pixels"},
		{"jpeg bomb", jpegClaiming(65_000, 65_000), errs.TooLarge, "file.photo_too_many_pixels"},
		{"webp bomb", inner, errs.TooLarge, "file.photo_too_many_pixels"},
		{"webp bomb inside", canvas, errs.TooLarge, "file.photo_too_many_pixels"},
		{"png without rows", pngBomb(2000, 2000), errs.Unsupported, "file.photo_damaged"},
		{"a hundred scans", scans, errs.Unsupported, "file.photo_damaged"},
		{"bytes", append(bytes.Clone(good), make([]byte, MaxPhotoBytes)...), errs.TooLarge, "file.too_large"},
	} {
		_, _, _, _, err := Photo(bytes.NewReader(c.data))
		var e *errs.Error
		if !errors.As(err, &e) || e.Kind != c.kind || e.Key != c.key {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func zipOf(names ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, n := range names {
		w, _ := z.Create(n)
		io.WriteString(w, "<x/>")
	}
	z.Close()
	return b.Bytes()
}

func TestSniff(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		want Kind
	}{
		{"jpeg", jpegOf(quarters(4, 4)), JPEG}, {"png", pngBomb(1, 1), PNG}, {"gif", []byte("GIF89a..."), GIF}, {"webp", webpPixel, WebP},
		{"pdf", []byte("%PDF-1.7\n"), PDF}, {"docx", zipOf("[Content_Types].xml", "word/document.xml"), DOCX}, {"xlsx", zipOf("xl/workbook.xml"), XLSX},
		{"text", []byte("甘露小学，二十人。\r\n"), TXT}, {"gb18030", []byte("\xD5\xC5\xC8\xFD"), TXT}, {"mark", []byte("\xEF\xBB\xBFa"), TXT},
		{"renamed exe", []byte("MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff"), Unknown}, {"elf", []byte("\x7fELF\x02\x01"), Unknown},
		{"macros", zipOf("word/document.xml", "word/vbaProject.bin"), Unknown}, {"other zip", zipOf("a.exe"), Unknown}, {"half zip", zipOf("xl/workbook.xml")[:40], Unknown},
		{"page", []byte(" \n<html><script>"), Unknown}, {"svg", []byte("<svg xmlns=''/>"), Unknown}, {"script", []byte("#!/bin/sh\n"), Unknown},
		{"old office", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\x00"), Unknown}, {"empty", nil, Unknown}, {"blank", []byte(" \n"), Unknown}, {"blank in GB18030, which crashed", []byte("\xa1\xa1"), Unknown}, {"nul", []byte("a\x00b"), Unknown},
	} {
		if got := Sniff(c.data); got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestCheck(t *testing.T) {
	if data, kind, err := Check(strings.NewReader("甘露"), 6, Documents...); err != nil || kind != TXT || string(data) != "甘露" {
		t.Error(kind, err)
	}
	if _, _, err := Check(strings.NewReader("甘露。"), 6, Documents...); !errs.Is(err, errs.TooLarge) {
		t.Error(err)
	}
	_, _, err := Check(strings.NewReader("甘露"), 6, PDF, DOCX)
	var e *errs.Error
	if !errors.As(err, &e) || e.Args["Kinds"] != "pdf、docx" {
		t.Error(err)
	}
}

// Every key of the source has words in both languages.
func TestTexts(t *testing.T) {
	line := regexp.MustCompile(`(?m)^"(file\.[a-z_]+)" = ".+"$`)
	var keys [2]string
	for i, lang := range []string{"zh", "en"} {
		data, err := Texts.ReadFile("i18n/" + lang + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range line.FindAllStringSubmatch(string(data), -1) {
			keys[i] += m[1] + " "
		}
	}
	if keys[0] != keys[1] || len(strings.Fields(keys[0])) != 6 {
		t.Error(fmt.Sprint(keys))
	}
}

func FuzzPhoto(f *testing.F) {
	f.Add(withEXIF(jpegOf(quarters(8, 8)), binary.LittleEndian, 6))
	f.Add(pngBomb(4, 4))
	f.Add(webpPixel)
	f.Fuzz(func(t *testing.T, data []byte) {
		// The limits hold for real photos; a fuzzer would only wait for the largest of them.
		if checkPixels(data, Sniff(data)) == nil && len(data) > 0 {
			if c, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width*c.Height > 1_000_000 {
				return
			}
		}
		full, thumb, w, h, err := Photo(bytes.NewReader(data))
		if err != nil {
			if errs.KindOf(err) == errs.Internal {
				t.Fatalf("no words for a person: %v", err)
			}
			return
		}
		c, err := jpeg.DecodeConfig(bytes.NewReader(full))
		if err != nil || c.Width != w || c.Height != h || max(w, h) > FullEdge || bytes.Contains(full, []byte("Exif")) || len(thumb) == 0 {
			t.Fatal(w, h, err)
		}
	})
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("甘露"))
	f.Add(zipOf("word/document.xml"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if k := Sniff(data); k == TXT && bytes.ContainsRune(data, 0) {
			t.Fatal("a text with NUL")
		}
	})
}

// A picture keeps to its bytes however little there is to save, stands upright and says nothing of where it was taken.
func TestPictureIsSmall(t *testing.T) {
	noise := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	rng := rand.New(rand.NewPCG(3, 1))
	for i := range noise.Pix {
		noise.Pix[i] = byte(rng.Uint32())
	}
	for name, c := range map[string]struct {
		data       []byte
		edge, most int
		w, h       int // 0: whatever keeps the shape
	}{
		"a camera's":     {withEXIF(jpegOf(quarters(1600, 1000)), binary.LittleEndian, 6), 960, 80_000, 600, 960},
		"smaller":        {jpegOf(quarters(120, 80)), 960, 80_000, 120, 80},
		"noise":          {jpegOf(noise), 960, 80_000, 0, 0},
		"hardly a bytes": {jpegOf(noise), 960, 700, 0, 0},
	} {
		data, w, h, err := Picture(bytes.NewReader(c.data), c.edge, c.most)
		if err != nil || len(data) > c.most || max(w, h) > c.edge || bytes.Contains(data, []byte("Exif")) {
			t.Errorf("%s: %d bytes, %d by %d, %v", name, len(data), w, h, err)
		}
		if got, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || got.Width != w || got.Height != h || c.w > 0 && (w != c.w || h != c.h) {
			t.Errorf("%s: said %d by %d, is %d by %d, %v", name, w, h, got.Width, got.Height, err)
		}
	}
	if _, _, _, err := Picture(strings.NewReader("<script>"), 960, 80_000); errs.KindOf(err) != errs.Unsupported {
		t.Error(err)
	}
}
