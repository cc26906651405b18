package audit

import (
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const headPrefix = "xinhuo-log"

// String is the one line to keep outside the machine: "xinhuo-log 120 <hash>".
func (h Head) String() string { return fmt.Sprintf("%s %d %s", headPrefix, h.Size, h.Hash) }

// ParseHead reads the line that String wrote.
func ParseHead(s string) (Head, error) {
	f := strings.Fields(s)
	if len(f) != 3 || f[0] != headPrefix {
		return Head{}, fmt.Errorf("audit head %q", s)
	}
	n, err := strconv.ParseInt(f[1], 10, 64)
	if err != nil || n < 0 {
		return Head{}, fmt.Errorf("audit head %q: size", s)
	}
	h, err := tlog.ParseHash(f[2])
	if err != nil {
		return Head{}, fmt.Errorf("audit head %q: %w", s, err)
	}
	return Head{Size: n, Hash: h.String()}, nil
}

// edge is the right edge of the tree: the last complete hash of each level. It is all that appending needs, so that a
// log of any length is checked in constant memory.
type edge [64]struct {
	n    int64
	hash tlog.Hash
}

// ReadHashes serves tlog, which asks only for hashes of the right edge here.
func (e *edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		level, n := tlog.SplitStoredHashIndex(x)
		if level >= len(e) || e[level].n != n {
			return nil, fmt.Errorf("audit: hash %d.%d is not on the right edge", level, n)
		}
		out[i] = e[level].hash
	}
	return out, nil
}

// add appends leaf n and answers the hashes to be stored, from StoredHashIndex(0, n) on.
func (e *edge) add(n int64, data []byte) ([]tlog.Hash, error) {
	hashes, err := tlog.StoredHashes(n, data, e)
	if err != nil {
		return nil, err
	}
	for level, h := range hashes {
		e[level].n, e[level].hash = n>>level, h
	}
	return hashes, nil
}

// addHash appends leaf n by its stored hash, where the row itself is known not to be what was written.
func (e *edge) addHash(n int64, leaf string) ([]tlog.Hash, error) {
	h, err := tlog.ParseHash(leaf)
	if err != nil {
		return nil, err
	}
	hashes, err := tlog.StoredHashesForRecordHash(n, h, e)
	if err != nil {
		return nil, err
	}
	for level, h := range hashes {
		e[level].n, e[level].hash = n>>level, h
	}
	return hashes, nil
}

// rootHash is the tree's hash at size n, which must be the present size; the empty log has none.
func (e *edge) rootHash(n int64) (string, error) {
	if n == 0 {
		return "", nil
	}
	h, err := tlog.TreeHash(n, e)
	return h.String(), err
}

// edgeIndexes are the stored hashes that make up the right edge of a tree of size n.
func edgeIndexes(n int64) []int64 {
	var out []int64
	for level := 0; n>>level > 0; level++ {
		out = append(out, tlog.StoredHashIndex(level, n>>level-1))
	}
	return out
}
