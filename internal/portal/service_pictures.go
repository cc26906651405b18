package portal

import (
	"bytes"
	"context"
	"io"
	"slices"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/record"
)

// A picture of a site is small enough for a line that is paid by the megabyte: its long edge in pixels, and its bytes.
const (
	pictureEdge  = 960
	pictureBytes = 80_000
)

// KeepPicture makes a picture of an upload: small, without the place where it was taken, with words for those who do not see it. Errors are
// those of file.Picture. It is somebody's only once news name it.
func (s *Service) KeepPicture(ctx context.Context, r io.Reader, alt string) (p Picture, err error) {
	defer errs.Wrapf(&err, "portal.KeepPicture")
	data, w, h, err := file.Picture(r, pictureEdge, pictureBytes)
	if err != nil {
		return Picture{}, err
	}
	p = Picture{Alt: alt, W: w, H: h}
	p.Hash, _, err = s.blobs.Put(ctx, bytes.NewReader(data))
	return p, err
}

// AddPicture shows a kept picture with news, as they were read at a version.
func (s *Service) AddPicture(ctx context.Context, ref id.Ref, version int64, p Picture) (err error) {
	defer errs.Wrapf(&err, "portal.AddPicture %s", ref)
	return s.changeNews(ctx, ref, version, "picture", func(n *News) { n.Pictures = append(n.Pictures, p) })
}

// RemovePicture takes a picture from news; the file stays for a while, so that it can be brought back.
func (s *Service) RemovePicture(ctx context.Context, ref id.Ref, version int64, hash string) (err error) {
	defer errs.Wrapf(&err, "portal.RemovePicture %s", ref)
	n, _, err := s.news.Get(ctx, ref)
	if err != nil {
		return err
	}
	if !n.shows(hash) {
		var f errs.Fields
		f.Add("hash", "portal.picture_choose")
		return f.Err()
	}
	return s.changeNews(ctx, ref, version, "picture_remove", func(n *News) {
		n.Pictures = slices.DeleteFunc(n.Pictures, func(p Picture) bool { return p.Hash == hash })
	})
}

// OfficePicture opens a picture of news for who views the unit.
func (s *Service) OfficePicture(ctx context.Context, ref id.Ref, hash string) (io.ReadSeekCloser, error) {
	n, _, err := s.news.Get(ctx, ref)
	if err == nil && !n.shows(hash) {
		err = errNone
	}
	if err != nil {
		return nil, err
	}
	return s.blobs.Get(ctx, hash)
}

// sitePicture opens a picture for everybody: one of news that a site shows, and as if absent otherwise.
func (s *Service) sitePicture(ctx context.Context, x Site, ref id.Ref, hash string) (io.ReadSeekCloser, error) {
	if !x.shows(NewsColumn) {
		return nil, errNone
	}
	list, err := s.picturesAcrossUnits(ctx, x.Unit, ref)
	if err != nil {
		return nil, err
	}
	if !(News{Pictures: list}).shows(hash) {
		return nil, errNone
	}
	return s.blobs.Get(ctx, hash)
}

// Files are the hashes of all pictures that any news of a database name: what a backup has to hold.
func Files(ctx context.Context, d *db.DB) ([]string, error) {
	return record.Files(ctx, d, KindNews, func(_ id.Ref, n struct {
		Pictures []Picture `json:"pictures"`
	}) (hashes []string) {
		for _, p := range n.Pictures {
			hashes = append(hashes, p.Hash)
		}
		return hashes
	})
}
