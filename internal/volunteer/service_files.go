package volunteer

import (
	"bytes"
	"context"
	"io"
	"slices"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// Files reads the volunteers that another record names, as far as the reader may see them: as Get does where the reader
// views, otherwise what a search for people tells of who agreed to be found. Others are left out.
func (s *Service) Files(ctx context.Context, refs []id.Ref) (map[id.Ref]Volunteer, error) {
	list, err := s.ByRefs(ctx, refs)
	if err != nil {
		return nil, err
	}
	ids := make([]id.ID, 0, len(list))
	for ref := range list {
		ids = append(ids, ref.ID)
	}
	files, err := s.book.Bodies(ctx, ids)
	if err != nil {
		return nil, err
	}
	a := scope.From(ctx)
	out := make(map[id.Ref]Volunteer, len(list))
	for ref, l := range list {
		v, ok := files[ref.ID]
		switch {
		case !ok:
		case a.May(scope.View, l.Pos):
			out[ref] = v.shown(Reader{Works: a.May(scope.Work, l.Pos), Own: a.Unit == v.Unit})
		case v.FindConsent != "" && a.May(scope.Find, l.Pos):
			out[ref] = v.public()
		}
	}
	return out, nil
}

// public is what anybody in the province is told of who agreed to be found (R161).
func (v Volunteer) public() Volunteer {
	out := Volunteer{Unit: v.Unit, Name: v.Name, Sex: v.Sex, BirthYear: v.BirthYear, Kind: v.Kind, Retired: v.Retired, Profession: v.Profession,
		Education: v.Education, Specialities: v.Specialities, FindConsent: v.FindConsent, AdmittedOn: v.AdmittedOn, LeftOn: v.LeftOn}
	for _, c := range v.Checks {
		if c.Kind != Health {
			out.Checks = append(out.Checks, Check{Kind: c.Kind, On: c.On, Expires: c.Expires})
		}
	}
	return out
}

// Named finds the volunteers whom a name or a code means, among those of a city whom the reader may find.
func (s *Service) Named(ctx context.Context, root int64, name string) ([]id.Ref, error) {
	if name == "" || root == 0 {
		return nil, nil
	}
	p, err := s.Find(ctx, org.Unit{Pos: root * org.City.Span(), Level: org.City}, clock.Today(ctx), Filter{Text: name}, -1, "", mostNamesakes)
	if err != nil {
		return nil, err
	}
	var found []id.Ref
	for _, l := range p.Volunteers {
		if l.Code == name {
			return []id.Ref{l.Ref()}, nil
		}
		if l.Name == name {
			found = append(found, l.Ref())
		}
	}
	return found, nil
}

// mostNamesakes is how many people are looked at for a name.
const mostNamesakes = 50

// ProfessionName is a profession of a city's list in the reader's language.
func (s *Service) ProfessionName(ctx context.Context, root int64, name string) string {
	if name == "" || i18n.Lang(ctx) == "zh" {
		return name
	}
	p, err := s.store.professionOf(ctx, root, name)
	if err != nil {
		return name
	}
	return p.In(i18n.Lang(ctx))
}

// mostPaper is how large a scanned paper may be.
const mostPaper = file.MaxPhotoBytes

// KeepPaper takes in the scan of a check's paper, a photo or a PDF, and answers the check with it. A photo is shrunk and
// loses the place where it was made; errors are those of file.Photo and file.Check.
func (s *Service) KeepPaper(ctx context.Context, c Check, r io.Reader) (Check, error) {
	data, kind, err := file.Check(r, mostPaper, append([]file.Kind{file.PDF}, file.Photos...)...)
	if err != nil {
		return c, err
	}
	if c.PDF = kind == file.PDF; !c.PDF {
		if data, _, _, _, err = file.Photo(bytes.NewReader(data)); err != nil {
			return c, err
		}
	}
	c.Paper, _, err = s.blobs.Put(ctx, bytes.NewReader(data))
	return c, err
}

// Paper opens the scanned paper of a check that the reader may see: of a health check who may see health, of others who
// works at the volunteer's unit. NotFound for everybody else.
func (s *Service) Paper(ctx context.Context, ref id.Ref, hash string) (Check, io.ReadSeekCloser, error) {
	v, _, err := s.Get(ctx, ref)
	if err != nil {
		return Check{}, nil, err
	}
	i := slices.IndexFunc(v.Checks, func(c Check) bool { return c.Paper == hash })
	if i < 0 || hash == "" {
		return Check{}, nil, errs.New(errs.NotFound, "errs.not_found")
	}
	f, err := s.blobs.Get(ctx, hash)
	return v.Checks[i], f, err
}

// Uploads are the hashes of all files that any hours or checks of a database name or ever named: what a backup has to hold.
func Uploads(ctx context.Context, d *db.DB) ([]string, error) {
	photos, err := record.Files(ctx, d, ServiceKind, func(_ id.Ref, h Hours) []string { return []string{h.Photo, h.Thumb} })
	if err != nil {
		return nil, err
	}
	papers, err := record.Files(ctx, d, Kind, func(_ id.Ref, v Volunteer) (out []string) {
		for _, c := range v.Checks {
			out = append(out, c.Paper)
		}
		return out
	})
	return append(photos, papers...), err
}
