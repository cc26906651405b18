package file

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	scale "golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"xinhuo/internal/kit/errs"
)

// Sizes of photos: the long edges in pixels of what is kept, and what is taken in.
const (
	FullEdge  = 1600
	ThumbEdge = 480

	MaxPhotoBytes = 25 << 20
	// Phones make photos of 50 million pixels, as JPEG; another kind costs four to eight times the memory a pixel.
	maxPixelsJPEG  = 52_000_000
	maxPixelsOther = 25_000_000
	// maxScans bounds the work that a progressive JPEG asks for: each scan may touch the whole picture.
	maxScans = 64
)

// Photo turns an uploaded photo into two JPEG files: one of at most FullEdge pixels along its long edge, w by h, and a
// thumbnail of at most ThumbEdge. The camera's orientation is applied, then all metadata, the place above all, is gone
// with the old file. Errors: errs.TooLarge (bytes, pixels), errs.Unsupported (no photo, damaged), errs.Invalid (empty).
func Photo(r io.Reader) (full, thumb []byte, w, h int, err error) {
	small, err := upright(r, FullEdge)
	if err != nil {
		return nil, nil, 0, 0, err
	}
	if full, err = encode(small, 84); err != nil {
		return nil, nil, 0, 0, err
	}
	if thumb, err = encode(fit(shrink(small, ThumbEdge), ThumbEdge), 80); err != nil {
		return nil, nil, 0, 0, err
	}
	return full, thumb, small.Rect.Dx(), small.Rect.Dy(), nil
}

// Picture turns an uploaded photo into one JPEG of at most edge pixels along its long edge, w by h, and of at most most bytes: its quality
// falls until it is small enough, then its size. Otherwise it is as Photo, with the same errors.
func Picture(r io.Reader, edge, most int) (data []byte, w, h int, err error) {
	img, err := upright(r, edge)
	for err == nil {
		for quality := 84; quality >= 44; quality -= 8 {
			if data, err = encode(img, quality); err != nil || len(data) <= most {
				return data, img.Rect.Dx(), img.Rect.Dy(), err
			}
		}
		if edge = edge * 3 / 4; edge < 16 { // no picture is larger than most then, however small that is
			return data, img.Rect.Dx(), img.Rect.Dy(), nil
		}
		img = fit(img, edge)
	}
	return nil, 0, 0, err
}

// upright reads an uploaded photo, shrinks it to edge pixels along its long edge and turns it as the camera was held.
func upright(r io.Reader, edge int) (*image.RGBA, error) {
	data, kind, err := Check(r, MaxPhotoBytes, Photos...)
	if err != nil {
		return nil, err
	}
	orientation, scans := 1, 0
	if kind == JPEG {
		orientation, scans = jpegMarkers(data)
	}
	if scans > maxScans {
		return nil, errs.New(errs.Unsupported, "file.photo_damaged")
	}
	if err := checkPixels(data, kind); err != nil {
		return nil, err
	}
	img, err := decode(data, kind)
	if err != nil {
		return nil, errs.Wrap(err, errs.Unsupported, "file.photo_damaged")
	}
	return turn(fit(shrink(img, edge), edge), orientation), nil
}

func encode(img image.Image, quality int) ([]byte, error) {
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), err
}

func decode(data []byte, kind Kind) (image.Image, error) {
	r := bytes.NewReader(data)
	switch kind {
	case PNG:
		return png.Decode(r)
	case GIF:
		return gif.Decode(r)
	case WebP:
		return webp.Decode(r)
	}
	return jpeg.Decode(r)
}

// checkPixels refuses a small file that would unfold into a huge picture, before anything is unfolded.
func checkPixels(data []byte, kind Kind) error {
	r := bytes.NewReader(data)
	var c image.Config
	var err error
	limit := int64(maxPixelsOther)
	switch kind {
	case PNG:
		c, err = png.DecodeConfig(r)
	case GIF:
		c, err = gif.DecodeConfig(r)
	case WebP:
		c, err = webp.DecodeConfig(r)
	default:
		c, err = jpeg.DecodeConfig(r)
		limit = maxPixelsJPEG
	}
	if err != nil || c.Width < 1 || c.Height < 1 {
		return errs.Wrap(err, errs.Unsupported, "file.photo_damaged")
	}
	pixels := int64(c.Width) * int64(c.Height)
	if kind == WebP {
		pixels = max(pixels, webpFrame(data))
	}
	if pixels > limit {
		return errs.New(errs.TooLarge, "file.photo_too_many_pixels", "Limit", limit/10_000, "Millions", limit/1_000_000)
	}
	return nil
}

// webpFrame is the largest number of pixels that a frame inside claims: the canvas outside may claim fewer.
func webpFrame(data []byte) (pixels int64) {
	for at := 12; at+8 <= len(data); {
		size := int(binary.LittleEndian.Uint32(data[at+4:]))
		body := data[at+8:]
		switch name := string(data[at : at+4]); {
		case name == "VP8 " && len(body) >= 10:
			w := int64(binary.LittleEndian.Uint16(body[6:]) & 0x3FFF)
			pixels = max(pixels, w*int64(binary.LittleEndian.Uint16(body[8:])&0x3FFF))
		case name == "VP8L" && len(body) >= 5:
			bits := binary.LittleEndian.Uint32(body[1:])
			pixels = max(pixels, int64(bits&0x3FFF+1)*int64(bits>>14&0x3FFF+1))
		}
		if size > len(body) {
			break
		}
		at += 8 + size + size&1
	}
	return pixels
}

// shrink averages squares of pixels, on white, until the long edge is below twice the wanted one. It works in strips: a
// photo of 50 million pixels never stands in memory a second time.
func shrink(src image.Image, edge int) *image.RGBA {
	b := src.Bounds()
	n := max(1, max(b.Dx(), b.Dy())/edge)
	w, h := max(1, b.Dx()/n), max(1, b.Dy()/n)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	strip := image.NewRGBA(image.Rect(0, 0, b.Dx(), n))
	for y := range h {
		draw.Draw(strip, strip.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(strip, strip.Rect, src, image.Pt(b.Min.X, b.Min.Y+y*n), draw.Over)
		for x := range w {
			var sum [3]int
			// An edge shorter than a square gives what there is.
			rows, cols := min(n, b.Dy()-y*n), min(n, b.Dx()-x*n)
			for sy := range rows {
				p := strip.Pix[sy*strip.Stride+x*n*4:]
				for sx := range cols {
					sum[0] += int(p[sx*4])
					sum[1] += int(p[sx*4+1])
					sum[2] += int(p[sx*4+2])
				}
			}
			d := dst.Pix[dst.PixOffset(x, y):]
			for i := range 3 {
				d[i] = byte((sum[i] + rows*cols/2) / (rows * cols))
			}
			d[3] = 255
		}
	}
	return dst
}

// fit scales a picture down to the wanted long edge; a smaller one stays as it is.
func fit(src *image.RGBA, edge int) *image.RGBA {
	w, h := src.Rect.Dx(), src.Rect.Dy()
	long := max(w, h)
	if long <= edge {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, max(1, (w*edge+long/2)/long), max(1, (h*edge+long/2)/long)))
	scale.CatmullRom.Scale(dst, dst.Rect, src, src.Rect, draw.Src, nil)
	return dst
}

// turn applies an EXIF orientation (1 to 8) to a picture.
func turn(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dw, dh := w, h
	if orientation >= 5 {
		dw, dh = h, w
	}
	dst := image.NewRGBA(image.Rect(0, 0, dw, dh))
	for y := range dh {
		for x := range dw {
			sx, sy := x, y
			switch orientation {
			case 2:
				sx = w - 1 - x
			case 3:
				sx, sy = w-1-x, h-1-y
			case 4:
				sy = h - 1 - y
			case 5:
				sx, sy = y, x
			case 6:
				sx, sy = y, h-1-x
			case 7:
				sx, sy = w-1-y, h-1-x
			case 8:
				sx, sy = w-1-y, x
			}
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}

// jpegMarkers walks the segments of a JPEG: it gives the EXIF orientation (1 when there is none) and the number of scans.
func jpegMarkers(data []byte) (orientation, scans int) {
	orientation = 1
	for at := 2; at+4 <= len(data); {
		if data[at] != 0xFF {
			at++ // the picture's own bytes between a scan and the next marker
			continue
		}
		marker := data[at+1]
		if marker == 0xD9 {
			break
		}
		if marker == 0xFF {
			at++
			continue
		}
		if marker <= 0x01 || marker >= 0xD0 && marker <= 0xD8 {
			at += 2
			continue
		}
		size := int(binary.BigEndian.Uint16(data[at+2:]))
		if size < 2 || at+2+size > len(data) {
			break
		}
		if marker == 0xDA {
			scans++
		}
		if body := data[at+4 : at+2+size]; marker == 0xE1 && scans == 0 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			if o := exifOrientation(body[6:]); o != 0 {
				orientation = o
			}
		}
		at += 2 + size
	}
	return orientation, scans
}

// exifOrientation reads tag 0x0112 of the first directory, 0 when it is not there or makes no sense.
func exifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := int64(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == 0x0112 && order.Uint16(entries[2:]) == 3 {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}
