package reports

import (
	"time"

	"touchstone/internal/evidence"
)

// A Review is what people said of the reading, and what a judge model did.
type Review struct {
	Summary     []string     `json:"summary"` // whole sentences: error rates, agreement
	Corrections []Correction `json:"corrections"`
	Figures     any          `json:"figures,omitempty"` // what the summary words, for programs
}

// A Correction is one item that a reviewer corrected: both words stand.
type Correction struct {
	Probe   evidence.ProbeID `json:"probe"`
	Step    string           `json:"step,omitempty"`
	Item    string           `json:"item"`
	Machine string           `json:"machine"` // what the reader said by itself
	Value   string           `json:"value"`   // what the score was made with
	Reading string           `json:"reading"` // that was reviewed
	By      string           `json:"by"`
	At      time.Time        `json:"at"`
	Why     string           `json:"why"`
}

// review hides people in what was corrected.
func (b *builder) review() *Review {
	if b.in.Review == nil {
		return nil
	}
	r := *b.in.Review
	r.Corrections = make([]Correction, 0, len(b.in.Review.Corrections))
	for _, c := range b.in.Review.Corrections {
		for _, s := range b.sites {
			if s.ID == c.Probe.Site {
				hide := newMask(s, b.obs[s.ID], b.in.ShowPeople, b.say("Agent"))
				c.Machine, c.Value, c.Why = hide.text(c.Machine), hide.text(c.Value), hide.text(c.Why)
			}
		}
		r.Corrections = append(r.Corrections, c)
	}
	return &r
}
