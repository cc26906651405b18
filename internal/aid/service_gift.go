package aid

import (
	"context"
	"slices"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func giftGone() error {
	var f errs.Fields
	f.Add("gift", "aid.gift_unfit")
	return f.Err()
}

// notOverspent refuses, by the field named gift, what would leave a gift with less than nothing. The transaction holds the gift.
func (s *Service) notOverspent(ctx context.Context, ref id.Ref, key string) error {
	g, err := s.store.giftAcrossUnits(ctx, ref)
	if err != nil {
		return err
	}
	if g.LeftFen() >= 0 && g.LeftQty() >= 0 {
		return nil
	}
	var f errs.Fields
	f.Add("gift", key)
	return f.Err()
}

func (s *Service) putDonor(ctx context.Context, ref id.Ref, d Donor, gone bool) error {
	u, err := s.rec.Home(ctx, d.Unit)
	if err != nil {
		return err
	}
	return s.store.putDonor(ctx, ref, d, u.Pos, gone)
}

func (s *Service) putGift(ctx context.Context, ref id.Ref, g Gift, gone bool) error {
	u, err := s.rec.Home(ctx, g.Unit)
	if err != nil {
		return err
	}
	if gone {
		if x, err := s.store.giftAcrossUnits(ctx, ref); err == nil && x.Aids > 0 {
			return errs.New(errs.Conflict, "aid.gift_spent")
		}
	}
	if err := s.store.putGift(ctx, ref, g, strings.Join(g.Kinds, ","), u.Pos, gone); err != nil || gone {
		return err
	}
	return s.notOverspent(ctx, ref, "aid.gift_under_spent")
}

// SaveDonor keeps a donor: a new one when ref is zero, otherwise as it was read at a version.
func (s *Service) SaveDonor(ctx context.Context, ref id.Ref, version int64, d Donor) (_ id.Ref, err error) {
	defer errs.Wrapf(&err, "aid.SaveDonor")
	d.Name, d.Note = strings.TrimSpace(d.Name), strings.TrimSpace(d.Note)
	return save(ctx, s, s.donors, ref, version, d, "donor", func(context.Context, *Donor) error { return d.problems().Err() })
}

// SaveGift keeps a gift: a new one when ref is zero, otherwise as it was read at a version. It can never be made less than what was spent
// of it.
func (s *Service) SaveGift(ctx context.Context, ref id.Ref, version int64, g Gift) (_ id.Ref, err error) {
	defer errs.Wrapf(&err, "aid.SaveGift")
	g.What, g.Note = strings.TrimSpace(g.What), strings.TrimSpace(g.Note)
	if g.Form == Money {
		g.What, g.Qty = "", 0
	}
	return save(ctx, s, s.gifts, ref, version, g, "gift", func(ctx context.Context, was *Gift) error {
		f := g.problems(clock.Today(ctx))
		u, err := s.rec.Home(ctx, g.Unit)
		if err != nil {
			return err
		}
		if g.Donor.ID != 0 {
			if _, _, err := s.donors.Get(ctx, g.Donor); err != nil || g.Donor.Root != u.Root() {
				f.Add("donor", "aid.donor_missing")
			}
		}
		kinds, err := s.Kinds(ctx, u.Root())
		if err != nil {
			return err
		}
		for _, k := range g.Kinds {
			if !slices.ContainsFunc(kinds, func(c Class) bool { return c.Code == k }) {
				f.Add("kinds", "aid.kind_missing")
			}
		}
		if was != nil && was.Form != g.Form {
			if x, err := s.store.giftAcrossUnits(ctx, ref); err != nil || x.Aids > 0 {
				f.Add("form", "aid.gift_spent")
			}
		}
		return f.Err()
	})
}

// save keeps a donor or a gift in its book; the right comes before what was typed is looked at.
func save[T any](ctx context.Context, s *Service, b *record.Book[T], ref id.Ref, version int64, v T, kind string, check func(ctx context.Context, was *T) error) (id.Ref, error) {
	err := s.db.Tx(ctx, func(ctx context.Context) error {
		if ref.ID == 0 {
			ch := record.Change{Act: "aid.act." + kind + "_add"}
			if err := b.MayCreate(ctx, v, ch); err != nil {
				return err
			}
			if err := check(ctx, nil); err != nil {
				return err
			}
			var err error
			ref, err = b.Create(ctx, v, ch)
			return err
		}
		ch := record.Change{Act: "aid.act." + kind + "_edit"}
		if err := b.MayWork(ctx, ref, ch); err != nil {
			return err
		}
		was, _, err := b.Get(ctx, ref)
		if err != nil {
			return err
		}
		if err := check(ctx, &was); err != nil {
			return err
		}
		return b.Save(ctx, ref, version, v, ch)
	})
	return ref, err
}

// fitting tells whether an aid may be given out of a gift on a day: of its form and kind, of its own unit or of one above that lets units
// below give out of it, and not before the gift came.
func (s *Service) fitting(ctx context.Context, a Aid, gift id.Ref, day clock.Day) (bool, error) {
	list, err := s.Fitting(ctx, a)
	i := slices.IndexFunc(list, func(g GiftRow) bool { return g.Ref() == gift })
	return i >= 0 && list[i].Day <= day, err
}

// Fitting are the gifts that an aid may be given out of, for who works at its unit; what is left of each stands with it.
func (s *Service) Fitting(ctx context.Context, a Aid) (out []GiftRow, err error) {
	u, err := s.rec.Home(ctx, a.Unit)
	if err != nil || !scope.From(ctx).May(scope.Work, u.Pos) {
		return nil, err
	}
	above, err := s.org.Ancestors(ctx, u.ID, clock.Today(ctx))
	if err != nil {
		return nil, err
	}
	units := []id.ID{a.Unit, u.ID}
	for _, x := range above {
		units = append(units, x.ID)
	}
	list, err := s.store.giftsAtAcrossUnits(ctx, units)
	for _, g := range list {
		if g.fits(a.Form, a.Kind, g.Unit == a.Unit || g.Unit == u.ID) {
			out = append(out, g)
		}
	}
	return out, err
}

// Gift reads a gift with what was spent of it; NotFound outside the reader's view.
func (s *Service) Gift(ctx context.Context, ref id.Ref) (Gift, GiftRow, record.Version, error) {
	g, v, err := s.gifts.Get(ctx, ref)
	if err != nil {
		return g, GiftRow{}, v, err
	}
	row, err := s.store.giftAcrossUnits(ctx, ref)
	return g, row, v, err
}

// Donor reads a donor; NotFound outside the reader's view.
func (s *Service) Donor(ctx context.Context, ref id.Ref) (Donor, record.Version, error) {
	return s.donors.Get(ctx, ref)
}

// most is how many gifts or donors a page shows.
const most = 200

// Gifts are those of a unit and of those below it, within the reader's view; of one donor when it is not 0.
func (s *Service) Gifts(ctx context.Context, u org.Unit, donor id.ID) ([]GiftRow, error) {
	return s.store.gifts(ctx, u.Range(), scope.From(ctx).ViewSet, donor, most)
}

// Donors are those of a unit and of those below it, within the reader's view.
func (s *Service) Donors(ctx context.Context, u org.Unit) ([]DonorRow, error) {
	return s.store.donors(ctx, u.Range(), scope.From(ctx).ViewSet, most)
}

// Thanked are the donors of a unit's subtree who agreed to be named before everybody, and how many others gave.
func (s *Service) Thanked(ctx context.Context, u org.Unit) (list []DonorRow, others int64, err error) {
	if list, err = s.store.thankedAcrossUnits(ctx, u.Range(), 1000); err != nil {
		return nil, 0, err
	}
	others, err = s.store.unnamedAcrossUnits(ctx, u.Range())
	return list, others, err
}

func donorFacts(ctx context.Context, d Donor) []record.Fact {
	return []record.Fact{{Key: "aid.f.donor_name", Text: d.Name}, {Key: "aid.f.donor_kind", Text: tr(ctx, "aid.donor."+d.Kind)}, {Key: "aid.f.named", Text: yes(ctx, d.Named)}, {Key: "aid.f.note", Text: d.Note}}
}

func (s *Service) giftFacts(ctx context.Context, g Gift) []record.Fact {
	name := s.kindNames(ctx)
	var kinds []string
	for _, k := range g.Kinds {
		kinds = append(kinds, name(g.Donor.Root, k))
	}
	donor := ""
	if d, _, err := s.donors.Get(scope.With(ctx, scope.System(Kind)), g.Donor); err == nil {
		donor = d.Name
	}
	return []record.Fact{{Key: "aid.f.donor", Text: donor}, {Key: "aid.f.gift_day", Text: i18n.Day(ctx, g.Day)}, {Key: "aid.f.amount", Text: amountText(ctx, g.Form, Amount{Fen: g.Fen, Qty: g.Qty, What: g.What})},
		{Key: "aid.f.bound", Text: strings.Join(kinds, tr(ctx, "aid.comma"))}, {Key: "aid.f.below", Text: yes(ctx, g.Below)}, {Key: "aid.f.note", Text: g.Note}}
}

func yes(ctx context.Context, b bool) string {
	if b {
		return tr(ctx, "aid.yes")
	}
	return tr(ctx, "aid.no_word")
}
