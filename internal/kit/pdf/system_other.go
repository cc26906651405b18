//go:build !linux && !darwin

package pdf

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

func killGroup(p *os.Process) { _ = p.Kill() }

// limitSelf: the limits of memory within the process and the parent's clock are all there is here.
func limitSelf() {}
