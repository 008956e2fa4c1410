package web

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/network"

	"touchstone/internal/evidence"
)

// mask stands for what opens something: a password, a card or account number,
// a token.
const mask = "(masked)"

// A masker takes out of whatever a visit leaves what was typed into secret
// fields, what cookies and authorisations hold, and what looks like a card or
// account number or a token, in the forms in which they travel.
type masker struct {
	redactor *evidence.Redactor

	mu     sync.Mutex
	typed  []string // into secret fields, as they were
	values []string // other ways of writing them, that the redactor does not know
	known  map[string]bool
}

func newMasker() *masker {
	return &masker{redactor: evidence.NewRedactor(), known: map[string]bool{}}
}

// learn makes the masker know what was typed into a secret field.
func (m *masker) learn(value string) {
	if len(strings.TrimSpace(value)) < 3 {
		return // would hide every second word
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known[value] {
		return
	}
	m.known[value] = true
	m.typed = append(m.typed, value)
	m.redactor.Add(value)
	m.values = append(m.values, url.QueryEscape(url.QueryEscape(value)))
	digits := strings.NewReplacer(" ", "", "-", "").Replace(value)
	if digits != value {
		m.redactor.Add(digits)
	}
	// A card number is often shown again in groups of four, and so is an IBAN.
	if len(digits) >= 12 && !strings.ContainsFunc(digits, func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) {
		var groups []string
		for rest := digits; rest != ""; rest = rest[min(4, len(rest)):] {
			groups = append(groups, rest[:min(4, len(rest))])
		}
		m.redactor.Add(strings.Join(groups, " "))
		m.redactor.Add(strings.Join(groups, "-"))
		m.redactor.Add(strings.Join(groups, "."))
		m.values = append(m.values, strings.Join(groups, "\u00a0"), strings.Join(groups, "\u202f"))
	}
}

// learnHeaders makes the masker know what cookies and authorisations hold, so
// that it stays hidden where a page repeats it.
func (m *masker) learnHeaders(h network.Headers) {
	for name, v := range h {
		value := fmt.Sprint(v)
		switch strings.ToLower(name) {
		case "authorization", "proxy-authorization":
			_, credentials, _ := strings.Cut(value, " ")
			m.token(credentials)
		case "cookie":
			for one := range strings.SplitSeq(value, ";") {
				m.cookie(one)
			}
		case "set-cookie":
			for line := range strings.SplitSeq(value, "\n") {
				one, _, _ := strings.Cut(line, ";")
				m.cookie(one)
			}
		default:
			if secretHeader.MatchString(name) {
				m.token(value)
			}
		}
	}
}

var secretHeader = regexp.MustCompile(`(?i)^x-.*(token|auth|key|secret|session|csrf|xsrf)`)

func (m *masker) cookie(pair string) {
	name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
	if secretParameter.MatchString(name) && len(value) >= 8 || tokenLike(value) {
		m.token(value)
	}
}

func (m *masker) token(value string) {
	if len(value) < 8 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known[value] || len(m.known) > 100 {
		return // a page that sets a thousand cookies would make every look a long one
	}
	m.known[value] = true
	m.redactor.Add(value)
	if plain := unescaped(value); plain != value && len(plain) >= 8 {
		m.redactor.Add(plain)
	}
}

// carried reports whether a body holds a card or account number that was typed.
func (m *masker) carried(body string) bool {
	if body == "" {
		return false
	}
	bare := strings.NewReplacer(" ", "", "-", "", "+", "", "%20", "")
	body = bare.Replace(body)
	for _, s := range m.secrets() {
		if n := bare.Replace(s); len(n) >= 12 && (iban(n) || evidence.Cards(n) != n) && strings.Contains(body, n) {
			return true
		}
	}
	return false
}

// secrets gives what was typed into secret fields.
func (m *masker) secrets() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string{}, m.typed...)
}

// hide gives a text without what is to be hidden.
func (m *masker) hide(s string) string {
	if s == "" {
		return ""
	}
	if clear := m.redactor.String(s); clear != s {
		s = strings.ReplaceAll(clear, "[secret]", mask)
	}
	m.mu.Lock()
	for _, v := range m.values {
		s = strings.ReplaceAll(s, v, mask)
	}
	m.mu.Unlock()
	// Each pattern is only tried where it could be found at all: a page has
	// thousands of words, and few of them are for machines.
	if strings.Contains(s, "://") {
		s = addresses.ReplaceAllStringFunc(s, func(a string) string {
			end := len(a)
			for end > 0 && (strings.IndexByte(".,;:!?", a[end-1]) >= 0 || a[end-1] == ')' && strings.Count(a[:end], ")") > strings.Count(a[:end], "(")) {
				end-- // that of a sentence
			}
			return clean(a[:end]) + a[end:]
		})
	}
	if holdsAny(s, "=", `":`, `" :`, `':`) {
		s = assignments.ReplaceAllString(s, "${1}"+mask)
	}
	if strings.Contains(s, "eyJ") {
		s = jwt.ReplaceAllString(s, mask)
	}
	if holdsAny(s, "earer ", "EARER ", "asic ", "ASIC ") {
		s = credentials.ReplaceAllStringFunc(s, func(a string) string {
			scheme, said, _ := strings.Cut(a, " ")
			if !strings.ContainsAny(said, "0123456789=") && strings.ToLower(said) == said {
				return a // a word: basic information
			}
			return scheme + " " + mask
		})
	}
	if !strings.ContainsAny(s, "0123456789") {
		return s
	}
	if holdsAny(s, "ode", "ODE", "pin", "PIN", "ennwort", "asswor") {
		s = codes.ReplaceAllString(s, "${1}"+mask)
	}
	s = accounts.ReplaceAllStringFunc(s, func(a string) string {
		if iban(a) {
			return mask
		}
		return a
	})
	return evidence.Cards(s)
}

func holdsAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(p string) bool { return strings.Contains(s, p) })
}

var (
	addresses = regexp.MustCompile(`(?:https?|wss?)://[^\s"'<>\]}` + "`" + `]+`)
	// token=… and "token": "…"
	assignments = regexp.MustCompile(`(?i)(\b[\w-]*(?:passw(?:or)?d|secret|token|api_?key|session_?id|sessid|csrf|cvc|cvv)\w*(?:=|["']\s*:\s*)["']?)([^\s"'&;,<>()]{3,})`)
	credentials = regexp.MustCompile(`(?i)\b((?:bearer|basic)\s+)([A-Za-z0-9+/_.=~-]{8,})`)
	jwt         = regexp.MustCompile(`\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`) // RFC 7519
	codes       = regexp.MustCompile(`(?i)((?:one-?time|verification|security|confirmation|sign-?in|log-?in|einmal|bestätigungs|sicherheits)[ -]?(?:pass)?(?:code|pin|kennwort|passwort)\b\D{0,20})(\d{4,8})\b`)
	accounts    = regexp.MustCompile(`\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b`)
)

// iban reports whether a text is an account number of ISO 13616: its letters
// read as numbers from 10, its first four places moved to the end, it leaves 1
// when divided by 97.
func iban(s string) bool {
	s = strings.ReplaceAll(s, " ", "")
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	rest := 0
	for _, c := range s[4:] + s[:4] {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

// tokenLike reports whether a value can only be meant for machines: long,
// without a space, with letters and digits mixed.
func tokenLike(s string) bool {
	if len(s) < 20 || strings.ContainsAny(s, " @") {
		return false
	}
	digits, letters, changes := 0, 0, 0
	var before bool
	for i, c := range s {
		digit := c >= '0' && c <= '9'
		switch {
		case digit:
			digits++
		case c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z':
			letters++
		}
		if i > 0 && digit != before {
			changes++
		}
		before = digit
	}
	return digits >= 4 && letters >= 4 && changes >= 4
}

// secretParameter names parameters of an address that may open something.
var secretParameter = regexp.MustCompile(`(?i)pass|pwd|secret|token|(^|[_-])auth($|[_-])|oauth|authoriz|authent|sess|\bs?sid\b|signature|^sig$|^key$|api_?key|^code$|card|cvc|cvv|iban|otp|csrf|xsrf|nonce|form_key|viewstate|^hash$|^hmac$|^ticket$`)

// Ways in which a path carries what opens something: a session as a parameter
// of its own or as a folder, and the last part behind a word such as reset.
var (
	pathSession = regexp.MustCompile(`(?i)(;[\w-]*sess[\w-]*=|;s?sid=)[^/;?#]+`)
	pathFolder  = regexp.MustCompile(`(?i)(/\(S\()[^()/]{8,}`)
	pathToken   = regexp.MustCompile(`(?i)(/(?:reset|reset-password|verify|verification|confirm|activate|activation|magic|magic-link|invite|token|unsubscribe)/)([\w.~-]{16,})`)
)

// clean gives an address without user, password, fragment (but one that is a
// script's route), and the values of parameters that may open something.
func clean(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	u.User = nil
	if route := strings.TrimPrefix(u.Fragment, "!"); !strings.HasPrefix(route, "/") || strings.ContainsAny(route, "=?&") {
		u.Fragment, u.RawFragment = "", "" // but for a script's route
	}
	if u.RawQuery != "" {
		parts := strings.Split(u.RawQuery, "&")
		for i, part := range parts {
			if name, value, has := strings.Cut(part, "="); has && value != "" && (secretParameter.MatchString(unescaped(name)) || tokenLike(value)) {
				parts[i] = name + "=" + mask
			}
		}
		u.RawQuery = strings.Join(parts, "&")
	}
	s := u.String()
	s = pathFolder.ReplaceAllString(pathSession.ReplaceAllString(s, "${1}"+mask), "${1}"+mask)
	return pathToken.ReplaceAllString(s, "${1}"+mask)
}
