package base

import (
	"bytes"
	"context"
	"io"
	"slices"

	"xinhuo/internal/flow"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// mayIssue tells whether the actor may give and take plaques of the issuer: who works there; of a body outside the tree
// whoever works at the host, with its document as evidence (R131).
func (s *Service) mayIssue(ctx context.Context, host id.ID, issuer Body) (bool, error) {
	at := issuer.Unit
	if at == 0 {
		at = host
	}
	u, err := s.rec.Home(ctx, at)
	return err == nil && scope.From(ctx).May(scope.Work, u.Pos), err
}

// atHost lets who may issue write at the host, wherever that stands within their view.
func (s *Service) atHost(ctx context.Context, host id.ID) (context.Context, error) {
	u, err := s.rec.Home(ctx, host)
	return widened(ctx, scope.Range{From: u.Pos, To: u.Pos + 1}), err
}

// Accredit hangs a plaque. Who works at the issuer records it as granted; anybody else, and who says Submitted, applies,
// and the case goes its way (pending).
func (s *Service) Accredit(ctx context.Context, ref id.Ref, version int64, a Accreditation) (pending bool, err error) {
	defer errs.Wrapf(&err, "base.Accredit %s", ref)
	b, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return false, err
	}
	a.ID, a.Case = id.New(), ""
	direct := false
	if !a.Issuer.Zero() && a.Status != Submitted {
		if direct, err = s.mayIssue(ctx, b.Host, a.Issuer); err != nil {
			return false, err
		}
	}
	act := "base.act.accredit"
	if direct {
		a.Status = Granted
	} else {
		a.Status, a.GrantedOn, act = Submitted, clock.Open, "base.act.apply"
		if a.AppliedOn == clock.Open {
			a.AppliedOn = clock.Today(ctx)
		}
	}
	bad := a.Check()
	if direct {
		required(&bad, "document", a.Document, "base.document_missing")
	}
	if err := bad.Err(); err != nil {
		return false, err
	}
	if direct {
		if ctx, err = s.atHost(ctx, b.Host); err != nil {
			return false, err
		}
		return false, s.change(ctx, ref, version, act, func(b *Base) error {
			b.Accreditations = append(b.Accreditations, a)
			return nil
		})
	}
	return true, s.db.Tx(ctx, func(ctx context.Context) error {
		c, err := s.openCase(ctx, "base.accreditation", ref, b, a.Issuer.Unit, application{a.ID})
		if err != nil {
			return err
		}
		a.Case = c.Ref().String()
		return s.change(ctx, ref, version, act, func(b *Base) error {
			b.Accreditations = append(b.Accreditations, a)
			return nil
		})
	})
}

// Revocation says when, why and by which document a plaque is taken back.
type Revocation struct {
	Accreditation string // its key
	On            clock.Day
	Reason        string
	Document      string
}

// Revoke takes a plaque back. It needs the issuer; a plaque that came through an approval is taken back there.
func (s *Service) Revoke(ctx context.Context, ref id.Ref, version int64, r Revocation) (err error) {
	defer errs.Wrapf(&err, "base.Revoke %s", ref)
	b, v, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	a := b.accreditation(r.Accreditation)
	var f errs.Fields
	if a == nil || a.Status != Granted {
		f.Add("accreditation", "base.plaque_missing")
		return f.Err()
	}
	if r.On == clock.Open {
		f.Add("on", "base.day_missing")
	}
	day(&f, "on", r.On)
	if r.On != clock.Open && r.On < a.GrantedOn {
		f.Add("on", "base.revoked_early", "Day", a.GrantedOn)
	}
	required(&f, "reason", r.Reason, "base.reason_missing")
	required(&f, "document", r.Document, "base.document_missing")
	if err := f.Err(); err != nil {
		return err
	}
	if v.N != version {
		return errs.New(errs.Conflict, "record.changed_meanwhile")
	}
	if a.Case != "" {
		c, err := id.ParseRef(a.Case)
		if err != nil {
			return err
		}
		_, err = s.flow.Act(ctx, c, flow.Act{Key: "revoke", Reason: r.Reason, Day: r.On, Document: r.Document})
		return err
	}
	ok, err := s.mayIssue(ctx, b.Host, a.Issuer)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Forbidden, "base.not_issuer", "Name", s.bodyName(ctx, a.Issuer))
	}
	if ctx, err = s.atHost(ctx, b.Host); err != nil {
		return err
	}
	return s.change(ctx, ref, version, "base.act.revoke", func(b *Base) error {
		b.accreditation(r.Accreditation).revoke(r.On, r.Reason, r.Document)
		return nil
	})
}

func (a *Accreditation) revoke(on clock.Day, reason, document string) {
	a.Status, a.RevokedOn, a.RevokeReason, a.RevokeDoc = Revoked, on, reason, document
}

// Correct puts a plaque right: its level, its days, its document. Of one older than 30 days somebody else has to apply
// it (pending).
func (s *Service) Correct(ctx context.Context, ref id.Ref, version int64, a Accreditation, reason string) (pending bool, err error) {
	b, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return false, err
	}
	old := b.accreditation(a.ID.String())
	if old == nil {
		return false, errs.New(errs.NotFound, "errs.not_found")
	}
	old.Level, old.Issuer, old.Title, old.GrantedOn, old.Document, old.RevokedOn = a.Level, a.Issuer, a.Title, a.GrantedOn, a.Document, a.RevokedOn
	if old.Status != Submitted {
		old.Status = Granted
		if old.RevokedOn != clock.Open {
			old.Status = Revoked
		}
	}
	bad := old.Check()
	required(&bad, "reason", reason, "base.reason_missing")
	if err := bad.Err(); err != nil {
		return false, err
	}
	return s.Save(ctx, ref, version, b, record.Change{Act: "base.act.correct", Reason: reason})
}

// Agree adds an agreement (R106).
func (s *Service) Agree(ctx context.Context, ref id.Ref, version int64, g Agreement) error {
	if err := g.Check().Err(); err != nil {
		return err
	}
	return s.change(ctx, ref, version, "base.act.agree", func(b *Base) error {
		b.Agreements = append(b.Agreements, g)
		slices.SortStableFunc(b.Agreements, func(a, b Agreement) int { return int(a.From.Int() - b.From.Int()) })
		return nil
	})
}

// Measure writes the states of the standard's items; items that are not named stay as they are (R93).
func (s *Service) Measure(ctx context.Context, ref id.Ref, version int64, items []ItemState) error {
	return s.change(ctx, ref, version, "base.act.measure", func(b *Base) error {
		var f errs.Fields
		for _, it := range items {
			for _, bad := range it.Check() {
				bad.Name += "." + it.Item
				f = append(f, bad)
			}
			for i := range b.Items {
				if b.Items[i].Item == it.Item {
					b.Items[i] = it
				}
			}
		}
		return f.Err()
	})
}

// Inspect writes a yearly check; a check of the same year that was due is done by it (R94).
func (s *Service) Inspect(ctx context.Context, ref id.Ref, version int64, c Check) error {
	bad := c.Check()
	if c.Day == clock.Open {
		bad.Add("day", "base.day_missing")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	return s.change(ctx, ref, version, "base.act.check", func(b *Base) error {
		b.addCheck(c)
		return nil
	})
}

func (b *Base) addCheck(c Check) {
	for i, old := range b.Checks {
		if old.Year == c.Year && old.Day == clock.Open {
			c.DueOn = old.DueOn
			b.Checks[i] = c
			return
		}
	}
	b.Checks = append(b.Checks, c)
	slices.SortStableFunc(b.Checks, func(a, b Check) int { return int(a.Year - b.Year) })
}

// Plan opens an improvement plan, or writes one anew under its key; closing it needs before and after (R95).
func (s *Service) Plan(ctx context.Context, ref id.Ref, version int64, p Plan) error {
	if err := p.Check().Err(); err != nil {
		return err
	}
	act := "base.act.plan"
	if p.ClosedOn != clock.Open {
		act = "base.act.plan_close"
	}
	return s.change(ctx, ref, version, act, func(b *Base) error {
		if old := b.plan(p.ID.String()); old != nil {
			*old = p
			return nil
		}
		b.Plans = append(b.Plans, p)
		return nil
	})
}

// AddPhoto keeps a picture with words for those who do not see it.
func (s *Service) AddPhoto(ctx context.Context, ref id.Ref, version int64, r io.Reader, alt string) (err error) {
	defer errs.Wrapf(&err, "base.AddPhoto %s", ref)
	b, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return err
	}
	var f errs.Fields
	required(&f, "alt", alt, "base.alt_missing")
	if len(b.Photos) >= MaxPhotos {
		f.Add("photo", "base.photos_full", "N", MaxPhotos)
	}
	if err := f.Err(); err != nil {
		return err
	}
	full, thumb, w, h, err := file.Photo(r)
	if err != nil {
		return err
	}
	p := Photo{Alt: alt, W: w, H: h}
	if p.Full, _, err = s.blobs.Put(ctx, bytes.NewReader(full)); err != nil {
		return err
	}
	if p.Thumb, _, err = s.blobs.Put(ctx, bytes.NewReader(thumb)); err != nil {
		return err
	}
	return s.change(ctx, ref, version, "base.act.photo", func(b *Base) error {
		b.Photos = append(b.Photos, p)
		return nil
	})
}

// RemovePhoto takes a picture away; the file stays for the history.
func (s *Service) RemovePhoto(ctx context.Context, ref id.Ref, version int64, hash string) error {
	return s.change(ctx, ref, version, "base.act.photo_remove", func(b *Base) error {
		b.Photos = slices.DeleteFunc(b.Photos, func(p Photo) bool { return p.Full == hash })
		return nil
	})
}

// Photo opens a picture of a base that the reader may see, full or small.
func (s *Service) Photo(ctx context.Context, ref id.Ref, hash string) (io.ReadSeekCloser, error) {
	b, _, err := s.book.Get(ctx, ref)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(b.Photos, func(p Photo) bool { return p.Full == hash || p.Thumb == hash }) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return s.blobs.Get(ctx, hash)
}
