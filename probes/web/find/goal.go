package find

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"touchstone/internal/evidence"
)

// A Goal is what a customer comes for.
type Goal struct {
	Name    string
	About   string            // one sentence for a person
	Effects []evidence.Effect // what reaching it does to the site beyond reading
	Perhaps []evidence.Effect // what it needs at some shops, and does where that is granted
	Leads   []Lead            // what the way there is called
	Budget  int               // presses that a search may cost

	// Arrived says whether the page holds what was looked for, whatever led
	// there. Nil where only doing shows it.
	Arrived func(p *Page) (Arrival, bool)
}

// A Lead is a concept that a control on the way may bear, and how promising
// that is, from 0 to 1.
type Lead struct {
	Concept Concept
	Weight  float64
}

// An Arrival is the proof that a page holds what was looked for.
type Arrival struct {
	Confidence float64 // 0 to 1
	Why        string  // what was seen there, in words
	Says       string  // the sentence that proves it best; may be empty
	Opener     int     // what has to be pressed before it shows; 0: nothing
}

// Goals are those that need nobody's leave, in the order in which one visit
// tries them all. Doings are the others.
func Goals() []Goal {
	return slices.Clone(goals)
}

// Named gives the goal of that name.
func Named(name string) (Goal, bool) {
	for _, list := range [][]Goal{goals, doings, mailed} {
		if i := slices.IndexFunc(list, func(g Goal) bool { return g.Name == name }); i >= 0 {
			return list[i], true
		}
	}
	return Goal{}, false
}

// goals is their one list.
var goals = []Goal{
	{Name: "find-contact", About: "Finds a way to ask a person: a mail address, a form with a message field, a telephone number, a chat.", Budget: 8, Arrived: contactOf,
		Leads: []Lead{{Contact, 1}, {Help, .7}, {Imprint, .65}, {Email, .5}, {Chat, .5}, {Phone, .5}, {About, .45}, {Terms, .35}, {Privacy, .3}}},
	{Name: "find-phone", About: "Finds a telephone number, where it stands, and when it is answered.", Budget: 8, Arrived: phoneOf,
		Leads: []Lead{{Phone, 1}, {Contact, .95}, {Imprint, .75}, {Help, .65}, {About, .45}, {Terms, .35}, {Stores, .4}}},
	{Name: "find-help", About: "Finds the shop's answers to common questions.", Budget: 8, Arrived: helpOf,
		Leads: []Lead{{Help, 1}, {Contact, .5}, {Delivery, .4}, {Returns, .4}, {About, .3}}},
	{Name: "find-returns-policy", About: "Finds how goods can be sent back: until when, in what state, for what money.", Budget: 8, Arrived: returnsOf,
		Leads: []Lead{{Returns, 1}, {Delivery, .6}, {Help, .6}, {Terms, .5}, {Contact, .3}, {Imprint, .25}}},
	{Name: "find-delivery-cost", About: "Finds what delivery costs.", Budget: 8, Arrived: deliveryOf,
		Leads: []Lead{{Delivery, 1}, {DeliveryPrice, 1}, {Returns, .5}, {Help, .6}, {Terms, .45}, {Payments, .4}, {Contact, .25}}},
	{Name: "find-privacy-policy", About: "Finds what the shop does with personal data.", Budget: 8, Arrived: privacyOf,
		Leads: []Lead{{Privacy, 1}, {Imprint, .4}, {Terms, .5}, {Help, .3}, {About, .25}}},
	{Name: "search-help", About: "Finds a search in the help pages, and asks it.", Budget: 8,
		Leads: []Lead{{Help, 1}, {Contact, .3}}},
	{Name: "answer-question", About: "Looks for the answers to ten routine questions: which page, which sentence.", Budget: 10,
		Leads: []Lead{{Help, 1}, {Delivery, .9}, {Returns, .9}, {Payments, .8}, {Terms, .6}, {Contact, .7}, {WarrantyTalk, .8}, {GiftWrap, .8}}},
	{Name: "search-product", About: "Finds goods by the shop's search.", Budget: 4,
		Leads: []Lead{{Search, 1}}},
	{Name: "open-product", About: "Comes to one product's page: its price, and what puts it into the basket.", Budget: 8, Arrived: productPage,
		Leads: []Lead{{Catalogue, .7}, {Menu, .3}}},
	{Name: "choose-options", About: "Chooses what a product asks to be chosen: size, colour.", Budget: 8},
	{Name: "add-to-cart", About: "Puts a product into the basket.", Budget: 8,
		Leads: []Lead{{AddToCart, 1}}},
	{Name: "view-cart", About: "Sees what is in the basket: the goods, their number, the sum.", Budget: 6, Arrived: filledCart,
		Leads: []Lead{{Cart, 1}}},
	{Name: "start-checkout", About: "Begins to check out: as a guest or with an account, which was offered, which stood first, which was forced.", Budget: 6,
		Leads: []Lead{{Checkout, 1}}},
	{Name: "price-check", About: "Holds the prices of one product against each other: in the list, on its page, in the basket, in the checkout.", Budget: 6, Perhaps: []evidence.Effect{evidence.FillCheckout, evidence.Register}},
	{Name: "leave-and-return", About: "Goes away with a filled basket and comes back: is it still filled, and what is asked again?", Budget: 6, Perhaps: []evidence.Effect{evidence.FillCheckout, evidence.Register, evidence.LogIn}},
}

// A Candidate is a control and how promising it is for a goal.
type Candidate struct {
	Index int // in Page.Controls
	Score float64
	Why   string
}

// Rank gives the controls that a customer with this goal might press, best
// first. Only what reads is among them: links, what unfolds, tabs; nothing that
// sends a form.
func (g *Goal) Rank(p *Page) (list []Candidate) {
	for i := range p.Controls {
		if s, why := g.score(p, i); s >= floor {
			list = append(list, Candidate{i, s, why})
		}
	}
	slices.SortStableFunc(list, func(a, b Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return list
}

// floor is the score below which nobody would press.
const floor = .12

func (g *Goal) score(p *Page, i int) (score float64, why string) {
	c := &p.Controls[i]
	if !Harmless(c) || c.Area == Consent {
		return 0, ""
	}
	label, path := p.Labels[i], p.Paths[i]
	for _, l := range g.Leads {
		s := max(label[l.Concept], .8*path[l.Concept])
		if label[l.Concept] >= .5 && path[l.Concept] >= .5 {
			s = min(1, s+.1)
		}
		if s *= l.Weight; s > score {
			score, why = s, "called "+quoted(c.Name)
			if label[l.Concept] < .8*path[l.Concept] {
				why = "leads to " + last(c.Href)
			}
		}
	}
	// A page of help or terms has more of it behind its own links, whatever they are called.
	if score < .3 && g.leads(Help) && c.Area == Main && c.Item < 0 && c.Href != "" && (p.titled(Help, Terms, Imprint, Contact, Delivery, Returns) >= .5 || p.Above.Has(Help, Terms)) && below(c.Href, p.URL) {
		score, why = .3, "stands on a page of help or terms"
	}
	// Shops call their pages by names of their own: what is left in the foot, where such pages stand, is worth a look.
	if score == 0 && g.leads(Help) && g.Arrived != nil && p.nameless(i) {
		score, why = lastResort, "stands in the foot, called "+quoted(c.Name)
	}
	if score == 0 {
		return 0, ""
	}
	// What says that it is about something else is less likely.
	if !g.leads(Blog) && (p.Deep[i].Has(Blog) || label[Blog] > .6 || path[Blog] > .6) {
		score *= .35
	}
	for _, other := range []Concept{Jobs, Sustainability, GiftCard, Newsletter, Review} {
		if !g.leads(other) && label[other] >= .5 {
			score *= .5
		}
	}
	if c.Item >= 0 {
		score *= .2
	}
	if c.Hidden {
		if c.Opener == 0 {
			return 0, ""
		}
		score *= .9
	}
	switch {
	case c.Href == "" && c.Expanded == "" && c.Tag != "summary":
		score *= .85
	case c.Area == Main:
		score *= .97
	}
	return score, why
}

// lastResort is the score of what says nothing that we know: tried when nothing
// else is left, and at most a few times.
const lastResort = .21

// nameless reports whether a control is a link of the page's foot whose name and
// address say nothing that the lexicon knows.
func (p *Page) nameless(i int) bool {
	c := &p.Controls[i]
	return c.Area == Footer && strings.HasPrefix(c.Href, "http") && !c.Picture && c.Item < 0 && len([]rune(c.Name)) > 2 && p.Labels[i].best() < .4 && p.Paths[i].best() < .5
}

// below reports whether an address lies in the same part of the site as
// another: they share the first part of their paths.
func below(href, page string) bool {
	a, errA := url.Parse(href)
	b, errB := url.Parse(page)
	if errA != nil || errB != nil || a.Host != b.Host || a.Path == b.Path {
		return false
	}
	first := func(p string) string {
		f, _, _ := strings.Cut(strings.Trim(p, "/"), "/")
		return f
	}
	return first(a.Path) != "" && first(a.Path) == first(b.Path)
}

func (g *Goal) leads(c Concept) bool {
	return slices.ContainsFunc(g.Leads, func(l Lead) bool { return l.Concept == c })
}

// Harmless reports whether pressing a control can only read: it follows a
// link within the web or shows more of the page.
func Harmless(c *Control) bool {
	if c.Disabled || c.Submits {
		return false
	}
	if c.Href != "" {
		scheme, _, _ := strings.Cut(c.Href, ":")
		return scheme == "http" || scheme == "https" || scheme == "javascript"
	}
	switch c.Role {
	case "textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "switch", "spinbutton", "slider", "option":
		return false
	}
	return c.Tag != "input" && c.Tag != "select" && c.Tag != "textarea" && c.Tag != "label"
}

func quoted(s string) string { return "“" + s + "”" }

func last(href string) string {
	if i := strings.IndexAny(href, "?#"); i > 0 {
		href = href[:i]
	}
	href = strings.TrimRight(href, "/")
	return href[strings.LastIndexByte(href, '/')+1:]
}
