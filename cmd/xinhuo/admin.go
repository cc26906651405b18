package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"xinhuo/internal/account"
	"xinhuo/internal/app"
	"xinhuo/internal/audit"
	"xinhuo/internal/kit/clock"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/id"
	"xinhuo/internal/kit/scope"
	"xinhuo/internal/org"
)

func auditCmd() *cobra.Command {
	c := &cobra.Command{Use: "audit", Short: "The log of who saw and did what"}
	var dsn, against string
	verify := &cobra.Command{
		Use:   "verify",
		Short: "Prove that the log was not changed",
		Long: `Seal what is not sealed yet, recompute every leaf and the whole tree, and name the first difference. With --against HEAD, a
line that an earlier "xinhuo audit head" printed and that was kept outside this machine, it also
proves that the log of then is still the beginning of today's.`,
		Example: `  xinhuo audit verify --db data/demo/demo.db
  xinhuo audit verify --db data/demo/demo.db --against "$(tail -n 1 heads)"`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				if _, err := a.Audit.Seal(ctx); err != nil {
					return err
				}
				check := a.Audit.Watch // the server hears of it, too
				if against != "" {
					check = func(ctx context.Context) (audit.Report, error) { return a.Audit.VerifyAgainst(ctx, against) }
				}
				rep, err := check(ctx)
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s\n%d rows checked\n", rep.Head, rep.Checked)
				if !rep.OK() {
					return fmt.Errorf("the log was changed: %s", rep.Fault)
				}
				faults, err := a.Audit.Faults(ctx)
				for _, f := range faults {
					fmt.Fprintf(cmd.OutOrStdout(), "looked into by %s: %s: %s\n", f.ByName, f.Text, f.Why)
				}
				return err
			})
		},
	}
	verify.Flags().StringVar(&against, "against", "", "a head kept outside this machine")
	head := &cobra.Command{
		Use:   "head",
		Short: "Print the head of the log, to be kept outside this machine",
		Long: `Seal the log and print its head, one line. Whoever can write to the database could rebuild the whole log, but not so that an
older head kept elsewhere still fits: keep one every day, and give it to xinhuo audit verify --against.`,
		Example: "  xinhuo audit head --db data/demo/demo.db >> heads",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				h, err := a.Audit.Seal(ctx)
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), h)
				}
				return err
			})
		},
	}
	var why string
	accept := &cobra.Command{
		Use:   "accept --reason TEXT",
		Short: "Go on after a change of the log was looked into",
		Long: `While a check of the log has found something that does not fit, nothing sealed can be read. Look into it first: xinhuo audit verify names
the row, and a backup or a head kept outside tells what it was. Then say here what was found; reading goes on, and what was found stays
on the log's page with the reason. Rows behind a changed row are checked as before.`,
		Example: `  xinhuo audit accept --reason restored-from-the-backup-of-3-May --db city.db`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				n, err := a.Audit.Accept(ctx, scope.From(ctx).Name, why)
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "%d open before\n", n)
				}
				return err
			})
		},
	}
	accept.Flags().StringVar(&why, "reason", "", "what was found, at least 20 characters")
	_ = accept.MarkFlagRequired("reason")
	c.PersistentFlags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.AddCommand(verify, head, accept)
	return c
}

func migrateCmd() *cobra.Command {
	var dsn string
	c := &cobra.Command{
		Use:   "migrate",
		Short: "Bring a database's schema up to date",
		Long: `Make the tables that this version needs; a database that is up to date, or is not there yet, is fine. Every command
that opens a database does the same, so that this is only for those who want it done at a time of their choosing.`,
		Example: "  xinhuo migrate --db city.db",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withNewApp(cmd.Context(), dsn, func(context.Context, *app.App) error {
				fmt.Fprintln(cmd.OutOrStdout(), "up to date")
				return nil
			})
		},
	}
	c.Flags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	return c
}

func copyCmd() *cobra.Command {
	var from, to string
	c := &cobra.Command{
		Use:   "copy --from DATABASE --to DATABASE",
		Short: "Move a database to another engine",
		Long: `Copy everything from one database to another, such as from a file to PostgreSQL, and check that the figures agree. The
target has to be empty. Stop the server first: what is written meanwhile is not carried over. Uploaded files stay in their
folder or bucket; name it to the new server with xinhuo serve --files. To move them as well, use xinhuo backup and xinhuo restore.`,
		Example: "  xinhuo copy --from city.db --to postgres://user:password@host/xinhuo",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := standing(from); err != nil {
				return err
			}
			bar := progress("copy")
			done := 0
			if err := app.CopyDatabase(cmd.Context(), from, to, func(_ string, rows int64) { done += int(rows); bar(done, done) }); err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), "copied; every balance equals its recount")
			if key := app.SealKey(from, ""); exists(key) {
				fmt.Fprintf(cmd.OutOrStdout(), "take the key file of sealed fields along: %s. The new server looks for it beside its folder of uploads or where XINHUO_SEAL_KEY says\n", key)
			}
			return nil
		},
	}
	c.Flags().StringVar(&from, "from", "", "database to read")
	c.Flags().StringVar(&to, "to", "", "empty database to fill")
	_ = c.MarkFlagRequired("from")
	_ = c.MarkFlagRequired("to")
	return c
}

const filesHelp = "folder of uploads, or s3://host/bucket/prefix (default: beside the database file; with PostgreSQL data/files)"

func backupCmd() *cobra.Command {
	var dsn, files string
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Write the city into one file, while the program runs",
		Long: `Write a whole city into one new file, a zip archive: the database as it stands at one instant, and the uploaded files. The
program may go on serving meanwhile. It never takes the place of a file that is there. Bring it back with xinhuo restore.

When files that the database names are missing from the folder, or damaged, it says so and exits with 1; the archive holds
everything else. With PostgreSQL, or a bucket, name where the uploads are as for xinhuo serve. A store that does not answer
ends it, and no archive is left.`,
		Example: `  xinhuo backup city-2026-11-23.zip --db city.db
  xinhuo backup city.zip --db postgres://user:password@host/xinhuo --files /srv/xinhuo/files`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := standing(dsn); err != nil {
				return err
			}
			done, err := app.Backup(cmd.Context(), dsn, files, args[0], progress("backup"))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: the database and %s\n", args[0], countFiles(done.Files))
			if key := app.SealKey(dsn, files); exists(key) {
				fmt.Fprintf(cmd.OutOrStdout(), "the keys of sealed fields are not in it: keep a copy of %s elsewhere, never beside the backups\n", key)
			}
			if n := len(done.Lost); n > 0 {
				return told{fmt.Sprintf("%s that the database names could not be taken along: missing from %s or damaged there, the first %s. Name the folder of uploads with --files",
					countFiles(n), done.Folder, done.Lost[0]), 1}
			}
			return nil
		},
	}
	c.Flags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.Flags().StringVar(&files, "files", "", filesHelp)
	return c
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func countFiles(n int) string {
	if n == 1 {
		return "1 uploaded file"
	}
	return fmt.Sprintf("%d uploaded files", n)
}

func restoreCmd() *cobra.Command {
	var dsn, files string
	var overwrite bool
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring a backup back",
		Long: `Bring a backup into a database, a file or PostgreSQL, and its uploaded files into their folder or bucket. The backup is read through
first: a damaged or cut one is refused and changes nothing. Stop the server first.

A database that holds something is only replaced with --overwrite. Uploaded files that are there already stay.`,
		Example: `  xinhuo restore city-2026-11-23.zip --db again.db
  xinhuo restore city.zip --db postgres://user:password@host/xinhuo --files /srv/xinhuo/files`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			done, err := app.Restore(cmd.Context(), args[0], dsn, files, overwrite, progress("restore"))
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "the database and %s into %s\n", countFiles(done.Files), done.Folder)
			if key := app.SealKey(dsn, files); !exists(key) {
				fmt.Fprintf(cmd.OutOrStdout(), "what is sealed opens only with the key file of the old place: put it at %s, or name it with XINHUO_SEAL_KEY\n", key)
			}
			return nil
		},
	}
	c.Flags().StringVar(&dsn, "db", defaultDB(), "database to fill: a file or postgres://…")
	c.Flags().StringVar(&files, "files", "", filesHelp)
	c.Flags().BoolVar(&overwrite, "overwrite", false, "throw away what the database holds")
	return c
}

func exportCmd() *cobra.Command {
	var dsn, unit, format, lang string
	c := &cobra.Command{
		Use:   "export KIND",
		Short: "Write records as a table that can be imported again",
		Long: `Write the records of a unit's subtree to the standard output; xinhuo import table takes the table in again. KIND is one of
` + strings.Join(app.TableKinds, ", ") + ".",
		Example: `  xinhuo export base --db data/demo/demo.db --unit 9902 > bases.xlsx
  xinhuo export team --db data/demo/demo.db --unit 9902 --format csv --lang en > teams.csv`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				u, err := a.Org.ByCode(ctx, unit)
				if err != nil {
					return err
				}
				return a.Record.Export(a.In(ctx, lang), cmd.OutOrStdout(), args[0], format, u.ID, args[0])
			})
		},
	}
	c.Flags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.Flags().StringVar(&unit, "unit", "", "external code of the unit")
	c.Flags().StringVar(&format, "format", "xlsx", "xlsx or csv")
	c.Flags().StringVar(&lang, "lang", "zh", "titles: zh or en")
	_ = c.MarkFlagRequired("unit")
	return c
}

func importCmd() *cobra.Command {
	c := &cobra.Command{Use: "import", Short: "Load a city, or a table of records"}
	var dsn, unit string
	var good bool
	var dates map[string]string
	city := &cobra.Command{
		Use:   "city DIR",
		Short: "Load a city from CSV files",
		Long: `Load unit.csv, base.csv, accreditation.csv, team.csv, reform.csv and project.csv of a folder (UTF-8 or GB18030).

Problems are printed row by row and nothing is written, unless --good-rows takes the rows without one. Loading the same
files again changes nothing. The number printed at the end takes the import back: xinhuo import undo NUMBER. The columns are
in docs/city-files.md.`,
		Example: "  xinhuo import city files/ --db city.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withNewApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				rep, err := a.ImportCity(ctx, args[0], good, progress("import"))
				for _, p := range rep.Problems {
					fmt.Fprintln(cmd.ErrOrStderr(), p)
				}
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d units, %d records new, %d changed, %d as they were, %d rows left out\n", rep.Units, rep.New, rep.Changed, rep.Same, rep.Bad)
				if rep.Batch != 0 {
					fmt.Fprintf(cmd.OutOrStdout(), "import %s\n", rep.Batch)
				}
				return nil
			})
		},
	}
	city.Flags().BoolVar(&good, "good-rows", false, "take the rows without a problem")
	undo := &cobra.Command{
		Use:   "undo NUMBER",
		Short: "Take an import of a city back",
		Long: `Take back what an import of a city brought, by the number that it printed. It is refused when somebody has changed one of its
records since. The log keeps both acts.`,
		Example: "  xinhuo import undo sarv75gppm00 --db city.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			batch, err := id.Parse(args[0])
			if err != nil {
				return err
			}
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				if err := a.UndoCity(ctx, batch); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), "taken back; the log keeps both acts")
				return nil
			})
		},
	}
	table := &cobra.Command{
		Use:   "table KIND FILE",
		Short: "Load a table of records of one kind",
		Long: `Load one table, xlsx or CSV (UTF-8 or GB18030), with Chinese or English titles; a table with the right titles comes out of
xinhuo export. Problems are printed row by row and nothing is written, unless --good-rows takes the rows without one. KIND is one of
` + strings.Join(app.TableKinds, ", ") + `.

A date that may be several days (5月1日 without a year, 2019.5, 5/6/2019, 19.5.3) is asked about: what is asked is printed
with its answers, and --dates gives them, for one column (year.founded_on=2018) or for all of them (month=first).`,
		Example: "  xinhuo import table base bases.xlsx --db data/demo/demo.db --unit 9902",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[1])
			if err != nil {
				return err
			}
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				u, err := a.Org.ByCode(ctx, unit)
				if err != nil {
					return err
				}
				p, err := a.Record.Upload(ctx, args[0], u.ID, filepath.Base(args[1]), data)
				if err != nil {
					return err
				}
				if len(dates) > 0 {
					if err := a.Record.Answer(ctx, p.Ref, dates); err != nil {
						return err
					}
					if p, err = a.Record.Import(ctx, p.Ref); err != nil {
						return err
					}
				}
				for _, bad := range p.Problems {
					fmt.Fprintln(cmd.ErrOrStderr(), a.Problem(ctx, bad))
				}
				for _, q := range p.Dates {
					if q.Answer == "" {
						fmt.Fprintf(cmd.ErrOrStderr(), "%d rows, first row %d “%s”: --dates %s=%s\n", q.Rows, q.Line, q.Cell, q.Key, strings.Join(q.Offers, "|"))
					}
				}
				if p, err = a.Record.Take(ctx, p.Ref, good); err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%d rows taken, %d left out\n", len(p.Lines), p.Bad)
				return nil
			})
		},
	}
	table.Flags().StringVar(&unit, "unit", "", "external code of the unit whose records they are")
	table.Flags().StringToStringVar(&dates, "dates", nil, "how dates that may be several days are read")
	table.Flags().BoolVar(&good, "good-rows", false, "take the rows without a problem")
	_ = table.MarkFlagRequired("unit")
	c.PersistentFlags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.AddCommand(city, undo, table)
	return c
}

func userCmd() *cobra.Command {
	c := &cobra.Command{Use: "user", Short: "Accounts"}
	var dsn, unit, person, post string
	add := &cobra.Command{
		Use:   "add LOGIN",
		Short: "Make an account with a post",
		Long: `Make an account and a post from today on, for one person at one unit. The password is asked for, or read from the standard
input.`,
		Example: "  xinhuo user add linxiaohe --db data/demo/demo.db --unit 990201 --person 林晓禾 --post office",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			password, err := readPassword(cmd)
			if err != nil {
				return err
			}
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				u, err := a.Org.ByCode(ctx, unit)
				if err != nil {
					return err
				}
				return a.DB.Tx(ctx, func(ctx context.Context) error {
					acc, err := a.Account.Create(ctx, account.NewAccount{Login: args[0], Person: person, Unit: u.ID, Password: password})
					if err != nil {
						return err
					}
					_, err = a.Org.AppointPost(ctx, org.Post{Unit: u.ID, Kind: post, Person: person, Account: acc.ID, From: clock.Today(ctx)})
					return err
				})
			})
		},
	}
	add.Flags().StringVar(&unit, "unit", "", "external code of the unit")
	add.Flags().StringVar(&person, "person", "", "the person's name")
	add.Flags().StringVar(&post, "post", "office", "kind of post: director, secretary_general, office, member …")
	_ = add.MarkFlagRequired("unit")
	_ = add.MarkFlagRequired("person")
	reset := &cobra.Command{
		Use:   "reset LOGIN",
		Short: "Give a new one-time code to somebody who forgot the password",
		Long: `Print a one-time code, good for 14 days, with which its holder chooses a new password. The old password and its sessions end
at once.`,
		Example: "  xinhuo user reset linxiaohe --db data/demo/demo.db",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				acc, err := a.Account.ByLogin(ctx, args[0])
				if err != nil {
					return err
				}
				code, err := a.Account.Reset(ctx, acc.ID)
				if err == nil {
					fmt.Fprintln(cmd.OutOrStdout(), code)
				}
				return err
			})
		},
	}
	var reason string
	second := &cobra.Command{
		Use:   "second LOGIN --reason TEXT",
		Short: "Take the second factor off an account whose owner lost it",
		Long: `Take the codes by telephone, the passkeys and the backup codes off an account, for somebody who lost telephone and backup codes.
Make sure first that it is the owner who asks. All sessions of the account end, and the owner is told at the next sign-in, with the
reason. A page does the same for accounts that an administrator manages; this is for the administrators themselves.`,
		Example: `  xinhuo user second linxiaohe --db data/demo/demo.db --reason telephone-lost-came-in-person`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				acc, err := a.Account.ByLogin(ctx, args[0])
				if err != nil {
					return err
				}
				if err := a.Account.ResetSecond(ctx, acc.ID, reason); err != nil {
					return err
				}
				fmt.Fprintln(cmd.OutOrStdout(), "taken off; the owner is told at the next sign-in")
				return nil
			})
		},
	}
	second.Flags().StringVar(&reason, "reason", "", "how it was made sure that the owner asks, and why")
	_ = second.MarkFlagRequired("reason")
	list := &cobra.Command{
		Use:   "list",
		Short: "List the accounts of a subtree as JSON",
		Long:  "Print one line of JSON for each account of a unit and of the units below it: login, person, unit, disabled.",
		Example: `  xinhuo user list --db data/demo/demo.db
  xinhuo user list --db data/demo/demo.db --unit 990201`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				u, err := a.Org.ByCode(ctx, unit)
				if errs.Is(err, errs.NotFound) {
					u, err = a.Org.Top(ctx)
				}
				if err != nil {
					return err
				}
				e := json.NewEncoder(cmd.OutOrStdout())
				for after := ""; ; {
					accs, err := a.Account.List(ctx, u.ID, "", after, 200)
					if err != nil || len(accs) == 0 {
						return err
					}
					for _, acc := range accs {
						if err := e.Encode(map[string]any{"login": acc.Login, "person": acc.Person, "unit": acc.Unit, "disabled": acc.DisabledAt != 0}); err != nil {
							return err
						}
					}
					after = accs[len(accs)-1].Login
				}
			})
		},
	}
	list.Flags().StringVar(&unit, "unit", "", "external code of the unit (default: the top)")
	c.PersistentFlags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.AddCommand(add, reset, second, rulesCmd(&dsn), list)
	return c
}

// rulesCmd shows and changes what holds for all accounts.
func rulesCmd(dsn *string) *cobra.Command {
	var strong, apart string
	c := &cobra.Command{
		Use:   "rules",
		Short: "Say whether sealed data asks for a second factor, and whether the three administrators are kept apart",
		Long: `With --second on, what is sealed about minors opens only for those who proved a second factor within 12 hours. With --separate on,
no account can be two of system, security and audit administrator, and auditors do not see their own acts in the log; it is refused
with the names of the accounts that hold two. Without a flag it prints what is set.`,
		Example: `  xinhuo user rules --db city.db
  xinhuo user rules --db city.db --second on --separate on`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), *dsn, func(ctx context.Context, a *app.App) error {
				r, err := a.Account.Rules(ctx)
				if err != nil {
					return err
				}
				for _, x := range []struct {
					name, value string
					on          *bool
				}{{"second", strong, &r.Strong}, {"separate", apart, &r.Apart}} {
					switch x.value {
					case "":
					case "on", "off":
						*x.on = x.value == "on"
					default:
						return wrong("--%s takes on or off", x.name)
					}
				}
				if strong != "" || apart != "" {
					if err := a.Account.SetRules(ctx, r); err != nil {
						return err
					}
				}
				word := map[bool]string{true: "on", false: "off"}
				fmt.Fprintf(cmd.OutOrStdout(), "second    %s\nseparate  %s\n", word[r.Strong], word[r.Apart])
				return nil
			})
		},
	}
	c.Flags().StringVar(&strong, "second", "", "on or off: sealed data asks for a second factor")
	c.Flags().StringVar(&apart, "separate", "", "on or off: system, security and audit administrators are three people")
	return c
}

// readPassword asks on a terminal without showing it; otherwise it takes one line of the standard input.
func readPassword(cmd *cobra.Command) (string, error) {
	if f, ok := cmd.InOrStdin().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(cmd.ErrOrStderr(), "password: ")
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(cmd.ErrOrStderr())
		return string(b), err
	}
	line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
	if line == "" && err != nil {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
