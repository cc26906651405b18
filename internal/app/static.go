package app

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"sync"

	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/static"
)

// Files holds app's own migrations and texts.
//
//go:embed migrations i18n
var Files embed.FS

// asset is a file with its hash in the address, so that a browser may keep it for ever.
type asset struct {
	url, kind string
	data, gz  []byte
}

// load makes one asset of a file, or of several parts that a page needs together.
func load(name, kind string, parts ...string) asset {
	var b []byte
	for _, part := range append(parts, name)[:max(1, len(parts))] {
		x, err := static.Files.ReadFile(part)
		if err != nil {
			panic(err) // part of the program
		}
		b = append(b, x...)
	}
	sum := sha256.Sum256(b)
	var z bytes.Buffer
	g, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
	_, _ = g.Write(b)
	_ = g.Close()
	stem, ext, _ := strings.Cut(name, ".")
	return asset{"/static/" + stem + "." + hex.EncodeToString(sum[:6]) + "." + ext, kind, b, z.Bytes()}
}

var (
	stylesheet = load("xinhuo.css", "text/css; charset=utf-8")
	icon       = load("favicon.svg", "image/svg+xml")
	aloud      = load("aloud.js", "text/javascript; charset=utf-8")                                                              // where a page's text may be read aloud
	passkeys   = load("passkey.js", "text/javascript; charset=utf-8")                                                            // where a passkey may be made or used, the sign-in page among them
	script     = load("page.js", "text/javascript; charset=utf-8", "draft.js", "leave.js", "live.js", "suggest.js", "upload.js") // on long forms, the inbox, the library, where files are sent, and where one signs out
)

func (f asset) route() web.Route {
	return web.Route{Method: "GET", Path: f.url, Right: scope.Anyone, Scope: web.Public, Name: "app.asset", Handler: func(w http.ResponseWriter, r *http.Request) error {
		h := w.Header()
		h.Set("Content-Type", f.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Vary", "Accept-Encoding")
		data := f.data
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			data = f.gz
		}
		_, err := w.Write(data)
		return err
	}}
}

var gzips = sync.Pool{New: func() any { g, _ := gzip.NewWriterLevel(io.Discard, 5); return g }}

// compress packs pages and JSON; files that were packed before pass.
func compress(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") || r.Method == http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		z := &zipped{ResponseWriter: w}
		defer z.close()
		next.ServeHTTP(z, r)
	})
}

type zipped struct {
	http.ResponseWriter
	g       *gzip.Writer
	decided bool
}

func (z *zipped) WriteHeader(status int) {
	z.decide(status)
	z.ResponseWriter.WriteHeader(status)
}

func (z *zipped) decide(status int) {
	if z.decided {
		return
	}
	z.decided = true
	h := z.Header()
	kind := h.Get("Content-Type")
	if h.Get("Content-Encoding") != "" || strings.HasPrefix(kind, "text/event-stream") || status == http.StatusNoContent || status == http.StatusNotModified || status < 200 ||
		!(strings.HasPrefix(kind, "text/") || strings.HasPrefix(kind, "application/json") || strings.HasPrefix(kind, "application/problem+json")) {
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Add("Vary", "Accept-Encoding")
	h.Del("Content-Length")
	z.g = gzips.Get().(*gzip.Writer)
	z.g.Reset(z.ResponseWriter)
}

func (z *zipped) Write(b []byte) (int, error) {
	if !z.decided {
		z.WriteHeader(http.StatusOK)
	}
	if z.g == nil {
		return z.ResponseWriter.Write(b)
	}
	return z.g.Write(b)
}

func (z *zipped) close() {
	if z.g != nil {
		_ = z.g.Close()
		gzips.Put(z.g)
	}
}

// Unwrap lets http.ResponseController reach the connection.
func (z *zipped) Unwrap() http.ResponseWriter { return z.ResponseWriter }
