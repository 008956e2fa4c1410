package probes

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"touchstone/internal/evidence"
)

// A Recorder gathers what one probe saw into one observation. It always
// yields one: a probe that fails half-way keeps what it recorded so far.
// It is safe for concurrent use.
type Recorder struct {
	kind *Kind
	keep Keep
	Say  Progress // never nil

	mu  sync.Mutex
	obs evidence.Observation
}

// NewRecorder starts the observation of a probe. keep may be nil for a pure
// reading, which stores no new evidence.
func NewRecorder(k *Kind, p evidence.ProbeID, task, reading string, start time.Time, keep Keep) *Recorder {
	return &Recorder{
		kind: k, keep: keep, Say: func(string) {},
		obs: evidence.Observation{Probe: p, Kind: k.Name, Task: task, Reading: reading, Start: start.UTC(), Evidence: map[string]evidence.Ref{}},
	}
}

// Resume goes on with the observation of a visit that has ended, in a later
// reading: what was recorded stands, and how it ended is open again.
func Resume(k *Kind, o evidence.Observation, reading string) *Recorder {
	o.Facts, o.Evidence = slices.Clone(o.Facts), maps.Clone(o.Evidence)
	o.Reading, o.Missing, o.Outcome, o.Reason = reading, nil, "", ""
	if o.Evidence == nil {
		o.Evidence = map[string]evidence.Ref{}
	}
	return &Recorder{kind: k, Say: func(string) {}, obs: o}
}

// Number records a numeric fact of the whole probe.
func (r *Recorder) Number(name string, v float64) { r.StepNumber("", name, v) }

// Flag records a yes or no.
func (r *Recorder) Flag(name string, v bool) {
	n := 0.0
	if v {
		n = 1
	}
	r.StepNumber("", name, n)
}

// Text records a fact in words.
func (r *Recorder) Text(name, v string) { r.StepText("", name, v) }

// Time records an instant.
func (r *Recorder) Time(name string, t time.Time) {
	r.StepText("", name, t.UTC().Format(time.RFC3339))
}

// StepNumber records a numeric fact of one step.
func (r *Recorder) StepNumber(step, name string, v float64) {
	r.add(evidence.Fact{Name: name, Step: step, Number: v})
}

// StepText records a fact in words, or an instant in RFC 3339, of one step.
func (r *Recorder) StepText(step, name, v string) {
	r.add(evidence.Fact{Name: name, Step: step, Text: v})
}

// add panics on a fact that the kind does not declare, or declares with
// another sort of value: that is a bug in the kind.
func (r *Recorder) add(f evidence.Fact) {
	i := slices.IndexFunc(r.kind.Facts, func(d evidence.FactDef) bool { return d.Name == f.Name })
	if i < 0 {
		panic(fmt.Sprintf("probe kind %s records the fact %q, which it does not declare", r.kind.Name, f.Name))
	}
	f.Unit = r.kind.Facts[i].Unit
	r.mu.Lock()
	defer r.mu.Unlock()
	r.obs.Facts = append(r.obs.Facts, f)
}

// Keep stores proof under a name that is unique in the observation.
func (r *Recorder) Keep(ctx context.Context, name string, data []byte) error {
	ref, err := r.keep(ctx, bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("keep %s: %w", name, err)
	}
	r.Cite(name, ref)
	return nil
}

// Cite names evidence that is already stored.
func (r *Recorder) Cite(name string, ref evidence.Ref) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.obs.Evidence[name] = ref
}

// End sets how the probe ended. The first call decides.
func (r *Recorder) End(o evidence.Outcome, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.obs.Outcome == "" {
		r.obs.Outcome, r.obs.Reason = o, reason
	}
}

// Observation gives the finished observation: declared facts that were not
// recorded are listed as missing, and a probe that never said how it ended is
// broken, since that is our fault.
func (r *Recorder) Observation(took time.Duration) evidence.Observation {
	r.mu.Lock()
	defer r.mu.Unlock()
	o := r.obs
	o.Took = took
	if o.Outcome == "" {
		o.Outcome, o.Reason = evidence.Broken, "the probe ended without an outcome"
	}
	o.Facts = slices.Clone(o.Facts)
	for _, d := range r.kind.Facts {
		if !d.Rare && !slices.ContainsFunc(o.Facts, func(f evidence.Fact) bool { return f.Name == d.Name }) {
			o.Missing = append(o.Missing, d.Name)
		}
	}
	return o
}
