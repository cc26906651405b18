package volunteer

import (
	"context"
	"maps"
	"slices"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/pinyin"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
)

type aheadKey struct{}

// ahead is what an import has looked up for many rows at once, and what it has written since: enough to know that nobody
// has a code or reads alike. Where somebody may, the row asks for itself. All its methods answer "may be" when it is nil.
type ahead struct {
	codes       map[string]bool    // looked up: whether somebody has it
	readings    map[string][]int64 // looked up: years of birth of those whose name reads so
	written     map[string][]int64 // the same of those whom this import wrote
	numbers     map[id.ID]int64    // the last number of a unit
	professions map[string]bool    // that stand in the city's list
}

func aheadOf(ctx context.Context) *ahead {
	a, _ := ctx.Value(aheadKey{}).(*ahead)
	return a
}

// begin lets a run over a table remember.
func (s *Service) begin(ctx context.Context) context.Context {
	return context.WithValue(ctx, aheadKey{}, &ahead{map[string]bool{}, map[string][]int64{}, map[string][]int64{}, map[id.ID]int64{}, map[string]bool{}})
}

// ahead looks up the codes and names of the next rows.
func (s *Service) ahead(ctx context.Context, within org.Unit, rows []map[string]table.Value) error {
	a := aheadOf(ctx)
	var codes []string
	readings := map[string]bool{}
	for _, row := range rows {
		if code := row["code"].Text; code != "" {
			codes = append(codes, code)
		}
		if reading, _ := pinyin.PersonKeys(row["name"].Text); a.readings[reading] == nil {
			readings[reading] = true
		}
	}
	if err := s.lookCodes(ctx, a, within.Root(), codes); err != nil {
		return err
	}
	asked := slices.Sorted(maps.Keys(readings))
	have, err := s.store.readingsAcrossUnits(db.Past(ctx), within.Root(), asked)
	for _, r := range asked {
		a.readings[r] = []int64{}
	}
	for _, h := range have {
		a.readings[h.Reading] = append(a.readings[h.Reading], h.BirthYear)
	}
	return err
}

// lookCodes looks up codes that were not looked up before; what was written since then is known without.
func (s *Service) lookCodes(ctx context.Context, a *ahead, root int64, codes []string) error {
	codes = slices.DeleteFunc(codes, func(c string) bool { _, asked := a.codes[c]; return asked })
	have, err := s.store.codesAcrossUnits(db.Past(ctx), root, codes)
	for _, c := range codes {
		a.codes[c] = false
	}
	for _, c := range have {
		a.codes[c] = true
	}
	return err
}

// free tells that nobody has a code.
func (a *ahead) free(code string) bool {
	if a == nil {
		return false
	}
	taken, asked := a.codes[code]
	return asked && !taken
}

// stranger tells that nobody in the city reads like this with a year of birth that does not say otherwise.
func (a *ahead) stranger(name string, birth int64) bool {
	if a == nil {
		return false
	}
	reading, _ := pinyin.PersonKeys(name)
	_, asked := a.readings[reading]
	for _, years := range [][]int64{a.readings[reading], a.written[reading]} {
		if len(years) > 0 && (birth == 0 || slices.Contains(years, birth) || slices.Contains(years, 0)) {
			return false
		}
	}
	return asked
}

// note remembers who was written.
func (a *ahead) note(v Volunteer) {
	if a == nil {
		return
	}
	a.codes[v.Code] = true
	reading, _ := pinyin.PersonKeys(v.Name)
	if !slices.Contains(a.written[reading], v.BirthYear) {
		a.written[reading] = append(a.written[reading], v.BirthYear)
	}
}

// number draws a unit's next number: an import draws the first of a unit where all do, so that others wait for it, and
// goes on from there.
func (s *Service) number(ctx context.Context, u org.Unit) (int64, error) {
	a := aheadOf(ctx)
	if a == nil || a.numbers[u.ID] == 0 {
		n, err := s.store.number(ctx, u.ID)
		if err == nil && a != nil {
			a.numbers[u.ID] = n
		}
		return n, err
	}
	a.numbers[u.ID]++
	return a.numbers[u.ID], s.store.setNumber(ctx, u.ID, a.numbers[u.ID])
}
