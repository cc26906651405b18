package library

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/record"
)

// mostBulk is how many files one folder or zip may hold.
const mostBulk = 100_000

// BulkFile is a file of a folder or a zip that is to be taken in.
type BulkFile struct {
	Name string // with its folders, for what is said about it
	Open func() (io.ReadCloser, error)
}

// Bulk is what became of many files. There are those that the unit has already: a run that was cut off is begun again and goes on.
type Bulk struct {
	Taken, There int
	Refused      []Refusal
}

// Refusal is a file that was not taken, and why, in words.
type Refusal struct{ Name, Why string }

// BulkFiles lists the files of a folder, or of a zip with names in UTF-8 or GB18030, in the order of their names. Hidden files, and what
// systems put beside files, are passed over. close has to be called in the end.
func BulkFiles(path string) (list []BulkFile, end func() error, err error) {
	defer errs.Wrapf(&err, "library.BulkFiles")
	end = func() error { return nil }
	info, err := os.Stat(path)
	if err != nil {
		return nil, end, err
	}
	if !info.IsDir() {
		z, err := zip.OpenReader(path)
		if err != nil {
			return nil, end, errs.Wrap(err, errs.Unsupported, "library.bulk_unreadable")
		}
		list, err = zipFiles(&z.Reader)
		return list, z.Close, err
	}
	err = filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(path, p)
		if err != nil {
			return err
		}
		return bulkFile(&list, filepath.ToSlash(name), func() (io.ReadCloser, error) { return os.Open(p) })
	})
	sortFiles(list)
	return list, end, err
}

// zipFiles lists the files of a zip.
func zipFiles(z *zip.Reader) (list []BulkFile, err error) {
	for _, f := range z.File {
		name := f.Name
		if !utf8.ValidString(name) {
			if text, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
				name = text
			}
		}
		if name = strings.ReplaceAll(name, `\`, "/"); !f.FileInfo().Mode().IsRegular() || strings.HasSuffix(name, "/") {
			continue
		}
		if err = bulkFile(&list, name, f.Open); err != nil {
			break
		}
	}
	sortFiles(list)
	return list, err
}

// bulkFile adds a file unless it is hidden, or one that systems put beside files.
func bulkFile(list *[]BulkFile, name string, open func() (io.ReadCloser, error)) error {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != ".." || part == "__MACOSX" || part == "Thumbs.db" || part == "desktop.ini" || strings.HasPrefix(part, "~$") {
			return nil
		}
	}
	if len(*list) == mostBulk {
		return errs.New(errs.TooLarge, "library.bulk_large", "N", mostBulk)
	}
	*list = append(*list, BulkFile{name, open})
	return nil
}

func sortFiles(list []BulkFile) {
	slices.SortStableFunc(list, func(a, b BulkFile) int { return strings.Compare(a.Name, b.Name) })
}

// TakeAll takes many files in as documents of a unit, each by itself, and issues them when that is asked for: those with pieces that look
// like personal data stay drafts, for somebody has to look at them. What cannot be taken is told and passed over; a file that the unit has
// already is not taken twice. done is called after each with how many have passed.
func (s *Service) TakeAll(ctx context.Context, unit id.ID, list []BulkFile, as Document, issue bool, done func(n int)) (out Bulk, err error) {
	defer errs.Wrapf(&err, "library.TakeAll")
	if _, err := s.Filed(ctx, as.Category); err != nil {
		return out, err
	}
	if err := s.db.Tx(ctx, func(ctx context.Context) error { // before any file is read
		return s.book.MayCreate(ctx, Document{Unit: unit}, record.Change{Act: "library.act.create"})
	}); err != nil {
		return out, err
	}
	for n, f := range list {
		if err := ctx.Err(); err != nil {
			return out, err
		}
		there, err := s.takeOne(ctx, unit, f, as, issue)
		var e *errs.Error
		switch {
		case err == nil && there:
			out.There++
		case err == nil:
			out.Taken++
		case errors.As(err, &e) && e.Kind != errs.Internal && e.Kind != errs.Forbidden:
			out.Refused = append(out.Refused, Refusal{f.Name, i18n.Error(ctx, err)})
		default:
			return out, fmt.Errorf("%s: %w", f.Name, err)
		}
		if done != nil {
			done(n + 1)
		}
	}
	return out, nil
}

func (s *Service) takeOne(ctx context.Context, unit id.ID, f BulkFile, as Document, issue bool) (there bool, err error) {
	r, err := f.Open()
	if err != nil {
		return false, errs.Wrap(err, errs.Unsupported, "library.bulk_unreadable")
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		return false, errs.Wrap(err, errs.Unsupported, "library.bulk_unreadable")
	}
	sum := sha256.Sum256(data)
	if _, there, err = s.OfFile(ctx, unit, hex.EncodeToString(sum[:])); err != nil || there {
		return there, err
	}
	in, err := s.Take(ctx, f.Name, bytes.NewReader(data))
	if err != nil {
		return false, err
	}
	if in.Hash != hex.EncodeToString(sum[:]) { // a picture, which is kept as one of ours
		if _, there, err = s.OfFile(ctx, unit, in.Hash); err != nil || there {
			return there, err
		}
	}
	refs, err := s.Create(ctx, unit, []Incoming{in}, as)
	if err != nil || !issue {
		return false, err
	}
	tree, err := s.categories(ctx)
	if err != nil || tree.Reviewed(as.Category) { // what has to be approved stays a draft
		return false, err
	}
	if err = s.Issue(ctx, refs[0], 1, false); errs.Is(err, errs.Invalid) {
		return false, nil // somebody has to look at it
	}
	return false, err
}

// ExportAll writes what the reader sees of the library within a filter as a zip: the files, each under its number and title, and a table of
// them all.
func (s *Service) ExportAll(ctx context.Context, w io.Writer, f Filter, done func(n int)) (n int, err error) {
	defer errs.Wrapf(&err, "library.ExportAll")
	if f.Category != "" {
		tree, err := s.categories(ctx)
		if err != nil {
			return 0, err
		}
		if _, ok := tree.find(f.Category); !ok {
			return 0, errs.New(errs.NotFound, "library.no_category")
		}
		f.under = tree.Under(f.Category)
	}
	f.Limit = 200
	return s.exportZip(ctx, w, func(after id.ID) ([]Listed, error) {
		f.After = after
		return s.store.list(ctx, scope.From(ctx), f)
	}, done)
}

// exportZip writes documents, a part after the other until a part is empty. Each is handed out as a download is: what is only for
// reading stands in the table without its file, and what is not public in the log.
func (s *Service) exportZip(ctx context.Context, w io.Writer, next func(after id.ID) ([]Listed, error), done func(n int)) (n int, err error) {
	tree, err := s.categories(ctx)
	if err != nil {
		return 0, err
	}
	z := zip.NewWriter(w)
	var index bytes.Buffer
	index.WriteString("\ufeff") // so that Excel reads it as UTF-8
	rows := csv.NewWriter(&index)
	head := []string{}
	for _, k := range []string{"no", "name", "unit", "category", "year", "visible", "state", "uploaded", "file"} {
		head = append(head, tr(ctx, "library."+k))
	}
	if err := rows.Write(head); err != nil {
		return 0, err
	}
	for after := id.ID(0); ; {
		list, err := next(after)
		if err != nil {
			return n, err
		}
		if len(list) == 0 {
			break
		}
		units, err := s.unitsOf(ctx, list)
		if err != nil {
			return n, err
		}
		for _, l := range list {
			name := numbered(l.No) + " " + uploadName(strings.Map(fileRune, l.Title)) + "." + l.Format
			switch err := s.exportOne(ctx, z, name, l); {
			case l.TitleOnly() && err == nil:
				name = tr(ctx, "library.title_only")
			case errs.Is(err, errs.Forbidden):
				name = tr(ctx, "library.view_only_yes")
			case err != nil:
				return n, err
			default:
				n++
			}
			year := "" // of which year it speaks is not known of every document
			if l.Year > 0 {
				year = numbered(int64(l.Year))
			}
			if err := rows.Write([]string{numbered(l.No), l.Title, units[l.Unit].Name, tree.Name(ctx, l.Category), year, circle(ctx, l.Visible), tr(ctx, "library.is."+string(l.State)), string(l.Uploaded), name}); err != nil {
				return n, err
			}
			if done != nil {
				done(n)
			}
		}
		after = list[len(list)-1].ID
	}
	rows.Flush()
	if err := rows.Error(); err != nil {
		return n, err
	}
	table, err := z.Create("index.csv")
	if err != nil {
		return n, err
	}
	if _, err := table.Write(index.Bytes()); err != nil {
		return n, err
	}
	return n, z.Close()
}

func (s *Service) exportOne(ctx context.Context, z *zip.Writer, name string, l Listed) error {
	if l.TitleOnly() {
		return nil
	}
	_, r, err := s.File(ctx, l.No)
	if err != nil {
		return err
	}
	defer r.Close()
	to, err := z.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, r)
	return err
}

// fileRune is a character of a file's name; what some system forbids there becomes a space.
func fileRune(r rune) rune {
	if strings.ContainsRune(`/\:*?"<>|`, r) {
		return ' '
	}
	return r
}
