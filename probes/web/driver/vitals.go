package driver

import (
	"context"
	"encoding/json"

	_ "embed"

	"github.com/chromedp/cdproto/runtime"
)

//go:embed vitals.js
var pacer string

// leaving is the function by which a document that goes away tells its Pace.
const leaving = "__touchstone_left"

// A Pace is how fast a document came and how it kept its user waiting, by the
// browser's own clock, in milliseconds. What is measured and how stands in W3C
// Navigation Timing, Long Tasks and Event Timing, and at web.dev/articles/vitals.
type Pace struct {
	Vitals
	Origin   float64 `json:"origin"`   // when its navigation began, since 1970: tells one document from another
	FCP      float64 `json:"fcp"`      // first contentful paint; 0: none yet
	Load     float64 `json:"load"`     // end of the load event; 0: not yet
	Server   float64 `json:"server"`   // from the request to the first byte of its answer
	Blocked  float64 `json:"blocked"`  // total blocking time, from the first contentful paint to the first input, our own reading left out
	Slowest  float64 `json:"slowest"`  // interaction to next paint, of clicks and keys; 0: none took 16 ms
	Answered int     `json:"answered"` // clicks and keys that a frame followed
}

// Pace reads it. Its Vitals stop at the first input. Of a document that was not
// painted yet while its picture is on its way it is read when that is there.
func (p *Page) Pace(ctx context.Context) (Pace, error) {
	if p.fresh(p.told.paced) {
		return p.told.pace, nil
	}
	said, err := p.read(ctx, paceReader, overlaysReader, surveyReader)
	if err == nil && said.Pace != nil && said.Pace.LCP == 0 && p.exposing != nil {
		p.drawn()
		said, err = p.readBy(ctx, "pictured", paceReader)
	}
	if err == nil && said.Pace == nil {
		err = errUnread
	}
	if err != nil {
		return Pace{}, err
	}
	return *said.Pace, nil
}

// Left gives what a document told as it was about to go away, from which it may
// have been kept; false for other events.
func Left(ev any) (Pace, bool) {
	e, ok := ev.(*runtime.EventBindingCalled)
	if !ok || e.Name != leaving {
		return Pace{}, false
	}
	var v Pace
	return v, json.Unmarshal([]byte(e.Payload), &v) == nil
}
