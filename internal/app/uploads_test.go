package app

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"xinhuo/internal/audit"
	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
)

// later is the city so many days on.
func (al *album) later(days int) context.Context {
	at := time.Date(2019, 5, 31, 12, 0, 0, 0, clock.Shanghai).AddDate(0, 0, days)
	return clock.With(al.ctx, func() time.Time { return at })
}

func (al *album) sweep(t *testing.T, day, want int) {
	t.Helper()
	if n, err := al.a.Sweep(al.later(day)); err != nil || n != want {
		t.Errorf("day %d: %d files removed, want %d; %v", day, n, want, err)
	}
}

func (al *album) here(t *testing.T, what, hash string, want bool) {
	t.Helper()
	if is, err := al.a.blobs.Has(al.ctx, hash); err != nil || is != want {
		t.Errorf("%s: the file is here: %v, %v", what, is, err)
	}
}

func (al *album) photo(t *testing.T, n int) base.Photo {
	t.Helper()
	b, _, err := al.a.Base.Get(al.ctx, al.bases[n])
	if err != nil || len(b.Photos) == 0 {
		t.Fatalf("%+v, %v", b, err)
	}
	return b.Photos[0]
}

// R133: a picture that was taken away goes from the disk, too, after a time in which it can be brought back; one that any
// record still shows stays. The job may be cut off anywhere.
func TestSweep(t *testing.T) {
	al := openAlbum(t, 3)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(al.a.Base.AddPhoto(al.ctx, al.bases[2], 2, picture(7), "侧门")) // the same picture as the first base's
	first, second := al.photo(t, 0), al.photo(t, 1)
	al.sweep(t, 0, 0)
	for i, p := range []base.Photo{first, second} {
		must(al.a.Base.RemovePhoto(al.ctx, al.bases[i], 2, p.Full))
	}
	al.sweep(t, 1, 0)
	al.sweep(t, 7, 0)
	al.here(t, "within the days of grace", second.Full, true)
	must(al.a.Base.Undo(al.ctx, al.bases[1], 3))
	al.sweep(t, 9, 0)
	al.here(t, "brought back", second.Full, true)
	must(al.a.Base.RemovePhoto(al.ctx, al.bases[1], 4, second.Full))
	al.sweep(t, 10, 0)
	if _, _, err := al.a.blobs.Put(al.ctx, mustOpen(t, al, second.Full)); err != nil { // on its way into another record
		t.Fatal(err)
	}
	al.sweep(t, 17, 1) // the thumbnail was not put again
	al.here(t, "uploaded again", second.Full, true)
	al.here(t, "the thumbnail", second.Thumb, false)
	must(os.Remove(filepath.Join(al.files, second.Full[:2], second.Full[2:]))) // cut off between the file and its row
	al.sweep(t, 40, 1)
	al.sweep(t, 41, 0)
	for _, hash := range []string{first.Full, first.Thumb} {
		al.here(t, "another base shows it", hash, true)
	}
	rows, err := al.a.Audit.List(al.ctx, audit.Filter{Act: sweepAct})
	if err != nil || len(rows) != 2 || rows[0].Detail != `{"files":1}` {
		t.Errorf("the log: %+v, %v", rows, err)
	}
	must(al.a.Base.Remove(al.ctx, al.bases[2], 3, "错记"))
	al.sweep(t, 42, 0)
	al.sweep(t, 50, 4)
	al.here(t, "no base shows it any more", first.Full, false)
	if b, err := Backup(al.ctx, al.dsn, al.files, filepath.Join(t.TempDir(), "city.zip"), quiet); err != nil || len(b.Lost) != 0 {
		t.Errorf("a backup misses what was swept: %+v, %v", b, err)
	}
}

// An upload that a crash cut off holds a picture, too.
func TestSweepTidiesWhatACrashLeft(t *testing.T) {
	al := openAlbum(t, 0)
	old, fresh := filepath.Join(al.files, "incoming", "1"), filepath.Join(al.files, "incoming", "2")
	for _, path := range []string{old, fresh} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(old, time.Now(), time.Now().AddDate(0, 0, -2)); err != nil {
		t.Fatal(err)
	}
	al.sweep(t, 0, 0)
	for path, want := range map[string]bool{old: false, fresh: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Whoever keeps files says which ones its records name: otherwise they would be removed. seal puts them away for others, whose records name them.
func TestAllWhoKeepFilesAreAsked(t *testing.T) {
	imports := regexp.MustCompile(`"xinhuo/internal/kit/blob"|seal\.Stored\b`)
	list, err := filepath.Glob("../*/service*.go")
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	for _, path := range list {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if module := filepath.Base(filepath.Dir(path)); module != "app" && module != "seal" && imports.Match(data) && uploads[module] == nil {
			t.Errorf("%s keeps files and does not stand in uploads", module)
		}
	}
}

// R133: what the clock brings includes the sweep, once a day.
func TestSweepIsDaily(t *testing.T) {
	al := openAlbum(t, 1)
	p := al.photo(t, 0)
	if err := al.a.Base.RemovePhoto(al.ctx, al.bases[0], 2, p.Full); err != nil {
		t.Fatal(err)
	}
	for _, day := range []int{1, 1, 9} {
		if err := al.a.Daily(al.later(day)); err != nil {
			t.Fatal(err)
		}
	}
	al.here(t, "nine days on", p.Full, false)
}

func mustOpen(t *testing.T, al *album, hash string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(al.files, hash[:2], hash[2:]))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}
