package web

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/kit/errs"
)

// isText tells whether every string is text: in UTF-8 and without NUL, which PostgreSQL takes for no value at all. Nobody types anything else,
// so that whatever holds it is refused whole, here and nowhere else.
func isText(list ...string) bool {
	for _, s := range list {
		if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
			return false
		}
	}
	return true
}

var errNoText = errs.New(errs.Garbled, "errs.no_text")

// textIn refuses what was sent with names or values that are no text.
func textIn(v url.Values) error {
	for name, list := range v {
		if !isText(name) || !isText(list...) {
			return errNoText
		}
	}
	return nil
}

// keptHeaders are those of which something is stored; the others are compared with what we know.
var keptHeaders = []string{"Idempotency-Key", "X-Forwarded-For"}

// textOnly refuses a request whose address or headers are no text: nothing that exists has such an address.
func textOnly(r *http.Request) error {
	query, _ := url.ParseQuery(r.URL.RawQuery) // what can be read of it is what handlers read
	if !isText(r.URL.Path) || textIn(query) != nil {
		return errs.New(errs.NotFound, "errs.no_such_page", "Path", "")
	}
	for _, name := range keptHeaders {
		if !isText(r.Header.Values(name)...) {
			return errNoText
		}
	}
	return nil
}

// textJSON refuses JSON that holds a name or a value that is no text; what is no JSON is told by whoever decodes it.
func textJSON(body string) error {
	if !isText(body) {
		return errNoText
	}
	for d := json.NewDecoder(strings.NewReader(body)); ; {
		t, err := d.Token()
		if err != nil {
			return nil
		}
		if s, ok := t.(string); ok && !isText(s) {
			return errNoText
		}
	}
}

// ParseUpload reads a form with its files as ParseMultipartForm does, so much of them in memory; the names of files and all that was
// typed are text afterwards (errs.Garbled). Set a limit on the body before.
func ParseUpload(r *http.Request, memory int64) error {
	if err := r.ParseMultipartForm(memory); err != nil {
		return err
	}
	if err := textIn(url.Values(r.MultipartForm.Value)); err != nil {
		return err
	}
	for input, list := range r.MultipartForm.File {
		for _, f := range list {
			if !isText(input, f.Filename) {
				return errNoText
			}
		}
	}
	return nil
}

// readText reads a body of JSON within MaxForm.
func readText(w http.ResponseWriter, r *http.Request) (string, error) {
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxForm))
	if err != nil {
		return "", unreadable(err, "errs.json_unreadable", "Detail", err.Error())
	}
	return string(b), textJSON(string(b))
}
