package activity

import (
	"bytes"
	"context"
	"io"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// Publish opens a planned activity: everything that it needs has to be there (R133, R143, R145).
func (s *Service) Publish(ctx context.Context, ref id.Ref, version int64) error {
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.open"}, func(a *Activity) error {
		if a.Status != Planned {
			return errs.New(errs.Conflict, "activity.not_planned")
		}
		a.Status = Open
		return nil
	})
}

// Outcome is what is known once an activity was held.
type Outcome struct {
	Audience      []Audience
	Online        int64
	Works, Awards int64
	Summary       string
}

// Finish reports a planned or open activity as held.
func (s *Service) Finish(ctx context.Context, ref id.Ref, version int64, o Outcome) error {
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.held"}, func(a *Activity) error {
		if a.Status != Planned && a.Status != Open {
			return errs.New(errs.Conflict, "activity.held_already")
		}
		a.Status, a.Audience, a.Online, a.Works, a.Awards, a.Summary = Held, o.Audience, o.Online, o.Works, o.Awards, o.Summary
		a.Minors = 0 // counted anew from who came
		return nil
	})
}

// Cancel calls an activity off; its hours are free again. One that was held is taken out with Remove, if it was a mistake.
func (s *Service) Cancel(ctx context.Context, ref id.Ref, version int64, reason string) error {
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.cancel", Reason: reason}, func(a *Activity) error {
		if a.Status != Planned && a.Status != Open {
			return errs.New(errs.Conflict, "activity.held_already")
		}
		a.Status, a.CancelReason = Cancelled, reason
		return nil
	})
}

// SetSafety writes the safety plan and what a camp needs beside it.
func (s *Service) SetSafety(ctx context.Context, ref id.Ref, version int64, sf Safety) error {
	var f errs.Fields
	for _, r := range sf.Risks {
		if !slices.Contains(Risks, r) {
			f.Add("risks", "activity.risk_unknown")
		}
	}
	if sf.SignedBy != "" || sf.SignedOn != clock.Open {
		required(&f, "signed_by", sf.SignedBy, "activity.signer_missing")
		required(&f, "plan", sf.Plan, "activity.plan_missing")
		if _, err := clock.ParseDay(string(sf.SignedOn)); err != nil || sf.SignedOn > clock.Today(ctx) {
			f.Add("signed_on", "activity.signed_odd")
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.safety"}, func(a *Activity) error {
		a.Safety = sf
		return nil
	})
}

// SetContest writes the rules and the scores of a contest; the ranking follows from the scores (R28).
func (s *Service) SetContest(ctx context.Context, ref id.Ref, version int64, c Contest) error {
	var f errs.Fields
	seen := map[string]bool{}
	for _, e := range c.Entries {
		if e.Name == "" || seen[e.Name] {
			f.Add("entries", "activity.entry_twice", "Name", e.Name)
		}
		if e.Score < 0 || e.Score > 1_000_000_00 {
			f.Add("entries", "activity.score_odd", "Name", e.Name)
		}
		seen[e.Name] = true
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.contest"}, func(a *Activity) error {
		a.Contest = c
		var awards int64
		for _, e := range c.Entries {
			if e.Award != "" {
				awards++
			}
		}
		a.Awards = max(a.Awards, awards)
		return nil
	})
}

// SetFeedback writes the count of feedback sheets (R111).
func (s *Service) SetFeedback(ctx context.Context, ref id.Ref, version int64, fb Feedback) error {
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.feedback"}, func(a *Activity) error {
		a.Feedback = fb
		return nil
	})
}

// Upload is a picture as it came in.
type Upload struct {
	File io.Reader
	Name string
}

// Keep stores pictures, made small and without their location, and answers how to name them in a record; nothing refers
// to them yet; minors is one of Recognised, or "" when nobody has said. Errors are those of file.Photo: what is no picture, what is too large.
func (s *Service) Keep(ctx context.Context, list []Upload, alt, minors string) ([]Photo, error) {
	var out []Photo
	for _, u := range list {
		full, thumb, w, h, err := file.Photo(u.File)
		if err != nil {
			return nil, err
		}
		p := Photo{Alt: alt, W: w, H: h, Minors: minors}
		if p.Full, _, err = s.blobs.Put(ctx, bytes.NewReader(full)); err != nil {
			return nil, err
		}
		if p.Thumb, _, err = s.blobs.Put(ctx, bytes.NewReader(thumb)); err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(out, func(o Photo) bool { return o.Full == p.Full }) { // the same picture chosen twice
			out = append(out, p)
		}
	}
	return out, nil
}

// AddPhotos puts kept pictures on an activity; one that it has already is left out.
func (s *Service) AddPhotos(ctx context.Context, ref id.Ref, version int64, list []Photo) error {
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.photo"}, func(a *Activity) error {
		return a.addPhotos(list)
	})
}

// AddLater puts kept pictures on an activity as it stands now: they follow a report that is saved already, and whoever
// works on it meanwhile is not in their way.
func (s *Service) AddLater(ctx context.Context, ref id.Ref, list []Photo) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, v, err := s.Get(ctx, ref)
		if err != nil {
			return err
		}
		if len(list) > 0 && !slices.ContainsFunc(list, func(p Photo) bool {
			return !slices.ContainsFunc(a.Photos, func(o Photo) bool { return o.Full == p.Full })
		}) {
			return s.mayEdit(ctx, ref, a, record.Change{Act: "activity.act.photo"}) // all here already
		}
		return s.AddPhotos(ctx, ref, v.N, list)
	})
}

// reported is the first version of an activity when nothing but its reporter's own photos came after it; false otherwise.
func (s *Service) reported(ctx context.Context, ref id.Ref) (record.Version, bool, error) {
	steps, err := s.book.History(ctx, ref) // the latest first
	if err != nil || len(steps) == 0 {
		return record.Version{}, false, err
	}
	first := steps[len(steps)-1].Version
	for _, st := range steps[:len(steps)-1] {
		if st.Act != "activity.act.photo" || st.Actor != first.Actor {
			return first, false, nil
		}
	}
	return first, true, nil
}

func (a *Activity) addPhotos(list []Photo) error {
	for _, p := range list {
		if !slices.ContainsFunc(a.Photos, func(o Photo) bool { return o.Full == p.Full }) {
			a.Photos = append(a.Photos, p)
		}
	}
	if len(a.Photos) > MaxPhotos {
		var f errs.Fields
		f.Add("photo", "activity.photos_full", "N", MaxPhotos)
		return f.Err()
	}
	return nil
}

// RemovePhoto takes a picture away; the file stays for the history.
func (s *Service) RemovePhoto(ctx context.Context, ref id.Ref, version int64, hash string) error {
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.photo_remove"}, func(a *Activity) error {
		a.Photos = slices.DeleteFunc(slices.Clone(a.Photos), func(p Photo) bool { return p.Full == hash })
		return nil
	})
}

// Photo opens a picture of an activity that the reader may see, full or small.
func (s *Service) Photo(ctx context.Context, ref id.Ref, hash string) (io.ReadSeekCloser, error) {
	a, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	if a, err = s.visible(ctx, ref, a); err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(a.Photos, func(p Photo) bool { return p.Full == hash || p.Thumb == hash }) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.blobs.Get(ctx, hash)
}

// keeps tells whether the reader may work at one of the hosts that have agreed.
func (s *Service) keeps(ctx context.Context, a Activity) bool {
	for _, unit := range a.Units() {
		if u, err := s.rec.Home(ctx, unit); err == nil && scope.From(ctx).May(scope.Work, u.Pos) {
			return true
		}
	}
	return false
}

// short is the beginning of a text for a line of an inbox.
func short(text string) string {
	const most = 60
	r := []rune(text)
	if len(r) <= most {
		return text
	}
	return string(r[:most]) + "…"
}

// repeated are the pictures of an activity that stand under another one, too.
func (s *Service) repeated(ctx context.Context, ref id.Ref, a Activity) (map[string]bool, error) {
	out := map[string]bool{}
	for _, p := range a.Photos {
		n, err := s.store.othersWithPhotoAcrossUnits(ctx, ref, p.Full)
		if err != nil {
			return nil, err
		}
		out[p.Full] = n > 0
	}
	return out, nil
}
