package activity

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
	"xinhuo/internal/seal"
)

// What is noted of a minor at a camp: the guardian's consent to come, and that an insurance policy was shown.
const (
	toCamp  = "camp"
	insured = "insurance"
)

// minorKind is the kind of the sealed records of those who come to a camp.
const minorKind = "activity.minor"

// Minor is somebody under age who comes to a camp, as it is typed. Names and telephones are sealed (R133). Contact is whom to
// call when the guardian does not answer: another person, or at least another telephone.
type Minor struct {
	Name, Guardian, Phone string
	Contact, ContactPhone string
	Consented             clock.Day // the guardian's word; open without it
	Form                  string    // paper or electronic
	Insured               bool
	Photos                bool // the guardian agrees to photos being shown, too
}

// SetSeal connects what is sealed; without it a camp has no list of names.
func (s *Service) SetSeal(x *seal.Service) {
	s.seal = x
	x.AddMatters(s.sealedMatter)
	x.AddPurpose(toCamp, "activity.consent_camp")
	x.AddPurpose(onPhotos, "activity.consent_photo")
	x.AddSubject(seal.Subject{Kind: minorKind, Order: []string{"name", "guardian", "phone", "contact", "contact_phone"}, Find: []string{"name", "phone"}, Names: map[string]string{"name": "activity.f.minor_name", "guardian": "activity.f.guardian", "phone": "activity.f.guardian_phone",
		"contact": "activity.f.contact", "contact_phone": "activity.f.contact_phone"}})
	keep := func(days func(Limits) int64) func(context.Context, int64) (int64, error) {
		return func(ctx context.Context, root int64) (int64, error) {
			l, err := s.Limits(ctx, root)
			return days(l), err
		}
	}
	x.AddClass(seal.Class{Kind: minorKind, Name: "activity.sealed.activity.minor", Since: "activity.kept_since_camp", Ground: "activity.kept_law", Setting: "/activity/settings", Live: keep(func(l Limits) int64 { return l.Keep })})
	x.AddClass(seal.Class{Kind: incidentKind, Name: "activity.sealed.activity.incident", Since: "activity.kept_since_activity", Ground: "activity.kept_law_incident", Setting: "/activity/settings", Live: keep(func(l Limits) int64 { return l.KeepIncident })})
}

// sealedMatter is an activity as the pages of sealed data need it.
func (s *Service) sealedMatter(ctx context.Context, of id.Ref) (seal.Matter, error) {
	a, _, err := s.book.Get(ctx, of)
	if err != nil {
		return seal.Matter{}, err
	}
	return seal.Matter{Owners: []seal.Owner{minorsOf(of, a), incidentsOf(of, a)}, Title: a.Title, Href: "/activity/" + of.String(), Hint: "activity.sealed_effect",
		Label: func(ctx context.Context, kind string) string { return i18n.T(ctx, "activity.sealed."+kind) },
		Name: func(kind string, r seal.Record) string {
			if kind == incidentKind {
				return short(r.Fields["people"])
			}
			return r.Fields["name"]
		}}, nil
}

// Erasures are what was erased of an activity, for its list.
func (s *Service) erasures(ctx context.Context, ref id.Ref) (ui.Table, error) {
	m, err := s.sealedMatter(ctx, ref)
	if err != nil {
		return ui.Table{}, err
	}
	list, err := s.seal.Erasures(ctx, ref)
	return seal.ErasureTable(ctx, m, list), err
}

// minorsOf are the sealed records of an activity; its lead keeps them, and the hosts that have agreed read what they may add.
func minorsOf(ref id.Ref, a Activity) seal.Owner {
	return seal.Owner{Kind: minorKind, Of: ref, Unit: a.Lead(), Also: a.Readers()}
}

// errNoCamp is said where the list of an activity is asked for that is no camp; its pages lead back to the activity.
var errNoCamp = errs.New(errs.Conflict, "activity.no_camp")

// camp is the activity whose list is asked for, if the reader sees it and it is a camp.
func (s *Service) camp(ctx context.Context, ref id.Ref) (Activity, seal.Owner, error) {
	a, _, err := s.book.Get(ctx, ref)
	if err == nil && (a.Class != Camp || s.seal == nil) {
		err = errNoCamp
	}
	return a, minorsOf(ref, a), err
}

// workAtCamp is the same for those who work at it.
func (s *Service) workAtCamp(ctx context.Context, ref id.Ref, act string) (Activity, seal.Owner, error) {
	a, _, err := s.book.Get(ctx, ref)
	if err == nil {
		err = s.mayEdit(ctx, ref, a, record.Change{Act: "activity.act." + act})
	}
	if err != nil {
		return a, seal.Owner{}, err
	}
	return s.camp(ctx, ref)
}

// AddMinor puts somebody on the sealed list of a camp.
func (s *Service) AddMinor(ctx context.Context, ref id.Ref, m Minor) error {
	_, o, err := s.workAtCamp(ctx, ref, "minor")
	if err != nil {
		return err
	}
	var f errs.Fields
	required(&f, "minor_name", m.Name, "activity.minor_name_missing")
	required(&f, "guardian", m.Guardian, "activity.guardian_missing")
	required(&f, "guardian_phone", m.Phone, "activity.guardian_phone_missing")
	required(&f, "contact", m.Contact, "activity.contact_missing")
	required(&f, "contact_phone", m.ContactPhone, "activity.contact_phone_missing")
	for name, number := range map[string]string{"guardian_phone": m.Phone, "contact_phone": m.ContactPhone} {
		if number != "" && !org.Dialable(number) {
			f.Add(name, "activity.phone_odd")
		}
	}
	if m.ContactPhone != "" && m.ContactPhone == m.Phone {
		f.Add("contact_phone", "activity.contact_same")
	}
	for name, text := range map[string]string{"minor_name": m.Name, "guardian": m.Guardian, "guardian_phone": m.Phone, "contact": m.Contact, "contact_phone": m.ContactPhone} {
		length(&f, name, text, maxName)
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(ctx context.Context) error {
		key, err := s.seal.Seal(ctx, o, map[string]string{"name": m.Name, "guardian": m.Guardian, "phone": m.Phone, "contact": m.Contact, "contact_phone": m.ContactPhone}, "name", "phone")
		if err == nil && m.Consented != clock.Open {
			err = s.seal.Consent(ctx, o, key, seal.Consent{Purpose: toCamp, Given: m.Consented, Form: m.Form})
		}
		if err == nil && m.Consented != clock.Open && m.Photos {
			err = s.seal.Consent(ctx, o, key, consent(onPhotos, m.Consented, m.Form))
		}
		if err == nil && m.Insured {
			err = s.seal.Consent(ctx, o, key, seal.Consent{Purpose: insured, Given: clock.Today(ctx), Form: seal.Forms[0]})
		}
		return err
	})
}

// Minors opens the list of a camp. Only the hosts' own people and those with a grant read it, and each reading is logged.
func (s *Service) Minors(ctx context.Context, ref id.Ref) (Activity, []seal.Record, error) {
	a, o, err := s.camp(ctx, ref)
	if err != nil {
		return a, nil, err
	}
	list, err := s.seal.Open(ctx, o)
	return a, list, err
}

// WithdrawMinor notes that a guardian has taken a consent back: to the camp, or to photos, which go out of sight at once.
func (s *Service) WithdrawMinor(ctx context.Context, ref, minor id.Ref, purpose string) error {
	_, o, err := s.workAtCamp(ctx, ref, "withdraw")
	if err != nil {
		return err
	}
	return s.seal.Withdraw(ctx, o, minor, purpose)
}

// minorNeeds are what a camp needs of its list before it may open; they count and name nobody. A count of papers does not
// stand for the list (R133). Of a camp that was held the heads count each day, so that they say nothing about the list.
func (s *Service) minorNeeds(ctx context.Context, ref id.Ref, a Activity) ([]Need, error) {
	if a.Class != Camp {
		return nil, nil
	}
	n := seal.Count{}
	if s.seal != nil {
		var err error
		if n, err = s.seal.Counts(ctx, minorsOf(ref, a)); err != nil {
			return nil, err
		}
	}
	have := n.Records
	if a.Last() < clock.Today(ctx) { // what was kept as long as it may be was there
		have += n.Expired
	}
	list := []Need{{Key: "activity.need.listed", Field: "minors", Act: "minors", Args: []any{"N", max(a.Minors, 1), "Have", have}, Met: have > 0 && (have >= a.Minors || a.Status == Held)}}
	if n.Records == 0 {
		return list, nil
	}
	for _, p := range []string{toCamp, insured} {
		list = append(list, Need{Key: "activity.need.minor_" + p, Field: "minors", Act: "minors", Args: []any{"N", n.Records - n.Consented[p]}, Met: n.Consented[p] >= n.Records})
	}
	return list, nil
}
