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
		if !isText(p.FormName(), p.FileName(), p.Header.Get("Content-Disposition")) {
			return nil, errNoText
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
		if !isText(string(value)) {
			return nil, errNoText
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

// File is a file that came with a form.
type File struct {
	Name string
	Data []byte
}

// ReadFiles reads a form with at most one file an input and hands those over that were chosen. A file of more than most bytes
// comes cut off right behind them, so that whoever checks it finds it too large and what was typed is not lost; only forms
// of four times as much are not read to their end.
func ReadFiles(w http.ResponseWriter, r *http.Request, most int64) (*Form, map[string]File, error) {
	files := map[string]File{}
	f, err := ReadUpload(w, r, 4*most, "errs.form_too_large", func(input, name string, from io.Reader) error {
		data, err := io.ReadAll(io.LimitReader(from, most+1))
		if _, twice := files[input]; !twice { // an empty file was chosen, too: whoever checks it says so
			files[input] = File{name, data}
		}
		return err
	})
	return f, files, err
}
