package reports

import (
	"slices"

	"touchstone/internal/evidence"
	"touchstone/scoring"
)

// Merchants is the table of the founding studies: a row for each site, a
// column for each fact, ending in the average and the median over the sites
// that have a value.
type Merchants struct {
	Columns []MerchantColumn `json:"columns"`
	Rows    []MerchantRow    `json:"rows"` // in the panel's order
}

// A MerchantColumn is one fact with its summary over N sites.
type MerchantColumn struct {
	Title   string        `json:"title"`
	Unit    evidence.Unit `json:"unit"`
	N       int           `json:"n"` // sites with a value
	Average float64       `json:"average"`
	Median  float64       `json:"median"`
}

// A MerchantRow holds a cell for each column.
type MerchantRow struct {
	Site   string         `json:"site"`
	Name   string         `json:"name"`
	Number int            `json:"number"`
	Cells  []MerchantCell `json:"cells"`
}

// A MerchantCell is a site's value: a share K of N, or the median over N probes.
type MerchantCell struct {
	Value *float64 `json:"value,omitempty"` // nil where nothing was recorded
	K     int      `json:"k,omitempty"`
	N     int      `json:"n"`
}

// columns of the merchant table, as far as a wave recorded them. A bool is
// shown as a share of probes, a number as the median over probes.
var columns = []struct {
	title, fact string
	unit        evidence.Unit
	kind, task  string // empty: any
}{
	{"Mails answered by a person", "mail.answered", evidence.Ratio, "mail", ""},
	{"First answer by a person, where one came", "mail.first-human-after", evidence.Second, "mail", ""},
	{"Mails acknowledged", "mail.acknowledged", evidence.Ratio, "mail", ""},
	{"Words in the answer", "mail.words", evidence.Count, "mail", ""},
	{"Answer to the form, where one came", "form.first-human-after", evidence.Second, "form", "contact-form"},
	{"Chat answered by a person", "chat.answered", evidence.Ratio, "chat", ""},
	{"Call answered", "phone.answered", evidence.Ratio, "phone", ""},
	{"Payment page reached", "web.reached", evidence.Ratio, "web", "checkout"},
	{"Clicks to payment", "web.clicks", evidence.Count, "web", "checkout"},
	{"Fields to payment", "web.fields", evidence.Count, "web", "checkout"},
	{"Help found", "web.reached", evidence.Ratio, "web", "find-help"},
	{"Way to a person found", "web.reached", evidence.Ratio, "web", "find-contact"},
}

func (b *builder) merchants() Merchants {
	m := Merchants{Columns: []MerchantColumn{}, Rows: []MerchantRow{}}
	for i, s := range b.sites {
		m.Rows = append(m.Rows, MerchantRow{Site: s.ID, Name: s.Name, Number: i + 1, Cells: []MerchantCell{}})
	}
	for _, c := range columns {
		var cells []MerchantCell
		var values []float64
		for _, s := range b.sites {
			var cell MerchantCell
			var got []float64
			for i := range b.obs[s.ID] {
				o := &b.obs[s.ID][i]
				if o.Kind != c.kind || c.task != "" && o.Task != c.task || !o.Outcome.Testable() || o.Outcome == evidence.Pending {
					continue
				}
				if f, ok := o.Fact(c.fact); ok {
					got = append(got, f.Number)
					if f.Number != 0 {
						cell.K++
					}
				}
			}
			if cell.N = len(got); cell.N > 0 {
				v := scoring.Proportion(cell.K, cell.N)
				if c.unit != evidence.Ratio {
					v, cell.K = middle(got), 0
				}
				cell.Value = &v
				values = append(values, v)
			} else {
				cell.K = 0
			}
			cells = append(cells, cell)
		}
		if len(values) == 0 {
			continue
		}
		col := MerchantColumn{Title: b.say(c.title), Unit: c.unit, N: len(values), Median: middle(values)}
		for _, v := range values {
			col.Average += v / float64(len(values))
		}
		m.Columns = append(m.Columns, col)
		for i := range m.Rows {
			m.Rows[i].Cells = append(m.Rows[i].Cells, cells[i])
		}
	}
	return m
}

// middle is the median of at least one value.
func middle(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}
