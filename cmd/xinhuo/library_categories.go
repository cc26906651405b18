package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xinhuo/internal/app"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/library"
)

// categoriesCmd is the tree of categories: printed, and changed by its sub-commands.
func categoriesCmd(run opened) *cobra.Command {
	var format, lang string
	var history bool
	c := &cobra.Command{
		Use:   "categories",
		Short: "List the categories of the library, or change them",
		Long: `List the categories of the library in the order of their tree, which is the same for the whole site: code, name, whether documents
have to be approved before they are issued, and for one that was closed the day and its successor. Codes never change, also when a
category is renamed or moved. --history prints instead what was done to the tree, the newest first.`,
		Example: `  xinhuo library categories --db city.db
  xinhuo library categories --history --db city.db
  xinhuo library categories add --name 家长课堂 --en Parents --under teach --reviewed --db city.db`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd, func(ctx context.Context, a *app.App) error {
				ctx = i18n.In(ctx, lang)
				if history {
					return printChanges(ctx, cmd, a, format)
				}
				return printTree(ctx, cmd, a, format)
			})
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	c.Flags().StringVar(&lang, "lang", "zh", "language of the names: zh or en")
	c.Flags().BoolVar(&history, "history", false, "what was done to the tree")
	c.AddCommand(addCategory(run), renameCategory(run), moveCategory(run), closeCategory(run))
	return c
}

func printTree(ctx context.Context, cmd *cobra.Command, a *app.App, format string) error {
	t, err := a.Library.Categories(ctx)
	if err != nil {
		return err
	}
	if format == "json" {
		return json.NewEncoder(cmd.OutOrStdout()).Encode(t.Named(ctx))
	}
	w := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
	for _, x := range t {
		code, note := x.Code, ""
		if x.Parent != "" {
			code = "  " + code
		}
		if x.Reviewed {
			note = "approved before it is issued"
		}
		if !x.Open() {
			note = "closed " + string(x.To)
			if x.Successor != "" {
				note += ", now " + x.Successor
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", code, x.In(ctx), note)
	}
	return w.Flush()
}

func printChanges(ctx context.Context, cmd *cobra.Command, a *app.App, format string) error {
	list, err := a.Library.CategoryChanges(ctx, 0, 1000)
	if err != nil {
		return err
	}
	if format == "json" {
		return json.NewEncoder(cmd.OutOrStdout()).Encode(list)
	}
	for _, x := range list {
		fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %s  %s %s", time.UnixMilli(x.At).In(clock.Shanghai).Format("2006-01-02 15:04"), x.ActorName, i18n.T(ctx, x.Act), x.Now.Code, x.Now.In(ctx))
		if was := x.Was.In(ctx); x.Was.Code != "" && was != x.Now.In(ctx) {
			fmt.Fprintf(cmd.OutOrStdout(), " (was %s)", was)
		}
		if x.Was.Code != "" && x.Was.Parent != x.Now.Parent {
			fmt.Fprintf(cmd.OutOrStdout(), " (under %s, was %s)", cmp.Or(x.Now.Parent, "the top"), cmp.Or(x.Was.Parent, "the top"))
		}
		if x.Now.Successor != "" && x.Was.Successor == "" {
			fmt.Fprintf(cmd.OutOrStdout(), " -> %s, %d documents", x.Now.Successor, x.Docs)
		}
		fmt.Fprintln(cmd.OutOrStdout())
	}
	return nil
}

func addCategory(run opened) *cobra.Command {
	var e library.CategoryEdit
	c := &cobra.Command{
		Use:   "add",
		Short: "Add a category",
		Long: `Add a category at the top of the tree, or under one of those at the top. The program makes its code, prints it and never changes it.
With --reviewed its documents are issued only once they are approved.`,
		Example: `  xinhuo library categories add --name 家长课堂 --under teach --reviewed --db city.db`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd, func(ctx context.Context, a *app.App) error {
				code, err := a.Library.AddCategory(ctx, e)
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), code)
				}
				return err
			})
		},
	}
	c.Flags().StringVar(&e.Name, "name", "", "Chinese name")
	c.Flags().StringVar(&e.En, "en", "", "English name; without one the Chinese one is shown")
	c.Flags().StringVar(&e.Parent, "under", "", "code of the category above; without one it stands at the top")
	c.Flags().IntVar(&e.Place, "place", 0, "place among those beside it, from 1; without one the last")
	c.Flags().BoolVar(&e.Reviewed, "reviewed", false, "its documents are issued only once they are approved")
	return c
}

func renameCategory(run opened) *cobra.Command {
	var name, en string
	c := &cobra.Command{
		Use:   "rename CODE",
		Short: "Give a category another name",
		Long: `Give a category another name. Its code, its documents and every link to it stay. Without --en an English name that it had is dropped,
for it says the old name, and the Chinese one is shown.`,
		Example: `  xinhuo library categories rename research.lessons --name 工作经验 --en Experience --db city.db`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd, func(ctx context.Context, a *app.App) error {
				return a.Library.EditCategory(ctx, args[0], -1, func(e *library.CategoryEdit) { e.Name, e.En = name, en })
			})
		},
	}
	c.Flags().StringVar(&name, "name", "", "Chinese name")
	c.Flags().StringVar(&en, "en", "", "English name")
	return c
}

func moveCategory(run opened) *cobra.Command {
	var under string
	var place int
	c := &cobra.Command{
		Use:   "move CODE",
		Short: "Put a category under another one, or at another place",
		Long: `Put a category under one of those at the top, or with --under "" at the top itself, or only at another place among those beside it.
There are two levels: what has categories below it stays at the top. Its documents move with it.`,
		Example: `  xinhuo library categories move publicity.news --under work --place 1 --db city.db
  xinhuo library categories move work.rules --under "" --db city.db`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd, func(ctx context.Context, a *app.App) error {
				return a.Library.EditCategory(ctx, args[0], -1, func(e *library.CategoryEdit) {
					if cmd.Flags().Changed("under") && under != e.Parent {
						e.Parent, e.Place = under, 0
					}
					if cmd.Flags().Changed("place") {
						e.Place = place
					}
				})
			})
		},
	}
	c.Flags().StringVar(&under, "under", "", "code of the category above; \"\" is the top")
	c.Flags().IntVar(&place, "place", 0, "place among those beside it, from 1")
	return c
}

func closeCategory(run opened) *cobra.Command {
	var successor string
	c := &cobra.Command{
		Use:   "close CODE",
		Short: "Close a category and file its documents under another",
		Long: `Close a category. Its documents are filed under the successor in the same step, each with a line in its history, and whoever looks for
the closed one finds the successor. Without --to it has to be empty. It can be opened again on the page /library/categories.`,
		Example: `  xinhuo library categories close publicity.news --to work.notice --db city.db`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd, func(ctx context.Context, a *app.App) error {
				n, err := a.Library.CloseCategory(ctx, args[0], -1, successor)
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "%d documents filed anew\n", n)
				}
				return err
			})
		},
	}
	c.Flags().StringVar(&successor, "to", "", "code of the category that takes its documents")
	return c
}
