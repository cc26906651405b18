package campaign

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type dutyRow struct {
	Root       int64     `db:"root"`
	ID         id.ID     `db:"id"`
	Campaign   id.ID     `db:"campaign"`
	Unit       id.ID     `db:"unit"`
	Pos        int64     `db:"pos"`
	ReceivedOn clock.Day `db:"received_on"`
	PlannedOn  clock.Day `db:"planned_on"`
	Due        clock.Day `db:"due_day"`
	ReportedOn clock.Day `db:"reported_on"`
}

func (r dutyRow) ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

func (r dutyRow) duty() Duty {
	return Duty{ReceivedOn: r.ReceivedOn, PlannedOn: r.PlannedOn, Due: r.Due, ReportedOn: r.ReportedOn}
}

const dutyColumns = `root, id, campaign, unit, pos, received_on, planned_on, due_day, reported_on`

func (s store) putDuty(ctx context.Context, ref id.Ref, pos int64, d Duty, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- campaign.putDuty
		DELETE FROM campaign_duty WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- campaign.putDuty
		INSERT INTO campaign_duty (root, id, campaign, unit, pos, received_on, planned_on, due_day, reported_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		ref.Root, ref.ID, d.Campaign.ID, d.Unit, pos, d.ReceivedOn, d.PlannedOn, d.Due, d.ReportedOn)
	return err
}

// dutyAcrossUnits finds what a unit did about a campaign; its service asks for the right.
func (s store) dutyAcrossUnits(ctx context.Context, campaign, unit id.ID) ([]dutyRow, error) {
	return db.Select[dutyRow](ctx, s.db, `-- campaign.dutyAcrossUnits
		SELECT `+dutyColumns+` FROM campaign_duty WHERE campaign = $1 AND unit = $2`, campaign, unit)
}

// dutiesOfUnitAcrossUnits are a unit's duties in some campaigns, for its list.
func (s store) dutiesOfUnitAcrossUnits(ctx context.Context, unit id.ID, campaigns []id.ID) ([]dutyRow, error) {
	return db.Select[dutyRow](ctx, s.db, `-- campaign.dutiesOfUnitAcrossUnits
		SELECT `+dutyColumns+` FROM campaign_duty WHERE unit = $1 AND campaign IN `+db.In(campaigns), unit)
}

// dutiesOfUnitsAcrossUnits are what some units did about one campaign: the units above one, for its page.
func (s store) dutiesOfUnitsAcrossUnits(ctx context.Context, campaign id.ID, units []id.ID) ([]dutyRow, error) {
	return db.Select[dutyRow](ctx, s.db, `-- campaign.dutiesOfUnitsAcrossUnits
		SELECT `+dutyColumns+` FROM campaign_duty WHERE campaign = $1 AND unit IN `+db.In(units)+` ORDER BY pos`, campaign)
}

func (s store) dutyIDsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- campaign.dutyIDsOfUnit
		SELECT id FROM campaign_duty WHERE unit = $1 ORDER BY id`, unit)
}

func (s store) describedDuties(ctx context.Context, recs []id.ID) ([]dutyRow, error) {
	return db.Select[dutyRow](ctx, s.db, `-- campaign.describedDuties
		SELECT `+dutyColumns+` FROM campaign_duty WHERE id IN `+db.In(recs))
}

// usedAcrossUnits tells whether any unit has done something about the campaign.
func (s store) usedAcrossUnits(ctx context.Context, campaign id.ID) (bool, error) {
	list, err := db.Select[id.ID](ctx, s.db, `-- campaign.usedAcrossUnits
		SELECT id FROM campaign_duty WHERE campaign = $1 LIMIT 1`, campaign)
	return len(list) > 0, err
}

// dutiesIn are the duties of a subtree as far as the reader may view, in the order of the tree, for an export.
func (s store) dutiesIn(ctx context.Context, r scope.Range, within scope.Set, afterPos int64, after id.ID, limit int) ([]dutyRow, error) {
	return db.Select[dutyRow](ctx, s.db, `-- campaign.dutiesIn
		SELECT `+dutyColumns+` FROM campaign_duty WHERE pos >= $1 AND pos < $2 AND `+within.SQL("pos")+` AND (pos > $3 OR pos = $3 AND id > $4)
		ORDER BY pos, id LIMIT $5`, r.From, r.To, afterPos, after, limit)
}

type reminderRow struct {
	Reminder
	Pos   int64 `db:"pos"`
	PosTo int64 `db:"pos_to"`
}

// remindersAcrossUnits are the calls that reached a place, the latest first.
func (s store) remindersAcrossUnits(ctx context.Context, campaign id.ID, pos int64) ([]reminderRow, error) {
	return db.Select[reminderRow](ctx, s.db, `-- campaign.remindersAcrossUnits
		SELECT unit, day, by_name, sent, pos, pos_to FROM campaign_reminder WHERE campaign = $1 AND pos <= $2 AND pos_to > $2 ORDER BY day DESC, unit LIMIT 100`, campaign, pos)
}

func (s store) addReminder(ctx context.Context, ref id.Ref, u scope.Range, r Reminder, at int64) (bool, error) {
	n, err := s.db.Exec(ctx, `-- campaign.addReminder
		INSERT INTO campaign_reminder (root, campaign, unit, day, pos, pos_to, at, by_name, sent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (root, campaign, unit, day) DO NOTHING`, ref.Root, ref.ID, r.Unit, r.Day, u.From, u.To, at, r.By, r.Sent)
	return n == 1, err
}
