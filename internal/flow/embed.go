package flow

import "embed"

// Migrations holds the module's tables.
//
//go:embed migrations
var Migrations embed.FS

// Texts holds the module's words in zh and en.
//
//go:embed i18n
var Texts embed.FS

// definitions are the courses that come with the program.
//
//go:embed definitions/*.toml
var definitions embed.FS

// holidayTable is the calendar of days off and weekends worked.
//
//go:embed holidays.toml
var holidayTable []byte
