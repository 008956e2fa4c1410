package web

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/network"

	"touchstone/probes/web/driver"
)

// Sockets pass no gate, so the third fence stands elsewhere for them: what a
// page is about to tell one is looked at before it is said. What a page tells by
// a function that it has put out of sight first is seen when it has left: the
// visit ends and says so.

// toSockets is the JavaScript that looks at what a socket is about to be told: by
// any socket what orders, and anything by one to an address that takes orders.
var toSockets = sync.OnceValue(func() string {
	test := func(list ...*regexp.Regexp) string {
		sources := make([]string, len(list))
		for i, re := range list {
			sources[i] = strings.TrimPrefix(re.String(), "(?i)")
		}
		b, err := json.Marshal(strings.Join(sources, "|"))
		if err != nil {
			panic(err) // strings always encode
		}
		return "new RegExp(" + string(b) + ", 'i').test"
	}
	return `((said, at) => ` + test(orderCommand) + `(said) || /mutation/.test(said) && ` + test(orderOperation) + `(said) || ` + test(append(orderPaths, getPaths)...) + `(at))` +
		`(typeof arguments[0] === 'string' ? arguments[0] : new TextDecoder().decode(arguments[0]), this.url ? new URL(this.url).pathname : '')`
})

// tell is asked about what a socket is about to be told, where it fits toSockets:
// a Blob passes when it could be read and does not order.
func (v *visit) tell(_ *driver.Page, blob []byte) bool {
	if v.guardOpen() || blob != nil && !v.orders(string(blob)) {
		return true
	}
	v.stop(refused("payment guard, by the request: a socket was about to be told to order or pay, and was cut off before it was"))
	return false
}

// socket watches the sockets that pages make: one to an address that takes
// orders is cut off as it is made, and one that was told to order ends the visit,
// which says so. So does what the headless shell fetches ahead by a page's rules,
// which passes no gate either. It runs on the browser's goroutine.
func (v *visit) socket(p *driver.Page, ev any) {
	why := ""
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if e.Type == network.ResourceTypePrefetch && (getsOrder(e.Request.URL) || mutates(e.Request.URL)) {
			why = fmt.Sprintf("%s, which places an order, was fetched ahead by a rule of the page: look whether the site took it", bare(e.Request.URL))
		}
	case *network.EventWebSocketCreated:
		if ordering(e.URL) || getsOrder(e.URL) {
			why = fmt.Sprintf("a socket to %s, which takes orders or payments, was cut off", bare(e.URL))
		}
	case *network.EventWebTransportCreated:
		if ordering(e.URL) || getsOrder(e.URL) {
			why = fmt.Sprintf("a transport to %s, which takes orders or payments, was cut off", bare(e.URL))
		}
	case *network.EventWebSocketFrameSent:
		if e.Response == nil {
			return
		}
		said := string(e.Response.PayloadData)
		if v.orders(said) {
			why = "a socket was told to order or pay, and cut off: look whether the site took it"
		}
	}
	if why == "" || v.guardOpen() {
		return
	}
	if p != nil {
		p.Cut()
	}
	v.stop(refused("payment guard, by the request: %s", why))
}

// orders reports whether what a socket is told orders or pays.
func (v *visit) orders(said string) bool {
	return orderCommand.MatchString(said) || orderOperation.MatchString(said) && strings.Contains(said, "mutation") || v.mask.carried(said)
}
