package app

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"time"

	"xinhuo/internal/library"
)

// benchDocuments are taken into the demonstration's library by bench.
const benchDocuments = 2_000

// benchLibrary takes texts of 2 to 4 KB into the library as files, each with its record, log row and figure, and asks for its pages as the
// city's clerk, through the whole handler.
func (a *App) benchLibrary(ctx context.Context, w io.Writer) error {
	top, err := a.Org.Top(ctx)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 5_000)
	for i := range words {
		for range 2 + r.IntN(3) {
			words[i] += string(rune(0x4E00 + int(2500*r.Float64()*r.Float64())))
		}
	}
	often := rand.NewZipf(r, 1.1, 4, uint64(len(words)-1))
	text := func(size int) string {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(words[often.Uint64()])
			if r.IntN(6) == 0 {
				b.WriteString("，")
			}
		}
		return b.String()
	}
	tree, err := a.Library.Categories(ctx)
	if err != nil {
		return err
	}
	kinds := slices.DeleteFunc(tree.Leaves(), func(c library.Category) bool { return c.Reviewed }) // nobody is there to approve
	began := time.Now()
	var shown []string
	for i := range benchDocuments {
		in, err := a.Library.Take(ctx, fmt.Sprintf("%s%d.txt", text(24), i), strings.NewReader(text(2_000+r.IntN(2_000))))
		if err != nil {
			return err
		}
		refs, err := a.Library.Create(ctx, top.ID, []library.Incoming{in}, library.Document{Category: kinds[i%len(kinds)].Code, Visible: library.VisibleMembers, Year: 2010 + i%10})
		if err != nil {
			return err
		}
		if err := a.Library.Issue(ctx, refs[0], 1, true); err != nil {
			return err
		}
		if i%100 == 0 {
			d, _, err := a.Library.Get(ctx, refs[0])
			if err != nil {
				return err
			}
			shown = append(shown, library.Path(d.No))
		}
	}
	fmt.Fprintf(w, "%-58s %10s  %.0f a second\n", fmt.Sprintf("%d documents taken into the library and issued", benchDocuments), round(time.Since(began)), benchDocuments/time.Since(began).Seconds())
	get, end, err := a.asClerk(ctx)
	if err != nil {
		return err
	}
	defer end()
	find := func(words string) string { return "/library?q=" + url.QueryEscape(words) }
	for _, x := range []struct {
		name string
		path func() string
	}{
		{"library: search, the 20 words that come most often", func() string { return find(words[r.IntN(20)]) }},
		{"library: search, any word", func() string { return find(words[r.IntN(len(words))]) }},
		{"library: search, two words", func() string { return find(words[often.Uint64()] + " " + words[often.Uint64()]) }},
		{"library: list without words", func() string { return "/library" }},
		{"library: page of a document", func() string { return shown[r.IntN(len(shown))] }},
		{"library: suggestions while typing", func() string { return "/library/suggest?q=" + url.QueryEscape(words[often.Uint64()]) }},
	} {
		var all times
		for range 100 {
			d, _, err := get(x.path())
			if err != nil {
				return err
			}
			all = append(all, d)
		}
		fmt.Fprintf(w, "%-58s p50 %s  p95 %s\n", x.name, round(all.at(.5)), round(all.at(.95)))
	}
	return nil
}

// asClerk signs the demonstration's city office in at a server of its own, and hands over what asks it for a page and tells how long
// that took and how much came.
func (a *App) asClerk(ctx context.Context) (get func(path string) (time.Duration, int64, error), end func(), err error) {
	h, err := a.Handler()
	if err != nil {
		return nil, nil, err
	}
	srv := httptest.NewServer(h)
	c := srv.Client()
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := c.Post(srv.URL+"/login", "application/x-www-form-urlencoded", strings.NewReader("name=chenyulan&password="+DemoPassword))
	if err != nil {
		srv.Close()
		return nil, nil, err
	}
	r.Body.Close()
	cookies := r.Cookies()
	return func(path string) (time.Duration, int64, error) {
		req, err := http.NewRequestWithContext(ctx, "GET", srv.URL+path, nil)
		if err != nil {
			return 0, 0, err
		}
		req.Header.Set("Accept-Encoding", "gzip")
		for _, k := range cookies {
			req.AddCookie(k)
		}
		began := time.Now()
		r, err := c.Do(req)
		if err != nil {
			return 0, 0, err
		}
		defer r.Body.Close()
		n, err := io.Copy(io.Discard, r.Body)
		if err == nil && r.StatusCode != http.StatusOK {
			err = fmt.Errorf("bench: %s answered %d", path, r.StatusCode)
		}
		return time.Since(began), n, err
	}, srv.Close, nil
}
