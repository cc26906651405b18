// Package errs holds the one error type of Xinhuo: a kind, a text key with its arguments, and the cause.
//
// The kind decides the HTTP status and the CLI's exit code, the key is what a person is told (in their language),
// the cause is for the log alone. Driver errors become kinds once, in kit/db.
package errs

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Kind says what went wrong in terms of what the caller can do about it.
type Kind int

const (
	// Internal is our own fault: the person is told so, the log gets the chain.
	Internal Kind = iota
	// Invalid means that the input has to be changed; Fields say where.
	Invalid
	// NotFound also stands for what the reader may not know to exist.
	NotFound
	// Forbidden is used only inside the reader's own scope, where saying so betrays nothing.
	Forbidden
	// Unauthenticated asks for a sign-in.
	Unauthenticated
	// Conflict means that somebody else changed the thing meanwhile, or that it already exists.
	Conflict
	// TooLarge is an upload or a request above its limit.
	TooLarge
	// Unsupported is a file whose content we cannot read.
	Unsupported
	// Throttled asks to wait.
	Throttled
	// StepUp asks whoever is signed in to prove a second factor first.
	StepUp
	// Garbled is what is no text, which no page of ours sends.
	Garbled
)

// Status is the HTTP status of a kind: the one map from errors to HTTP.
func (k Kind) Status() int {
	switch k {
	case Invalid:
		return http.StatusUnprocessableEntity
	case NotFound:
		return http.StatusNotFound
	case Forbidden, StepUp:
		return http.StatusForbidden
	case Unauthenticated:
		return http.StatusUnauthorized
	case Conflict:
		return http.StatusConflict
	case Garbled:
		return http.StatusBadRequest
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case Unsupported:
		return http.StatusUnsupportedMediaType
	case Throttled:
		return http.StatusTooManyRequests
	default:
		return http.StatusInternalServerError
	}
}

// Field is one place of a form or a row that has to be changed.
type Field struct {
	Name string         // the input's name
	Key  string         // text key of the instruction, e.g. "base.name_missing"
	Args map[string]any // arguments of the text
}

// Error is what services return. It never carries a child's name.
type Error struct {
	Kind   Kind
	Key    string
	Args   map[string]any
	Fields []Field
	Cause  error
}

// New makes an error of a kind with a text key and its arguments as name, value pairs.
func New(kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: Args(args...)}
}

// Wrap makes an error that keeps its cause for the log.
func Wrap(cause error, kind Kind, key string, args ...any) *Error {
	return &Error{Kind: kind, Key: key, Args: Args(args...), Cause: cause}
}

// Args turns name, value pairs into the map that a text takes.
func Args(pairs ...any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Key)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s: %s]", f.Name, f.Key)
	}
	if e.Cause != nil {
		fmt.Fprintf(&b, ": %v", e.Cause)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// KindOf is the kind of an error; whatever is not ours is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is tells whether err is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// Fields collects the places that have to be changed and becomes an error when there are any.
type Fields []Field

// Add notes one place.
func (f *Fields) Add(name, key string, args ...any) {
	*f = append(*f, Field{Name: name, Key: key, Args: Args(args...)})
}

// And adds the places of others that are not among them already: what could not be read is not said to be missing, too.
func (f Fields) And(more Fields) Fields {
	out := slices.Clone(f)
	for _, x := range more {
		if !slices.ContainsFunc(f, func(y Field) bool { return y.Name == x.Name }) {
			out = append(out, x)
		}
	}
	return out
}

// Err is nil when nothing has to be changed.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "errs.invalid", Args: Args("Count", len(f)), Fields: f}
}

// Wrapf adds where it happened to a returned error, for the log: defer errs.Wrapf(&err, "base.Get(%d)", id).
func Wrapf(err *error, format string, args ...any) {
	if *err != nil {
		*err = fmt.Errorf("%s: %w", fmt.Sprintf(format, args...), *err)
	}
}
