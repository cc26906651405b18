package activity

import (
	"context"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// Files are the hashes of all pictures that any activity of a database names: what a backup has to hold. A picture whose
// guardian took the consent back is none of them, as long as no consent given since brought it back.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	list, err := store{d}.allStopsAcrossUnits(ctx)
	if err != nil {
		return nil, err
	}
	stops := make(map[string]id.ID, len(list))
	for _, x := range list {
		stops[x.Hash] = max(stops[x.Hash], x.ID)
	}
	type body struct {
		Photos []Photo `json:"photos"`
	}
	byList := map[id.Ref][]Photo{}
	out, err := record.Files(ctx, d, Kind, func(ref id.Ref, a body) (hashes []string) {
		for _, p := range a.Photos {
			agreed := p.Minors == Some && p.Papers.ID > stops[p.Full]
			switch {
			case agreed && p.Papers.List:
				byList[ref] = append(byList[ref], p)
			case agreed || stops[p.Full] == 0:
				hashes = append(hashes, p.Full, p.Thumb)
			}
		}
		return hashes
	})
	for ref, photos := range byList {
		back, failed := seal.TakenBack(ctx, d, ref, minorKind, onPhotos)
		if failed != nil {
			return nil, failed
		}
		for _, p := range photos {
			if !back {
				out = append(out, p.Full, p.Thumb)
			}
		}
	}
	return out, err
}
