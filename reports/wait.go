package reports

import (
	"cmp"
	"math"
	"slices"
	"time"

	"touchstone/internal/evidence"
	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// Waits show how the wait for an answer went: by time, the share that had one.
type Waits struct {
	Window float64     `json:"window"` // s, the longest that was watched
	Curves []WaitCurve `json:"curves"` // all by a person, all by a machine, then each cohort by a person
	Test   *WaitTest   `json:"test,omitempty"`
	Apart  []Apart     `json:"apart"`
}

// A WaitCurve is one minus the curve of Kaplan and Meier.
type WaitCurve struct {
	Label  string            `json:"label"`
	Cohort string            `json:"cohort,omitempty"` // empty: the whole panel
	By     string            `json:"by"`               // "person" or "machine"
	N      int               `json:"n"`                // enquiries
	Sites  int               `json:"sites"`            // that they went to
	Came   int               `json:"came"`
	Steps  []WaitStep        `json:"steps"`
	Median *float64          `json:"median,omitempty"`          // s; nil where fewer than half came
	Range  *scoring.Interval `json:"median_interval,omitempty"` // s
}

// A WaitStep holds from its time on. Low and High are nil where no interval exists.
type WaitStep struct {
	At     float64  `json:"at"`       // s since the enquiry was accepted
	Share  float64  `json:"answered"` // in [0,1]
	Low    *float64 `json:"low,omitempty"`
	High   *float64 `json:"high,omitempty"`
	AtRisk int      `json:"at_risk"` // that were watched for at least so long, and still waited
}

// A WaitTest compares the cohorts' curves by the log-rank test.
type WaitTest struct {
	Chi2 float64 `json:"chi2"`
	DF   int     `json:"df"`
	P    float64 `json:"p"`
}

// An enquiry is a letter that waits for an answer, by mail or by form.
type enquiry struct {
	site    int // index in the panel
	obs     *evidence.Observation
	channel string
	watched float64 // s
	person  float64 // s; NaN: no person answered while it was watched
	machine float64 // s; NaN: nothing automatic came
}

func (q enquiry) wait(after float64) stat.Wait {
	if math.IsNaN(after) {
		return stat.Wait{Time: q.watched}
	}
	return stat.Wait{Time: max(after, 0), Came: true}
}

// enquiries lists every letter that could be tested or is still waited for.
// One that came back undelivered waits for ever: it was watched to the end.
func (b *builder) enquiries() (list []enquiry, untested int) {
	for i, s := range b.sites {
		for j := range b.obs[s.ID] {
			o := &b.obs[s.ID][j]
			if o.Kind != "mail" && (o.Kind != "form" || o.Task != "contact-form") {
				continue
			}
			q := enquiry{site: i, obs: o, channel: o.Kind, watched: b.watched(o), person: math.NaN(), machine: math.NaN()}
			switch {
			case o.Outcome == evidence.Pending && q.watched > 0:
			case !o.Outcome.Testable() || q.watched <= 0:
				untested++
				continue
			}
			if f, ok := o.Fact(o.Kind + ".first-human-after"); ok {
				q.person = f.Number
			}
			if f, ok := o.Fact("mail.acknowledged-after"); ok {
				q.machine = f.Number
			} else if f, ok := o.Fact("form.first-mail-after"); ok {
				if c, _ := o.Fact("form.first-mail-class"); c.Text == "acknowledgement" {
					q.machine = f.Number
				}
			}
			q.watched = max(q.watched, zero(q.person), zero(q.machine))
			list = append(list, q)
		}
	}
	return list, untested
}

func zero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

// watched tells for how long an answer was waited for, in seconds.
func (b *builder) watched(o *evidence.Observation) float64 {
	window := b.scenarios[o.Probe.Scenario].Window
	if window == 0 {
		window = b.in.Wave.Window
	}
	if o.Outcome != evidence.Pending {
		return cmp.Or(window, o.Took).Seconds()
	}
	if b.in.Wave.DemoClock || o.Start.IsZero() {
		return 0 // the hours on the wall are not those of the wave
	}
	return min(window, max(b.in.Generated.Sub(o.Start), time.Duration(0))).Seconds()
}

func (b *builder) waits() Waits {
	list, untested := b.enquiries()
	w := Waits{Curves: []WaitCurve{}, Apart: []Apart{}}
	if untested > 0 {
		w.Apart = append(w.Apart, Apart{b.say("Could not be tested, or has not begun to wait"), untested, untested + len(list), b.say("enquiries")})
	}
	if len(list) == 0 {
		return w
	}
	for _, q := range list {
		w.Window = max(w.Window, q.watched)
	}
	person := func(q enquiry) float64 { return q.person }
	w.Curves = append(w.Curves,
		curve(WaitCurve{Label: b.say("Answered by a person"), By: "person"}, list, person),
		curve(WaitCurve{Label: b.say("Acknowledged by a machine"), By: "machine"}, list, func(q enquiry) float64 { return q.machine }))
	var cohorts []string
	for _, s := range b.sites {
		if s.Cohort != "" && !slices.Contains(cohorts, s.Cohort) {
			cohorts = append(cohorts, s.Cohort)
		}
	}
	if len(cohorts) < 2 || len(cohorts) > 5 {
		return w // more lines than a reader can tell apart
	}
	var groups [][]stat.Wait
	for _, cohort := range cohorts {
		part := slices.DeleteFunc(slices.Clone(list), func(q enquiry) bool { return b.sites[q.site].Cohort != cohort })
		if len(part) == 0 {
			continue
		}
		w.Curves = append(w.Curves, curve(WaitCurve{Label: cohort, Cohort: cohort, By: "person"}, part, person))
		var g []stat.Wait
		for _, q := range part {
			g = append(g, q.wait(q.person))
		}
		groups = append(groups, g)
	}
	if chi2, df, p := stat.LogRank(groups...); df > 0 {
		w.Test = &WaitTest{chi2, df, p}
	}
	return w
}

func curve(c WaitCurve, list []enquiry, after func(enquiry) float64) WaitCurve {
	var waits []stat.Wait
	sites := map[int]bool{}
	for _, q := range list {
		wait := q.wait(after(q))
		waits = append(waits, wait)
		sites[q.site] = true
		c.N++
		if wait.Came {
			c.Came++
		}
	}
	c.Sites = len(sites)
	km := stat.KaplanMeier(waits)
	c.Steps = []WaitStep{{At: 0, Share: 0, AtRisk: c.N}}
	for i, s := range km {
		if s.Came == 0 && i < len(km)-1 {
			continue // only the last censoring is drawn: where the line ends
		}
		step := WaitStep{At: s.Time, Share: 1 - s.Waiting, AtRisk: s.AtRisk}
		if iv := s.Interval(level, stat.LogLog); !math.IsNaN(iv.Low) && !math.IsNaN(iv.High) {
			low, high := 1-iv.High, 1-iv.Low
			step.Low, step.High = &low, &high
		}
		c.Steps = append(c.Steps, step)
	}
	if m := km.Median(); !math.IsInf(m, 1) && !math.IsNaN(m) {
		c.Median = &m
	}
	if iv, ok := km.MedianInterval(level, stat.LogLog); ok {
		c.Range = &iv
	}
	return c
}
