package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"strings"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"xinhuo/internal/kit/errs"
)

// Suite is a cipher of sealed fields. Both are authenticated and bound to their place; a ciphertext says which it is of, so that
// those of both open beside each other.
type Suite string

// The suites: AES-256-GCM, and SM4-GCM (GB/T 32907-2016 in the mode of GB/T 36624-2018) where commercial cryptography has to be the
// state's own (Cryptography Law, article 27).
const (
	AES Suite = "aes"
	SM4 Suite = "sm4"
)

// Suites are all of them.
var Suites = []Suite{AES, SM4}

// mark stands before the ciphertexts of a suite; no base64 has a point.
func (s Suite) mark() string {
	if s == SM4 {
		return "sm4."
	}
	return ""
}

// aead is the suite's cipher under a key of 32 bytes; that of SM4 has 16, which are derived.
func (s Suite) aead(key []byte) (cipher.AEAD, error) {
	var block cipher.Block
	var err error
	if s == SM4 {
		block, err = sm4.NewCipher(sm3.Kdf(append([]byte("xinhuo sm4\n"), key...), sm4.BlockSize))
	} else {
		block, err = aes.NewCipher(key)
	}
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal encrypts, bound to a place; the nonce stands first.
func (s Suite) seal(key, text, place []byte) ([]byte, error) {
	g, err := s.aead(key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, g.NonceSize(), g.NonceSize()+len(text)+g.Overhead())
	rand.Read(nonce)
	return g.Seal(nonce, nonce, text, place), nil
}

// open reads what seal wrote. Error: Conflict "seal.tampered".
func (s Suite) open(key, sealed, place []byte) ([]byte, error) {
	g, err := s.aead(key)
	if err != nil {
		return nil, err
	}
	if len(sealed) < g.NonceSize() {
		return nil, errs.New(errs.Conflict, "seal.tampered")
	}
	text, err := g.Open(nil, sealed[:g.NonceSize()], sealed[g.NonceSize():], place)
	if err != nil {
		return nil, errs.Wrap(err, errs.Conflict, "seal.tampered")
	}
	return text, nil
}

func (s Suite) encrypt(key, text, place []byte) (string, error) {
	sealed, err := s.seal(key, text, place)
	return s.mark() + base64.RawStdEncoding.EncodeToString(sealed), err
}

// suiteOf tells which suite a ciphertext is of.
func suiteOf(sealed string) Suite {
	if strings.HasPrefix(sealed, SM4.mark()) {
		return SM4
	}
	return AES
}

func decrypt(key []byte, sealed string, place []byte) ([]byte, error) {
	suite := suiteOf(sealed)
	b, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(sealed, suite.mark()))
	if err != nil {
		return nil, errs.Wrap(err, errs.Conflict, "seal.tampered")
	}
	return suite.open(key, b, place)
}
