package main

import (
	"github.com/spf13/cobra"

	"xinhuo/internal/app"
)

func benchCmd() *cobra.Command {
	var sites bool
	c := &cobra.Command{
		Use:   "bench",
		Short: "Measure what docs/benchmarks.md promises, on this machine",
		Long: `Make a demonstration city in a temporary folder, measure figures, the home page, the import and memory, and print
them beside what is promised. Nothing of yours is read or changed.`,
		Example: "  xinhuo bench\n  xinhuo bench --sites",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if sites {
				return app.BenchSites(cmd.Context(), cmd.OutOrStdout())
			}
			return app.Bench(cmd.Context(), cmd.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&sites, "sites", false, "measure the public site alone, 300 visitors a second")
	return c
}
