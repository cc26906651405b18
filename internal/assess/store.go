package assess

import (
	"context"
	"encoding/json"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

type store struct{ db *db.DB }

type programmeRow struct {
	Root  int64  `db:"root"`
	ID    id.ID  `db:"id"`
	Code  string `db:"code"`
	Name  string `db:"name"`
	Owner id.ID  `db:"owner"`
	Pos   int64  `db:"pos"`
	PosTo int64  `db:"pos_to"`
	Main  int64  `db:"main"`
}

func (r programmeRow) ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

func (s store) putProgramme(ctx context.Context, r programmeRow, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- assess.putProgramme
		DELETE FROM assess_programme WHERE root = $1 AND id = $2`, r.Root, r.ID); err != nil || gone {
		return err
	}
	_, err := s.db.Exec(ctx, `-- assess.putProgramme
		INSERT INTO assess_programme (root, id, code, name, owner, pos, pos_to, main) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.Root, r.ID, r.Code, r.Name, r.Owner, r.Pos, r.PosTo, r.Main)
	return err
}

const programmeColumns = `root, id, code, name, owner, pos, pos_to, main`

// programmesAcrossUnits are the programmes that concern a subtree: those run above it, at it or below it. What a
// programme asks for is known to every unit that is to take it over, which often cannot view its owner.
func (s store) programmesAcrossUnits(ctx context.Context, r scope.Range) ([]programmeRow, error) {
	return db.Select[programmeRow](ctx, s.db, `-- assess.programmesAcrossUnits
		SELECT `+programmeColumns+` FROM assess_programme WHERE pos <= $1 AND pos_to > $1 OR pos >= $1 AND pos < $2
		ORDER BY main DESC, pos, code, id`, r.From, r.To)
}

func (s store) programmeAcrossUnits(ctx context.Context, ref id.Ref) (programmeRow, error) {
	return db.Get[programmeRow](ctx, s.db, `-- assess.programmeAcrossUnits
		SELECT `+programmeColumns+` FROM assess_programme WHERE root = $1 AND id = $2`, ref.Root, ref.ID)
}

// describedProgrammes names programmes for lists of evidence.
func (s store) describedProgrammes(ctx context.Context, recs []id.ID) ([]programmeRow, error) {
	return db.Select[programmeRow](ctx, s.db, `-- assess.describedProgrammes
		SELECT `+programmeColumns+` FROM assess_programme WHERE id IN `+db.In(recs))
}

type adoptionRow struct {
	Root        int64     `db:"root"`
	ID          id.ID     `db:"id"`
	Programme   id.ID     `db:"programme"`
	Unit        id.ID     `db:"unit"`
	Pos         int64     `db:"pos"`
	PlannedOn   clock.Day `db:"planned_on"`
	SubmittedOn clock.Day `db:"submitted_on"`
	ReturnedOn  clock.Day `db:"returned_on"`
	Slips       int64     `db:"slips"`
	Parts       int64     `db:"parts"`
	Stages      string    `db:"stages"`
	Periods     string    `db:"periods"`
}

func (r adoptionRow) ref() id.Ref { return id.Ref{Root: r.Root, ID: r.ID} }

// adoption is as much of the record as a list needs.
func (r adoptionRow) adoption() (Adoption, error) {
	a := Adoption{Unit: r.Unit, PlannedOn: r.PlannedOn, SubmittedOn: r.SubmittedOn, ReturnedOn: r.ReturnedOn}
	if err := json.Unmarshal([]byte(r.Periods), &a.Periods); err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(r.Stages), &a.Stages)
}

const adoptionColumns = `root, id, programme, unit, pos, planned_on, submitted_on, returned_on, slips, parts, stages, periods`

func (s store) putAdoption(ctx context.Context, ref id.Ref, pos int64, a Adoption, gone bool) error {
	if _, err := s.db.Exec(ctx, `-- assess.putAdoption
		DELETE FROM assess_adoption WHERE root = $1 AND id = $2`, ref.Root, ref.ID); err != nil || gone {
		return err
	}
	spans := make([]Period, len(a.Periods))
	for i, p := range a.Periods {
		spans[i] = Period{AdoptedOn: p.AdoptedOn, RevokedOn: p.RevokedOn, Status: p.Status}
	}
	periods, err := json.Marshal(spans)
	if err != nil {
		return err
	}
	stages, err := json.Marshal(append([]Stage{}, a.Stages...))
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `-- assess.putAdoption
		INSERT INTO assess_adoption (root, id, programme, unit, pos, planned_on, submitted_on, returned_on, slips, parts, stages, periods)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		ref.Root, ref.ID, a.Programme.ID, a.Unit, pos, a.PlannedOn, a.SubmittedOn, a.ReturnedOn, len(a.Slips), len(a.Parts), string(stages), string(periods))
	return err
}

// adoptions of a programme in a subtree, as far as the reader may view.
func (s store) adoptions(ctx context.Context, programme id.ID, r scope.Range, within scope.Set) ([]adoptionRow, error) {
	return db.Select[adoptionRow](ctx, s.db, `-- assess.adoptions
		SELECT `+adoptionColumns+` FROM assess_adoption WHERE programme = $1 AND pos >= $2 AND pos < $3 AND `+within.SQL("pos")+` ORDER BY pos, id`,
		programme, r.From, r.To)
}

// adoptionAcrossUnits finds a unit's record in a programme; its service asks for the right.
func (s store) adoptionAcrossUnits(ctx context.Context, programme, unit id.ID) ([]adoptionRow, error) {
	return db.Select[adoptionRow](ctx, s.db, `-- assess.adoptionAcrossUnits
		SELECT `+adoptionColumns+` FROM assess_adoption WHERE programme = $1 AND unit = $2`, programme, unit)
}

// allAdoptionsAcrossUnits lists a whole programme's records, for a change of the programme.
func (s store) allAdoptionsAcrossUnits(ctx context.Context, programme id.ID) ([]adoptionRow, error) {
	return db.Select[adoptionRow](ctx, s.db, `-- assess.allAdoptionsAcrossUnits
		SELECT `+adoptionColumns+` FROM assess_adoption WHERE programme = $1 ORDER BY pos, id`, programme)
}

// ofUnitAcrossUnits lists a unit's records in all programmes, for when the unit changes.
func (s store) ofUnitAcrossUnits(ctx context.Context, unit id.ID) ([]adoptionRow, error) {
	return db.Select[adoptionRow](ctx, s.db, `-- assess.ofUnitAcrossUnits
		SELECT `+adoptionColumns+` FROM assess_adoption WHERE unit = $1 ORDER BY id`, unit)
}

// idsOfUnit lists the records with a row at a unit.
func (s store) idsOfUnit(ctx context.Context, unit id.ID) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- assess.idsOfUnit
		SELECT id FROM assess_adoption WHERE unit = $1 ORDER BY id`, unit)
}

// near lists the records of units at places of a scope, the latest first.
func (s store) placed(ctx context.Context, within scope.Set, limit int) ([]id.ID, error) {
	return db.Select[id.ID](ctx, s.db, `-- assess.placed
		SELECT id FROM assess_adoption WHERE `+within.SQL("pos")+` ORDER BY id DESC LIMIT $1`, limit)
}

func (s store) described(ctx context.Context, recs []id.ID) ([]adoptionRow, error) {
	return db.Select[adoptionRow](ctx, s.db, `-- assess.described
		SELECT `+adoptionColumns+` FROM assess_adoption WHERE id IN `+db.In(recs))
}

// moveUnit lets records follow a unit to its new place. root stays: it is a hint in addresses and a key of versions.
func (s store) moveUnit(ctx context.Context, unit id.ID, r scope.Range) error {
	if _, err := s.db.Exec(ctx, `-- assess.moveUnit
		UPDATE assess_adoption SET pos = $2 WHERE unit = $1 AND pos <> $2`, unit, r.From); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, `-- assess.moveUnit
		UPDATE assess_programme SET pos = $2, pos_to = $3 WHERE owner = $1 AND pos <> $2`, unit, r.From, r.To)
	return err
}
