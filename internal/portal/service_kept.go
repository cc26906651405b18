package portal

import (
	"bytes"
	"compress/gzip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// A page of a site is made once and answered from memory for keptFor: everybody reads the same, since nobody signs in. What an office
// of this server changes shows at once; what another server of a cluster or another module changed, after that time.
const (
	keptFor  = 5 * time.Second
	mostKept = 1024 // pages; with more, all are made anew
)

type page struct {
	body []byte
	gz   []byte // the same, packed; nil for a page that is not kept
	etag string
	at   int64 // UTC milliseconds
}

type kept struct {
	mu     sync.Mutex
	gen    int // rises with every change, so that what was begun before it is not kept
	pages  map[string]page
	flight singleflight.Group
	hosts  map[string]string // domain -> short address
	hostAt int64
}

// drop forgets all pages.
func (k *kept) drop() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.gen++
	k.pages, k.hosts = nil, nil
}

// packed is a page as it goes over the line: packing it for each reader anew would take longer than all else that is done for them.
func packed(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

// get answers a page from memory, or makes it; those who ask at the same time wait for one making.
func (k *kept) get(key string, now int64, make func() (page, error)) (page, error) {
	k.mu.Lock()
	p, ok := k.pages[key]
	gen := k.gen
	k.mu.Unlock()
	if ok && now-p.at < keptFor.Milliseconds() && now >= p.at {
		return p, nil
	}
	// a change begins a new flight: whoever asks after it does not join one that began before
	made, err, _ := k.flight.Do(strconv.Itoa(gen)+" "+key, func() (any, error) {
		p, err := make()
		if err != nil {
			return p, err
		}
		p.at, p.gz = now, packed(p.body)
		k.mu.Lock()
		defer k.mu.Unlock()
		if k.gen == gen {
			if k.pages == nil || len(k.pages) >= mostKept {
				k.pages = map[string]page{}
			}
			k.pages[key] = p
		}
		return p, nil
	})
	if err != nil {
		return page{}, err
	}
	return made.(page), nil
}
