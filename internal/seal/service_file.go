package seal

import (
	"bytes"
	"context"
	"slices"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// Parcel is the content of a file, encrypted with the data key of a record that is still to be kept. Sealed may lie anywhere: without
// the record nobody opens it, and once that is erased nobody does any more.
type Parcel struct {
	Sealed []byte
	ref    id.Ref
	key    []byte
}

// fileField is the place that a parcel is bound to within its record.
const fileField = "file"

// fileMark ends the name of the suite with which the content of a file begins.
const fileMark = "."

// Pack encrypts the content of a file for an owner; nothing is kept yet, so that it can be put away before a transaction begins.
func (s *Service) Pack(ctx context.Context, o Owner, data []byte) (Parcel, error) {
	p := Parcel{ref: id.Ref{Root: o.Of.Root, ID: id.New()}, key: random()}
	ring, err := s.ringForNew(ctx)
	if err != nil {
		return p, err
	}
	sealed, err := ring.suite.seal(p.key, data, bound("seal_record", "content", p.ref, fileField))
	p.Sealed = append([]byte(ring.suite+fileMark), sealed...)
	return p, err
}

// Keep writes the record of a parcel, with fields such as the file's name, and answers its name. Errors are those of Seal.
func (s *Service) Keep(ctx context.Context, o Owner, p Parcel, fields map[string]string) (ref id.Ref, err error) {
	defer errs.Wrapf(&err, "seal.Keep %s", o.Of)
	return p.ref, s.act(ctx, o, "seal", "", s.byWriter, func(ctx context.Context) error {
		return s.enter(ctx, o, p.ref, p.key, fields, nil)
	})
}

// OpenFile reads the content of one file of an owner. The reading stands in the log or does not happen. Errors are those of Open;
// NotFound once the record was erased, and for another owner's.
func (s *Service) OpenFile(ctx context.Context, o Owner, ref id.Ref, sealed []byte) (fields map[string]string, data []byte, err error) {
	defer errs.Wrapf(&err, "seal.OpenFile %s", ref)
	return s.openFile(ctx, o, ref, sealed, s.mayOpen)
}

// OpenOwnFile reads it for the person whom it is about; see OpenOwn.
func (s *Service) OpenOwnFile(ctx context.Context, o Owner, ref id.Ref, sealed []byte) (fields map[string]string, data []byte, err error) {
	defer errs.Wrapf(&err, "seal.OpenOwnFile %s", ref)
	return s.openFile(ctx, o, ref, sealed, bySubject)
}

func (s *Service) openFile(ctx context.Context, o Owner, ref id.Ref, sealed []byte, may asked) (fields map[string]string, data []byte, err error) {
	err = s.act(ctx, o, "open", "", may, func(ctx context.Context) error {
		r, err := s.mine(ctx, o, ref)
		if err != nil {
			return err
		}
		key, err := s.dataKey(r)
		if err != nil {
			return err
		}
		if key == nil {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		values, err := s.store.valuesAcrossUnits(ctx, o.Of, o.Kind)
		if err != nil {
			return err
		}
		if fields, err = s.fields(r, values); err != nil {
			return err
		}
		suite, content, ok := bytes.Cut(sealed, []byte(fileMark))
		if !ok || !slices.Contains(Suites, Suite(suite)) {
			return errs.New(errs.Conflict, "seal.tampered")
		}
		data, err = Suite(suite).open(key, content, bound("seal_record", "content", ref, fileField))
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return fields, data, nil
}
