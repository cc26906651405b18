package activity

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web/ui"
)

// maxMaterials is how many documents one activity names.
const maxMaterials = 10

// SetMaterials connects the library; without it no form asks for material.
func (s *Service) SetMaterials(m Materials) { s.materials = m }

// approvedMaterials says which of the documents that were added may not be used: material that nobody approved is not attached to an
// activity (R123). What stands there already stays, so that an old record can be corrected.
func (s *Service) approvedMaterials(ctx context.Context, a, was Activity, f *errs.Fields) error {
	if s.materials == nil {
		return nil
	}
	if len(a.Materials) > maxMaterials {
		f.Add("materials", "activity.materials_many", "N", maxMaterials)
	}
	for _, no := range a.Materials {
		if slices.Contains(was.Materials, no) {
			continue
		}
		m, err := s.materials(ctx, no)
		switch {
		case errs.Is(err, errs.NotFound):
			f.Add("materials", "activity.material_unknown", "No", no)
		case err != nil:
			return err
		case !m.Approved:
			f.Add("materials", "activity.material_unapproved", "Title", m.Title)
		}
	}
	return nil
}

// materialsFrom reads numbers, or addresses that end with one, as somebody types or pastes them.
func materialsFrom(text string, f *errs.Fields) (out []int64) {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;，；、", r) }) {
		no, err := strconv.ParseInt(word[strings.LastIndex(word, "/")+1:], 10, 64)
		if err != nil || no <= 0 {
			f.Add("materials", "activity.material_unreadable", "Text", word)
			return nil
		}
		if !slices.Contains(out, no) {
			out = append(out, no)
		}
	}
	return out
}

// materialLines are the documents of an activity as its reader sees them: what was withdrawn at its origin, or is not for them, is
// named by its number alone.
func (s *Service) materialLines(ctx context.Context, a Activity) (out []ui.Link, err error) {
	for _, no := range a.Materials {
		l := ui.Link{Text: i18n.T(ctx, "activity.material_gone", "No", no)}
		if s.materials != nil {
			m, err := s.materials(ctx, no)
			if err == nil {
				l = ui.Link{Text: m.Title, Href: m.Href}
			} else if !errs.Is(err, errs.NotFound) {
				return nil, err
			}
		}
		out = append(out, l)
	}
	return out, nil
}

func numbersOf(list []int64) string {
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = strconv.FormatInt(n, 10)
	}
	return strings.Join(words, " ")
}
