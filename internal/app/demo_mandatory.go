package app

import (
	"context"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/mandatory"
)

// demoDuty is what of a request of the demonstration had to be reported; without To it is still to be.
type demoDuty struct {
	situation, words string
	report           mandatory.Report
}

// All of it is invented.
var (
	demoHarmed = demoDuty{situation: "violence", words: "邻居看到手臂上有多处新旧伤，孩子不肯说。", report: mandatory.Report{Agency: "police", To: "南江派出所值班民警", By: "周文琴", No: "南江接字0531号"}}
	demoAlone  = demoDuty{situation: "alone", words: "独自居住一个多月，没有大人照管。"}
)

// harmed opens a duty to report and, where it was, notes the report.
func (l *demoLoad) harmed(ctx context.Context, of id.Ref, d demoDuty) error {
	ref, err := l.a.Mandatory.Start(ctx, of, d.situation, d.words)
	if err != nil || d.report.To == "" {
		return err
	}
	r := d.report
	r.At = clock.Millis(ctx)
	return l.a.Mandatory.Report(ctx, ref, 0, r)
}
