package web

import (
	"regexp"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"

	"touchstone/probes/web/driver"
)

// A sight is what a visit has come to see, page by page. It only reads what
// the pages showed; what the customer did is told to it.
type sight struct {
	bounds bounds
	own    string // the customer's own address, which a page may show again

	views    int // that were looked at
	last     driver.Survey
	page     *driver.Page
	loader   cdp.LoaderID // of the document that was looked at last
	start    string       // route of the start page
	home     bool         // the next view is the start page's, wherever that leads
	distance int          // views since the start page; -1 before it was seen

	inCheckout, helpInCheckout, guest bool
	total                             bool // with delivery
	product, stock, date              bool
	ordered                           bool // what pages show now is after the payment
	boxes                             map[string]driver.Box
	phone, help                       int // prominence
	telLink, email                    bool
	formAt                            int // clicks, -1: none seen
	faq, helpPage, helpSearch         bool
	onHelp                            bool // the page looked at last calls itself help
	search                            searchState
	results                           int // -1: none seen
	links                             []string
	known                             map[string]bool // links, and pages that were opened
}

// A searchState follows a search from the typing to the page after it.
type searchState int

const (
	notSearched searchState = iota
	asked                   // typed: what the page shows may be results already
	answered                // sent: what comes now are the results
	left
)

func newSight(b bounds, email string) *sight {
	return &sight{bounds: b, own: strings.ToLower(email), start: driver.Route(b.start.String()), distance: -1, formAt: -1, results: -1, boxes: map[string]driver.Box{}, known: map[string]bool{}}
}

// take reads one look at a page. clicks is how many were made so far, buying
// whether the checkout has begun.
func (s *sight) take(p *driver.Page, now driver.Survey, clicks int, buying bool) {
	fresh := s.views == 0 || p != s.page || now.View != s.last.View
	if fresh {
		s.arrive(now)
	}
	s.page, s.last = p, now
	s.known[plainLink(now.URL)] = true
	lines := strings.Split(now.Text, "\n")
	text := foldLines(lines)
	s.reach(now, lines)
	s.ask(now, clicks)
	if now.Checkout || now.Payment || buying {
		s.checkout(now, text)
	}
	s.total = s.total || totalShown(text, lines)
	s.product = s.product || slices.ContainsFunc(now.Controls, func(w driver.Way) bool { return putIn.in(pad(w.Text)) })
	s.stock = s.stock || text.any(stock.in)
	s.date = s.date || !s.ordered && dateShown(text)
	for _, b := range now.Boxes {
		key := driver.Route(now.URL) + " " + b.Key + " " + b.Label
		if _, seen := s.boxes[key]; !seen && marketing.in(pad(b.Label)) {
			s.boxes[key] = b
		}
	}
	if s.search == asked || s.search == answered {
		s.results = now.Items
		if text.any(nothing.in) {
			s.results = 0
		}
	}
	for _, w := range now.Controls {
		if link := plainLink(w.Link); strings.HasPrefix(link, "http") && !s.known[link] && s.bounds.holds(link) {
			s.known[link] = true
			s.links = append(s.links, link)
		}
	}
}

// checkout reads a page of the checkout.
func (s *sight) checkout(now driver.Survey, text folding) {
	s.inCheckout = true
	s.helpInCheckout = s.helpInCheckout || helps(now)
	s.guest = s.guest || text.any(func(line string) bool { return guest.in(line) && !impossible.in(line) })
}

// arrive notes a view that was not the last one.
func (s *sight) arrive(now driver.Survey) {
	s.views++
	switch {
	case s.home || driver.Route(now.URL) == s.start:
		s.distance = 0
	case s.distance >= 0:
		s.distance++
	}
	s.home = false
}

// sent says that a search was sent: what was seen before is no result.
func (s *sight) sent() {
	switch s.search {
	case asked:
		s.search, s.results = answered, -1
	case answered:
		s.search = left
	}
}

// leave says that the customer goes on from the page, by a link or an address.
func (s *sight) leave() {
	if s.search != notSearched {
		s.search = left
	}
}

// reach looks for ways to a person and to an answer.
func (s *sight) reach(now driver.Survey, lines []string) {
	phone, help := 0, 0
	for _, w := range now.Controls {
		switch {
		case strings.HasPrefix(strings.ToLower(w.Link), "tel:"):
			s.telLink = true
			phone = max(phone, placed(w.Header))
		case strings.HasPrefix(strings.ToLower(w.Link), "mailto:"):
			s.email = true
		}
		if leadsToHelp(w) {
			help = max(help, placed(w.Header))
		}
	}
	for _, n := range now.Phones {
		if isPhone(n) {
			phone = max(phone, placed(n.Header))
		}
	}
	s.email = s.email || s.address(strings.Join(lines, "\n")) || slices.ContainsFunc(now.Emails, s.address)
	s.phone = max(s.phone, prominence(phone, s.distance))
	s.help = max(s.help, prominence(help, s.distance))
}

func placed(header bool) int {
	if header {
		return 3
	}
	return 2
}

// prominence counts what stands on the start page in full, on a page one view
// away 1, further away nothing.
func prominence(placed, distance int) int {
	switch {
	case distance == 0:
		return placed
	case distance == 1 && placed > 0:
		return 1
	}
	return 0
}

var address = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)

// address reports whether a text holds a mail address other than the
// customer's own.
func (s *sight) address(text string) bool {
	if !strings.Contains(text, "@") {
		return false
	}
	for _, a := range address.FindAllString(text, -1) {
		if strings.ToLower(a) != s.own {
			return true
		}
	}
	return false
}

func leadsToHelp(w driver.Way) bool {
	if scheme, _, _ := strings.Cut(strings.ToLower(w.Link), ":"); scheme == "mailto" || scheme == "tel" {
		return false
	}
	text := pad(w.Text)
	return len(w.Text) <= 40 && (help.in(text) || contact.in(text))
}

// isPhone tells a telephone number from order numbers and dates: it begins
// like one of abroad, or a word for calling stands before it.
func isPhone(n driver.Phone) bool {
	digits := 0
	for _, r := range n.Number {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return digits >= 7 && digits <= 15 && (strings.HasPrefix(n.Number, "+") || call.in(pad(n.Before)))
}

// helps reports whether a page of the checkout shows a way to a person or to
// an answer.
func helps(now driver.Survey) bool {
	for _, w := range now.Controls {
		if strings.HasPrefix(strings.ToLower(w.Link), "tel:") || leadsToHelp(w) || len(w.Text) <= 40 && chat.in(pad(w.Text)) {
			return true
		}
	}
	return slices.ContainsFunc(now.Phones, isPhone)
}

// ask looks at what the page knows: its questions, its search, its form.
func (s *sight) ask(now driver.Survey, clicks int) {
	if s.formAt < 0 && now.Messages > 0 && !now.Checkout && !now.Payment {
		s.formAt = clicks
	}
	called := pad(strings.Join(append([]string{now.Title, strings.NewReplacer("/", " ", "-", " ").Replace(driver.Route(now.URL))}, now.Headings...), " | "))
	s.onHelp = help.in(called)
	questions := max(len(now.Asked), now.Structured, written(now.Main))
	if s.onHelp {
		questions = max(questions, len(now.Asked)+now.Topics)
	}
	s.faq = s.faq || questions >= enoughQuestions
	if !s.onHelp {
		return
	}
	s.helpPage = true
	for _, in := range now.Inputs {
		if !in.Frame && (in.Search || searching.in(pad(in.About))) {
			s.helpSearch = true
		}
	}
}

// enoughQuestions make a page one of questions and answers.
const enoughQuestions = 3

// written counts the questions of running text that have an answer: behind
// them in their line, or in the next one.
func written(text string) int {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	n := 0
	for i, line := range lines {
		q, answer, asks := strings.Cut(line, "?")
		if !asks || len(strings.Fields(q)) < 3 || len(q) > 200 {
			continue
		}
		if strings.TrimSpace(answer) == "" && i+1 < len(lines) && !strings.HasSuffix(lines[i+1], "?") {
			answer = lines[i+1]
		}
		if len(strings.Fields(answer)) >= 3 {
			n++
		}
	}
	return n
}

// preticked counts the boxes that would let a customer be advertised to
// without a deed of theirs.
func (s *sight) preticked() int {
	n := 0
	for _, b := range s.boxes {
		wish, _, _ := strings.Cut(b.Label, ".") // what follows explains
		n += count(b.Ticked && !declining.in(pad(wish)))
	}
	return n
}

// ---- lines ----

// A folding is a page's lines, each padded for looking up words.
type folding []string

func foldLines(lines []string) folding {
	f := make(folding, len(lines))
	for i, line := range lines {
		f[i] = pad(line)
	}
	return f
}

func (f folding) any(fits func(line string) bool) bool { return slices.ContainsFunc(f, fits) }

var (
	money  = regexp.MustCompile(`(?i)([€£$]|\b(eur|gbp|usd|chf)\b)\s*\d|\d[\d.,]*\s*([€£$]|\b(eur|euros?|gbp|usd|chf)\b)`)
	amount = regexp.MustCompile(`(?i)^\W*(eur|gbp|usd|chf)?\W*\d[\d.,\s]*\W*(eur|euros?|gbp|usd|chf)?\W*$`)
)

// totalShown reports whether a page tells the sum of goods and delivery: a
// delivery with its price, or named as free, and a total with an amount. Both
// may stand in the next line, alone, as cells of a table do.
func totalShown(f folding, lines []string) bool {
	sent, sum := false, false
	for i, line := range f {
		sends := delivery.in(line) && !threshold.in(line)
		sums := total.in(line) && !partial.in(line)
		if !sends && !sums || excluded.in(line) {
			continue
		}
		priced, gratis := money.MatchString(lines[i]), free.in(line)
		if j := f.below(i); j > 0 {
			priced = priced || money.MatchString(lines[j]) && amount.MatchString(lines[j])
			gratis = gratis || len(strings.Fields(f[j])) <= 2 && free.in(f[j])
		}
		sent = sent || sends && (priced || gratis)
		sum = sum || sums && priced
	}
	return sent && sum
}

// below gives the next line that says anything, 0 when there is none near.
func (f folding) below(i int) int {
	for j := i + 1; j < len(f) && j <= i+2; j++ {
		if strings.TrimSpace(f[j]) != "" {
			return j
		}
	}
	return 0
}

// dateShown reports whether a line on delivery names a day or a number of
// days; where the line is but a label, the next one may.
func dateShown(f folding) bool {
	for i, line := range f {
		if !delivery.in(line) {
			continue
		}
		near := line
		if j := f.below(i); j > 0 && len(strings.Fields(line)) <= 3 && !strings.ContainsAny(line, "0123456789") {
			near += f[j]
		}
		for _, re := range days {
			if re.MatchString(near) {
				return true
			}
		}
	}
	return false
}

// plainLink gives an address without its fragment.
func plainLink(link string) string {
	link, _, _ = strings.Cut(link, "#")
	return link
}
