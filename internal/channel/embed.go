package channel

import "embed"

// Migrations holds the tables of channels, choices, queues and messages.
//
//go:embed migrations
var Migrations embed.FS

// Texts are the words of this module, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
