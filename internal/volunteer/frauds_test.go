package volunteer

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/testkit"
)

// The frauds list: entries that are no service, codes that are no proof, and what the marks say of honest work.
func TestFrauds(t *testing.T) { // R184
	t.Run("entries", fraudulentEntries)
	t.Run("codes", clonedCodes)
	t.Run("honest data", falseAlarms)
}

// The frauds that hours are known for: what is refused, in which words, and what is kept but marked, where a person sees it:
// on the page of the entry and in the list “worth a look”. What is only entered by an office for many is marked as such.
func fraudulentEntries(t *testing.T) {
	for _, c := range []struct {
		name    string
		do      func(f *fixture, clerk context.Context) (id.Ref, error)
		refused string // what the refusal says; "" when it is kept
		marks   []Look // why the entry is worth a look
	}{
		{"back-office bulk", func(f *fixture, clerk context.Context) (id.Ref, error) {
			refs, err := f.s.LogMany(clerk, hours(id.Ref{}, "2019-05-30", "08:00", "10:00"), f.people(12))
			return refs[0], err
		}, "", nil}, // marked as entered for many, below
		{"late backfill", func(f *fixture, clerk context.Context) (id.Ref, error) {
			return f.s.LogHours(clerk, hours(f.people(1)[0], "2019-04-30", "08:00", "10:00"))
		}, "", []Look{LookLate}},
		{"overlap", func(f *fixture, clerk context.Context) (id.Ref, error) {
			p := f.people(1)[0]
			f.log(p, "2019-05-30", "08:00", "10:00")
			return f.s.LogHours(clerk, hours(p, "2019-05-30", "09:45", "11:00"))
		}, "同一段时间不能记两次", nil},
		{"two places at once", func(f *fixture, clerk context.Context) (id.Ref, error) { // two units, two files of one person
			p, other := f.people(1)[0], f.person("990203001", "甲一", nil)
			f.log(other, "2019-05-30", "08:00", "10:00")
			at := f.log(p, "2019-05-30", "09:00", "10:00")
			return at, f.s.Merge(f.ctx, p, 1, other, "同一个人")
		}, "重叠", nil},
		{"more than 24 hours a day", func(f *fixture, clerk context.Context) (id.Ref, error) {
			p := f.people(1)[0]
			f.log(p, "2019-05-30", "00:00", "24:00")
			return f.s.LogHours(clerk, hours(p, "2019-05-30", "23:45", "24:00"))
		}, "同一段时间不能记两次", nil},
		{"a day that ends after midnight", func(f *fixture, clerk context.Context) (id.Ref, error) {
			return f.s.LogHours(clerk, hours(f.people(1)[0], "2019-05-30", "00:00", "26:00"))
		}, "一刻钟", nil},
		{"a day of more than 12 hours", func(f *fixture, clerk context.Context) (id.Ref, error) {
			p := f.people(1)[0]
			f.log(p, "2019-05-30", "06:00", "12:00")
			return f.s.LogHours(clerk, hours(p, "2019-05-30", "13:00", "19:15"))
		}, "", []Look{LookLong}},
		{"same photo twice", func(f *fixture, clerk context.Context) (id.Ref, error) {
			p := f.people(1)[0]
			h := hours(p, "2019-05-30", "08:00", "10:00")
			h.Photo, h.Thumb = f.photo(7)
			_, err := f.s.LogHours(clerk, h)
			f.must(err)
			h.Day = "2019-05-23"
			return f.s.LogHours(clerk, h)
		}, "", []Look{LookAgain}},
		{"one person signing for all", func(f *fixture, clerk context.Context) (ref id.Ref, err error) {
			for _, p := range f.people(ManyADay) { // one by one, so that it is not marked as entered for many
				if ref, err = f.s.LogHours(clerk, hours(p, "2019-05-30", "08:00", "10:00")); err != nil {
					return ref, err
				}
			}
			return ref, nil
		}, "", []Look{LookForMany}},
		{"all at once", func(f *fixture, clerk context.Context) (ref id.Ref, err error) {
			for _, p := range f.people(ManyADay) {
				h := hours(p, "2019-04-01", "06:00", "20:00")
				h.Photo, h.Thumb = f.photo(7)
				f.kept(f.s.LogHours(clerk, h))
				h.Day = "2019-04-02"
				if ref, err = f.s.LogHours(clerk, h); err != nil {
					return ref, err
				}
			}
			return ref, nil
		}, "", Looks},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := open(t)
			clerk := f.as("990203013")
			ref, err := c.do(f, clerk)
			if c.refused != "" {
				f.says(err, c.refused)
				t.Logf("%s: refused", c.name)
				return
			}
			f.must(err)
			t.Logf("%s: kept, marked %v", c.name, c.marks)
			h := f.site(clerk, f.s.Routes())
			page := testkit.HTML(t, f.get(h, "/hours/"+ref.String(), 200))
			for _, l := range c.marks {
				page.MustHave("main", i18nLook[l])
			}
			if len(c.marks) == 0 {
				page.MustNotContain("值得看一看")
			}
			p, err := f.s.ListHours(f.ctx, f.unit("9902"), HoursFilter{Look: LookAny}, "", 0, 100)
			f.must(err)
			i := slices.IndexFunc(p.Hours, func(g Given) bool { return g.Ref() == ref })
			if (i >= 0) != (len(c.marks) > 0) {
				t.Fatalf("in the list: %v", i >= 0)
			}
			if i >= 0 && !slices.Equal(p.Hours[i].Looks(), c.marks) {
				t.Errorf("marked %v, want %v", p.Hours[i].Looks(), c.marks)
			}
			for _, l := range Looks {
				list, err := f.s.ListHours(f.ctx, f.unit("9902"), HoursFilter{Look: l}, "", 0, 100)
				f.must(err)
				if want := slices.Contains(c.marks, l); want != (list.Total > 0) {
					t.Errorf("%s lists %d", l, list.Total)
				}
			}
			list := testkit.HTML(t, f.get(h, "/hours?look=any&from=2019-01-01", 200))
			list.MustHave("main", "值得看一看")
			if len(c.marks) == 0 { // bulk: kept, shown as what it is to the units above, and a figure of its own
				list.MustHave("main", "没有服务时长")
				testkit.HTML(t, f.get(f.site(f.as("9902"), f.s.Routes()), "/hours/"+ref.String(), 200)).MustHave("main", "批量登记")
				f.expect("9902", today, map[string]int64{"volunteer.hours_office": 12 * 120})
			} else {
				list.MustHave("main", i18nLook[c.marks[0]])
				page.MustHave("main", "照实记的也会这样")
			}
		})
	}
}

var i18nLook = map[Look]string{LookLate: "补记", LookAgain: "同一张照片", LookLong: "一天记得很长", LookForMany: "一人逐个代记多人"}

// A code is a proof of one person's paper alone: copied, given to another, used after it was taken back, replaced, or after
// the file went into another one, it is not verified, and says nothing.
func clonedCodes(t *testing.T) {
	f := open(t)
	clerk := f.as("990203013")
	f.must(f.s.Issue(clerk, f.person("990203013", "先发", nil), 1))
	code := func(ref id.Ref) string {
		c, err := f.s.Code(clerk, ref)
		f.must(err)
		return c
	}
	issued := func(name string) id.Ref {
		ref := f.person("990203013", name, nil)
		f.must(f.s.Issue(clerk, ref, 1))
		return ref
	}
	good, other, revoked, renewed, merged, stays := issued("甲"), issued("乙"), issued("丙"), issued("丁"), issued("戊"), issued("己")
	codes := map[id.Ref]string{}
	for _, ref := range []id.Ref{good, other, revoked, renewed, merged, stays} {
		codes[ref] = code(ref)
	}
	f.must(f.s.Revoke(clerk, revoked, 2, "纸丢了"))
	f.must(f.s.Issue(clerk, renewed, 2))
	f.must(f.s.Merge(clerk, stays, 2, merged, "同一个人"))
	nobody := f.site(scope.With(f.ctx, scope.Actor{}), f.s.Routes())
	for _, c := range []struct {
		name   string
		ref    id.Ref
		code   string
		status int
	}{
		{"the paper itself", good, codes[good], 200},
		{"another's code", good, codes[other], 404},
		{"revoked", revoked, codes[revoked], 404},
		{"replaced", renewed, codes[renewed], 404},
		{"the new one", renewed, code(renewed), 200},
		{"a joined file", merged, codes[merged], 404},
		{"a joined file's code at the one that stays", stays, codes[merged], 404},
		{"the one that stays", stays, codes[stays], 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			page := testkit.HTML(t, f.get(nobody, "/certificate/"+c.ref.String()+"?"+url.Values{"code": {c.code}}.Encode(), c.status))
			if c.status == 404 {
				page.MustHave("main", "核对不上")
				page.MustNotContain("稻香镇")
			}
		})
	}
}

// Three months of an honest township: people enter for themselves, the secretary for three or four a day, groups are
// entered for many with one photo of the day, some write it down weeks later; and the three honest days that look odd.
func falseAlarms(t *testing.T) {
	f := open(t)
	r := rand.New(rand.NewPCG(184, 5))
	people := f.people(24)
	clerk := f.as("990203013")
	own := map[id.Ref]scope.Actor{}
	for i, p := range people[:8] {
		own[p] = scope.From(f.owner(p, fmt.Sprintf("own%d", i)))
	}
	first, n, late := today.AddDays(-91), 0, 0
	at := func(day clock.Day, do func()) {
		was := f.now
		f.now = day.Time().Add(23 * time.Hour) // hours are entered when they are over
		do()
		f.now = was
	}
	for day := first; day < today; day = day.AddDays(1) {
		order := r.Perm(len(people))
		if r.IntN(7) == 0 { // an afternoon of the group, one photo of it
			h := hours(id.Ref{}, day, "14:00", "16:30")
			h.Photo, h.Thumb = f.photo(int(day.Time().Unix() / 86400 % 200))
			var group []id.Ref
			for _, i := range order[:10] {
				group = append(group, people[i])
			}
			at(day.AddDays(1), func() { f.keptAll(f.s.LogMany(clerk, h, group)) })
			n += len(group)
		}
		for _, i := range order[:4] {
			p, from := people[i], 7+r.IntN(4)
			h := hours(p, day, fmt.Sprintf("%02d:00", from), fmt.Sprintf("%02d:%02d", from+1+r.IntN(2), 15*r.IntN(4)))
			entered := day.AddDays(r.IntN(6))
			if r.IntN(60) == 0 { // weeks later, when the person came by
				entered = day.AddDays(LateDays + 1 + r.IntN(20))
			}
			if entered > today {
				entered = today
			}
			if entered > day.AddDays(LateDays) {
				late++
			}
			at(entered, func() {
				ctx := clerk
				if a, ok := own[p]; ok {
					ctx = scope.With(f.ctx, a)
				}
				f.kept(f.s.LogHours(ctx, h))
			})
			n++
		}
	}
	odd := func(h Hours) {
		at(h.Day.AddDays(1), func() { f.kept(f.s.LogHours(clerk, h)) })
		n++
	}
	newcomer := f.person("990203013", "营地", nil)
	odd(hours(newcomer, "2019-05-11", "06:30", "19:30")) // the night of the flood
	camp := hours(newcomer, "2019-05-18", "08:00", "18:00")
	camp.Photo, camp.Thumb = f.photo(201) // a camp of two days, one picture of it
	odd(camp)
	camp.Day = "2019-05-19"
	odd(camp)
	alarms := map[Look]int64{}
	for _, l := range append([]Look{LookAny}, Looks...) {
		p, err := f.s.ListHours(f.ctx, f.unit("9902"), HoursFilter{Look: l}, "", 0, 1)
		f.must(err)
		alarms[l] = p.Total
	}
	t.Logf("%d honest entries; worth a look: %d; late %d, same photo %d, long day %d, one for many %d", n, alarms[LookAny], alarms[LookLate], alarms[LookAgain], alarms[LookLong], alarms[LookForMany])
	if alarms[LookLate] != int64(late) || alarms[LookAgain] != 2 || alarms[LookLong] != 1 || alarms[LookForMany] != 0 {
		t.Errorf("%v, %d were late", alarms, late)
	}
	if share := float64(alarms[LookAny]) / float64(n); share > 0.03 {
		t.Errorf("%.1f%% of honest entries are worth a look", 100*share)
	}
}

func hours(who id.Ref, day clock.Day, from, to string) Hours {
	return Hours{Volunteer: who, Day: day, From: from, To: to, What: "讲故事"}
}

// people are volunteers of the township.
func (f *fixture) people(n int) (out []id.Ref) {
	f.Helper()
	for i := range n {
		out = append(out, f.person("990203013", "甲"+string([]rune("一二三四五六七八九十百千万亿子丑寅卯辰巳午未申酉")[i]), nil))
	}
	return out
}

func (f *fixture) photo(n int) (full, thumb string) {
	f.Helper()
	full, thumb, err := f.s.KeepPhoto(f.ctx, strings.NewReader(string(jpegOf(n))))
	f.must(err)
	return full, thumb
}

func (f *fixture) kept(_ id.Ref, err error) {
	f.Helper()
	f.must(err)
}

func (f *fixture) keptAll(_ []id.Ref, err error) {
	f.Helper()
	f.must(err)
}
