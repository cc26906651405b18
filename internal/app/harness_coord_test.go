package app

import (
	"strings"

	"xinhuo/internal/coord"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

// notice makes one that the unit issues, which all below it know, and one that it only drafts; then what the unit did about
// a notice of its province.
func (s *seeder) notice(u org.Unit) error {
	from := len(s.seeds.canaries)
	w := func(kind string) string { return s.seeds.word(kind, u, scope.View) }
	n := coord.Notice{Unit: u.ID, Code: w("noticecode"), Kind: "notice", Title: w("notice"), Text: w("noticetext") + ragged, Document: w("noticedoc") + ragged, Bodies: []string{w("noticebody") + ragged},
		Due: "2019-06-30", IssuedOn: "2019-05-02", Points: []string{w("noticepoint")}, Targets: coord.Targets{Levels: []org.Level{org.City, org.County, org.Township, org.Village}}}
	file, err := s.a.Coord.Keep(s.ctx, w("noticefile")+".txt", strings.NewReader("附件"+u.Code))
	if err != nil {
		return err
	}
	n.Files = []coord.Attachment{file}
	ref, err := s.a.Coord.Create(s.ctx, n, record.Change{})
	if err != nil {
		return err
	}
	for i := from; i < len(s.seeds.canaries); i++ { // known to every unit below
		s.seeds.canaries[i].rng = u.Range()
	}
	s.seeds.add("notice", u.Code, ref.String())
	s.seeds.add("noticefile", u.Code, file.Hash)
	n = coord.Notice{Unit: u.ID, Code: w("noticedraftcode"), Kind: "notice", Title: w("noticedraft"), Targets: n.Targets}
	if _, err := s.a.Coord.Create(s.ctx, n, record.Change{}); err != nil {
		return err
	}
	if u.Level == org.Province {
		return nil
	}
	above, err := id.ParseRef(s.seeds.refs["notice"]["99"])
	if err != nil {
		return err
	}
	from = len(s.seeds.canaries)
	if err := s.a.Coord.Act(s.ctx, above, u.ID, coord.ActPass, coord.Step{Text: w("noticewording") + ragged}); err != nil {
		return err
	}
	s.seeds.canaries[from].rng = u.Range() // holds for the units below, too
	mine, err := s.a.Coord.Keep(s.ctx, w("replyfile")+".txt", strings.NewReader("反馈"+u.Code))
	if err != nil {
		return err
	}
	if err := s.a.Coord.Act(s.ctx, above, u.ID, coord.ActAsk, coord.Step{Version: 1, Text: w("noticequestion") + ragged}); err != nil {
		return err
	}
	err = s.a.Coord.Act(s.ctx, above, u.ID, coord.ActCarry, coord.Step{Version: 2, Text: w("noticereport") + ragged, Files: []coord.Attachment{mine}})
	s.seeds.add("reply", u.Code, above.String())
	s.seeds.add("replyfile", u.Code, mine.Hash)
	return err
}
