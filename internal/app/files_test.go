package app

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/testkit"
)

// bucket is the address of a store elsewhere.
func bucket(t *testing.T) string {
	t.Helper()
	inner := s3mem.New()
	if err := inner.CreateBucket("city"); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(gofakes3.New(inner, gofakes3.WithoutVersioning()).Server())
	t.Cleanup(s.Close)
	return "s3://key:secret@" + s.Listener.Addr().String() + "/city/uploads?insecure=1"
}

// A city moves with its pictures from a folder into a bucket and out again, and works in either place.
func TestBackupBetweenFolderAndBucket(t *testing.T) {
	ctx := context.Background()
	al := openAlbum(t, 2)
	_, want := shown(t, al.dsn, al.files, al.unit, al.bases)
	dsn, files := al.dsn, al.files
	for _, to := range []string{bucket(t), bucket(t), filepath.Join(t.TempDir(), "files")} {
		path := filepath.Join(t.TempDir(), "city.zip")
		done, err := Backup(ctx, dsn, files, path, quiet)
		if err != nil || done.Files != 4 || len(done.Lost) > 0 {
			t.Fatalf("%s: %+v, %v", files, done, err)
		}
		dsn, files = testkit.DSN(t), to
		back, err := Restore(ctx, path, dsn, files, false, quiet)
		if err != nil || back.Files != 4 {
			t.Fatalf("%s: %+v, %v", files, back, err)
		}
		if _, got := shown(t, dsn, files, al.unit, al.bases); !slices.Equal(got, want) {
			t.Errorf("%s: other pictures", files)
		}
	}
}

// The store goes away while a backup is read from it or brought into it: there is no half backup, and no database whose files
// did not come along. No message shows the key of the store.
func TestBackupWithoutItsBucket(t *testing.T) {
	ctx := context.Background()
	al := openAlbum(t, 1)
	path := filepath.Join(t.TempDir(), "city.zip")
	if _, err := Backup(ctx, al.dsn, al.files, path, quiet); err != nil {
		t.Fatal(err)
	}
	const gone = "s3://key:secret@127.0.0.1:1/city?insecure=1"
	half := filepath.Join(t.TempDir(), "half.zip")
	done, err := Backup(ctx, al.dsn, gone, half, quiet)
	if backupKey(err) != "blob.away" || done.Folder != "s3://127.0.0.1:1/city" {
		t.Errorf("%+v, %v", done, err)
	}
	if _, err := os.Stat(half); !os.IsNotExist(err) {
		t.Error("half a backup stands there", err)
	}
	dsn := filepath.Join(t.TempDir(), "again.db")
	if _, err := Restore(ctx, path, dsn, gone, false, quiet); backupKey(err) != "blob.away" {
		t.Error(err)
	}
	if back, err := Restore(ctx, path, dsn, al.files, false, quiet); err != nil { // it is still empty
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := Open(ctx, Config{DSN: dsn, Files: gone}); !errs.Is(err, errs.Internal) || backupKey(err) != "blob.away" {
		t.Error(err)
	}
}

// What no record names any more goes from a bucket, too.
func TestSweepBucket(t *testing.T) {
	al := openAlbumIn(t, bucket(t), 1)
	p := al.photo(t, 0)
	if err := al.a.Base.RemovePhoto(al.ctx, al.bases[0], 2, p.Full); err != nil {
		t.Fatal(err)
	}
	al.sweep(t, 0, 0)
	al.sweep(t, strayDays-1, 0)
	al.here(t, "removed a while ago", p.Full, true)
	al.sweep(t, strayDays+1, 2)
	al.here(t, "removed long ago", p.Full, false)
}

// The key of sealed fields and what is made of documents stand on this machine when the uploads do not.
func TestSealKeyBesideTheDatabase(t *testing.T) {
	t.Setenv("XINHUO_SEAL_KEY", "")
	for _, x := range [][3]string{
		{"/srv/city.db", "", "/srv/city-seal.key"},
		{"/srv/city.db", "/disk/files", "/disk/files-seal.key"},
		{"/srv/city.db", "s3://k:s@h/city", "/srv/city-seal.key"},
		{"postgres://h/x", "s3://k:s@h/city", "data/files-seal.key"},
	} {
		if got := SealKey(x[0], x[1]); got != filepath.FromSlash(x[2]) {
			t.Errorf("%v: %s", x, got)
		}
	}
	if got := (Config{DSN: "/srv/city.db", Files: "s3://k:s@h/city"}).cache("pdf"); got != filepath.FromSlash("/srv/city-files-cache/pdf") {
		t.Error(got)
	}
}
