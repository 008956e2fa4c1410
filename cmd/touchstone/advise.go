package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/scoring"
)

// advice is what a wave says to those who run a site.
type advice struct {
	Wave      string       `json:"wave"`
	Scorecard string       `json:"scorecard"`
	Sites     []siteAdvice `json:"sites"`
}

type siteAdvice struct {
	Site  string               `json:"site"`
	Score scoring.SiteScore    `json:"-"`
	Fixes []scoring.Fix        `json:"fixes,omitempty"`
	Cost  *scoring.ContactCost `json:"cost_of_contact,omitempty"`
}

// advise prints what to fix first, what questions cost, or both: of one site,
// or of all.
func (a *app) advise(w *fieldwork.Wave, j judgement, site string, fix, cost bool, costs scoring.UnitCosts, asJSON bool) error {
	cohort := map[string]string{}
	var known []string
	for _, s := range w.Plan.Sites {
		cohort[s.ID] = s.Cohort
		known = append(known, s.ID)
	}
	if site != "" && !slices.Contains(known, site) {
		return usage("--site %s: wave %s has no such site; it has: %s", site, w.ID, strings.Join(known, ", "))
	}
	all := advice{Wave: w.ID, Scorecard: j.result.Scorecard.ID}
	for _, s := range j.result.Sites {
		if site != "" && s.Site != site {
			continue
		}
		one := siteAdvice{Site: s.Site, Score: s}
		if fix {
			one.Fixes = scoring.Fixes(j.result, s.Site, cohort)
		}
		if cost {
			c := scoring.CostOfContact(s.Site, costs, j.observations)
			one.Cost = &c
		}
		all.Sites = append(all.Sites, one)
	}
	if asJSON {
		return a.printJSON(all)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Wave %s by scorecard %s (points of 100)\n", w.ID, all.Scorecard)
	for _, s := range all.Sites {
		fmt.Fprintf(&b, "\n%s  %s  %s\n", s.Site, points(s.Score.State, s.Score.Score), first(s.Score.Grade, s.Score.Reason))
		if fix {
			s.fixes(&b)
		}
		if s.Cost != nil && s.Cost.State != scoring.Scored {
			fmt.Fprintf(&b, "  cost of contact: cannot be said: %s\n", s.Cost.Why)
		} else if s.Cost != nil {
			fmt.Fprintf(&b, "  cost of contact: %s\n    between %.0f and %.0f by the bounds of that share; %s\n", s.Cost, s.Cost.Low, s.Cost.High, costs.Source)
		}
	}
	_, err := io.WriteString(a.stdout, printableText(b.String()))
	return err
}

// fewFixes is how many a person reads; --json gives all.
const fewFixes = 5

func (s siteAdvice) fixes(b *strings.Builder) {
	if len(s.Fixes) == 0 {
		b.WriteString("  nothing to fix: there is no total, or nothing is short of full marks\n")
	}
	for i, f := range s.Fixes[:min(fewFixes, len(s.Fixes))] {
		fmt.Fprintf(b, "  %d. %s  +%.1f points", i+1, f.Criterion, f.Gain)
		if f.Wins > 0 {
			fmt.Fprintf(b, ", then %s", f.Grade)
		}
		for _, g := range f.Gates {
			fmt.Fprintf(b, ", opens the gate %s", g)
		}
		fmt.Fprintf(b, "\n     now %.0f points: %s\n", f.Points, first(f.Shown, "no figure"))
		if f.Best != "" {
			fmt.Fprintf(b, "     %s reaches %.0f: %s (proof: %s)\n", f.Best, f.Target, first(f.Does, "no figure"), probesOf(f.There))
		} else {
			b.WriteString("     nobody in the cohort is better; the target is 100\n")
		}
		fmt.Fprintf(b, "     proof: %s\n", probesOf(f.Proof))
	}
}

// probesOf names probes by scenario and repeat: "return-policy/1, return-policy/2".
func probesOf(ids []evidence.ProbeID) string {
	var words []string
	for _, id := range ids {
		words = append(words, fmt.Sprintf("%s/%d", id.Scenario, id.Repeat))
	}
	return first(strings.Join(words, ", "), "none")
}

// printableText keeps strangers' words from steering the terminal.
func printableText(s string) string { return printableLines(strings.Split(s, "\n")) }
