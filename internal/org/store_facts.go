package org

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

func (s store) postKinds(ctx context.Context) ([]PostKind, error) {
	return db.Select[PostKind](ctx, s.db, "-- org.PostKinds\nSELECT code, zh, en, ord, single, rights, unit FROM org_post_kind ORDER BY ord, code")
}

func (s store) putPostKind(ctx context.Context, k PostKind) error {
	_, err := s.db.Exec(ctx, `-- org.SetPostKind
		INSERT INTO org_post_kind (code, zh, en, ord, single, rights, unit) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (code) DO UPDATE SET zh = $2, en = $3, ord = $4, single = $5, rights = $6`, k.Code, k.Zh, k.En, k.Order, k.Single, k.Rights, k.Unit)
	return err
}

// postWord is how a unit and all below it call a kind of office.
type postWord struct {
	Unit   id.ID  `db:"unit"`
	Kind   string `db:"kind"`
	Zh     string `db:"zh"`
	En     string `db:"en"`
	Hidden int    `db:"hidden"`
}

func (s store) postWords(ctx context.Context) ([]postWord, error) {
	return db.Select[postWord](ctx, s.db, "-- org.PostKindsAt\nSELECT unit, kind, zh, en, hidden FROM org_post_word ORDER BY unit, kind")
}

func (s store) putPostWord(ctx context.Context, w postWord) error {
	_, err := s.db.Exec(ctx, `-- org.putPostWord
		INSERT INTO org_post_word (unit, kind, zh, en, hidden) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (unit, kind) DO UPDATE SET zh = $3, en = $4, hidden = $5`, w.Unit, w.Kind, w.Zh, w.En, w.Hidden)
	return err
}

// visit notes that an account opened a unit and keeps the last few.
func (s store) visit(ctx context.Context, account, unit id.ID, at int64, keep int) error {
	if _, err := s.db.Exec(ctx, `-- org.visit
		INSERT INTO org_visit (account, unit, at) VALUES ($1, $2, $3) ON CONFLICT (account, unit) DO UPDATE SET at = $3`, account, unit, at); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- org.visit
		DELETE FROM org_visit WHERE account = $1 AND unit NOT IN (SELECT unit FROM org_visit WHERE account = $1 ORDER BY at DESC, unit LIMIT $2)`, account, keep)
	return err
}

// visited lists the units that an account opened last, the latest first.
func (s store) visited(ctx context.Context, account id.ID, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, "-- org.visited\nSELECT unit FROM org_visit WHERE account = $1 ORDER BY at DESC, unit LIMIT $2", account, limit)
}

const postColumns = `p.id, p.unit, p.kind, p.person, p.account, p.from_day, p.to_day, p.term_until, p.acting, p.version, p.removed_at, p.removed_by, p.removed_why`

func (s store) post(ctx context.Context, p id.ID) (Post, error) {
	return db.Get[Post](ctx, s.db, "-- org.post\nSELECT "+postColumns+" FROM org_post p WHERE p.id = $1", p)
}

// posts are the holders on a day, or of all times with an open day.
func (s store) posts(ctx context.Context, unit id.ID, day clock.Day) ([]Post, error) {
	return db.Select[Post](ctx, s.db, `-- org.Posts
		SELECT `+postColumns+` FROM org_post p JOIN org_post_kind k ON k.code = p.kind
		WHERE p.unit = $1 AND p.removed_at = 0 AND ($2 = '' OR p.from_day <= $2 AND (p.to_day = '' OR p.to_day > $2)) ORDER BY k.ord, p.acting, p.from_day, p.id`, unit, day)
}

func (s store) accountPosts(ctx context.Context, account id.ID, day clock.Day) ([]Post, error) {
	return db.Select[Post](ctx, s.db, `-- org.RightsOf
		SELECT `+postColumns+` FROM org_post p JOIN org_post_kind k ON k.code = p.kind
		WHERE p.account = $1 AND p.account <> 0 AND p.removed_at = 0 AND p.from_day <= $2 AND (p.to_day = '' OR p.to_day > $2) ORDER BY k.ord, p.from_day, p.id`, account, day)
}

// postsWithAccount are the posts at units whose holders, on a day, have an account.
func (s store) postsWithAccount(ctx context.Context, units []id.ID, day clock.Day) ([]Post, error) {
	return db.Select[Post](ctx, s.db, `-- org.Workers
		SELECT `+postColumns+` FROM org_post p WHERE p.unit IN `+db.In(units)+` AND p.account <> 0 AND p.removed_at = 0
		AND p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1) ORDER BY p.unit, p.id`, day)
}

func (s store) insertPost(ctx context.Context, p Post) error {
	return s.insert(ctx, into{"org_post", "id, unit, kind, person, account, from_day, to_day, term_until, acting, version", 10},
		[][]any{{p.ID, p.Unit, p.Kind, p.Person, p.Account, p.From, p.To, p.TermUntil, p.Acting, 1}})
}

func (s store) updatePost(ctx context.Context, p Post) error {
	n, err := s.db.Exec(ctx, `-- org.updatePost
		UPDATE org_post SET person = $2, account = $3, to_day = $4, term_until = $5, acting = $6, version = version + 1 WHERE id = $1 AND version = $7`,
		p.ID, p.Person, p.Account, p.To, p.TermUntil, p.Acting, p.Ver)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	return err
}

// allPosts are a unit's appointments of all times, those taken back too, the latest first.
func (s store) allPosts(ctx context.Context, unit id.ID) ([]Post, error) {
	return db.Select[Post](ctx, s.db, `-- org.AllPosts
		SELECT `+postColumns+` FROM org_post p WHERE p.unit = $1 ORDER BY p.from_day DESC, p.id DESC`, unit)
}

// setRemoved takes an appointment back, or lets it hold again with at 0.
func (s store) setRemoved(ctx context.Context, p Post) error {
	n, err := s.db.Exec(ctx, `-- org.setRemoved
		UPDATE org_post SET removed_at = $2, removed_by = $3, removed_why = $4, version = version + 1 WHERE id = $1 AND version = $5`,
		p.ID, p.RemovedAt, p.RemovedBy, p.RemovedWhy, p.Ver)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	return err
}

func (s store) setQuota(ctx context.Context, unit id.ID, kind string, quota int, since clock.Day) error {
	_, err := s.db.Exec(ctx, `-- org.SetQuota
		INSERT INTO org_quota (unit, kind, quota, since) VALUES ($1, $2, $3, $4) ON CONFLICT (unit, kind) DO UPDATE SET quota = $3`, unit, kind, quota, since)
	return err
}

type quotaRow struct {
	Unit    id.ID     `db:"unit"`
	Kind    string    `db:"kind"`
	Quota   int       `db:"quota"`
	Holders int       `db:"holders"`
	Since   clock.Day `db:"since"`
	Left    clock.Day `db:"left_day"`
}

const quotaQuery = `SELECT q.unit, q.kind, q.quota, q.since,
		(SELECT COUNT(*) FROM org_post p WHERE p.unit = q.unit AND p.kind = q.kind AND p.removed_at = 0 AND p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1)) AS holders,
		COALESCE((SELECT MAX(p.to_day) FROM org_post p WHERE p.unit = q.unit AND p.kind = q.kind AND p.removed_at = 0 AND p.to_day <> '' AND p.to_day <= $1), '') AS left_day
	FROM org_quota q `

func (s store) quotas(ctx context.Context, unit id.ID, day clock.Day) ([]quotaRow, error) {
	return db.Select[quotaRow](ctx, s.db, "-- org.Quotas\n"+quotaQuery+" WHERE q.unit = $2", day, unit)
}

// short are the offices of a range with fewer holders than they should have since at least before.
func (s store) short(ctx context.Context, r scope.Range, day, before clock.Day, after int64, limit int) ([]quotaRow, error) {
	return db.Select[quotaRow](ctx, s.db, `-- org.Vacancies
		SELECT x.unit, x.kind, x.quota, x.holders, x.since, x.left_day FROM (`+quotaQuery+`
			JOIN org_unit u ON u.id = q.unit WHERE u.pos >= $2 AND u.pos < $3 AND u.pos > $4 AND u.from_day <= $1 AND (u.to_day = '' OR u.to_day > $1)) x
		JOIN org_unit v ON v.id = x.unit WHERE x.holders < x.quota AND x.since <= $5 AND x.left_day <= $5 ORDER BY v.pos, x.kind LIMIT $6`,
		day, r.From, r.To, after, before, limit)
}

func (s store) parties(ctx context.Context, unit id.ID) ([]PartyLink, error) {
	return db.Select[PartyLink](ctx, s.db, "-- org.Parties\nSELECT id, unit, kind, name, form, from_day, to_day FROM org_party WHERE unit = $1 ORDER BY kind DESC, from_day, id", unit)
}

func (s store) party(ctx context.Context, p id.ID) (PartyLink, error) {
	return db.Get[PartyLink](ctx, s.db, "-- org.party\nSELECT id, unit, kind, name, form, from_day, to_day FROM org_party WHERE id = $1", p)
}

// basis are the units of a range that rest on Party organisations whose name begins so, on a day (R50).
func (s store) basis(ctx context.Context, r scope.Range, name string, day clock.Day, limit int) ([]PartyLink, error) {
	return db.Select[PartyLink](ctx, s.db, `-- org.ByBasis
		SELECT l.id, l.unit, l.kind, l.name, l.form, l.from_day, l.to_day FROM org_party l JOIN org_unit u ON u.id = l.unit
		WHERE l.name >= $1 AND l.name < $2 AND l.kind = 'basis' AND l.from_day <= $3 AND (l.to_day = '' OR l.to_day > $3) AND u.pos >= $4 AND u.pos < $5
		ORDER BY l.name, u.pos LIMIT $6`, name, name+"\U0010FFFF", day, r.From, r.To, limit)
}

func (s store) insertParty(ctx context.Context, rows [][]any) error {
	return s.insert(ctx, into{"org_party", "id, unit, kind, name, form, from_day, to_day", 7}, rows)
}

func (s store) endRow(ctx context.Context, table string, row id.ID, to clock.Day) error {
	n, err := s.db.Exec(ctx, "-- org.endRow\nUPDATE "+table+" SET to_day = $2 WHERE id = $1 AND to_day = ''", row, to)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	return err
}

func (s store) leaders(ctx context.Context, unit id.ID) ([]Leader, error) {
	return db.Select[Leader](ctx, s.db, "-- org.Leaders\nSELECT id, unit, name, title, from_day, to_day FROM org_leader WHERE unit = $1 ORDER BY from_day, id", unit)
}

func (s store) insertLeader(ctx context.Context, rows [][]any) error {
	return s.insert(ctx, into{"org_leader", "id, unit, name, title, from_day, to_day", 6}, rows)
}

func (s store) links(ctx context.Context, unit id.ID) ([]Link, error) {
	return db.Select[Link](ctx, s.db, `-- org.Links
		SELECT id, unit, other, kind, from_day, to_day FROM org_link WHERE unit = $1 OR other = $1 ORDER BY kind, from_day, id`, unit)
}

func (s store) link(ctx context.Context, l id.ID) (Link, error) {
	return db.Get[Link](ctx, s.db, "-- org.link\nSELECT id, unit, other, kind, from_day, to_day FROM org_link WHERE id = $1", l)
}

func (s store) insertLink(ctx context.Context, rows [][]any) error {
	return s.insert(ctx, into{"org_link", "id, unit, other, kind, from_day, to_day", 6}, rows)
}

// lentTo are the units that have one of others as a second parent on a day: they are seen from there too.
func (s store) lentTo(ctx context.Context, others []id.ID, day clock.Day) ([]Link, error) {
	return db.Select[Link](ctx, s.db, `-- org.lentTo
		SELECT id, unit, other, kind, from_day, to_day FROM org_link WHERE other IN `+db.In(others)+` AND kind IN ('second_parent', 'station_of')
		AND from_day <= $1 AND (to_day = '' OR to_day > $1) ORDER BY id LIMIT 12`, day)
}

const detailColumns = `unit, credit_code, size, ownership, has_party, area, address, phone, intro, version`

func (s store) detail(ctx context.Context, unit id.ID) (Detail, error) {
	return db.Get[Detail](ctx, s.db, "-- org.Detail\nSELECT "+detailColumns+" FROM org_detail WHERE unit = $1", unit)
}

func (s store) creditOwner(ctx context.Context, code string) (id.ID, error) {
	return db.Get[id.ID](ctx, s.db, "-- org.creditOwner\nSELECT unit FROM org_detail WHERE credit_code = $1 AND credit_code <> ''", code)
}

func (s store) putDetail(ctx context.Context, d Detail) error {
	n, err := s.db.Exec(ctx, `-- org.SetDetail
		INSERT INTO org_detail (`+detailColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)
		ON CONFLICT (unit) DO UPDATE SET credit_code = $2, size = $3, ownership = $4, has_party = $5, area = $6, address = $7, phone = $8, intro = $9,
		version = org_detail.version + 1 WHERE org_detail.version = $10`,
		d.Unit, d.CreditCode, d.Size, d.Ownership, d.HasParty, d.Area, d.Address, d.Phone, d.Intro, d.Ver)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	return err
}

// enterprises are the enterprises of a range by what is kept of them (R26, R31); an empty filter takes all.
func (s store) enterprises(ctx context.Context, r scope.Range, day clock.Day, size, ownership string, after int64, limit int) ([]Unit, error) {
	return db.Select[Unit](ctx, s.db, "-- org.Enterprises\n"+unitOn+standing+` AND p.pos >= $2 AND p.pos < $3 AND p.pos > $4 AND u.level = 'enterprise'
		AND ($5 = '' AND $6 = '' OR EXISTS (SELECT 1 FROM org_detail d WHERE d.unit = u.id AND ($5 = '' OR d.size = $5) AND ($6 = '' OR d.ownership = $6)))
		ORDER BY p.pos LIMIT $7`, day, r.From, r.To, after, size, ownership, limit)
}

func (s store) inArea(ctx context.Context, area id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, "-- org.InArea\nSELECT unit FROM org_detail WHERE area = $1 AND area <> 0 ORDER BY unit", area)
}

const foundingColumns = `id, unit, state, planned, prepared, approved, document, members, version`

func (s store) foundingOf(ctx context.Context, unit id.ID) (Founding, error) {
	return db.Get[Founding](ctx, s.db, "-- org.FoundingOf\nSELECT "+foundingColumns+" FROM org_founding WHERE unit = $1", unit)
}

func (s store) insertFounding(ctx context.Context, f Founding) error {
	return s.insert(ctx, into{"org_founding", foundingColumns, 9}, [][]any{{f.ID, f.Unit, f.State, f.Planned, f.Prepared, f.Approved, f.Document, f.Members, 1}})
}

func (s store) updateFounding(ctx context.Context, f Founding) error {
	n, err := s.db.Exec(ctx, `-- org.updateFounding
		UPDATE org_founding SET state = $2, planned = $3, prepared = $4, approved = $5, document = $6, members = $7, version = version + 1 WHERE id = $1 AND version = $8`,
		f.ID, f.State, f.Planned, f.Prepared, f.Approved, f.Document, f.Members, f.Ver)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, "org.changed_meanwhile")
	}
	return err
}

// coverage counts the standing units of a range by level: those with a committee, and all.
func (s store) coverage(ctx context.Context, r scope.Range, day clock.Day) ([]LevelCoverage, error) {
	return db.Select[LevelCoverage](ctx, s.db, `-- org.Coverage
		SELECT u.level, SUM(CASE WHEN u.formed <> '' AND u.formed <= $1 THEN 1 ELSE 0 END) AS have, COUNT(*) AS should
		FROM org_place p JOIN org_unit u ON u.id = p.unit
		WHERE p.pos >= $2 AND p.pos < $3 AND p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1) `+standing+` GROUP BY u.level`, day, r.From, r.To)
}

const noParty = ` AND u.formed <> '' AND u.formed <= $1 AND NOT EXISTS (SELECT 1 FROM org_party l WHERE l.unit = u.id AND l.kind = 'leads'
	AND l.from_day <= $1 AND (l.to_day = '' OR l.to_day > $1)) `

func (s store) countNoParty(ctx context.Context, r scope.Range, day clock.Day) (int64, error) {
	return db.Get[int64](ctx, s.db, `-- org.Coverage no party
		SELECT COUNT(*) FROM org_place p JOIN org_unit u ON u.id = p.unit
		WHERE p.pos >= $2 AND p.pos < $3 AND p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1) `+standing+noParty, day, r.From, r.To)
}

// gaps are the units of a range without a committee, or without a leading Party organisation.
func (s store) gaps(ctx context.Context, what string, r scope.Range, day clock.Day, after int64, limit int) ([]Unit, error) {
	cond := ` AND (u.formed = '' OR u.formed > $1) `
	if what == GapParty {
		cond = noParty
	}
	return db.Select[Unit](ctx, s.db, "-- org.Gaps\n"+unitOn+standing+` AND p.pos >= $2 AND p.pos < $3 AND p.pos > $4 `+cond+` ORDER BY p.pos LIMIT $5`,
		day, r.From, r.To, after, limit)
}

type targetRow struct {
	Enterprise id.ID     `db:"enterprise"`
	From       clock.Day `db:"from_day"`
	Formed     clock.Day `db:"formed"`
	Joint      int       `db:"joint"`
}

// targets are the enterprises of the target list in a range, with the number of joint committees that cover each.
func (s store) targets(ctx context.Context, r scope.Range, day clock.Day, after int64, limit int) ([]targetRow, error) {
	return db.Select[targetRow](ctx, s.db, `-- org.Targets
		SELECT t.enterprise, t.from_day, u.formed, (SELECT COUNT(*) FROM org_link l WHERE l.unit = u.id AND l.kind = 'member'
			AND l.from_day <= $1 AND (l.to_day = '' OR l.to_day > $1)) AS joint
		FROM org_place p JOIN org_unit u ON u.id = p.unit JOIN org_target t ON t.enterprise = u.id AND t.from_day <= $1 AND (t.to_day = '' OR t.to_day > $1)
		WHERE p.pos >= $2 AND p.pos < $3 AND p.pos > $4 AND p.from_day <= $1 AND (p.to_day = '' OR p.to_day > $1) `+standing+` ORDER BY p.pos LIMIT $5`,
		day, r.From, r.To, after, limit)
}

func (s store) putTarget(ctx context.Context, unit, enterprise id.ID, from clock.Day) (int64, error) {
	return s.db.Exec(ctx, `-- org.AddTarget
		INSERT INTO org_target (unit, enterprise, from_day, to_day) SELECT $1, $2, $3, '' WHERE NOT EXISTS
			(SELECT 1 FROM org_target WHERE enterprise = $2 AND to_day = '')`, unit, enterprise, from)
}

func (s store) endTarget(ctx context.Context, enterprise id.ID, to clock.Day) (int64, error) {
	return s.db.Exec(ctx, "-- org.EndTarget\nUPDATE org_target SET to_day = $2 WHERE enterprise = $1 AND to_day = ''", enterprise, to)
}

func (s store) targeted(ctx context.Context, enterprise id.ID) (int, error) {
	return db.Get[int](ctx, s.db, "-- org.targeted\nSELECT COUNT(*) FROM org_target WHERE enterprise = $1 AND to_day = ''", enterprise)
}
