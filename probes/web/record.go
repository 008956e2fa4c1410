package web

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"touchstone/probes/web/driver"
)

// mostRequests is how many requests a visit's log holds; those beyond it are
// counted, and no more.
const mostRequests = 5000

// A record is what the browser says about a visit: its requests and its
// console. Cookies never enter it, and of bodies only what forms send.
type record struct {
	mask *masker

	mu       sync.Mutex
	step     string // the step that is under way
	requests []*entry
	more     int // requests beyond the most that are kept
	live     map[network.RequestID]*entry
	console  []message
	pages    int
	views    map[*driver.Page]int // in each page
	routes   map[string]bool      // addresses of views, each once

	documents []*document                // of pages, in the order of their coming
	shown     map[*driver.Page]*document // in each page
}

// A message is one line of the console, or a dialog that the page opened.
type message struct {
	Time  time.Time `json:"time"`
	Level string    `json:"level"` // "error", "warning", "dialog"
	Text  string    `json:"text"`
	URL   string    `json:"url,omitempty"`
	Step  string    `json:"step,omitempty"`
}

func newRecord(m *masker) *record {
	return &record{mask: m, live: map[network.RequestID]*entry{}, views: map[*driver.Page]int{}, routes: map[string]bool{}, shown: map[*driver.Page]*document{}}
}

// on takes an event in; p is nil for a worker's.
func (r *record) on(p *driver.Page, ev any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if before := r.live[e.RequestID]; before != nil && e.RedirectResponse != nil {
			before.answered(e.RedirectResponse)
			before.Response.RedirectURL = clean(e.Request.URL)
			before.Response.Bytes = e.RedirectResponse.EncodedDataLength
			before.ended(e.Timestamp.Float64())
		}
		if strings.HasPrefix(e.Request.URL, "data:") || strings.HasPrefix(e.Request.URL, "blob:") {
			return // they never leave the page
		}
		r.mask.learnHeaders(e.Request.Headers)
		if len(r.requests) == mostRequests {
			delete(r.live, e.RequestID)
			r.more++
			return
		}
		n := newEntry(e)
		n.Step, n.page = r.step, p
		r.live[e.RequestID] = n
		r.requests = append(r.requests, n)
	case *network.EventRequestWillBeSentExtraInfo:
		r.mask.learnHeaders(e.Headers)
	case *network.EventResponseReceivedExtraInfo:
		r.mask.learnHeaders(e.Headers)
	case *network.EventResponseReceived:
		if n := r.live[e.RequestID]; n != nil {
			n.answered(e.Response)
		}
	case *network.EventLoadingFinished:
		if n := r.live[e.RequestID]; n != nil {
			n.Response.Bytes = e.EncodedDataLength
			n.ended(e.Timestamp.Float64())
		}
	case *network.EventLoadingFailed:
		if n := r.live[e.RequestID]; n != nil {
			n.Failure, n.gone = e.ErrorText, e.Canceled
			n.ended(e.Timestamp.Float64())
		}
	case *page.EventFrameNavigated:
		if p != nil && e.Frame.ParentID == "" && strings.HasPrefix(e.Frame.URL, "http") {
			r.pages++
			r.viewed(p)
			r.shown[p] = &document{loader: e.Frame.LoaderID, page: p, url: e.Frame.URL, loaded: -1, usable: -1}
			r.documents = append(r.documents, r.shown[p])
		}
	case *page.EventDomContentEventFired:
		if d := r.shown[p]; d != nil && d.usable < 0 {
			d.usable = e.Timestamp.Float64()
		}
	case *page.EventLoadEventFired:
		if d := r.shown[p]; d != nil && d.loaded < 0 {
			d.loaded = e.Timestamp.Float64()
		}
	case *page.EventNavigatedWithinDocument:
		if p != nil {
			r.viewed(p)
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
			level := "error"
			if e.Type == "warning" {
				level = "warning"
			}
			r.say(level, arguments(e.Args), "")
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil && x.Description != "" {
			text = x.Description
		}
		r.say("error", text, e.ExceptionDetails.URL)
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" {
			r.say("error", e.Entry.Text, e.Entry.URL)
		}
	case *page.EventJavascriptDialogOpening:
		r.say("dialog", fmt.Sprintf("%s: %s", e.Type, e.Message), e.URL)
	}
}

// viewed counts the view that the page shows now, if it is another.
func (r *record) viewed(p *driver.Page) {
	d := p.Document()
	if d.View == r.views[p] {
		return
	}
	r.views[p] = d.View
	u, err := url.Parse(d.URL)
	if err == nil {
		r.routes[driver.Route(d.URL)+"?"+u.RawQuery] = true
	}
}

// seen counts the views so far, and the different ones among them.
func (r *record) seen() (views, different int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.views {
		views += n
	}
	return views, len(r.routes)
}

func (r *record) say(level, text, from string) {
	if len(r.console) >= 1000 {
		return // a page in a loop; the first thousand tell enough
	}
	if len(text) > 2000 {
		text = strings.ToValidUTF8(text[:2000], "") + " …"
	}
	r.console = append(r.console, message{Time: time.Now().UTC(), Level: level, Text: text, URL: clean(from), Step: r.step})
}

// titled notes what the page in front calls itself.
func (r *record) titled(p *driver.Page, title string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d := r.shown[p]; d != nil {
		d.title = title
	}
}

func (r *record) begin(step string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.step = step
}

func seconds(s float64) time.Time {
	whole, part := math.Modf(s)
	return time.Unix(int64(whole), int64(part*1e9)).UTC().Truncate(time.Microsecond)
}

// rounded cuts what no clock of a browser can know: three decimals stay.
func rounded(v float64) float64 { return math.Round(v*1000) / 1000 }

func arguments(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		var text string
		switch {
		case a.Description != "":
			words = append(words, a.Description)
		case json.Unmarshal(a.Value, &text) == nil:
			words = append(words, text)
		default:
			words = append(words, string(a.Value))
		}
	}
	return strings.Join(words, " ")
}

// tallies are the record's figures.
type tallies struct {
	pages, requests, failed, errors, thirdParties int
	bytes                                         float64
}

func (r *record) tally(b bounds) tallies {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := tallies{pages: r.pages, requests: len(r.requests) + r.more}
	hosts := map[string]bool{}
	for _, n := range r.requests {
		t.bytes += n.Response.Bytes
		if n.Response.Status >= 400 || n.Failure != "" && !n.gone {
			t.failed++
		}
		if u, err := url.Parse(n.Request.URL); err == nil && u.Host != "" && siteOf(u) != b.domain {
			hosts[u.Hostname()] = true
		}
	}
	t.thirdParties = len(hosts)
	for _, m := range r.console {
		if m.Level == "error" {
			t.errors++
		}
	}
	return t
}

// messages gives the console as JSON, without what is to be hidden.
func (r *record) messages() ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]message, len(r.console))
	for i, m := range r.console {
		m.Text, m.URL = r.mask.hide(m.Text), r.mask.hide(m.URL)
		list[i] = m
	}
	return json.MarshalIndent(list, "", " ")
}
