package dispatch_test

import (
	"slices"
	"testing"

	"xinhuo/internal/dispatch"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// Nobody sends work into another's subtree: a unit that was asked to issue with the lead does so from the day it joined in.
func TestIssuing(t *testing.T) { // R24, R67
	with := []dispatch.Issuer{{Unit: 2}, {Unit: 3, JoinedOn: "2019-05-02"}}
	if got := dispatch.Issuing(1, with); !slices.Equal(got, []id.ID{1, 3}) {
		t.Errorf("issuing: %v", got)
	}
	if got := dispatch.Units(1, with); !slices.Equal(got, []id.ID{1, 2, 3}) {
		t.Errorf("asked: %v", got)
	}
}

func TestEarliest(t *testing.T) {
	for _, x := range [][3]clock.Day{{"", "", ""}, {"2019-05-02", "", "2019-05-02"}, {"", "2019-05-02", "2019-05-02"}, {"2019-05-03", "2019-05-02", "2019-05-02"}, {"2019-05-01", "2019-05-02", "2019-05-01"}} {
		if got := dispatch.Earliest(x[0], x[1]); got != x[2] {
			t.Errorf("%q, %q: %q", x[0], x[1], got)
		}
	}
}

// A second record with the same code is refused beside the code; every other refusal stays what it is.
func TestTaken(t *testing.T) {
	if err := dispatch.Taken(errs.New(errs.Conflict, "errs.exists_already"), "coord.code_taken"); !errs.Is(err, errs.Invalid) {
		t.Errorf("%v", err)
	}
	if err := dispatch.Taken(errs.New(errs.Conflict, "record.changed_meanwhile"), "coord.code_taken"); !errs.Is(err, errs.Conflict) {
		t.Errorf("%v", err)
	}
	if err := dispatch.Taken(nil, "coord.code_taken"); err != nil {
		t.Errorf("%v", err)
	}
}
