package pdf

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xinhuo/internal/kit/errs"
	"xinhuo/internal/kit/extract"
)

func key(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}

func both(t *testing.T, r *Reader, file []byte) (text, page error) {
	t.Helper()
	_, text = r.Read(t.Context(), bytes.NewReader(file), int64(len(file)), extract.Limits{})
	_, _, page = r.Page(t.Context(), bytes.NewReader(file), int64(len(file)), 1, 300)
	return
}

func TestWhatCannotBeReadIsSaidPlainly(t *testing.T) {
	r := reader(t)
	good := document("", sheet{draw: latin(50, 700, 12, "good")}).file()
	locked := document("", sheet{})
	locked.trailer = fmt.Sprintf("/ID [<00> <00>] /Encrypt %d 0 R", locked.add("<</Filter /Standard /V 1 /R 2 /P -4 /O <%064d> /U <%064d>>>", 1, 2))
	foreign := document("", sheet{})
	foreign.trailer = fmt.Sprintf("/ID [<00> <00>] /Encrypt %d 0 R", foreign.add("<</Filter /Elsewhere /V 1>>"))
	circle := &maker{}
	circle.add("<</Type /Catalog /Pages 2 0 R>>")
	circle.add("<</Type /Pages /Count 5 /Kids [2 0 R 2 0 R 2 0 R]>>")
	for name, c := range map[string]struct {
		file []byte
		key  string
	}{
		"locked":           {locked.file(), "pdf.locked"},
		"locked by others": {foreign.file(), "pdf.locked"},
		"garbage":          {bytes.Repeat([]byte("%PDF-1.7 \x00\xFF"), 5000), "pdf.damaged"},
		"empty":            {nil, "pdf.damaged"},
		"only a head":      {good[:20], "pdf.damaged"},
		"pages in a ring":  {circle.file(), "pdf.damaged"},
	} {
		text, page := both(t, r, c.file)
		if key(text) != c.key || key(page) != c.key && key(page) != "pdf.page_damaged" && key(page) != "pdf.page_missing" {
			t.Errorf("%s: %v; %v", name, text, page)
		}
	}
	if _, _, err := r.Page(t.Context(), bytes.NewReader(good), int64(len(good)), 2, 300); key(err) != "pdf.page_missing" || errs.KindOf(err) != errs.NotFound {
		t.Error(err)
	}
	if _, err := r.Read(t.Context(), bytes.NewReader(good), int64(len(good)), extract.Limits{Bytes: 100}); errs.KindOf(err) != errs.TooLarge {
		t.Error(err)
	}
	if _, err := r.Read(t.Context(), refusing{}, int64(len(good)), extract.Limits{}); !errors.Is(err, errDisk) {
		t.Errorf("our own disk is the file's fault: %v", err)
	}
	for cut := range 20 { // wherever it is cut: words, or what can still be read
		if text, _ := both(t, r, good[:len(good)*cut/20]); text != nil && errs.KindOf(text) != errs.Unsupported {
			t.Errorf("cut at %d: %v", cut, text)
		}
	}
	if d := read(t, r, good); len(d.Blocks) != 1 || d.Blocks[0].Text != "good" {
		t.Errorf("%+v", d)
	}
}

var errDisk = errors.New("disk")

type refusing struct{}

func (refusing) ReadAt([]byte, int64) (int, error) { return 0, errDisk }

func TestHostilePages(t *testing.T) {
	r := reader(t)
	box := func(b string) []byte {
		return document("", sheet{dict: "/MediaBox " + b, draw: latin(1, 1, 12, "here")}).file()
	}
	for _, b := range []string{"[0 0 14400 14400]", "[0 0 0 0]", "[0 0 -500 -700]", "[700 500 0 0]", "[0 0 1 14400]", "[0 0 14400 1]", "[0 0 1e38 1e38]",
		"[0 0 0.0001 0.0001]", "[a b c d]", "[-2147483648 -2147483648 2147483647 2147483647]", "[0 0 595 842] /UserUnit 1000000"} {
		file := box(b)
		d, err := r.Read(t.Context(), bytes.NewReader(file), int64(len(file)), extract.Limits{})
		if key(err) == "pdf.damaged" {
			continue
		}
		if err != nil || d.Pages != 1 || len(d.Sizes) != 1 || d.Sizes[0].Width < 0 || d.Sizes[0].Height < 0 {
			t.Errorf("%s: %+v, %v", b, d, err)
		}
		img, _, err := r.Page(t.Context(), bytes.NewReader(file), int64(len(file)), 1, 900)
		if err != nil && key(err) != "pdf.page_damaged" || len(img) > MaxPicture {
			t.Errorf("%s: %d bytes, %v", b, len(img), err)
		}
	}
	nothing := document("", sheet{})
	nothing.objects[1] = "<</Type /Pages /Count 100000000 /Kids []>>"
	if text, _ := both(t, r, nothing.file()); text != nil && errs.KindOf(text) != errs.Unsupported {
		t.Error(text)
	}
}

// A file says how many pages it has; of more than MaxPages that much is told, and that the text ends before its end.
func TestHundredThousandPages(t *testing.T) {
	m := document("", sheet{draw: latin(50, 700, 12, "leaf")})
	leaf := len(m.objects)
	kids := strings.Repeat(fmt.Sprintf("%d 0 R ", leaf), 100)
	m.objects[leaf-1] = strings.Replace(m.objects[leaf-1], "/Parent 2 0 R", "", 1)
	var nodes []string
	for range 1000 {
		nodes = append(nodes, fmt.Sprintf("%d 0 R", m.add("<</Type /Pages /Parent 2 0 R /Count 100 /Kids [%s]>>", kids)))
	}
	m.objects[1] = "<</Type /Pages /Count 100000 /Kids [" + strings.Join(nodes, " ") + "]>>"
	d := read(t, reader(t), m.file())
	if d.Pages != 100_000 || !d.Cut || len(d.Sizes) == 0 || len(d.Sizes) > MaxPages || len(d.Blocks) == 0 || len(d.Blocks) > MaxPages {
		t.Errorf("%d pages, %d sizes, %d blocks, cut %t", d.Pages, len(d.Sizes), len(d.Blocks), d.Cut)
	}
	if last := d.Blocks[len(d.Blocks)-1]; last.Text != "leaf" || last.Page != len(d.Blocks) {
		t.Errorf("%+v", last)
	}
}

func TestTextIsCutAtItsLimits(t *testing.T) {
	r := reader(t)
	file := document("", sheet{draw: at(50, 800, 12, "第一段。") + at(50, 700, 12, "第二段。")}, sheet{draw: at(50, 800, 12, "第三段。")}).file()
	for _, c := range []struct {
		l    extract.Limits
		want string
	}{{extract.Limits{Blocks: 1}, "第一段。"}, {extract.Limits{Text: 19}, "第一段。|第二"}, {extract.Limits{Blocks: 2}, "第一段。|第二段。"}} {
		d, err := r.Read(t.Context(), bytes.NewReader(file), int64(len(file)), c.l)
		if err != nil || !d.Cut || strings.Join(texts(d), "|") != c.want {
			t.Errorf("%+v: %q, cut %t, %v", c.l, texts(d), d.Cut, err)
		}
	}
	if d := read(t, r, file); d.Cut {
		t.Error("cut although it fits")
	}
}

// bomb is a page whose content unfolds to 600 MB, more than a child may have, from a few.
func bomb(t *testing.T) []byte {
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	blank := bytes.Repeat([]byte(" "), 1<<20)
	for range 600 {
		if _, err := z.Write(blank); err != nil {
			t.Fatal(err)
		}
	}
	_ = z.Close()
	m := document("", sheet{draw: "bomb"})
	c := slices.IndexFunc(m.objects, func(o string) bool { return strings.Contains(o, "bomb") })
	m.objects[c] = fmt.Sprintf("<</Length %d /Filter /FlateDecode>>\nstream\n%s\nendstream", packed.Len(), packed.String())
	return m.file()
}

func TestWhatUnfoldsIsNoDanger(t *testing.T) {
	r := reader(t)
	file := bomb(t)
	img, _, err := r.Page(t.Context(), bytes.NewReader(file), int64(len(file)), 1, 900)
	if err != nil && errs.KindOf(err) != errs.Unsupported || len(img) > MaxPicture {
		t.Error(len(img), err)
	}
	var m memory
	if l := m.Allocate(0, 1<<32); len(l.Reallocate(wasmMemory)) != wasmMemory || l.Reallocate(wasmMemory+1) != nil {
		t.Error("pdfium has more memory than it may")
	}
	read(t, r, document("", sheet{draw: latin(50, 700, 12, "good")}).file())
}

// endless is a page that takes longer to draw than there is time, and its text too.
func endless() []byte {
	m := document("", sheet{draw: latin(50, 700, 12, "before")}, sheet{})
	inner := "q 1 0 0 1 0 0 cm 0 0 595 842 re f Q\n"
	form := m.stream("/Type /XObject /Subtype /Form /BBox [0 0 595 842]", strings.Repeat(inner, 50))
	for range 8 {
		form = m.stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources <</XObject <</F %d 0 R>>>>", form), strings.Repeat("/F Do\n", 50))
	}
	c := m.stream("", "/F Do")
	last := strings.Fields(m.objects[1])
	page := last[len(last)-3] // the second of the kids
	var n int
	_, _ = fmt.Sscanf(strings.TrimPrefix(page, "["), "%d", &n)
	m.objects[n-1] = fmt.Sprintf("<</Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources <</XObject <</F %d 0 R>>>>>>", a4, c, form)
	return m.file()
}

func TestWhatTakesTooLongIsEnded(t *testing.T) {
	r := reader(t, func(o *Options) { o.Page, o.Time = time.Second, time.Second })
	file := endless()
	if _, _, err := r.Page(t.Context(), bytes.NewReader(file), int64(len(file)), 2, 900); key(err) != "pdf.too_complex" {
		t.Error(err)
	}
	d, err := r.Read(t.Context(), bytes.NewReader(file), int64(len(file)), extract.Limits{})
	if err == nil && (!d.Cut || len(d.Blocks) != 1 || d.Blocks[0].Text != "before") || err != nil && key(err) != "pdf.too_complex" {
		t.Errorf("%+v, %v", d, err)
	}
	if runtime.GOOS == "linux" {
		r.opt.Page, r.most = time.Minute, 1<<20
		if _, _, err := r.Page(t.Context(), bytes.NewReader(file), int64(len(file)), 2, 900); key(err) != "pdf.too_complex" {
			t.Errorf("too much memory: %v", err)
		}
		r.most = mostMemory
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := r.Page(ctx, bytes.NewReader(file), int64(len(file)), 2, 900); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	good := document("", sheet{draw: latin(50, 700, 12, "good")}).file()
	r.opt.Page, r.opt.Time = time.Minute, time.Minute
	if d := read(t, r, good); len(d.Blocks) != 1 {
		t.Errorf("%+v", d)
	}
}

// held gives the first stretch only after somebody has said so: until then a child waits in the middle of its work.
type held struct {
	*bytes.Reader
	once sync.Once
	then func()
}

func (h *held) ReadAt(p []byte, at int64) (int, error) {
	h.once.Do(h.then)
	return h.Reader.ReadAt(p, at)
}

func TestChildKilledInItsWorkIsBegunAnew(t *testing.T) {
	r := reader(t)
	good := document("", sheet{draw: latin(50, 700, 12, "good")}).file()
	read(t, r, good)
	first := r.idle[0]
	read(t, r, good)
	if len(r.idle) != 1 || r.idle[0] != first {
		t.Fatal("a child does one request only")
	}
	killed := 0
	killAll := func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for c := range r.all {
			killed++
			killGroup(c.cmd.Process)
		}
	}
	read(t, r, good)
	killAll() // while it has nothing to do
	read(t, r, good)
	file := &held{Reader: bytes.NewReader(good), then: killAll} // in its work
	d, err := r.Read(t.Context(), file, int64(len(good)), extract.Limits{})
	if err != nil || len(d.Blocks) != 1 || killed != 2 {
		t.Errorf("%+v, %v, %d killed", d, err, killed)
	}
	if d := read(t, r, good); len(d.Blocks) != 1 {
		t.Errorf("%+v", d)
	}
}

func TestChildWithoutWorkEnds(t *testing.T) {
	r := reader(t, func(o *Options) { o.Warm = 10 * time.Millisecond })
	good := document("", sheet{}).file()
	read(t, r, good)
	r.mu.Lock()
	left := r.idle
	r.mu.Unlock()
	for _, c := range left {
		if _, _, err := readFrame(c.out); err == nil {
			t.Error("a child that nobody asked said something")
		}
	}
	read(t, r, good)
}

// Nothing of a document is run, and a child has no way out: what it has open are its pipes and nothing else.
func TestNothingIsRunAndNothingConnects(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	reached := make(chan struct{}, 1)
	go func() {
		if c, err := l.Accept(); err == nil {
			_ = c.Close()
			reached <- struct{}{}
		}
	}()
	mark := filepath.Join(t.TempDir(), "mark")
	url := "http://" + l.Addr().String() + "/"
	script := "/S /JavaScript /JS (app.launchURL('" + url + "'); this.getField('x'); while (true) {})"
	m := document("/OpenAction <<"+script+">> /AA <</WC <<"+script+">>>> /Names <</JavaScript <</Names [(a) <<"+script+">>]>>>> /URI <</Base ("+url+")>>",
		sheet{dict: "/AA <</O <</S /Launch /F (/bin/sh) /Unix <</F (/bin/sh) /P (-c 'touch " + mark + "')>>>>>> /Annots [<</Type /Annot /Subtype /Link /Rect [0 0 595 842] /A <</S /URI /URI (" + url + ")>>>> " +
			"<</Type /Annot /Subtype /Widget /FT /Btn /Rect [0 0 9 9] /AA <</PO <<" + script + ">>>>>>]", draw: latin(50, 700, 12, "quiet")},
		sheet{dict: "/Contents2 <</Type /Filespec /FS /URL /F (" + url + ")>>"})
	outside := m.add("<</Length 0 /F <</FS /URL /F (%s)>>>>\nstream\n\nendstream", url)
	m.objects[0] = strings.Replace(m.objects[0], "/Pages", fmt.Sprintf("/Metadata %d 0 R /Pages", outside), 1)
	file := m.file()
	r := reader(t)
	looked := false
	look := func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for c := range r.all {
			open, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", c.cmd.Process.Pid))
			if err != nil || len(open) == 0 {
				continue
			}
			looked = true
			for _, f := range open {
				to, _ := os.Readlink(f)
				if !strings.HasPrefix(to, "pipe:") && !strings.HasPrefix(to, "anon_inode:") && to != "/dev/null" && !strings.HasPrefix(to, "/sys/fs/cgroup/") && to != "" {
					t.Errorf("the child has %s open", to)
				}
			}
			if env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", c.cmd.Process.Pid)); err == nil && len(env) > 0 {
				t.Errorf("the child has an environment: %q", env)
			}
		}
	}
	d, err := r.Read(t.Context(), &held{Reader: bytes.NewReader(file), then: look}, int64(len(file)), extract.Limits{})
	if err != nil || len(d.Blocks) != 1 || d.Blocks[0].Text != "quiet" {
		t.Errorf("%+v, %v", d, err)
	}
	for n := 1; n <= 2; n++ {
		picturePage(t, r, file, n)
	}
	look()
	if runtime.GOOS == "linux" && !looked {
		t.Error("no child was looked at")
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("a command was run")
	}
	select {
	case <-reached:
		t.Error("somebody called")
	default:
	}
}

func TestWithoutAChildItSaysSo(t *testing.T) {
	good := document("", sheet{}).file()
	for name, o := range map[string]Options{
		"no command":       {Cache: t.TempDir()},
		"no such program":  {Cache: t.TempDir(), Command: []string{filepath.Join(t.TempDir(), "none")}},
		"another program":  {Cache: t.TempDir(), Command: []string{os.Args[0], "-test.run=^$"}},
		"no cache allowed": {Cache: filepath.Join(os.DevNull, "cache"), Command: Self()},
	} {
		r := New(o)
		text, page := both(t, r, good)
		if key(text) != "pdf.unavailable" || key(page) != "pdf.unavailable" {
			t.Errorf("%s: %v; %v", name, text, page)
		}
		_ = r.Close()
	}
	r := reader(t)
	_ = r.Close()
	if text, _ := both(t, r, good); key(text) != "pdf.unavailable" {
		t.Errorf("closed: %v", text)
	}
}

func TestSeveralAtOnce(t *testing.T) {
	r := reader(t, func(o *Options) { o.Workers = 2 })
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			word := fmt.Sprintf("word%d", i)
			file := document("", sheet{draw: latin(50, 700, 12, word)}).file()
			d, err := r.Read(t.Context(), bytes.NewReader(file), int64(len(file)), extract.Limits{})
			if err != nil || len(d.Blocks) != 1 || d.Blocks[0].Text != word {
				t.Errorf("%+v, %v", d, err)
			}
		})
	}
	wait.Wait()
	if len(r.all) > 2 {
		t.Errorf("%d children", len(r.all))
	}
}

// A cache that was cut short or written over is made anew, not run.
func TestDamagedCacheIsMadeAnew(t *testing.T) {
	r := reader(t)
	_ = r.Close()
	files := cached(cacheDir())
	if len(files) != 1 {
		t.Fatal(files)
	}
	st, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(files[0], st.Size()/2); err != nil {
		t.Fatal(err)
	}
	if d := read(t, reader(t), document("", sheet{draw: latin(50, 700, 12, "good")}).file()); len(d.Blocks) != 1 {
		t.Errorf("%+v", d)
	}
	if again, err := os.Stat(files[0]); err != nil || again.Size() != st.Size() {
		t.Error("the cache is still damaged", err)
	}
}

// FuzzListen gives the parent whatever a child might say.
func FuzzListen(f *testing.F) {
	frame := func(kind byte, payload string) string {
		var b bytes.Buffer
		_ = writeFrame(&b, kind, []byte(payload))
		return b.String()
	}
	need := func(at uint64, n uint32) string {
		return frame(needData, string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(nil, at), n)))
	}
	known := frame(sayFacts, `{"Pages":3,"Title":"a\u202eb","Created":"D:20190531"}`)
	for _, s := range []string{known + frame(sayPage, `{"Page":1,"Width":595,"Height":842,"Text":["a","b\u0000"]}`) + frame(sayDone, `{"Cut":true}`),
		frame(sayLines, `{"Width":595,"Height":842,"Lines":[{"Text":"a\u0000","X":1,"Y":2,"W":30,"H":10},{"Text":"b","X":-1e308,"Y":0,"W":1e308,"H":1e300}]}`) + frame(sayDone, `{}`),
		frame(sayLines, `{"Width":5,"Height":8,"Lines":null}`) + frame(sayLines, `{"Width":1e308,"Height":8}`) + frame(sayDone, `{}`), known + frame(sayPage, `{"Page":2000000000}`), known + known, frame(sayDone, `{}`), frame(sayWrong, "locked"), frame(sayWrong, "x"), need(0, stretch), need(1<<63, 1),
		need(4, 0), frame(needData, "short"), frame(sayImage, "\x89PNG\r\n\x1a\n"), "\x00\xFF\xFF\xFF\xFF", known + frame(sayPage, `{"Page":1,"Width":-1e308,"Text":null}`)} {
		f.Add([]byte(s))
	}
	file := bytes.NewReader([]byte("%PDF-1.7 file"))
	f.Fuzz(func(t *testing.T, said []byte) {
		lim := extract.Limits{Text: 50, Blocks: 3}
		tk := &taking{lim: lim}
		var given bytes.Buffer
		var src source
		err := listen(bytes.NewReader(said), bufio.NewWriter(&given), job{file: file, size: file.Size(), take: tk.take}, &src)
		if err == nil && !tk.facts || src.err != nil {
			t.Fatalf("%v, %v", err, src.err)
		}
		d := tk.doc
		n := 0
		for _, b := range d.Blocks {
			n += len(b.Text)
			if b.Text == "" || strings.ContainsAny(b.Text, "\x00\u202e") || b.Page < 1 || b.Page > d.Pages {
				t.Fatalf("%+v", b)
			}
		}
		if n > lim.Text || len(d.Blocks) > lim.Blocks || len(d.Sizes) > MaxPages || d.Pages < 0 {
			t.Fatalf("%+v", d)
		}
		var tl takingLines
		var none bytes.Buffer
		err = listen(bytes.NewReader(said), bufio.NewWriter(&none), job{file: file, size: file.Size(), take: tl.take}, &src)
		if err == nil && (!measurable(tl.size.Width) || !measurable(tl.size.Height)) || len(tl.lines) > MaxLines {
			t.Fatalf("%v, %+v", err, tl.size)
		}
		for _, l := range tl.lines {
			if l.Text == "" || strings.ContainsAny(l.Text, "\x00\u202e\n") || !(l.X >= 0 && l.Y >= 0 && l.W > 0 && l.H > 0 && l.X+l.W <= tl.size.Width*1.001 && l.Y+l.H <= tl.size.Height*1.001) {
				t.Fatalf("%+v on %+v", l, tl.size)
			}
		}
		for given.Len() > 0 {
			kind, b, err := readFrame(&given)
			if err != nil || kind != giveData || int64(len(b)) > file.Size() {
				t.Fatalf("given: %q %d %v", kind, len(b), err)
			}
		}
		if _, _, err := readFrame(io.LimitReader(bytes.NewReader(said), 4)); err == nil {
			t.Fatal("a frame of four bytes")
		}
	})
}
