package web

import (
	"encoding/json"
	"fmt"
	"math"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"

	"touchstone/probes/web/driver"
)

// A record is what the browser says about a visit: its requests and its
// console. Cookies, headers and bodies never enter it.
type record struct {
	mu       sync.Mutex
	step     string // the step that is under way
	requests []*entry
	live     map[network.RequestID]*entry
	console  []message
	pages    int
	views    map[*driver.Page]int // in each page
	routes   map[string]bool      // addresses of views, each once
}

// An entry is one request. Its JSON is an entry of HAR 1.2 without cookies,
// headers and bodies, so that the usual viewers can show it.
type entry struct {
	Started  time.Time `json:"startedDateTime"`
	Time     float64   `json:"time"` // ms
	Request  request   `json:"request"`
	Response response  `json:"response"`
	Cache    struct{}  `json:"cache"`
	Timings  timings   `json:"timings"`
	Type     string    `json:"_resourceType"`
	From     string    `json:"_initiator,omitempty"` // what made the page ask: "parser", "script", "other"
	Step     string    `json:"_step,omitempty"`
	Failure  string    `json:"_error,omitempty"`

	begun float64 // the browser's monotonic seconds
	gone  bool    // given up by the page itself
}

type request struct {
	Method      string     `json:"method"`
	URL         string     `json:"url"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []struct{} `json:"cookies"`
	Headers     []struct{} `json:"headers"`
	Query       []struct{} `json:"queryString"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type response struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []struct{} `json:"cookies"`
	Headers     []struct{} `json:"headers"`
	Content     content    `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
	Bytes       float64    `json:"_transferSize"` // over the network, headers included
}

type content struct {
	Size int    `json:"size"`
	Mime string `json:"mimeType"`
}

type timings struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	SSL     float64 `json:"ssl"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
}

// A message is one line of the console, or a dialog that the page opened.
type message struct {
	Time  time.Time `json:"time"`
	Level string    `json:"level"` // "error", "warning", "dialog"
	Text  string    `json:"text"`
	URL   string    `json:"url,omitempty"`
	Step  string    `json:"step,omitempty"`
}

func newRecord() *record {
	return &record{live: map[network.RequestID]*entry{}, views: map[*driver.Page]int{}, routes: map[string]bool{}}
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
		n := newEntry(e)
		n.Step = r.step
		r.live[e.RequestID] = n
		r.requests = append(r.requests, n)
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

func (r *record) begin(step string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.step = step
}

func newEntry(e *network.EventRequestWillBeSent) *entry {
	n := &entry{Started: seconds(float64(e.WallTime)), Type: strings.ToLower(string(e.Type)), begun: e.Timestamp.Float64()}
	if e.Initiator != nil {
		n.From = string(e.Initiator.Type)
	}
	none := []struct{}{}
	n.Request = request{Method: e.Request.Method, URL: clean(e.Request.URL), HTTPVersion: "", Cookies: none, Headers: none, Query: none, HeadersSize: -1, BodySize: -1}
	n.Response = response{Cookies: none, Headers: none, HeadersSize: -1, BodySize: -1}
	n.Timings = timings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1}
	return n
}

func (n *entry) answered(a *network.Response) {
	n.Response.Status, n.Response.StatusText = int(a.Status), a.StatusText
	n.Response.HTTPVersion, n.Request.HTTPVersion = a.Protocol, a.Protocol
	n.Response.Content = content{Size: -1, Mime: a.MimeType}
	if t := a.Timing; t != nil {
		span := func(from, to float64) float64 {
			if from < 0 || to < from {
				return -1
			}
			return rounded(to - from)
		}
		n.Timings = timings{
			Blocked: -1, DNS: span(t.DNSStart, t.DNSEnd), Connect: span(t.ConnectStart, t.ConnectEnd), SSL: span(t.SslStart, t.SslEnd),
			Send: max(0, span(t.SendStart, t.SendEnd)), Wait: max(0, span(t.SendEnd, t.ReceiveHeadersEnd)),
		}
	}
}

func (n *entry) ended(at float64) {
	n.Time = max(0, rounded((at-n.begun)*1000))
	n.Timings.Receive = max(0, rounded(n.Time-n.Timings.Send-n.Timings.Wait))
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
		switch {
		case a.Description != "":
			words = append(words, a.Description)
		default:
			words = append(words, strings.Trim(string(a.Value), `"`))
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
	t := tallies{pages: r.pages, requests: len(r.requests)}
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

// network gives the log as HAR 1.2, its addresses passed through hide.
func (r *record) network(browser string, hide func(string) string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	type creator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	type har struct {
		Version string     `json:"version"`
		Creator creator    `json:"creator"`
		Browser creator    `json:"browser"`
		Pages   []struct{} `json:"pages"`
		Entries []*entry   `json:"entries"`
	}
	entries := make([]*entry, len(r.requests))
	for i, n := range r.requests {
		shown := *n
		shown.Request.URL, shown.Response.RedirectURL = hide(n.Request.URL), hide(n.Response.RedirectURL)
		entries[i] = &shown
	}
	return json.MarshalIndent(map[string]har{"log": {Version: "1.2", Creator: creator{"Touchstone", Reading}, Browser: creator{"Chromium", browser}, Pages: []struct{}{}, Entries: entries}}, "", " ")
}

// messages gives the console as JSON, its words passed through hide.
func (r *record) messages(hide func(string) string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]message, len(r.console))
	for i, m := range r.console {
		m.Text, m.URL = hide(m.Text), hide(m.URL)
		list[i] = m
	}
	return json.MarshalIndent(list, "", " ")
}

// secretParameter names parameters of an address that may open something.
var secretParameter = regexp.MustCompile(`(?i)pass|pwd|secret|token|auth|session|\bsid\b|signature|^sig$|^key$|api_?key|^code$|card|cvc|cvv|iban|otp`)

// clean gives an address without user, password, fragment, and the values of
// parameters that may open something.
func clean(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User, u.Fragment, u.RawFragment = nil, "", ""
	if u.RawQuery != "" {
		parts := strings.Split(u.RawQuery, "&")
		for i, part := range parts {
			if name, value, has := strings.Cut(part, "="); has && value != "" && secretParameter.MatchString(name) {
				parts[i] = name + "=" + mask
			}
		}
		u.RawQuery = strings.Join(parts, "&")
	}
	return u.String()
}

// mask stands for what was typed into a password, card or account field.
const mask = "(masked)"

// A masker hides what was typed into such fields wherever a page repeats it.
type masker struct {
	mu     sync.Mutex
	values []string
}

func (m *masker) learn(value string) {
	if len(strings.TrimSpace(value)) < 3 {
		return // would hide every second word
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	digits := strings.NewReplacer(" ", "", "-", "").Replace(value)
	m.values = append(m.values, value, url.QueryEscape(value), url.PathEscape(value), digits)
	// A card number is often shown again in groups of four.
	if len(digits) >= 12 && strings.Trim(digits, "0123456789") == "" {
		var groups []string
		for rest := digits; rest != ""; rest = rest[min(4, len(rest)):] {
			groups = append(groups, rest[:min(4, len(rest))])
		}
		m.values = append(m.values, strings.Join(groups, " "), strings.Join(groups, "-"), strings.Join(groups, "+"), strings.Join(groups, "%20"))
	}
}

func (m *masker) hide(s string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range m.values {
		s = strings.ReplaceAll(s, v, mask)
	}
	return s
}
