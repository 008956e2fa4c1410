package driver

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
)

// reading bounds how long the body of a held request may take to be told.
const reading = time.Second

// gate asks TabOptions.Gate about a held request and lets it go or fails it; p is
// nil for a worker's. The body of a Blob does not come with the request: it is
// asked for first, beside the reading goroutine, while the request waits.
func (t *Tab) gate(s *session, p *Page, e *fetch.EventRequestPaused) {
	switch {
	case t.o.Gate == nil:
		s.answer(e, true)
	case !e.Request.HasPostData || len(e.Request.PostDataEntries) > 0 || e.NetworkID == "":
		s.answer(e, t.o.Gate(p, e))
	default:
		go func() {
			ctx, cancel := context.WithTimeout(context.Background(), reading)
			defer cancel()
			if told, err := cdp.Call(ctx, s, network.GetRequestPostData, network.GetRequestPostDataParams{RequestID: e.NetworkID}); err == nil && len(told.PostData) > 0 {
				e.Request.PostDataEntries = []*network.PostDataEntry{{Bytes: told.PostData}}
			}
			s.answer(e, t.o.Gate(p, e))
		}()
	}
}
