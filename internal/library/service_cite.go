package library

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// Reference is a document that a text cites, with where it leads the reader: No is 0 where there is none that they may see, Others how
// many more of the same title they see.
type Reference struct {
	Citation
	No     int64 `json:"no,omitempty"`
	Others int64 `json:"others,omitempty"`
}

// References are the first documents that a text of doc cites, at most n. What the reader may not see is not told by them: of it there is
// what the text itself says.
func (s *Service) References(ctx context.Context, doc id.ID, t Text, n int) ([]Reference, error) {
	out := []Reference{}
	for _, c := range Citations(t.document().Text()) {
		if out = append(out, Reference{Citation: c}); len(out) == n {
			break
		}
	}
	keys := make([]citeKey, len(out))
	for i, r := range out {
		keys[i] = r.key()
	}
	list, err := s.aimedAt(ctx, scope.From(ctx), doc, keys)
	for _, m := range list {
		out[m.Ord].No, out[m.Ord].Others = m.No, m.Others
	}
	return out, err
}

// resolved tells what a filter means for the reader: a document or a project that they do not see has nothing to list.
func (s *Service) resolved(ctx context.Context, f Filter) (Filter, error) {
	if f.Cites != 0 {
		ref, v, _, err := s.Number(ctx, f.Cites)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return f, err
		}
		if err == nil {
			f.cited = &cited{ref.ID, v.key()}
		}
	}
	if f.Project != (id.Ref{}) {
		if _, err := s.projectNamed(ctx, f.Project); errs.Is(err, errs.NotFound) {
			f.Project = id.Ref{Root: -1, ID: -1}
		} else if err != nil {
			return f, err
		}
	}
	return f, nil
}

// CitedBy are the newest issued documents that the reader sees and whose texts cite one that they see, at most n, and how many there are up
// to most.
func (s *Service) CitedBy(ctx context.Context, doc id.ID, v Document, n, most int) (list []Listed, count int, err error) {
	ids, err := s.citedBy(ctx, scope.From(ctx), cited{doc, v.key()}, most)
	if err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	list, err = s.inOrderAcrossUnits(ctx, ids[:min(n, len(ids))])
	return list, len(ids), err
}

// cites keeps what the text of a document cites; nothing of one that is gone.
func (s *Service) cites(ctx context.Context, ref id.Ref, v Document, gone bool) error {
	if gone || v.TitleOnly() {
		return s.putCitations(ctx, ref, nil)
	}
	t, err := s.text(ctx, v.File.Hash)
	if err != nil {
		return err
	}
	return s.putCitations(ctx, ref, citeKeys(t.document().Text()))
}

const citedAtOnce = 100

// fillCited works out, for documents that were kept before, what they cite and what citations of them are compared with: a hundred at a
// time, each in a transaction of its own.
func (s *Service) fillCited(ctx context.Context) (all bool, err error) {
	defer errs.Wrapf(&err, "library.fillCited")
	err = s.db.Tx(ctx, func(ctx context.Context) error {
		docs, err := s.unkeyedAcrossUnits(ctx, citedAtOnce)
		if err != nil {
			return err
		}
		for _, l := range docs {
			v, _, err := s.book.Get(scope.With(ctx, scope.System("library")), l.Ref())
			if err != nil {
				return err
			}
			if err := s.cites(ctx, l.Ref(), v, false); err != nil {
				return err
			}
			if err := s.putKey(ctx, l.Ref(), v.key(), v.dated()); err != nil {
				return err
			}
		}
		all = len(docs) == 0
		return nil
	})
	return all, err
}

// dated is the day by which the newest of several papers is told: that of the paper, or on which it was issued or taken in here.
func (d Document) dated() clock.Day {
	for _, day := range []clock.Day{d.Dated, d.Issued} {
		if day != clock.Open {
			return day
		}
	}
	return d.Uploaded
}
