package library

import (
	"context"

	"xinhuo/internal/kit/db"
)

// rendition is the PDF that an office document became.
type rendition struct {
	Root  int64  `db:"root"`
	Hash  string `db:"hash"` // of the document's file
	PDF   string `db:"pdf"`  // "" where it could not be made
	Size  int64  `db:"size"`
	Pages int64  `db:"pages"`
	At    int64  `db:"at"` // UTC milliseconds
}

const rendered = `root, hash, pdf, size, pages, at`

// renditionOf is that of a file; errs.NotFound when nobody has tried.
func (s store) renditionOf(ctx context.Context, root int64, hash string) (rendition, error) {
	return db.Get[rendition](ctx, s.db, `-- library.renditionOf
		SELECT `+rendered+` FROM library_rendition WHERE root = $1 AND hash = $2`, root, hash)
}

// putRendition keeps what became of a file; the documents of that file have as many pages as it shows (L7).
func (s store) putRendition(ctx context.Context, r rendition) error {
	if _, err := s.db.Exec(ctx, `-- library.putRendition
		INSERT INTO library_rendition (`+rendered+`) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (root, hash) DO UPDATE SET pdf = excluded.pdf, size = excluded.size, pages = excluded.pages, at = excluded.at`, r.Root, r.Hash, r.PDF, r.Size, r.Pages, r.At); err != nil || r.Pages == 0 {
		return err
	}
	_, err := s.db.Exec(ctx, `-- library.putRendition
		UPDATE library_document SET pages = $3 WHERE root = $1 AND hash = $2`, r.Root, r.Hash, r.Pages)
	return err
}

// renditions are the PDFs that documents of today are shown by.
func renditions(ctx context.Context, d *db.DB) ([]string, error) {
	return db.Select[string](ctx, d, `-- library.renditions
		SELECT r.pdf FROM library_rendition r WHERE r.pdf <> '' AND EXISTS (SELECT 1 FROM library_document d WHERE d.root = r.root AND d.hash = r.hash)`)
}

type sheetRow struct {
	Page  int64  `db:"page"`
	Lines string `db:"lines"`
}

// sheetsAcrossUnits are the lines of a PDF's pages, as far as they were read; the service has asked who sees its document.
func (s store) sheetsAcrossUnits(ctx context.Context, hash string, from, to int) ([]sheetRow, error) {
	return db.Select[sheetRow](ctx, s.db, `-- library.sheetsAcrossUnits
		SELECT page, lines FROM library_sheet WHERE hash = $1 AND page >= $2 AND page <= $3`, hash, from, to)
}

func (s store) putSheet(ctx context.Context, hash string, page int, lines string) error {
	_, err := s.db.Exec(ctx, `-- library.putSheet
		INSERT INTO library_sheet (hash, page, lines) VALUES ($1, $2, $3) ON CONFLICT (hash, page) DO NOTHING`, hash, page, lines)
	return err
}

// cover is the small picture of a PDF's first page.
type cover struct {
	Hash    string `db:"hash"`    // of the PDF
	Picture string `db:"picture"` // its file; "" where it could not be drawn
	Mime    string `db:"mime"`
}

// coverAcrossUnits is that of a PDF; the service has asked who sees its document.
func (s store) coverAcrossUnits(ctx context.Context, hash string) (c cover, there bool, err error) {
	list, err := db.Select[cover](ctx, s.db, `-- library.coverAcrossUnits
		SELECT hash, picture, mime FROM library_cover WHERE hash = $1`, hash)
	if err != nil || len(list) == 0 {
		return c, false, err
	}
	return list[0], true, nil
}

func (s store) putCover(ctx context.Context, c cover) error {
	_, err := s.db.Exec(ctx, `-- library.putCover
		INSERT INTO library_cover (hash, picture, mime) VALUES ($1, $2, $3)
		ON CONFLICT (hash) DO UPDATE SET picture = excluded.picture, mime = excluded.mime`, c.Hash, c.Picture, c.Mime)
	return err
}

// renditionsOfAcrossUnits are the PDFs that some files became; the service has found their documents to be seen.
func (s store) renditionsOfAcrossUnits(ctx context.Context, hashes []string) ([]rendition, error) {
	if len(hashes) == 0 {
		return nil, nil
	}
	in, args := texts(hashes, 0)
	return db.Select[rendition](ctx, s.db, `-- library.renditionsOfAcrossUnits
		SELECT `+rendered+` FROM library_rendition WHERE hash IN `+in+` AND pages > 0`, args...)
}

// uncoveredAcrossUnits are those of some PDFs whose first page could not be drawn.
func (s store) uncoveredAcrossUnits(ctx context.Context, pdfs []string) ([]string, error) {
	if len(pdfs) == 0 {
		return nil, nil
	}
	in, args := texts(pdfs, 0)
	return db.Select[string](ctx, s.db, `-- library.uncoveredAcrossUnits
		SELECT hash FROM library_cover WHERE hash IN `+in+` AND picture = ''`, args...)
}

// coverFiles are the covers of the documents of today.
func coverFiles(ctx context.Context, d *db.DB) ([]string, error) {
	return db.Select[string](ctx, d, `-- library.coverFiles
		SELECT picture FROM library_cover WHERE picture <> '' AND (hash IN (SELECT hash FROM library_document)
			OR hash IN (SELECT r.pdf FROM library_rendition r WHERE EXISTS (SELECT 1 FROM library_document d WHERE d.root = r.root AND d.hash = r.hash)))`)
}
