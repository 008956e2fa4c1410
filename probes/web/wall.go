package web

import (
	"strings"

	"touchstone/probes/web/driver"
)

// wallTitles are the titles of pages that stand before a shop to keep programs
// out.
var wallTitles = []string{
	"just a moment", "attention required", "pardon our interruption", "access denied", "access to this page has been denied", "are you a robot", "robot check", "are you human",
	"verify you are human", "security check", "bot verification", "ddos protection", "human verification", "request unsuccessful", "please verify",
}

// wallHeaders are answers' headers that only such pages carry: name, and what
// the value holds.
var wallHeaders = [][2]string{
	{"cf-mitigated", ""}, {"x-datadome", "protected"}, {"x-amzn-waf-action", ""}, {"x-px-block", ""}, {"x-iinfo", ""},
}

// wallWords are found in what such pages say.
var wallWords = []string{"captcha", "unusual traffic", "automated access", "bot detection", "are a robot", "are not a robot", "enable javascript and cookies to continue", "reference #", "incapsula", "cloudflare ray id"}

// wallOf says by what mark a page is a wall against programs; empty: it is
// none. Marks in headers and words count only beside a refusing status, for
// shops that are merely protected carry them too; 429 is a refusal of our rate
// by itself.
func wallOf(d driver.Document, title, body, challenge string) string {
	refusing := d.Status == 403 || d.Status == 429 || d.Status == 503
	if d.Status == 429 {
		return "it answered 429 Too Many Requests"
	}
	if refusing && challenge != "" {
		return challenge
	}
	for _, w := range wallTitles {
		if strings.Contains(strings.ToLower(title), w) && (refusing || challenge != "" || w == "just a moment" || w == "robot check" || w == "pardon our interruption") {
			return "a page titled " + quoted(title)
		}
	}
	if !refusing {
		return ""
	}
	for _, h := range wallHeaders {
		if v, ok := d.Headers[h[0]]; ok && strings.Contains(v, h[1]) {
			return "the header " + h[0]
		}
	}
	for _, w := range wallWords {
		if strings.Contains(strings.ToLower(body), w) {
			return "a page that says " + quoted(w)
		}
	}
	return ""
}

func quoted(s string) string { return "“" + s + "”" }
