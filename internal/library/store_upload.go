package library

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

// upload is a file of which parts have come.
type upload struct {
	ID       string `db:"id"`
	Account  id.ID  `db:"account"`
	Name     string `db:"name"`
	Size     int64  `db:"size"`
	Got      int64  `db:"got"`
	At       int64  `db:"at"`       // when the last part came, UTC milliseconds
	Incoming string `db:"incoming"` // JSON of Incoming, once all parts are here and it could be read
	Problem  string `db:"problem"`  // why it was not taken, in the words of whoever sent it
}

// part is a stretch of a file.
type part struct {
	AtByte int64  `db:"at_byte"`
	Size   int64  `db:"size"`
	Hash   string `db:"hash"`
}

const uploaded = `id, account, name, size, got, at, incoming, problem`

// uploadOf is what came of an account's own file; none is errs.NotFound.
func (s store) uploadOf(ctx context.Context, which string, account id.ID) (upload, error) {
	return db.Get[upload](ctx, s.db, `-- library.uploadOf
		SELECT `+uploaded+` FROM library_upload WHERE id = $1 AND account = $2`, which, account)
}

func (s store) insertUpload(ctx context.Context, u upload) error {
	_, err := s.db.Exec(ctx, `-- library.insertUpload
		INSERT INTO library_upload (`+uploaded+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`, u.ID, u.Account, u.Name, u.Size, u.Got, u.At, u.Incoming, u.Problem)
	return err
}

// addPart keeps a part and how far a file has come; false when another part was quicker.
func (s store) addPart(ctx context.Context, u upload, p part) (bool, error) {
	n, err := s.db.Exec(ctx, `-- library.addPart
		UPDATE library_upload SET got = $2, at = $3 WHERE id = $1 AND got = $4`, u.ID, p.AtByte+p.Size, u.At, p.AtByte)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = s.db.Exec(ctx, `-- library.addPart
		INSERT INTO library_part (upload, at_byte, size, hash) VALUES ($1, $2, $3, $4)`, u.ID, p.AtByte, p.Size, p.Hash)
	return true, err
}

func (s store) parts(ctx context.Context, upload string) ([]part, error) {
	return db.Select[part](ctx, s.db, `-- library.parts
		SELECT at_byte, size, hash FROM library_part WHERE upload = $1 ORDER BY at_byte`, upload)
}

func (s store) endUpload(ctx context.Context, u upload) error {
	_, err := s.db.Exec(ctx, `-- library.endUpload
		UPDATE library_upload SET incoming = $2, problem = $3 WHERE id = $1`, u.ID, u.Incoming, u.Problem)
	return err
}

func (s store) dropUpload(ctx context.Context, upload string) error {
	for _, q := range []string{`DELETE FROM library_part WHERE upload = $1`, `DELETE FROM library_upload WHERE id = $1`} {
		if _, err := s.db.Exec(ctx, `-- library.dropUpload
			`+q, upload); err != nil {
			return err
		}
	}
	return nil
}

// pendingBytes is how much of files an account has sent since then that have become no documents.
func (s store) pendingBytes(ctx context.Context, account id.ID, since int64) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- library.pendingBytes
		SELECT COALESCE(SUM(got), 0) FROM library_upload WHERE account = $1 AND at > $2`, account, since)
}

// oldUploads are files that nobody went on with since then.
func (s store) oldUploads(ctx context.Context, before int64) ([]string, error) {
	return db.Select[string](ctx, s.db, `-- library.oldUploads
		SELECT id FROM library_upload WHERE at < $1 LIMIT 1000`, before)
}
