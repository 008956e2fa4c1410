package reports

import (
	"cmp"
	"slices"

	"touchstone/internal/evidence"
)

// Promises set what acknowledgements promised against what came.
type Promises struct {
	Kept  Share     `json:"kept"`  // of the promises whose time has passed
	Open  int       `json:"open"`  // that could not be told: the window closed before
	Sites []Promise `json:"sites"` // in the panel's order, those that promised anything
}

// A Promise gathers a site's.
type Promise struct {
	Site   string  `json:"site"`
	Name   string  `json:"name"`
	Number int     `json:"number"`
	Kept   Share   `json:"kept"`
	Open   int     `json:"open,omitempty"`
	Words  []Vowed `json:"promises"`
}

// A Vowed is one promise. Within counts from the acknowledgement, a working
// day as 24 h; After from our letter. Whether it was kept is judged by the
// site's own working hours.
type Vowed struct {
	Probe  evidence.ProbeID `json:"probe"`
	Within float64          `json:"within"`          // s
	After  *float64         `json:"after,omitempty"` // s; nil: no person answered
	Kept   *bool            `json:"kept,omitempty"`  // nil: can't be told
}

func (b *builder) promises() Promises {
	p := Promises{Sites: []Promise{}}
	k, n := 0, 0
	for i, s := range b.sites {
		one := Promise{Site: s.ID, Name: s.Name, Number: i + 1}
		kept, told := 0, 0
		for j := range b.obs[s.ID] {
			o := &b.obs[s.ID][j]
			f, ok := o.Fact("mail.promise")
			if !ok || !o.Outcome.Testable() {
				continue
			}
			v := Vowed{Probe: o.Probe, Within: f.Number}
			if a, ok := o.Fact("mail.first-human-after"); ok {
				v.After = &a.Number
			}
			if f, ok := o.Fact("mail.promise-kept"); ok {
				yes := f.Number != 0
				v.Kept = &yes
				told++
				if yes {
					kept++
				}
			} else {
				one.Open++
			}
			one.Words = append(one.Words, v)
		}
		if len(one.Words) == 0 {
			continue
		}
		one.Kept = share(kept, told)
		k, n, p.Open = k+kept, n+told, p.Open+one.Open
		p.Sites = append(p.Sites, one)
	}
	p.Kept = share(k, n)
	return p
}

// A Consistency shows how alike a site treats its customers: by channel, and
// by repeats of the same task.
type Consistency struct {
	Site   string  `json:"site"`
	Name   string  `json:"name"`
	Number int     `json:"number"`
	Rows   []Alike `json:"rows"`
}

// An Alike is one way of asking. Times are of answers by a person, in s since
// the letter.
type Alike struct {
	Channel  string    `json:"channel"`
	What     string    `json:"what,omitempty"` // title of the scenario; empty: the whole channel
	Answered Share     `json:"answered"`
	Times    []float64 `json:"times"` // sorted
}

// consistency lists, for each site, the channels, and the scenarios that were
// put to it more than once.
func (b *builder) consistency() []Consistency {
	list, _ := b.enquiries()
	out := []Consistency{}
	for i, s := range b.sites {
		c := Consistency{Site: s.ID, Name: s.Name, Number: i + 1}
		type key struct{ channel, scenario string }
		var keys []key
		asked, got := map[key]int{}, map[key][]float64{}
		for _, q := range list {
			if q.site != i || q.obs.Outcome == evidence.Pending {
				continue
			}
			for _, k := range []key{{q.channel, ""}, {q.channel, q.obs.Probe.Scenario}} {
				if asked[k] == 0 {
					keys = append(keys, k)
				}
				asked[k]++
				if zero(q.person) > 0 {
					got[k] = append(got[k], q.person)
				}
			}
		}
		slices.SortFunc(keys, func(a, b key) int {
			return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.scenario, b.scenario))
		})
		for _, k := range keys {
			if k.scenario != "" && asked[k] < 2 {
				continue
			}
			times := append([]float64{}, got[k]...)
			slices.Sort(times)
			row := Alike{Channel: k.channel, Answered: share(len(times), asked[k]), Times: times}
			if k.scenario != "" {
				row.What = b.scenarios[k.scenario].Title
			}
			c.Rows = append(c.Rows, row)
		}
		if len(c.Rows) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// Hours count when people's answers came, in UTC.
type Hours struct {
	N    int        `json:"n"`    // answers by a person
	Most int        `json:"most"` // in one hour of the week
	Week [7][24]int `json:"week"` // from Monday
	Sent [7]int     `json:"sent"` // our letters by day, from Monday
	Days [7]string  `json:"days"` // their names
}

func (b *builder) hours(parts []SitePart) Hours {
	h := Hours{Days: [7]string{b.say("Mon"), b.say("Tue"), b.say("Wed"), b.say("Thu"), b.say("Fri"), b.say("Sat"), b.say("Sun")}}
	for _, p := range parts {
		for _, probe := range p.Probes {
			for _, m := range probe.Thread {
				if m.At.IsZero() || probe.Outcome == evidence.Pending {
					continue
				}
				day := (int(m.At.UTC().Weekday()) + 6) % 7
				if m.Ours {
					h.Sent[day]++
				} else if m.Class == "human" {
					h.N++
					h.Week[day][m.At.UTC().Hour()]++
					h.Most = max(h.Most, h.Week[day][m.At.UTC().Hour()])
				}
			}
		}
	}
	return h
}
