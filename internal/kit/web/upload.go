package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"xinhuo/internal/kit/errs"
)

// ReadUpload reads a form with files as it comes in: take gets one file at a time, and whatever it leaves unread is
// passed over, so that everything typed after it is read, too. most bounds the files together, in bytes; beyond it the
// text key large says so, with MB. A line that breaks off is no fault of a file: it is the answer whatever take says.
func ReadUpload(w http.ResponseWriter, r *http.Request, most int64, large string, take func(input, name string, file io.Reader) error) (*Form, error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return ReadForm(w, r)
	}
	r.Body = http.MaxBytesReader(w, r.Body, most+MaxForm)
	spoilt := func(err error) error {
		var much *http.MaxBytesError
		if errors.As(err, &much) {
			return errs.Wrap(err, errs.TooLarge, large, "MB", most>>20)
		}
		return errs.Wrap(err, errs.Invalid, "errs.form_unreadable")
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, spoilt(err)
	}
	f := &Form{Values: url.Values{}}
	for typed := 0; ; {
		p, err := parts.NextPart()
		if err == io.EOF {
			return f, nil
		}
		if err != nil {
			return nil, spoilt(err)
		}
		if p.FileName() != "" {
			in := &line{r: p}
			err := take(p.FormName(), p.FileName(), in)
			if in.err != nil {
				return nil, spoilt(in.err)
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		value, err := io.ReadAll(io.LimitReader(p, int64(MaxForm-typed)+1))
		if err != nil {
			return nil, spoilt(err)
		}
		if typed += len(value) + len(p.FormName()); typed > MaxForm {
			return nil, errs.New(errs.TooLarge, "errs.form_too_large")
		}
		if p.Header.Get("Content-Type") == "" { // otherwise a file input in which nothing was chosen
			f.Add(p.FormName(), string(value))
		}
	}
}

// line remembers that reading broke off.
type line struct {
	r   io.Reader
	err error
}

func (l *line) Read(b []byte) (int, error) {
	n, err := l.r.Read(b)
	if err != nil && err != io.EOF {
		l.err = err
	}
	return n, err
}
