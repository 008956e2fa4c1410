package reports

import (
	"slices"

	"touchstone/scoring"
)

// A Quadrant sets how a site answers against how its pages work. Its sides are
// weighted means of the scorecard's own categories, so that nothing is judged
// by a second yardstick.
type Quadrant struct {
	Across []string `json:"across"` // titles of the categories read from letters, calls and chats
	Up     []string `json:"up"`     // those read from visits to the pages
	Points []Spot   `json:"points"` // in the panel's order, sites with both sides
	Apart  []Apart  `json:"apart"`
}

// A Spot is a site in the quadrant, in points of 100.
type Spot struct {
	Site      string            `json:"site"`
	Name      string            `json:"name"`
	Cohort    string            `json:"cohort"`
	Number    int               `json:"number"`
	X         float64           `json:"responsiveness"`
	Y         float64           `json:"usability"`
	XInterval *scoring.Interval `json:"responsiveness_interval,omitempty"`
	YInterval *scoring.Interval `json:"usability_interval,omitempty"`
	Leader    bool              `json:"leader,omitempty"` // of its cohort: nobody in it is better on one side and no worse on the other, and the sum is the highest
	Client    bool              `json:"client,omitempty"`
}

func (b *builder) quadrant(parts []SitePart) Quadrant {
	q := Quadrant{Across: []string{}, Up: []string{}, Points: []Spot{}, Apart: []Apart{}}
	across, up := map[string]bool{}, map[string]bool{}
	for _, c := range b.in.Result.Scorecard.Categories {
		said, seen := 0.0, 0.0
		for _, w := range c.Criteria {
			for _, s := range b.criterion(w.ID).Scopes()[:1] {
				if s.Kind == "web" {
					seen += w.Weight
				} else if s.Kind != "" {
					said += w.Weight
				}
			}
		}
		switch {
		case said > seen:
			across[c.ID], q.Across = true, append(q.Across, b.say(c.Title))
		case seen > 0:
			up[c.ID], q.Up = true, append(q.Up, b.say(c.Title))
		}
	}
	without := 0
	for i, p := range parts {
		s := b.scores[p.ID]
		x, xi, ok := scoring.Part(b.in.Result.Scorecard, pick(s.Categories, across))
		y, yi, too := scoring.Part(b.in.Result.Scorecard, pick(s.Categories, up))
		if !ok || !too {
			without++
			continue
		}
		q.Points = append(q.Points, Spot{Site: p.ID, Name: p.Name, Cohort: p.Cohort, Number: i + 1, X: x, Y: y, XInterval: xi, YInterval: yi, Client: b.client(p.Site)})
	}
	best := map[string]int{}
	for i, p := range q.Points {
		if j, ok := best[p.Cohort]; !ok || p.X+p.Y > q.Points[j].X+q.Points[j].Y {
			best[p.Cohort] = i
		}
	}
	for _, i := range best {
		q.Points[i].Leader = true
	}
	if without > 0 {
		q.Apart = append(q.Apart, Apart{b.say("One side could not be tested or does not apply"), without, len(parts), b.say("sites")})
	}
	return q
}

// client reports whether the report is for this site's owner.
func (b *builder) client(s Site) bool { return s.Cohort == "own" }

func pick(list []scoring.CategoryScore, ids map[string]bool) []scoring.CategoryScore {
	return slices.DeleteFunc(slices.Clone(list), func(c scoring.CategoryScore) bool { return !ids[c.ID] })
}
