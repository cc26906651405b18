package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// batch bounds one sealing transaction, so that writers never wait long for it.
const batch = 500

// maxDetail bounds an entry's detail, in bytes: the log is no copy of the records.
const maxDetail = 4096

// Service writes, seals, checks and shows the log.
type Service struct {
	db *db.DB
}

// New makes the service over an open database.
func New(d *db.DB) *Service { return &Service{db: d} }

// Log writes one act in the caller's transaction. It refuses to work outside one: an act whose row could get lost must
// not happen. The actor comes from scope.From, the instant from the clock.
func (s *Service) Log(ctx context.Context, e Entry) error {
	if !s.db.InTx(ctx) {
		return fmt.Errorf("audit.Log(%s): outside a transaction", e.Act)
	}
	r, err := row(ctx, e)
	if err != nil {
		return err
	}
	return s.insert(ctx, r)
}

// Refuse writes an attempt that was not let through, in a short transaction of its own. Inside another transaction,
// which is about to be rolled back, it writes as soon as that one has ended; an error is then left to the log.
func (s *Service) Refuse(ctx context.Context, e Entry) error {
	e.Refused = true
	r, err := row(ctx, e)
	if err != nil {
		return err
	}
	if !s.db.InTx(ctx) {
		return s.db.Tx(ctx, func(ctx context.Context) error { return s.insert(ctx, r) })
	}
	s.db.AfterEnd(ctx, func() {
		own, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.db.Tx(own, func(ctx context.Context) error { return s.insert(ctx, r) }); err != nil {
			slog.Error("audit.Refuse", "act", r.Act, "err", err)
		}
	})
	return nil
}

func row(ctx context.Context, e Entry) (Row, error) {
	if e.Act == "" {
		return Row{}, errors.New("audit: an entry without an act")
	}
	a := scope.From(ctx)
	r := Row{ID: id.New(), Leaf: -1, At: clock.Millis(ctx), Actor: a.Account, ActorName: a.Name, ActorUnit: a.Unit,
		Act: e.Act, Subject: e.Subject, RefRoot: e.Ref.Root, RefID: e.Ref.ID, Pos: e.Pos, Unit: e.Unit, Note: e.Note}
	if r.Pos == 0 {
		r.Pos = a.Pos
	}
	if r.Unit == 0 {
		r.Unit = a.Unit
	}
	r.Root = r.Pos / 1e9
	if e.Refused {
		r.Refused = 1
	}
	if e.Detail != nil {
		b, err := json.Marshal(e.Detail)
		if err != nil {
			return Row{}, fmt.Errorf("audit %s: detail: %w", e.Act, err)
		}
		if len(b) > maxDetail {
			return Row{}, fmt.Errorf("audit %s: detail of %d bytes", e.Act, len(b))
		}
		r.Detail = string(b)
	}
	return r, nil
}

// Seal numbers all rows that have no number yet and grows the tree over them. It may be called at any time and by
// several processes: the head row is locked.
func (s *Service) Seal(ctx context.Context) (Head, error) {
	for {
		var h Head
		var n int
		err := s.db.Tx(ctx, func(ctx context.Context) (err error) {
			h, n, err = s.sealBatch(ctx)
			return err
		})
		if errors.Is(err, errHashes) {
			err = errors.Join(err, s.db.Tx(ctx, func(ctx context.Context) error { return s.note(ctx, -1, errHashes.Error()) }))
		}
		if err != nil {
			return Head{}, fmt.Errorf("audit.Seal: %w", err)
		}
		if n < batch {
			return h, nil
		}
	}
}

func (s *Service) sealBatch(ctx context.Context) (Head, int, error) {
	h, err := s.head(ctx, true)
	if err != nil {
		return h, 0, err
	}
	rows, err := s.pendingAcrossUnits(ctx, batch)
	if err != nil || len(rows) == 0 {
		return h, 0, err
	}
	e, err := s.loadEdge(ctx, h.Size)
	if err != nil {
		return h, 0, err
	}
	// What follows gives the head a new hash; that it did not fit before must not go with the old one.
	if root, err := e.rootHash(h.Size); err != nil {
		return h, 0, err
	} else if root != h.Hash {
		if err := s.note(ctx, -1, headMisfit(h.Size)); err != nil {
			return h, 0, err
		}
	}
	for _, r := range rows {
		data, err := r.leafData()
		if err != nil {
			return h, 0, err
		}
		hashes, err := e.add(h.Size, data)
		if err != nil {
			return h, 0, err
		}
		if err := s.setLeaf(ctx, r, h.Size); err != nil {
			return h, 0, err
		}
		first := tlog.StoredHashIndex(0, h.Size)
		for i, x := range hashes {
			if err := s.insertHash(ctx, hashRow{first + int64(i), x.String()}); err != nil {
				return h, 0, err
			}
		}
		h.Size++
	}
	if h.Hash, err = e.rootHash(h.Size); err != nil {
		return h, 0, err
	}
	h.At = clock.Millis(ctx)
	return h, len(rows), s.setHead(ctx, h)
}

var errHashes = errors.New("hashes of the log are missing: run xinhuo audit verify")

func headMisfit(size int64) string { return fmt.Sprintf("the head does not fit its %d rows", size) }

func (s *Service) loadEdge(ctx context.Context, size int64) (*edge, error) {
	var e edge
	want := edgeIndexes(size)
	got, err := s.hashes(ctx, want)
	if err != nil {
		return nil, err
	}
	if len(got) != len(want) {
		return nil, errHashes
	}
	for _, g := range got {
		level, n := tlog.SplitStoredHashIndex(g.Idx)
		h, err := tlog.ParseHash(g.Hash)
		if err != nil {
			return nil, err
		}
		e[level].n, e[level].hash = n, h
	}
	return &e, nil
}

// Head is the present head, to be kept outside the machine.
func (s *Service) Head(ctx context.Context) (Head, error) { return s.head(ctx, false) }

// Verify recomputes every sealed row and the whole tree on one snapshot and names the first difference.
func (s *Service) Verify(ctx context.Context) (Report, error) { return s.verify(ctx, nil, nil) }

// VerifyAgainst does what Verify does and also compares the log with a head that was kept outside.
func (s *Service) VerifyAgainst(ctx context.Context, head string) (Report, error) {
	h, err := ParseHead(head)
	if err != nil {
		return Report{}, errs.Wrap(err, errs.Invalid, "audit.head_unreadable")
	}
	return s.verify(ctx, &h, nil)
}

// verify goes past rows that are known to have been changed, by number, and takes their stored hashes in their place.
func (s *Service) verify(ctx context.Context, outside *Head, known map[int64]bool) (rep Report, err error) {
	err = s.db.Read(ctx, func(ctx context.Context) error {
		rep, err = s.recount(ctx, outside, known)
		return err
	})
	if err != nil {
		err = fmt.Errorf("audit.Verify: %w", err)
	}
	return rep, err
}

func (s *Service) recount(ctx context.Context, outside *Head, known map[int64]bool) (Report, error) {
	rep := Report{Leaf: -1}
	fault := func(leaf int64, text string, args ...any) (Report, error) {
		rep.Leaf, rep.Fault = leaf, fmt.Sprintf(text, args...)
		return rep, nil
	}
	var err error
	if rep.Head, err = s.head(ctx, false); err != nil {
		if errs.Is(err, errs.NotFound) {
			return fault(-1, "the head is missing")
		}
		return rep, err
	}
	size := rep.Head.Size
	if outside != nil {
		rep.Outside = outside.Size
		if outside.Size > size {
			return fault(-1, "the log has %d rows, the head kept outside has %d: rows were removed", size, outside.Size)
		}
	}
	var e edge
	compare := func(n int64) (string, error) {
		if outside == nil || outside.Size != n {
			return "", nil
		}
		root, err := e.rootHash(n)
		if err == nil && root != outside.Hash {
			return fmt.Sprintf("the first %d rows are not those of the head kept outside", n), nil
		}
		return "", err
	}
	if text, err := compare(0); err != nil || text != "" {
		rep.Fault = text
		return rep, err
	}
	for from := int64(0); from < size; from += batch {
		to := min(from+batch, size)
		rows, err := s.leavesAcrossUnits(ctx, from, to)
		if err != nil {
			return rep, err
		}
		first := tlog.StoredHashIndex(0, from)
		stored, err := s.hashRange(ctx, first, tlog.StoredHashCount(to))
		if err != nil {
			return rep, err
		}
		k, next := 0, 0
		for i := from; i < to; i++ {
			var r Row
			var hashes []tlog.Hash
			if known[i] && k < len(stored) {
				for next < len(rows) && rows[next].Leaf == i {
					next++
				}
				hashes, err = e.addHash(i, stored[k].Hash)
			} else {
				if next >= len(rows) || rows[next].Leaf > i {
					return fault(i, "row %d is missing", i)
				}
				if r = rows[next]; r.Leaf < i {
					return fault(r.Leaf, "row %d stands twice", r.Leaf)
				}
				next++
				var data []byte
				if data, err = r.leafData(); err != nil {
					return rep, err
				}
				hashes, err = e.add(i, data)
			}
			if err != nil {
				return rep, err
			}
			for level, h := range hashes {
				want := tlog.StoredHashIndex(0, i) + int64(level)
				switch {
				case k >= len(stored) || stored[k].Idx != want:
					return fault(i, "hash %d of row %d is missing", want, i)
				case stored[k].Hash != h.String() && level == 0:
					return fault(i, "row %d (%s, %s) was changed", i, r.ID, r.Act)
				case stored[k].Hash != h.String():
					return fault(i, "hash %d after row %d was changed", want, i)
				}
				k++
			}
			rep.Checked++
			if text, err := compare(i + 1); err != nil {
				return rep, err
			} else if text != "" {
				return fault(i, "%s", text)
			}
		}
		if next < len(rows) {
			return fault(to-1, "row %d stands twice", rows[next].Leaf)
		}
	}
	root, err := e.rootHash(size)
	if err != nil {
		return rep, err
	}
	if root != rep.Head.Hash {
		return fault(-1, "%s", headMisfit(size))
	}
	beyond, spare, pending, err := s.outsideAcrossUnits(ctx, size, tlog.StoredHashCount(size))
	if err != nil {
		return rep, err
	}
	rep.Pending = pending
	if beyond > 0 {
		return fault(size, "%d rows stand beyond the head: it was set back", beyond)
	}
	if spare > 0 {
		return fault(size, "%d hashes stand beyond the head: rows were removed or it was set back", spare)
	}
	return rep, nil
}

// List answers rows within the reader's ranges for the log, newest first. It needs the right Audit.
func (s *Service) List(ctx context.Context, f Filter) ([]Row, error) {
	a := scope.From(ctx)
	if !a.Auditor {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	f.Limit = limitOf(f.Limit)
	if a.Apart { // where the administrators are kept apart, nobody audits oneself
		f.notBy = a.Account
	}
	return s.list(ctx, a.AuditSet, f)
}

// Tallies counts the acts of some days in a subtree whose keys begin so, by act and subject; the caller has asked for the right to
// know them. No row is shown.
func (s *Service) Tallies(ctx context.Context, r scope.Range, act string, from, to clock.Day) ([]Tally, error) {
	return s.tallies(ctx, r, act, from.Time().UnixMilli(), to.AddDays(1).Time().UnixMilli())
}

// Of answers what happened to one record, for its history; the caller has asked for the right to see the record.
func (s *Service) Of(ctx context.Context, ref id.Ref, limit int) ([]Row, error) {
	return s.list(ctx, scope.All, Filter{Ref: ref, Limit: limitOf(limit)})
}

// About answers the rows of one record whose act begins so, for a page of its own; the caller has asked for the right to know
// them. After is the key of the last row of the page before.
func (s *Service) About(ctx context.Context, ref id.Ref, act string, after id.ID, limit int) ([]Row, error) {
	return s.list(ctx, scope.All, Filter{Ref: ref, Act: act, After: after, Limit: limitOf(limit)})
}

func limitOf(n int) int {
	if n <= 0 {
		return 50
	}
	return min(n, 1000)
}
