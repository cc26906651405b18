// Package static holds the files that every page needs and that never change
// while the program runs: the style sheet, the icon, and the scripts. They are served with a
// content hash in the address by the web package.
package static

import "embed"

// Files are the style sheet, the icon and the script.
//
//go:embed xinhuo.css favicon.svg aloud.js draft.js leave.js live.js passkey.js suggest.js upload.js
var Files embed.FS
