//go:build linux || darwin

package pdf

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup puts a child into a process group of its own: a signal to the server is not for it, and all of it can be ended.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// limitSelf bounds the process that calls it: it gives way to the server, leaves no image of its memory, has few files, and
// is ended by the system after minutes of work, even when nobody is left to do so.
func limitSelf() {
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, 0, 5)
	for _, l := range []struct {
		what int
		most uint64
	}{{syscall.RLIMIT_CPU, 300}, {syscall.RLIMIT_CORE, 0}, {syscall.RLIMIT_NOFILE, 32}, {syscall.RLIMIT_FSIZE, 256 << 20}} {
		_ = syscall.Setrlimit(l.what, &syscall.Rlimit{Cur: l.most, Max: l.most})
	}
}
