package main

import (
	"github.com/spf13/cobra"

	"xinhuo/internal/app"
)

func benchCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "bench",
		Short: "Measure what docs/benchmarks.md promises, on this machine",
		Long: `Make a demonstration city in a temporary folder, measure figures, the home page, the import and memory, and print
them beside what is promised. Nothing of yours is read or changed.`,
		Example: "  xinhuo bench",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return app.Bench(cmd.Context(), cmd.OutOrStdout()) },
	}
}
