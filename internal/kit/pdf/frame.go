package pdf

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// A frame is a byte that says what it is, the length of what follows in four bytes, and what follows.
const (
	askText  = 'T' // to the child: textRequest
	askPage  = 'P' // to the child: pageRequest
	askLines = 'L' // to the child: pageRequest
	giveData = 'D' // to the child: a stretch of the file; short at its end, empty when it cannot be read

	sayReady = 'k' // from the child: ready
	needData = 'r' // from the child: where in the file (8 bytes) and how much (4)
	sayFacts = 'd' // from the child: facts
	sayPage  = 'p' // from the child: pageText, once or more often for a page
	sayImage = 'i' // from the child: a PNG or a JPEG
	sayLines = 'l' // from the child: pageLinesSaid, once or more often
	sayDone  = '.' // from the child: done
	sayWrong = 'e' // from the child: one of the whys
)

// What can be wrong with a document, as the child says it.
const (
	whyLocked  = "locked"
	whyDamaged = "damaged"
	whyPage    = "page"    // the page is damaged
	whyMissing = "missing" // there is no such page
)

const (
	stretch  = 64 << 10 // of the file that is asked for at once
	maxFrame = 2 << 20  // no frame is longer
	piece    = 128 << 10
	magic    = "xinhuo-pdf-1"
)

type ready struct {
	Magic string
	Made  bool // pdfium was compiled just now, so that the process is large
}

type textRequest struct {
	Size                int64
	Text, Blocks, Pages int
	Millis              int64 // after which no further page is begun
}

type pageRequest struct {
	Size        int64
	Page, Width int
}

type facts struct {
	Pages                            int
	Title, Author, Created, Modified string
}

type pageText struct {
	Page          int
	Width, Height float64
	Text          []string
}

type pageLinesSaid struct {
	Width, Height float64
	Lines         []Line
}

type done struct{ Cut bool }

func writeFrame(w io.Writer, kind byte, payload []byte) error {
	head := [5]byte{kind}
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

func writeJSON(w io.Writer, kind byte, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeFrame(w, kind, b)
}

// readFrame reads a frame; no more is held in memory than has really come.
func readFrame(r io.Reader) (byte, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("pdf: a frame of %d bytes", n)
	}
	payload := make([]byte, n)
	if _, err := io.ReadFull(r, payload); err != nil {
		return 0, nil, fmt.Errorf("pdf: frame cut short: %w", err)
	}
	return head[0], payload, nil
}
