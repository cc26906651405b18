package dispatch

import (
	"errors"

	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
)

// Issuing are the lead and those that have joined in.
func Issuing(lead id.ID, with []Issuer) []id.ID {
	out := []id.ID{lead}
	for _, i := range with {
		if i.JoinedOn != clock.Open {
			out = append(out, i.Unit)
		}
	}
	return out
}

// Units are the lead and all that were asked to issue with it, joined or not.
func Units(lead id.ID, with []Issuer) []id.ID {
	out := []id.ID{lead}
	for _, i := range with {
		out = append(out, i.Unit)
	}
	return out
}

// Earliest is the earlier of two last days; an empty one says nothing.
func Earliest(a, b clock.Day) clock.Day {
	if b == clock.Open || a != clock.Open && a < b {
		return a
	}
	return b
}

// Taken puts the refusal of a second record with the same code beside the code.
func Taken(err error, key string) error {
	var e *errs.Error
	if errs.Is(err, errs.Conflict) && errors.As(err, &e) && e.Key == "errs.exists_already" {
		var f errs.Fields
		f.Add("code", key)
		return f.Err()
	}
	return err
}
