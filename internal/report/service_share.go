package report

import (
	"bytes"
	"context"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/library"
	"xinhuo/internal/record"
)

// Share puts an issued document into the library, as Word, and answers its number there: it is a draft of the library, which its
// unit issues to whom it wants. Shared again it is the same one. Errors: Conflict when it was not issued.
func (s *Service) Share(ctx context.Context, ref id.Ref) (no int64, err error) {
	defer errs.Wrapf(&err, "report.Share %s", ref)
	if err := s.documents.MayWork(ctx, ref, record.Change{Act: "report.act.issue"}); err != nil {
		return 0, err
	}
	l, err := s.Read(ctx, ref)
	if err != nil {
		return 0, err
	}
	if l.Document.Issued == nil || s.library == nil {
		return 0, errs.New(errs.Conflict, "report.share_issued")
	}
	data, err := l.docx(ctx)
	if err != nil {
		return 0, err
	}
	in, err := s.library.Take(ctx, l.Document.Title+".docx", bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	if no, there, err := s.library.OfFile(ctx, l.Document.Unit, in.Hash); err != nil || there {
		return no, err
	}
	refs, err := s.library.Create(ctx, l.Document.Unit, []library.Incoming{in}, library.Document{Category: "work.speech", Visible: library.VisibleMembers, Year: l.Document.Day.Year(), Live: ref.String()})
	if err != nil {
		return 0, err
	}
	d, _, err := s.library.Get(ctx, refs[0])
	return d.No, err
}

// standing tells how many numbers of a document the ledger still gives as they were said, and where they can be seen, for
// whoever may read the document.
func (s *Service) standing(ctx context.Context, ref id.Ref) (library.Standing, error) {
	l, err := s.Read(ctx, ref)
	if err != nil {
		return library.Standing{}, err
	}
	out := library.Standing{Href: "/speech/" + ref.String()}
	for i := range l.Figures {
		if l.Disagrees(i) {
			out.Differ++
		} else {
			out.Agree++
		}
	}
	return out, nil
}
