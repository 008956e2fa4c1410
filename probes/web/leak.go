package web

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"crypto/md5"  //nolint:gosec // trackers send digests of addresses: they are looked for, nothing is protected
	"crypto/sha1" //nolint:gosec // the same
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/network"

	"touchstone/probes/web/driver"
)

// A leak watches whether an address that was typed leaves for a third party
// before the customer has sent it: in a request's address, body, cookies or
// referrer, or over a web socket. It hears them on the browser's goroutine.
//
// How addresses leave was studied by A. Senol, G. Acar, M. Humbert and F. Zuiderveen
// Borgesius, "Leaky Forms" (USENIX Security 2022): plain, in the encodings of
// the web, and as digests. A third party that hides behind a host of the
// site's own domain is not recognised as one.
type leak struct {
	third func(address string) bool // whether a request goes off the site

	mu      sync.Mutex
	typed   bool
	gone    bool // the customer has sent it
	needles []needle
	hosts   map[network.RequestID]string // third parties that are being talked to
	early   map[network.RequestID]string // headers that were heard of before their request
	found   string                       // who got it, and how
}

func newLeak(b bounds) *leak {
	return &leak{hosts: map[network.RequestID]string{}, early: map[network.RequestID]string{}, third: func(address string) bool {
		u, err := url.Parse(address)
		return err == nil && slices.Contains([]string{"http", "https", "ws", "wss"}, u.Scheme) && !b.owns(u)
	}}
}

// A needle is the address as it may look on the way.
type needle struct {
	text string // in small letters where fold is set
	how  string
	fold bool // letters may be of either case
}

// needlesOf lists what an address looks like when it leaves.
func needlesOf(email string) []needle {
	email = strings.TrimSpace(email)
	small := strings.ToLower(email)
	list := []needle{{small, "plain", true}, {hex.EncodeToString([]byte(small)), "in hexadecimal", true}}
	for _, e := range slices.Compact([]string{email, small}) {
		for _, text := range within64(e) {
			list = append(list, needle{text, "in Base64", false})
		}
	}
	for _, e := range spellings(email) {
		b := []byte(e)
		sum5, sum1, sum224, sum256, sum384, sum512 := md5.Sum(b), sha1.Sum(b), sha256.Sum224(b), sha256.Sum256(b), sha512.Sum384(b), sha512.Sum512(b) //nolint:gosec // see above
		for _, d := range []struct {
			how string
			sum []byte
		}{{"MD5", sum5[:]}, {"SHA-1", sum1[:]}, {"SHA-224", sum224[:]}, {"SHA-256", sum256[:]}, {"SHA-384", sum384[:]}, {"SHA-512", sum512[:]}} {
			list = append(list, needle{hex.EncodeToString(d.sum), "as its " + d.how, true},
				needle{strings.TrimRight(base64.StdEncoding.EncodeToString(d.sum), "="), "as its " + d.how + " in Base64", false})
		}
	}
	return list
}

// spellings are those whose digests are taken: as typed, in small and in
// capital letters, and as mail services fold their own addresses, without a
// tag and without dots.
func spellings(email string) []string {
	small := strings.ToLower(email)
	all := []string{email, small, strings.ToUpper(email)}
	if local, host, ok := strings.Cut(small, "@"); ok {
		bare, _, _ := strings.Cut(local, "+")
		all = append(all, bare+"@"+host, strings.ReplaceAll(bare, ".", "")+"@"+host)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// within64 gives what Base64 makes of a text inside a longer one, for each of
// the three places at which it may begin: the letters that depend on nothing
// before or after it.
func within64(text string) []string {
	var all []string
	for shift := range 3 {
		coded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), text...))
		from := []int{0, 2, 3}[shift]
		to := (shift + len(text)) * 8 / 6 // whole letters that the text fills
		if to-from >= 8 {
			all = append(all, coded[from:to])
		}
	}
	return all
}

// learn is told an address before it is typed.
func (l *leak) learn(email string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.typed = true
	l.needles = append(l.needles, needlesOf(email)...)
}

// sent says that the customer sends what was typed.
func (l *leak) sent() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = l.gone || l.typed
}

func (l *leak) on(_ *driver.Page, ev any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e := ev.(type) {
	case *network.EventRequestWillBeSent:
		if !l.meets(e.RequestID, e.Request.URL) {
			return
		}
		host := l.hosts[e.RequestID]
		l.look(host, "the address", e.Request.URL)
		for _, part := range e.Request.PostDataEntries {
			l.look(host, "the body", string(part.Bytes))
		}
		l.look(host, "the referrer", fmt.Sprint(e.Request.Headers["Referer"]))
		l.look(host, "the headers", l.early[e.RequestID])
		delete(l.early, e.RequestID)
	case *network.EventRequestWillBeSentExtraInfo:
		var said []string
		for name, value := range e.Headers {
			if !strings.HasPrefix(name, ":") {
				said = append(said, fmt.Sprint(value))
			}
		}
		headers := strings.Join(said, "\n")
		if host := l.hosts[e.RequestID]; host != "" {
			l.look(host, "the headers", headers)
		} else if l.watching() {
			l.early[e.RequestID] = headers
		}
	case *network.EventWebSocketCreated:
		if l.meets(e.RequestID, e.URL) {
			l.look(l.hosts[e.RequestID], "the address", e.URL)
		}
	case *network.EventWebSocketFrameSent:
		if host := l.hosts[e.RequestID]; host != "" && e.Response != nil {
			l.look(host, "a web socket", string(e.Response.PayloadData))
		}
	}
}

// held searches the body of a request that has been read while it waited: that of
// a Blob is not told with the request itself.
func (l *leak) held(id network.RequestID, address, body string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.watching() && l.meets(id, address) {
		l.look(l.hosts[id], "the body", body)
	}
}

func (l *leak) watching() bool { return l.typed && !l.gone && l.found == "" }

// meets notes whether a request goes to a third party.
func (l *leak) meets(id network.RequestID, address string) bool {
	u, err := url.Parse(address)
	if err != nil || !l.third(address) {
		delete(l.hosts, id) // a redirect may have led back
		delete(l.early, id)
		return false
	}
	l.hosts[id] = u.Host
	return true
}

// look searches what is said to a third party.
func (l *leak) look(host, where, text string) {
	if text == "" || !l.watching() {
		return
	}
	for _, plain := range readings(text) {
		small, standard := strings.ToLower(plain), base64Letters.Replace(plain)
		for _, n := range l.needles {
			if n.fold && strings.Contains(small, n.text) || strings.Contains(standard, n.text) {
				l.found = fmt.Sprintf("%s, %s, in %s", host, n.how, where)
				return
			}
		}
	}
}

// readings gives a text as it is and unpacked, and each without the encodings
// that the web lays round it, some of them twice.
func readings(text string) []string {
	all := []string{text}
	if body := unpacked([]byte(text)); body != "" {
		all = append(all, body)
	}
	for i := 0; i < len(all) && i < 8; i++ {
		once := all[i]
		if strings.Contains(once, `\u00`) || strings.Contains(once, `\x`) || strings.Contains(once, `\/`) {
			once = escaped.ReplaceAllStringFunc(once, func(s string) string {
				n, err := strconv.ParseUint(s[len(s)-2:], 16, 8)
				if err != nil {
					return s
				}
				return string(rune(n))
			})
			once = strings.ReplaceAll(once, `\/`, "/")
		}
		once = percent.ReplaceAllStringFunc(once, func(s string) string {
			if b, err := hex.DecodeString(s[1:]); err == nil {
				return string(b)
			}
			return s
		})
		once = entities.Replace(once)
		if !slices.Contains(all, once) {
			all = append(all, once)
		}
	}
	return all
}

var (
	percent = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	escaped = regexp.MustCompile(`\\(u00|x)[0-9A-Fa-f]{2}`)
	// The entities of HTML for what stands in an address.
	entities = strings.NewReplacer("&#64;", "@", "&#x40;", "@", "&commat;", "@", "&#46;", ".")
)

// base64Letters turns the alphabet for addresses into the usual one.
var base64Letters = strings.NewReplacer("-", "+", "_", "/")

// mostUnpacked bounds what is read of a packed body.
const mostUnpacked = 1 << 20

// unpacked gives what a body holds that was packed by gzip or zlib, empty when
// it was not.
func unpacked(body []byte) string {
	var r io.Reader
	var err error
	switch {
	case bytes.HasPrefix(body, []byte{0x1f, 0x8b}):
		r, err = gzip.NewReader(bytes.NewReader(body))
	case len(body) > 2 && body[0] == 0x78 && (int(body[0])<<8+int(body[1]))%31 == 0:
		r, err = zlib.NewReader(bytes.NewReader(body))
	default:
		return ""
	}
	if err != nil {
		return ""
	}
	plain, err := io.ReadAll(io.LimitReader(r, mostUnpacked))
	if err != nil && len(plain) == 0 {
		return ""
	}
	return string(plain)
}

// verdict gives who got the address before it was sent, and how; typed is
// false when no address was typed.
func (l *leak) verdict() (to string, typed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.found, l.typed
}
