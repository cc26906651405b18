package portal

import (
	"context"
	"encoding/json"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

type siteRow struct {
	Root    int64  `db:"root"`
	Unit    id.ID  `db:"unit"`
	Pos     int64  `db:"pos"`
	Shown   int64  `db:"shown"`
	Slug    string `db:"slug"`
	Title   string `db:"title"`
	Motto   string `db:"motto"`
	About   string `db:"about"`
	Colour  string `db:"colour"`
	Hotline string `db:"hotline"`
	Human   string `db:"human"`
	Phone   string `db:"phone"`
	Hours   string `db:"hours"`
	Parts   string `db:"parts"`
	Signup  string `db:"signup"`
	Ver     int64  `db:"ver"`
}

const sites = `root, unit, pos, shown, slug, title, motto, about, colour, hotline, human, phone, hours, parts, signup, ver`

func (r siteRow) site() Site {
	s := Site{Root: r.Root, Unit: r.Unit, Pos: r.Pos, On: r.Shown == 1, Slug: r.Slug, Title: r.Title, Motto: r.Motto, About: r.About, Colour: r.Colour, Hotline: r.Hotline, Human: r.Human, Phone: r.Phone,
		Hours: r.Hours, Signup: r.Signup, Ver: r.Ver}
	if r.Parts != "" {
		s.Columns = strings.Split(r.Parts, ",")
	}
	return s
}

// siteAcrossUnits reads a unit's site, one with version 0 where nothing was set; the service asks who may know of one that is off.
func (s store) siteAcrossUnits(ctx context.Context, unit id.ID) (Site, error) {
	r, err := db.Get[siteRow](ctx, s.db, `-- portal.siteAcrossUnits
		SELECT `+sites+` FROM portal_site WHERE unit = $1`, unit)
	if errs.Is(err, errs.NotFound) {
		return Site{Unit: unit, Colour: Colours[0], Columns: Columns}, nil
	}
	if err != nil {
		return Site{}, err
	}
	out := r.site()
	out.Hosts, err = db.Select[string](ctx, s.db, `-- portal.siteAcrossUnits
		SELECT host FROM portal_host WHERE root = $1 AND unit = $2 ORDER BY host`, r.Root, r.Unit)
	return out, err
}

// calledAcrossUnits is the unit whose site has a short address; everybody may ask. NotFound when there is none.
func (s store) calledAcrossUnits(ctx context.Context, slug string) (id.ID, error) {
	return db.Get[id.ID](ctx, s.db, `-- portal.calledAcrossUnits
		SELECT unit FROM portal_site WHERE slug = $1`, slug)
}

type hostRow struct {
	Host string `db:"host"`
	Slug string `db:"slug"`
}

// hostsAcrossUnits are all domains of sites that are on, with the short address of each; everybody may ask.
func (s store) hostsAcrossUnits(ctx context.Context) ([]hostRow, error) {
	return db.Select[hostRow](ctx, s.db, `-- portal.hostsAcrossUnits
		SELECT h.host, s.slug FROM portal_host h JOIN portal_site s ON s.root = h.root AND s.unit = h.unit WHERE s.shown = 1`)
}

// sitesAcrossUnits are the sites of a subtree in the order of the tree; those that are on everybody may know of.
func (s store) sitesAcrossUnits(ctx context.Context, r scope.Range, on bool, limit int) (out []Site, err error) {
	where := ""
	if on {
		where = ` AND shown = 1`
	}
	rows, err := db.Select[siteRow](ctx, s.db, `-- portal.sitesAcrossUnits
		SELECT `+sites+` FROM portal_site WHERE pos >= $1 AND pos < $2`+where+` ORDER BY pos LIMIT $3`, r.From, r.To, limit)
	for _, x := range rows {
		out = append(out, x.site())
	}
	return out, err
}

// putSite keeps a site; false when it stood otherwise than was thought.
func (s store) putSite(ctx context.Context, x Site) (bool, error) {
	shown := int64(0)
	if x.On {
		shown = 1
	}
	parts := strings.Join(x.Columns, ",")
	if x.Ver == 0 {
		n, err := s.db.Exec(ctx, `-- portal.putSite
			INSERT INTO portal_site (`+sites+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1) ON CONFLICT DO NOTHING`,
			x.Root, x.Unit, x.Pos, shown, x.Slug, x.Title, x.Motto, x.About, x.Colour, x.Hotline, x.Human, x.Phone, x.Hours, parts, x.Signup)
		return n == 1, err
	}
	n, err := s.db.Exec(ctx, `-- portal.putSite
		UPDATE portal_site SET shown = $3, slug = $4, title = $5, motto = $6, about = $7, colour = $8, hotline = $9, human = $10, phone = $11, hours = $12, parts = $13, signup = $14, ver = ver + 1
		WHERE root = $1 AND unit = $2 AND ver = $15`,
		x.Root, x.Unit, shown, x.Slug, x.Title, x.Motto, x.About, x.Colour, x.Hotline, x.Human, x.Phone, x.Hours, parts, x.Signup, x.Ver)
	return n == 1, err
}

// putHosts gives a site its domains; taken is one that is another's, "" when none is.
func (s store) putHosts(ctx context.Context, x Site) (taken string, err error) {
	if _, err := s.db.Exec(ctx, `-- portal.putHosts
		DELETE FROM portal_host WHERE root = $1 AND unit = $2`, x.Root, x.Unit); err != nil {
		return "", err
	}
	for _, h := range x.Hosts {
		n, err := s.db.Exec(ctx, `-- portal.putHosts
			INSERT INTO portal_host (host, root, unit) VALUES ($1, $2, $3) ON CONFLICT (host) DO NOTHING`, h, x.Root, x.Unit)
		if err != nil || n == 0 {
			return h, err
		}
	}
	return "", nil
}

// move follows a unit to its place of today. A unit that another took over has no site any more; who wrote to it wrote to its heir.
func (s store) move(ctx context.Context, unit, to id.ID, pos int64) error {
	if _, err := s.db.Exec(ctx, `-- portal.move
		UPDATE portal_news SET pos = $2 WHERE unit = $1`, unit, pos); err != nil || to == unit {
		if err == nil {
			_, err = s.db.Exec(ctx, `-- portal.move
				UPDATE portal_site SET pos = $2 WHERE unit = $1`, unit, pos)
		}
		return err
	}
	for _, q := range []string{`-- portal.move
		UPDATE portal_site SET shown = 0, ver = ver + 1 WHERE unit = $1`, `-- portal.move
		DELETE FROM portal_host WHERE unit = $1`} {
		if _, err := s.db.Exec(ctx, q, unit); err != nil {
			return err
		}
	}
	_, err := s.db.Exec(ctx, `-- portal.move
		UPDATE portal_wish SET unit = $2 WHERE unit = $1`, unit, to)
	return err
}

const headlines = `root, id, unit, day, title, text, state`

func (s store) putNews(ctx context.Context, ref id.Ref, pos int64, n News, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- portal.putNews
		DELETE FROM portal_news WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	pictures := ""
	if len(n.Pictures) > 0 {
		text, err := json.Marshal(n.Pictures)
		if err != nil {
			return err
		}
		pictures = string(text)
	}
	_, err := s.db.Exec(ctx, `-- portal.putNews
		INSERT INTO portal_news (root, id, unit, pos, day, title, text, state, pictures) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, ref.Root, ref.ID, n.Unit, pos, n.Day, n.Title, n.Text, n.State, pictures)
	return err
}

// picturesAcrossUnits are the pictures of one published piece of a unit's news, which everybody may see; NotFound when there is none.
func (s store) picturesAcrossUnits(ctx context.Context, unit id.ID, ref id.Ref) (list []Picture, err error) {
	text, err := db.Get[string](ctx, s.db, `-- portal.picturesAcrossUnits
		SELECT pictures FROM portal_news WHERE root = $1 AND id = $2 AND unit = $3 AND state = 'published'`, ref.Root, ref.ID, unit)
	if err == nil && text != "" {
		err = json.Unmarshal([]byte(text), &list)
	}
	return list, err
}

// newsAcrossUnits are a unit's news, the latest first, all of them or those that are published, which everybody may read. The
// service asks who may see the others.
func (s store) newsAcrossUnits(ctx context.Context, unit id.ID, published bool, skip, limit int) ([]Headline, error) {
	where := ""
	if published {
		where = ` AND state = 'published'`
	}
	return db.Select[Headline](ctx, s.db, `-- portal.newsAcrossUnits
		SELECT `+headlines+` FROM portal_news WHERE unit = $1`+where+` ORDER BY day DESC, id DESC LIMIT $2 OFFSET $3`, unit, limit, skip)
}

// oneAcrossUnits is one published piece of a unit's news.
func (s store) oneAcrossUnits(ctx context.Context, unit id.ID, ref id.Ref) (Headline, error) {
	return db.Get[Headline](ctx, s.db, `-- portal.oneAcrossUnits
		SELECT `+headlines+` FROM portal_news WHERE root = $1 AND id = $2 AND unit = $3 AND state = 'published'`, ref.Root, ref.ID, unit)
}

const figures = `root, unit, n, code, amount, day, at`

// figuresAcrossUnits are a unit's published figures; everybody may read them.
func (s store) figuresAcrossUnits(ctx context.Context, unit id.ID) ([]Figure, error) {
	return db.Select[Figure](ctx, s.db, `-- portal.figuresAcrossUnits
		SELECT `+figures+` FROM portal_figure WHERE unit = $1 ORDER BY n`, unit)
}

// putFigures puts what a unit publishes in the place of what it published before.
func (s store) putFigures(ctx context.Context, root int64, unit id.ID, list []Figure) error {
	if _, err := s.db.Exec(ctx, `-- portal.putFigures
		DELETE FROM portal_figure WHERE root = $1 AND unit = $2`, root, unit); err != nil {
		return err
	}
	for n, x := range list {
		if _, err := s.db.Exec(ctx, `-- portal.putFigures
			INSERT INTO portal_figure (`+figures+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`, root, unit, n, x.Code, x.Amount, x.Day, x.At); err != nil {
			return err
		}
	}
	return nil
}

// offer is how many may come to an activity, 0 for all, and how many have a place already.
type offer struct{ Places, Taken int64 }

type eventRow struct {
	Root   int64 `db:"activity_root"`
	ID     id.ID `db:"activity"`
	Places int64 `db:"places"`
	Taken  int64 `db:"taken"`
}

// takes is what holds a place: who waits for an answer, and who was told to come.
const takes = `COALESCE((SELECT CAST(SUM(w.people) AS BIGINT) FROM portal_wish w WHERE w.unit = e.unit AND w.activity_root = e.activity_root AND w.activity = e.activity AND w.outcome IN ('', 'welcome')), 0)`

// eventsAcrossUnits are the activities that a unit shows; everybody may know.
func (s store) eventsAcrossUnits(ctx context.Context, unit id.ID) (map[id.Ref]offer, error) {
	rows, err := db.Select[eventRow](ctx, s.db, `-- portal.eventsAcrossUnits
		SELECT e.activity_root, e.activity, e.places, `+takes+` AS taken FROM portal_event e WHERE e.unit = $1`, unit)
	out := map[id.Ref]offer{}
	for _, r := range rows {
		out[id.Ref{Root: r.Root, ID: r.ID}] = offer{r.Places, r.Taken}
	}
	return out, err
}

// admit tells whether so many more may come to an activity that a unit shows, and how many places are left if not. The row is held
// until the transaction ends, so that the last place is given once.
func (s store) admit(ctx context.Context, unit id.ID, about id.Ref, people int64) (left int64, ok bool, err error) {
	if _, err := s.db.Exec(ctx, `-- portal.admit
		UPDATE portal_event SET places = places WHERE unit = $1 AND activity_root = $2 AND activity = $3`, unit, about.Root, about.ID); err != nil {
		return 0, false, err
	}
	all, err := s.eventsAcrossUnits(ctx, unit)
	o, shown := all[about]
	left = max(o.Places-o.Taken, 0)
	return left, shown && (o.Places == 0 || people <= left), err
}

// putEvents puts the activities that a unit shows, with how many may come, in the place of those it showed before. A row that stays is the same
// row, which admit holds: in the place of a row deleted and written anew it would hold nothing.
func (s store) putEvents(ctx context.Context, root int64, unit id.ID, list []id.Ref, places map[id.Ref]int64) error {
	before, err := s.eventsAcrossUnits(ctx, unit)
	if err != nil {
		return err
	}
	for _, x := range list {
		delete(before, x)
		if _, err := s.db.Exec(ctx, `-- portal.putEvents
			INSERT INTO portal_event (root, unit, activity_root, activity, places) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (root, unit, activity_root, activity) DO UPDATE SET places = excluded.places`, root, unit, x.Root, x.ID, places[x]); err != nil {
			return err
		}
	}
	for x := range before {
		if _, err := s.db.Exec(ctx, `-- portal.putEvents
			DELETE FROM portal_event WHERE root = $1 AND unit = $2 AND activity_root = $3 AND activity = $4`, root, unit, x.Root, x.ID); err != nil {
			return err
		}
	}
	return nil
}

const wishes = `root, id, unit, kind, activity_root, activity, about, at, due, sealed, outcome, done_at, done_by, ver, people`

func (s store) insertWish(ctx context.Context, x Wish) error {
	_, err := s.db.Exec(ctx, `-- portal.insertWish
		INSERT INTO portal_wish (`+wishes+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14)`,
		x.Root, x.ID, x.Unit, x.Kind, x.ActivityRoot, x.Activity, x.About, x.At, x.Due, x.Sealed, x.Outcome, x.DoneAt, x.DoneBy, x.People)
	return err
}

// wishAcrossUnits reads what somebody wrote; the service asks who may.
func (s store) wishAcrossUnits(ctx context.Context, ref id.Ref) (Wish, error) {
	return db.Get[Wish](ctx, s.db, `-- portal.wishAcrossUnits
		SELECT `+wishes+` FROM portal_wish WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// wishesAcrossUnits are what was written to a unit, the open ones first, the oldest first; the service asks who may know.
func (s store) wishesAcrossUnits(ctx context.Context, unit id.ID, limit int) ([]Wish, error) {
	return db.Select[Wish](ctx, s.db, `-- portal.wishesAcrossUnits
		SELECT `+wishes+` FROM portal_wish WHERE unit = $1 ORDER BY CASE WHEN outcome = '' THEN 0 ELSE 1 END, CASE WHEN outcome = '' THEN id ELSE -id END LIMIT $2`, unit, limit)
}

// answerWish says what became of it; false when somebody was quicker.
func (s store) answerWish(ctx context.Context, x Wish) (bool, error) {
	n, err := s.db.Exec(ctx, `-- portal.answerWish
		UPDATE portal_wish SET outcome = $3, done_at = $4, done_by = $5, ver = ver + 1 WHERE root = $1 AND id = $2 AND ver = $6`, x.Root, x.ID, x.Outcome, x.DoneAt, x.DoneBy, x.Ver)
	return n == 1, err
}

// waitingAcrossUnits counts who wrote to a unit and was not answered by a day; whoever views the unit may know.
func (s store) waitingAcrossUnits(ctx context.Context, unit id.ID, before clock.Day) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- portal.waitingAcrossUnits
		SELECT COUNT(*) FROM portal_wish WHERE unit = $1 AND outcome = '' AND due < $2`, unit, before)
}

type paceRow struct {
	Part string `db:"part"`
	Most int64  `db:"most"`
	N    int64  `db:"n"`
}

// addPace adds answers of this server to those of all.
func (s store) addPace(ctx context.Context, root int64, unit id.ID, t timed, n int64) error {
	_, err := s.db.Exec(ctx, `-- portal.addPace
		INSERT INTO portal_pace (root, unit, day, part, most, n) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (root, unit, day, part, most) DO UPDATE SET n = portal_pace.n + excluded.n`, root, unit, t.day, t.part, t.most, n)
	return err
}

// paceAcrossUnits is how long the pages of a unit's site took since a day; whoever views the unit may know.
func (s store) paceAcrossUnits(ctx context.Context, unit id.ID, since clock.Day) ([]paceRow, error) {
	return db.Select[paceRow](ctx, s.db, `-- portal.paceAcrossUnits
		SELECT part, most, CAST(SUM(n) AS BIGINT) AS n FROM portal_pace WHERE unit = $1 AND day >= $2 GROUP BY part, most`, unit, since)
}

// forgetPace takes the times of days before a day away.
func (s store) forgetPace(ctx context.Context, before clock.Day) error {
	_, err := s.db.Exec(ctx, `-- portal.forgetPace
		DELETE FROM portal_pace WHERE day < $1`, before)
	return err
}

// forget takes away who it was and what they wrote, of what was answered before an instant.
func (s store) forget(ctx context.Context, before int64) (int64, error) {
	return s.db.Exec(ctx, `-- portal.forget
		UPDATE portal_wish SET sealed = '' WHERE sealed <> '' AND done_at > 0 AND done_at < $1`, before)
}
