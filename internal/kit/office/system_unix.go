//go:build linux || darwin

package office

import (
	"os"
	"os/exec"
	"syscall"
)

// ownGroup puts a call into a process group of its own: a signal to the server is not for it, and all of it can be ended.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// giveWay lets the server go before.
func giveWay(p *os.Process) { _ = syscall.Setpriority(syscall.PRIO_PGRP, p.Pid, 5) }

// limited puts limits of the system around a command: no image of its memory, few files, none beyond 128 MB (in blocks of
// 512 bytes), and an end after minutes of work, even when nobody is left to see to it.
func limited(run []string) []string {
	return append([]string{"/bin/sh", "-c", `ulimit -c 0; ulimit -n 512; ulimit -f 262144; ulimit -t 300; exec "$@"`, "sh"}, run...)
}
