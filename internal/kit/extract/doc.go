// Package extract tells what an uploaded document is, by its content, and reads its text, its structure and what it says
// about itself: docx, xlsx, pptx, doc, wps, ofd, txt, html, md; of images the format and the size. A pdf is recognised
// and marked; its pages and text are for kit/pdf.
//
// Nothing in a file is trusted. Sizes are counted while reading, never taken from a header; parts of a zip that overlap,
// stand twice or unfold beyond a limit are refused, and so is XML that declares entities. Nothing is run, fetched or
// written, and a zip within a zip is never opened. What a document brings along that could act when somebody opens it
// is marked (Marks), so that it can be kept and shown for what it is.
//
// Read is pure: no database, no network, no files. What is held in memory is bounded by Limits, whatever a file claims.
package extract

import "embed"

// Texts are the words of this package's errors, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
