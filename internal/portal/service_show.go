package portal

import (
	"context"
	"slices"
	"strings"
	"time"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
)

func timeOf(millis int64) time.Time { return time.UnixMilli(millis) }

// bySlug is the site with a short address that is on; NotFound for one that is off and one that does not exist alike.
func (s *Service) bySlug(ctx context.Context, slug string) (Site, error) {
	unit, err := s.calledAcrossUnits(ctx, slug)
	if err != nil {
		return Site{}, err
	}
	x, err := s.siteAcrossUnits(ctx, unit)
	if err == nil && !x.On {
		err = errNone
	}
	return x, err
}

// SlugAt is the short address of the site that stands at a host; "" at a host that nobody set.
func (s *Service) SlugAt(ctx context.Context, host string) (string, error) {
	h := HostOf(host)
	if h == "" {
		return "", nil
	}
	now := clock.Millis(ctx)
	s.kept.mu.Lock()
	hosts, gen := s.kept.hosts, s.kept.gen
	fresh := hosts != nil && now >= s.kept.hostAt && now-s.kept.hostAt < keptFor.Milliseconds()
	s.kept.mu.Unlock()
	if fresh {
		return hosts[h], nil
	}
	rows, err := s.hostsAcrossUnits(ctx)
	if err != nil {
		return "", err
	}
	hosts = map[string]string{}
	for _, r := range rows {
		hosts[r.Host] = r.Slug
	}
	s.kept.mu.Lock()
	if s.kept.gen == gen {
		s.kept.hosts, s.kept.hostAt = hosts, now
	}
	s.kept.mu.Unlock()
	return hosts[h], nil
}

// siteAt is the site that an address asks for, and whether it stands at a domain of its own; no other site is there.
func (s *Service) siteAt(ctx context.Context, host, slug string) (x Site, own bool, err error) {
	slug = strings.ToLower(slug)
	at, err := s.SlugAt(ctx, host)
	if err != nil {
		return Site{}, false, err
	}
	if at != "" && at != slug {
		return Site{}, false, errNone
	}
	x, err = s.bySlug(ctx, slug)
	if errs.Is(err, errs.NotFound) {
		err = errNone
	}
	return x, at != "", err
}

// longPath is the address within the program of a short address at a host; "" where it is what it is everywhere.
func (s *Service) longPath(ctx context.Context, host, path string) (string, error) {
	column, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	i := slices.IndexFunc(Columns, func(c string) bool { return short(c) == column })
	if i < 0 && path != "/" {
		return "", nil
	}
	slug, err := s.SlugAt(ctx, host)
	if err != nil || slug == "" {
		return "", err
	}
	long := "/s/" + slug
	if i >= 0 {
		long += "/" + Columns[i]
	}
	if rest != "" {
		long += "/" + rest
	}
	return long, nil
}
