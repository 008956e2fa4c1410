//go:build !linux

package realmail

import (
	"errors"
	"os/exec"
	"time"
)

var errNotHere = errors.New("Dovecot and Exim are started on Linux only: unset " + Variable)

func runner() (owner, error)                                       { return owner{}, errNotHere }
func setOwner(*exec.Cmd, owner) error                              { return errNotHere }
func runAttached(_ *exec.Cmd, started chan<- error, _ func(error)) { started <- errNotHere }
func (p *process) terminate()                                      {}
func (p *process) killGroup()                                      {}
func (p *process) killChildren(string) (int, error)                { return 0, errNotHere }
func (p *process) cpu() (time.Duration, error)                     { return 0, errNotHere }
