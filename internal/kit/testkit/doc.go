// Package testkit is what tests of every module share: a fresh database on
// the engine under test, selectors on rendered pages, and what is asked and refused.
//
// The engine is chosen from outside, so that one suite runs on both:
//
//	go test ./...                              SQLite, a file per test
//	XINHUO_TEST_DB=postgres go test ./...      PostgreSQL, a database per test
//
// For PostgreSQL the server is the one of XINHUO_PG_ADMIN (the test command
// starts it once for the whole run), or of XINHUO_DB when that is a
// postgres:// address, or else a cluster that testkit starts for this process
// with tools/pg.sh and that ends with it.
//
// testkit imports no module: a change in a module then re-tests only those
// that need it.
package testkit
