package care

import (
	"context"
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

const members = `root, id, unit, account, login, name, kinds, skill, until_day`

func (s store) putMember(ctx context.Context, m Member) error {
	_, err := s.db.Exec(ctx, `-- care.putMember
		INSERT INTO care_team (`+members+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, m.Root, m.ID, m.Unit, m.Account, m.Login, m.Name, strings.Join(m.Kinds, ","), m.Skill, m.Until)
	return err
}

func (s store) dropMember(ctx context.Context, unit, member id.ID) (int64, error) {
	return s.db.Exec(ctx, `-- care.dropMember
		DELETE FROM care_team WHERE unit = $1 AND id = $2`, unit, member)
}

// teamAcrossUnits are those of a desk who answer for something; the service asks who may know.
func (s store) teamAcrossUnits(ctx context.Context, unit id.ID) (out []Member, err error) {
	type row struct {
		Root    int64     `db:"root"`
		ID      id.ID     `db:"id"`
		Unit    id.ID     `db:"unit"`
		Account id.ID     `db:"account"`
		Login   string    `db:"login"`
		Name    string    `db:"name"`
		Kinds   string    `db:"kinds"`
		Skill   string    `db:"skill"`
		Until   clock.Day `db:"until_day"`
	}
	list, err := db.Select[row](ctx, s.db, `-- care.teamAcrossUnits
		SELECT `+members+` FROM care_team WHERE unit = $1 ORDER BY id LIMIT 200`, unit)
	for _, r := range list {
		out = append(out, Member{Root: r.Root, ID: r.ID, Unit: r.Unit, Account: r.Account, Login: r.Login, Name: r.Name, Kinds: strings.Split(r.Kinds, ","), Skill: r.Skill, Until: r.Until})
	}
	return out, err
}
