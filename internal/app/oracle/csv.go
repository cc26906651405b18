package oracle

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
)

// table is one file of the exchange format.
type table struct {
	file   string
	header []string
	read   func(c *City, f []string) error
	write  func(c City) [][]string
}

var tables = []table{
	{
		"unit.csv", []string{"id", "parent", "level", "name", "valid_from", "valid_to"},
		func(c *City, f []string) error {
			c.Units = append(c.Units, Unit{f[0], f[1], f[2], f[3], f[4], f[5]})
			return nil
		},
		func(c City) (rows [][]string) {
			for _, u := range c.Units {
				rows = append(rows, []string{u.ID, u.Parent, u.Level, u.Name, u.ValidFrom, u.ValidTo})
			}
			return rows
		},
	},
	{
		"base.csv", []string{"id", "host", "name", "category", "run_mode"},
		func(c *City, f []string) error {
			c.Bases = append(c.Bases, Base{f[0], f[1], f[2], f[3], f[4]})
			return nil
		},
		func(c City) (rows [][]string) {
			for _, b := range c.Bases {
				rows = append(rows, []string{b.ID, b.Host, b.Name, b.Category, b.RunMode})
			}
			return rows
		},
	},
	{
		"accreditation.csv", []string{"id", "base", "level", "issuer", "granted_on", "revoked_on", "status"},
		func(c *City, f []string) error {
			c.Accreditations = append(c.Accreditations, Accreditation{f[0], f[1], f[2], f[3], f[4], f[5], f[6]})
			return nil
		},
		func(c City) (rows [][]string) {
			for _, a := range c.Accreditations {
				rows = append(rows, []string{a.ID, a.Base, a.Level, a.Issuer, a.GrantedOn, a.RevokedOn, a.Status})
			}
			return rows
		},
	},
	{
		"team.csv", []string{"id", "unit", "need", "founded_on", "dissolved_on", "status"},
		func(c *City, f []string) error {
			c.Teams = append(c.Teams, Team{f[0], f[1], f[2], f[3], f[4], f[5]})
			return nil
		},
		func(c City) (rows [][]string) {
			for _, t := range c.Teams {
				rows = append(rows, []string{t.ID, t.Unit, t.Need, t.FoundedOn, t.DissolvedOn, t.Status})
			}
			return rows
		},
	},
	{
		"reform.csv", []string{"unit", "adopted_on", "revoked_on", "status"},
		func(c *City, f []string) error {
			c.Reforms = append(c.Reforms, Reform{f[0], f[1], f[2], f[3]})
			return nil
		},
		func(c City) (rows [][]string) {
			for _, r := range c.Reforms {
				rows = append(rows, []string{r.Unit, r.AdoptedOn, r.RevokedOn, r.Status})
			}
			return rows
		},
	},
	{
		"project.csv", []string{"id", "contract_no", "unit", "kind", "signed_on", "status", "amount_fen", "version"},
		func(c *City, f []string) error {
			amount, err := strconv.ParseInt(f[6], 10, 64)
			if err != nil {
				return fmt.Errorf("amount_fen: %w", err)
			}
			version, err := strconv.Atoi(f[7])
			if err != nil {
				return fmt.Errorf("version: %w", err)
			}
			c.Projects = append(c.Projects, Project{f[0], f[1], f[2], f[3], f[4], f[5], amount, version})
			return nil
		},
		func(c City) (rows [][]string) {
			for _, p := range c.Projects {
				rows = append(rows, []string{p.ID, p.ContractNo, p.Unit, p.Kind, p.SignedOn, p.Status,
					strconv.FormatInt(p.AmountFen, 10), strconv.Itoa(p.Version)})
			}
			return rows
		},
	},
}

// ReadCSV reads the six files of a city from dir: UTF-8, a header line, commas.
// It fails on a missing file, another header, or a number that is none; it does
// not judge the rows otherwise.
func ReadCSV(dir string) (City, error) {
	var c City
	for _, t := range tables {
		if err := readTable(dir, t, &c); err != nil {
			return City{}, err
		}
	}
	return c, nil
}

func readTable(dir string, t table, c *City) error {
	f, err := os.Open(filepath.Join(dir, t.file))
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", t.file, err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], t.header) {
		return fmt.Errorf("%s: the header is not %v", t.file, t.header)
	}
	for i, row := range rows[1:] {
		if err := t.read(c, row); err != nil {
			return fmt.Errorf("%s: row %d: %w", t.file, i+2, err)
		}
	}
	return nil
}

// WriteCSV writes the six files of c into dir, which must exist, so that ReadCSV
// gives c again.
func WriteCSV(dir string, c City) error {
	for _, t := range tables {
		f, err := os.Create(filepath.Join(dir, t.file))
		if err != nil {
			return err
		}
		w := csv.NewWriter(f)
		// An error of a single write is kept by the writer and told by Error below.
		_ = w.Write(t.header)
		_ = w.WriteAll(t.write(c))
		if err := w.Error(); err != nil {
			f.Close()
			return fmt.Errorf("%s: %w", t.file, err)
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}
