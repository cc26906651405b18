package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"xinhuo/internal/app"
	"xinhuo/internal/kit/id"
)

func siteCmd() *cobra.Command {
	var dsn, unit string
	values := map[string]*string{}
	c := &cobra.Command{
		Use:   "site",
		Short: "Set what the foot of every page says: owner, registration numbers, telephone",
		Long: `Set the copyright line, the numbers under which the site is registered and the telephone for help; they stand at the foot of
every page, the sign-in page among them. A flag with an empty value takes its line away, flags that are not given leave theirs
as it is, and without any flag it prints what is set. A running server shows a change within a minute, every server of a cluster
does. --unit names the unit whose administrators may change it on the page /site; without one it is the top of the tree.`,
		Example: `  xinhuo site --db city.db
  xinhuo site --db city.db --icp 云ICP备00000000号 --police 云公网安备00000000000000号
  xinhuo site --db city.db --mark YS00000000 --mark-url https://mark.example.org/YS00000000
  xinhuo site --db city.db --phone 0500-5550126 --phone-note ""`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				if n := cmd.Flags().NFlag(); n == 0 || n == 1 && cmd.Flags().Changed("db") {
					return printSite(ctx, cmd, a)
				}
				var runs id.ID
				if unit != "" {
					u, err := a.Org.ByCode(ctx, unit)
					if err != nil {
						return missing("no unit has the code %s", unit)
					}
					runs = u.ID
				}
				return a.SetImprint(ctx, -1, func(s *app.Imprint) {
					for name, v := range values {
						if cmd.Flags().Changed(flagOf(name)) {
							*s.Field(name) = *v
						}
					}
					if cmd.Flags().Changed("mark") && s.Mark == "" && !cmd.Flags().Changed("mark-url") { // nothing is left for it to prove
						s.MarkURL = ""
					}
					if cmd.Flags().Changed("unit") {
						s.Unit = runs
					}
				})
			})
		},
	}
	c.Flags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	help := map[string]string{"copyright": "copyright line", "icp": "number of the ICP filing or licence; links to its register", "police": "number of the public security filing; links to its register",
		"mark": "code of the mark of Party and government sites", "mark_url": "https address of the mark", "phone": "telephone for help", "phone_note": "who answers it, and when"}
	for _, name := range app.ImprintNames {
		values[name] = c.Flags().String(flagOf(name), "", help[name])
	}
	c.Flags().StringVar(&unit, "unit", "", "external code of the unit that runs the site")
	return c
}

// flagOf is a field's name as a flag.
func flagOf(name string) string { return strings.ReplaceAll(name, "_", "-") }

func printSite(ctx context.Context, cmd *cobra.Command, a *app.App) error {
	s, err := a.Imprint(ctx)
	if err != nil {
		return err
	}
	for _, name := range app.ImprintNames {
		fmt.Fprintf(cmd.OutOrStdout(), "%-11s %s\n", flagOf(name), *s.Field(name))
	}
	if s.Unit == 0 {
		return nil
	}
	u, err := a.Org.Unit(ctx, s.Unit)
	if err == nil {
		fmt.Fprintf(cmd.OutOrStdout(), "%-11s %s %s\n", "unit", u.Code, u.Name)
	}
	return err
}
