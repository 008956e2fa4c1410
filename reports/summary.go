package reports

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"touchstone/scoring"
)

// states are how a check may end, worst first, with what each is called.
var states = []struct{ state, title string }{
	{"failed", "failed"},
	{"inconclusive", "could not be tested"},
	{"pending", "pending"},
	{"warned", "warned"},
	{"passed", "passed"},
	{"off", "switched off"},
}

// Summary writes the checks as Markdown (CommonMark with tables), for a build's
// summary page: what came of them, the sites, and every check that did not pass.
func Summary(w io.Writer, c *Checked) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Wave %s\n\n", Plain(c.Wave))
	n := map[string]int{}
	for _, r := range c.Results {
		n[r.State]++
	}
	var counts []string
	for _, s := range states {
		if n[s.state] > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n[s.state], s.title))
		}
	}
	if len(counts) == 0 {
		counts = []string{"no check was made"}
	}
	fmt.Fprintf(&b, "%s.\n\n| Site | Score | Grade |\n|---|---:|---|\n", strings.Join(counts, ", "))
	for _, s := range c.Sites {
		score, grade := "–", s.Score.Reason
		if s.Score.State == scoring.Scored {
			score, grade = fmt.Sprintf("%.0f", s.Score.Score), s.Score.Grade
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", Plain(cmp.Or(s.Name, s.ID)), score, Plain(grade))
	}
	for _, s := range states {
		if s.state == "passed" || s.state == "off" || n[s.state] == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s%s\n\n| Site | Check | Rule | Found |\n|---|---|---|---|\n", strings.ToUpper(s.title[:1]), s.title[1:])
		for _, r := range c.Results {
			if r.State != s.state {
				continue
			}
			found := cmp.Or(r.Got, r.Reason)
			if r.Got != "" && r.Reason != "" {
				found += " (" + r.Reason + ")"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", Plain(c.name(r.Site)), Plain(place(r)+r.Check.ID), Plain(rule(r.Check)), Plain(found))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// name gives what a site is called.
func (c *Checked) name(id string) string {
	for _, s := range c.Sites {
		if s.ID == id {
			return cmp.Or(s.Name, s.ID)
		}
	}
	return cmp.Or(id, "the whole panel")
}

// Plain makes a stranger's words safe in Markdown, in a table too: on one
// line, with nothing that is markup, HTML, or made a link of by itself.
func Plain(s string) string {
	var b strings.Builder
	s = strings.Join(strings.Fields(s), " ")
	for i, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case strings.ContainsRune("\\`*_[]|~!#@$", r), r == ':' && strings.HasPrefix(s[i:], "://"), r == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"):
			b.WriteRune('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			// control characters, and those that turn the direction of a line
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
