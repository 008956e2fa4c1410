package web

import (
	"crypto/md5"  //nolint:gosec // trackers send digests of addresses: they are looked for, nothing is protected
	"crypto/sha1" //nolint:gosec // the same
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/network"

	"touchstone/probes/web/driver"
)

// typing is what the customer has typed so far, by what it was for.
type typing struct {
	seen    map[[2]string]map[string]bool // purpose and value -> the fields that took it
	values  int
	again   int
	account bool // a password was among it
}

// take notes a value. A field is another one in another view, even where it
// has the same name: who types it again types it again.
func (t *typing) take(purpose, value, field string) {
	if strings.TrimSpace(value) == "" {
		return
	}
	t.values++
	t.account = t.account || purpose == "password"
	if purpose == "" {
		return
	}
	key := [2]string{purpose, strings.ToLower(strings.TrimSpace(value))}
	switch fields := t.seen[key]; {
	case fields == nil:
		t.seen[key] = map[string]bool{field: true}
	case !fields[field]:
		fields[field] = true
		t.again++
	}
}

// A leak watches whether an address that was typed leaves for a third party
// before the customer has sent it. It hears requests on the browser's
// goroutine.
type leak struct {
	third func(address string) bool // whether a request goes off the site

	mu      sync.Mutex
	typed   bool
	open    bool     // typed and not yet sent
	needles []string // the address, plain, encoded and as a digest
	found   bool
}

func (l *leak) learn(email string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.typed, l.open = true, true
	for _, e := range []string{email, strings.ToLower(email)} {
		sum5, sum1, sum256 := md5.Sum([]byte(e)), sha1.Sum([]byte(e)), sha256.Sum256([]byte(e)) //nolint:gosec // see above
		l.needles = append(l.needles, e, url.QueryEscape(e), url.QueryEscape(url.QueryEscape(e)), strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(e)), "="),
			hex.EncodeToString(sum5[:]), hex.EncodeToString(sum1[:]), hex.EncodeToString(sum256[:]))
	}
}

// sent says that the customer sends what was typed.
func (l *leak) sent() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = false
}

func (l *leak) on(_ *driver.Page, ev any) {
	e, ok := ev.(*network.EventRequestWillBeSent)
	if !ok {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.open || l.found || !l.third(e.Request.URL) {
		return
	}
	said := []string{e.Request.URL}
	for _, part := range e.Request.PostDataEntries {
		said = append(said, string(part.Bytes))
	}
	for _, text := range said {
		for _, n := range l.needles {
			l.found = l.found || strings.Contains(text, n)
		}
	}
}

// verdict gives whether it left; typed is false when no address was typed.
func (l *leak) verdict() (left, typed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.found, l.typed
}
