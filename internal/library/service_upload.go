package library

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

const (
	maxPart     = 1 << 20 // bytes of one part
	mostPending = 2 << 30 // bytes of one account that have become no documents
	uploadDays  = 3       // for which parts wait to be gone on with
)

// Upload is how far a file has come that is sent in parts.
type Upload struct {
	ID      string `json:"id"`
	Got     int64  `json:"got"`
	Ready   bool   `json:"ready"`             // all of it came, and it can be taken in
	Problem string `json:"problem,omitempty"` // why it was not taken
}

func (u upload) public() Upload { return Upload{u.ID, u.Got, u.Incoming != "", u.Problem} }

// Part takes a part of a file that begins at a byte, at most maxPart long; key is the sender's own name of the file, by which a broken
// line is gone on with later, also with another server; zipped says that it is a zip of documents. What it answers says from where to go on: a part that was sent twice, or out
// of turn, changes nothing. With the last part the file is read. Errors: Invalid for an impossible size or key, TooLarge, Throttled.
func (s *Service) Part(ctx context.Context, key, name string, size, at int64, zipped bool, r io.Reader) (out Upload, err error) {
	defer errs.Wrapf(&err, "library.Part")
	a, now, most := scope.From(ctx), clock.Millis(ctx), int64(MaxFile)
	if zipped {
		most = MaxZip
	}
	switch {
	case size > most:
		return out, errs.New(errs.TooLarge, "library.file_large", "MB", most>>20)
	case size <= 0 || at < 0 || at > size || len(key) < 8 || len(key) > 64 || strings.Trim(key, "0123456789abcdef") != "":
		return out, errs.New(errs.Invalid, "errs.form_unreadable")
	}
	sum := sha256.Sum256([]byte(strconv.FormatInt(int64(a.Account), 10) + ":" + key + ":" + strconv.FormatInt(size, 10)))
	u := upload{ID: hex.EncodeToString(sum[:]), Account: a.Account, Name: uploadName(name), Size: size, At: now}
	if err := s.db.Tx(ctx, func(ctx context.Context) error {
		pending, err := s.pendingBytes(ctx, a.Account, now-24*hour)
		if err != nil {
			return err
		}
		if pending > mostPending {
			return errs.New(errs.Throttled, "library.uploads_many")
		}
		if err := s.insertUpload(ctx, u); err != nil {
			return err
		}
		u, err = s.uploadOf(ctx, u.ID, a.Account)
		return err
	}); err != nil {
		return out, err
	}
	if u.Got == at && at < size {
		data, err := io.ReadAll(io.LimitReader(r, min(maxPart, size-at)))
		if err != nil { // what has come of a broken line is not a part
			return out, errs.Wrap(err, errs.Invalid, "errs.form_unreadable")
		}
		if len(data) == 0 {
			return u.public(), nil
		}
		p := part{AtByte: at}
		if p.Hash, p.Size, err = s.blobs.Put(ctx, bytes.NewReader(data)); err != nil {
			return out, err
		}
		if err := s.db.Tx(ctx, func(ctx context.Context) error {
			u.At = now
			if _, err := s.addPart(ctx, u, p); err != nil {
				return err
			}
			u, err = s.uploadOf(ctx, u.ID, a.Account)
			return err
		}); err != nil {
			return out, err
		}
	}
	if u.Got == u.Size && u.Incoming == "" && u.Problem == "" {
		if err := s.assemble(ctx, &u, zipped); err != nil {
			return out, err
		}
	}
	return u.public(), nil
}

// assemble reads a file whose parts are all here.
func (s *Service) assemble(ctx context.Context, u *upload, zipped bool) error {
	list, err := s.parts(ctx, u.ID)
	if err != nil {
		return err
	}
	var in Incoming
	if whole := (&partsReader{ctx: ctx, s: s, list: list}); zipped {
		in.Kept = file.Kept{Name: u.Name, Kind: zipKind}
		in.Hash, in.Size, err = s.blobs.Put(ctx, whole)
	} else {
		in, err = s.Take(ctx, u.Name, whole)
	}
	var e *errs.Error
	switch {
	case err == nil:
		body, err := json.Marshal(in)
		if err != nil {
			return err
		}
		u.Incoming = string(body)
	case errors.As(err, &e) && e.Kind != errs.Internal:
		u.Problem = i18n.Error(ctx, err)
	default:
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error { return s.endUpload(ctx, *u) })
}

// sentWhole keeps a file that came with a form as one that came in parts, and answers its name.
func (s *Service) sentWhole(ctx context.Context, account id.ID, in Incoming) (string, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(strconv.FormatInt(int64(account), 10) + ":" + in.Hash))
	u := upload{ID: hex.EncodeToString(sum[:]), Account: account, Name: in.Name, Size: in.Size, Got: in.Size, At: clock.Millis(ctx), Incoming: string(body)}
	return u.ID, s.db.Tx(ctx, func(ctx context.Context) error { return s.insertUpload(ctx, u) })
}

// partsReader reads the parts of a file one after the other.
type partsReader struct {
	ctx  context.Context
	s    *Service
	list []part
	open io.ReadCloser
}

func (p *partsReader) Read(b []byte) (int, error) {
	for {
		if p.open == nil {
			if len(p.list) == 0 {
				return 0, io.EOF
			}
			f, err := p.s.blobs.Get(p.ctx, p.list[0].Hash)
			if err != nil {
				return 0, err
			}
			p.open, p.list = f, p.list[1:]
		}
		n, err := p.open.Read(b)
		if err == io.EOF {
			err = p.open.Close()
			p.open = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

// Sent is a file that the reader sent in parts, to be taken in; NotFound for any other.
func (s *Service) Sent(ctx context.Context, upload string) (in Incoming, err error) {
	u, err := s.uploadOf(ctx, upload, scope.From(ctx).Account)
	if err != nil || u.Incoming == "" {
		return in, errs.New(errs.NotFound, "library.upload_gone")
	}
	return in, json.Unmarshal([]byte(u.Incoming), &in)
}

// Tidy forgets parts of files that nobody went on with; the files themselves are swept with all that no record names.
func (s *Service) Tidy(ctx context.Context) (err error) {
	defer errs.Wrapf(&err, "library.Tidy")
	return s.db.Tx(ctx, func(ctx context.Context) error {
		list, err := s.oldUploads(ctx, clock.Millis(ctx)-uploadDays*24*hour)
		for _, x := range list {
			if err := s.dropUpload(ctx, x); err != nil {
				return err
			}
		}
		return err
	})
}

// partPost takes a part: its body is nothing but the stretch of the file.
func (s *Service) partPost(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	size, _ := strconv.ParseInt(q.Get("size"), 10, 64)
	at, err := strconv.ParseInt(q.Get("at"), 10, 64)
	if err != nil {
		at = -1
	}
	u, err := s.Part(r.Context(), q.Get("key"), q.Get("name"), size, at, q.Get("zip") == "1", http.MaxBytesReader(w, r.Body, maxPart))
	if err != nil {
		return err
	}
	return web.JSON(w, http.StatusOK, u)
}
