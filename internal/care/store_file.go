package care

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

const filed = `root, request, no, entry, sealed, hash, size, at`

func (s store) insertFile(ctx context.Context, f File) error {
	_, err := s.db.Exec(ctx, `-- care.insertFile
		INSERT INTO care_file (`+filed+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, f.Root, f.Request, f.No, f.Entry, f.Sealed, f.Hash, f.Size, f.At)
	return err
}

// filesAcrossUnits are the files of a request; the service asks who may know.
func (s store) filesAcrossUnits(ctx context.Context, ref id.Ref) ([]File, error) {
	return db.Select[File](ctx, s.db, `-- care.filesAcrossUnits
		SELECT `+filed+` FROM care_file WHERE root = $1 AND request = $2 ORDER BY no`, ref.Root, ref.ID)
}

// hashesAcrossUnits are the uploads that requests name.
func (s store) hashesAcrossUnits(ctx context.Context) ([]string, error) {
	return db.Select[string](ctx, s.db, `-- care.hashesAcrossUnits
		SELECT DISTINCT hash FROM care_file`)
}
