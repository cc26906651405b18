package activity

import (
	"context"
	"slices"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// onPhotos is the consent of a guardian that photos of a camp may be shown.
const onPhotos = "photo"

// Statement is what somebody says about photos: whether minors can be recognised, and where the guardians' consent is.
type Statement struct {
	Minors string // one of Recognised
	Papers Papers
}

// photoView is where a photo of an activity may be shown, to whom.
type photoView int

const (
	toHosts  photoView = iota // nobody has said, or no consent is there: those who work at it
	toAll                     // whoever sees the activity
	toNobody                  // a consent was taken back
)

// view tells to whom a photo may be shown. stop is the key of the last withdrawal for its content, 0 without; list tells whether
// all guardians on the camp's list agree to photos.
func (p Photo) view(stop id.ID, list bool) photoView {
	switch {
	case p.Minors == Some && p.Papers.ID != 0 && p.Papers.ID > stop && (!p.Papers.List || list):
		return toAll
	case stop != 0 || p.Minors == Some && p.Papers.ID != 0:
		return toNobody
	case p.Minors == None || p.Minors == "" && p.Consent:
		return toAll
	}
	return toHosts
}

// photoViews are the views of an activity's photos by content.
func (s *Service) photoViews(ctx context.Context, ref id.Ref, a Activity) (map[string]photoView, error) {
	out := map[string]photoView{}
	if len(a.Photos) == 0 {
		return out, nil
	}
	stops, err := s.photoStops(ctx, a.Photos)
	if err != nil {
		return nil, err
	}
	list := false
	if slices.ContainsFunc(a.Photos, func(p Photo) bool { return p.Papers.List }) {
		if list, err = s.listAgrees(ctx, ref, a); err != nil {
			return nil, err
		}
	}
	for _, p := range a.Photos {
		out[p.Full] = p.view(stops[p.Full].ID, list)
	}
	return out, nil
}

func (s *Service) photoStops(ctx context.Context, list []Photo) (map[string]stop, error) {
	var hashes []string
	for _, p := range list {
		if hash(p.Full) {
			hashes = append(hashes, p.Full)
		}
	}
	rows, err := s.store.stopsAcrossUnits(ctx, hashes)
	out := map[string]stop{}
	for _, r := range rows {
		if r.ID > out[r.Hash].ID {
			out[r.Hash] = r
		}
	}
	return out, err
}

// listAgrees tells whether the guardians of all who are on a camp's sealed list agree to photos.
func (s *Service) listAgrees(ctx context.Context, ref id.Ref, a Activity) (bool, error) {
	if a.Class != Camp || s.seal == nil {
		return false, nil
	}
	return s.seal.AllAgree(ctx, minorsOf(ref, a), onPhotos)
}

// visible leaves out of an activity the photos that the reader may not see.
func (s *Service) visible(ctx context.Context, ref id.Ref, a Activity) (Activity, error) {
	views, err := s.photoViews(ctx, ref, a)
	if err != nil {
		return a, err
	}
	keeps := s.keeps(ctx, a)
	a.Photos = slices.DeleteFunc(slices.Clone(a.Photos), func(p Photo) bool {
		v := views[p.Full]
		return v == toNobody || v == toHosts && !keeps
	})
	return a, nil
}

// StatePhotos says of photos whether minors can be recognised and where the consent is; a consent taken back is made good only by
// one on paper that was given since.
func (s *Service) StatePhotos(ctx context.Context, ref id.Ref, version int64, hashes []string, st Statement) error {
	return s.change(ctx, ref, version, record.Change{Act: "activity.act.photo_consent"}, func(a *Activity) error {
		var f errs.Fields
		chosen := slices.DeleteFunc(slices.Clone(a.Photos), func(p Photo) bool { return !slices.Contains(hashes, p.Full) })
		if len(chosen) == 0 {
			f.Add("hash", "activity.photo_choose")
		}
		if !slices.Contains(Recognised, st.Minors) {
			f.Add("photo_minors", "activity.minors_unsaid")
		}
		stops, err := s.photoStops(ctx, chosen)
		if err != nil {
			return err
		}
		if st.Minors == None {
			st.Papers = Papers{}
			if len(stops) > 0 {
				f.Add("photo_minors", "activity.photo_stopped_none")
			}
		}
		if st.Minors == Some {
			if err := s.checkPapers(ctx, ref, *a, stops, st.Papers, &f); err != nil {
				return err
			}
			for _, p := range chosen {
				if here, err := s.blobs.Has(ctx, p.Full); err != nil {
					return err
				} else if !here {
					f.Add("hash", "activity.photo_erased")
					break
				}
			}
			st.Papers.ID = id.New()
		}
		if err := f.Err(); err != nil {
			return err
		}
		a.Photos = slices.Clone(a.Photos)
		for i := range a.Photos {
			if p := &a.Photos[i]; slices.Contains(hashes, p.Full) {
				p.Minors, p.Papers, p.Consent = st.Minors, st.Papers, false
			}
		}
		return nil
	})
}

func (s *Service) checkPapers(ctx context.Context, ref id.Ref, a Activity, stops map[string]stop, p Papers, f *errs.Fields) error {
	if p.List {
		agrees, err := s.listAgrees(ctx, ref, a)
		if err != nil {
			return err
		}
		if !agrees {
			f.Add("by_list", "activity.list_disagrees")
		}
		if len(stops) > 0 {
			f.Add("by_list", "activity.photo_stopped_list")
		}
		return nil
	}
	required(f, "papers_at", p.Where, "activity.where_missing")
	required(f, "taken_by", p.By, "activity.taken_by_missing")
	length(f, "papers_at", p.Where, maxName)
	length(f, "taken_by", p.By, maxName)
	if _, err := clock.ParseDay(string(p.On)); err != nil || p.On > clock.Today(ctx) {
		f.Add("given", "activity.given_odd")
		return nil
	}
	for _, x := range stops {
		if p.On < x.Day {
			f.Add("given", "activity.given_before_stop")
		}
	}
	return nil
}

// StopPhotos takes pictures out of sight at once, everywhere and for everybody, because a guardian took the consent back. It is no
// version of the record, so that nobody undoes it.
func (s *Service) StopPhotos(ctx context.Context, ref id.Ref, hashes []string, reason string) error {
	return s.db.Tx(ctx, func(ctx context.Context) error {
		a, _, err := s.book.Get(ctx, ref)
		if err != nil {
			return err
		}
		const act = "activity.act.photo_stop"
		if err := s.mayEdit(ctx, ref, a, record.Change{Act: act}); err != nil {
			return err
		}
		var f errs.Fields
		required(&f, "reason", reason, "activity.reason_missing")
		length(&f, "reason", reason, maxName)
		n := 0
		for _, p := range a.Photos {
			if !slices.Contains(hashes, p.Full) {
				continue
			}
			n++
			if err := s.store.stopPhoto(ctx, ref.Root, stop{Hash: p.Full, ID: id.New(), Day: clock.Today(ctx), By: scope.From(ctx).Name}); err != nil {
				return err
			}
		}
		if n == 0 {
			f.Add("hash", "activity.photo_choose")
		}
		if err := f.Err(); err != nil {
			return err
		}
		u, err := s.rec.Home(ctx, a.Lead())
		if err != nil {
			return err
		}
		return s.audit.Log(ctx, audit.Entry{Act: act, Subject: Kind, Ref: ref, Pos: u.Pos, Unit: u.ID, Note: reason, Detail: map[string]int{"photos": n}})
	})
}

// ConsentMinor notes what a guardian on the list of a camp agrees to, once the word is there.
func (s *Service) ConsentMinor(ctx context.Context, ref, minor id.Ref, purpose string, on clock.Day, form string) error {
	_, o, err := s.workAtCamp(ctx, ref, "consent")
	if err != nil {
		return err
	}
	return s.seal.Consent(ctx, o, minor, consent(purpose, on, form))
}
