package blob

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"xinhuo/internal/kit/errs"
)

// conformance holds for every Store.
func conformance(t *testing.T, s Store) {
	ctx := context.Background()
	const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	if has, err := s.Has(ctx, hello); has || err != nil {
		t.Fatal(has, err)
	}
	if _, err := s.Get(ctx, hello); !errs.Is(err, errs.NotFound) {
		t.Fatal(err)
	}
	for range 2 { // the second time it is there already
		hash, size, err := s.Put(ctx, strings.NewReader("hello"))
		if err != nil || hash != hello || size != 5 {
			t.Fatal(hash, size, err)
		}
	}
	r, err := s.Get(ctx, hello)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Seek(2, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(r); string(b) != "llo" {
		t.Fatalf("%q", b)
	}
	r.Close()
	if has, err := s.Has(ctx, hello); !has || err != nil {
		t.Fatal(has, err)
	}
	if hash, size, err := s.Put(ctx, strings.NewReader("")); err != nil || size != 0 || len(hash) != 64 {
		t.Fatal(hash, size, err)
	}
	put := func() (at int64) {
		if err := s.Each(ctx, func(hash string, put int64) error {
			if hash == hello {
				at = put
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return at
	}
	if gone, err := s.Delete(ctx, hello, put()-1); gone || err != nil {
		t.Fatal("somebody put it again, and it is gone", err)
	}
	at := put()
	for range 2 {
		if gone, err := s.Delete(ctx, hello, at); !gone || err != nil {
			t.Fatal(gone, err)
		}
	}
	if has, _ := s.Has(ctx, hello); has {
		t.Fatal("deleted and still here")
	}
	for _, bad := range []string{"", "..", "../../etc/passwd", strings.ToUpper(hello), hello + "/", "/" + hello[1:]} {
		if _, err := s.Get(ctx, bad); !errs.Is(err, errs.NotFound) {
			t.Errorf("%q: %v", bad, err)
		}
		if has, err := s.Has(ctx, bad); has || err != nil {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := s.Delete(ctx, bad, 0); err != nil {
			t.Errorf("%q: %v", bad, err)
		}
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, err := s.Put(over, strings.NewReader("x")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// An upload that breaks off leaves nothing behind.
func TestBrokenUpload(t *testing.T) {
	dir := t.TempDir()
	s, _ := NewFolder(dir)
	boom := errors.New("boom")
	_, _, err := s.Put(context.Background(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(boom)))
	if !errors.Is(err, boom) {
		t.Fatal(err)
	}
	filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if !d.IsDir() {
			t.Error("left behind:", path)
		}
		return err
	})
}

// … in a bucket neither, and nothing stands in it.
func TestBrokenUploadToBucket(t *testing.T) {
	temporary(t)
	s := newCloud(t).open(t)
	boom := errors.New("boom")
	if _, _, err := s.Put(context.Background(), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(boom))); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if err := s.Each(context.Background(), func(hash string, _ int64) error { t.Error("left behind:", hash); return nil }); err != nil {
		t.Error(err)
	}
}

// The same file uploaded many times at once is one file, whole at all times.
func TestSameAtOnce(t *testing.T) { both(t, sameAtOnce) }

func sameAtOnce(t *testing.T, s Store) {
	data := bytes.Repeat([]byte("0123456789"), 10_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			hash, _, err := s.Put(context.Background(), bytes.NewReader(data))
			if err != nil {
				t.Error(err)
				return
			}
			r, err := s.Get(context.Background(), hash)
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Close()
			if got, _ := io.ReadAll(r); !bytes.Equal(got, data) {
				t.Error("not whole")
			}
		})
	}
	wg.Wait()
}

// A backup takes along every file that is whole, and nothing else that lies in the folder.
func TestEachNamesWholeFiles(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s, err := NewFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for i := range 300 { // more than there are folders, so that some hold two
		hash, _, err := s.Put(ctx, strings.NewReader(strings.Repeat("x", i)))
		if err != nil {
			t.Fatal(err)
		}
		want[hash] = true
	}
	for _, other := range []string{"incoming/half", "00/short", "readme.txt"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, other)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, other), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	last := ""
	if err := s.Each(ctx, func(hash string, _ int64) error {
		if !want[hash] || hash <= last {
			t.Errorf("%s after %s", hash, last)
		}
		delete(want, hash)
		last = hash
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if len(want) != 0 {
		t.Errorf("%d files left out", len(want))
	}
}
