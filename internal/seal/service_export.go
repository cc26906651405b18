package seal

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"filippo.io/age"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/table"
)

// leastPassword bounds the password of an export, in characters.
const leastPassword = 12

// exportWork is the cost of guessing an export's password: scrypt with 2^16 rounds, 64 MB.
const exportWork = 16

// Redacted writes what may leave of a matter without its names: a line for each sealed record, with its kind, its days and what was
// agreed to. Whoever may oversee the matter gets it.
func (s *Service) Redacted(ctx context.Context, m Matter, w io.Writer) (err error) {
	defer errs.Wrapf(&err, "seal.Redacted")
	return s.export(ctx, m, w, false)
}

// Export writes all of a matter with what is sealed, as a workbook in a file that only a password opens (age, scrypt): it may lie on a
// stick or go by mail. Only the keeper gets it; it stands in the log. Errors: Invalid on "password".
func (s *Service) Export(ctx context.Context, m Matter, password string, w io.Writer) (err error) {
	defer errs.Wrapf(&err, "seal.Export")
	if utf8.RuneCountInString(password) < leastPassword {
		var f errs.Fields
		f.Add("password", "seal.password_short", "N", leastPassword)
		return f.Err()
	}
	to, err := age.NewScryptRecipient(password)
	if err != nil {
		return err
	}
	to.SetWorkFactor(exportWork)
	o := m.Owners[0]
	return s.act(ctx, o, "export", "", byKeeper, func(ctx context.Context) error {
		var plain bytes.Buffer
		if err := s.export(ctx, m, &plain, true); err != nil {
			return err
		}
		in, err := age.Encrypt(w, to)
		if err != nil {
			return err
		}
		if _, err := plain.WriteTo(in); err != nil {
			return err
		}
		return in.Close()
	})
}

// Unseal reads what Export wrote. Errors: Invalid "seal.password_wrong".
func Unseal(r io.Reader, password string) (io.Reader, error) {
	with, err := age.NewScryptIdentity(password)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "seal.password_wrong")
	}
	with.SetMaxWorkFactor(exportWork + 2)
	out, err := age.Decrypt(r, with)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "seal.password_wrong")
	}
	return out, nil
}

// export writes the lines of a matter, with the sealed fields for who opens them.
func (s *Service) export(ctx context.Context, m Matter, w io.Writer, open bool) error {
	t := table.Table{Title: i18n.T(ctx, "seal.kept")}
	for _, c := range []string{"seal.f.number", "seal.what", "seal.f.entered", "seal.f.erased", "seal.f.consents"} {
		t.Columns = append(t.Columns, table.Column{Key: c, Titles: []string{i18n.T(ctx, c)}, Kind: table.Text})
	}
	if open {
		t.Columns = append(t.Columns, table.Column{Key: "seal.f.fields", Titles: []string{i18n.T(ctx, "seal.f.fields")}, Kind: table.Text})
	}
	var rows [][]table.Value
	for _, o := range m.Owners {
		var list []Record
		var err error
		if open {
			if n, err := s.Counts(ctx, o); err != nil {
				return err
			} else if n.Records == 0 {
				continue
			}
			list, err = s.Open(ctx, o)
		} else {
			list, err = s.records(ctx, o, false)
		}
		if err != nil {
			return err
		}
		for _, r := range list {
			var agreed []string
			for _, c := range r.Consents {
				agreed = append(agreed, s.consentWords(ctx, c))
			}
			row := []table.Value{table.OfText(strconv.Itoa(len(rows) + 1)), table.OfText(m.Label(ctx, o.Kind)), table.OfText(string(r.Entered)), table.OfText(string(r.Erased)), table.OfText(strings.Join(agreed, "; "))}
			if open {
				var words []string
				for _, p := range s.named(ctx, o.Kind, r.Fields) {
					words = append(words, i18n.T(ctx, p.Name)+i18n.T(ctx, "seal.colon")+p.Text)
				}
				row = append(row, table.OfText(strings.Join(words, "\n")))
			}
			rows = append(rows, row)
		}
	}
	t.Rows = func(yield func([]table.Value, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
	return table.Write(w, table.XLSX, t)
}

// consentWords say of a consent what it is to, and since when or why not.
func (s *Service) consentWords(ctx context.Context, c Consent) string {
	name := c.Purpose
	known := slices.Concat(s.purposes, s.consents)
	if i := slices.IndexFunc(known, func(p purposeOf) bool { return p.purpose == c.Purpose }); i >= 0 {
		name = i18n.T(ctx, known[i].nameKey)
	}
	switch {
	case c.Refused != clock.Open:
		return i18n.T(ctx, "seal.consent.refused", "What", name, "Day", string(c.Refused))
	case c.Withdrawn != clock.Open:
		return i18n.T(ctx, "seal.consent.withdrawn", "What", name, "Day", string(c.Withdrawn))
	case !c.Stands(clock.Today(ctx)):
		return i18n.T(ctx, "seal.consent.over", "What", name, "Day", string(c.Until))
	}
	return i18n.T(ctx, "seal.consent.given", "What", name, "Day", string(c.Given))
}
