package web

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"

	"touchstone/probes/web/driver"
)

// longestAnswer is how long a script's question may take and still count as
// something that the customer waits for; what takes longer is a line that is
// held open.
const longestAnswer = 10 * time.Second

// A pace follows how fast a site's pages come and answer, step by step. It
// hears the browser on its goroutine.
type pace struct {
	bounds bounds

	mu      sync.Mutex
	step    string
	names   []string           // of the steps that received something, in order
	bytes   map[string]float64 // that came in each
	steps   []span             // in which we acted
	gaps    []span             // before steps that only wait, in which we looked at the page
	opens   []span             // from a document's navigation until it could be used
	asked   map[network.RequestID]question
	answers []span
	at      map[float64]string // the step that opened a document, by its origin
	left    []driver.Pace      // of documents that went, or were about to
}

// A question is a request of a script that has no answer yet.
type question struct {
	wall  time.Time
	since float64 // the browser's monotonic seconds
	heard float64 // the same, when its answer began; 0: it has not
}

// A span is a stretch of time.
type span struct{ from, to time.Time }

func newPace(b bounds) *pace {
	return &pace{bounds: b, bytes: map[string]float64{}, asked: map[network.RequestID]question{}, at: map[float64]string{}}
}

// begin is the beginning of a step's action, end its end. A customer has no more
// to do before a step that only waits for something to show: what our looking at
// the page took before it is his wait, as far as the site has not answered.
func (c *pace) begin(step string, at time.Time, waits bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.step = step
	if n := len(c.steps); waits && n > 0 {
		c.gaps = append(c.gaps, span{c.steps[n-1].to, at})
	}
	c.steps = append(c.steps, span{at, at})
}

func (c *pace) end(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.steps[len(c.steps)-1].to = at
}

// opened is told of a document that a step opened, before its first input.
func (c *pace) opened(step string, p driver.Pace) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at[p.Origin] = step
	from := instant(p.Origin)
	c.opens = append(c.opens, span{from, from.Add(milliseconds(p.Usable))})
}

func instant(ms float64) time.Time { return time.UnixMicro(int64(ms * 1000)) }

func milliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

func (c *pace) on(ev any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p, ok := driver.Left(ev); ok {
		c.left = append(c.left, p)
		return
	}
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if e.RedirectResponse != nil {
			c.received(e.RedirectResponse.EncodedDataLength)
		}
		scripted := e.Type == network.ResourceTypeXHR || e.Type == network.ResourceTypeFetch
		if _, again := c.asked[e.RequestID]; scripted && !again && strings.HasPrefix(e.Request.URL, "http") && c.bounds.holds(e.Request.URL) {
			c.asked[e.RequestID] = question{wall: seconds(float64(e.WallTime)), since: e.Timestamp.Float64()}
		}
	case *network.EventResponseReceived:
		if q, ok := c.asked[e.RequestID]; ok {
			q.heard = e.Timestamp.Float64()
			c.asked[e.RequestID] = q
		}
	case *network.EventLoadingFinished:
		c.received(e.EncodedDataLength)
		if q, ok := c.asked[e.RequestID]; ok {
			delete(c.asked, e.RequestID)
			c.answered(q, e.Timestamp.Float64())
		}
	case *network.EventLoadingFailed:
		delete(c.asked, e.RequestID)
	}
}

// answered notes an answer that was there at some time.
func (c *pace) answered(q question, at float64) {
	if took := time.Duration((at - q.since) * float64(time.Second)); took <= longestAnswer {
		c.answers = append(c.answers, span{q.wall, q.wall.Add(took)})
	}
}

func (c *pace) received(bytes float64) {
	if _, known := c.bytes[c.step]; !known {
		c.names = append(c.names, c.step)
	}
	c.bytes[c.step] += bytes
}

// waited gives how long answers to scripts were waited for, beside the time in
// which documents were on their way: in steps, and in the gaps before steps. It
// is asked once: what has begun to be answered by then has been used.
func (c *pace) waited() (inSteps, inGaps time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, q := range c.asked {
		if q.heard > 0 {
			c.answered(q, q.heard)
		}
	}
	return c.answering(c.steps), c.answering(c.gaps)
}

// answering gives how long of some time answers were under way and documents
// were not; c.mu is held.
func (c *pace) answering(of []span) time.Duration {
	within := overlaps(c.answers, of)
	return covered(within) - covered(overlaps(within, c.opens))
}

func overlaps(some, others []span) (within []span) {
	for _, a := range some {
		for _, b := range others {
			if part, any := overlap(a, b); any {
				within = append(within, part)
			}
		}
	}
	return within
}

func overlap(a, b span) (span, bool) {
	o := span{a.from, a.to}
	if b.from.After(o.from) {
		o.from = b.from
	}
	if b.to.Before(o.to) {
		o.to = b.to
	}
	return o, o.from.Before(o.to)
}

// covered gives the length of the union of spans.
func covered(spans []span) (total time.Duration) {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
	var until time.Time
	for _, s := range spans {
		if s.from.After(until) {
			until = s.from
		}
		if s.to.After(until) {
			total += s.to.Sub(until)
			until = s.to
		}
	}
	return total
}

// paces records what is known of a document's pace once nothing can follow,
// and adds to the site's time what scripts waited for.
func (v *visit) paces(ctx context.Context) {
	last := driver.Pace{}
	if p := v.tab.Page(); p != nil {
		last, _ = p.Pace(ctx) // a page that has crashed has none, which its absence says
	}
	c := v.pace
	inSteps, inGaps := c.waited()
	v.waited += inSteps + inGaps
	v.spent += inGaps
	v.rec.Number("web.own-time", max(0, v.spent-v.waited).Seconds())
	c.mu.Lock()
	defer c.mu.Unlock()
	all := append(slices.Clone(c.left), last)
	for i, d := range all {
		step, known := c.at[d.Origin]
		if !known || slices.ContainsFunc(all[i+1:], func(later driver.Pace) bool { return later.Origin == d.Origin }) {
			continue
		}
		v.rec.StepNumber(step, "web.server-time", rounded(d.Server))
		if d.FCP > 0 {
			v.rec.StepNumber(step, "web.fcp", rounded(d.FCP))
		}
		if d.Load > 0 {
			v.rec.StepNumber(step, "web.load", rounded(d.Load))
		}
		v.rec.StepNumber(step, "web.tbt", rounded(d.Blocked))
		if d.Answered > 0 {
			v.rec.StepNumber(step, "web.inp", rounded(d.Slowest))
		}
	}
	for _, step := range c.names {
		v.rec.StepNumber(step, "web.transfer", c.bytes[step])
	}
}
