package app

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/kit/web/ui"
	"xinhuo/internal/org"
)

// Imprint is what the operator sets about the foot of every page: who owns the site, under which numbers it is registered, and
// whom to ring. "" leaves a line out.
type Imprint struct {
	Copyright string `json:"copyright,omitempty"`
	ICP       string `json:"icp,omitempty"`      // number of the filing or the licence, of the ministry of industry
	Police    string `json:"police,omitempty"`   // number of the filing, of public security
	Mark      string `json:"mark,omitempty"`     // code of the mark of sites of Party and government
	MarkURL   string `json:"mark_url,omitempty"` // the page at which the mark's owner proves it
	Phone     string `json:"phone,omitempty"`
	PhoneNote string `json:"phone_note,omitempty"` // whose telephone, and the hours

	Ver  int64 `json:"ver,omitempty"`  // rises with every change
	Unit id.ID `json:"unit,omitempty"` // who runs the site; 0 is the top of the tree
}

const (
	siteSetting = "site"
	siteAct     = "app.act.site"
	siteEvery   = time.Minute // after that every server of a cluster shows a change

	icpRegister    = "https://beian.miit.gov.cn/"
	policeRegister = "https://beian.mps.gov.cn/#/query/webSearch?code="
)

// ImprintNames are the fields, as a form and the command line name them, in the order in which they are shown.
var ImprintNames = []string{"copyright", "icp", "police", "mark", "mark_url", "phone", "phone_note"}

// Field is the place of a field by its name; nil when there is none.
func (s *Imprint) Field(name string) *string {
	switch name {
	case "copyright":
		return &s.Copyright
	case "icp":
		return &s.ICP
	case "police":
		return &s.Police
	case "mark":
		return &s.Mark
	case "mark_url":
		return &s.MarkURL
	case "phone":
		return &s.Phone
	case "phone_note":
		return &s.PhoneNote
	}
	return nil
}

// siteLengths are the most characters of each field.
var siteLengths = map[string]int{"copyright": 120, "icp": 40, "police": 40, "mark": 40, "mark_url": 300, "phone": 30, "phone_note": 100}

var (
	icpShape    = regexp.MustCompile(`^\p{Han}(ICP(备|证)\d{4,10}号|B\d-\d{8})(-\d{1,4})?$`)
	policeShape = regexp.MustCompile(`^\p{Han}公网安备\d{11,14}号$`)
	markShape   = regexp.MustCompile(`^[A-Za-z0-9-]{4,40}$`)
	phoneShape  = regexp.MustCompile(`^\+?[0-9][0-9 ()-]*$`)
)

// narrow writes wide letters and digits as the registers do.
func narrow(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, s)
}

// tidy brings what was typed into the shape in which it is kept.
func (s *Imprint) tidy() {
	for _, name := range ImprintNames {
		p := s.Field(name)
		*p = strings.ReplaceAll(table.CleanText(*p), "\n", " ")
	}
	for _, p := range []*string{&s.ICP, &s.Police, &s.Mark} {
		*p = strings.ReplaceAll(narrow(*p), " ", "")
	}
	s.ICP = strings.ToUpper(s.ICP)
	s.Phone = narrow(s.Phone)
}

// faults are what has to be changed before a site can be shown.
func (s Imprint) faults() errs.Fields {
	var f errs.Fields
	for _, name := range ImprintNames {
		if n := siteLengths[name]; utf8.RuneCountInString(*s.Field(name)) > n {
			f.Add(name, "app.site.too_long", "N", n)
		} else if strings.ContainsFunc(*s.Field(name), func(r rune) bool { return !unicode.IsPrint(r) }) {
			f.Add(name, "app.site.unprintable")
		}
	}
	if len(f) > 0 {
		return f
	}
	if s.ICP != "" && !icpShape.MatchString(s.ICP) {
		f.Add("icp", "app.site.icp_shape")
	}
	if s.Police != "" && !policeShape.MatchString(s.Police) {
		f.Add("police", "app.site.police_shape")
	}
	if s.Mark != "" && !markShape.MatchString(s.Mark) {
		f.Add("mark", "app.site.mark_shape")
	}
	switch {
	case s.MarkURL != "" && !outside(s.MarkURL):
		f.Add("mark_url", "app.site.url_shape")
	case s.Mark != "" && s.MarkURL == "":
		f.Add("mark_url", "app.site.url_missing")
	case s.Mark == "" && s.MarkURL != "":
		f.Add("mark", "app.site.mark_missing")
	}
	if s.Phone != "" && (!phoneShape.MatchString(s.Phone) || !org.Dialable(s.Phone)) {
		f.Add("phone", "app.site.phone_shape")
	}
	return f
}

// outside tells whether a text is the whole address of a page elsewhere, over https.
func outside(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && u.User == nil && strings.Contains(u.Hostname(), ".") && !strings.ContainsAny(s, " \\\"'<>")
}

func numerals(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// registered are the numbers as links to the registers in which everybody may look them up.
func (s Imprint) registered(t ui.TextFunc) []ui.Link {
	var out []ui.Link
	if s.ICP != "" {
		out = append(out, ui.Link{Text: s.ICP, Href: icpRegister})
	}
	if s.Police != "" {
		out = append(out, ui.Link{Text: s.Police, Href: policeRegister + numerals(s.Police)})
	}
	if s.Mark != "" {
		out = append(out, ui.Link{Text: t("app.site.mark_line", "Code", s.Mark), Href: s.MarkURL})
	}
	return out
}

// Imprint is what is set, as the database holds it now.
func (a *App) Imprint(ctx context.Context) (Imprint, error) {
	var s Imprint
	text, err := a.setting(ctx, siteSetting)
	if err != nil || text == "" {
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s)
}

// readSite brings the pages what another server or the command line has set.
func (a *App) readSite(ctx context.Context) error {
	s, err := a.Imprint(ctx)
	if err == nil {
		a.site.Store(&s)
	}
	return err
}

// siteUnit is who runs the site: its administrators may change the foot. Without a word of the operator it is the top of the
// tree.
func (a *App) siteUnit(ctx context.Context, s Imprint) (org.Unit, error) {
	if s.Unit == 0 {
		return a.Org.Top(ctx)
	}
	return a.Record.Home(ctx, s.Unit)
}

// maySite tells whether who acts may change the foot of the pages.
func (a *App) maySite(ctx context.Context) (bool, error) {
	actor := scope.From(ctx)
	if actor.System || len(actor.Set(scope.Operate)) == 0 {
		return actor.System, nil
	}
	u, err := a.siteUnit(ctx, *a.site.Load())
	if err != nil {
		return false, err
	}
	return actor.May(scope.Operate, u.Pos), nil
}

// whoseSite is who runs the site, and whether who acts may change what is the same for the whole of it.
func (a *App) whoseSite(ctx context.Context) (u org.Unit, may bool, err error) {
	if may, err = a.maySite(ctx); err != nil {
		return u, false, err
	}
	if u, err = a.siteUnit(ctx, *a.site.Load()); errs.Is(err, errs.NotFound) { // a tree that is still empty
		err = nil
	}
	return u, may, err
}

// SetImprint changes what the foot of every page says. change gets what is set now; what has not the right shape is refused with
// the fields to be changed. ver is the version that was read, -1 for whoever changes single fields whatever the rest says.
func (a *App) SetImprint(ctx context.Context, ver int64, change func(*Imprint)) error {
	may, err := a.maySite(ctx)
	if err != nil {
		return err
	}
	if !may {
		if err := a.Audit.Refuse(ctx, audit.Entry{Act: siteAct, Subject: "app"}); err != nil {
			return err
		}
		return errs.New(errs.Forbidden, "errs.not_yours")
	}
	return a.DB.Tx(ctx, func(ctx context.Context) error {
		was, err := a.Imprint(ctx)
		if err != nil {
			return err
		}
		if ver >= 0 && ver != was.Ver {
			return errs.New(errs.Conflict, "record.changed_meanwhile")
		}
		now := was
		change(&now)
		now.tidy()
		if f := now.faults(); len(f) > 0 {
			return f.Err()
		}
		detail := map[string]string{}
		for _, name := range ImprintNames {
			if text := *now.Field(name); text != *was.Field(name) {
				detail[name] = text
			}
		}
		if now.Unit != was.Unit {
			detail["unit"] = now.Unit.String()
		}
		if len(detail) == 0 {
			return nil
		}
		now.Ver++
		u, err := a.siteUnit(ctx, now)
		if err != nil && !errs.Is(err, errs.NotFound) { // a tree that is still empty has a foot, too
			return err
		}
		text, err := json.Marshal(now)
		if err != nil {
			return err
		}
		if err := a.set(ctx, siteSetting, string(text)); err != nil {
			return err
		}
		a.DB.AfterCommit(ctx, func() { a.site.Store(&now) })
		return a.Audit.Log(ctx, audit.Entry{Act: siteAct, Subject: "app", Pos: u.Pos, Unit: u.ID, Detail: detail})
	})
}
