package web

import "embed"

// Migrations holds the table behind Once.
//
//go:embed migrations
var Migrations embed.FS

// Texts holds what errors say everywhere.
//
//go:embed i18n
var Texts embed.FS
