package app

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xinhuo/internal/base"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/testkit"
	"xinhuo/internal/ledger"
	"xinhuo/internal/org"
	"xinhuo/internal/record"
)

func quiet(int, int) {}

// album is a city of one unit with bases and a picture of each.
type album struct {
	dsn, files string
	a          *App
	ctx        context.Context
	unit       id.ID
	bases      []id.Ref
}

func openAlbum(t *testing.T, bases int) *album {
	t.Helper()
	return openAlbumIn(t, filepath.Join(t.TempDir(), "files"), bases)
}

func openAlbumIn(t *testing.T, files string, bases int) *album {
	t.Helper()
	al := &album{dsn: testkit.DSN(t), files: files}
	var err error
	if al.a, err = Open(context.Background(), Config{DSN: al.dsn, Files: al.files, Clock: clockFrom("2019-05-31", "2019-05-31")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { al.a.Close() })
	al.ctx = al.a.System(context.Background(), "test")
	u, err := al.a.Org.Found(al.ctx, org.NewUnit{Name: "云州市", Level: org.City, Code: "9902", From: "1990-01-01"})
	if err != nil {
		t.Fatal(err)
	}
	al.unit = u.ID
	for range bases {
		al.add(t)
	}
	return al
}

// add makes one base more, with its picture.
func (al *album) add(t *testing.T) {
	t.Helper()
	n := len(al.bases)
	b := base.Base{Name: "河湾纪念馆", Host: al.unit, RunMode: base.Self, Category: "爱国主义", BuiltOn: "2000-01-01",
		Accreditations: []base.Accreditation{{Level: org.City, Issuer: base.Body{Unit: al.unit}, Status: base.Granted, GrantedOn: "2010-03-01"}}}
	ref, err := al.a.Base.Create(al.ctx, b, record.Change{Act: "base.act.create"})
	if err == nil {
		err = al.a.Base.AddPhoto(al.ctx, ref, 1, picture(int64(n)<<8+7), "正门")
	}
	if err != nil {
		t.Error(err)
	}
	al.bases = append(al.bases, ref)
}

// shown is what a city answers: its figure of bases, and the bytes of each base's picture.
func shown(t *testing.T, dsn, files string, unit id.ID, bases []id.Ref) (figure int64, pictures []string) {
	t.Helper()
	a, err := Open(context.Background(), Config{DSN: dsn, Files: files})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx := a.System(context.Background(), "test")
	ans, err := a.Ledger.Ask(ctx, ledger.Query{Figure: "base.accredited", Unit: unit, Day: clock.Day("2019-05-31"), Boundary: ledger.Then})
	if err != nil {
		t.Fatal(err)
	}
	for _, ref := range bases {
		b, _, err := a.Base.Get(ctx, ref)
		if err != nil {
			t.Fatal(err)
		}
		for _, hash := range []string{b.Photos[0].Full, b.Photos[0].Thumb} {
			r, err := a.Base.Photo(ctx, ref, hash)
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(r)
			if err = errors.Join(err, r.Close()); err != nil {
				t.Fatal(err)
			}
			pictures = append(pictures, string(data))
		}
	}
	return ans.Int(), pictures
}

func backupKey(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

// A backup once held the database alone: whoever restored one found every photo gone. R104: photos of a base.
func TestBackupHoldsThePhotos(t *testing.T) {
	ctx := context.Background()
	al := openAlbum(t, 4)
	path := filepath.Join(t.TempDir(), "city.zip")

	// people go on adding bases with photos while the backup is made
	stop, ended := make(chan struct{}), make(chan struct{})
	kept := al.bases[:4:4]
	go func() {
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			default:
				al.add(t)
			}
		}
	}()
	done, err := Backup(ctx, al.dsn, al.files, path, quiet)
	close(stop)
	<-ended
	if err != nil || len(done.Lost) > 0 || done.Files < 8 {
		t.Fatalf("%+v, %v", done, err)
	}
	wantFigure, want := shown(t, al.dsn, al.files, al.unit, kept)
	if wantFigure != int64(len(al.bases)) {
		t.Fatalf("%d bases, the figure says %d", len(al.bases), wantFigure)
	}
	for _, dsn := range []string{filepath.Join(t.TempDir(), "again.db"), testkit.DSN(t)} {
		files := filepath.Join(t.TempDir(), "files")
		if back, err := Restore(ctx, path, dsn, files, false, quiet); err != nil || back.Files != done.Files || back.Folder != files {
			t.Fatalf("%+v, %v", back, err)
		}
		figure, pictures := shown(t, dsn, files, al.unit, kept)
		if figure < 4 || figure > wantFigure {
			t.Errorf("%s: the figure says %d, there were 4 when the backup began and %d when it had ended", dsn, figure, wantFigure)
		}
		if strings.Join(pictures, "|") != strings.Join(want, "|") {
			t.Errorf("%s: the pictures differ", dsn)
		}
		d, err := db.Open(ctx, dsn)
		if err != nil {
			t.Fatal(err)
		}
		named, err := base.Files(ctx, d)
		if err = errors.Join(err, d.Close()); err != nil {
			t.Fatal(err)
		}
		if n := len(named); n != 2*int(figure) && n != 2*int(figure-1) { // the newest base may not have had its photo yet
			t.Errorf("%d bases with %d files", figure, len(named))
		}
		for _, hash := range named {
			if _, err := os.Stat(filepath.Join(files, hash[:2], hash[2:])); err != nil {
				t.Errorf("the restored city names a file that the backup did not bring: %v", err)
			}
		}
	}
	if _, err := Backup(ctx, al.dsn, al.files, path, quiet); backupKey(err) != "db.file_exists" {
		t.Errorf("a backup took the place of another: %v", err)
	}
}

// What stands is replaced only when somebody says so; what was refused has changed nothing, not even among the files.
func TestRestoreRefusesWhatStands(t *testing.T) {
	ctx := context.Background()
	from, to := openAlbum(t, 2), openAlbum(t, 1)
	path := filepath.Join(t.TempDir(), "city.zip")
	if _, err := Backup(ctx, from.dsn, from.files, path, quiet); err != nil {
		t.Fatal(err)
	}
	before := tree(t, to.files)
	if _, err := Restore(ctx, path, to.dsn, to.files, false, quiet); backupKey(err) != "db.target_not_empty" {
		t.Fatalf("a city was replaced without being told: %v", err)
	}
	if tree(t, to.files) != before {
		t.Error("a refused backup left files behind")
	}
	if n, _ := shown(t, to.dsn, to.files, to.unit, to.bases); n != 1 {
		t.Errorf("the figure says %d", n)
	}
	for range 2 { // and once more: what is there already does no harm
		if back, err := Restore(ctx, path, to.dsn, to.files, true, quiet); err != nil || back.Files != 4 {
			t.Fatalf("%+v, %v", back, err)
		}
		if n, _ := shown(t, to.dsn, to.files, from.unit, from.bases); n != 2 {
			t.Errorf("the figure says %d", n)
		}
	}
}

// tree is every file beneath a folder, with its bytes.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		b.WriteString(path + "\n" + string(data) + "\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// An archive that is cut off, damaged or something else is refused with a plain word, and changes nothing.
func TestRestoreRefusesABrokenArchive(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	al := openAlbum(t, 2)
	path := filepath.Join(dir, "city.zip")
	if _, err := Backup(ctx, al.dsn, al.files, path, quiet); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(whole), int64(len(whole)))
	if err != nil {
		t.Fatal(err)
	}
	at, err := z.File[1].DataOffset()
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[at+10] ^= 1
	for name, data := range map[string][]byte{
		"cut at the end": whole[:len(whole)-1],
		"cut in half":    whole[:len(whole)/2],
		"cut short":      whole[:3],
		"empty":          {},
		"a flipped bit":  flipped,
		"other bytes": rewrite(t, z, func(name string, data []byte) (string, []byte) {
			return name, append(data, strings.Repeat("x", len(name)-len(archiveDatabase))...)
		}),
		"other names": rewrite(t, z, func(name string, data []byte) (string, []byte) {
			return strings.Replace(name, "files/", "../../", 1), data
		}),
		"no database": rewrite(t, z, func(name string, data []byte) (string, []byte) {
			return strings.Replace(name, archiveDatabase, "", 1), data
		}),
		"half a database": rewrite(t, z, func(name string, data []byte) (string, []byte) {
			if name == archiveDatabase {
				data = data[:len(data)/2]
			}
			return name, data
		}),
	} {
		bad := filepath.Join(dir, "bad.zip")
		if err := os.WriteFile(bad, data, 0o600); err != nil {
			t.Fatal(err)
		}
		target := t.TempDir()
		_, err := Restore(ctx, bad, filepath.Join(target, "again.db"), filepath.Join(target, "files"), true, quiet)
		if backupKey(err) != "db.not_a_backup" || !errs.Is(err, errs.Unsupported) {
			t.Errorf("%s: %v", name, err)
		}
		var e *errs.Error
		if errors.As(err, &e) && e.Args["Path"] != "bad.zip" {
			t.Errorf("%s: it names %v", name, e.Args)
		}
		if left, err := os.ReadDir(target); err != nil || len(left) > 0 {
			t.Errorf("%s: it left %v behind, %v", name, left, err)
		}
	}
}

// rewrite makes an archive of its own right, so that only what stands in it is wrong.
func rewrite(t *testing.T, z *zip.Reader, change func(name string, data []byte) (string, []byte)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		name, data := change(f.Name, data)
		if name == "" {
			continue
		}
		e, err := w.Create(name)
		if err == nil {
			_, err = e.Write(data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// With the wrong folder of uploads a backup would silently hold no photo: it says which it could not take along.
func TestBackupTellsWhatIsLost(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	al := openAlbum(t, 2)
	elsewhere := filepath.Join(dir, "elsewhere")
	done, err := Backup(ctx, al.dsn, elsewhere, filepath.Join(dir, "1.zip"), quiet)
	if err != nil || len(done.Lost) != 4 || done.Files != 0 {
		t.Errorf("%+v, %v", done, err)
	}
	if _, err := os.Stat(elsewhere); err == nil {
		t.Error("a backup made a folder of uploads")
	}
	b, _, err := al.a.Base.Get(al.ctx, al.bases[0])
	if err != nil {
		t.Fatal(err)
	}
	hash := b.Photos[0].Full
	if err := os.WriteFile(filepath.Join(al.files, hash[:2], hash[2:]), []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	done, err = Backup(ctx, al.dsn, al.files, filepath.Join(dir, "2.zip"), quiet)
	if err != nil || len(done.Lost) != 1 || done.Lost[0] != hash || done.Files != 3 {
		t.Errorf("%+v, %v", done, err)
	}
	back, err := Restore(ctx, filepath.Join(dir, "2.zip"), filepath.Join(dir, "again.db"), "", false, quiet)
	if err != nil || back.Files != 3 || back.Folder != filepath.Join(dir, "again-files") {
		t.Errorf("%+v, %v", back, err)
	}
}
