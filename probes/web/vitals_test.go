package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
)

// at gives a fact of a step; ok is false where it is absent.
func (r result) at(name, step string) (n float64, ok bool) {
	for _, f := range r.Facts {
		if f.Name == name && f.Step == step {
			return f.Number, true
		}
	}
	return 0, false
}

// busy is a script's work that holds the page up for so many milliseconds.
const busy = `const busy = ms => { for (const end = performance.now() + ms; performance.now() < end;); };`

// patience bounds times above, in ms: whatever else the machine does makes pages
// slower.
const patience = 5000

// What a page does to its user is told by the step that opened it, however the
// page went: left by a link, or open to the last.
func TestPaceOfPages(t *testing.T) {
	pages := map[string]string{
		"/": `<h1>Heavy</h1><button hidden onclick="busy(150)">Work</button><a href=/calm>Calm</a><script>` + busy + `
			new PerformanceObserver(l => { // once it has been drawn, it blocks for 130 ms and for 70
				if (l.getEntriesByName('first-contentful-paint').length) setTimeout(() => { busy(180); setTimeout(() => { busy(120); document.querySelector('button').hidden = false }) })
			}).observe({type: 'paint', buffered: true})</script>` + strings.Repeat("<p>More</p>", 400),
		"/calm":  `<h1>Calm</h1><p>Nothing to do</p><a href=/still>On</a>`,
		"/still": `<h1>Still</h1><button onclick="this.textContent='Pressed'">Press</button>`,
	}
	r := shopping(t, serve(t, pages), `[{"name":"heavy","open":"/"},{"expect":{"text":"Work"}},{"click":{"text":"Work"}},{"name":"calm","click":{"text":"Calm"}},{"name":"still","click":{"text":"On"}},{"click":{"text":"Press"}}]`)
	want(t, r, evidence.Completed, "")
	for _, c := range []struct {
		fact, step string
		low, high  float64
	}{
		{"web.tbt", "heavy", 199, patience}, {"web.inp", "heavy", 150, patience}, {"web.tbt", "calm", 0, patience}, {"web.inp", "still", 0, patience},
		{"web.transfer", "heavy", 4500, 6500}, {"web.transfer", "calm", 200, 500}, {"web.fcp", "heavy", 1, patience}, {"web.load", "calm", 1, patience}, {"web.server-time", "calm", 0, patience},
	} {
		if got, ok := r.at(c.fact, c.step); !ok || got < c.low || got > c.high {
			t.Errorf("%s of %s is %v (%v), want %v to %v", c.fact, c.step, got, ok, c.low, c.high)
		}
	}
	heavy, _ := r.at("web.tbt", "heavy")
	if calm, _ := r.at("web.tbt", "calm"); calm >= heavy {
		t.Errorf("the calm page blocked for %v ms, the heavy one for %v", calm, heavy)
	}
	if got, ok := r.at("web.inp", "calm"); ok {
		t.Errorf("the click that led away from the calm page was painted there after %v ms", got)
	}
}

// What comes while we look at a page before a step that waits for it was waited
// for; before any other step the customer would have gone on.
func TestAnswersWhileWeLook(t *testing.T) {
	at := func(ms int) time.Time { return time.UnixMilli(int64(ms)) }
	c := newPace(bounds{})
	c.begin("ask", at(0), false)
	c.end(at(100))
	c.begin("see", at(400), true)
	c.end(at(450))
	c.begin("go", at(900), false)
	c.end(at(1000))
	c.answers = []span{{at(50), at(300)}, {at(420), at(700)}}
	c.opens = []span{{at(0), at(60)}}
	c.asked["begun"] = question{wall: at(920), since: 7, heard: 7.0625} // its answer has begun, and was used
	c.asked["held open"] = question{wall: at(0), since: 6}
	inSteps, inGaps := c.waited()
	if inSteps != 132500*time.Microsecond || inGaps != 200*time.Millisecond {
		t.Errorf("waited %v in the steps and %v before them", inSteps, inGaps)
	}
}

// The site's share of the time is what the customer waits: for a document, and
// for an answer that a script asked for; not a line that is held open, and not
// what comes while nobody waits.
func TestTheSitesShareOfTheTime(t *testing.T) {
	const server = 300 * time.Millisecond
	slow := func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/answer", "/document":
			// The clock of the shop, which is what is measured.
			timer := time.NewTimer(server)
			defer timer.Stop()
			<-timer.C
		case "/line":
			<-r.Context().Done()
			return true
		}
		return false
	}
	s := serve(t, map[string]string{
		"/":         `<h1>Start</h1><script>fetch('/line')</script><button onclick="fetch('/answer').then(() => { document.querySelector('h1').textContent = 'Answered' })">Ask</button><a href=/document>Document</a>`,
		"/answer":   "yes",
		"/document": `<h1>Document</h1>`,
	})
	inner := s.Config.Handler
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slow(w, r) {
			inner.ServeHTTP(w, r)
		}
	})
	for _, c := range []struct {
		name, steps string
		low, high   float64
	}{
		{"an answer to a script", `[{"open":"/"},{"click":{"text":"Ask"}},{"expect":{"text":"Answered"}}]`, 0.3, patience / 1000},
		{"a document", `[{"open":"/"},{"name":"document","click":{"text":"Document"}}]`, 0.3, patience / 1000},
		{"neither", `[{"open":"/"},{"expect":{"text":"Start"}}]`, 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := shopping(t, s, c.steps)
			want(t, r, evidence.Completed, "")
			site, task, own := r.number(t, "web.site-time"), r.number(t, "web.task-time"), r.number(t, "web.own-time")
			if site < c.low || site > c.high || site > task || own < 0 || own > task-site+0.001 {
				t.Errorf("task %v s, of that the site %v and we %v", task, site, own)
			}
			if got, ok := r.at("web.server-time", "document"); ok && (got < 299 || got > patience) {
				t.Errorf("the server took %v ms, by its own clock %v", got, server)
			}
		})
	}
}
