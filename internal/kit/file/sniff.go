package file

import (
	"archive/zip"
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/errs"
)

// Kind is what a file is by its content.
type Kind string

// The kinds that may be uploaded. Unknown is everything else and is refused everywhere.
const (
	Unknown Kind = ""
	JPEG    Kind = "jpg"
	PNG     Kind = "png"
	GIF     Kind = "gif"
	WebP    Kind = "webp"
	PDF     Kind = "pdf"
	DOCX    Kind = "docx"
	XLSX    Kind = "xlsx"
	TXT     Kind = "txt"

	// heic is told apart only to say what to do about it: phones make it.
	heic Kind = "heic"
)

// Photos are the kinds that Photo takes; Documents those to be kept as they are.
var (
	Photos    = []Kind{JPEG, PNG, GIF, WebP}
	Documents = []Kind{PDF, DOCX, XLSX, TXT}
)

// Sniff tells the kind of a whole file by its content. A renamed program, a web page, a script and a document with macros
// are Unknown.
func Sniff(data []byte) Kind {
	switch {
	case bytes.HasPrefix(data, []byte("\xFF\xD8\xFF")):
		return JPEG
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return GIF
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return WebP
	case len(data) >= 12 && string(data[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "hevc", "mif1", "msf1"}, string(data[8:12])):
		return heic
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return sniffZip(data)
	case plainText(data):
		return TXT
	}
	return Unknown
}

func sniffZip(data []byte) Kind {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Unknown
	}
	kind := Unknown
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		switch {
		case strings.HasSuffix(name, "vbaproject.bin"):
			return Unknown
		case name == "word/document.xml" && kind == Unknown:
			kind = DOCX
		case name == "xl/workbook.xml" && kind == Unknown:
			kind = XLSX
		}
	}
	return kind
}

// plainText tells a text in UTF-8 or GB18030 that a browser would not take for a page, nor a shell for a program.
func plainText(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF"))
	if !utf8.Valid(data) {
		out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(data)
		if err != nil {
			return false
		}
		data = out
	}
	for _, r := range string(data) {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0x7F || r == utf8.RuneError {
			return false
		}
	}
	head := bytes.TrimSpace(data)
	return len(head) > 0 && head[0] != '<' && !bytes.HasPrefix(head, []byte("#!"))
}

// Check reads an upload of at most limit bytes and tells its kind, which must be one of the allowed. Errors:
// errs.TooLarge, errs.Invalid for an empty file, errs.Unsupported for another kind.
func Check(r io.Reader, limit int64, allowed ...Kind) ([]byte, Kind, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, Unknown, err
	}
	if int64(len(data)) > limit {
		return nil, Unknown, errs.New(errs.TooLarge, "file.too_large", "Limit", max(1, limit>>20))
	}
	if len(data) == 0 {
		return nil, Unknown, errs.New(errs.Invalid, "file.empty")
	}
	kind := Sniff(data)
	if slices.Contains(allowed, kind) {
		return data, kind, nil
	}
	if kind == heic {
		return nil, Unknown, errs.New(errs.Unsupported, "file.photo_heic")
	}
	names := make([]string, len(allowed))
	for i, k := range allowed {
		names[i] = string(k)
	}
	return nil, Unknown, errs.New(errs.Unsupported, "file.kind_refused", "Kinds", strings.Join(names, "、"))
}
