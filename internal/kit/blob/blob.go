// Package blob keeps files by their content: the name of a file is the SHA-256 of its bytes, so the same upload is kept
// once, a file never changes, and a damaged one can be told. Who may see a file is decided where its hash is kept. They lie in
// a Folder or in a Bucket; Open takes the address of either.
package blob

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"xinhuo/internal/kit/errs"
)

// Texts are the words of this package's errors, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS

// Store keeps files by content. A hash is 64 lower-case hex digits.
type Store interface {
	// Put reads r to its end and keeps it; after it returns, the file survives a crash of the machine.
	Put(ctx context.Context, r io.Reader) (hash string, size int64, err error)
	// Get opens a file; errs.NotFound when it is not here. Close it.
	Get(ctx context.Context, hash string) (io.ReadSeekCloser, error)
	// Has tells whether the file is here.
	Has(ctx context.Context, hash string) (bool, error)
	// Delete removes a file that was put here at that instant; false when somebody put the same again meanwhile. That it is
	// not here is no error, so that it can be tried again.
	Delete(ctx context.Context, hash string, put int64) (bool, error)
	// Each names every file with the instant at which it was last put here.
	Each(ctx context.Context, do func(hash string, put int64) error) error
	// Tidy removes what is left of uploads that a crash cut off before that instant.
	Tidy(before time.Time) error
}

// isHash tells whether a text that may come from outside can name a file.
func isHash(hash string) bool {
	return len(hash) == 2*sha256.Size && strings.Trim(hash, "0123456789abcdef") == ""
}

// Folder is a Store in a folder of the file system.
type Folder struct {
	dir string
	mu  sync.Mutex // a file is not put anew while it is removed
}

var _ Store = (*Folder)(nil)

// NewFolder opens the folder and makes it if it is not there.
func NewFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(filepath.Join(dir, "incoming"), 0o700); err != nil {
		return nil, fmt.Errorf("blob: %w", err)
	}
	return &Folder{dir: dir}, nil
}

// path spreads the files over 256 folders. A hash that is none finds nothing: it may come from outside.
func (f *Folder) path(hash string) (string, error) {
	if !isHash(hash) {
		return "", errs.New(errs.NotFound, "blob.missing")
	}
	return filepath.Join(f.dir, hash[:2], hash[2:]), nil
}

// Put writes beside the store, syncs and only then moves the file to its name: a name stands for a whole file at all times.
func (f *Folder) Put(ctx context.Context, r io.Reader) (hash string, size int64, err error) {
	defer errs.Wrapf(&err, "blob.Put")
	tmp, err := os.CreateTemp(filepath.Join(f.dir, "incoming"), "*")
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if err != nil {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	sum := sha256.New()
	size, err = io.Copy(io.MultiWriter(tmp, sum), &reader{ctx, r})
	if err != nil {
		return "", 0, err
	}
	if err = tmp.Sync(); err != nil {
		return "", 0, err
	}
	if err = tmp.Close(); err != nil {
		return "", 0, err
	}
	hash = hex.EncodeToString(sum.Sum(nil))
	path, err := f.path(hash)
	if err != nil {
		return "", 0, err
	}
	if err = os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", 0, err
	}
	// Moving over a file that is already here is harmless, it has the same bytes, and heals a damaged one.
	f.mu.Lock()
	err = os.Rename(tmp.Name(), path)
	f.mu.Unlock()
	if err != nil {
		return "", 0, err
	}
	if err = syncFolder(filepath.Dir(path)); err != nil {
		return "", 0, err
	}
	if err = syncFolder(f.dir); err != nil {
		return "", 0, err
	}
	return hash, size, nil
}

// Get opens a file.
func (f *Folder) Get(ctx context.Context, hash string) (io.ReadSeekCloser, error) {
	path, err := f.path(hash)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errs.Wrap(err, errs.NotFound, "blob.missing")
	}
	if err != nil {
		return nil, fmt.Errorf("blob.Get: %w", err)
	}
	return file, nil
}

// Has tells whether the file is here.
func (f *Folder) Has(ctx context.Context, hash string) (bool, error) {
	path, err := f.path(hash)
	if err != nil {
		return false, nil
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	_, err = os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("blob.Has: %w", err)
	}
	return true, nil
}

// Delete removes a file as Each named it.
func (f *Folder) Delete(ctx context.Context, hash string, put int64) (bool, error) {
	path, err := f.path(hash)
	if err != nil {
		return true, nil
	}
	if err := ctx.Err(); err != nil {
		return false, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	at, err := os.Stat(path)
	if err == nil && at.ModTime().UnixNano() != put {
		return false, nil
	}
	if err == nil {
		err = os.Remove(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	} else if err != nil {
		return false, fmt.Errorf("blob.Delete: %w", err)
	}
	return true, syncFolder(filepath.Dir(path))
}

// Tidy removes what is left of uploads that a crash cut off before that instant.
func (f *Folder) Tidy(before time.Time) error {
	list, err := os.ReadDir(filepath.Join(f.dir, "incoming"))
	for _, e := range list {
		if at, gone := e.Info(); gone == nil && at.ModTime().Before(before) {
			err = errors.Join(err, os.Remove(filepath.Join(f.dir, "incoming", e.Name())))
		}
	}
	return err
}

// Each names every file in the folder, in the order of the hashes, with the instant at which it was last put here. Uploads
// that are under way are not among them.
func (f *Folder) Each(ctx context.Context, do func(hash string, put int64) error) error {
	parts, err := os.ReadDir(f.dir) // sorted by name
	if err != nil {
		return fmt.Errorf("blob.Each: %w", err)
	}
	for _, part := range parts {
		if len(part.Name()) != 2 || !part.IsDir() {
			continue
		}
		files, err := os.ReadDir(filepath.Join(f.dir, part.Name()))
		if err != nil {
			return fmt.Errorf("blob.Each: %w", err)
		}
		for _, file := range files {
			hash := part.Name() + file.Name()
			if _, err := f.path(hash); err != nil {
				continue // not ours
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			at, err := file.Info()
			if errors.Is(err, fs.ErrNotExist) {
				continue // removed just now
			}
			if err != nil {
				return fmt.Errorf("blob.Each: %w", err)
			}
			if err := do(hash, at.ModTime().UnixNano()); err != nil {
				return err
			}
		}
	}
	return nil
}

// syncFolder makes a move or a removal survive a crash. Windows knows no such thing and keeps names in a journal of its own.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// reader ends an upload whose request has ended.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
