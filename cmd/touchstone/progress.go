package main

import (
	"fmt"
	"io"
	"sync"

	"github.com/schollz/progressbar/v3"

	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
)

// progress shows how a wave goes: a bar on a terminal, a line for each event
// elsewhere. Colour is left out where NO_COLOR says so.
type progress struct {
	mu  sync.Mutex
	w   io.Writer
	bar *progressbar.ProgressBar
}

func (a *app) progress(total int) *progress {
	p := &progress{w: a.stderr}
	if a.quiet {
		p.w = io.Discard
	} else if terminal(a.raw) {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(a.raw),
			progressbar.OptionEnableColorCodes(a.getenv("NO_COLOR") == ""),
			progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionFullWidth(),
		)
	}
	return p
}

// event is fieldwork's Notify.
func (p *progress) event(e fieldwork.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar == nil {
		fmt.Fprintln(p.w, line(e))
		return
	}
	p.bar.ChangeMax(e.Total)
	p.bar.Describe(short(e.Probe))
	_ = p.bar.Set(e.Done) // a bar that can't be drawn stops no wave
}

// line gives an event as a line: "[3/9] kettle/find-help: completed".
func line(e fieldwork.Event) string {
	return fmt.Sprintf("[%*d/%d] %s: %s", len(fmt.Sprint(e.Total)), e.Done, e.Total, short(e.Probe), e.Text)
}

// short names a probe within its wave.
func short(p evidence.ProbeID) string {
	id := p.Site + "/" + p.Scenario
	if p.Repeat > 1 {
		id = fmt.Sprintf("%s/%d", id, p.Repeat)
	}
	return id
}

// say prints a line of its own.
func (p *progress) say(msg string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	fmt.Fprintln(p.w, msg)
}

func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
