package errs_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"xinhuo/internal/kit/errs"
)

func TestStatus(t *testing.T) {
	for kind, want := range map[errs.Kind]int{
		errs.Internal: http.StatusInternalServerError, errs.Invalid: http.StatusUnprocessableEntity, errs.NotFound: http.StatusNotFound,
		errs.Forbidden: http.StatusForbidden, errs.Unauthenticated: http.StatusUnauthorized, errs.Conflict: http.StatusConflict,
		errs.TooLarge: http.StatusRequestEntityTooLarge, errs.Unsupported: http.StatusUnsupportedMediaType, errs.Throttled: http.StatusTooManyRequests,
		errs.StepUp: http.StatusForbidden, errs.Garbled: http.StatusBadRequest, errs.Garbled + 1: http.StatusInternalServerError,
	} {
		if kind.Status() != want {
			t.Errorf("kind %d: %d, want %d", kind, kind.Status(), want)
		}
	}
}

// The kind survives what is told around it; what is not ours is our own fault.
func TestKindOf(t *testing.T) {
	cause := errors.New("disk")
	err := errs.Wrap(cause, errs.Conflict, "errs.exists_already", "Name", "x")
	wrapped := error(err)
	errs.Wrapf(&wrapped, "base.Get(%d)", 7)
	joined := errors.Join(errors.New("other"), wrapped)
	for _, e := range []error{err, wrapped, joined, fmt.Errorf("a: %w", joined)} {
		if errs.KindOf(e) != errs.Conflict || !errs.Is(e, errs.Conflict) || errs.Is(e, errs.NotFound) || !errors.Is(e, cause) {
			t.Errorf("%v lost its kind or its cause", e)
		}
	}
	if wrapped.Error() != "base.Get(7): errs.exists_already: disk" {
		t.Errorf("the log reads %q", wrapped)
	}
	if errs.KindOf(cause) != errs.Internal || !errs.Is(cause, errs.Internal) || errs.Is(nil, errs.Internal) {
		t.Error("a foreign error or none has a kind of its own")
	}
	// the outermost of two says what the caller can do
	if outer := errs.Wrap(err, errs.Unsupported, "file.unreadable"); errs.KindOf(outer) != errs.Unsupported {
		t.Errorf("%v", outer)
	}
	var none error
	errs.Wrapf(&none, "x")
	if none != nil {
		t.Errorf("nothing became %v", none)
	}
}

func TestFields(t *testing.T) {
	var f errs.Fields
	if err := f.Err(); err != nil {
		t.Errorf("nothing to change is %v", err)
	}
	f.Add("name", "base.name_missing")
	f.Add("seats", "base.too_many", "Most", 500)
	var e *errs.Error
	if err := f.Err(); !errors.As(err, &e) || e.Kind != errs.Invalid || e.Args["Count"] != 2 || len(e.Fields) != 2 || e.Fields[1].Args["Most"] != 500 {
		t.Errorf("%#v", e)
	}
	if e.Error() != "errs.invalid [name: base.name_missing] [seats: base.too_many]" {
		t.Errorf("%q", e)
	}
}

func TestArgs(t *testing.T) {
	if errs.Args() != nil || errs.New(errs.Invalid, "k").Args != nil {
		t.Error("no arguments are a map")
	}
	if got := fmt.Sprint(errs.Args("A", 1, "B", "x", "odd")); got != "map[A:1 B:x]" {
		t.Errorf("%s", got)
	}
}
