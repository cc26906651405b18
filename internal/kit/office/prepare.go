package office

import (
	"context"
	_ "embed"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// settings are what the profile begins with: macros off, nothing outside fetched, links not followed.
//
//go:embed settings.xcu
var settings []byte

// fonts name those that stand in for fonts of official documents that are not here.
//
//go:embed fonts.conf
var fonts []byte

// Find looks for the program of LibreOffice itself; its launcher cannot be ended together with what it launched.
func Find() (program string, found bool) {
	places := []string{"/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program"}
	own, _ := filepath.Glob("/opt/libreoffice*/program")
	slices.Reverse(own) // the newest first
	places = append(places, own...)
	for _, name := range []string{"soffice.bin", "soffice", "libreoffice"} {
		if p, err := exec.LookPath(name); err == nil {
			if p, err = filepath.EvalSymlinks(p); err == nil {
				places = append(places, filepath.Dir(p))
			}
		}
	}
	for _, dir := range places {
		p := filepath.Join(dir, "soffice.bin")
		if st, err := os.Stat(p); err == nil && st.Mode().IsRegular() && st.Mode()&0o111 != 0 {
			return p, true
		}
	}
	return "", false
}

// Prepare makes LibreOffice ready where that was not done yet, so that the first document need not wait for it: a profile, and
// one line of text converted, in the jail. Where that does not work it is remembered for a while.
func (c *Converter) Prepare(ctx context.Context) error {
	if c.opt.Program == "" {
		return unavailable(errors.New("no LibreOffice is installed"))
	}
	c.mu.Lock()
	m := c.making
	switch {
	case c.closed:
		c.mu.Unlock()
		return unavailable(os.ErrClosed)
	case m == nil || m.over() && m.err != nil && time.Since(m.begun) > retry:
		m = &making{done: make(chan struct{}), begun: time.Now()}
		c.making = m
		go func() {
			m.err = c.ready()
			close(m.done)
		}()
	}
	c.mu.Unlock()
	select {
	case <-m.done:
		return m.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *making) over() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}

// ready makes the folder and the profile that each call gets a copy of.
func (c *Converter) ready() error {
	if c.opt.Folder != "" {
		if err := os.MkdirAll(c.opt.Folder, 0o700); err != nil {
			return unavailable(err)
		}
		left, _ := filepath.Glob(filepath.Join(c.opt.Folder, "xinhuo-office-*"))
		for _, f := range left {
			_ = os.RemoveAll(f)
		}
	}
	dir, err := os.MkdirTemp(c.opt.Folder, "xinhuo-office-*")
	if err == nil {
		dir, err = filepath.Abs(dir)
	}
	if err != nil {
		return unavailable(err)
	}
	c.mu.Lock()
	c.dir = dir
	c.mu.Unlock()
	var wrong []error
	for _, c.jailed = range []bool{true, false} {
		if !c.jailed && !c.opt.Unjailed {
			break
		}
		err := c.profile()
		if err == nil {
			return nil
		}
		wrong = append(wrong, err)
	}
	_ = os.RemoveAll(dir)
	return unavailable(errors.Join(wrong...))
}

// profile begins LibreOffice with a new profile: the first time it ends at once, with 81, the second it works.
func (c *Converter) profile() error {
	home := filepath.Join(c.dir, "ready")
	_ = os.RemoveAll(home)
	user := filepath.Join(home, "profile", "user")
	err := errors.Join(os.MkdirAll(user, 0o700),
		os.WriteFile(filepath.Join(user, "registrymodifications.xcu"), settings, 0o600),
		os.WriteFile(filepath.Join(home, "fonts.conf"), fonts, 0o600))
	if err != nil {
		return err
	}
	for range 3 {
		if err = c.try(home); err == nil {
			return nil
		}
	}
	return err
}

// try converts a line and keeps the profile as it is then.
func (c *Converter) try(home string) error {
	dir, err := c.folder()
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "in", "0.txt"), []byte("\u5173\u5DE5\u59D4\n"), 0o600); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), mostBusy)
	defer cancel()
	ended := c.call(ctx, dir, textFilter, []string{"0.txt"})
	_ = os.RemoveAll(home)
	if err := os.Rename(filepath.Join(dir, "home"), home); err != nil {
		return err
	}
	out, err := os.OpenRoot(filepath.Join(dir, "out"))
	if err != nil {
		return err
	}
	defer out.Close()
	if _, err := result(out, "0.pdf"); err != nil {
		return errors.Join(err, ended)
	}
	return nil
}

// folder makes the folder of one call: what goes in, what comes out, and a home with a copy of the profile.
func (c *Converter) folder() (string, error) {
	dir, err := os.MkdirTemp(c.dir, "call-*")
	if err != nil {
		return "", err
	}
	for _, name := range []string{"in", "out", "tmp"} {
		err = errors.Join(err, os.Mkdir(filepath.Join(dir, name), 0o700))
	}
	if err = errors.Join(err, os.CopyFS(filepath.Join(dir, "home"), os.DirFS(filepath.Join(c.dir, "ready")))); err != nil {
		_ = os.RemoveAll(dir)
		return "", err
	}
	return dir, nil
}
