package library

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
)

// Paper is what an official paper says of itself, by which others cite it (R120).
type Paper struct {
	Issuers string    `json:"issuers,omitempty"` // 中共中央办公厅、国务院办公厅
	Number  string    `json:"number,omitempty"`  // 中办发〔2010〕12号
	Dated   clock.Day `json:"dated,omitempty"`   // the day that stands under it
}

// Speaker says who spoke, as whose holder of a post, and on which day. Which post it was is never kept: org's dated posts say it (R82).
type Speaker struct {
	Person string    `json:"person"`
	Unit   id.ID     `json:"unit"` // 0 for somebody of no unit of the tree
	On     clock.Day `json:"on"`
}

// TitleOnly tells a document of which only the title is kept, and no file: it can be found and cited, and there is nothing to read.
func (d Document) TitleOnly() bool { return d.File.Hash == "" }

// TitleOnly tells one of which only the title is kept.
func (l Listed) TitleOnly() bool { return l.Hash == "" }

// cited is the document that a filter asks the citing ones of.
type cited struct {
	id  id.ID
	key citeKey
}

// Project is a project to which documents can belong (R208). Units are those that keep it.
type Project struct {
	Ref   id.Ref
	Title string
	No    string // by which those of one title are told apart
	Href  string
	Units []id.ID
}

// Projects are asked for the projects of units; each is answered to whoever may see it.
type Projects interface {
	// Of lists a unit's own with a text in their names, the latest first.
	Of(ctx context.Context, unit id.ID, text string, limit int) ([]Project, error)
	// Named is one of them; errs.NotFound for what the reader does not see.
	Named(ctx context.Context, ref id.Ref) (Project, error)
}
