package db

import "embed"

// Texts holds what copying, backing up and restoring tell the operator, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
