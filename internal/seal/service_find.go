package seal

import (
	"context"
	"strings"

	"xinhuo/internal/audit"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/org"
)

// Named finds what a unit keeps of somebody by name or telephone, exactly as they were entered: by their keyed hashes, so that nothing is
// opened. It finds what the reader keeps alone, so that of a request or case of others nobody hears that it is there. It stands in the log,
// and what was looked for does not. Errors: Forbidden "seal.closed"; Invalid on "name", "phone".
func (s *Service) Named(ctx context.Context, u org.Unit, name, phone string) (out []Found, err error) {
	defer errs.Wrapf(&err, "seal.Named")
	name, phone = strings.TrimSpace(name), strings.TrimSpace(phone)
	if err := s.tends(ctx, u); err != nil {
		return nil, err
	}
	var f errs.Fields
	if name == "" && phone == "" {
		f.Add("name", "seal.wish_who")
	}
	for field, text := range map[string]string{"name": name, "phone": phone} {
		if len([]rune(text)) > maxText {
			f.Add(field, "seal.too_long", "N", maxText)
		}
	}
	if err := f.Err(); err != nil {
		return nil, err
	}
	return out, s.db.Tx(ctx, func(ctx context.Context) error {
		if err := s.readable(ctx); err != nil {
			return err
		}
		if err := s.audit.Log(ctx, audit.Entry{Act: "seal.act.find", Subject: "seal", Pos: u.Pos, Unit: u.ID}); err != nil {
			return unlogged(ctx, "find", err)
		}
		out, err = s.whereNamed(ctx, u, Wish{Name: name, Phone: phone})
		return err
	})
}
