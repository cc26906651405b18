// Package office turns documents of office programs (docx, doc, wps, xlsx, pptx, odt, rtf …) into PDFs, laid out as their own
// programs would, by LibreOffice where that is installed. A Converter finds it, makes a profile for it once, and starts it when
// there is something to do; it does not stay. Those who wait at the same moment are served by one call, since starting
// costs more than a document.
//
// Documents come from strangers and LibreOffice follows what they refer to, so each call runs in a jail of bubblewrap: no
// network, no files but the system's programs and fonts and the folder of the call, an environment and a profile of its own in which macros
// are off and nothing outside is fetched. Its time, memory and output are bounded; beyond them its process group is ended by SIGKILL. A
// document that hangs or breaks a call is found, tried once more alone, and costs only the one who sent it.
//
// Without LibreOffice or without a jail the answer is office.unavailable.
package office

import "embed"

// Texts are the words of this package's errors, zh and en.
//
//go:embed i18n/*.toml
var Texts embed.FS
