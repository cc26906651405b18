package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
)

// Source is a module's folder of dated SQL files.
type Source struct {
	Module string
	Files  fs.FS // holds migrations/*.sql
}

// fragments are the few words of DDL on which the engines differ.
var fragments = map[Engine]*strings.Replacer{
	// A table that is only ever read by its key needs no second tree on SQLite.
	SQLite:   strings.NewReplacer("/*without rowid*/", "WITHOUT ROWID"),
	Postgres: strings.NewReplacer(),
}

// Migrate brings the schema up to date: all modules' files in one global order, by their dates. A file once landed
// is never edited.
func (d *DB) Migrate(ctx context.Context, sources []Source) error {
	merged, err := d.merge(sources)
	if err != nil {
		return err
	}
	dialect := goose.DialectSQLite3
	if d.Engine == Postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, d.write, merged, goose.WithAllowOutofOrder(true))
	if errors.Is(err, goose.ErrNoMigrations) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("db.Migrate: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("db.Migrate: %w", err)
	}
	return nil
}

func (d *DB) merge(sources []Source) (fs.FS, error) {
	merged := fstest.MapFS{}
	for _, s := range sources {
		files, err := fs.Glob(s.Files, "migrations/*.sql")
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			b, err := fs.ReadFile(s.Files, f)
			if err != nil {
				return nil, err
			}
			base := strings.TrimPrefix(f, "migrations/")
			if _, dup := merged[base]; dup {
				return nil, fmt.Errorf("db.Migrate: two modules have %s", base)
			}
			merged[base] = &fstest.MapFile{Data: []byte(fragments[d.Engine].Replace(string(b)))}
		}
	}
	return merged, nil
}

// ours is the condition that a table is neither the migrations' own nor an index of kit/search, which is made anew at start
// and differs with the engine.
func ours(column string) string {
	return column + ` <> 'goose_db_version' AND ` + column + ` NOT LIKE '%!_search%' ESCAPE '!'`
}

// Tables lists the tables of the database in alphabetic order, without the migrations' own and those that are derived.
func (d *DB) Tables(ctx context.Context) ([]string, error) {
	q := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND ` + ours("name")
	if d.Engine == Postgres {
		q = `SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND ` + ours("tablename")
	}
	names, err := Select[string](ctx, d, q)
	sort.Strings(names)
	return names, err
}

// Schema writes the schema in a stable text form; it is kept in git for both engines.
func (d *DB) Schema(ctx context.Context) (string, error) {
	var b strings.Builder
	if d.Engine == SQLite {
		rows, err := Select[string](ctx, d, `SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND `+ours("tbl_name")+` ORDER BY tbl_name, type DESC, name`)
		if err != nil {
			return "", err
		}
		for _, r := range rows {
			b.WriteString(r + ";\n")
		}
		return b.String(), nil
	}
	type col struct {
		Table, Name, Type, Null string
		Default                 sql.NullString
	}
	cols, err := Select[col](ctx, d, `SELECT table_name AS "table", column_name AS name, data_type AS type, is_nullable AS "null", column_default AS "default"
		FROM information_schema.columns WHERE table_schema = current_schema() AND `+ours("table_name")+` ORDER BY table_name, ordinal_position`)
	if err != nil {
		return "", err
	}
	last := ""
	for _, c := range cols {
		if c.Table != last {
			fmt.Fprintf(&b, "\n%s\n", c.Table)
			last = c.Table
		}
		fmt.Fprintf(&b, "  %s %s%s%s\n", c.Name, c.Type, map[string]string{"NO": " NOT NULL"}[c.Null], prefixed(" DEFAULT ", c.Default.String))
	}
	idx, err := Select[string](ctx, d, `SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND `+ours("tablename")+` ORDER BY tablename, indexname`)
	if err != nil {
		return "", err
	}
	b.WriteString("\n")
	for _, i := range idx {
		b.WriteString(strings.Replace(i, currentSchemaPrefix, "", 1) + "\n")
	}
	keys, err := Select[string](ctx, d, `SELECT t.relname || ' ' || pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
		JOIN pg_namespace n ON n.oid = t.relnamespace WHERE n.nspname = current_schema() AND `+ours("t.relname")+` AND c.contype IN ('f', 'c')`)
	if err != nil {
		return "", err
	}
	sort.Strings(keys)
	b.WriteString("\n")
	for _, k := range keys {
		b.WriteString(k + "\n")
	}
	return b.String(), nil
}

const currentSchemaPrefix = "public."

func prefixed(p, s string) string {
	if s == "" {
		return ""
	}
	return p + s
}
