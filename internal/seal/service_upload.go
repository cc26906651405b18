package seal

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"

	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
)

// Upload is a file as it was sent.
type Upload struct {
	Name string
	Data []byte
}

// Stored is a file that was read, encrypted and put away, before the transaction that keeps its key: of one that does not happen it remains
// as something nobody can read, and is swept.
type Stored struct {
	Name string
	Kind file.Kind
	Hash string // of what lies encrypted
	Size int64  // of the content, bytes

	parcel Parcel
}

// Store reads a file of an owner by its content, makes a photo anew, so that place and camera are gone, encrypts it and puts it away. Errors
// are those of file.Check: Unsupported, TooLarge above most bytes, Invalid for a photo that is none.
func (s *Service) Store(ctx context.Context, b blob.Store, o Owner, u Upload, most int64, kinds ...file.Kind) (out Stored, err error) {
	data, kind, err := file.Check(bytes.NewReader(u.Data), most, kinds...)
	if err == nil && slices.Contains(file.Photos, kind) {
		kind = file.JPEG
		data, _, _, _, err = file.Photo(bytes.NewReader(data))
	}
	if err != nil {
		return out, err
	}
	out = Stored{Name: file.PlainName(u.Name, kind), Kind: kind, Size: int64(len(data))}
	if out.parcel, err = s.Pack(ctx, o, data); err != nil {
		return out, err
	}
	out.Hash, _, err = b.Put(ctx, bytes.NewReader(out.parcel.Sealed))
	return out, err
}

// KeepStored writes the record of a file that was put away, with its name, and answers its name. Errors are those of Seal.
func (s *Service) KeepStored(ctx context.Context, o Owner, f Stored) (id.Ref, error) {
	return s.Keep(ctx, o, f.parcel, map[string]string{"name": f.Name, "kind": string(f.Kind)})
}

// FromStore reads what lies encrypted.
func FromStore(ctx context.Context, b blob.Store, hash string) ([]byte, error) {
	r, err := b.Get(ctx, hash)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// Hand hands a file over so that no browser runs it, and none keeps it: photos were made anew, all else is saved.
func Hand(w http.ResponseWriter, name string, kind file.Kind, data []byte) error {
	h := w.Header()
	how := "attachment"
	h.Set("Content-Type", "application/octet-stream")
	if kind == file.JPEG {
		how = "inline"
		h.Set("Content-Type", "image/jpeg")
	}
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": name}))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, err := w.Write(data)
	return err
}
