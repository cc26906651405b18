package seal

import (
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
)

// read opens the one record of the world's owner and gives its name.
func (w *world) read() (string, error) {
	list, err := w.s.Open(w.as(w.town, 1), w.owner)
	if err != nil || len(list) == 0 {
		return "", err
	}
	return list[len(list)-1].Fields["name"], nil
}

func (w *world) reads() {
	w.Helper()
	if got, err := w.read(); err != nil || got != name {
		w.Fatalf("read %q, %v", got, err)
	}
}

// stored are all ciphertexts of the database.
func (w *world) stored() string {
	w.Helper()
	rows, err := w.s.store.allAcrossUnits(w.ctx, "", 0, 1000)
	w.must(err)
	var b strings.Builder
	for _, r := range rows {
		b.WriteString(r.Wrapped + "\n")
		values, err := w.s.store.valuesOfAcrossUnits(w.ctx, r.ref())
		w.must(err)
		for _, v := range values {
			b.WriteString(v.Value + "\n")
		}
	}
	return b.String()
}

// The second suite encrypts what is new and what there is; while it is at it both open, and a place, a suite or a byte that was
// exchanged opens nothing.
func TestSecondSuite(t *testing.T) {
	w := open(t)
	w.seal()
	first, err := w.s.SetSuite(w.ctx, SM4)
	w.must(err)
	if first != 1 {
		t.Errorf("encrypted %d records anew, want 1", first)
	}
	w.reads()
	for line := range strings.Lines(w.stored()) {
		if !strings.HasPrefix(line, "sm4.") {
			t.Errorf("left behind: %s", line)
		}
	}
	w.seal()
	w.reads()
	if _, err := w.s.SetSuite(w.ctx, "rot13"); err == nil {
		t.Error("any cipher is taken")
	}
	// back again, both ways
	_, err = w.s.SetSuite(w.ctx, AES)
	w.must(err)
	if strings.Contains(w.stored(), "sm4.") {
		t.Error("SM4 left behind")
	}
	w.reads()
	key, place := random(), []byte("a place")
	for _, suite := range Suites {
		sealed, err := suite.encrypt(key, []byte(name), place)
		w.must(err)
		if text, err := decrypt(key, sealed, place); err != nil || string(text) != name {
			t.Errorf("%s: %q, %v", suite, text, err)
		}
		for what, bad := range map[string]func() error{
			"another place": func() error { _, err := decrypt(key, sealed, []byte("b")); return err },
			"another key":   func() error { _, err := decrypt(random(), sealed, place); return err },
			"the other suite": func() error {
				_, err := decrypt(key, map[Suite]string{AES: "sm4." + sealed, SM4: strings.TrimPrefix(sealed, "sm4.")}[suite], place)
				return err
			},
			"cut": func() error { _, err := decrypt(key, sealed[:len(suite.mark())+4], place); return err },
		} {
			if bad() == nil {
				t.Errorf("%s opens with %s", suite, what)
			}
		}
	}
}

// Rotation, the suite and the lock are turned while records are written; whatever was acknowledged opens afterwards.
func TestKeysAreTurnedWhileOthersWork(t *testing.T) {
	w := open(t)
	w.seal()
	done := make(chan error)
	go func() {
		for range 20 {
			if _, err := w.s.Seal(w.as(w.town, 1), w.owner, map[string]string{"name": name}); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	}()
	for i := range 6 {
		if _, err := w.s.Rotate(w.ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := w.s.SetSuite(w.ctx, Suites[i%2]); err != nil {
			t.Fatal(err)
		}
	}
	w.must(<-done)
	_, err := w.s.Forget(w.ctx)
	w.must(err)
	w.s.keys = &Keys{Path: w.s.keys.Path}
	list, err := w.s.Open(w.as(w.town, 1), w.owner)
	w.must(err)
	if len(list) != 21 {
		t.Fatalf("%d records, want 21", len(list))
	}
	for _, r := range list {
		if r.Fields["name"] != name {
			t.Errorf("lost: %v", r.Fields)
		}
	}
}

// Keys are turned, and something is erased, at the same time by several processes: no key is lost that wraps something already, and no name of
// what was erased, without which a restored backup would bring it back.
func TestWhoWritesTheKeyFileWritesAlone(t *testing.T) {
	w := open(t)
	own := w.as(w.town, 1)
	var refs []id.Ref
	for range 30 {
		ref, err := w.s.Seal(own, w.owner, map[string]string{"name": name})
		w.must(err)
		refs = append(refs, ref)
	}
	const turns = 8
	done := make(chan error)
	for range 2 {
		other := *w.s // another process has read the file by itself
		other.keys = &Keys{Path: w.s.keys.Path}
		go func() {
			for range turns {
				if _, err := other.Rotate(w.ctx); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for _, ref := range refs {
		w.must(w.s.Erase(own, w.owner, ref, Mistyped, "录错了"))
	}
	w.must(errors.Join(<-done, <-done))
	ring, err := (&Keys{Path: w.s.keys.Path}).ring(true)
	w.must(err)
	if len(ring.kek) != 1+2*turns {
		t.Errorf("%d keys in the file, %d were made", len(ring.kek), 1+2*turns)
	}
	for _, ref := range refs {
		if !ring.erased[ref.String()] {
			t.Errorf("the file does not say that %s was erased", ref)
		}
	}
}

// With a master key the file alone opens nothing; without it everything says so in a plain word, and nothing is lost.
func TestMasterKey(t *testing.T) {
	w := open(t)
	w.seal()
	path := w.s.keys.Path
	plain, err := os.ReadFile(path)
	w.must(err)
	w.refused(errs.Conflict, "seal.master_missing", w.s.LockKeys(w.ctx)) // there is none to lock with
	master := hex.EncodeToString(random())
	with := func(env map[string]string) { // as after a start
		w.s.keys = &Keys{Path: path, Master: MasterOf(func(name string) string { return env[name] })}
	}
	with(map[string]string{"XINHUO_SEAL_MASTER": master})
	w.reads() // a file that is not locked yet
	w.must(w.s.LockKeys(w.ctx))
	w.reads()
	text, err := os.ReadFile(path)
	w.must(err)
	for line := range strings.Lines(string(plain)) {
		if word, key, _ := strings.Cut(strings.TrimSpace(line), " "); (word == "key" || word == "blind") && strings.Contains(string(text), strings.Fields(key)[0]) {
			t.Errorf("the locked file shows %q", word)
		}
	}
	for env, key := range map[string]string{"": "seal.master_missing", "abc": "seal.master_missing", hex.EncodeToString(random()): "seal.master_wrong"} {
		with(map[string]string{"XINHUO_SEAL_MASTER": env})
		_, err := w.read()
		w.refused(errs.Conflict, key, err)
		_, err = w.s.Seal(w.as(w.town, 1), w.owner, map[string]string{"name": name})
		w.refused(errs.Conflict, key, err)
		if _, err := w.s.Rotate(w.ctx); err == nil {
			t.Error("turned without the master key")
		}
	}
	dir := t.TempDir()
	tool := filepath.Join(dir, "key")
	w.must(os.WriteFile(tool, fmt.Appendf(nil, "#!/bin/sh\necho %s\necho $1 >> %s/asked\n", master, dir), 0o700))
	held := filepath.Join(dir, "held")
	w.must(os.WriteFile(held, []byte(master+"\n"), 0o600))
	with(map[string]string{"XINHUO_SEAL_MASTER_FILE": held})
	w.reads()
	with(map[string]string{"XINHUO_SEAL_MASTER_FILE": held + "-gone"})
	_, err = w.s.Open(w.as(w.town, 1), w.owner)
	w.refused(errs.Conflict, "seal.master_missing", err)
	with(map[string]string{"XINHUO_SEAL_MASTER_COMMAND": tool + " a;b"})
	w.reads()
	w.seal()
	w.reads()
	if asked, err := os.ReadFile(filepath.Join(dir, "asked")); err != nil || string(asked) != "a;b\n" {
		t.Errorf("asked %q, %v: want once, without a shell", asked, err)
	}
	_, err = w.s.Rotate(w.ctx) // what is written anew stays locked
	w.must(err)
	if text, _ := os.ReadFile(path); strings.Contains(string(text), "\nkey ") {
		t.Error("a turned key stands readable")
	}
	w.must(w.s.UnlockKeys(w.ctx))
	with(nil)
	w.reads()
	with(map[string]string{"XINHUO_SEAL_MASTER_COMMAND": filepath.Join(dir, "nothing")})
	if _, err := w.s.keys.asked(); err == nil {
		t.Error("a command that is not there answers a key")
	}
}

// Keys are turned by themselves in their rhythm, and former ones destroyed later: an old backup then opens no more, the present does.
func TestRhythm(t *testing.T) {
	w := open(t)
	w.seal()
	rotated, forgotten, err := w.s.Turn(w.ctx)
	if err != nil || rotated || forgotten > 0 {
		t.Fatalf("turned without a rhythm: %v %d %v", rotated, forgotten, err)
	}
	w.refused(errs.Invalid, "seal.rhythm_odd", w.s.SetRhythm(w.ctx, Rhythm{Forget: 90}))
	w.must(w.s.SetRhythm(w.ctx, Rhythm{Rotate: 30, Forget: 90}))
	var turns, gone int
	for day := range 200 {
		w.now = today.AddDays(day).Time()
		for range 2 {
			rotated, forgotten, err := w.s.Turn(w.ctx)
			w.must(err)
			if rotated {
				turns++
			}
			gone += forgotten
		}
		state, err := w.s.KeyState()
		w.must(err)
		if want := min(day/30, 3) + 1; state.Keys > want+1 || state.Keys < want {
			t.Fatalf("day %d: %d keys, about %d expected", day, state.Keys, want)
		}
	}
	if turns != 6 || gone != 3 {
		t.Errorf("turned %d times and destroyed %d in 199 days, want 6 and 3", turns, gone)
	}
	w.reads()
}

// A key file of an earlier release opens what it sealed.
func TestKeyFileOfEarlierReleases(t *testing.T) {
	w := open(t)
	w.seal()
	ring, err := w.s.keys.ring(true)
	w.must(err)
	w.must(os.WriteFile(w.s.keys.Path, fmt.Appendf(nil, "# x\nblind %x\nkey %x\n", ring.blind, ring.newest().key), 0o600))
	w.s.keys = &Keys{Path: w.s.keys.Path}
	w.reads()
	for _, bad := range []string{"suite rot13\n", "rhythm x\n", "locked\n", "key 12 2026-01-01\n", "what\n"} {
		w.must(os.WriteFile(w.s.keys.Path, []byte(bad), 0o600))
		w.s.keys = &Keys{Path: w.s.keys.Path}
		if _, err := w.s.keys.ring(true); err == nil {
			t.Errorf("%q is taken for a key file", bad)
		}
	}
}

func FuzzKeyFile(f *testing.F) {
	f.Add("blind 00\nkey 00 2026-01-01\nsuite sm4\nrhythm 30 90\nlocked AAAA\nerased 9902-1\n")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "k")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		k := Keys{Path: path}
		if r, err := k.ring(true); err == nil {
			if r.newest().key == nil || r.blind == nil {
				t.Error("a file without keys is taken")
			}
			if err := k.write(r); err != nil {
				t.Error(err)
			}
		}
	})
}

// What a cipher refuses and what is no key file are told by our own words.
func TestKeyStateWithoutFile(t *testing.T) {
	w := open(t)
	if _, err := w.s.KeyState(); err == nil {
		t.Error("a state without a file")
	}
	if _, _, err := w.s.Turn(scope.With(w.ctx, scope.Actor{})); err != nil {
		t.Error(errors.Join(errors.New("nothing was sealed yet"), err))
	}
	w.seal()
	s, err := w.s.KeyState()
	w.must(err)
	if s.Suite != AES || s.Locked || s.Keys != 1 || s.Newest != clock.Today(w.ctx) {
		t.Errorf("%+v", s)
	}
}
