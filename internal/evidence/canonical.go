package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Canonical checks an observation and gives the one JSON form in which stores
// keep and compare it: facts in their order, maps sorted by key, the start in
// UTC. Two observations are equal when these bytes are.
//
// An incomplete identity, an outcome that is not in the list or is Pending
// (which is derived, never stored) and a number that is not finite are errors:
// each is a bug in the probe, found here rather than in a score.
func (o Observation) Canonical() ([]byte, error) {
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("observation of probe %s: %w", o.Probe, err)
	}
	o.Start = o.Start.UTC()
	if o.Facts == nil {
		o.Facts = []Fact{}
	}
	body, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("observation of probe %s: %w", o.Probe, err)
	}
	return body, nil
}

func (o Observation) check() error {
	switch p := o.Probe; {
	case p.Wave == "" || p.Site == "" || p.Scenario == "" || p.Repeat < 1:
		return errors.New("its identity needs a wave, a site, a scenario and a repeat from 1")
	case o.Reading == "":
		return errors.New("it does not say which reading made it")
	case o.Outcome == Pending:
		return errors.New("pending is derived from the ledger and never stored")
	case !slices.Contains(Outcomes, o.Outcome):
		return fmt.Errorf("unknown outcome %q", o.Outcome)
	}
	for _, f := range o.Facts {
		if math.IsNaN(f.Number) || math.IsInf(f.Number, 0) {
			return fmt.Errorf("fact %s is %v, not a number that can be kept", f.Name, f.Number)
		}
	}
	return nil
}
