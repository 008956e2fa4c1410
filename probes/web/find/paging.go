package find

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// NextPage gives the link to the next page of a list, nil where it has none: a
// link to the same address with another number, that says "next" in words, by
// an arrow, or by the number that follows.
func (p *Page) NextPage() *Control {
	here, err := url.Parse(p.URL)
	if err != nil {
		return nil
	}
	now := pageNumber(here)
	var best *Control
	most := 0.0
	for i := range p.Controls {
		c := &p.Controls[i]
		if c.Hidden || !Harmless(c) || !strings.HasPrefix(c.Href, "http") || c.Area == Header || c.Area == Footer || c.Area == Consent || c.Item >= 0 {
			continue
		}
		to, err := url.Parse(c.Href)
		if err != nil || to.Host != here.Host || unpaged(to) != unpaged(here) || pageNumber(to) != now+1 {
			continue
		}
		s := .4 // it leads there, whatever it is called
		switch name := strings.TrimSpace(c.Name); {
		case p.Labels[i][Next] >= .6:
			s = .9
		case strings.Trim(name, " ›»→>❯") == "" && name != "":
			s = .8
		case name == strconv.Itoa(now+1):
			s = .7
		}
		if s > most {
			best, most = c, s
		}
	}
	return best
}

var (
	pageParameter = regexp.MustCompile(`(?i)^(p|page|pg|pagina|seite|side|sida|strona|stranka|paged|page_?n(o|um|umber)?|currentpage)$`)
	pageSegment   = regexp.MustCompile(`(?i)/(?:(?:page|pagina|seite|side|sida|strona|stranka|p)[/-]?)?([0-9]{1,3})/?$`)
)

// pageNumber is the place of a page in its list, 1 where its address says none.
func pageNumber(u *url.URL) int {
	for name, values := range u.Query() {
		if n, err := strconv.Atoi(values[0]); err == nil && n > 0 && pageParameter.MatchString(name) {
			return n
		}
	}
	if m := pageSegment.FindStringSubmatch(u.Path); m != nil {
		if n, err := strconv.Atoi(m[1]); err == nil && n > 0 {
			return n
		}
	}
	return 1
}

// unpaged is an address's path without the page's number.
func unpaged(u *url.URL) string {
	return strings.TrimSuffix(pageSegment.ReplaceAllString(u.Path, ""), "/")
}
