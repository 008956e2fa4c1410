package find

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A proof adds up what speaks for a page, and says it.
type proof struct {
	sum  float64
	said []string
}

func (p *proof) add(weight float64, what string) {
	p.sum += weight
	if what != "" {
		p.said = append(p.said, what)
	}
}

func (p *proof) why() string { return strings.Join(p.said, ", ") }

func clamp(x float64) float64 { return max(0, min(.98, x)) }

// aside says how much a page seems to be written for other ends: an article, a
// list of goods, one of the goods.
func (p *Page) beside() float64 {
	off := 0.0
	_, deep := ReadPath(p.Path())
	if deep.Has(Blog) || p.Own[Blog] > .6 || p.Titles[Blog] > .7 || p.Data.OGType == "article" || slices.ContainsFunc(p.Data.Types, func(t string) bool { return strings.HasSuffix(t, "Article") || t == "BlogPosting" }) {
		off += .45
	}
	if goods := p.goods(); goods >= 4 {
		off += .15
	}
	if pr, ok := ProductOf(p); ok && pr.Confidence > .6 {
		off += .25
	}
	return off
}

// goods counts the entries of lists in the page's main part.
func (p *Page) goods() (n int) {
	for _, it := range p.Items {
		if it.Area == Main {
			n++
		}
	}
	return n
}

// titled says how well title, main heading or address name a concept.
func (p *Page) titled(cs ...Concept) (best float64) {
	for _, c := range cs {
		best = max(best, p.Titles[c])
	}
	return best
}

// headed reports whether a heading within the page names one of the concepts.
func (p *Page) headed(cs ...Concept) bool {
	for i, b := range p.Blocks {
		if b.Level == 0 || !p.main(i) || len(b.Text) > 90 {
			continue
		}
		r := ReadLabel(b.Text)
		for _, c := range cs {
			if r[c] >= .55 {
				return true
			}
		}
	}
	return false
}

// near reports whether a block within span of i, itself included, speaks of
// one of the concepts.
func (p *Page) near(i, span int, cs ...Concept) bool {
	for j := max(0, i-span); j <= min(len(p.Blocks)-1, i+span); j++ {
		if p.main(j) && p.Said[j].Has(cs...) {
			return true
		}
	}
	return false
}

var (
	number     = regexp.MustCompile(`\d|(?i)\b(seven|ten|fourteen|twenty|thirty|sixty|sieben|zehn|vierzehn|dreißig|dreissig|quatorze|trente|quinze|catorce|quince|treinta|quattordici|trenta|veertien|dertig|czternastu|trzydziestu|fjorton|trettio|fjorten|tretti|neljäntoista|čtrnáct)\b|[一二三四五六七八九十]`)
	question   = regexp.MustCompile(`[?？]\s*$`)
	clockTime  = regexp.MustCompile(`(?i)\b\d{1,2}\s*([:.h]\s*\d{2}|(am|pm|uhr|h)\b)|\d{1,2}\s*時|\d{1,2}[.:]?\d{0,2}\s*[-–—~～至]\s*\d{1,2}`)
	emailIn    = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)
	others     = regexp.MustCompile(`(?i)^(press|presse|prensa|media|jobs?|careers?|bewerbung|karriere|investors?|affiliates?|privacy|dpo|gdpr|datenschutz|dsb|legal|wholesale|b2b|noreply|no-reply|donotreply|abuse|webmaster|postmaster)@`)
	numberLike = regexp.MustCompile(`(?:\+|\(?0|\b1[- (]|\(?\b[1-9]\d{2}\)?[ .-]|\(\d{2,4}\)[ .-]?\d)[\d\s().\/-]{5,}\d`)
)

// returnsOf proves a returns policy: sending back is spoken of with its period,
// the money, the state of the goods; not a list of links, not an article.
func returnsOf(p *Page) (Arrival, bool) {
	var pr proof
	if t := p.titled(Returns); t >= .5 {
		pr.add(.35*t, "the page is about returns")
	}
	if p.headed(Returns) {
		pr.add(.15, "a heading names returns")
	}
	var period, money, state, how, cost, whole bool
	talk, said, opener := 0, "", 0
	for i := range p.Blocks {
		if !p.main(i) || !p.Said[i].Has(ReturnTalk) || words(p.Blocks[i].Text) < 3 {
			continue
		}
		talk++
		b := p.Blocks[i]
		timed := p.Said[i].Has(PeriodTalk) && number.MatchString(b.Text)
		if !timed && i+1 < len(p.Blocks) && p.main(i+1) && p.Said[i+1].Has(PeriodTalk) && number.MatchString(p.Blocks[i+1].Text) && !p.Said[i+1].Has(DeliveryTalk) {
			timed = question.MatchString(b.Text) || b.Level > 0
			if timed {
				b = p.Blocks[i+1]
			}
		}
		if timed && !period {
			period, said, opener = true, b.Text, 0
			if b.Folded {
				opener = b.Opener
			}
		}
		money = money || p.near(i, 2, RefundTalk)
		whole = whole || timed && p.Said[i].Has(RefundTalk)
		state = state || p.near(i, 3, ConditionTalk)
		how = how || p.near(i, 3, HowReturn)
		cost = cost || p.near(i, 2, ReturnCost)
		if said == "" && b.Level == 0 {
			said = b.Text
		}
	}
	if talk == 0 {
		return Arrival{}, false
	}
	for _, part := range []struct {
		has    bool
		weight float64
		what   string
	}{{period, .32, "a period to return goods"}, {money, .15, "money back or exchange"}, {state, .15, "the state of the goods"}, {how, .07, "how to send them"}, {cost, .08, "what that costs"}, {talk >= 3, .05, ""}, {whole && p.titled(Returns) < .5 && p.titled(Help, Terms, Delivery) >= .5, .1, "said in one breath on a page of help"}} {
		if part.has {
			pr.add(part.weight, part.what)
		}
	}
	if p.Words < 12 {
		pr.add(-.3, "")
	}
	pr.add(-p.beside(), "")
	return Arrival{Confidence: clamp(pr.sum), Why: pr.why(), Says: sentence(said, ReturnTalk, PeriodTalk), Opener: opener}, pr.sum >= .55
}

// deliveryOf proves what delivery costs: an amount, or that it is free, said of
// delivery itself.
func deliveryOf(p *Page) (Arrival, bool) {
	var pr proof
	if t := p.titled(Delivery, DeliveryPrice); t >= .5 {
		pr.add(.32*t, "the page is about delivery")
	}
	if p.headed(Delivery, DeliveryPrice) {
		pr.add(.15, "a heading names delivery")
	} else if p.titled(Delivery, DeliveryPrice) < .5 && p.titled(Help, Terms) >= .5 {
		pr.add(.1, "a page of help")
	}
	costs, said, opener := p.deliveryCosts()
	if len(costs) == 0 {
		return Arrival{}, false
	}
	pr.add(.42, "an amount for delivery")
	if len(costs) > 1 {
		pr.add(.12, "several ways of delivery")
	}
	if p.All.Has(BusinessDays) || p.All.Has(DeliveryTalk) && p.All.Has(PeriodTalk) {
		pr.add(.06, "")
	}
	pr.add(-p.beside(), "")
	return Arrival{Confidence: clamp(pr.sum), Why: pr.why(), Says: sentence(said, DeliveryTalk, DeliveryPrice), Opener: opener}, pr.sum >= .55
}

// deliveryCosts lists the blocks that price a delivery without a condition.
func (p *Page) deliveryCosts() (costs []string, said string, opener int) {
	about, left := -1, 0 // the last block that was about delivery, and how far it reaches
	for i := range p.Blocks {
		b := p.Blocks[i]
		if !p.main(i) || b.Struck {
			continue
		}
		bare := p.Bare[i].Has(DeliveryTalk, DeliveryPrice) && !p.Said[i].Has(ReturnCost)
		sends := bare || p.Said[i].Has(DeliveryTalk) && !p.Bare[i].Has(ReturnTalk, ReturnCost)
		switch {
		case sends:
			about, left = i, 4
		case words(b.Text) > 8 || b.Level > 0 && b.Level < 5:
			left = 0
		default:
			left--
		}
		if about < 0 || left <= 0 || p.Said[i].Has(LaterTalk) {
			continue
		}
		prices := Prices(b.Text)
		free := p.Bare[i].Has(FreeTalk) && (bare || words(b.Text) <= 4)
		// "Free from £40" prices nothing by itself.
		if p.Said[i].Has(OverTalk) && free && len(prices) == 1 {
			continue
		}
		if len(prices) == 0 && !free {
			continue
		}
		if !sends && len(prices) > 0 && words(b.Text) > 8 {
			continue
		}
		text := b.Text
		if !sends {
			text = p.Blocks[about].Text + ": " + b.Text
		}
		costs = append(costs, text)
		if said == "" {
			said = text
			if b.Folded {
				opener = b.Opener
			}
		}
	}
	return costs, said, opener
}

// privacyOf proves a privacy policy by what such a text has to speak of.
func privacyOf(p *Page) (Arrival, bool) {
	var pr proof
	if !p.All.Has(DataTalk) {
		return Arrival{}, false
	}
	if t := p.titled(Privacy); t >= .5 {
		pr.add(.35*t, "the page is about privacy")
		if t >= .9 && p.headed(Privacy) {
			pr.add(.06, "") // and about nothing else: a small shop may say it in a sentence
		}
	} else if p.headed(Privacy) {
		pr.add(.22, "a heading names privacy")
	}
	n := p.All.Count(DataController, DataRights, CookieTalk, LawTalk, SharingTalk, KeepingTalk, PurposeTalk)
	pr.add(.05+.09*float64(min(n, 6)), fmt.Sprintf("%d of the 7 things such a text speaks of", n))
	if p.Words < 9 || p.Words < 40 && p.titled(Privacy) < .5 {
		pr.add(-.3, "")
	}
	pr.add(-p.beside(), "")
	said, opener := "", 0
	for i := range p.Blocks {
		if p.main(i) && p.Said[i].Has(DataTalk) && words(p.Blocks[i].Text) > 6 {
			said, opener = p.Blocks[i].Text, p.Blocks[i].Opener
			break
		}
	}
	return Arrival{Confidence: clamp(pr.sum), Why: pr.why(), Says: sentence(said, DataTalk), Opener: opener}, pr.sum >= .52
}

// A Way is a way to ask a person.
type Way struct {
	Kind string // "e-mail", "form", "telephone", "chat"
	What string // the address, the number, the form's words
	Area Area
	Sure float64
}

// Ways lists the ways to a person that the page shows, the surest first.
func (p *Page) Ways() (ways []Way) {
	for _, e := range p.Emails() {
		sure := .85
		if others.MatchString(e.What) {
			sure = .35
		}
		ways = append(ways, Way{"e-mail", e.What, e.Area, sure})
	}
	for _, f := range p.Forms {
		if messages(f, p.titled(Contact) >= .5) {
			sure := .85
			said := Read(f.Text)
			if said.Has(Contact, MessageTalk) {
				sure = .92
			}
			ways = append(ways, Way{"form", f.Text, f.Area, sure})
		}
	}
	for _, n := range p.Phones() {
		ways = append(ways, Way{"telephone", n.Number, n.Area, .8})
	}
	for i, c := range p.Controls {
		if !c.Hidden && p.Labels[i][Chat] >= .7 && c.Area != Consent {
			ways = append(ways, Way{"chat", c.Name, c.Area, .8})
			break
		}
	}
	for _, f := range p.Frames {
		if m := chatMarks.FindString(strings.ToLower(f)); m != "" {
			ways = append(ways, Way{"chat", m, Dialog, .6})
			break
		}
	}
	slices.SortStableFunc(ways, func(a, b Way) int {
		switch {
		case a.Sure > b.Sure:
			return -1
		case a.Sure < b.Sure:
			return 1
		}
		return 0
	})
	return ways
}

// chatMarks are where the scripts and frames of chats come from.
var chatMarks = regexp.MustCompile(`intercom|zopim|zdassets|tidio|gorgias|crisp\.chat|drift\.com|livechatinc|tawk\.to|usemessages|freshchat|wchat\.|userlike|olark|re-?amaze|kustomerapp|ada\.support|smartsupp|jivosite|chatra|trengo|livechat|channel\.io|zohopublic|salesiq`)

// messages reports whether a form takes a message to the shop: one with a
// message field that neither reviews, nor orders, nor wraps a gift; on a page
// that is about contact, whatever the field is called.
func messages(f Box, contact bool) bool {
	if f.Hidden || f.Search || f.Area == Consent {
		return false
	}
	i := slices.IndexFunc(f.Inputs, func(in Input) bool { return in.Tag == "textarea" && !in.Hidden })
	if i < 0 {
		return false
	}
	if asked(f).address >= 2 || addressField(" "+Fold(f.Inputs[i].Name+" "+f.Inputs[i].About)+" ") {
		return false // it wants to know where one lives
	}
	said, about := Read(f.Text), Read(f.Inputs[i].Name+" "+f.Inputs[i].About)
	if contact && !said.Has(Checkout) {
		return true
	}
	if said.Has(Review) && !said.Has(Contact) && !about.Has(MessageTalk) || about.Has(Review) && !about.Has(MessageTalk) || said.Has(GiftWrap) && !said.Has(Contact) || said.Has(Checkout, AddToCart) && !said.Has(Contact) {
		return false
	}
	reply := slices.ContainsFunc(f.Inputs, func(in Input) bool {
		return in.Type == "email" || Read(in.Name+" "+in.About).Has(Email) || strings.Contains(strings.ToLower(in.About), "mail")
	})
	return reply || said.Has(Contact, MessageTalk)
}

// A Sighting is something said at a place.
type Sighting struct {
	What string
	Area Area
}

// Emails lists the mail addresses that the page shows, links among them.
func (p *Page) Emails() (list []Sighting) {
	seen := map[string]bool{}
	add := func(a string, at Area) {
		if a = strings.ToLower(strings.TrimRight(a, ".")); !seen[a] && !strings.HasSuffix(a, ".png") && !strings.HasSuffix(a, ".jpg") {
			seen[a] = true
			list = append(list, Sighting{a, at})
		}
	}
	for _, c := range p.Controls {
		if rest, ok := strings.CutPrefix(strings.ToLower(c.Href), "mailto:"); ok && !c.Hidden {
			a, query, _ := strings.Cut(rest, "?")
			if a = strings.ReplaceAll(a, "%40", "@"); strings.Contains(a, "@") && !strings.Contains(query, "body=http") {
				add(a, c.Area)
			}
		}
	}
	for _, b := range p.Blocks {
		if strings.Contains(b.Text, "@") && b.Area != Consent {
			for _, a := range emailIn.FindAllString(b.Text, -1) {
				add(a, b.Area)
			}
		}
	}
	return list
}

// A Number is a telephone number and what stands round it.
type Number struct {
	Number string
	Area   Area
	Hours  string // when it is answered, as said; empty: not said
	Cost   string // what calling costs, as said
	Link   bool   // a tap calls it
}

// Phones lists the telephone numbers that the page shows. What has digits is
// one when it begins as numbers from abroad do, when a word for calling stands
// at it, or when a tap calls it.
func (p *Page) Phones() (list []Number) {
	seen := map[string]bool{}
	for _, c := range p.Controls {
		if rest, ok := strings.CutPrefix(strings.ToLower(c.Href), "tel:"); ok && !c.Hidden && c.Area != Consent {
			if d := digits(rest); len(d) >= 5 && !seen[tail(d)] {
				seen[tail(d)] = true
				list = append(list, Number{Number: phoneText(c.Name, rest), Area: c.Area, Link: true})
			}
		}
	}
	for i, b := range p.Blocks {
		if b.Area == Consent || b.Level > 0 && b.Level < 3 && len(b.Text) > 60 {
			continue
		}
		for _, at := range numberLike.FindAllStringIndex(b.Text, -1) {
			n := b.Text[at[0]:at[1]]
			d := digits(n)
			if len(d) < 6 || len(d) > 15 || seen[tail(d)] {
				continue
			}
			before := b.Text[:at[0]]
			if len(before) > 60 {
				before = strings.ToValidUTF8(before[len(before)-60:], "")
			}
			said := Read(before)
			if strings.TrimSpace(before) == "" && i > 0 {
				said = p.Said[i-1]
				before = p.Blocks[i-1].Text
			}
			if fax.MatchString(last40(before)) {
				continue
			}
			answered := len(d) >= 8 && p.Said[i].Has(WeekdayTalk) && clockTime.MatchString(b.Text) // when somebody answers says that it is one
			if !(strings.HasPrefix(n, "+") && len(d) >= 8) && !answered && !said.Has(Phone) && !(p.Said[i].Has(Phone) && words(b.Text) < 12) {
				continue
			}
			seen[tail(d)] = true
			list = append(list, Number{Number: strings.TrimSpace(n), Area: b.Area})
		}
	}
	for k := range list {
		for i, b := range p.Blocks {
			if !strings.Contains(digits(b.Text), tail(digits(list[k].Number))) {
				continue
			}
			for j := max(0, i-2); j <= min(len(p.Blocks)-1, i+3); j++ {
				if list[k].Hours == "" && p.Said[j].Has(WeekdayTalk) && clockTime.MatchString(p.Blocks[j].Text) {
					list[k].Hours = sentence(p.Blocks[j].Text, WeekdayTalk)
				}
				if list[k].Cost == "" && p.Said[j].Has(LocalRate) {
					list[k].Cost = sentence(p.Blocks[j].Text, LocalRate)
				}
			}
			break
		}
	}
	return list
}

var fax = regexp.MustCompile(`(?i)\b(tele)?fax\b|ファックス|传真|傳真|vat|ust-?id|registration|company no|iban|siret|kvk|orgnr|org\.? ?nr|nip|ico\b`)

func last40(s string) string {
	if len(s) > 40 {
		return s[len(s)-40:]
	}
	return s
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// tail tells numbers apart, however their beginning is written.
func tail(d string) string {
	if len(d) > 6 {
		return d[len(d)-6:]
	}
	return d
}

func phoneText(name, href string) string {
	if m := numberLike.FindString(name); m != "" {
		return strings.TrimSpace(m)
	}
	return href
}

// contactOf proves a way to ask a person.
func contactOf(p *Page) (Arrival, bool) {
	ways := p.Ways()
	if len(ways) == 0 || ways[0].Sure < .5 {
		return Arrival{}, false
	}
	var kinds []string
	for _, w := range ways {
		if w.Sure >= .5 && !slices.Contains(kinds, w.Kind) {
			kinds = append(kinds, w.Kind)
		}
	}
	sure := ways[0].Sure
	if p.titled(Contact) >= .5 {
		sure += .06
	}
	what := ways[0].What
	if ways[0].Kind == "form" {
		what = "a form with a message field"
	}
	return Arrival{Confidence: clamp(sure), Why: strings.Join(kinds, ", "), Says: what}, true
}

// phoneOf proves a telephone number.
func phoneOf(p *Page) (Arrival, bool) {
	list := p.Phones()
	if len(list) == 0 {
		return Arrival{}, false
	}
	best := list[0]
	for _, n := range list {
		if n.Hours != "" && best.Hours == "" {
			best = n
		}
	}
	why := "a telephone number"
	if best.Hours != "" {
		why += ", with its hours"
	}
	if best.Cost != "" {
		why += ", with what a call costs"
	}
	says := best.Number
	for _, more := range []string{best.Hours, best.Cost} {
		if more != "" && !strings.Contains(says, more) {
			says += "; " + more
		}
	}
	return Arrival{Confidence: .9, Why: why, Says: says}, true
}

// An Asked is a question of the page and its answer.
type Asked struct {
	Question, Answer string
	At               int // the answer's block
	Folded           bool
}

// Questions lists the questions that the page answers.
func (p *Page) Questions() (list []Asked) {
	for i, b := range p.Blocks {
		if !p.main(i) || !question.MatchString(b.Text) || words(b.Text) < 2 || len(b.Text) > 220 {
			continue
		}
		for j := i + 1; j < len(p.Blocks) && j <= i+2; j++ {
			a := p.Blocks[j]
			if !p.main(j) || question.MatchString(a.Text) {
				break
			}
			if words(a.Text) >= 1 && a.Text != b.Text {
				list = append(list, Asked{b.Text, a.Text, j, a.Folded})
				break
			}
		}
	}
	return list
}

// helpOf proves a page of answers: questions with their answers, or a hub that
// calls itself help and leads on to them.
func helpOf(p *Page) (Arrival, bool) {
	var pr proof
	t := p.titled(Help)
	asked := p.Questions()
	first := ""
	if len(asked) > 0 {
		first = asked[0].Question
	}
	if n := len(asked); n >= 3 {
		pr.add(.5, fmt.Sprintf("%d questions with answers", n))
	} else if n == 2 && t >= .5 {
		pr.add(.3, "2 questions with answers")
	} else if slices.Contains(p.Data.Types, "FAQPage") {
		pr.add(.3, "questions are marked up")
	}
	topics, linked := map[Concept]bool{}, 0
	info := []Concept{Returns, Delivery, OrderStatus, Payments, Contact, Account, Privacy, Terms, GiftCard, WarrantyTalk, ChangeOrder, Help}
	for i, c := range p.Controls {
		if c.Area != Main || c.Item >= 0 {
			continue
		}
		for _, k := range info {
			if p.Labels[i][k] >= .5 {
				topics[k] = true
				linked++
			}
		}
	}
	headings, known := 0, false
	for i, b := range p.Blocks {
		if p.main(i) && b.Level > 1 && i+1 < len(p.Blocks) && p.Blocks[i+1].Level == 0 && words(p.Blocks[i+1].Text) > 5 {
			headings++
			known = known || p.Said[i].Union(p.Said[i+1]).Has(ReturnTalk, DeliveryTalk, OrderTalk, PayWays, WarrantyTalk)
		}
	}
	if t >= .5 {
		pr.add(.35*t, "the page calls itself help")
		if len(topics) >= 3 {
			pr.add(.35, fmt.Sprintf("leads on to %d topics", len(topics)))
		} else if headings+len(asked) >= 3 && known {
			pr.add(.3, fmt.Sprintf("%d topics explained", headings))
		} else if n := p.explained(); n >= 3 {
			pr.add(.3, fmt.Sprintf("%d matters explained without headings", n))
		} else if asked := len(asked); asked > 0 && asked < 3 {
			pr.add(.1, "")
		}
	}
	pr.add(-p.beside(), "")
	return Arrival{Confidence: clamp(pr.sum + .1), Why: pr.why(), Says: first}, pr.sum >= .5
}

// explained counts the matters of which sentences of the page say something.
func (p *Page) explained() int {
	var all Marks
	for i, b := range p.Blocks {
		if p.main(i) && b.Level == 0 && words(b.Text) > 4 {
			all = all.Union(p.Bare[i])
		}
	}
	return all.Count(ReturnTalk, DeliveryTalk, OrderTalk, PayWays, WarrantyTalk)
}

// sentence gives the sentence of a text that speaks of most of the concepts.
func sentence(text string, cs ...Concept) string {
	best, most := "", -1
	for _, s := range Sentences(text) {
		m := Read(s)
		n := 2 * m.Count(cs...)
		if number.MatchString(s) {
			n++
		}
		if n > most {
			best, most = s, n
		}
	}
	if r := []rune(best); len(r) > 240 {
		best = string(r[:240]) + "…"
	}
	return best
}

// Sentences divides a text.
func Sentences(text string) (list []string) {
	start := 0
	runes := []rune(text)
	for i, r := range runes {
		end := r == '。' || r == '！' || r == '？' || (r == '.' || r == '!' || r == '?') && i+1 < len(runes) && runes[i+1] == ' ' && i+2 < len(runes) && !(runes[i+2] >= 'a' && runes[i+2] <= 'z')
		if end {
			if s := strings.TrimSpace(string(runes[start : i+1])); s != "" {
				list = append(list, s)
			}
			start = i + 1
		}
	}
	if s := strings.TrimSpace(string(runes[start:])); s != "" {
		list = append(list, s)
	}
	return list
}
