package activity

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/record"
)

// Files are the hashes of all pictures that any activity of a database names or ever named: what a backup has to hold.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	return record.Files(ctx, d, Kind, func(a struct {
		Photos []Photo `json:"photos"`
	}) (hashes []string) {
		for _, p := range a.Photos {
			hashes = append(hashes, p.Full, p.Thumb)
		}
		return hashes
	})
}
