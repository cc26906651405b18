// Package static holds the files that every page needs and that never change
// while the program runs: the style sheet and the icon. They are served with a
// content hash in the address by the web package.
package static

import "embed"

// Files are the style sheet and the icon.
//
//go:embed xinhuo.css favicon.svg
var Files embed.FS
