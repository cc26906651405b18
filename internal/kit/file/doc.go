// Package file looks at what people upload before anything else does: it tells the kind of a file by its content, never
// by its name, and turns photos into our own small JPEG files, which carry nothing but the picture: where and with
// which phone a photo was taken is dropped. The functions are pure; where files are kept is kit/blob's matter.
package file

import "embed"

// Texts are the words of this package's errors, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
