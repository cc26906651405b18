package table

import "testing"

// A number is read however it is written; one that can be read in two ways is not.
func TestCountsAreReadHoweverTheyAreWritten(t *testing.T) {
	for text, want := range map[string]int64{"120": 120, "1,200": 1200, "1.2万": 12000, "36人次": 36, "一百二十人": 120, "十二": 12, "二十": 20, "一百零二": 102, "三千零五十": 3050, "一万二千": 12000, "两百": 200, "零": 0, "十": 10, "五": 5, "３处": 3, "一百二十间": 120, "300平方米": 300, "300㎡": 300, "5所": 5} {
		if got, err := ParseCount(text); err != nil || got != want {
			t.Errorf("%s is %d, %v; want %d", text, got, err, want)
		}
	}
	for _, text := range []string{"一百二", "两三个", "很多", "", "-3", "十几", "一二", "3到5", "百", "间", "两三间"} {
		if got, err := ParseCount(text); err == nil {
			t.Errorf("%s is read as %d", text, got)
		}
	}
}
