package campaign

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

type store struct{ db *db.DB }

type row struct {
	Root      int64     `db:"root"`
	ID        id.ID     `db:"id"`
	Unit      id.ID     `db:"unit"`
	Pos       int64     `db:"pos"`
	Code      string    `db:"code"`
	Title     string    `db:"title"`
	Slogan    string    `db:"slogan"`
	Topic     string    `db:"topic"`
	Event     string    `db:"event"`
	EventYear int       `db:"event_year"`
	From      clock.Day `db:"from_day"`
	Last      clock.Day `db:"last_day"`
	Due       clock.Day `db:"due_day"`
	IssuedOn  clock.Day `db:"issued_on"`
}

func (r row) ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

const columns = `c.root, c.id, c.unit, c.pos, c.code, c.title, c.slogan, c.topic, c.event, c.event_year, c.from_day, c.last_day, c.due_day, c.issued_on`

type issuerRow struct {
	Root     int64 `db:"root"`
	Campaign id.ID `db:"campaign"`
	Unit     id.ID `db:"unit"`
	Pos      int64 `db:"pos"`
	PosTo    int64 `db:"pos_to"`
	Joined   int64 `db:"joined"`
}

func (r issuerRow) within() scope.Range { return scope.Range{From: r.Pos, To: r.PosTo} }

func (s store) putCampaign(ctx context.Context, r row, issuers []issuerRow, within []id.Ref, gone bool) error {
	for _, q := range []string{`-- campaign.putCampaign
		DELETE FROM campaign WHERE root = $1 AND id = $2`, `-- campaign.putCampaign
		DELETE FROM campaign_issuer WHERE root = $1 AND campaign = $2`, `-- campaign.putCampaign
		DELETE FROM campaign_part WHERE root = $1 AND campaign = $2`} {
		if _, err := s.db.Exec(ctx, q, r.Root, r.ID); err != nil {
			return err
		}
	}
	if gone {
		return nil
	}
	if _, err := s.db.Exec(ctx, `-- campaign.putCampaign
		INSERT INTO campaign (root, id, unit, pos, code, title, slogan, topic, event, event_year, from_day, last_day, due_day, issued_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.Root, r.ID, r.Unit, r.Pos, r.Code, r.Title, r.Slogan, r.Topic, r.Event, r.EventYear, r.From, r.Last, r.Due, r.IssuedOn); err != nil {
		return err
	}
	for _, i := range issuers {
		if _, err := s.db.Exec(ctx, `-- campaign.putCampaign
			INSERT INTO campaign_issuer (root, campaign, unit, pos, pos_to, joined) VALUES ($1, $2, $3, $4, $5, $6)`,
			r.Root, r.ID, i.Unit, i.Pos, i.PosTo, i.Joined); err != nil {
			return err
		}
	}
	for _, w := range within {
		if _, err := s.db.Exec(ctx, `-- campaign.putCampaign
			INSERT INTO campaign_part (root, campaign, within_root, within) VALUES ($1, $2, $3, $4)`, r.Root, r.ID, w.Root, w.ID); err != nil {
			return err
		}
	}
	return nil
}

func (s store) campaignAcrossUnits(ctx context.Context, ref id.Ref) (row, error) {
	return db.Get[row](ctx, s.db, `-- campaign.campaignAcrossUnits
		SELECT `+columns+` FROM campaign c WHERE c.root = $1 AND c.id = $2`, ref.Root, ref.ID)
}

// byIDsAcrossUnits names campaigns, for lists of evidence and for what stands around a campaign.
func (s store) byIDsAcrossUnits(ctx context.Context, ids []id.ID) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- campaign.byIDsAcrossUnits
		SELECT `+columns+` FROM campaign c WHERE c.id IN `+db.In(ids)+` ORDER BY c.from_day DESC, c.id DESC`)
}

// byCodeAcrossUnits are the campaigns of a code whose lead stands in one of the cities, or is a province or the nation.
func (s store) byCodeAcrossUnits(ctx context.Context, roots []int64, code string) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- campaign.byCodeAcrossUnits
		SELECT `+columns+` FROM campaign c WHERE c.root IN `+db.In(roots)+` AND c.code = $1 ORDER BY c.id LIMIT 50`, code)
}

// codeTaken tells whether the lead has a campaign of that code.
func (s store) codeTaken(ctx context.Context, root int64, unit id.ID, code string) (bool, error) {
	list, err := db.Select[id.ID](ctx, s.db, `-- campaign.codeTaken
		SELECT id FROM campaign WHERE root = $1 AND unit = $2 AND code = $3`, root, unit, code)
	return len(list) > 0, err
}

// listing is what a list asks for.
type listing struct {
	enclosing []int64     // issued by a unit above, or here; or
	below     scope.Range // issued by units within, without the one at its beginning
	view      scope.Set   // drafts are shown within
	state     string      // running, ended, draft, "" all
	topic     string
	day       clock.Day
	from      clock.Day // the page begins after this campaign
	after     id.ID
	limit     int
}

// listAcrossUnits lists the campaigns that a unit is asked to carry out or issues itself, or those that units below it
// issue; a campaign is known to every unit below an issuer, which often cannot view the issuer itself.
func (s store) listAcrossUnits(ctx context.Context, l listing) ([]row, error) {
	where := `i.pos IN ` + db.In(l.enclosing) + ` AND i.pos_to > ` + strconv.FormatInt(last(l.enclosing), 10)
	if len(l.enclosing) == 0 {
		where = `i.pos > ` + strconv.FormatInt(l.below.From, 10) + ` AND i.pos < ` + strconv.FormatInt(l.below.To, 10)
	}
	args := []any{l.from, l.after, l.limit}
	add := func(v any) string { args = append(args, v); return "$" + strconv.Itoa(len(args)) }
	more := ""
	switch l.state {
	case "running":
		d := add(l.day)
		more = ` AND c.issued_on <> '' AND c.from_day <= ` + d + ` AND c.last_day >= ` + d
	case "ended":
		more = ` AND c.issued_on <> '' AND c.last_day < ` + add(l.day)
	case "draft":
		more = ` AND c.issued_on = ''`
	}
	if l.topic != "" {
		more += ` AND c.topic = ` + add(l.topic)
	}
	return db.Select[row](ctx, s.db, `-- campaign.listAcrossUnits
		SELECT `+columns+` FROM campaign c WHERE EXISTS (SELECT 1 FROM campaign_issuer i WHERE i.root = c.root AND i.campaign = c.id AND `+where+`
			AND (i.joined = 1 AND c.issued_on <> '' OR `+l.view.SQL("i.pos")+`))
		AND (c.from_day < $1 OR c.from_day = $1 AND c.id < $2)`+more+` ORDER BY c.from_day DESC, c.id DESC LIMIT $3`, args...)
}

// findAcrossUnits looks for words in titles, slogans and codes among the campaigns that somebody may know.
func (s store) findAcrossUnits(ctx context.Context, text string, view scope.Set, limit int) ([]row, error) {
	known := "1 = 0"
	for _, r := range view {
		known += fmt.Sprintf(" OR i.pos < %d AND i.pos_to > %d", r.To, r.From)
	}
	like := "%" + strings.NewReplacer(`!`, `!!`, `%`, `!%`, `_`, `!_`).Replace(text) + "%"
	return db.Select[row](ctx, s.db, `-- campaign.findAcrossUnits
		SELECT `+columns+` FROM campaign c WHERE (c.title LIKE $1 ESCAPE '!' OR c.slogan LIKE $1 ESCAPE '!' OR c.event LIKE $1 ESCAPE '!' OR c.code = $2)
		AND EXISTS (SELECT 1 FROM campaign_issuer i WHERE i.root = c.root AND i.campaign = c.id AND (i.joined = 1 AND c.issued_on <> '' AND (`+known+`) OR `+view.SQL("i.pos")+`))
		ORDER BY c.from_day DESC, c.id DESC LIMIT $3`, like, text, limit)
}

func (s store) issuersAcrossUnits(ctx context.Context, campaigns []id.ID) ([]issuerRow, error) {
	return db.Select[issuerRow](ctx, s.db, `-- campaign.issuersAcrossUnits
		SELECT i.root, i.campaign, i.unit, i.pos, i.pos_to, i.joined FROM campaign_issuer i JOIN campaign c ON c.root = i.root AND c.id = i.campaign
		WHERE c.id IN `+db.In(campaigns)+` ORDER BY i.campaign, i.pos`)
}

// aboveAcrossUnits answers in which campaigns the given ones stand.
func (s store) aboveAcrossUnits(ctx context.Context, campaigns []id.ID) ([]id.Ref, error) {
	type part struct {
		Root int64 `db:"within_root"`
		ID   id.ID `db:"within"`
	}
	list, err := db.Select[part](ctx, s.db, `-- campaign.aboveAcrossUnits
		SELECT DISTINCT within_root, within FROM campaign_part WHERE campaign IN `+db.In(campaigns)+` ORDER BY within`)
	out := make([]id.Ref, len(list))
	for i, p := range list {
		out[i] = id.Ref{Root: p.Root, ID: p.ID}
	}
	return out, err
}

// insideAcrossUnits are the campaigns that stand within one.
func (s store) insideAcrossUnits(ctx context.Context, campaign id.ID, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- campaign.insideAcrossUnits
		SELECT campaign FROM campaign_part WHERE within = $1 ORDER BY campaign LIMIT $2`, campaign, limit)
}

// idsOfUnit lists the campaigns that a unit issues.
func (s store) idsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- campaign.idsOfUnit
		SELECT campaign FROM campaign_issuer WHERE unit = $1 ORDER BY campaign`, unit)
}

// moveUnit lets campaigns and duties follow a unit to its new place. root stays: it is a hint in addresses and a key of
// versions.
func (s store) moveUnit(ctx context.Context, unit id.ID, r scope.Range) error {
	for _, q := range []string{`-- campaign.moveUnit
		UPDATE campaign_issuer SET pos = $2, pos_to = $3 WHERE unit = $1 AND pos <> $2`, `-- campaign.moveUnit
		UPDATE campaign_reminder SET pos = $2, pos_to = $3 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, r.From, r.To); err != nil {
			return err
		}
	}
	for _, q := range []string{`-- campaign.moveUnit
		UPDATE campaign SET pos = $2 WHERE unit = $1 AND pos <> $2`, `-- campaign.moveUnit
		UPDATE campaign_duty SET pos = $2 WHERE unit = $1 AND pos <> $2`} {
		if _, err := s.db.Exec(ctx, q, unit, r.From); err != nil {
			return err
		}
	}
	return nil
}

// reach is the question that the board and the lists of targets ask: whom the campaign went to, seen from where.
type reach struct {
	campaign id.ID
	since    clock.Day // the day of issue
	day      clock.Day // as of
	at       scope.Set // subtrees of the issuers
	view     scope.Set // of these, what is looked at
	targets  Targets
	issuers  []id.ID // not asked themselves
}

func (r reach) sql() string {
	return org.StandingSQL(r.at, r.view, r.targets.Levels, r.targets.Kinds)
}

type countRow struct {
	Block    int64 `db:"block"`
	Targets  int64 `db:"targets"`
	Received int64 `db:"received"`
	Planned  int64 `db:"planned"`
	Reported int64 `db:"reported"`
}

// counts is one bounded query whatever the number of targets: a row for each block of the tree of the given width.
func (s store) counts(ctx context.Context, r reach, span int64) ([]countRow, error) {
	width := strconv.FormatInt(span, 10)
	return db.Select[countRow](ctx, s.db, `-- campaign.counts
		SELECT t.pos / `+width+` * `+width+` AS block, COUNT(*) AS targets,
			SUM(CASE WHEN d.received_on <> '' AND d.received_on <= $2 THEN 1 ELSE 0 END) AS received,
			SUM(CASE WHEN d.planned_on <> '' AND d.planned_on <= $2 THEN 1 ELSE 0 END) AS planned,
			SUM(CASE WHEN d.reported_on <> '' AND d.reported_on <= $2 THEN 1 ELSE 0 END) AS reported
		FROM `+r.sql()+` t LEFT JOIN campaign_duty d ON d.campaign = $3 AND d.unit = t.id
		WHERE t.id NOT IN `+db.In(r.issuers)+` GROUP BY 1 ORDER BY 1`, r.since, r.day, r.campaign)
}

type lineRow struct {
	Unit       id.ID     `db:"id"`
	Pos        int64     `db:"pos"`
	Code       string    `db:"code"`
	Name       string    `db:"name"`
	Parent     id.ID     `db:"parent"`
	ReceivedOn clock.Day `db:"received_on"`
	PlannedOn  clock.Day `db:"planned_on"`
	Due        clock.Day `db:"due_day"`
	ReportedOn clock.Day `db:"reported_on"`
	Duty       id.ID     `db:"duty"`
}

// lists are the conditions of the lists of targets; the one of those without a report is an anti-join.
var lists = map[State]string{
	"":       ``,
	Received: ` AND d.received_on <> '' AND d.received_on <= $2`,
	Planned:  ` AND d.planned_on <> '' AND d.planned_on <= $2`,
	Reported: ` AND d.reported_on <> '' AND d.reported_on <= $2`,
	None:     ` AND NOT EXISTS (SELECT 1 FROM campaign_duty x WHERE x.campaign = $3 AND x.unit = t.id AND x.received_on <> '' AND x.received_on <= $2)`,
	Waiting:  ` AND NOT EXISTS (SELECT 1 FROM campaign_duty x WHERE x.campaign = $3 AND x.unit = t.id AND x.reported_on <> '' AND x.reported_on <= $2)`,
}

// lines is one page of targets in the order of the tree.
func (s store) lines(ctx context.Context, r reach, only State, after int64, limit int) ([]lineRow, error) {
	return db.Select[lineRow](ctx, s.db, `-- campaign.lines
		SELECT t.id, t.pos, t.code, t.name, t.parent, COALESCE(d.received_on, '') AS received_on, COALESCE(d.planned_on, '') AS planned_on,
			COALESCE(d.due_day, '') AS due_day, COALESCE(d.reported_on, '') AS reported_on, COALESCE(d.id, 0) AS duty
		FROM `+r.sql()+` t LEFT JOIN campaign_duty d ON d.campaign = $3 AND d.unit = t.id
		WHERE t.pos > $4 AND t.id NOT IN `+db.In(r.issuers)+lists[only]+` ORDER BY t.pos LIMIT $5`, r.since, r.day, r.campaign, after, limit)
}

type duesRow struct {
	Pos int64     `db:"pos"`
	Due clock.Day `db:"due_day"`
}

// duesAcrossUnits are the days of their own that units at these places have set: they hold for the units below them.
func (s store) duesAcrossUnits(ctx context.Context, campaign id.ID, places []int64) ([]duesRow, error) {
	return db.Select[duesRow](ctx, s.db, `-- campaign.duesAcrossUnits
		SELECT pos, due_day FROM campaign_duty WHERE campaign = $1 AND due_day <> '' AND pos IN `+db.In(places), campaign)
}

func last(list []int64) int64 {
	if len(list) == 0 {
		return -1
	}
	return list[len(list)-1]
}

// days are the key days that ship and then those of a city.
func (s store) days(ctx context.Context, root int64) ([]KeyDay, error) {
	return db.Select[KeyDay](ctx, s.db, `-- campaign.days
		SELECT root, code, zh, en, rule, before FROM campaign_day WHERE root IN (0, $1) ORDER BY root, code`, root)
}

func (s store) setDays(ctx context.Context, root int64, list []KeyDay) error {
	if _, err := s.db.Exec(ctx, `-- campaign.setDays
		DELETE FROM campaign_day WHERE root = $1`, root); err != nil {
		return err
	}
	for _, k := range list {
		if _, err := s.db.Exec(ctx, `-- campaign.setDays
			INSERT INTO campaign_day (root, code, zh, en, rule, before) VALUES ($1, $2, $3, $4, $5, $6)`, root, k.Code, k.Zh, k.En, k.Rule, k.Before); err != nil {
			return err
		}
	}
	return nil
}

// coveredAcrossUnits tells whether a campaign runs on a day that a unit issued, drafts or carries out.
func (s store) coveredAcrossUnits(ctx context.Context, u org.Unit, day clock.Day) (bool, error) {
	n, err := db.Get[int64](ctx, s.db, `-- campaign.coveredAcrossUnits
		SELECT COUNT(*) FROM campaign_issuer i JOIN campaign c ON c.root = i.root AND c.id = i.campaign
		WHERE i.pos <= $1 AND i.pos_to > $1 AND c.from_day <= $2 AND c.last_day >= $2 AND (c.issued_on <> '' AND i.joined = 1 OR c.unit = $3)`, u.Pos, string(day), u.ID)
	return n > 0, err
}
