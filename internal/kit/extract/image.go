package extract

import (
	"bytes"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"io"

	_ "golang.org/x/image/webp"

	"xinhuo/internal/kit/errs"
)

// readImage reads the size of an image from its head and nothing more: no pixel is decoded. What makes pictures of it is
// kit/file's matter.
func (w *work) readImage() error {
	c, kind, err := image.DecodeConfig(io.NewSectionReader(w.src, 0, w.src.size))
	if err != nil {
		return damaged(err)
	}
	if c.Width <= 0 || c.Height <= 0 {
		return damaged(io.ErrUnexpectedEOF)
	}
	if c.Width > w.lim.Pixels || c.Height > w.lim.Pixels || int64(c.Width)*int64(c.Height) > int64(w.lim.Pixels) {
		return errs.New(errs.TooLarge, "extract.too_many_pixels", "Limit", w.lim.Pixels/10_000, "Millions", w.lim.Pixels/1_000_000)
	}
	w.doc.Format = map[string]Format{"jpeg": JPEG, "png": PNG, "gif": GIF, "webp": WebP}[kind]
	w.doc.Width, w.doc.Height = c.Width, c.Height
	return w.whole()
}

// whole tells an image that ends where its format says, from one of which the end is missing. What stands behind the end
// is no picture and does no harm.
func (w *work) whole() error {
	mark := map[Format]string{JPEG: "\xFF\xD9", PNG: "IEND\xAE\x42\x60\x82", GIF: ";"}[w.doc.Format]
	if mark == "" {
		var head [8]byte
		if _, err := w.src.ReadAt(head[:], 0); err != nil {
			return damaged(err)
		}
		if int64(order.Uint32(head[4:]))+8 > w.src.size+1 {
			return damaged(io.ErrUnexpectedEOF)
		}
		return nil
	}
	buf, kept := make([]byte, 64<<10), 0
	for at := int64(0); at < w.src.size; {
		n, err := w.src.ReadAt(buf[kept:], at)
		if bytes.Contains(buf[:kept+n], []byte(mark)) && (w.doc.Format != GIF || at+int64(n) == w.src.size) {
			return nil
		}
		if err != nil || n == 0 {
			break
		}
		at += int64(n)
		kept = min(len(mark)-1, kept+n)
		copy(buf, buf[len(buf)-kept:])
	}
	return damaged(io.ErrUnexpectedEOF)
}
