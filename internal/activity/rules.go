package activity

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/table"
	"xinhuo/internal/org"
)

// maxDays is how long an activity may last: what is longer is a campaign.
const maxDays = 31

// Lead is the unit that keeps the record.
func (a Activity) Lead() id.ID {
	if len(a.Hosts) == 0 {
		return 0
	}
	return a.Hosts[0].Unit
}

// Units are the hosts that count, the lead first.
func (a Activity) Units() []id.ID {
	var out []id.ID
	for _, h := range a.Hosts {
		if h.Asked == Agreed {
			out = append(out, h.Unit)
		}
	}
	return out
}

// Readers are the hosts that read what is sealed of it: those that the lead's own people know of. Who stands higher enters for others, and
// does not let themselves in that way.
func (a Activity) Readers() []id.ID {
	var out []id.ID
	for _, h := range a.Hosts {
		if h.Asked == Agreed && !h.Above {
			out = append(out, h.Unit)
		}
	}
	return out
}

// Homes are the units whose people see the record: the hosts, and those whom the lead has asked. Who asked to join sees
// it once the lead has agreed.
func (a Activity) Homes() []id.ID {
	var out []id.ID
	for _, h := range a.Hosts {
		if h.Asked != AskedByOne {
			out = append(out, h.Unit)
		}
	}
	return out
}

// host is the place of a unit among the hosts, -1 when it is none.
func (a Activity) host(unit id.ID) int {
	return slices.IndexFunc(a.Hosts, func(h Host) bool { return h.Unit == unit })
}

// Heads counts who was there, face to face (R126).
func (a Activity) Heads() int64 {
	var n int64
	for _, g := range a.Audience {
		n += g.Count
	}
	return n
}

// Last is its last day.
func (a Activity) Last() clock.Day {
	if a.LastDay == clock.Open {
		return a.Day
	}
	return a.LastDay
}

// AtBase tells whether a stop is one of our bases (R108).
func (a Activity) AtBase() bool {
	return slices.ContainsFunc(a.Stops, func(s Stop) bool { return s.Base.ID != 0 })
}

// Memorial tells whether a stop is a memorial site, base or not (R132).
func (a Activity) Memorial() bool {
	return slices.ContainsFunc(a.Stops, func(s Stop) bool { return s.Memorial })
}

// Bases are the bases among the stops, each once: whoever comes back to a base on the way visits it once.
func (a Activity) Bases() []id.Ref {
	var out []id.Ref
	for _, s := range a.Stops {
		if s.Base.ID != 0 && !slices.Contains(out, s.Base) {
			out = append(out, s.Base)
		}
	}
	return out
}

// Venue is the kind of the first stop: each activity has one, so that kinds sum to the whole (R125).
func (a Activity) Venue() string {
	if len(a.Stops) == 0 {
		return "other"
	}
	return a.Stops[0].Venue
}

// Place names the first stop.
func (a Activity) Place() string {
	if len(a.Stops) == 0 {
		return ""
	}
	return a.Stops[0].Place
}

// Volunteers are the people who are in the register.
func (a Activity) Volunteers() []id.Ref {
	var out []id.Ref
	for _, p := range a.People {
		if p.Volunteer.ID != 0 && !slices.Contains(out, p.Volunteer) {
			out = append(out, p.Volunteer)
		}
	}
	return out
}

// Late tells whether it was reported long after its day (补记). A list of former years that was imported says so itself.
func (a Activity) Late() bool {
	return a.Status == Held && a.Entered != EnteredImport && a.ReportedOn != clock.Open && a.Last().AddDays(lateAfter) < a.ReportedOn
}

// Ranking is the order of a contest by its scores alone; equal scores share a place and the next one is left out, as in
// 1, 2, 2, 4. The order of entry never matters (R28).
func (c Contest) Ranking() []Ranked {
	list := slices.Clone(c.Entries)
	slices.SortStableFunc(list, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), strings.Compare(a.Name, b.Name))
	})
	out := make([]Ranked, len(list))
	for i, e := range list {
		out[i] = Ranked{e, i + 1}
		if i > 0 && list[i-1].Score == e.Score {
			out[i].Place = out[i-1].Place
		}
	}
	return out
}

// Satisfaction is in tenths of a per cent; ok is false without any answer (R111).
func (f Feedback) Satisfaction() (tenths int64, ok bool) {
	if f.Answers == 0 {
		return 0, false
	}
	return (f.Satisfied*2000 + f.Answers) / (2 * f.Answers), true
}

// entriesOf reads one entry a line: 3号，92.5分，一等奖.
func entriesOf(text string) ([]Entry, error) {
	var out []Entry
	var bad errs.Fields
	for i, line := range strings.Split(text, "\n") {
		parts := strings.FieldsFunc(line, func(r rune) bool { return unicode.IsSpace(r) || r == '，' || r == ',' })
		if len(parts) == 0 {
			continue
		}
		if len(parts) < 2 {
			bad.Add("entries", "activity.entry_line", "N", i+1, "Line", line)
			continue
		}
		score, err := table.ParseMoney(strings.TrimSuffix(parts[1], "分")) // hundredths, as money is
		if err != nil {
			bad.Add("entries", "activity.entry_line", "N", i+1, "Line", line)
			continue
		}
		out = append(out, Entry{Name: parts[0], Score: score, Award: strings.Join(parts[2:], " ")})
	}
	return out, bad.Err()
}

// find is an entry of a list by its code or one of its names.
func find(list []Choice, text string) (Choice, bool) {
	text = table.CleanText(text)
	for _, c := range list {
		if text != "" && (c.Code == text || c.Zh == text || strings.EqualFold(c.En, text)) {
			return c, true
		}
	}
	return Choice{}, false
}

// lists are a city's lists.
type lists map[string][]Choice

// Tidy brings what people wrote into the form in which it is kept, and works out what follows from the lists.
func (a *Activity) Tidy(l lists) {
	for _, s := range []*string{&a.Title, &a.Responsible, &a.Phone, &a.CancelReason, &a.Safety.SignedBy, &a.Safety.Emergency, &a.Safety.Insurance} {
		*s = table.CleanText(*s)
	}
	for _, s := range []*string{&a.Aim, &a.Method, &a.Summary, &a.Safety.Plan, &a.Contest.Rules} {
		*s = strings.TrimSpace(*s)
	}
	a.From, a.To = hour(a.From), hour(a.To)
	a.Class, a.SeriesFor = "", ""
	if c, ok := find(l[TypeList], a.Type); ok {
		a.Type, a.Class = c.Code, c.Parent
	}
	if c, ok := find(l[TopicList], a.Topic); ok {
		a.Topic = c.Code
	}
	if c, ok := find(l[SeriesList], a.Series); ok {
		a.Series, a.SeriesFor = c.Code, c.Parent
	}
	if a.LastDay == a.Day {
		a.LastDay = clock.Open
	}
	if a.Mode == "" {
		a.Mode = Face
	}
	var stops []Stop
	for _, s := range a.Stops {
		s.Place, s.From, s.To = table.CleanText(s.Place), hour(s.From), hour(s.To)
		if s.Place == "" && s.Base.ID == 0 {
			continue
		}
		if s.Base.ID != 0 {
			s.Venue = "base"
		} else if s.Venue == "" || s.Venue == "base" { // the kind of our own bases alone
			s.Venue = "other"
		}
		stops = append(stops, s)
	}
	a.Stops = stops
	a.Audience = a.groups(l)
	var minors int64
	for _, g := range a.Audience {
		if c, ok := find(l[GroupList], g.Group); ok && c.Minor == 1 {
			minors += g.Count
		}
	}
	a.Minors = max(a.Minors, minors)
	var people []Person
	for _, p := range a.People {
		if p.Name = table.CleanText(p.Name); p.Name == "" {
			continue
		}
		if !slices.Contains(Roles, p.Role) {
			p.Role = "helper"
		}
		people = append(people, p)
	}
	a.People = people
}

// groups are the audience with each group once.
func (a Activity) groups(l lists) []Audience {
	var out []Audience
	for _, g := range a.Audience {
		if c, ok := find(l[GroupList], g.Group); ok {
			g.Group = c.Code
		}
		if g.Group == "" && g.Count == 0 {
			continue
		}
		if i := slices.IndexFunc(out, func(o Audience) bool { return o.Group == g.Group }); i >= 0 {
			out[i].Count += g.Count
			continue
		}
		out = append(out, g)
	}
	return out
}

// hour brings a time of day into the form 14:30; what it cannot read it leaves, for Check to refuse.
func hour(text string) string {
	t := strings.TrimSpace(text)
	if t == "" {
		return ""
	}
	n := strings.NewReplacer("：", ":", "点半", ":30", "时半", ":30", "点", ":", "时", ":", "分", "", ".", ":", " ", "").Replace(t)
	n = strings.TrimSuffix(n, ":")
	later := 0
	for _, w := range []string{"下午", "晚上", "中午"} {
		if rest, ok := strings.CutPrefix(n, w); ok {
			n, later = rest, 12
		}
	}
	for _, w := range []string{"上午", "早上"} {
		n = strings.TrimPrefix(n, w)
	}
	h, m, ok := strings.Cut(n, ":")
	if !ok {
		h, m = n, "0"
		if len(n) == 4 {
			h, m = n[:2], n[2:]
		}
	}
	hh, err1 := strconv.Atoi(h)
	mm, err2 := strconv.Atoi(m)
	if err1 != nil || err2 != nil || hh < 0 || hh > 24 || mm < 0 || mm > 59 || hh == 24 && mm > 0 {
		return t
	}
	if later > 0 && hh < 12 {
		hh += later
	}
	return fmt.Sprintf("%02d:%02d", hh, mm)
}

// clockTime tells whether a text is a time of day as it is kept.
func clockTime(s string) bool {
	if s == "24:00" {
		return true
	}
	_, err := time.Parse("15:04", s)
	return err == nil && len(s) == 5
}

// at is an instant of a day.
func at(day clock.Day, hhmm string) time.Time {
	h, _ := strconv.Atoi(hhmm[:2])
	m, _ := strconv.Atoi(hhmm[3:])
	return day.Time().Add(time.Duration(h)*time.Hour + time.Duration(m)*time.Minute)
}

// Check says what has to be changed, whatever the status; fields are named after the form's inputs.
func (a Activity) Check(l lists) (f errs.Fields) {
	required(&f, "title", a.Title, "activity.title_missing")
	length(&f, "title", a.Title, maxName)
	for name, s := range map[string]string{"aim": a.Aim, "method": a.Method, "summary": a.Summary, "plan": a.Safety.Plan, "rules": a.Contest.Rules} {
		length(&f, name, s, maxText)
	}
	for name, s := range map[string]string{"responsible": a.Responsible, "phone": a.Phone, "emergency": a.Safety.Emergency, "insurance": a.Safety.Insurance, "signed_by": a.Safety.SignedBy} {
		length(&f, name, s, maxName)
	}
	if a.Phone != "" && !org.Dialable(a.Phone) {
		f.Add("phone", "activity.phone_odd")
	}
	if a.Class == "" {
		f.Add("type", "activity.type_missing")
	}
	if _, ok := find(l[TopicList], a.Topic); !ok {
		f.Add("topic", "activity.topic_missing")
	}
	if _, ok := find(l[SeriesList], a.Series); a.Series != "" && !ok {
		f.Add("series", "activity.series_unknown", "Name", a.Series)
	}
	if !slices.Contains(Modes, a.Mode) {
		f.Add("mode", "activity.mode_missing")
	}
	if !slices.Contains(Statuses, a.Status) {
		f.Add("status", "activity.status_missing")
	}
	a.checkTime(&f)
	a.checkPlaces(&f)
	a.checkHeads(&f, l)
	if a.Feedback.Satisfied > a.Feedback.Answers || a.Feedback.Satisfied < 0 || a.Feedback.Answers > maxHeads {
		f.Add("satisfied", "activity.satisfied_odd")
	}
	if len(a.Contest.Entries) > MaxEntries {
		f.Add("entries", "activity.entries_many", "N", MaxEntries)
	}
	if len(a.Hosts) == 0 || a.Hosts[0].Asked != Agreed {
		f.Add("hosts", "activity.host_missing")
	}
	a.checkSchools(&f)
	return f
}

func (a Activity) checkTime(f *errs.Fields) {
	if _, err := clock.ParseDay(string(a.Day)); err != nil {
		f.Add("day", "activity.day_missing")
		return
	}
	if a.LastDay != clock.Open {
		if _, err := clock.ParseDay(string(a.LastDay)); err != nil || a.LastDay < a.Day {
			f.Add("last_day", "activity.last_day_early")
		} else if a.Day.AddDays(maxDays) <= a.LastDay {
			f.Add("last_day", "activity.last_day_late", "N", maxDays)
		}
	}
	span := func(from, to string, names [2]string) {
		for i, s := range []string{from, to} {
			if s != "" && !clockTime(s) {
				f.Add(names[i], "activity.hour_unreadable")
				return
			}
		}
		if to != "" && (from == "" || to <= from) {
			f.Add(names[1], "activity.ends_early")
		}
	}
	span(a.From, a.To, [2]string{"from", "to"})
	for i, s := range a.Stops {
		n := strconv.Itoa(i)
		span(s.From, s.To, [2]string{"stop_from." + n, "stop_to." + n})
	}
}

func (a Activity) checkPlaces(f *errs.Fields) {
	if len(a.Stops) == 0 && a.Mode != Online {
		f.Add("place.0", "activity.place_missing")
	}
	if len(a.Stops) > MaxStops {
		f.Add("place.0", "activity.stops_many", "N", MaxStops)
	}
	for i, s := range a.Stops {
		n := strconv.Itoa(i)
		length(f, "place."+n, s.Place, maxName)
		if !slices.Contains(Venues, s.Venue) {
			f.Add("venue."+n, "activity.venue_missing")
		}
	}
}

func (a Activity) checkHeads(f *errs.Fields, l lists) {
	for i, g := range a.Audience {
		n := strconv.Itoa(i)
		if _, ok := find(l[GroupList], g.Group); !ok {
			f.Add("group."+n, "activity.group_missing")
		}
		if g.Count < 0 || g.Count > maxHeads {
			f.Add("count."+n, "activity.count_odd")
		}
		if g.Count > 0 && a.Mode == Online {
			f.Add("count."+n, "activity.face_not_online")
		}
	}
	for name, n := range map[string]int64{"online": a.Online, "works": a.Works, "awards": a.Awards, "staff": a.Safety.Staff, "minors": a.Minors} {
		if n < 0 || n > 100*maxHeads {
			f.Add(name, "activity.count_odd")
		}
	}
	if a.Online > 0 && a.Mode == Face {
		f.Add("online", "activity.online_not_face")
	}
	if a.Minors > a.Heads() && a.Heads() > 0 {
		f.Add("minors", "activity.minors_odd", "N", a.Heads())
	}
}

func required(f *errs.Fields, name, value, key string) {
	if value == "" {
		f.Add(name, key)
	}
}

func length(f *errs.Fields, name, value string, most int) {
	if utf8.RuneCountInString(value) > most {
		f.Add(name, "activity.too_long", "N", most)
	}
}

// plain is a title or place as it is compared: without signs and spaces, in one case.
func plain(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, s))
}

// alike tells whether two activities of one day are perhaps the same one, by title or place (R56). Every township has a
// square and a central school: what is called so is one place only to the unit itself, a longer name is one to all.
func alike(title, place string, own bool, o Listed) bool {
	t, p := plain(title), plain(place)
	ot, op := plain(o.Title), plain(o.Place)
	if t != "" && (t == ot || len(t) >= 12 && strings.Contains(ot, t) || len(ot) >= 12 && strings.Contains(t, ot)) {
		return true
	}
	return p != "" && p == op && (own || utf8.RuneCountInString(p) > 5)
}

// around is the part of the tree in which two units may have done one thing together: the county of a unit, or all below
// one that stands higher.
func around(u org.Unit) scope.Range {
	r := u.Range()
	if r.To-r.From >= 1e7 {
		return r
	}
	county := u.Pos / 1e7 * 1e7
	return scope.Range{From: county, To: county + 1e7}
}

// near tells whether two units are of one county, or one stands above the other.
func near(a, b org.Unit) bool {
	return scope.Set{around(a)}.Contains(b.Pos) || scope.Set{around(b)}.Contains(a.Pos)
}
