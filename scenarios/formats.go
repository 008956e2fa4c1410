package scenarios

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // a site's time zone means the same on every machine

	invopop "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
)

// formats are the forms of text that schemas name, each with the words for
// what is wrong with a value. Time zones are read once.
func formats() []jsonschema.Format {
	var zones sync.Map
	all := map[string]func(string) error{
		"id":          checkID,
		"var-name":    checkVarName,
		"email":       checkEmail,
		"url":         checkURL,
		"hostname":    checkHost,
		"judge-url":   checkJudgeURL,
		"timezone":    checkZone(&zones),
		"language":    checkLanguage,
		"country":     checkCountry,
		"span":        func(s string) error { _, err := parseSpan(s); return err },
		"date":        checkDate,
		"clock":       func(s string) error { _, err := parseClock(s); return err },
		"weekdays":    func(s string) error { _, err := parseDays(s); return err },
		"env-name":    checkEnvName,
		"address":     checkAddress,
		"suppression": checkSuppression,
		"words":       checkWords,
	}
	var list []jsonschema.Format
	for name, check := range all {
		list = append(list, jsonschema.Format{Name: name, Validate: func(v any) error {
			if s, ok := v.(string); ok {
				return check(s)
			}
			return nil
		}})
	}
	return list
}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	varForm  = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	hostForm = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$`)
	country  = regexp.MustCompile(`^[A-Z]{2}$`)
	spanPart = regexp.MustCompile(`^(\d+(?:\.\d+)?)(d|h|ms|m|s)`)
)

func checkID(s string) error {
	if !idForm.MatchString(s) || len(s) > 64 {
		return fmt.Errorf("the id %q must be small letters, digits and single hyphens, at most 64 of them, such as brass-and-sons", s)
	}
	return nil
}

func checkVarName(s string) error {
	if !varForm.MatchString(s) {
		return fmt.Errorf("the name %q must be small letters, digits, - and _, such as order-number", s)
	}
	if slices.Contains(siteWords, s) {
		return fmt.Errorf("${site.%s} has a meaning of its own: choose another name", s)
	}
	return nil
}

func checkEmail(s string) error {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s || strings.ContainsAny(s, `"<> `) {
		return fmt.Errorf("%q is not an e-mail address such as service@shop.example", s)
	}
	return nil
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" {
		return fmt.Errorf("%q is not a web address such as https://shop.example/", s)
	}
	if u.User != nil {
		return fmt.Errorf("a web address holds no user name or password here")
	}
	return nil
}

// checkJudgeURL wants customers' mails to be encrypted on their way, but for a
// server on this machine.
func checkJudgeURL(s string) error {
	if err := checkURL(s); err != nil {
		return err
	}
	u, err := url.Parse(s)
	if err != nil {
		return err
	}
	if host := u.Hostname(); u.Scheme == "http" && host != "localhost" && host != "127.0.0.1" && host != "::1" {
		return fmt.Errorf("%q would send replies over an open line: use https", s)
	}
	if u.RawQuery != "" || strings.HasSuffix(strings.TrimSuffix(u.Path, "/"), "/chat/completions") {
		return fmt.Errorf("%q says too much: write the address up to and without /chat/completions", s)
	}
	return nil
}

func checkHost(s string) error {
	if !hostForm.MatchString(s) || len(s) > 253 {
		return fmt.Errorf("%q is not a host name such as pay.shop.example", s)
	}
	return nil
}

func checkZone(known *sync.Map) func(string) error {
	return func(s string) error {
		if _, ok := known.Load(s); ok {
			return nil
		}
		if _, err := time.LoadLocation(s); err != nil || s == "Local" || s == "" {
			return fmt.Errorf("%q is not a time zone: use an IANA name such as Europe/Berlin", s)
		}
		known.Store(s, true)
		return nil
	}
}

func checkLanguage(s string) error {
	if _, err := language.Parse(s); err != nil {
		return fmt.Errorf("%q is not a language tag such as en or de-AT", s)
	}
	return nil
}

func checkCountry(s string) error {
	if r, err := language.ParseRegion(s); err != nil || !r.IsCountry() || !country.MatchString(s) {
		return fmt.Errorf("%q is not a country code such as GB or DE", s)
	}
	return nil
}

func checkDate(s string) error {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return fmt.Errorf("%q is not a date such as 2026-11-01", s)
	}
	return nil
}

func checkEnvName(s string) error {
	if !envName.MatchString(s) {
		return fmt.Errorf("env takes the name of an environment variable, in capitals such as TOUCHSTONE_MAIL_PASSWORD, never the password itself")
	}
	return nil
}

// placeholder stands, in the shopper's address, for what tells probes apart.
const placeholder = "{probe}"

func checkAddress(s string) error {
	switch strings.Count(s, placeholder) {
	case 0:
		return fmt.Errorf("the address needs {probe} in it, such as shopper+{probe}@example.net: each probe is answered at an address of its own")
	case 1:
		if local, _, _ := strings.Cut(s, "@"); !strings.Contains(local, placeholder) {
			return fmt.Errorf("{probe} must stand before the @, such as shopper+{probe}@example.net")
		}
		if checkEmail(strings.Replace(s, placeholder, "x", 1)) == nil {
			return nil
		}
		return fmt.Errorf("%q is not an e-mail address such as shopper+{probe}@example.net", s)
	}
	return fmt.Errorf("{probe} stands in the address more than once")
}

func checkSuppression(s string) error {
	if domain, ok := strings.CutPrefix(s, "@"); ok && checkHost(domain) == nil {
		return nil
	}
	if checkEmail(s) != nil {
		return fmt.Errorf("%q is neither an e-mail address nor a domain written @shop.example", s)
	}
	return nil
}

// Suppression gives an entry of the suppression list in its one form: an
// address, or a domain as "@shop.example", in lower case. A domain may be
// given without its @.
func Suppression(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if !strings.Contains(s, "@") {
		s = "@" + s
	}
	return s, checkSuppression(s)
}

// Span reads a length of time: "90d", "12h", "1d12h", "90m". Days are 24 hours.
func Span(s string) (time.Duration, error) { return parseSpan(s) }

func checkWords(s string) error {
	if strings.TrimSpace(s) == "" {
		return fmt.Errorf("this is empty: it is read by people, so say it in words")
	}
	return nil
}

// longest is beyond any span that an audit needs, and far from overflow.
const longest = 10 * 365 * 24 * time.Hour

// parseSpan reads a length of time: "5d", "12h", "1d12h", "90m". Days are 24
// hours.
func parseSpan(s string) (time.Duration, error) {
	bad := fmt.Errorf("%q is not a length of time such as 5d, 12h or 90m", s)
	units := map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour, "m": time.Minute, "s": time.Second, "ms": time.Millisecond}
	rest, total := s, time.Duration(0)
	for rest != "" {
		m := spanPart.FindStringSubmatch(rest)
		if m == nil {
			return 0, bad
		}
		n, err := strconv.ParseFloat(m[1], 64)
		part := n * float64(units[m[2]])
		if err != nil || part > float64(longest) || total > longest {
			return 0, bad
		}
		total += time.Duration(part)
		rest = rest[len(m[0]):]
	}
	if total <= 0 {
		return 0, bad
	}
	return total, nil
}

// parseClock reads a time of day, "00:00" to "24:00", as what has passed since
// midnight.
func parseClock(s string) (time.Duration, error) {
	if s == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("%q is not a time of day such as \"09:00\"", s)
	}
	return time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute, nil
}

var dayNames = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // by time.Weekday

// parseDays reads a day, "sat", or a range of days, "mon-fri".
func parseDays(s string) ([7]bool, error) {
	var set [7]bool
	from, to, isRange := strings.Cut(s, "-")
	if !isRange {
		to = from
	}
	a, b := slices.Index(dayNames, from), slices.Index(dayNames, to)
	if a < 0 || b < 0 {
		return set, fmt.Errorf("%q is neither a range of days such as mon-fri nor a list such as [mon, wed]", s)
	}
	for i := a; ; i = (i + 1) % 7 {
		set[i] = true
		if i == b {
			return set, nil
		}
	}
}

// weekdays are days as a file writes them: one text or a list of them. What
// the schema refuses leaves the set empty.
type weekdays [7]bool

// JSONSchema says what a file may write.
func (weekdays) JSONSchema() *invopop.Schema {
	return &invopop.Schema{AnyOf: []*invopop.Schema{
		{Type: "string", Format: "weekdays"},
		{Type: "array", MinItems: new(uint64(1)), Items: &invopop.Schema{Type: "string", Enum: enum(dayNames)}},
	}}
}

// UnmarshalJSON reads "mon-fri", or ["mon", "wed"].
func (w *weekdays) UnmarshalJSON(data []byte) error {
	var written any
	if err := json.Unmarshal(data, &written); err != nil {
		return fmt.Errorf("read the days: %w", err)
	}
	list, isList := written.([]any)
	if !isList {
		list = []any{written}
	}
	for _, day := range list {
		s, _ := day.(string)
		set, _ := parseDays(s)
		for i, on := range set {
			w[i] = w[i] || on
		}
	}
	return nil
}
