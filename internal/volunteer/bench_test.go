package volunteer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/testkit"
)

// A table of volunteers previewed and taken, as a county sends it. The seconds are reported; a test asserts no time.
func BenchmarkImport(b *testing.B) {
	rows := 3000
	if testkit.Long() {
		rows = 20_000 // as promised
	}
	for b.Loop() {
		f := open(b)
		var t strings.Builder
		t.WriteString("姓名,性别,出生年,类别,所属单位,专长,电话,入队日期,背景核查日期,培训日期\n")
		given := []rune("安白保兵才春德东方福刚广国海洪建江军凯康兰丽林龙明宁平强清荣山胜石松涛天伟文祥兴学阳义永友玉云泽志忠")
		for i := range rows {
			fmt.Fprintf(&t, "王%c%c,男,%d,老教师,,书法、普法,1380000%04d,2018-03-01,2019-01-05,2018-02-01\n", given[i%50], given[i/50%50], 1940+i/2500, i%10000)
		}
		u := f.unit("990203")
		began := time.Now()
		p, err := f.rec.Upload(f.ctx, Kind, u.ID, "x.csv", []byte(t.String()))
		if err != nil || p.Bad > 0 {
			b.Fatal(err, p.Problems[:min(3, len(p.Problems))])
		}
		b.ReportMetric(time.Since(began).Seconds(), "preview-s")
		began = time.Now()
		if _, err := f.rec.Take(f.ctx, p.Ref, false); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(began).Seconds(), "take-s")
	}
}
