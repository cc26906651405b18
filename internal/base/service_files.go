package base

import (
	"context"
	"encoding/json"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/record"
)

// Files are the hashes of all pictures that any base of a database names or ever named, each once: what a backup has to
// hold, because an undo or a look back may ask for a picture that was taken away.
func Files(ctx context.Context, d *db.DB) (hashes []string, err error) {
	defer errs.Wrapf(&err, "base.Files")
	seen := map[string]bool{"": true}
	err = record.Bodies(ctx, d, Kind, func(body string) error {
		var b struct {
			Photos []Photo `json:"photos"`
		}
		if err := json.Unmarshal([]byte(body), &b); err != nil {
			return err
		}
		for _, p := range b.Photos {
			for _, hash := range []string{p.Full, p.Thumb} {
				if !seen[hash] {
					seen[hash] = true
					hashes = append(hashes, hash)
				}
			}
		}
		return nil
	})
	return hashes, err
}
