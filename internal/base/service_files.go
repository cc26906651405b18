package base

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/record"
)

// Files are the hashes of all pictures that any base of a database names: what a backup has to hold.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	return record.Files(ctx, d, Kind, func(_ id.Ref, b struct {
		Photos []Photo `json:"photos"`
	}) (hashes []string) {
		for _, p := range b.Photos {
			hashes = append(hashes, p.Full, p.Thumb)
		}
		return hashes
	})
}
