package seal

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"xinhuo/internal/kit/id"
)

// R133: the clock erases what is due and nothing else, once, with a row in the log; killed half-way it opens nothing any more and
// is erased the next time.
func TestExpire(t *testing.T) {
	w := open(t)
	ref := w.seal()
	w.seal()
	keeper := w.as(w.town, 1)
	w.must(w.s.Consent(keeper, w.owner, ref, Consent{Purpose: "join", Given: today, Form: "paper"}))
	other := w.owner
	other.Of.ID++
	_, err := w.s.Seal(keeper, other, map[string]string{"name": name})
	w.must(err)
	due := func(_ context.Context, of id.Ref) (func(id.Ref) bool, error) {
		if of == w.owner.Of {
			return All, nil
		}
		return nil, nil
	}

	killed := errors.New("killed")
	if err := w.d.Tx(w.ctx, func(ctx context.Context) error {
		_, err := w.s.expire(ctx, w.owner.Of, w.owner.Kind, All)
		return errors.Join(err, killed)
	}); !errors.Is(err, killed) {
		t.Fatal(err)
	}
	got, err := w.s.Open(keeper, w.owner)
	w.must(err)
	if len(got) != 2 || got[0].Fields != nil || got[1].Fields != nil || got[0].Erased != "" {
		t.Errorf("killed half-way: %+v", got)
	}
	for _, want := range []int{2, 0} {
		if n, err := w.s.Expire(w.ctx, w.owner.Kind, due); err != nil || n != want {
			t.Errorf("%d erased, %v; want %d", n, err, want)
		}
	}
	if n := w.logged("seal.act.expire", 0); n != 1 {
		t.Errorf("%d rows in the log", n)
	}
	n, err := w.s.Counts(keeper, w.owner)
	w.must(err)
	if n.Records != 0 || n.Expired != 2 {
		t.Errorf("%+v", n)
	}
	if got, err := w.s.Open(keeper, other); err != nil || got[0].Fields["name"] != name {
		t.Errorf("what is not due: %+v %v", got, err)
	}
	w.holds("the page", w.fetch(keeper, "/seal/"+w.owner.Of.String(), http.StatusOK), "保存期满", "系统按保存期")
	w.holds("the log", w.fetch(keeper, "/seal/"+w.owner.Of.String()+"/readings", http.StatusOK), "保存期满销毁", "系统按保存期")
}
