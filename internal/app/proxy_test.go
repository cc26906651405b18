package app

import (
	"context"
	"net/http/httptest"
	"testing"

	"xinhuo/internal/kit/testkit"
)

// The setting for a proxy was once declared and never handed on.
func TestAProxyIsBelievedOnlyWhenToldTo(t *testing.T) {
	dsn, files := testkit.DSN(t), t.TempDir()
	for _, told := range []bool{false, true} {
		a, err := Open(context.Background(), Config{DSN: dsn, Files: files, Proxy: told})
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest("GET", "/login", nil)
		if a.Account.Protected(r) {
			t.Error("a request without a word of a proxy counts as protected")
		}
		r.Header.Set("X-Forwarded-Proto", "https")
		if got := a.Account.Protected(r); got != told {
			t.Errorf("told %v: the request counts as protected: %v", told, got)
		}
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
