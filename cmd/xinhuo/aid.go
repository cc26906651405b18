package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"xinhuo/internal/aid"
	"xinhuo/internal/app"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/org"
)

// aidCmd is about what committees give to children: its kinds, and the lists of earlier years. Its records come and go with xinhuo export aid and xinhuo import table aid.
func aidCmd() *cobra.Command {
	var dsn, unit, format, lang string
	c := &cobra.Command{Use: "aid", Short: "Aid to children and families: its kinds, and what was given in earlier years"}
	c.PersistentFlags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.PersistentFlags().StringVar(&unit, "unit", "", "external code of a unit of the city")
	at := func(cmd *cobra.Command, do func(ctx context.Context, a *app.App, u org.Unit) error) error {
		return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
			u, err := a.Org.ByCode(ctx, unit)
			if err != nil {
				return err
			}
			return do(ctx, a, u)
		})
	}
	past := &cobra.Command{
		Use:   "past FILE",
		Short: "Bring in what a unit gave in earlier years, to find a second aid for the same",
		Long: `Bring in a list, xlsx or CSV, with the columns name, identity number, born, kind, purpose, year and amount, in Chinese or English. Of each
line stay keyed hashes of whom, the kind, what for and the year; neither name nor number nor amount nor the file is kept. With one fault nothing
is taken, and the faults are printed by line.`,
		Example: "  xinhuo aid past 2024.xlsx --unit 990203013 --db city.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			return at(cmd, func(ctx context.Context, a *app.App, u org.Unit) error {
				n, faults, err := a.Aid.TakePast(ctx, u.ID, filepath.Base(args[0]), data)
				for _, p := range faults {
					fmt.Fprintln(cmd.ErrOrStderr(), aid.FaultText(ctx, p))
				}
				if err == nil && len(faults) > 0 {
					err = errs.New(errs.Invalid, "aid.past_faults")
				}
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "%d lines\n", n)
				}
				return err
			})
		},
	}
	kinds := &cobra.Command{
		Use:   "kinds",
		Short: "List the kinds of aid of a city, or change them",
		Long: `List the kinds of aid of the city to which a unit belongs, in their order: code, name, what they are for, and for one that was closed the
day. Codes never change. A kind is closed and never deleted: aids of it stay.`,
		Example: `  xinhuo aid kinds --unit 9902 --db city.db
  xinhuo aid kinds add --name 助业 --purposes 学手艺,工具 --unit 9902 --db city.db`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return at(cmd, func(ctx context.Context, a *app.App, u org.Unit) error {
				list, err := a.Aid.Kinds(ctx, u.Root())
				if err != nil {
					return err
				}
				if format == "json" {
					return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
				}
				w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
				for _, k := range list {
					note := ""
					if k.Closed != clock.Open {
						note = "closed " + string(k.Closed)
					}
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", k.Code, k.In(i18n.In(ctx, lang)), strings.Join(k.For(), ", "), note)
				}
				return w.Flush()
			})
		},
	}
	kinds.Flags().StringVar(&format, "format", "text", "text or json")
	kinds.Flags().StringVar(&lang, "lang", "zh", "language of the names: zh or en")
	var name, en string
	var purposes []string
	class := func() aid.Class { return aid.Class{Name: name, En: en, Purposes: strings.Join(purposes, "\n")} }
	worded := func(cmd *cobra.Command) *cobra.Command {
		cmd.Flags().StringVar(&name, "name", "", "Chinese name")
		cmd.Flags().StringVar(&en, "en", "", "English name; without one the Chinese one is shown")
		cmd.Flags().StringSliceVar(&purposes, "purposes", nil, "what it is for, separated by commas")
		return cmd
	}
	change := func(use, short, long, example string, args int, do func(ctx context.Context, a *app.App, u org.Unit, args []string) error) *cobra.Command {
		return &cobra.Command{Use: use, Short: short, Long: long, Example: "  xinhuo aid kinds " + example, Args: cobra.ExactArgs(args), RunE: func(cmd *cobra.Command, args []string) error {
			return at(cmd, func(ctx context.Context, a *app.App, u org.Unit) error { return do(ctx, a, u, args) })
		}}
	}
	kinds.AddCommand(
		worded(change("add", "Add a kind at the end of the list", "Add a kind with its name and its purposes; it can be applied for at once.", "add --name 助业 --purposes 学手艺,工具 --unit 9902", 0, func(ctx context.Context, a *app.App, u org.Unit, _ []string) error {
			return a.Aid.AddKind(ctx, u, class())
		})),
		worded(change("edit CODE", "Give a kind another name or other purposes", "Change a kind; what was given before keeps its kind, and is called by the new name.", "edit study --name 助学 --purposes 学费,书本 --unit 9902", 1, func(ctx context.Context, a *app.App, u org.Unit, args []string) error {
			return a.Aid.EditKind(ctx, u, args[0], class())
		})),
		change("move CODE PLACE", "Put a kind at a place of the list, from 1", "Change the order in which forms and lists show the kinds.", "move study 1 --unit 9902", 2, func(ctx context.Context, a *app.App, u org.Unit, args []string) error {
			to, err := strconv.Atoi(args[1])
			if err != nil {
				return err
			}
			return a.Aid.MoveKind(ctx, u, args[0], to)
		}),
		change("close CODE", "Offer a kind no longer", "Take a kind off the forms; what was given stays and is counted.", "close study --unit 9902", 1, func(ctx context.Context, a *app.App, u org.Unit, args []string) error {
			return a.Aid.CloseKind(ctx, u, args[0], true)
		}),
		change("open CODE", "Offer a kind again that was closed", "Put a closed kind back on the forms.", "open study --unit 9902", 1, func(ctx context.Context, a *app.App, u org.Unit, args []string) error {
			return a.Aid.CloseKind(ctx, u, args[0], false)
		}))
	c.AddCommand(kinds, past)
	return c
}
