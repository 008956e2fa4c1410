package reports_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/reporttest"
)

// The marks of a correspondence stand in the order of time, the promise counts
// from the acknowledgement, and the site's hours are those of its own zone.
func TestTimelineOfAProbe(t *testing.T) {
	in := reporttest.Input()
	weekdays := [7]bool{false, true, true, true, true, true, false}
	in.Sites[0].Opening = reports.Opening{Zone: "America/New_York", Days: weekdays, From: 9 * time.Hour, To: 17 * time.Hour}
	in.Observations[0].Facts = append(in.Observations[0].Facts, evidence.Fact{Name: "mail.promise", Unit: evidence.Second, Number: 86400})
	r := reporttest.Build(t, in)
	answered := slices.IndexFunc(r.Sites[0].Probes, func(p reports.Probe) bool { return len(p.Thread) == 3 })
	line := r.Sites[0].Probes[answered].Timeline
	var what []string
	for _, m := range line.Marks {
		what = append(what, m.What+" "+m.At.Sub(line.Start).String())
	}
	if want := []string{"letter 0s", "acknowledgement 2m0s", "human 3h10m0s", "promise 24h2m0s"}; !slices.Equal(what, want) {
		t.Errorf("%v, want %v", what, want)
	}
	// Monday from 9 in London's winter is 4 in New York: shaded are Monday 14 to 22, and Tuesday from 14, in UTC.
	if len(line.Open) != 1 || line.Open[0].From.Format("Mon 15:04") != "Mon 14:00" || line.Open[0].To.Format("Mon 15:04") != "Mon 22:00" {
		t.Errorf("open %v", line.Open)
	}
	// Without an answer, the window's end is the last mark.
	silent := r.Sites[1].Probes
	i := slices.IndexFunc(silent, func(p reports.Probe) bool { return p.Outcome == evidence.Silent })
	if marks := silent[i].Timeline.Marks; marks[len(marks)-1].What != "window" || !marks[len(marks)-1].At.Equal(silent[i].Deadline) {
		t.Errorf("%+v", marks)
	}
}

// What a visit typed, what was counted of its form, and what the form said to
// mistakes come from its facts.
func TestFormOfAProbe(t *testing.T) {
	in := reporttest.Input()
	visit := slices.IndexFunc(in.Observations, func(o evidence.Observation) bool { return o.Kind == "web" })
	o := &in.Observations[visit]
	add := func(step, name string, n float64, text string) {
		o.Facts = append(o.Facts, evidence.Fact{Name: name, Step: step, Number: n, Text: text})
	}
	add("mail", "web.step", 0, `fill the field "Your mail"`)
	add("mail", "web.step-took", 0.4, "")
	add("", "web.fields-visible", 9, "")
	add("", "web.fields", 7, "")
	add("mistake-mail", "web.trial-error-shown", 1, "")
	add("mistake-mail", "web.trial-kept", 0, "")
	add("mistake-mail", "web.trial-message", 0, "Enter a mail address, such as kim@shop.example")
	f := reporttest.Build(t, in).Sites[0].Probes
	i := slices.IndexFunc(f, func(p reports.Probe) bool { return p.Kind == "web" })
	form := f[i].Form
	if form == nil || *form.Visible != 9 || *form.Filled != 7 || form.Required != nil || len(form.Fields) != 1 || form.Fields[0].Step != 4 || *form.Fields[0].Took != 0.4 {
		t.Fatalf("%+v", form)
	}
	if m := form.Mistakes; len(m) != 1 || !*m[0].Shown || *m[0].Kept || m[0].Tied != nil || !strings.HasPrefix(m[0].Message, "Enter") {
		t.Errorf("%+v", m)
	}
	if bare := reporttest.Build(t, reporttest.Input()).Sites[0].Probes[i].Form; bare != nil {
		t.Errorf("a visit that typed nothing has the form %+v", bare)
	}
}
