package library

import (
	"context"
	"slices"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/search"
)

// filledAtOnce is how many texts are put into the index in one transaction when it is made anew.
const filledAtOnce = 500

// Start makes the index of words where it is not there, or not as this program makes it, with the first texts in it: it is derived,
// and no copy of a database brings it. A library of more texts is filled by Fill.
func (s *Service) Start(ctx context.Context) (err error) {
	defer errs.Wrapf(&err, "library.Start")
	if err := s.index.Make(ctx); err != nil {
		return err
	}
	if _, err = s.fill(ctx); err != nil {
		return err
	}
	_, err = s.fillCited(ctx)
	return err
}

// Fill puts the texts into the index that are not in it since it was made anew, a few hundred at a time, reads out of them what they
// cite, and returns when there are no more. Cut off anywhere, it goes on where it was; meanwhile words are found in the texts that are in.
func (s *Service) Fill(ctx context.Context) (err error) {
	defer errs.Wrapf(&err, "library.Fill")
	for _, some := range []func(context.Context) (bool, error){s.fill, s.fillCited} {
		for all := false; !all; {
			if all, err = some(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// Filling tells whether texts are still put into the index that was made anew, so that not all can be found yet.
func (s *Service) Filling(ctx context.Context) (bool, error) {
	_, all, err := s.index.Filled(ctx)
	return !all, err
}

func (s *Service) fill(ctx context.Context) (all bool, err error) {
	if _, all, err = s.index.Filled(ctx); err != nil || all {
		return all, err
	}
	return s.index.Fill(ctx, func(ctx context.Context, after id.ID) ([]search.Text, error) {
		list, err := s.allAcrossUnits(ctx, after, filledAtOnce)
		if err != nil {
			return nil, err
		}
		return s.searched(ctx, list)
	})
}

// searched is what is looked for in documents.
func (s *Service) searched(ctx context.Context, list []Listed) (out []search.Text, err error) {
	units, err := s.unitsOf(ctx, list)
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(list, 100) {
		hashes := make([]string, len(part))
		for i, l := range part {
			hashes[i] = l.Hash
		}
		texts, err := s.textsAcrossUnits(ctx, hashes)
		if err != nil {
			return nil, err
		}
		for _, l := range part {
			t, kept := Text{}, texts[l.Hash]
			if kept.Blocks != "" {
				if t, err = decodeText(kept.Blocks); err != nil {
					return nil, err
				}
			}
			x := search.Text{Doc: l.ID, Title: l.Title, Body: t.document().Text(), Names: []string{units[l.Unit].Name}, Kin: Bands(sketchIn(kept.Sketch))}
			if l.State == Issued && l.Visible == VisiblePublic {
				x.Mark = public
			}
			if t.Author != "" {
				x.People = []string{t.Author}
			}
			if l.Speaker != "" {
				x.People = append(x.People, l.Speaker)
			}
			for _, words := range []string{l.Speaker, l.Number, l.Issuers} { // found as they are written, too
				if words != "" {
					x.Body += "\n" + words
				}
			}
			out = append(out, x)
		}
	}
	return out, nil
}

// renamed lets the documents of a unit be found by what it is called now.
func (s *Service) renamed(ctx context.Context, unit id.ID) error {
	ids, err := s.idsOf(ctx, unit)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(ids, filledAtOnce) {
		list, err := s.describedAcrossUnits(ctx, part)
		if err != nil {
			return err
		}
		texts, err := s.searched(ctx, list)
		if err != nil {
			return err
		}
		if err := s.index.Put(ctx, texts...); err != nil {
			return err
		}
	}
	return nil
}
