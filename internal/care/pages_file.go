package care

import (
	"io"
	"net/http"
	"net/url"
	"strconv"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/web"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/seal"
)

// accepted are the names of files that a browser offers; what they are their content says.
const accepted = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.txt"

// readWithFiles reads a form that may bring files.
func readWithFiles(w http.ResponseWriter, r *http.Request) (*web.Form, []Upload, error) {
	var list []Upload
	f, err := web.ReadUpload(w, r, MostFiles*MaxFileBytes+MaxFileBytes, "care.files_large", func(input, name string, from io.Reader) error {
		if input != "files" || len(list) > MostFiles {
			return nil
		}
		data, err := io.ReadAll(io.LimitReader(from, MaxFileBytes+1))
		list = append(list, Upload{Name: name, Data: data})
		return err
	})
	return f, list, err
}

func (s *Service) filePage(w http.ResponseWriter, r *http.Request) error {
	ref, err := web.RefIn(r)
	if err != nil {
		return err
	}
	no, err := strconv.ParseInt(r.PathValue("no"), 10, 64)
	if err != nil {
		return errNone
	}
	f, kind, data, err := s.OpenFile(r.Context(), ref, no)
	if err != nil {
		return err
	}
	return seal.Hand(w, f.Name, kind, data)
}

// ownFilePost hands whoever asked one of their files: by a form, so that no address leads there.
func (s *Service) ownFilePost(w http.ResponseWriter, r *http.Request) error {
	f, err := web.ReadForm(w, r)
	if err != nil {
		return err
	}
	r = in(r, f.Text("lang"))
	no, _ := strconv.ParseInt(f.Text("no"), 10, 64)
	got, kind, data, err := s.OwnFile(r.Context(), f.Text("token"), no)
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.NotFound) {
		return s.askBack(w, r, url.Values{}, errs.New(errs.Invalid, "care.page_old"))
	}
	if err != nil {
		return err
	}
	return seal.Hand(w, got.Name, kind, data)
}

func filesInput(label, hint, bad string) ui.Input {
	return ui.Input{Kind: ui.KindFile, Name: "files", Label: label, Hint: hint, Error: bad, Optional: true, Multiple: true, Accept: accepted, Sealed: true}
}
