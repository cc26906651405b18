package seal

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
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
	"strings"
	"sync"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// Keys is the key file: the keys that wrap data keys, the newest first, the key of the blind index, and the names of what
// was erased, so that a restored backup does not bring it back. A missing file is made at first need.
type Keys struct {
	Path string

	mu   sync.Mutex
	read *keyring
}

type keyring struct {
	kek    []kek
	blind  []byte
	erased map[string]bool
}

type kek struct {
	name string
	key  []byte
}

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
	r := &keyring{erased: map[string]bool{}}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		what, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		switch what {
		case "", "#":
		case "key", "blind":
			key, err := hex.DecodeString(strings.TrimSpace(rest))
			if err != nil || len(key) != 32 {
				return nil, errs.New(errs.Conflict, "seal.key_unreadable", "File", filepath.Base(k.Path))
			}
			if what == "blind" {
				r.blind = key
			} else {
				r.kek = append(r.kek, kek{nameOf(key), key})
			}
		case "erased":
			r.erased[rest] = true
		default:
			return nil, errs.New(errs.Conflict, "seal.key_unreadable", "File", filepath.Base(k.Path))
		}
	}
	if len(r.kek) == 0 || r.blind == nil {
		return nil, errs.New(errs.Conflict, "seal.key_unreadable", "File", filepath.Base(k.Path))
	}
	k.read = r
	return r, nil
}

// make writes a new key file; it never takes the place of one that is there.
func (k *Keys) make() error {
	if err := os.MkdirAll(filepath.Dir(k.Path), 0o700); err != nil {
		return err
	}
	tmp, err := k.tmp(&keyring{kek: []kek{newKEK()}, blind: random()})
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
	f, err := os.CreateTemp(filepath.Dir(k.Path), ".seal-*") // 0600
	if err != nil {
		return "", err
	}
	fmt.Fprint(f, head, "blind ", hex.EncodeToString(r.blind), "\n")
	for _, x := range r.kek {
		fmt.Fprintf(f, "key %s\n", hex.EncodeToString(x.key))
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

func newKEK() kek {
	key := random()
	return kek{nameOf(key), key}
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

func encrypt(key, text, place []byte) (string, error) {
	g, err := gcm(key)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, g.NonceSize())
	rand.Read(nonce)
	return base64.RawStdEncoding.EncodeToString(g.Seal(nonce, nonce, text, place)), nil
}

func decrypt(key []byte, sealed string, place []byte) ([]byte, error) {
	g, err := gcm(key)
	if err != nil {
		return nil, err
	}
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err == nil && len(b) < g.NonceSize() {
		err = errors.New("cut short")
	}
	if err != nil {
		return nil, errs.Wrap(err, errs.Conflict, "seal.tampered")
	}
	text, err := g.Open(nil, b[:g.NonceSize()], b[g.NonceSize():], place)
	if err != nil {
		return nil, errs.Wrap(err, errs.Conflict, "seal.tampered")
	}
	return text, nil
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
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
