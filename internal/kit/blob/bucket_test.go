package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"xinhuo/internal/kit/errs"
)

// cloud is a store elsewhere that asks for a key and checks, as real ones do, that a body is the one whose hash was signed.
type cloud struct {
	*httptest.Server
	inner  *s3mem.Backend
	now    gofakes3.TimeSourceAdvancer
	reads  atomic.Int64
	breaks atomic.Value // func(w, r) bool: the request ended otherwise
}

const secret = "s/ecret+word"

func newCloud(t *testing.T) *cloud {
	now := gofakes3.FixedTimeSource(time.Now())
	c := &cloud{inner: s3mem.New(s3mem.WithTimeSource(now)), now: now}
	if err := c.inner.CreateBucket("city"); err != nil {
		t.Fatal(err)
	}
	s3 := gofakes3.New(c.inner, gofakes3.WithoutVersioning(), gofakes3.WithTimeSource(now)).Server()
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if breaks, _ := c.breaks.Load().(func(http.ResponseWriter, *http.Request) bool); breaks != nil && breaks(w, r) {
			return
		}
		if !strings.Contains(r.Header.Get("Authorization"), "Credential=RIGHT/") {
			refuse(w, http.StatusForbidden, "InvalidAccessKeyId")
			return
		}
		if r.Method == http.MethodPut {
			data, err := io.ReadAll(r.Body)
			if is := sha256.Sum256(data); err != nil || hex.EncodeToString(is[:]) != r.Header.Get("X-Amz-Content-Sha256") {
				refuse(w, http.StatusBadRequest, "XAmzContentSHA256Mismatch")
				return
			}
			r.Body = io.NopCloser(bytes.NewReader(data))
		}
		if r.Method == http.MethodGet && strings.Count(r.URL.Path, "/") > 2 {
			c.reads.Add(1)
		}
		s3.ServeHTTP(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
}

func (c *cloud) address(key, path string) string {
	return "s3://" + key + ":s%2Fecret%2Bword@" + c.Listener.Addr().String() + path + "?insecure=1"
}

func (c *cloud) open(t *testing.T) Store {
	t.Helper()
	s, err := Open(context.Background(), c.address("RIGHT", "/city/files"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// both runs a test over a folder and over a bucket.
func both(t *testing.T, do func(t *testing.T, s Store)) {
	t.Run("folder", func(t *testing.T) {
		s, err := Open(context.Background(), filepath.Join(t.TempDir(), "files"))
		if err != nil {
			t.Fatal(err)
		}
		do(t, s)
	})
	t.Run("bucket", func(t *testing.T) {
		temporary(t)
		do(t, newCloud(t).open(t))
	})
}

// temporary is a folder of temporary files for this test alone, in which nothing may be left.
func temporary(t *testing.T) string {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	t.Cleanup(func() {
		if left, _ := filepath.Glob(filepath.Join(dir, spooled)); len(left) > 0 {
			t.Error("left behind:", left)
		}
	})
	return dir
}

// keyOf is the text of an error, which must not betray the key.
func keyOf(t *testing.T, err error) string {
	t.Helper()
	for _, word := range []string{secret, "s%2Fecret", "ecret", "RIGHT", "WRONG"} {
		if strings.Contains(fmt.Sprintf("%v %+v", err, err), word) {
			t.Errorf("the key stands in the error: %v", err)
		}
	}
	var e *errs.Error
	if !errors.As(err, &e) {
		return fmt.Sprint(err)
	}
	for _, v := range e.Args {
		if strings.Contains(fmt.Sprint(v), "ecret") {
			t.Errorf("the key stands in the text: %v", v)
		}
	}
	return e.Key
}

func TestEveryStoreKeepsWhatItSays(t *testing.T) { both(t, conformance) }

// A file is read from where the reader stands: forwards, backwards, from its end, past it.
func TestReadFromAnywhere(t *testing.T) {
	both(t, func(t *testing.T, s Store) {
		ctx := context.Background()
		data := bytes.Repeat([]byte("0123456789abcdef"), 20_000)
		hash, _, err := s.Put(ctx, bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.Get(ctx, hash)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		for _, x := range []struct {
			offset int64
			whence int
			at     int64
		}{{0, io.SeekEnd, 320_000}, {0, io.SeekStart, 0}, {300_000, io.SeekStart, 300_000}, {-10, io.SeekCurrent, 299_990 + 7}, {-7, io.SeekEnd, 319_993}, {5, io.SeekStart, 5}, {400_000, io.SeekStart, 400_000}} {
			at, err := r.Seek(x.offset, x.whence)
			if err != nil || at != x.at {
				t.Fatalf("%+v: %d, %v", x, at, err)
			}
			got, err := io.ReadAll(io.LimitReader(r, 7))
			if err != nil || string(got) != string(data[min(at, 320_000):min(at+7, 320_000)]) {
				t.Fatalf("%+v: %q, %v", x, got, err)
			}
		}
		if _, err := r.Seek(-1, io.SeekStart); err == nil {
			t.Error("a place before the start")
		}
	})
}

// Each names what is whole and ours, more than one page of a store's list, and ends where it is told to.
func TestEachOverManyPages(t *testing.T) {
	both(t, func(t *testing.T, s Store) {
		ctx := context.Background()
		want := map[string]bool{}
		for i := range 1100 {
			hash, _, err := s.Put(ctx, strings.NewReader(strings.Repeat("x", i)))
			if err != nil {
				t.Fatal(err)
			}
			want[hash] = true
		}
		last := ""
		if err := s.Each(ctx, func(hash string, put int64) error {
			if !want[hash] || hash <= last || put == 0 {
				t.Errorf("%s after %s, put %d", hash, last, put)
			}
			delete(want, hash)
			last = hash
			return nil
		}); err != nil || len(want) != 0 {
			t.Fatalf("%d files left out, %v", len(want), err)
		}
		enough, n := errors.New("enough"), 0
		if err := s.Each(ctx, func(string, int64) error { n++; return enough }); !errors.Is(err, enough) || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
		over, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.Each(over, func(string, int64) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// What lies in the bucket beside our files, or under another prefix, is not ours.
func TestBucketOfOthers(t *testing.T) {
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	for _, name := range []string{"readme.txt", "files/readme.txt", "files/ab/short", "files/zz/" + strings.Repeat("0", 62), "other/ab/" + strings.Repeat("0", 62)} {
		if _, err := c.inner.PutObject("city", name, map[string]string{"Last-Modified": time.Now().UTC().Format(http.TimeFormat)}, strings.NewReader("x"), 1, nil); err != nil {
			t.Fatal(err)
		}
	}
	hash, _, err := s.Put(ctx, strings.NewReader("ours"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := s.Each(ctx, func(hash string, _ int64) error { got = append(got, hash); return nil }); err != nil || len(got) != 1 || got[0] != hash {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := c.inner.HeadObject("city", "files/"+hash[:2]+"/"+hash[2:]); err != nil {
		t.Error("an object is not named as a file in a folder:", err)
	}
}

// A wrong key, a bucket that is not there, an address with a slip of the pen: each is told when the store is opened, and no
// error betrays a key.
func TestBucketRefused(t *testing.T) {
	ctx, c := context.Background(), newCloud(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	host := c.Listener.Addr().String()
	for address, want := range map[string]string{
		c.address("WRONG", "/city"):                            "blob.refused",
		c.address("RIGHT", "/town"):                            "blob.no_bucket",
		c.address("RIGHT", "/x"):                               "blob.address",
		c.address("RIGHT", ""):                                 "blob.address",
		c.address("RIGHT", "/city") + "&insecur=1":             "blob.address",
		"s3://RIGHT:s/ecret+word@" + host + "/city?insecure=1": "blob.address",
		"s3:///city":                        "blob.address",
		"gs://RIGHT:s@" + host + "/city":    "blob.address",
		"s3://" + host + "/city?insecure=1": "blob.no_key",
	} {
		if s, err := Open(ctx, address); s != nil || keyOf(t, err) != want {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	t.Setenv("AWS_ACCESS_KEY_ID", "RIGHT")
	t.Setenv("AWS_SECRET_ACCESS_KEY", secret)
	if _, err := Open(ctx, "s3://"+host+"/city?insecure=1"); err != nil {
		t.Error(err)
	}
	if at := c.address("RIGHT", "/city/files"); Shown(at) != "s3://"+host+"/city/files" || Shown("s3://RIGHT:s/ecret+word@h/city") != "s3://…" || Shown("data/files") != "data/files" {
		t.Error(Shown(at))
	}
}

// A store that goes away says so at whatever is asked of it, and once it is back everything is still there.
func TestBucketGoesAway(t *testing.T) {
	temporary(t)
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	hash, _, err := s.Put(ctx, strings.NewReader("kept"))
	if err != nil {
		t.Fatal(err)
	}
	away := func(w http.ResponseWriter, r *http.Request) bool { panic(http.ErrAbortHandler) }
	c.breaks.Store(away)
	for what, err := range map[string]error{
		"put":    func() error { _, _, err := s.Put(ctx, strings.NewReader("new")); return err }(),
		"get":    func() error { _, err := s.Get(ctx, hash); return err }(),
		"has":    func() error { _, err := s.Has(ctx, hash); return err }(),
		"delete": func() error { _, err := s.Delete(ctx, hash, 1); return err }(),
		"each":   s.Each(ctx, func(string, int64) error { return nil }),
		"open":   func() error { _, err := Open(ctx, c.address("RIGHT", "/city")); return err }(),
	} {
		if keyOf(t, err) != "blob.away" {
			t.Errorf("%s: %v", what, err)
		}
	}
	c.breaks.Store(func(http.ResponseWriter, *http.Request) bool { return false })
	if has, err := s.Has(ctx, hash); !has || err != nil {
		t.Error(has, err)
	}
	n := 0
	if err := s.Each(ctx, func(string, int64) error { n++; return nil }); err != nil || n != 1 {
		t.Error(n, err)
	}
}

// A file that waits for its removal is uploaded again by somebody who found it in a form: it stays.
func TestPutAgainBeforeItIsRemoved(t *testing.T) {
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	var at []int64
	for range 2 {
		if _, _, err := s.Put(ctx, strings.NewReader("hello")); err != nil {
			t.Fatal(err)
		}
		if err := s.Each(ctx, func(_ string, put int64) error { at = append(at, put); return nil }); err != nil {
			t.Fatal(err)
		}
		c.now.Advance(time.Second)
	}
	const hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	for i, want := range []bool{false, true} {
		if gone, err := s.Delete(ctx, hello, at[i]); gone != want || err != nil {
			t.Errorf("put at %d of %v: %v, %v", at[i], at, gone, err)
		}
		if has, err := s.Has(ctx, hello); has == want || err != nil {
			t.Errorf("put at %d of %v: here %v, %v", at[i], at, has, err)
		}
	}
}

// The whole bucket is removed: that is not the same as a file that is not there, and nobody may take it for lost.
func TestBucketIsGone(t *testing.T) {
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	if err := c.inner.DeleteBucket("city"); err != nil {
		t.Fatal(err)
	}
	hash := strings.Repeat("0", 64)
	if has, err := s.Has(ctx, hash); has || keyOf(t, err) != "blob.no_bucket" {
		t.Error(has, err)
	}
	if _, err := s.Get(ctx, hash); keyOf(t, err) != "blob.no_bucket" {
		t.Error(err)
	}
	if gone, err := s.Delete(ctx, hash, 1); gone || keyOf(t, err) != "blob.no_bucket" {
		t.Error(gone, err)
	}
}

// The line breaks while a file is read: the reader is told and never takes half a file for a whole one.
func TestTruncatedBody(t *testing.T) {
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	hash, _, err := s.Put(ctx, bytes.NewReader(bytes.Repeat([]byte("x"), 200_000)))
	if err != nil {
		t.Fatal(err)
	}
	c.breaks.Store(func(w http.ResponseWriter, r *http.Request) bool {
		w.Header().Set("Content-Length", "200000")
		w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
		w.Write(bytes.Repeat([]byte("x"), 1000))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	r, err := s.Get(ctx, hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, err := io.ReadAll(r); len(got) >= 200_000 || keyOf(t, err) != "blob.away" || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}

// A store that cannot give a part of a file gives the whole, which is not what was asked for.
func TestNoRanges(t *testing.T) {
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	hash, _, err := s.Put(ctx, strings.NewReader("0123456789"))
	if err != nil {
		t.Fatal(err)
	}
	c.breaks.Store(func(w http.ResponseWriter, r *http.Request) bool { r.Header.Del("Range"); return false })
	r, err := s.Get(ctx, hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.Seek(4, io.SeekStart)
	if got, err := io.ReadAll(r); len(got) > 0 || keyOf(t, err) != "blob.away" {
		t.Errorf("%q, %v", got, err)
	}
}

// … or says that the rest is shorter than it is: that is no whole file either.
func TestShortRest(t *testing.T) {
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	hash, _, err := s.Put(ctx, strings.NewReader("0123456789"))
	if err != nil {
		t.Fatal(err)
	}
	c.breaks.Store(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Range") != "" {
			r.Header.Set("Range", "bytes=4-5")
		}
		return false
	})
	r, err := s.Get(ctx, hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.Seek(4, io.SeekStart)
	if got, err := io.ReadAll(r); string(got) != "45" || keyOf(t, err) != "blob.away" {
		t.Errorf("%q, %v", got, err)
	}
}

// A body that is altered on its way is refused, and nothing stands under its name.
func TestAlteredUpload(t *testing.T) {
	temporary(t)
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	c.breaks.Store(func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPut {
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader("y"), r.Body))
		}
		return false
	})
	if _, _, err := s.Put(ctx, strings.NewReader("hello")); keyOf(t, err) != "blob.away" {
		t.Error(err)
	}
	if err := s.Each(ctx, func(hash string, _ int64) error { t.Error("kept", hash); return nil }); err != nil {
		t.Error(err)
	}
}

// One that asks for the length and goes back to the start, as a page does that sends a file, asks the store once.
func TestOneRequestForAFile(t *testing.T) {
	ctx, c := context.Background(), newCloud(t)
	s := c.open(t)
	hash, _, err := s.Put(ctx, strings.NewReader("hello"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Get(ctx, hash)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	r.Seek(0, io.SeekEnd)
	r.Seek(0, io.SeekStart)
	if got, err := io.ReadAll(r); string(got) != "hello" || err != nil || c.reads.Load() != 1 {
		t.Errorf("%q, %v, %d requests", got, err, c.reads.Load())
	}
}

// What a crash left of an upload goes; what is under way stays.
func TestTidyOfBucket(t *testing.T) {
	dir := temporary(t)
	s := newCloud(t).open(t)
	path := filepath.Join(dir, strings.TrimSuffix(spooled, "*")+"1")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Tidy(time.Now().AddDate(0, 0, -1)); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	if err := s.Tidy(time.Now().Add(time.Hour)); err != nil {
		t.Error(err)
	}
}
