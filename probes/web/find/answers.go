package find

import (
	"slices"
	"strings"
)

// A Question is one of the ten that shops are asked every day.
type Question struct {
	Name  string
	About string
	Leads []Concept // what pages are called that should know
	fits  func(p *Page, i int, m Marks, text string) bool
}

// Questions are the ten, in the order of asking. m are the concepts of a block,
// and of the question right above it.
func Questions() []Question { return questions }

var questions = []Question{
	{"delivery-time", "How long does delivery take?", []Concept{Delivery}, func(_ *Page, _ int, m Marks, text string) bool {
		return m.Has(DeliveryTalk) && m.Has(PeriodTalk, BusinessDays) && number.MatchString(text) && !m.Has(ReturnTalk)
	}},
	{"delivery-cost", "What does delivery cost?", []Concept{Delivery, DeliveryPrice}, func(_ *Page, _ int, m Marks, text string) bool {
		priced := len(Prices(text))
		return m.Has(DeliveryTalk, DeliveryPrice) && !m.Has(ReturnCost, LaterTalk) && (priced > 1 || priced == 1 && !(m.Has(OverTalk) && m.Has(FreeTalk)) || priced == 0 && m.Has(FreeTalk) && m.Has(DeliveryPrice))
	}},
	{"countries", "Which countries are delivered to?", []Concept{Delivery}, func(_ *Page, _ int, m Marks, _ string) bool { return m.Has(DeliveryTalk) && m.Has(AbroadTalk) }},
	{"returns-period", "How long may goods be returned?", []Concept{Returns}, func(_ *Page, _ int, m Marks, text string) bool {
		return m.Has(ReturnTalk) && m.Has(PeriodTalk) && number.MatchString(text)
	}},
	{"return-postage", "Who pays for sending goods back?", []Concept{Returns}, func(_ *Page, _ int, m Marks, text string) bool {
		return m.Has(ReturnCost) && m.Has(ReturnTalk, FreeTalk, CostTalk) || returnsFree(text)
	}},
	{"payment-methods", "How can one pay?", []Concept{Payments}, func(_ *Page, _ int, m Marks, text string) bool {
		return m.Has(PayWays) && (m.Has(Payments) || count(text, PayWays) >= 2)
	}},
	{"warranty", "What warranty is there?", []Concept{WarrantyTalk}, func(_ *Page, _ int, m Marks, text string) bool {
		return m.Has(WarrantyTalk) && m.Has(YearTalk) && (number.MatchString(text) || strings.Contains(Fold(text), "lifetime"))
	}},
	{"phone-hours", "When is the telephone answered?", []Concept{Contact, Phone}, func(p *Page, i int, m Marks, text string) bool {
		return m.Has(WeekdayTalk) && clockTime.MatchString(text) && (m.Has(Phone, HoursTalk, PersonTalk) || p.near(i, 2, Phone))
	}},
	{"order-change", "Can an order be changed or cancelled?", []Concept{Help, Terms}, func(_ *Page, _ int, m Marks, _ string) bool { return m.Has(ChangeOrder) }},
	{"gift-wrap", "Is there gift wrapping?", []Concept{GiftWrap}, func(_ *Page, _ int, m Marks, _ string) bool { return m.Has(GiftWrap) }},
}

// An Answer is a sentence that answers one of the ten.
type Answer struct {
	Question string `json:"question"`
	URL      string `json:"url"`
	Says     string `json:"sentence"`
	weight   float64
}

// Answers reads what a page answers, the best sentence for each question.
func Answers(p *Page) map[string]Answer {
	out := map[string]Answer{}
	_, off := ReadPath(p.Path())
	article := off.Has(Blog) || p.Own[Blog] > .6
	if article {
		return out
	}
	for _, q := range questions {
		titled := p.titled(q.Leads...)
		for i, b := range p.Blocks {
			if b.Area == Consent || b.Area == Nav || b.Struck || question.MatchString(b.Text) || words(b.Text) < 3 && p.Bare[i] == p.Said[i] {
				continue
			}
			m := p.Said[i]
			if i > 0 && (question.MatchString(p.Blocks[i-1].Text) || p.Blocks[i-1].Level > 0) && len(p.Blocks[i-1].Text) < 200 {
				m = m.Union(p.Said[i-1])
			}
			if !q.fits(p, i, m, b.Text) {
				continue
			}
			w := .5 + .4*titled
			if p.main(i) {
				w += .2
			}
			if len(b.Text) > 600 {
				w -= .1
			}
			if known, again := out[q.Name]; again && known.weight >= w {
				continue
			}
			out[q.Name] = Answer{q.Name, p.URL, sentenceFor(q, b.Text), w}
		}
	}
	return out
}

// Better reports whether an answer is surer than another one.
func (a Answer) Better(than Answer) bool { return a.weight > than.weight }

// returnsFree reports whether one sentence says that sending back is free.
func returnsFree(text string) bool {
	return slices.ContainsFunc(Sentences(text), func(s string) bool {
		m := Read(s)
		return m.Has(ReturnTalk) && m.Has(FreeTalk) && words(s) < 14
	})
}

func sentenceFor(q Question, text string) string {
	cs := map[string][]Concept{
		"delivery-time": {DeliveryTalk, PeriodTalk, BusinessDays}, "delivery-cost": {DeliveryTalk, DeliveryPrice, CostTalk}, "countries": {DeliveryTalk, AbroadTalk},
		"returns-period": {ReturnTalk, PeriodTalk}, "return-postage": {ReturnCost}, "payment-methods": {PayWays, Payments}, "warranty": {WarrantyTalk, YearTalk},
		"phone-hours": {WeekdayTalk, HoursTalk}, "order-change": {ChangeOrder}, "gift-wrap": {GiftWrap},
	}[q.Name]
	return sentence(text, cs...)
}

// count gives how many different phrases of a concept stand in a text.
func count(text string, c Concept) int {
	seen := map[string]bool{}
	theLexicon().each(strings.Fields(Fold(text)), func(p *phrase, _ int) {
		if p.concept == c {
			seen[strings.Join(p.words, " ")] = true
		}
	})
	return len(seen)
}
