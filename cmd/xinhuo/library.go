package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"xinhuo/internal/app"
	"xinhuo/internal/kit/pdf"
	"xinhuo/internal/library"
)

// opened runs something over the database that the flags name.
type opened func(cmd *cobra.Command, do func(ctx context.Context, a *app.App) error) error

func libraryCmd() *cobra.Command {
	var dsn, files, unit string
	c := &cobra.Command{Use: "library", Short: "Take many documents into the library, write them out, and keep its categories"}
	c.PersistentFlags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.PersistentFlags().StringVar(&files, "files", "", filesHelp)
	c.PersistentFlags().StringVar(&unit, "unit", "", "external code of the unit")
	run := func(cmd *cobra.Command, do func(ctx context.Context, a *app.App) error) (err error) {
		if err := standing(dsn); err != nil {
			return err
		}
		a, err := app.Open(cmd.Context(), app.Config{DSN: dsn, Files: files, PDF: pdf.Self()})
		if err != nil {
			return err
		}
		defer func() {
			if bad := a.Close(); err == nil {
				err = bad
			}
		}()
		return do(a.System(cmd.Context(), "cli"), a)
	}
	var category, visible string
	var issue bool
	take := &cobra.Command{
		Use:   "import FOLDER|ZIP",
		Short: "Take in all documents of a folder or a zip",
		Long: `Take in all documents of a folder or a zip, each as a document of the unit. What cannot be taken is named and passed over. A file
that the unit has already is not taken twice, so that a run that was cut off can be begun again and goes on.

They are drafts, unless --issue issues them; those with pieces that look like personal data stay drafts, for somebody to look at.`,
		Example: "  xinhuo library import documents.zip --unit 9902 --category work.summary --visible members --issue --db city.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd, func(ctx context.Context, a *app.App) error {
				u, err := a.Org.ByCode(ctx, unit)
				if err != nil {
					return err
				}
				list, end, err := library.BulkFiles(args[0])
				if err != nil {
					return err
				}
				defer end()
				bar := progress("import")
				done, err := a.Library.TakeAll(ctx, u.ID, list, library.Document{Category: category, Visible: library.Visible(visible)}, issue, func(n int) { bar(n, len(list)) })
				for _, r := range done.Refused {
					fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", r.Name, r.Why)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d documents taken, %d there already, %d files left out\n", done.Taken, done.There, len(done.Refused))
				return nil
			})
		},
	}
	take.Flags().StringVar(&category, "category", "other", "code of the category they are filed under; see xinhuo library categories")
	take.Flags().StringVar(&visible, "visible", string(library.VisibleMembers), "who sees them once they are issued: unit, below, above, members, partners or public")
	take.Flags().BoolVar(&issue, "issue", false, "issue them")
	var words string
	write := &cobra.Command{
		Use:   "export ZIP",
		Short: "Write the documents of a unit, or of all, with a table of them",
		Long: `Write the documents of a unit, drafts among them, as a zip: the files, each under its number and title, and index.csv, which lists
them. Without --unit those of all units.`,
		Example: "  xinhuo library export documents.zip --unit 9902 --category teach --db city.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return run(cmd, func(ctx context.Context, a *app.App) (err error) {
				f := library.Filter{Category: words}
				if unit != "" {
					u, err := a.Org.ByCode(ctx, unit)
					if err != nil {
						return err
					}
					f.Unit = u.ID
				}
				part := args[0] + ".part" // a name stands for a whole file
				out, err := os.Create(filepath.Clean(part))
				if err != nil {
					return err
				}
				bar := progress("export")
				n, err := a.Library.ExportAll(ctx, out, f, func(n int) { bar(n, n) })
				if bad := out.Close(); err == nil {
					err = bad
				}
				if err != nil {
					return err
				}
				if err := os.Rename(part, args[0]); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d documents written\n", n)
				return nil
			})
		},
	}
	write.Flags().StringVar(&words, "category", "", "only of this category and those below it, by its code; see xinhuo library categories")
	c.AddCommand(take, write, categoriesCmd(run))
	return c
}
