// Command xinhuo is the whole program: the server, the demonstration and everything that can be done without a browser.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"xinhuo/internal/app"
	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/i18n"
	"xinhuo/internal/kit/pdf"
)

// version is set at build time.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := root().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "xinhuo: "+words(err))
		os.Exit(exitCode(err))
	}
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use:   "xinhuo",
		Short: "Xinhuo · 网上关工委: the work platform of committees that care for the next generation",
		Long: `Xinhuo keeps the deeds of a tree of committees as a ledger: every figure is live, and one
step leads from any number to exactly the records behind it.

Without a command it serves your own city and opens the browser. Begin with the demonstration:

  xinhuo demo

It makes data/demo/demo.db; in another window, or afterwards, ask it without a browser:

  xinhuo figures --db data/demo/demo.db --unit 9902
  xinhuo evidence base.accredited --db data/demo/demo.db --unit 9902
  xinhuo verify --db data/demo/demo.db

A database is a file or postgres://user:password@host/name; XINHUO_DB stands in for --db. serve, import city, migrate, restore
and copy make a file that is not there yet, everything else refuses it. Exit codes: 0 done, 1 failed or a difference found, 2
something typed has to be changed, 3 not found.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       version,
		RunE: func(cmd *cobra.Command, args []string) error {
			return serve(cmd.Context(), serveOptions{db: defaultDB(), host: "127.0.0.1", port: 8080, browser: true})
		},
	}
	c.AddCommand(serveCmd(), demoCmd(), importCmd(), exportCmd(), figuresCmd(), evidenceCmd(), verifyCmd(), auditCmd(),
		migrateCmd(), copyCmd(), userCmd(), siteCmd(), backupCmd(), restoreCmd(), sealCmd(), benchCmd(), libraryCmd(), aidCmd(), caseworkCmd(), versionCmd(), pdfWorkerCmd())
	return c
}

func versionCmd() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: cobra.NoArgs, Run: func(cmd *cobra.Command, _ []string) {
		fmt.Fprintln(cmd.OutOrStdout(), version)
	}}
}

// pdfWorkerCmd is the program as the child that reads PDFs; the server starts it, nobody else.
func pdfWorkerCmd() *cobra.Command {
	return &cobra.Command{Use: pdf.Subcommand + " CACHE", Short: "Read PDFs for the server that began this process", Hidden: true, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return pdf.Serve(os.Stdin, os.Stdout, args[0]) }}
}

// words says an error as a person would want it: our own errors by their text, the rest as they are.
func words(err error) string {
	texts, bad := app.Texts()
	if bad != nil {
		return err.Error()
	}
	lang := "en"
	if strings.HasPrefix(os.Getenv("LANG"), "zh") {
		lang = "zh"
	}
	var e *errs.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	ctx := i18n.With(context.Background(), texts, lang)
	out := i18n.Error(ctx, err)
	for _, f := range e.Fields {
		out += "\n  " + f.Name + ": " + texts.Get(lang, f.Key, f.Args)
	}
	if e.Kind != errs.Invalid || out == e.Key { // an operator wants to know where
		out += " (" + err.Error() + ")"
	}
	return out
}

// told is a mistake of the command line in plain words, with the exit code that says what kind it is.
type told struct {
	text string
	code int
}

func (t told) Error() string { return t.text }

// wrong is something typed that cannot be understood; missing is something named that is not there.
func wrong(format string, args ...any) error   { return told{fmt.Sprintf(format, args...), 2} }
func missing(format string, args ...any) error { return told{fmt.Sprintf(format, args...), 3} }

// exitCode tells a script what kind of thing went wrong: 2 the input, 3 not found, 1 anything else.
func exitCode(err error) int {
	var t told
	if errors.As(err, &t) {
		return t.code
	}
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Unsupported, errs.TooLarge, errs.Conflict:
		return 2
	case errs.NotFound:
		return 3
	default:
		return 1
	}
}
