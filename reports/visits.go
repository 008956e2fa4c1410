package reports

import (
	"cmp"
	"slices"
)

// Visits says as whom and by what the panel's pages were visited, and whether
// the timings can be believed.
type Visits struct {
	N        int       `json:"n"`        // visits that say so
	Visitors []Counted `json:"visitors"` // device, window, language, time zone; the most frequent first
	Browsers []Counted `json:"browsers"` // program, version, sandbox, isolation of sites; likewise
	Watched  int       `json:"watched"`  // visits beside which a page of known delay was timed
	Timed    int       `json:"timed"`    // documents of theirs whose timings were kept
	Withheld int       `json:"withheld"` // and thrown away: this machine was too busy
	Said     []string  `json:"said"`     // all of it, a sentence each
}

// Counted are words with how often they were said.
type Counted struct {
	Words string `json:"words"`
	K     int    `json:"k"`
}

// mostSaid bounds the sentences about visitors, and those about browsers.
const mostSaid = 4

// visits gathers what each visit recorded of itself; nil where none did.
func (b *builder) visits() *Visits {
	v := &Visits{Said: []string{}}
	visitors, browsers := map[string]int{}, map[string]int{}
	for _, s := range b.sites {
		for _, o := range b.obs[s.ID] {
			timed, watched, said := 0, false, false
			for _, f := range o.Facts {
				switch f.Name {
				case "web.visitor":
					visitors[f.Text]++
					said = true
				case "web.browser":
					browsers[b.turns.Turn(f.Text)]++
					said = true
				case "web.ttfb":
					timed++
				case "web.timings-withheld":
					v.Withheld += int(f.Number)
					watched = true
				}
			}
			if said {
				v.N++
			}
			if watched {
				v.Watched++
				v.Timed += timed
			}
		}
	}
	if v.N == 0 {
		return nil
	}
	v.Visitors, v.Browsers = counted(visitors), counted(browsers)
	for _, c := range v.Visitors[:min(mostSaid, len(v.Visitors))] {
		v.Said = append(v.Said, b.say("Visited as %s: %d of %d visits.", cut(c.Words, maxName), c.K, v.N))
	}
	for _, c := range v.Browsers[:min(mostSaid, len(v.Browsers))] {
		v.Said = append(v.Said, b.say("With the browser %s: %d of %d visits.", cut(c.Words, 2*maxName), c.K, v.N))
	}
	if more := max(0, len(v.Visitors)-mostSaid) + max(0, len(v.Browsers)-mostSaid); more > 0 {
		v.Said = append(v.Said, b.say("And %d more kinds of visitor or browser.", more))
	}
	last := b.say("No page of known delay was timed beside the visits, so that nothing shows whether their timings suffered from a busy machine of ours.")
	if v.Watched > 0 {
		last = b.say("A page of known delay was timed beside %d of %d visits. By it the timings of %d of %d documents were thrown away, since our machine was too busy.", v.Watched, v.N, v.Withheld, v.Withheld+v.Timed)
	}
	v.Said = append(v.Said, last)
	return v
}

// counted lists the words, the most frequent first.
func counted(words map[string]int) []Counted {
	out := []Counted{}
	for w, k := range words {
		out = append(out, Counted{w, k})
	}
	slices.SortFunc(out, func(a, b Counted) int { return cmp.Or(cmp.Compare(b.K, a.K), cmp.Compare(a.Words, b.Words)) })
	return out
}
