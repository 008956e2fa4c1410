package web

import (
	"encoding/json"
	"fmt"
	"maps"
	"mime"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"

	"touchstone/probes/web/driver"
)

// The log of a visit is HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec),
// so that the usual viewers show it. Fields that begin with an underscore are
// ours. What is unknown is -1 there, and what may open something is left out:
// cookies, and all headers but those that say how a thing was answered.

// An entry is one request.
type entry struct {
	Page     string    `json:"pageref,omitempty"`
	Started  time.Time `json:"startedDateTime"`
	Time     float64   `json:"time"` // ms, the sum of the timings that are known
	Request  request   `json:"request"`
	Response response  `json:"response"`
	Cache    struct{}  `json:"cache"`
	Timings  timings   `json:"timings"`
	Server   string    `json:"serverIPAddress,omitempty"`
	Line     string    `json:"connection,omitempty"`
	Type     string    `json:"_resourceType"`
	From     string    `json:"_initiator,omitempty"` // what made the page ask: "parser", "script", "other"
	Step     string    `json:"_step,omitempty"`
	Failure  string    `json:"_error,omitempty"`

	page   *driver.Page // nil for a worker's
	loader cdp.LoaderID
	begun  float64 // the browser's monotonic seconds
	heard  float64 // the same, when the answer's headers had come; 0: never
	gone   bool    // given up by the page itself
}

type request struct {
	Method      string     `json:"method"`
	URL         string     `json:"url"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []struct{} `json:"cookies"`
	Headers     []pair     `json:"headers"`
	Query       []pair     `json:"queryString"`
	Post        *post      `json:"postData,omitempty"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
}

type response struct {
	Status      int        `json:"status"`
	StatusText  string     `json:"statusText"`
	HTTPVersion string     `json:"httpVersion"`
	Cookies     []struct{} `json:"cookies"`
	Headers     []pair     `json:"headers"`
	Content     content    `json:"content"`
	RedirectURL string     `json:"redirectURL"`
	HeadersSize int        `json:"headersSize"`
	BodySize    int        `json:"bodySize"`
	Bytes       float64    `json:"_transferSize"` // over the network, headers included
}

// A pair is a header, a parameter of an address, or a field of a form.
type pair struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// A post is what a form has sent: its fields, and its text left empty, since
// the two exclude each other.
type post struct {
	Mime   string `json:"mimeType"`
	Params []pair `json:"params"`
	Text   string `json:"text"`
}

type content struct {
	Size int    `json:"size"`
	Mime string `json:"mimeType"`
}

// timings are milliseconds that follow one another; SSL is within connect.
type timings struct {
	Blocked float64 `json:"blocked"`
	DNS     float64 `json:"dns"`
	Connect float64 `json:"connect"`
	Send    float64 `json:"send"`
	Wait    float64 `json:"wait"`
	Receive float64 `json:"receive"`
	SSL     float64 `json:"ssl"`
}

// A document is one that a page has shown: what HAR calls a page.
type document struct {
	loader         cdp.LoaderID
	page           *driver.Page
	url, title     string
	usable, loaded float64 // the browser's monotonic seconds; -1: not yet
}

func newEntry(e *network.EventRequestWillBeSent) *entry {
	n := &entry{Started: seconds(float64(e.WallTime)), Type: strings.ToLower(string(e.Type)), begun: e.Timestamp.Float64(), loader: e.LoaderID}
	if e.Initiator != nil {
		n.From = string(e.Initiator.Type)
	}
	n.Request = request{Method: e.Request.Method, URL: clean(e.Request.URL), Cookies: []struct{}{}, Headers: headers(e.Request.Headers), Query: []pair{}, HeadersSize: -1, BodySize: -1}
	if u, err := url.Parse(n.Request.URL); err == nil {
		n.Request.Query = parameters(u.RawQuery)
	}
	var body []byte
	for _, part := range e.Request.PostDataEntries {
		body = append(body, part.Bytes...)
	}
	switch {
	case len(body) > 0:
		n.Request.BodySize = len(body)
		n.Request.Post = sent(header(e.Request.Headers, "Content-Type"), body)
	case !e.Request.HasPostData:
		n.Request.BodySize = 0
	}
	n.Response = response{Cookies: []struct{}{}, Headers: []pair{}, Content: content{Mime: "x-unknown"}, HeadersSize: -1, BodySize: -1}
	n.Timings = timings{Blocked: -1, DNS: -1, Connect: -1, SSL: -1}
	return n
}

func (n *entry) answered(a *network.Response) {
	n.Response.Status, n.Response.StatusText = int(a.Status), a.StatusText
	n.Response.HTTPVersion, n.Request.HTTPVersion = a.Protocol, a.Protocol
	n.Response.Content.Mime = a.MimeType
	n.Response.Headers = headers(a.Headers)
	n.Server = strings.Trim(a.RemoteIPAddress, "[]")
	if a.ConnectionID > 0 {
		n.Line = fmt.Sprintf("%.0f", a.ConnectionID)
	}
	t := a.Timing
	if t == nil {
		return
	}
	span := func(from, to float64) float64 {
		if from < 0 || to < from {
			return -1
		}
		return rounded(to - from)
	}
	n.heard = t.RequestTime + t.ReceiveHeadersEnd/1000
	n.Timings = timings{
		Blocked: -1, DNS: span(t.DNSStart, t.DNSEnd), Connect: span(t.ConnectStart, t.ConnectEnd), SSL: span(t.SslStart, t.SslEnd),
		Send: max(0, span(t.SendStart, t.SendEnd)), Wait: max(0, span(t.SendEnd, t.ReceiveHeadersEnd)),
	}
	n.Time = n.Timings.known() // of one that the visit's end cuts off
}

func (t *timings) known() float64 {
	return rounded(max(0, t.DNS) + max(0, t.Connect) + t.Send + t.Wait + t.Receive)
}

// ended completes the timings: what lies before, between and not in the others
// was spent waiting for a turn.
func (n *entry) ended(at float64) {
	total := max(0, rounded((at-n.begun)*1000))
	t := &n.Timings
	if n.heard > 0 {
		t.Receive = max(0, rounded((at-n.heard)*1000))
	}
	known := t.known()
	t.Blocked = max(0, rounded(total-known))
	n.Time = rounded(known + t.Blocked)
}

// described are the headers that say how a thing was asked for and answered, and
// open nothing.
var described = []string{"accept", "accept-language", "age", "cache-control", "content-encoding", "content-language", "content-length", "content-security-policy", "content-type", "date", "expires", "last-modified",
	"location", "refresh", "referer", "retry-after", "server", "strict-transport-security", "user-agent", "vary", "via", "x-robots-tag"}

func headers(all network.Headers) []pair {
	list := []pair{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if !slices.Contains(described, strings.ToLower(name)) {
			continue
		}
		value := fmt.Sprint(all[name])
		switch strings.ToLower(name) {
		case "location", "referer":
			value = clean(value)
		}
		list = append(list, pair{name, value})
	}
	return list
}

func header(all network.Headers, name string) string {
	for k, v := range all {
		if strings.EqualFold(k, name) {
			return fmt.Sprint(v)
		}
	}
	return ""
}

// parameters gives those of a query or of a form's body, in their order.
func parameters(query string) []pair {
	list := []pair{}
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if name == "" {
			continue
		}
		list = append(list, pair{unescaped(name), unescaped(value)})
	}
	return list
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// sent gives the fields of a form's body, nil for what is no form's. What may
// open something, and files, are masked.
func sent(kind string, body []byte) *post {
	media, params, err := mime.ParseMediaType(kind)
	if err != nil {
		return nil
	}
	p := &post{Mime: media, Params: []pair{}}
	switch media {
	case "application/x-www-form-urlencoded":
		p.Params = parameters(string(body))
	case "multipart/form-data":
		form, err := multipart.NewReader(strings.NewReader(string(body)), params["boundary"]).ReadForm(1 << 20)
		if err != nil {
			return p
		}
		defer func() { _ = form.RemoveAll() }() // nothing of it is needed
		for _, name := range slices.Sorted(maps.Keys(form.Value)) {
			for _, v := range form.Value[name] {
				p.Params = append(p.Params, pair{name, v})
			}
		}
		for _, name := range slices.Sorted(maps.Keys(form.File)) {
			p.Params = append(p.Params, pair{name, mask})
		}
	default:
		return nil
	}
	for i := range p.Params {
		if f := &p.Params[i]; f.Value != "" && (secretParameter.MatchString(f.Name) || tokenLike(f.Value)) {
			f.Value = mask
		}
	}
	return p
}

// har gives the log, without what is to be hidden.
func (r *record) har(browser string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	type creator struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	type pageTimings struct {
		Usable float64 `json:"onContentLoad"`
		Loaded float64 `json:"onLoad"`
	}
	type shown struct {
		Started time.Time   `json:"startedDateTime"`
		ID      string      `json:"id"`
		Title   string      `json:"title"`
		Timings pageTimings `json:"pageTimings"`
		URL     string      `json:"_url"`
	}
	type log struct {
		Version string   `json:"version"`
		Creator creator  `json:"creator"`
		Browser creator  `json:"browser"`
		Pages   []shown  `json:"pages"`
		Entries []*entry `json:"entries"`
		Comment string   `json:"comment,omitempty"`
	}
	all := log{Version: "1.2", Creator: creator{"Touchstone", Reading}, Browser: creator{"Chromium", browser}, Pages: []shown{}, Entries: make([]*entry, len(r.requests))}
	if r.more > 0 {
		all.Comment = fmt.Sprintf("%d more requests were made than are listed", r.more)
	}
	ids := map[*document]string{}
	for _, d := range r.documents {
		own := slices.IndexFunc(r.requests, func(n *entry) bool { return n.loader == d.loader && n.Type == "document" })
		if own < 0 {
			continue
		}
		n := r.requests[own]
		since := func(at float64) float64 {
			if at < n.begun {
				return -1
			}
			return rounded((at - n.begun) * 1000)
		}
		ids[d] = fmt.Sprintf("page_%d", len(all.Pages)+1)
		title := r.mask.hide(d.title)
		if title == "" {
			title = r.mask.hide(clean(d.url)) // HAR wants one
		}
		all.Pages = append(all.Pages, shown{n.Started, ids[d], title, pageTimings{since(d.usable), since(d.loaded)}, r.mask.hide(clean(d.url))})
	}
	var current map[*driver.Page]*document = map[*driver.Page]*document{}
	for i, n := range r.requests {
		if at := slices.IndexFunc(r.documents, func(d *document) bool { return d.page == n.page && d.loader == n.loader }); at >= 0 {
			current[n.page] = r.documents[at]
		}
		all.Entries[i] = r.shownEntry(n, ids[current[n.page]])
	}
	return json.MarshalIndent(map[string]log{"log": all}, "", " ")
}

// shownEntry gives a copy of an entry without what is to be hidden.
func (r *record) shownEntry(n *entry, page string) *entry {
	e := *n
	e.Page = page
	e.Request.URL, e.Response.RedirectURL = r.mask.hide(e.Request.URL), r.mask.hide(e.Response.RedirectURL)
	hidden := func(list []pair) []pair {
		out := make([]pair, len(list))
		for i, p := range list {
			out[i] = pair{r.mask.hide(p.Name), r.mask.hide(p.Value)}
		}
		return out
	}
	e.Request.Headers, e.Request.Query, e.Response.Headers = hidden(e.Request.Headers), hidden(e.Request.Query), hidden(e.Response.Headers)
	if p := e.Request.Post; p != nil {
		e.Request.Post = &post{p.Mime, hidden(p.Params), ""}
	}
	return &e
}
