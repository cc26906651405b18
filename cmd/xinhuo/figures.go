package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"xinhuo/internal/app"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/db"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/ledger"
)

// standing refuses a database file that is not there. A mistyped name must not make an empty database, whose figures would
// all agree and whose backup would hold nothing.
func standing(dsn string) error {
	if db.EngineOf(dsn) != db.SQLite {
		return nil
	}
	if _, err := os.Stat(db.PathOf(dsn)); errors.Is(err, os.ErrNotExist) {
		return missing("there is no database %s; --db names a file or postgres://…", db.PathOf(dsn))
	}
	return nil
}

// withApp opens a database that is there, acts for the operator, and closes it.
func withApp(ctx context.Context, dsn string, f func(ctx context.Context, a *app.App) error) error {
	if err := standing(dsn); err != nil {
		return err
	}
	return withNewApp(ctx, dsn, f)
}

// withNewApp is withApp for the acts that may begin a database.
func withNewApp(ctx context.Context, dsn string, f func(ctx context.Context, a *app.App) error) (err error) {
	a, err := app.Open(ctx, app.Config{DSN: dsn})
	if err != nil {
		return err
	}
	defer func() {
		if bad := a.Close(); err == nil {
			err = bad
		}
	}()
	return f(a.System(ctx, "cli"), a)
}

// question is what figures and evidence share.
type question struct {
	db, unit, asOf, period, bounds, lang string
	known                                string
}

func (q *question) flags(c *cobra.Command) {
	c.Flags().StringVar(&q.db, "db", defaultDB(), "database: a file or postgres://…")
	c.Flags().StringVar(&q.unit, "unit", "", "external code of the unit (the id column of an imported city)")
	c.Flags().StringVar(&q.asOf, "as-of", string(clock.DayOf(time.Now())), "the day, YYYY-MM-DD")
	c.Flags().StringVar(&q.period, "period", "", "for events: a year (2018) or FROM..TO, both days included; cut at --as-of (default: 1 January of that year up to --as-of)")
	c.Flags().StringVar(&q.bounds, "bounds", "then", "boundaries: then or today")
	c.Flags().StringVar(&q.known, "known", "", "as known at an instant (RFC 3339); snaps to the last fold before it")
	c.Flags().StringVar(&q.lang, "lang", "zh", "names and definitions: zh or en")
	_ = c.MarkFlagRequired("unit")
}

func (q question) query(ctx context.Context, a *app.App) (ledger.Query, error) {
	out := ledger.Query{Boundary: ledger.Boundary(q.bounds)}
	if out.Boundary != ledger.Then && out.Boundary != ledger.Today {
		return out, wrong("--bounds takes then or today")
	}
	day, err := clock.ParseDay(q.asOf)
	if err != nil {
		return out, wrong("--as-of takes a day like 2019-05-31, not %q", q.asOf)
	}
	out.Day = day
	if q.period != "" {
		if from, to, ok := strings.Cut(q.period, ".."); ok {
			if out.From, err = clock.ParseDay(from); err == nil {
				out.To, err = clock.ParseDay(to)
			}
			if err != nil || out.To < out.From {
				return out, wrong("--period takes a year or FROM..TO, such as 2018 or 2018-01-01..2018-06-30")
			}
		} else {
			year, err := strconv.Atoi(q.period)
			if err != nil || year < 1900 || year > 2999 {
				return out, wrong("--period takes a year or FROM..TO, such as 2018 or 2018-01-01..2018-06-30")
			}
			p := clock.YearOf(year)
			out.From, out.To = p.From, p.To
		}
	}
	if q.known != "" {
		t, err := time.Parse(time.RFC3339, q.known)
		if err != nil {
			return out, wrong("--known takes an instant like 2019-05-31T14:05:00+08:00, not %q", q.known)
		}
		out.KnownAt = t.UnixMilli()
	}
	u, err := a.Org.ByCode(ctx, q.unit)
	if errs.Is(err, errs.NotFound) {
		return out, errs.New(errs.NotFound, "app.city_unit_unknown", "Code", q.unit)
	}
	out.Unit = u.ID
	return out, err
}

func figuresCmd() *cobra.Command {
	var q question
	var format string
	c := &cobra.Command{
		Use:   "figures",
		Short: "All figures of a unit on a day",
		Long: `Print every figure of a unit as of a day. Money is in fen; a share in per cent with one decimal, null when
its denominator is 0; a unit that does not exist on the day answers 0.

Events run from 1 January of the as-of year; ask for another year with --period 2018.`,
		Example: `  xinhuo figures --db data/demo/demo.db --unit 9902
  xinhuo figures --db data/demo/demo.db --unit 9902 --as-of 2026-06-30 --lang en
  xinhuo figures --db data/demo/demo.db --unit 990201 --period 2025 --format json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), q.db, func(ctx context.Context, a *app.App) error {
				ask, err := q.query(ctx, a)
				if err != nil {
					return err
				}
				out := []ledger.FigureJSON{}
				for _, d := range a.Ledger.Figures() {
					ask.Figure = d.Code
					f, err := a.Ledger.FigureJSON(ctx, ask, q.lang)
					if err != nil {
						return err
					}
					out = append(out, f)
				}
				switch format {
				case "json":
					e := json.NewEncoder(cmd.OutOrStdout())
					e.SetEscapeHTML(false)
					e.SetIndent("", "  ")
					return e.Encode(out)
				case "csv":
					w := csv.NewWriter(cmd.OutOrStdout())
					_ = w.Write([]string{"code", "name", "value", "unit_of_measure", "definition"})
					for _, f := range out {
						_ = w.Write([]string{f.Code, f.Name, string(f.Value), f.UnitOfMeasure, f.Definition})
					}
					w.Flush()
					return w.Error()
				case "text":
					for _, f := range out {
						fmt.Fprintf(cmd.OutOrStdout(), "%-28s %14s %-6s %s\n", f.Code, f.Value, f.UnitOfMeasure, f.Name)
					}
					return nil
				}
				return wrong("--format takes json, csv or text")
			})
		},
	}
	q.flags(c)
	c.Flags().StringVar(&format, "format", "text", "json, csv or text")
	return c
}

func evidenceCmd() *cobra.Command {
	var q question
	var format string
	c := &cobra.Command{
		Use:   "evidence FIGURE",
		Short: "The records behind a figure",
		Long: `Print the records that make up a figure: code, name, unit, day, amount. The amounts sum to the figure. Of a distinct
figure it lists the values, of a share the records of its numerator, of a condition the units. The codes of figures are in the
first column of xinhuo figures.`,
		Example: `  xinhuo evidence base.accredited --db data/demo/demo.db --unit 9902
  xinhuo evidence base.accredited --db data/demo/demo.db --unit 990201 --format xlsx > bases.xlsx`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "csv" && format != "json" && format != "xlsx" {
				return wrong("--format takes csv, json or xlsx")
			}
			return withApp(cmd.Context(), q.db, func(ctx context.Context, a *app.App) error {
				ask, err := q.query(ctx, a)
				if err != nil {
					return err
				}
				ask.Figure = args[0]
				return a.Ledger.WriteEvidence(ctx, cmd.OutOrStdout(), ask, format)
			})
		},
	}
	q.flags(c)
	c.Flags().StringVar(&format, "format", "csv", "csv, json or xlsx")
	return c
}

func verifyCmd() *cobra.Command {
	var dsn string
	var asJSON bool
	c := &cobra.Command{
		Use:   "verify",
		Short: "Recount every figure from the records",
		Long: `Recount every balance from the records themselves and name each difference. Exits with 0 when all agree. It may run while
others work.`,
		Example: "  xinhuo verify --db data/demo/demo.db",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				show := progress("verify")
				rep, err := a.Ledger.Verify(ctx, func(_ string, n int) { show(n, n) })
				if err != nil {
					return err
				}
				if asJSON {
					if err := json.NewEncoder(cmd.OutOrStdout()).Encode(rep); err != nil {
						return err
					}
				} else {
					fmt.Fprintf(cmd.OutOrStdout(), "%d records, %d groups of entries, %d differences\n", rep.Records, rep.Entries, len(rep.Faults))
					for _, f := range rep.Faults {
						fmt.Fprintln(cmd.OutOrStdout(), f)
					}
				}
				if len(rep.Faults) > 0 {
					return fmt.Errorf("%d balances differ from their recount", len(rep.Faults))
				}
				return nil
			})
		},
	}
	c.Flags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}
