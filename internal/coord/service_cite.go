package coord

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/web/ui"
)

// mostCites is how many points one notice rests on.
const mostCites = 10

// Cite names a document of the library and, unless it is the whole, one of its points: of 二、（三） the point is 2.3 (R86).
type Cite struct {
	No    int64  `json:"no"`
	Point string `json:"point,omitempty"`
}

// String is how a cite is written and copied: 14566431#p2.3.
func (c Cite) String() string {
	if c.Point == "" {
		return strconv.FormatInt(c.No, 10)
	}
	return strconv.FormatInt(c.No, 10) + "#p" + c.Point
}

// Cited is what a cite leads to, as its reader sees it.
type Cited struct {
	Title, Point string // Point is the words of the point, "" for the whole document
	Href         string
}

// Citing finds what a cite names, for the reader; errs.NotFound for what they do not see, and for a point that is not there.
type Citing func(ctx context.Context, c Cite) (Cited, error)

// SetCiting connects the library; without it notices cite nothing.
func (s *Service) SetCiting(c Citing) { s.citing = c }

var citeForm = regexp.MustCompile(`^(?:\S*/)?(\d+)(?:#p?([\d.]+))?$`)

// readCites reads cites as they are typed or pasted, one a line: a number, an address, each with #p and a point.
func readCites(lines []string, f *errs.Fields) (out []Cite) {
	for _, l := range lines {
		m := citeForm.FindStringSubmatch(strings.TrimSpace(l))
		if m == nil {
			f.Add("cites", "coord.cite_unreadable", "Text", l)
			return nil
		}
		no, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			f.Add("cites", "coord.cite_unreadable", "Text", l)
			return nil
		}
		if c := (Cite{no, strings.Trim(m[2], ".")}); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// settleCites refuses what was added and is not there for whoever writes; what stood before stays, also when it was withdrawn.
func (s *Service) settleCites(ctx context.Context, was, n Notice, f *errs.Fields) error {
	if len(n.Cites) > mostCites {
		f.Add("cites", "coord.cites_many", "N", mostCites)
	}
	for _, c := range n.Cites {
		if slices.Contains(was.Cites, c) {
			continue
		}
		var err error = errs.New(errs.NotFound, "errs.not_found")
		if s.citing != nil {
			_, err = s.citing(ctx, c)
		}
		if errs.Is(err, errs.NotFound) {
			f.Add("cites", "coord.cite_unknown", "Text", c.String())
		} else if err != nil {
			return err
		}
	}
	return nil
}

// citeFacts are what a notice rests on, each leading to its place; what the reader does not see is named by its number alone.
func (s *Service) citeFacts(ctx context.Context, n Notice) (out []ui.Fact, err error) {
	for _, c := range n.Cites {
		x := Cited{Title: i18n.T(ctx, "coord.cite_gone", "No", c.No)}
		if s.citing != nil {
			got, err := s.citing(ctx, c)
			if err == nil {
				x = got
				x.Title = i18n.T(ctx, "coord.cite_title", "Title", x.Title, "Point", x.Point)
			} else if !errs.Is(err, errs.NotFound) {
				return nil, err
			}
		}
		out = append(out, ui.Fact{Label: i18n.T(ctx, "coord.cites"), Text: x.Title, Href: x.Href})
	}
	return out, nil
}

func citeLines(list []Cite) (out []string) {
	for _, c := range list {
		out = append(out, c.String())
	}
	return out
}
