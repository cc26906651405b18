package office

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tail keeps the first of what LibreOffice says, for the log.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p[:min(len(p), 2000-len(t.b))]...)
	return len(p), nil
}

// call has LibreOffice convert what lies in the folder's in to its out. An error tells that it did not come to its end.
func (c *Converter) call(ctx context.Context, dir, filter string, names []string) error {
	cmd, err := c.command(dir, filter, names)
	if err != nil {
		return err
	}
	said := &tail{}
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = said, said, time.Second
	ownGroup(cmd)
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return os.ErrClosed
	}
	if err := cmd.Start(); err != nil {
		c.mu.Unlock()
		return err
	}
	c.running[cmd.Process] = true
	c.mu.Unlock()
	giveWay(cmd.Process)
	c.calls.Add(1)
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	err = c.watch(ctx, cmd.Process, filepath.Join(dir, "out"), ended)
	c.mu.Lock()
	delete(c.running, cmd.Process)
	c.mu.Unlock()
	if err != nil {
		return fmt.Errorf("office: %w; %s", err, said.b)
	}
	return nil
}

// watch waits for the end, or makes one when a document takes too long or too much.
func (c *Converter) watch(ctx context.Context, p *os.Process, out string, ended <-chan error) error {
	stop := func(why error) error {
		killGroup(p)
		<-ended
		return why
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	made, until := 0, time.Now().Add(c.first+c.opt.Time)
	for {
		select {
		case err := <-ended:
			killGroup(p) // what it may have left
			return err
		case <-ctx.Done():
			return stop(ctx.Err())
		case now := <-tick.C:
			if resident(p.Pid) > c.most {
				return stop(errors.New("it takes too much memory"))
			}
			if files, err := os.ReadDir(out); err == nil && len(files) > made {
				made, until = len(files), now.Add(c.opt.Time)
			}
			if now.After(until) {
				return stop(errors.New("it takes too long"))
			}
		}
	}
}

// command is the call: the limits of the system around the jail around LibreOffice.
func (c *Converter) command(dir, filter string, names []string) (*exec.Cmd, error) {
	at := dir
	if c.jailed {
		at = "/job"
	}
	run := []string{c.opt.Program, "-env:UserInstallation=" + (&url.URL{Scheme: "file", Path: at + "/home/profile"}).String(),
		"--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard",
		"--convert-to", "pdf", "--outdir", at + "/out"}
	if filter != "" {
		run = append(run, "--infilter="+filter)
	}
	for _, n := range names {
		run = append(run, at+"/in/"+n)
	}
	env := []string{"HOME=" + at + "/home", "TMPDIR=" + at + "/tmp", "FONTCONFIG_FILE=" + at + "/home/fonts.conf",
		"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "FC_LANG=zh-cn", "SAL_USE_VCLPLUGIN=svp"}
	if c.jailed {
		jail, err := jail(dir, filepath.Dir(filepath.Dir(c.opt.Program)))
		if err != nil {
			return nil, err
		}
		run = append(jail, run...)
	}
	run = limited(run)
	cmd := exec.Command(run[0], run[1:]...)
	cmd.Dir, cmd.Env = dir, env
	return cmd, nil
}

// jail is the command line before which nothing is seen of the system but programs, fonts and the folder of the call: no
// network, no other processes, no rights. Of the folder, what goes in cannot be written.
func jail(dir, program string) ([]string, error) {
	bwrap, err := exec.LookPath("bwrap")
	if err != nil {
		return nil, err
	}
	j := []string{bwrap, "--unshare-all", "--die-with-parent", "--cap-drop", "ALL"}
	for _, p := range []string{"/usr/lib", "/usr/lib64", "/usr/share", "/usr/local/share/fonts", "/etc/fonts", "/etc/libreoffice",
		"/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/var/lib/libreoffice", "/var/cache/fontconfig"} {
		j = append(j, "--ro-bind-try", p, p)
	}
	for _, p := range []string{"/lib", "/lib64"} {
		if to, err := os.Readlink(p); err == nil {
			j = append(j, "--symlink", to, p)
		} else {
			j = append(j, "--ro-bind-try", p, p)
		}
	}
	j = append(j, "--proc", "/proc", "--dev", "/dev", "--bind", dir+"/tmp", "/tmp")
	if !strings.HasPrefix(program, "/usr/lib/") && !strings.HasPrefix(program, "/usr/lib64/") {
		j = append(j, "--ro-bind", program, program)
	}
	return append(j, "--ro-bind", dir+"/in", "/job/in", "--bind", dir+"/out", "/job/out", "--bind", dir+"/home", "/job/home",
		"--bind", dir+"/tmp", "/job/tmp", "--remount-ro", "/", "--chdir", "/job/home", "--"), nil
}

// resident is the memory of a process and of those it began, in bytes, 0 where the system does not tell.
func resident(pid int) (sum int64) {
	proc := "/proc/" + strconv.Itoa(pid)
	b, err := os.ReadFile(proc + "/statm")
	if err != nil {
		return 0
	}
	if f := strings.Fields(string(b)); len(f) > 1 {
		n, _ := strconv.ParseInt(f[1], 10, 64)
		sum = n * int64(os.Getpagesize())
	}
	threads, _ := filepath.Glob(proc + "/task/*/children")
	for _, t := range threads {
		b, _ := os.ReadFile(t)
		for _, f := range strings.Fields(string(b)) {
			if child, err := strconv.Atoi(f); err == nil {
				sum += resident(child)
			}
		}
	}
	return sum
}
