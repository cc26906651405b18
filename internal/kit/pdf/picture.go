package pdf

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"slices"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"golang.org/x/image/draw"
)

// pixels are the width and height of a picture of a page, whatever size the page claims: no higher than three times its width.
func pixels(pageWidth, pageHeight float64, width int) (int, int) {
	w := float64(width)
	h := w * pageHeight / pageWidth
	if h > 3*w {
		w, h = 3*w*w/h, 3*w
	}
	return max(1, int(math.Round(w))), max(1, int(math.Round(h)))
}

// drawPage has pdfium draw a page on white.
func drawPage(p pdfium.Pdfium, doc references.FPDF_DOCUMENT, index, width int) (*image.RGBA, error) {
	size, err := p.FPDF_GetPageSizeByIndex(&requests.FPDF_GetPageSizeByIndex{Document: doc, Index: index})
	if err != nil {
		return nil, err
	}
	if !measurable(size.Width) || !measurable(size.Height) {
		return nil, errors.New("pdf: a page without size")
	}
	w, h := pixels(size.Width, size.Height, width)
	bitmap, err := p.FPDFBitmap_Create(&requests.FPDFBitmap_Create{Width: w, Height: h})
	if err != nil {
		return nil, err
	}
	defer p.FPDFBitmap_Destroy(&requests.FPDFBitmap_Destroy{Bitmap: bitmap.Bitmap})
	if _, err := p.FPDFBitmap_FillRect(&requests.FPDFBitmap_FillRect{Bitmap: bitmap.Bitmap, Width: w, Height: h, Color: 0xFFFFFFFF}); err != nil {
		return nil, err
	}
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: index}}
	flags := enums.FPDF_RENDER_FLAG_ANNOT | enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER
	if _, err := p.FPDF_RenderPageBitmap(&requests.FPDF_RenderPageBitmap{Bitmap: bitmap.Bitmap, Page: page, SizeX: w, SizeY: h, Flags: flags}); err != nil {
		return nil, err
	}
	stride, err := p.FPDFBitmap_GetStride(&requests.FPDFBitmap_GetStride{Bitmap: bitmap.Bitmap})
	if err != nil {
		return nil, err
	}
	buf, err := p.FPDFBitmap_GetBuffer(&requests.FPDFBitmap_GetBuffer{Bitmap: bitmap.Bitmap})
	if err != nil {
		return nil, err
	}
	if stride.Stride < 4*w || len(buf.Buffer) < stride.Stride*h {
		return nil, errors.New("pdf: bitmap")
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		row := img.Pix[y*img.Stride : (y+1)*img.Stride]
		copy(row, buf.Buffer[y*stride.Stride:])
		for x := 3; x < len(row); x += 4 {
			row[x] = 0xFF
		}
	}
	return img, nil
}

// picture packs a page into at most MaxPicture bytes: a PNG of 16 greys, or of few colours where the page has no more, or a
// JPEG; the smaller of both, of lower quality where it must be, without colours where they do not fit, smaller at last.
func picture(img *image.RGBA) ([]byte, error) {
	for {
		grey := greys(img)
		if coloured(img) {
			if b, err := packed(fewColours(img), img); b != nil || err != nil {
				return b, err
			}
		}
		if b, err := packed(sixteen(grey), grey); b != nil || err != nil {
			return b, err
		}
		small := image.NewRGBA(image.Rect(0, 0, max(1, img.Rect.Dx()*3/4), max(1, img.Rect.Dy()*3/4)))
		if small.Rect == img.Rect {
			return nil, errors.New("pdf: no picture is small enough")
		}
		draw.CatmullRom.Scale(small, small.Rect, img, img.Rect, draw.Src, nil)
		img = small
	}
}

// packed is the smaller of a PNG and a JPEG, nil where neither fits. flat may be nil.
func packed(flat *image.Paletted, full image.Image) ([]byte, error) {
	var best []byte
	if flat != nil {
		var b bytes.Buffer
		if err := png.Encode(&b, flat); err != nil {
			return nil, err
		}
		if b.Len() <= MaxPicture {
			best = b.Bytes()
		}
	}
	for quality := 80; quality >= 35; quality -= 15 {
		var b bytes.Buffer
		if err := jpeg.Encode(&b, full, &jpeg.Options{Quality: quality}); err != nil {
			return nil, err
		}
		if best != nil {
			if b.Len() < len(best) {
				best = b.Bytes()
			}
			break // sharp and small enough: no lower quality is tried
		}
		if b.Len() <= MaxPicture {
			return b.Bytes(), nil
		}
	}
	return best, nil
}

// coloured tells whether one pixel in two thousand is clearly of a colour.
func coloured(img *image.RGBA) bool {
	n := 0
	for i := 0; i+3 < len(img.Pix); i += 4 {
		r, g, b := img.Pix[i], img.Pix[i+1], img.Pix[i+2]
		if max(r, g, b)-min(r, g, b) > 40 {
			n++
		}
	}
	return n > len(img.Pix)/4/2000
}

func greys(img *image.RGBA) *image.Gray {
	g := image.NewGray(img.Rect)
	for i := range g.Pix {
		p := img.Pix[4*i : 4*i+3 : 4*i+3]
		g.Pix[i] = uint8((299*int(p[0]) + 587*int(p[1]) + 114*int(p[2]) + 500) / 1000)
	}
	return g
}

func sixteen(g *image.Gray) *image.Paletted {
	p := make(color.Palette, 16)
	for i := range p {
		p[i] = color.Gray{uint8(i * 17)}
	}
	out := image.NewPaletted(g.Rect, p)
	for i, v := range g.Pix {
		out.Pix[i] = uint8((int(v) + 8) / 17)
	}
	return out
}

// fewColours is the image in its 32 commonest colours, nil where they do not do it justice.
func fewColours(img *image.RGBA) *image.Paletted {
	const most = 32
	bin := func(p []byte) int { return int(p[0])>>4<<8 | int(p[1])>>4<<4 | int(p[2])>>4 }
	var count [4096]int
	for i := 0; i+3 < len(img.Pix); i += 4 {
		count[bin(img.Pix[i:])]++
	}
	order := make([]int, 0, len(count))
	for i, n := range count {
		if n > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return count[b] - count[a] })
	level := func(bin, shift int) int { return bin >> shift & 15 * 17 }
	var palette color.Palette
	var nearest [4096]uint8
	wrong, all := 0, len(img.Pix)/4
	for k, i := range order {
		r, g, b := level(i, 8), level(i, 4), level(i, 0)
		if k < most {
			palette = append(palette, color.RGBA{uint8(r), uint8(g), uint8(b), 0xFF})
			nearest[i] = uint8(k)
			continue
		}
		far := math.MaxInt
		for n, j := range order[:most] {
			dr, dg, db := r-level(j, 8), g-level(j, 4), b-level(j, 0)
			if d := dr*dr + dg*dg + db*db; d < far {
				far, nearest[i] = d, uint8(n)
			}
		}
		if far > 48*48 {
			wrong += count[i]
		}
	}
	if wrong > all/500 {
		return nil
	}
	out := image.NewPaletted(img.Rect, palette)
	for i := range out.Pix {
		out.Pix[i] = nearest[bin(img.Pix[4*i:])]
	}
	return out
}
