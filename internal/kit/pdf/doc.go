// Package pdf reads PDFs: their text with the page on which each paragraph stands, the sizes of the pages, pictures of
// pages, and the lines of a page with their places. The work is done by pdfium as WebAssembly (go-pdfium, wazero) in a
// child process of our own program, because pdfium takes seconds and some 300 MB to be compiled, and because files may be
// made to hurt.
//
// A Reader begins the child when it is needed, keeps it warm for a while and begins it anew when it dies. Parent and child
// speak in frames over two pipes (frame.go). The child is not handed the file: it asks for the stretches it needs. It has no
// environment, no network and no files but the cache of compiled code; scripts and actions of a PDF are never run, since
// this pdfium has no engine for them. Every request begins with a fresh WebAssembly memory, so that nothing of one document
// is there for the next. What the child answers is checked as if a stranger had written it.
//
// The program calls Serve in a hidden command, and gives the command line that does so to New (Self makes it). Tests do the
// same in TestMain. Without it, or where there is no compiler for WebAssembly, a Reader answers pdf.unavailable.
package pdf

import "embed"

// Texts are the words of this package's errors, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
