package fieldwork

import (
	"path/filepath"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Whatever opens pages needs a browser, a form as well as a visit; what writes
// letters, and what is refused, needs none.
func TestWhatOpensPagesNeedsABrowser(t *testing.T) {
	id := evidence.ProbeID{Wave: "w", Site: "a", Scenario: "s", Repeat: 1}
	letter := &probes.Letter{Envelope: probes.Envelope{From: "p1@x.example", To: "a@y.example", MessageID: "m1@x.example"}}
	for _, c := range []struct {
		row           Row
		mail, browser bool
	}{
		{Row{Probe: id, Kind: "web", Task: "find"}, false, true},
		{Row{Probe: id, Kind: "form", Task: "ask", Window: time.Hour}, true, true},
		{Row{Probe: id, Kind: "mail", Task: "ask", Window: time.Hour, Letter: letter}, true, false},
		{Row{Probe: id, Kind: "form", Task: "ask", Window: time.Hour, Refusal: "not granted"}, false, false},
	} {
		d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "touchstone.db"))
		if err != nil {
			t.Fatal(err)
		}
		if err := Freeze(t.Context(), d, &Plan{Wave: "w", Rows: []Row{c.row}}, "v", time.Now()); err != nil {
			t.Fatal(err)
		}
		w, err := LoadWave(t.Context(), d, "w")
		if err != nil {
			t.Fatal(err)
		}
		mail, browser, err := w.Ahead(t.Context(), d)
		if err != nil || mail != c.mail || browser != c.browser {
			t.Errorf("%s, refusal %q: mail %t, browser %t, %v", c.row.Kind, c.row.Refusal, mail, browser, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}
