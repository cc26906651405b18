package library

import (
	"context"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// mostCollected is how many documents one collection holds.
const mostCollected = 500

func (c Collection) problems() errs.Fields {
	var f errs.Fields
	if c.Title == "" {
		f.Add("title", "library.title_missing")
	}
	if utf8.RuneCountInString(c.Title) > maxTitle {
		f.Add("title", "library.too_long", "N", maxTitle)
	}
	if utf8.RuneCountInString(c.Note) > maxSummary {
		f.Add("note", "library.too_long", "N", maxSummary)
	}
	if !slices.Contains(Circles, c.Visible) {
		f.Add("visible", "library.visible_missing")
	}
	return f
}

// Collections are those that the reader sees.
func (s *Service) Collections(ctx context.Context, unit, after id.ID, limit int) ([]Collection, error) {
	return s.collections(ctx, scope.From(ctx), unit, after, limit)
}

// Collection reads a collection and those of its documents that the reader sees, each by the one rule.
func (s *Service) Collection(ctx context.Context, ref id.Ref) (c Collection, list []Listed, err error) {
	a := scope.From(ctx)
	if c, err = s.collectionSeen(ctx, a, ref); err != nil {
		return c, nil, errs.New(errs.NotFound, "library.not_here")
	}
	list, err = s.collected(ctx, a, ref)
	return c, list, err
}

// SaveCollection keeps a collection, a new one when it has no version; Conflict when somebody was quicker.
func (s *Service) SaveCollection(ctx context.Context, c Collection) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "library.SaveCollection")
	c.Title, c.Note = strings.TrimSpace(c.Title), strings.TrimSpace(c.Note)
	if err := c.problems().Err(); err != nil {
		return ref, err
	}
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		u, err := s.rec.Home(ctx, c.Unit)
		if err != nil {
			return err
		}
		at := u.Range()
		c.Root, c.Pos, c.PosTo = u.Root(), at.From, at.To
		if c.Version == 0 {
			c.ID, c.State = id.New(), Issued
		}
		ref = c.Ref()
		return s.writeCollection(ctx, c, "library.act.collection")
	})
	return ref, err
}

// Dissolve takes a collection away; its documents stay where they are.
func (s *Service) Dissolve(ctx context.Context, ref id.Ref, version int64) (err error) {
	defer errs.Wrapf(&err, "library.Dissolve %s", ref)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, _, err := s.Collection(ctx, ref)
		if err != nil {
			return err
		}
		c.State, c.Version = Withdrawn, version
		return s.writeCollection(ctx, c, "library.act.dissolve")
	})
}

func (s *Service) writeCollection(ctx context.Context, c Collection, act string) error {
	if !scope.From(ctx).May(scope.Work, c.Pos) {
		return errs.New(errs.NotFound, "library.not_here")
	}
	c.Version++
	ok, err := s.putCollection(ctx, c)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Conflict, "record.changed_meanwhile")
	}
	return s.audit.Log(ctx, audit.Entry{Act: act, Subject: "library_collection", Ref: c.Ref(), Pos: c.Pos, Unit: c.Unit, Detail: map[string]any{"title": c.Title}})
}

// Collect puts a document that the reader sees into a collection of their unit, or takes it out. Who reads the collection sees only
// what they may see anyhow.
func (s *Service) Collect(ctx context.Context, ref id.Ref, no int64, in bool) (err error) {
	defer errs.Wrapf(&err, "library.Collect %s %d", ref, no)
	return s.db.Tx(ctx, func(ctx context.Context) error {
		c, _, err := s.Collection(ctx, ref)
		if err != nil {
			return err
		}
		if !scope.From(ctx).May(scope.Work, c.Pos) {
			return errs.New(errs.NotFound, "library.not_here")
		}
		doc, _, _, err := s.Number(ctx, no)
		if err != nil {
			return err
		}
		act := "library.act.uncollect"
		if in {
			act = "library.act.collect"
			if n, err := s.countCollected(ctx, ref); err != nil {
				return err
			} else if n >= mostCollected {
				return errs.New(errs.TooLarge, "library.collection_full", "N", mostCollected)
			}
			err = s.collect(ctx, ref, doc)
		} else {
			err = s.uncollect(ctx, ref, doc.ID)
		}
		if err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: act, Subject: "library_collection", Ref: ref, Pos: c.Pos, Unit: c.Unit, Detail: map[string]any{"title": c.Title, "no": no}})
	})
}

// ExportCollection writes a collection's documents as a zip with a table of them all: those that the reader may download.
func (s *Service) ExportCollection(ctx context.Context, w io.Writer, ref id.Ref) (n int, err error) {
	defer errs.Wrapf(&err, "library.ExportCollection %s", ref)
	_, list, err := s.Collection(ctx, ref)
	if err != nil {
		return 0, err
	}
	return s.exportZip(ctx, w, func(after id.ID) ([]Listed, error) {
		if after != 0 {
			return nil, nil
		}
		return list, nil
	}, nil)
}
