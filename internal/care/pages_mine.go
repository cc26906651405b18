package care

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/kit/web"
)

// MinePath is where somebody who was let in reads a request without a post at any committee: a teacher of the education bureau, a lawyer of legal aid.
const MinePath = "/me/care"

func ofGuest(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, MinePath+"/") }

// mine is a page of a request for whom a grant lets in, and for nobody else; for all others it is as if absent.
func (s *Service) mine(then func(w http.ResponseWriter, r *http.Request) error) func(w http.ResponseWriter, r *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		ref, err := web.RefIn(r)
		if err != nil {
			return err
		}
		list, err := s.seal.LetIn(r.Context())
		if err != nil {
			return err
		}
		if !slices.Contains(list, ref) {
			return errNone
		}
		return then(w, r)
	}
}

// Helping are the requests that the reader was let in to, without their words, each with the address at which they read it.
func (s *Service) Helping(ctx context.Context) (out []Request, err error) {
	list, err := s.seal.LetIn(ctx)
	for _, ref := range list {
		q, err := s.requestAcrossUnits(ctx, ref)
		if errs.Is(err, errs.NotFound) { // something else that is sealed
			continue
		}
		if err != nil {
			return nil, err
		}
		q.Guest = len(scope.From(ctx).Set(scope.View)) == 0
		out = append(out, q)
	}
	return out, err
}

// Path is the address of a request for whoever reads it now.
func (q Request) Path() string { return q.at() }
