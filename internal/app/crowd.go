package app

import (
	"net"
	"net/http"

	"xinhuo/internal/kit/anon"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/web"
)

// Forms that are sent without an account, from one network to one address within an hour, and the networks that are remembered. A school or
// an office stands behind one network; what a module bounds for its own reasons it bounds lower.
const (
	formsPerHour = 300
	mostNetworks = 2000
)

// countThemselves are forms without an account that count by themselves: who guesses, so that nobody's guesses keep an owner out of a
// device that is theirs, or how many answers a round can have, where a hall full of people stands behind one network.
var countThemselves = map[string]bool{"POST /login": true, "POST /login/second": true, "POST /login/passkey": true, "POST /logout": true, "POST /invite": true, "POST /f/{ref}": true, "POST /q/{ref}": true}

// crowded counts forms without an account by network and address, in memory alone. Whoever has given the right password and is asked for
// the second step is no stranger. What comes from this machine is not counted: a proxy that the program was not told of makes everybody look so.
func (a *App) crowded(routes []web.Route) func(r *http.Request, rt web.Route) bool {
	counts := map[string]*anon.Crowd{}
	for _, rt := range routes {
		if !countThemselves[rt.String()] {
			counts[rt.String()] = &anon.Crowd{PerHour: formsPerHour, Most: mostNetworks}
		}
	}
	return func(r *http.Request, rt web.Route) bool {
		c, address := counts[rt.String()], a.Account.Address(r)
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			host = address
		}
		if ip := net.ParseIP(host); c == nil || ip != nil && ip.IsLoopback() || a.Account.OnTheWay(r) {
			return false
		}
		return !c.Admit(address, clock.Millis(r.Context()))
	}
}
