package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"xinhuo/internal/app"
)

func caseworkCmd() *cobra.Command {
	c := &cobra.Command{Use: "casework", Short: "Cases that are followed: numbers, no names"}
	var dsn, unit string
	overdue := &cobra.Command{
		Use:   "overdue",
		Short: "Print how many visits are overdue, unit by unit",
		Long: `Print code, name and number of overdue visits of each unit in a subtree. Which cases they are and who they are about is read in the
unit itself and nowhere else.`,
		Example: "  xinhuo casework overdue --db data/demo/demo.db --unit 9902",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withApp(cmd.Context(), dsn, func(ctx context.Context, a *app.App) error {
				u, err := a.Org.Resolve(ctx, unit)
				if err != nil {
					return err
				}
				list, err := a.Casework.Lates(ctx, u)
				for _, x := range list {
					fmt.Fprintf(cmd.OutOrStdout(), "%s\t%s\t%d\n", x.Unit.Code, x.Unit.Name, x.N)
				}
				return err
			})
		},
	}
	overdue.Flags().StringVar(&unit, "unit", "", "code of the unit with those below it")
	_ = overdue.MarkFlagRequired("unit")
	c.PersistentFlags().StringVar(&dsn, "db", defaultDB(), "database: a file or postgres://…")
	c.AddCommand(overdue)
	return c
}
