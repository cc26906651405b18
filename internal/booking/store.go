package booking

import (
	"context"
	"fmt"
	"strings"

	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/id"
)

type store struct{ db *db.DB }

const columns = `s.root, s.subject, s.slot, s.subject_name, s.holder_kind, s.holder_root, s.holder, s.holder_name`

// release gives back all that a holder has in a calendar.
func (s store) release(ctx context.Context, cal Calendar, h Holder) error {
	_, err := s.db.Exec(ctx, `-- booking.release
		DELETE FROM booking_slot WHERE holder_root = $1 AND holder = $2 AND holder_kind = $3 AND calendar = $4`, h.Ref.Root, h.Ref.ID, h.Kind, string(cal))
	return err
}

// take writes quarters that are free and answers how many those were. A quarter that somebody else is writing is waited
// for: afterwards it is theirs or free.
func (s store) take(ctx context.Context, cal Calendar, rows []row) (n int64, err error) {
	const fixed, chunk = 5, 500
	for len(rows) > 0 {
		part := rows[:min(len(rows), chunk)]
		rows = rows[len(part):]
		first := part[0]
		args := []any{string(cal), first.Kind, first.HolderRoot, first.Holder, first.HolderName}
		values := make([]string, len(part))
		for i, r := range part {
			at := fixed + 4*i
			values[i] = fmt.Sprintf("($%d, $1, $%d, $%d, $%d, $2, $3, $4, $5)", at+1, at+2, at+3, at+4)
			args = append(args, r.Root, r.Subject, r.Slot, r.Name)
		}
		got, err := s.db.Exec(ctx, `-- booking.take
			INSERT INTO booking_slot (root, calendar, subject, slot, subject_name, holder_kind, holder_root, holder, holder_name)
			VALUES `+strings.Join(values, ", ")+` ON CONFLICT (root, calendar, subject, slot) DO NOTHING`, args...)
		if err != nil {
			return n, err
		}
		n += got
	}
	return n, nil
}

// takenAcrossUnits lists the quarters of one subject from one quarter to another. Whoever may ask for a subject may know
// its free hours, wherever its holders are at home.
func (s store) takenAcrossUnits(ctx context.Context, cal Calendar, subject id.Ref, from, to int64, limit int) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- booking.takenAcrossUnits
		SELECT `+columns+` FROM booking_slot s
		WHERE s.root = $1 AND s.calendar = $2 AND s.subject = $3 AND s.slot >= $4 AND s.slot < $5 ORDER BY s.slot LIMIT $6`,
		subject.Root, string(cal), subject.ID, from, to, limit)
}

// heldAcrossUnits lists what a holder has.
func (s store) heldAcrossUnits(ctx context.Context, cal Calendar, h Holder) ([]row, error) {
	return db.Select[row](ctx, s.db, `-- booking.heldAcrossUnits
		SELECT `+columns+` FROM booking_slot s
		WHERE s.holder_root = $1 AND s.holder = $2 AND s.holder_kind = $3 AND s.calendar = $4 ORDER BY s.root, s.subject, s.slot`,
		h.Ref.Root, h.Ref.ID, h.Kind, string(cal))
}
