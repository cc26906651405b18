package survey

import (
	"strings"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/file"
	"xinhuo/internal/kit/id"
)

// KindReport is the kind of record of research reports.
const KindReport = "research"

// Report is a research report (R185): what was looked into and where, by whom, what was found, and who made it their own.
type Report struct {
	Unit       id.ID     `json:"unit"`
	Title      string    `json:"title"`
	Topic      string    `json:"topic"`
	Sites      []string  `json:"sites"`
	Authors    []string  `json:"authors"`
	Findings   string    `json:"findings"`
	FinishedOn clock.Day `json:"finished_on"`
	AdoptedBy  string    `json:"adopted_by,omitempty"`
	AdoptedOn  clock.Day `json:"adopted_on,omitempty"`
	Adoption   string    `json:"adoption,omitempty"` // how: the document, the decision
	// Files are the report itself and what belongs to it.
	Files []file.Kept `json:"files,omitempty"`
}

// ListedReport is a report in a list.
type ListedReport struct {
	Root       int64     `db:"root" json:"-"`
	ID         id.ID     `db:"id" json:"-"`
	Unit       id.ID     `db:"unit" json:"unit"`
	Title      string    `db:"title" json:"title"`
	Topic      string    `db:"topic" json:"topic"`
	FinishedOn clock.Day `db:"finished_on" json:"finished_on"`
	AdoptedOn  clock.Day `db:"adopted_on" json:"adopted_on,omitempty"`
	AdoptedBy  string    `db:"adopted_by" json:"adopted_by,omitempty"`
}

// Ref is the report's outside name.
func (l ListedReport) Ref() id.Ref { return id.Ref{Root: l.Root, ID: l.ID} }

const (
	maxFindings = 8000
	maxNames    = 30
	maxFiles    = 10
)

func (r *Report) clean() {
	trim(&r.Title, &r.Topic, &r.Findings, &r.AdoptedBy, &r.Adoption)
	for _, list := range []*[]string{&r.Sites, &r.Authors} {
		var out []string
		for _, x := range *list {
			if x = strings.TrimSpace(x); x != "" {
				out = append(out, x)
			}
		}
		*list = out
	}
}

// check says what has to be changed in a report.
func (r Report) check(today clock.Day) error {
	var f errs.Fields
	for _, x := range []struct{ name, text, key string }{{"title", r.Title, "survey.report_title_missing"}, {"topic", r.Topic, "survey.topic_missing"}, {"findings", r.Findings, "survey.findings_missing"}} {
		if x.text == "" {
			f.Add(x.name, x.key)
		}
	}
	long(&f, "title", r.Title, maxName)
	long(&f, "topic", r.Topic, maxName)
	long(&f, "findings", r.Findings, maxFindings)
	long(&f, "adopted_by", r.AdoptedBy, maxName)
	long(&f, "adoption", r.Adoption, maxText)
	for _, x := range []struct {
		name, key string
		list      []string
	}{{"sites", "survey.sites_missing", r.Sites}, {"authors", "survey.authors_missing", r.Authors}} {
		if len(x.list) == 0 {
			f.Add(x.name, x.key)
		}
		if len(x.list) > maxNames {
			f.Add(x.name, "survey.names_many", "N", maxNames)
		}
		for _, t := range x.list {
			long(&f, x.name, t, maxName)
		}
	}
	day(&f, "finished_on", r.FinishedOn)
	day(&f, "adopted_on", r.AdoptedOn)
	switch {
	case r.FinishedOn == clock.Open:
		f.Add("finished_on", "survey.finished_missing")
	case r.FinishedOn > today:
		f.Add("finished_on", "survey.day_ahead")
	}
	switch {
	case (r.AdoptedOn == clock.Open) != (r.AdoptedBy == ""):
		f.Add("adopted_by", "survey.adopted_half")
	case r.AdoptedOn > today:
		f.Add("adopted_on", "survey.day_ahead")
	case r.AdoptedOn != clock.Open && r.AdoptedOn < r.FinishedOn:
		f.Add("adopted_on", "survey.adopted_early")
	}
	return f.Err()
}
