//go:build !linux && !darwin

package office

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

func killGroup(p *os.Process) { _ = p.Kill() }

func giveWay(*os.Process) {}

// limited: the clock and the look at what was made are all there is here.
func limited(run []string) []string { return run }
