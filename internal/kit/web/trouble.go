package web

import "net/http"

// Trouble is an error as a page says it. Number is under which the log holds our own fault, "" for all others.
type Trouble struct {
	Title  string
	Texts  []string
	Number string
	Status int
}

// Dresser shows an error on pages of its own, on which more has to stand than on others: a telephone, a way out. It tells whether it
// did; for every other address, and where it cannot, the general page is shown.
type Dresser func(w http.ResponseWriter, r *http.Request, t Trouble) bool
