package web

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web/ui"
)

// DraftDays is how long an unfinished form waits for whoever typed it.
const DraftDays = 30

// mostDrafts is how many unfinished forms of a person are kept; the oldest goes when there is one more.
const mostDrafts = 50

// maxDraftUpload bounds a form whose photos are passed over, in bytes.
const maxDraftUpload = 512 << 20

// Draft is a form that somebody put by before it was finished (先存着). It belongs to the person alone: no record, no
// figure, no log, and nobody else, however high, comes to it. Its Key is the form's idempotency key; once the form is
// sent with it, the draft is gone (Once).
//
// A form asks for it with ui.FormSpec.Draft, fills itself from OpenDraft, and shows DraftNotes above. Forms with Sealed
// inputs do not: what is written of a minor or of someone's health is sealed or not kept.
type Draft struct {
	Key, Form, Title string
	Lost             int // photos and other files that were chosen and not kept
	At               int64
	Values           url.Values `db:"-"`
}

// Day is the day on which it was put by.
func (f Draft) Day() clock.Day { return clock.DayOf(time.UnixMilli(f.At)) }

// Href opens the form with what was typed.
func (f Draft) Href() string {
	sep := "?"
	if strings.Contains(f.Form, "?") {
		sep = "&"
	}
	return f.Form + sep + "draft=" + url.QueryEscape(f.Key)
}

// plainKey tells a key that a form may carry from anything else.
func plainKey(key string) bool {
	strange := func(c rune) bool { return c <= ' ' || c >= 0x7f }
	return key != "" && len(key) <= 64 && !strings.ContainsFunc(key, strange)
}

// ReadDraft reads what was typed into a form, with photos or without; those are counted and passed over.
func ReadDraft(w http.ResponseWriter, r *http.Request) (Draft, error) {
	var out Draft
	f, err := ReadUpload(w, r, maxDraftUpload, "errs.form_too_large", func(string, string, io.Reader) error { out.Lost++; return nil })
	if err != nil {
		return out, err
	}
	out.Key, out.Values = f.Key(), f.Values
	out.Lost += len(f.Values["kept"]) // photos that came with an earlier try, which no record names
	for name := range out.Values {
		if name == "kept" || strings.HasPrefix(name, "_") {
			delete(out.Values, name)
		}
	}
	for _, name := range []string{"title", "name"} {
		if out.Title == "" {
			out.Title = heading(f.Text(name))
		}
	}
	return out, nil
}

// heading is a line that may stand in a list and in any database.
func heading(text string) string {
	text = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(text, ""))
	if r := []rune(text); len(r) > 60 {
		text = string(r[:60]) + "…"
	}
	return text
}

// KeepDraft puts a form by for whoever acts and answers it as kept. What was sent already begins a draft of its own:
// with the old key it would be taken for the form that was sent.
func KeepDraft(ctx context.Context, d *db.DB, f Draft) (Draft, error) {
	body, err := json.Marshal(f.Values)
	if err != nil {
		return f, err
	}
	who := scope.From(ctx).Account
	f.At = clock.Millis(ctx)
	err = d.Tx(ctx, func(ctx context.Context) error {
		used := !plainKey(f.Key)
		if !used {
			if used, err = isUsed(ctx, d, who, f.Key); err != nil {
				return err
			}
		}
		if used {
			f.Key = NewKey()
		}
		if err := putDraft(ctx, d, who, f, string(body)); err != nil {
			return err
		}
		return trimDrafts(ctx, d, who, mostDrafts)
	})
	return f, err
}

// Drafts are the unfinished forms of whoever asks, the latest first, without what was typed.
func Drafts(ctx context.Context, d *db.DB) ([]Draft, error) {
	return drafts(ctx, d, scope.From(ctx).Account, clock.Millis(ctx)-DraftDays*day)
}

const day = int64(24 * time.Hour / time.Millisecond)

// OpenDraft is one's own unfinished form at an address; nil when there is none with this key.
func OpenDraft(ctx context.Context, d *db.DB, form, key string) (*Draft, error) {
	if !plainKey(key) {
		return nil, nil
	}
	list, err := Drafts(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if f.Key != key || f.Form != form {
			continue
		}
		body, err := draftBody(ctx, d, scope.From(ctx).Account, key)
		if errs.Is(err, errs.NotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return &f, json.Unmarshal([]byte(body), &f.Values)
	}
	return nil, nil
}

// DropDraft throws away one's own unfinished form.
func DropDraft(ctx context.Context, d *db.DB, key string) error {
	if !plainKey(key) {
		return nil
	}
	return d.Tx(ctx, func(ctx context.Context) error { return dropDraft(ctx, d, scope.From(ctx).Account, key) })
}

// ExpireDrafts erases what nobody has finished in DraftDays.
func ExpireDrafts(ctx context.Context, d *db.DB) (n int64, err error) {
	err = d.Tx(ctx, func(ctx context.Context) error {
		n, err = expireDrafts(ctx, d, clock.Millis(ctx)-DraftDays*day)
		return err
	})
	return n, err
}

// DraftNotes stand above a form that can be put by: what the opened draft is, or which others wait at this address.
func DraftNotes(ctx context.Context, d *db.DB, form string, open *Draft) ([]ui.Note, error) {
	if open != nil {
		n := ui.Note{Title: i18n.T(ctx, "web.draft.open", "Day", i18n.Day(ctx, open.Day()), "Time", open.Time()),
			Text: i18n.T(ctx, "web.draft.open_why", "Until", i18n.Day(ctx, open.Day().AddDays(DraftDays))), Links: []ui.Link{{Text: i18n.T(ctx, "web.draft.home"), Href: "/"}}, Post: DropPost(ctx, *open)}
		if open.Lost > 0 {
			n.Kind, n.Text = "w", i18n.T(ctx, "web.draft.lost", "N", open.Lost)+n.Text
		}
		return []ui.Note{n}, nil
	}
	list, err := Drafts(ctx, d)
	if err != nil {
		return nil, err
	}
	var waits []ui.Link
	for _, f := range list {
		if f.Form == form {
			waits = append(waits, ui.Link{Text: DraftLine(ctx, f), Href: f.Href()})
		}
	}
	if len(waits) == 0 {
		return nil, nil
	}
	return []ui.Note{{Title: i18n.T(ctx, "web.draft.waits"), Links: waits}}, nil
}

// Time is the time of day at which it was put by.
func (f Draft) Time() string { return time.UnixMilli(f.At).In(clock.Shanghai).Format("15:04") }

// DraftLine names a draft: its title and when it was put by.
func DraftLine(ctx context.Context, f Draft) string {
	title := f.Title
	if title == "" {
		title = i18n.T(ctx, "web.draft.untitled")
	}
	return i18n.T(ctx, "web.draft.line", "Title", title, "Day", i18n.Day(ctx, f.Day()), "Time", f.Time())
}

// DropPost is the button that throws a draft away.
func DropPost(ctx context.Context, f Draft) *ui.Post {
	return &ui.Post{Text: i18n.T(ctx, "web.draft.drop"), Sub: f.Title, Action: "/draft/drop", Key: NewKey(), Hidden: []ui.Pair{{Name: "draft", Value: f.Key}}}
}
