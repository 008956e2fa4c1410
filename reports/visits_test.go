package reports_test

import (
	"slices"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/reports/reporttest"
)

// The method says as whom and by what pages were visited, and of how many the
// timings were thrown away.
func TestVisitsOfTheMethod(t *testing.T) {
	in := reporttest.Input()
	if v := reporttest.Build(t, in).Method.Visits; v != nil {
		t.Errorf("visits that recorded nothing of themselves give %+v", v)
	}
	text := func(o *evidence.Observation, name, words string) {
		o.Facts = append(o.Facts, evidence.Fact{Name: name, Unit: evidence.Text, Text: words})
	}
	count := func(o *evidence.Observation, name, step string, n float64) {
		o.Facts = append(o.Facts, evidence.Fact{Name: name, Step: step, Unit: evidence.Count, Number: n})
	}
	const browser = "chromium 156.0, in its sandbox, sites of one page not isolated from one another"
	in.Language = "de"
	for i := range in.Observations {
		o := &in.Observations[i]
		if o.Kind != "web" {
			continue
		}
		text(o, "web.visitor", "desktop 1280×800, en-GB, Europe/London")
		text(o, "web.browser", browser)
		if o.Outcome == evidence.Completed {
			count(o, "web.ttfb", "step 1", 30)
			count(o, "web.ttfb", "step 2", 40)
			count(o, "web.timings-withheld", "", 1)
		}
	}
	v := reporttest.Build(t, in).Method.Visits
	if v == nil || v.N != 3 || v.Watched != 1 || v.Timed != 2 || v.Withheld != 1 {
		t.Fatalf("%+v", v)
	}
	want := []string{
		"Besucht als desktop 1280×800, en-GB, Europe/London: 3 von 3 Besuchen.",
		"Mit dem Browser chromium 156.0, in seiner Sandbox, Sites einer Seite nicht voneinander getrennt: 3 von 3 Besuchen.",
		"Neben 1 von 3 Besuchen wurde eine Seite mit bekannter Wartezeit gemessen. Danach wurden die Zeiten von 1 von 3 Seiten verworfen, weil unser Rechner zu beschäftigt war.",
	}
	if !slices.Equal(v.Said, want) {
		t.Errorf("it says\n%q\nwant\n%q", v.Said, want)
	}
	if means := reporttest.Build(t, reporttest.Panel(6)).Front.Means; means != "In 95 of 100 such reports, the interval holds the score that the same tasks would give, were they done again and again." {
		t.Errorf("of its intervals the report says %q", means)
	}
}
