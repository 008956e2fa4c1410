package scoring

import "fmt"

// A Difference is one figure that two waves do not share. It is plain: no test
// says whether chance alone would make it.
type Difference struct {
	Site   string `json:"site"`
	What   string `json:"what"` // "total", "category ID", "mark ID"
	Before string `json:"before"`
	After  string `json:"after"`
}

// Compare lists what differs between two judgements, in the order of the later
// one's panel and scorecard, then what only the earlier one has.
func Compare(a, b Result) []Difference {
	before, after := figures(a), figures(b)
	was, seen := map[[2]string]string{}, map[[2]string]bool{}
	for _, f := range before {
		was[[2]string{f.Site, f.What}] = f.After
	}
	const none = "not in this wave"
	var out []Difference
	for _, f := range after {
		key := [2]string{f.Site, f.What}
		seen[key] = true
		old, ok := was[key]
		if !ok {
			old = none
		}
		if old != f.After {
			out = append(out, Difference{f.Site, f.What, old, f.After})
		}
	}
	for _, f := range before {
		if !seen[[2]string{f.Site, f.What}] {
			out = append(out, Difference{f.Site, f.What, f.After, none})
		}
	}
	return out
}

// figures lists a result's figures, each as After.
func figures(r Result) []Difference {
	var out []Difference
	add := func(site, what string, state State, points float64, shown string) {
		text := string(state)
		if state == Scored {
			text = fmt.Sprintf("%.0f", points)
			if shown != "" {
				text += " (" + shown + ")"
			}
		}
		out = append(out, Difference{Site: site, What: what, After: text})
	}
	for _, s := range r.Sites {
		add(s.Site, "total", s.State, s.Score, s.Grade)
		for _, c := range s.Categories {
			add(s.Site, "category "+c.ID, c.State, c.Score, "")
			for _, m := range c.Marks {
				add(s.Site, "mark "+m.Criterion, m.State, 100*m.Score, m.Shown)
			}
		}
	}
	return out
}
