package main

import (
	"github.com/spf13/cobra"

	"xinhuo/internal/app"
)

func benchCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "bench",
		Short: "Measure what docs/benchmarks.md promises, on this machine",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return app.Bench(cmd.Context(), cmd.OutOrStdout()) },
	}
}
