package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// cost is argon2id's: 19 MiB, two rounds, one lane, as OWASP advises for machines shared with other work.
type cost struct {
	memory uint32 // KiB
	rounds uint32
	lanes  uint8
}

var fullCost = cost{19 * 1024, 2, 1}

const (
	saltLen = 16
	keyLen  = 32
)

// hasher computes passwords, two at a time at most: fifty people signing in at nine o'clock must not use up the memory.
type hasher struct {
	cost  cost
	slots chan struct{}
	dummy string       // stands in for a name that does not exist
	count atomic.Int64 // computations so far
}

func newHasher(c cost) *hasher {
	h := &hasher{cost: c, slots: make(chan struct{}, 2)}
	salt, key := make([]byte, saltLen), make([]byte, keyLen)
	_, _ = rand.Read(salt)
	_, _ = rand.Read(key) // no password has this key
	h.dummy = encode(c, salt, key)
	return h
}

func encode(c cost, salt, key []byte) string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.rounds, c.lanes, b.EncodeToString(salt), b.EncodeToString(key))
}

func decode(s string) (c cost, salt, key []byte, err error) {
	f := strings.Split(s, "$")
	if len(f) != 6 || f[1] != "argon2id" || f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, fmt.Errorf("account: unknown form of password hash")
	}
	if _, err = fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &c.memory, &c.rounds, &c.lanes); err != nil {
		return c, nil, nil, fmt.Errorf("account: password hash: %w", err)
	}
	if c.memory > 1<<18 || c.rounds < 1 || c.rounds > 16 || c.lanes < 1 || c.lanes > 8 {
		return c, nil, nil, fmt.Errorf("account: password hash asks for too much")
	}
	if salt, err = base64.RawStdEncoding.DecodeString(f[4]); err != nil {
		return c, nil, nil, err
	}
	key, err = base64.RawStdEncoding.DecodeString(f[5])
	if err == nil && len(key) != keyLen {
		err = fmt.Errorf("account: password hash of %d bytes", len(key))
	}
	return c, salt, key, err
}

func (h *hasher) compute(ctx context.Context, password string, c cost, salt []byte) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	h.count.Add(1)
	if len(password) > maxPassword {
		password = password[:maxPassword]
	}
	return argon2.IDKey([]byte(password), salt, c.rounds, c.memory, c.lanes, keyLen), nil
}

func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLen)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := h.compute(ctx, password, h.cost, salt)
	if err != nil {
		return "", err
	}
	return encode(h.cost, salt, key), nil
}

// verify compares a password with its stored hash; "" stands for nobody and costs the same.
func (h *hasher) verify(ctx context.Context, stored, password string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	c, salt, want, err := decode(stored)
	if err != nil {
		return false, err
	}
	got, err := h.compute(ctx, password, c, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && known && len(password) <= maxPassword, nil
}
