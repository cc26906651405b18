package seal

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"xinhuo/internal/kit/errs"
)

// masterWithin bounds the command that answers the master key.
const masterWithin = 20 * time.Second

// MasterOf finds where the master key comes from: XINHUO_SEAL_MASTER is the key, XINHUO_SEAL_MASTER_FILE a file that holds it, such as a
// credential of systemd or a mounted secret, XINHUO_SEAL_MASTER_COMMAND a command line that prints
// it, such as the one of a hardware module or a key service; 64 hexadecimal digits in each case. nil when there is none: the
// key file then stands as it is. The command is run without a shell, and its output is never logged.
func MasterOf(env func(string) string) func() ([]byte, error) {
	key, file, command := env("XINHUO_SEAL_MASTER"), env("XINHUO_SEAL_MASTER_FILE"), strings.Fields(env("XINHUO_SEAL_MASTER_COMMAND"))
	switch {
	case key != "":
		return func() ([]byte, error) { return masterKey(key) }
	case file != "":
		return func() ([]byte, error) {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("the file of XINHUO_SEAL_MASTER_FILE: %w", err)
			}
			return masterKey(string(text))
		}
	case len(command) > 0:
		return func() ([]byte, error) {
			ctx, stop := context.WithTimeout(context.Background(), masterWithin)
			defer stop()
			out, err := exec.CommandContext(ctx, command[0], command[1:]...).Output()
			if err != nil {
				return nil, fmt.Errorf("the command of XINHUO_SEAL_MASTER_COMMAND: %w", err)
			}
			return masterKey(string(out))
		}
	}
	return nil
}

func masterKey(text string) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("a master key has 64 hexadecimal digits, this one has %d characters", len(strings.TrimSpace(text)))
	}
	return key, nil
}

// masterPlace is where the lines of a key file are bound to.
const masterPlace = "seal key file"

// asked is the master key.
func (k *Keys) asked() ([]byte, error) {
	k.asking.Lock()
	defer k.asking.Unlock()
	if k.master != nil {
		return k.master, nil
	}
	if k.Master == nil {
		return nil, errs.New(errs.Conflict, "seal.master_missing", "File", filepath.Base(k.Path))
	}
	key, err := k.Master()
	if err != nil {
		return nil, errs.Wrap(err, errs.Conflict, "seal.master_missing", "File", filepath.Base(k.Path))
	}
	k.master = key
	return key, nil
}

func (k *Keys) lock(lines string) (string, error) {
	key, err := k.asked()
	if err != nil {
		return "", err
	}
	return AES.encrypt(key, []byte(lines), []byte(masterPlace))
}

func (k *Keys) unlock(shut string) ([]byte, error) {
	key, err := k.asked()
	if err != nil {
		return nil, err
	}
	lines, err := decrypt(key, shut, []byte(masterPlace))
	if err != nil {
		k.asking.Lock()
		k.master = nil // the next attempt asks anew
		k.asking.Unlock()
		return nil, errs.Wrap(err, errs.Conflict, "seal.master_wrong", "File", filepath.Base(k.Path))
	}
	return lines, nil
}
