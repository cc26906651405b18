package file

import (
	"bytes"
	"context"
	"io"
	gopath "path"
	"slices"
	"strings"
	"unicode"
)

// Kept is an uploaded file as records name it: what it was called, what it is, where it is kept.
type Kept struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
	Hash string `json:"hash"`
	Size int64  `json:"size"`
}

// Keep takes in an uploaded file, a document as it is, a photo shrunk and without the place where it was taken, and hands it to
// put. What it is is told by its content, never by its name. Errors are those of Check and Photo.
func Keep(ctx context.Context, name string, r io.Reader, limit int64, put func(ctx context.Context, r io.Reader) (hash string, size int64, err error)) (Kept, error) {
	data, kind, err := Check(r, limit, append(slices.Clone(Documents), Photos...)...)
	if err != nil {
		return Kept{}, err
	}
	if slices.Contains(Photos, kind) {
		if data, _, _, _, err = Photo(bytes.NewReader(data)); err != nil {
			return Kept{}, err
		}
		kind = JPEG
	}
	hash, size, err := put(ctx, bytes.NewReader(data))
	return Kept{Name: PlainName(name, kind), Kind: string(kind), Hash: hash, Size: size}, err
}

// PlainName is what a file was called, without folders and invisible signs, ending as its content is.
func PlainName(name string, kind Kind) string {
	name = gopath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return -1
		}
		return r
	}, strings.TrimSuffix(name, gopath.Ext(name)))
	if runes := []rune(strings.TrimSpace(name)); len(runes) > 60 {
		name = string(runes[:60])
	}
	if strings.Trim(name, ". ") == "" {
		name = "file"
	}
	return name + "." + string(kind)
}
