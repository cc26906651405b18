package seal

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// Keys is the key file: the keys that wrap data keys, the newest first, the key of the blind index, the suite for what is
// encrypted from now on, and the names of what was erased, so that a restored backup does not bring it back. A missing file is
// made at first need.
type Keys struct {
	Path string
	// Master answers the key under which the keys of the file are encrypted themselves, 32 bytes; nil when the file is to be
	// readable as it stands. It is asked once (master.go).
	Master func() ([]byte, error)

	mu     sync.Mutex
	read   *keyring
	asking sync.Mutex
	master []byte
}

type keyring struct {
	kek    []kek
	blind  []byte
	suite  Suite
	locked bool // the file's keys are encrypted under a master key
	rhythm Rhythm
	erased map[string]bool
}

// Rhythm is how often keys are turned by themselves, in days; 0 is never.
type Rhythm struct {
	Rotate int // a new key that many days after the last
	Forget int // a former key is destroyed that many days after it was replaced: older backups then open no more
}

type kek struct {
	name string
	key  []byte
	made clock.Day // "" of one from before 1 December 2026
}

// newest is the key that wraps from now on.
func (r *keyring) newest() kek { return r.kek[0] }

const head = `# 薪火封存字段的密钥文件 / The keys of sealed fields.
# 没有它，封存的内容谁也打不开，备份里也没有它：抄一份存到别处，不要和备份放在一起。
# Without it nobody can open what is sealed, and no backup holds it: keep a copy elsewhere, never beside the backups.
`

// ring reads the key file, once; again reads it anew, since another process may have turned the keys.
func (k *Keys) ring(again bool) (*keyring, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.read != nil && !again {
		return k.read, nil
	}
	text, err := os.ReadFile(k.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.Wrap(err, errs.Conflict, "seal.key_missing", "File", filepath.Base(k.Path))
	}
	if err != nil {
		return nil, err
	}
	r := &keyring{suite: AES, erased: map[string]bool{}}
	if err := k.lines(r, text); err != nil {
		return nil, err
	}
	if len(r.kek) == 0 || r.blind == nil {
		return nil, errs.New(errs.Conflict, "seal.key_unreadable", "File", filepath.Base(k.Path))
	}
	k.read = r
	return r, nil
}

// lines reads the lines of a key file, and those that stand in it encrypted.
func (k *Keys) lines(r *keyring, text []byte) error {
	unreadable := errs.New(errs.Conflict, "seal.key_unreadable", "File", filepath.Base(k.Path))
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		what, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		switch what {
		case "", "#":
		case "key", "blind":
			text, made, _ := strings.Cut(strings.TrimSpace(rest), " ")
			key, err := hex.DecodeString(text)
			if err != nil || len(key) != 32 {
				return unreadable
			}
			if what == "blind" {
				r.blind = key
			} else {
				r.kek = append(r.kek, kek{nameOf(key), key, clock.Day(made)})
			}
		case "suite":
			if r.suite = Suite(rest); !slices.Contains(Suites, r.suite) {
				return unreadable
			}
		case "rhythm":
			if n, err := fmt.Sscanf(rest, "%d %d", &r.rhythm.Rotate, &r.rhythm.Forget); err != nil || n != 2 {
				return unreadable
			}
		case "erased":
			r.erased[rest] = true
		case "locked":
			inner, err := k.unlock(rest)
			if err != nil {
				return err
			}
			r.locked = true
			if err := k.lines(r, inner); err != nil {
				return err
			}
		default:
			return unreadable
		}
	}
	return nil
}

// make writes a new key file; it never takes the place of one that is there.
func (k *Keys) make(on clock.Day) error {
	if err := os.MkdirAll(filepath.Dir(k.Path), 0o700); err != nil {
		return err
	}
	tmp, err := k.tmp(&keyring{kek: []kek{newKEK(on)}, blind: random(), suite: AES, locked: k.Master != nil})
	if err != nil {
		return err
	}
	defer os.Remove(tmp)
	if err := os.Link(tmp, k.Path); err != nil && !errors.Is(err, fs.ErrExist) { // somebody else's is as good
		return err
	}
	return nil
}

// write replaces the key file, whole or not at all.
func (k *Keys) write(r *keyring) error {
	tmp, err := k.tmp(r)
	if err != nil {
		return err
	}
	if err := os.Rename(tmp, k.Path); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	_, err = k.ring(true)
	return err
}

func (k *Keys) tmp(r *keyring) (string, error) {
	var keys strings.Builder
	fmt.Fprintf(&keys, "blind %s\n", hex.EncodeToString(r.blind))
	for _, x := range r.kek {
		fmt.Fprintln(&keys, strings.TrimSpace(fmt.Sprintf("key %s %s", hex.EncodeToString(x.key), x.made)))
	}
	if r.locked {
		shut, err := k.lock(keys.String())
		if err != nil {
			return "", err
		}
		keys.Reset()
		fmt.Fprintf(&keys, "locked %s\n", shut)
	}
	f, err := os.CreateTemp(filepath.Dir(k.Path), ".seal-*") // 0600
	if err != nil {
		return "", err
	}
	fmt.Fprint(f, head, "suite ", r.suite, "\n", keys.String())
	if r.rhythm != (Rhythm{}) {
		fmt.Fprintf(f, "rhythm %d %d\n", r.rhythm.Rotate, r.rhythm.Forget)
	}
	for name := range r.erased {
		fmt.Fprintf(f, "erased %s\n", name)
	}
	return f.Name(), errors.Join(f.Sync(), f.Close())
}

// noteErased adds a line for a record that was erased.
func (k *Keys) noteErased(ref id.Ref) error {
	f, err := os.OpenFile(k.Path, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "erased %s\n", ref)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	_, err = k.ring(true)
	return err
}

func (r *keyring) named(name string) []byte {
	for _, x := range r.kek {
		if x.name == name {
			return x.key
		}
	}
	return nil
}

func newKEK(on clock.Day) kek {
	key := random()
	return kek{nameOf(key), key, on}
}

// nameOf is the name under which rows say which key wraps them; it tells nothing about the key.
func nameOf(key []byte) string {
	sum := sha256.Sum256(append([]byte("xinhuo seal key\n"), key...))
	return hex.EncodeToString(sum[:6])
}

func random() []byte {
	b := make([]byte, 32)
	rand.Read(b) // it never fails
	return b
}

// bound names the one place where a ciphertext opens: table, column, record, field.
func bound(table, column string, ref id.Ref, field string) []byte {
	return fmt.Appendf(nil, "%s|%s|%s|%s", table, column, ref, field)
}

// blindOf is the keyed hash of a value of a field; spaces do not count.
func (r *keyring) blindOf(kind, field, value string) string {
	m := hmac.New(sha256.New, r.blind)
	fmt.Fprintf(m, "%s|%s|%s", kind, field, strings.Join(strings.Fields(value), ""))
	return base64.RawStdEncoding.EncodeToString(m.Sum(nil)[:16])
}

// ownKey encrypts what modules keep secret; it is made of the key of the blind index, which stays when the others are turned.
func (r *keyring) ownKey() []byte {
	m := hmac.New(sha256.New, r.blind)
	m.Write([]byte("xinhuo secrets of modules\n"))
	return m.Sum(nil)
}
