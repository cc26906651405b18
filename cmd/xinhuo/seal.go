package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"xinhuo/internal/app"
	"xinhuo/internal/seal"
)

func sealCmd() *cobra.Command {
	var dsn, files string
	c := &cobra.Command{
		Use:   "seal",
		Short: "Turn the keys of what is sealed about minors",
		Long: `Names of minors and the like are encrypted. The key file is no part of the database or of any backup: it stands beside the
folder of uploads (city-seal.key beside city.db), or where XINHUO_SEAL_KEY says. Without it nobody can read them: keep a copy elsewhere.`,
	}
	c.PersistentFlags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.PersistentFlags().StringVar(&files, "files", "", filesHelp)
	run := func(say string, do func(s *seal.Service, ctx context.Context) (int, error)) func(*cobra.Command, []string) error {
		return func(cmd *cobra.Command, _ []string) error {
			if err := standing(dsn); err != nil {
				return err
			}
			a, err := app.Open(cmd.Context(), app.Config{DSN: dsn, Files: files})
			if err != nil {
				return err
			}
			defer a.Close()
			n, err := do(a.Seal, a.System(cmd.Context(), "seal"))
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), say, n, app.SealKey(dsn, files))
			}
			return err
		}
	}
	c.AddCommand(&cobra.Command{Use: "rotate", Short: "Make a new key and wrap all data keys with it", Args: cobra.NoArgs,
		Long: `Make a new key and wrap the key of every sealed record with it. The former key stays in the key file, so that former backups
can still be read, until xinhuo seal forget.`,
		Example: "  xinhuo seal rotate --db city.db",
		RunE:    run("%d sealed records wrapped anew; keep a copy of %s\n", (*seal.Service).Rotate)},
		&cobra.Command{Use: "forget", Short: "Destroy the former keys: what older backups hold sealed can no longer be read", Args: cobra.NoArgs,
			Long: `Destroy all keys but the newest. What backups from before the last rotate hold of sealed fields can then be read by nobody, if
copies of the key file are destroyed as well. Stop the server first. It cannot be undone.`,
			Example: "  xinhuo seal forget --db city.db",
			RunE:    run("%d former keys destroyed; destroy old copies of %s, too\n", (*seal.Service).Forget)},
		&cobra.Command{Use: "lock", Short: "Encrypt the key file under a master key", Args: cobra.NoArgs,
			Long: `Encrypt the keys in the key file under a master key, so that a copy of the file alone opens nothing. The master key is 64
hexadecimal digits in XINHUO_SEAL_MASTER or in the file that XINHUO_SEAL_MASTER_FILE names, or what the command line in XINHUO_SEAL_MASTER_COMMAND prints (a hardware module, a key
service). Every program on this database needs it from then on. To change it: unlock with the old one, lock with the new one.`,
			Example: "  XINHUO_SEAL_MASTER=$(openssl rand -hex 32) xinhuo seal lock --db city.db",
			RunE:    run("%d, the keys of %[2]s are locked\n", once((*seal.Service).LockKeys))},
		&cobra.Command{Use: "unlock", Short: "Make the key file readable again", Args: cobra.NoArgs,
			Long:    `Write the key file with its keys readable, with the master key that locked it.`,
			Example: "  xinhuo seal unlock --db city.db",
			RunE:    run("%d, the keys of %[2]s are readable\n", once((*seal.Service).UnlockKeys))},
		sealSuiteCmd(run), sealRhythmCmd(run), unsealCmd())
	return c
}

type sealRun func(say string, do func(s *seal.Service, ctx context.Context) (int, error)) func(*cobra.Command, []string) error

// once is an act that counts nothing.
func once(do func(s *seal.Service, ctx context.Context) error) func(s *seal.Service, ctx context.Context) (int, error) {
	return func(s *seal.Service, ctx context.Context) (int, error) { return 1, do(s, ctx) }
}

func sealSuiteCmd(run sealRun) *cobra.Command {
	return &cobra.Command{Use: "suite aes|sm4", Short: "Choose the cipher and encrypt what there is anew", Args: cobra.ExactArgs(1),
		Long: `Choose the cipher of sealed fields: aes (AES-256-GCM) or sm4 (SM4-GCM, GB/T 32907). What is of the other is encrypted anew, while
the server works; broken off, it can be begun again, and both open beside each other.`,
		Example: "  xinhuo seal suite sm4 --db city.db",
		RunE: func(cmd *cobra.Command, args []string) error {
			return run("%d sealed records encrypted anew; keep a copy of %s\n", func(s *seal.Service, ctx context.Context) (int, error) {
				return s.SetSuite(ctx, seal.Suite(args[0]))
			})(cmd, args)
		}}
}

func sealRhythmCmd(run sealRun) *cobra.Command {
	var r seal.Rhythm
	c := &cobra.Command{Use: "rhythm", Short: "Turn keys by themselves", Args: cobra.NoArgs,
		Long: `Make a new key every so many days, and destroy a former key so many days after it was replaced. What was erased then opens in no
backup that is older than that, and neither does anything else that was sealed in it: choose --forget longer than you keep backups.
0 turns it off. Copies of the key file have to be made anew after each turn.`,
		Example: "  xinhuo seal rhythm --rotate 30 --forget 90 --db city.db",
		RunE:    run("%d, the rhythm stands in %[2]s\n", once(func(s *seal.Service, ctx context.Context) error { return s.SetRhythm(ctx, r) }))}
	c.Flags().IntVar(&r.Rotate, "rotate", 0, "days between new keys, 0 for never")
	c.Flags().IntVar(&r.Forget, "forget", 0, "days after which a former key is destroyed, 0 for never")
	return c
}

func unsealCmd() *cobra.Command {
	return &cobra.Command{Use: "unseal FILE", Short: "Open an export of sealed content", Args: cobra.ExactArgs(1),
		Long: `Open a file that was exported with a password (….xlsx.age) and write the workbook beside it. The password is asked for, or
read from the first line of standard input, so that it stands in no history of commands. Any program that reads age files opens it as well.`,
		Example: "  xinhuo seal unseal sealed-9902-3k5f8q2m0a.xlsx.age",
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			password, err := readPassword(cmd)
			if err != nil {
				return err
			}
			plain, err := seal.Unseal(in, password)
			if err != nil {
				return err
			}
			path := strings.TrimSuffix(args[0], ".age")
			if path == args[0] {
				path += ".xlsx"
			}
			out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return err
			}
			if _, err := io.Copy(out, plain); err != nil {
				return errors.Join(err, out.Close(), os.Remove(path))
			}
			fmt.Fprintln(cmd.OutOrStdout(), path)
			return out.Close()
		}}
}
