package report

import "embed"

// Migrations holds the module's tables.
//
//go:embed migrations
var Migrations embed.FS

// Texts holds the module's words in zh and en.
//
//go:embed i18n
var Texts embed.FS

// outlines are texts to begin from, a file each.
//
//go:embed outlines
var outlines embed.FS
