package reports

import (
	"strings"
	"testing"
)

// Every published figure that is known stands there with its source, year,
// sample and definition; 0 is an unknown one.
func TestReferences(t *testing.T) {
	type row struct {
		year, n int
		figures []string // that the words name
	}
	want := map[string]row{
		"gartner-2000":          {2000, 50, []string{"23", "73", "4"}},
		"gartner-2000-features": {2000, 50, []string{"45", "14", "12", "5", "3"}},
		"jupiter-1998-08":       {1998, 125, []string{"23", "3", "42", "38"}},
		"jupiter-1999-01":       {1999, 125, []string{"26", "15", "46"}},
		"jupiter-2001-12":       {2001, 250, []string{"22", "17", "14", "46", "30"}},
		"jupiter-2002-08":       {2002, 227, []string{"38", "22", "18", "23", "36"}},
		"jupiter-2005-12":       {2005, 255, []string{"92", "41", "45", "39"}},
		"cost-1999":             {1999, 0, []string{"25 to 30", "2 to 3"}},
		"human-help-2000":       {2000, 0, []string{"63"}},
		"benchmarkportal-2004":  {2004, 300, []string{"41", "83", "40"}},
		"benchmarkportal-2005":  {2005, 147, []string{"51", "60"}},
		"egain-2008":            {2008, 0, []string{"25", "65"}},
		"egain-bands":           {2010, 0, []string{"2.3", "1.9"}},
		"superoffice-2017":      {2017, 500, []string{"41"}},
		"superoffice-2018":      {2018, 1000, []string{"62", "10", "12 h 10", "20"}},
		"netomi-2020":           {2020, 2000, []string{"59", "30", "6 hours"}},
		"etailing-2002":         {2002, 100, []string{"18.7", "4.93"}},
		"etailing-2009":         {2009, 100, []string{"72", "75"}},
		"etailing-2014":         {2014, 100, []string{"26"}},
		"eptica-2014":           {2014, 40, []string{"63", "13"}},
		"eptica-2015":           {2015, 40, []string{"58", "43 h 52"}},
		"eptica-2016":           {2016, 40, []string{"55", "32 h 53", "10"}},
		"retailx-uk":            {0, 0, []string{"12 h", "23.5 h"}},
		"gomez-2000":            {2000, 79, []string{"14", "30"}},
		"toister-2020":          {2020, 0, []string{"88"}},
		"chat-nl-2014":          {2014, 108, []string{"42", "44 s", "13 of 108"}},
		"superoffice-chat":      {0, 1000, []string{"21", "2 min 40", "55"}},
		"comm100-chat":          {2019, 0, []string{"45", "37", "48", "46"}},
		"baymard-2024":          {2024, 0, []string{"5.1", "11.3", "8"}},
		"lostness":              {1996, 0, []string{"0.4"}},
		"order-mail-1999":       {1999, 0, []string{"65", "13"}},
		"order-mail-2008":       {2008, 0, []string{"84"}},
	}
	left := map[string]bool{} // topics that have ended
	topic := ""
	for _, r := range References() {
		w, ok := want[r.ID]
		delete(want, r.ID)
		if !ok {
			t.Errorf("%s is not expected, or stands twice", r.ID)
			continue
		}
		if r.Year != w.year || r.N != w.n {
			t.Errorf("%s: year %d, n %d; want %d, %d", r.ID, r.Year, r.N, w.year, w.n)
		}
		if r.Short == "" || r.Source == "" || r.Of == "" || r.Definition == "" || r.Topic == "" {
			t.Errorf("%s lacks a short name, source, unit, definition or topic", r.ID)
		}
		for _, f := range w.figures {
			if !strings.Contains(r.Figure, f) {
				t.Errorf("%s does not say %s: %s", r.ID, f, r.Figure)
			}
		}
		if r.Topic != topic {
			if left[r.Topic] {
				t.Errorf("%s stands apart from the others on %s", r.ID, r.Topic)
			}
			left[topic], topic = true, r.Topic
		}
	}
	for id := range want {
		t.Errorf("%s is missing", id)
	}
}
