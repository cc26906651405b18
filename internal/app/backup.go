package app

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"xinhuo/internal/kit/blob"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
)

// A backup is a zip archive: first the database as an SQLite file, whatever its engine, then the uploaded files under the
// names that they have in their folder. So it can also be looked into, and unpacked by hand, without this program.
const (
	archiveDatabase = "city.db"
	archiveFiles    = "files/"
)

var archiveFile = regexp.MustCompile(`^files/([0-9a-f]{2})/([0-9a-f]{62})$`)

// Backed says what a backup or a restore moved beside the database.
type Backed struct {
	Folder string // of the uploaded files, or the address of their store without its key
	Files  int
	// Lost are the hashes of files that the database names and that are not whole in the folder: the backup cannot hold them.
	Lost []string
}

// FilesFolder is where the uploads are, as blob.Open takes it: as named, or else beside a database file, or data/files.
func FilesFolder(dsn, files string) string {
	switch {
	case files != "":
		return files
	case db.EngineOf(dsn) == db.Postgres:
		return "data/files"
	default:
		return filesBeside(db.PathOf(dsn))
	}
}

// here is the folder on this machine beside which stands what is no upload: the folder of uploads, or the one that it would be
// when the uploads are in a store elsewhere.
func here(dsn, files string) string {
	if !blob.IsFolder(files) {
		files = ""
	}
	return FilesFolder(dsn, files)
}

// SealKey is the file of the keys of sealed fields: the one that XINHUO_SEAL_KEY names, or else one beside the folder of
// uploads, or beside the database file when the uploads are in a store elsewhere. No backup ever holds it.
func SealKey(dsn, files string) string {
	if path := os.Getenv("XINHUO_SEAL_KEY"); path != "" {
		return path
	}
	return strings.TrimSuffix(filepath.Clean(here(dsn, files)), "-files") + "-seal.key"
}

// Backup writes a city as it stands at one instant into one new file, while others work on it: the snapshot of the database
// first, then every uploaded file. A file is kept before the record that names it, never changes, and stays for a while after
// no record names it any more (Sweep), so whatever the snapshot names is there by then. Errors: db.file_exists.
func Backup(ctx context.Context, dsn, files, path string, progress func(done, total int)) (out Backed, err error) {
	defer errs.Wrapf(&err, "app.Backup")
	at := FilesFolder(dsn, files)
	out.Folder = blob.Shown(at)
	d, err := db.Open(ctx, dsn)
	if err != nil {
		return out, err
	}
	defer d.Close()
	err = db.NewFile(path, func(tmp string) error {
		snapshot := tmp + ".db"
		if err := d.Backup(ctx, snapshot, migrate); err != nil {
			return err
		}
		need, err := namedIn(ctx, snapshot)
		if err != nil {
			return err
		}
		f, err := os.OpenFile(tmp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		z := zip.NewWriter(f)
		err = pack(z, archiveDatabase, zip.Deflate, snapshot)
		if err == nil {
			err = out.packFiles(ctx, z, at, need, progress)
		}
		return errors.Join(err, z.Close(), f.Close())
	})
	return out, err
}

// namedIn are the files that the records of a snapshot name.
func namedIn(ctx context.Context, snapshot string) ([]string, error) {
	s, err := db.Open(ctx, snapshot)
	if err != nil {
		return nil, err
	}
	need, err := named(ctx, s)
	return need, errors.Join(err, s.Close())
}

func pack(z *zip.Writer, name string, method uint16, path string) error {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: time.Now()})
	if err != nil {
		return err
	}
	_, err = io.Copy(w, in)
	return err
}

// packFiles puts every whole file of the folder into the archive, named by a record or not, and tells which of the needed
// ones were not there.
func (b *Backed) packFiles(ctx context.Context, z *zip.Writer, at string, need []string, progress func(done, total int)) error {
	lost := make(map[string]bool, len(need))
	for _, hash := range need {
		lost[hash] = true
	}
	if _, err := os.Stat(at); !blob.IsFolder(at) || !errors.Is(err, fs.ErrNotExist) { // a backup makes no folders
		store, err := blob.Open(ctx, at)
		if err != nil {
			return err
		}
		tmp, err := os.CreateTemp("", "xinhuo-backup-*")
		if err != nil {
			return err
		}
		defer os.Remove(tmp.Name())
		defer tmp.Close()
		err = store.Each(ctx, func(hash string, _ int64) error {
			whole, err := packFile(ctx, z, store, hash, tmp)
			if err != nil || !whole {
				return err
			}
			delete(lost, hash)
			b.Files++
			progress(b.Files, max(len(need), b.Files))
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, hash := range need {
		if lost[hash] {
			b.Lost = append(b.Lost, hash)
		}
	}
	return nil
}

// packFile leaves out a file whose bytes are no longer those that its name stands for. It is read once, into tmp: from a store
// elsewhere every byte comes over the network.
func packFile(ctx context.Context, z *zip.Writer, store blob.Store, hash string, tmp *os.File) (whole bool, err error) {
	r, err := store.Get(ctx, hash)
	if err != nil {
		return false, err
	}
	defer r.Close()
	_, err = tmp.Seek(0, io.SeekStart)
	if err = errors.Join(err, tmp.Truncate(0)); err != nil {
		return false, err
	}
	if is, err := sum(io.TeeReader(r, tmp)); err != nil || is != hash {
		return false, err
	}
	if _, err := tmp.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	w, err := z.CreateHeader(&zip.FileHeader{Name: archiveFiles + hash[:2] + "/" + hash[2:], Method: zip.Store, Modified: time.Now()}) // pictures are packed already
	if err != nil {
		return false, err
	}
	_, err = io.Copy(w, tmp)
	return true, err
}

func sum(r io.Reader) (string, error) {
	h := sha256.New()
	_, err := io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), err
}

// Restore brings a backup into a database and a folder of uploads. The archive is read through before anything is changed;
// then come the files, and last, all at once, the database. A database that holds something is only replaced when told;
// files that are there already stay. Errors: db.not_a_backup, db.target_not_empty, db.newer_than_program.
func Restore(ctx context.Context, path, dsn, files string, overwrite bool, progress func(done, total int)) (out Backed, err error) {
	defer errs.Wrapf(&err, "app.Restore")
	at := FilesFolder(dsn, files)
	out.Folder = blob.Shown(at)
	o := db.CopyOptions{Migrate: migrate, Overwrite: overwrite}
	broken := func(err error) error {
		return errs.Wrap(err, errs.Unsupported, "db.not_a_backup", "Path", filepath.Base(path))
	}
	if zipped, err := isZip(path); err != nil {
		return out, broken(err)
	} else if !zipped { // the database alone
		return out, db.Restore(ctx, path, dsn, o)
	}
	z, err := zip.OpenReader(path)
	if err != nil { // the list of an archive stands at its end: a cut one has none
		return out, broken(err)
	}
	defer z.Close()
	dir, err := os.MkdirTemp("", "xinhuo-restore-")
	if err != nil {
		return out, err
	}
	defer os.RemoveAll(dir)
	snapshot := filepath.Join(dir, archiveDatabase)
	if err := check(ctx, &z.Reader, snapshot); err != nil {
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		return out, broken(err)
	}
	o.Before = func(ctx context.Context) error { return out.unpack(ctx, &z.Reader, at, progress) }
	err = db.Restore(ctx, snapshot, dsn, o)
	var e *errs.Error
	if errors.As(err, &e) && e.Key == "db.not_a_backup" {
		err = broken(err)
	}
	return out, err
}

func isZip(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 4)
	if _, err := io.ReadFull(f, head); err != nil {
		return false, nil // too short for anything; db.Restore says so
	}
	return string(head) == "PK\x03\x04", nil
}

// check reads every entry to its end, and puts the database where it can be opened.
func check(ctx context.Context, z *zip.Reader, snapshot string) error {
	found := false
	for _, f := range z.File {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		name := archiveFile.FindStringSubmatch(f.Name)
		switch {
		case f.Name == archiveDatabase && !found:
			found = true
			err = unpackTo(snapshot, r)
		case name != nil:
			var is string
			if is, err = sum(r); err == nil && is != name[1]+name[2] {
				err = fmt.Errorf("%s holds other bytes than its name says", f.Name)
			}
		default:
			err = fmt.Errorf("%s does not belong into a backup", f.Name)
		}
		r.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	if !found {
		return errors.New("no database inside")
	}
	return nil
}

func unpackTo(path string, r io.Reader) error {
	w, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

// unpack puts the files into their folder or store; being told twice does no harm, so an interrupted restore is simply begun again.
func (b *Backed) unpack(ctx context.Context, z *zip.Reader, at string, progress func(done, total int)) error {
	store, err := blob.Open(ctx, at)
	if err != nil {
		return err
	}
	for _, f := range z.File {
		if f.Name == archiveDatabase {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		_, _, err = store.Put(ctx, r)
		r.Close()
		if err != nil {
			return err
		}
		b.Files++
		progress(b.Files, len(z.File)-1)
	}
	return nil
}
