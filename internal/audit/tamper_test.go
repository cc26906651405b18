package audit_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/testkit"
)

// tampering is something that was done to the log past the program, and what verify must say of it.
type tampering struct {
	what string
	do   []string
	leaf int64    // the row that is named, -1 for none in particular
	upTo int64    // where a later one may be named as well: a hash above several rows is reached with the last of them
	says []string // one of these stands in the fault
}

// columns of a row with a value that is none of a log made here, as SQL.
var tampered = []string{"root = root + 1", "id = id + 1000000", "at = at - 1", "actor = actor + 1", "actor_name = '林素芸'", "actor_unit = 4", "act = 'base.view'", "subject = 'team'", "ref_root = 9901", "ref_id = ref_id + 1",
	"pos = pos + 1", "unit = unit + 1", "note = note || ' '", "refused = 1 - refused", "detail = ''", `detail = '{"i": 0}'`}

func change(set string, row int64) tampering {
	return tampering{"changed " + set, []string{fmt.Sprintf(`UPDATE audit_entry SET %s WHERE leaf = %d`, set, row)}, row, row, []string{fmt.Sprintf("row %d ", row)}}
}

// tamper makes one up in a log of size rows.
func tamper(r *rand.Rand, size int64) tampering {
	i := r.Int64N(size)
	j := (i + 1 + r.Int64N(size-1)) % size
	low := min(i, j)
	above := tlog.StoredHashCount(size)
	switch r.IntN(13) {
	case 0, 1, 2:
		return change(tampered[r.IntN(len(tampered))], i)
	case 3:
		return tampering{"deleted", []string{fmt.Sprintf(`DELETE FROM audit_entry WHERE leaf = %d`, i)}, i, i, []string{fmt.Sprintf("row %d is missing", i)}}
	case 4:
		return tampering{"deleted, and the others moved up", []string{fmt.Sprintf(`DELETE FROM audit_entry WHERE leaf = %d`, i), fmt.Sprintf(`UPDATE audit_entry SET leaf = leaf - 1 WHERE leaf > %d`, i)},
			i, i, []string{fmt.Sprintf("row %d (", i), fmt.Sprintf("row %d is missing", i)}}
	case 5:
		return tampering{"inserted beside one", []string{fmt.Sprintf(`INSERT INTO audit_entry SELECT root, id + 1000000, leaf, at, actor, actor_name, actor_unit, act, subject, ref_root, ref_id, pos, unit, note, refused, detail FROM audit_entry WHERE leaf = %d`, i)},
			i, i, []string{fmt.Sprintf("row %d stands twice", i)}}
	case 6:
		return tampering{"inserted between two", []string{fmt.Sprintf(`UPDATE audit_entry SET leaf = leaf + 1 WHERE leaf >= %d`, i),
			fmt.Sprintf(`INSERT INTO audit_entry SELECT root, id + 1000000, %d, at, 99, actor_name, actor_unit, act, subject, ref_root, ref_id, pos, unit, note, refused, detail FROM audit_entry WHERE leaf = %d`, i, i+1)},
			i, i, []string{fmt.Sprintf("row %d (", i)}}
	case 7:
		return tampering{"swapped", []string{fmt.Sprintf(`UPDATE audit_entry SET leaf = %d - leaf WHERE leaf IN (%d, %d)`, i+j, i, j)}, low, low, []string{fmt.Sprintf("row %d (", low)}}
	case 8:
		return tampering{"cut off", []string{fmt.Sprintf(`DELETE FROM audit_entry WHERE leaf >= %d`, i)}, i, i, []string{fmt.Sprintf("row %d is missing", i)}}
	case 9:
		return tampering{"cut off with the hashes", []string{fmt.Sprintf(`DELETE FROM audit_entry WHERE leaf >= %d`, i), fmt.Sprintf(`DELETE FROM audit_hash WHERE idx >= %d`, tlog.StoredHashCount(i))},
			i, i, []string{fmt.Sprintf("row %d is missing", i)}}
	case 10:
		idx := r.Int64N(above)
		level, n := tlog.SplitStoredHashIndex(idx)
		last := (n+1)<<level - 1 // with this row it is written
		if r.IntN(2) == 0 {
			return tampering{"hash deleted", []string{fmt.Sprintf(`DELETE FROM audit_hash WHERE idx = %d`, idx)}, last, last, []string{fmt.Sprintf("hash %d of row %d is missing", idx, last)}}
		}
		return tampering{"hash changed", []string{fmt.Sprintf(`UPDATE audit_hash SET hash = '%s' WHERE idx = %d`, tlog.Hash{byte(1 + r.IntN(255))}, idx)},
			last, last, []string{fmt.Sprintf("row %d (", last), fmt.Sprintf("hash %d after row %d", idx, last)}}
	case 11:
		return tampering{"head of another tree", []string{fmt.Sprintf(`UPDATE audit_head SET root_hash = '%s'`, tlog.Hash{byte(1 + r.IntN(255))})}, -1, -1, []string{"the head does not fit"}}
	default:
		if r.IntN(2) == 0 {
			return tampering{"head put forward", []string{`UPDATE audit_head SET size = size + 1`}, size, size, []string{fmt.Sprintf("row %d is missing", size)}}
		}
		return tampering{"head set back", []string{fmt.Sprintf(`UPDATE audit_head SET size = %d`, i)}, -1, i, []string{"head"}}
	}
}

// R189: every field of a row, rows, hashes and the head are changed, deleted, inserted, swapped and cut off past the program; verify names
// the row of each.
func TestEveryTamperingIsNamed(t *testing.T) {
	s, d, ctx := open(t)
	const size = 47
	head := sealed(t, s, d, ctx, size)
	n := 40
	if testkit.Long() {
		n = 200
	}
	r := rand.New(rand.NewPCG(189, 3))
	undone := errors.New("undone")
	did := map[string]int{}
	for i := range n {
		x := tamper(r, size)
		if i < len(tampered) { // every field once, whatever chance brings
			x = change(tampered[i], r.Int64N(size))
		}
		did[strings.Fields(x.what)[0]]++
		var rep, against audit.Report
		err := d.Tx(ctx, func(ctx context.Context) error {
			for _, q := range x.do {
				if touched, err := d.Exec(ctx, q); err != nil || touched == 0 && !strings.Contains(q, "leaf >") && !strings.Contains(q, "idx >=") {
					return fmt.Errorf("%s touched %d: %w", q, touched, err)
				}
			}
			var err error
			if rep, err = s.Verify(ctx); err != nil {
				return err
			}
			if against, err = s.VerifyAgainst(ctx, head.String()); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatalf("%s: %v", x.what, err)
		}
		named := false
		for _, w := range x.says {
			named = named || strings.Contains(rep.Fault, w)
		}
		if rep.OK() || !named || rep.Leaf < x.leaf || rep.Leaf > x.upTo {
			t.Errorf("%s (row %d, %v): verify says %q of row %d", x.what, x.leaf, x.do, rep.Fault, rep.Leaf)
		}
		if against.OK() {
			t.Errorf("%s: beside the head kept outside nothing is noticed", x.what)
		}
	}
	if rep, err := s.Verify(ctx); err != nil || !rep.OK() || rep.Checked != size {
		t.Fatalf("the log that was put back: %+v %v", rep, err)
	}
	t.Logf("%v", did)
}

// R189: what was cut off with its hashes and its head, as it stood on an earlier day, fits itself; the head kept outside names it.
func TestALogOfYesterdayIsNamedByTheHeadOutside(t *testing.T) {
	s, d, ctx := open(t)
	early := sealed(t, s, d, ctx, 21)
	late := sealed(t, s, d, ctx, 9)
	exec(t, d, fmt.Sprintf(`DELETE FROM audit_entry WHERE leaf >= %d`, early.Size))
	exec(t, d, fmt.Sprintf(`DELETE FROM audit_hash WHERE idx >= %d`, tlog.StoredHashCount(early.Size)))
	exec(t, d, fmt.Sprintf(`UPDATE audit_head SET size = %d, root_hash = '%s'`, early.Size, early.Hash))
	if rep, err := s.Verify(ctx); err != nil || !rep.OK() {
		t.Fatalf("it fits itself: %+v %v", rep, err)
	}
	if rep, err := s.VerifyAgainst(ctx, early.String()); err != nil || !rep.OK() {
		t.Fatalf("what was there then is there: %+v %v", rep, err)
	}
	if rep, err := s.VerifyAgainst(ctx, late.String()); err != nil || rep.OK() {
		t.Errorf("nine rows are missing: %+v %v", rep, err)
	}
}
