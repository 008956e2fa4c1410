package reports

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"touchstone/scoring"
	"touchstone/scoring/stat"
)

// Sensitivity is what the places owe to the scorecard's weights.
type Sensitivity struct {
	Draws int              `json:"draws"` // of each kind; 0 where fewer than two sites have a total
	Off   float64          `json:"off"`   // share by which every weight may be off, of the near draws
	Said  []string         `json:"said"`  // whole sentences
	Rows  []SensitivityRow `json:"rows"`  // by place
}

// A SensitivityRow is one site's places.
type SensitivityRow struct {
	Site   string `json:"site"`
	Name   string `json:"name"`
	Number int    `json:"number"`
	scoring.WeightPlaces
}

// weightsOff is how far a weight may be off, in the near draws: our figure.
const weightsOff = 0.25

// weightDraws are enough for the ends of a range, and what a panel of n sites
// gets in a few seconds.
func weightDraws(n int) int { return max(200, min(1000, 2_500_000/max(n, 1))) }

func (b *builder) sensitivity() Sensitivity {
	s := Sensitivity{Off: weightsOff, Said: []string{}, Rows: []SensitivityRow{}}
	draws := weightDraws(len(b.sites))
	chance := rand.New(rand.NewPCG(b.in.Wave.Seed, 0x57ed))
	places := map[string]*scoring.WeightPlaces{}
	for i, p := range scoring.PlacesByWeights(b.in.Result, draws, weightsOff, chance) {
		places[b.in.Result.Sites[i].Site] = p
	}
	for i, site := range b.sites {
		if p := places[site.ID]; p != nil {
			s.Rows = append(s.Rows, SensitivityRow{site.ID, site.Name, i + 1, *p})
		}
	}
	if len(s.Rows) == 0 {
		return s
	}
	s.Draws = draws
	slices.SortStableFunc(s.Rows, func(a, b SensitivityRow) int { return cmp.Compare(a.Near.Place, b.Near.Place) })
	s.Said = b.saidOfWeights(s.Rows)
	return s
}

// saidOfWeights says which places stand, and between which the client's move.
func (b *builder) saidOfWeights(rows []SensitivityRow) []string {
	kept, most := 0, 0
	var first, firm []string
	for _, r := range rows {
		if moved := max(r.Near.Place-r.Near.Best, r.Near.Worst-r.Near.Place); moved == 0 {
			kept++
		} else {
			most = max(most, moved)
		}
		if r.Fresh.Best == 1 {
			first = append(first, r.Name)
		}
		if r.Fresh.Best == r.Fresh.Worst {
			firm = append(firm, fmt.Sprintf("%d (%s)", r.Fresh.Place, r.Name))
		}
	}
	var out []string
	if most == 0 {
		out = append(out, b.say("Were every weight off by up to 25 %, each site would keep its place."))
	} else {
		out = append(out, b.say("Were every weight off by up to 25 %%, %d of %s would keep their place; none would move by more than %s.", kept, b.count(len(rows), "site"), b.count(most, "place")))
	}
	if len(first) == 1 {
		out = append(out, b.say("%s stands first whatever the weights.", first[0]))
	} else {
		out = append(out, b.say("By other weights, the first place could go to any of %d: %s.", len(first), b.some(first)))
	}
	switch {
	case len(firm) == 0:
		out = append(out, b.say("No place stands whatever the weights."))
	case len(firm) == len(rows):
		out = append(out, b.say("Every place stands whatever the weights: who is better is so in all that was measured."))
	default:
		out = append(out, b.say("These places stand whatever the weights: %s.", b.some(firm)))
	}
	for _, r := range rows {
		if b.client(b.sites[r.Number-1]) {
			out = append(out, b.say("%s, now at place %d, would stand at %s with weights that are a little off, and at %s with quite other ones.", r.Name, r.Near.Place, Places(r.Near), Places(r.Fresh)))
		}
	}
	return out
}

// Places words a range of places: "1–3", "2" where there is no other.
func Places(r stat.Rank) string {
	if r.Best == r.Worst {
		return fmt.Sprint(r.Best)
	}
	return fmt.Sprintf("%d–%d", r.Best, r.Worst)
}

// some names a few of many.
func (b *builder) some(names []string) string {
	said := strings.Join(names[:min(len(names), 8)], ", ")
	if n := len(names) - 8; n > 0 {
		said += b.say(" and %d more", n)
	}
	return said
}
