package highstreet

import (
	"net/http"
	"net/mail"
	"time"

	"touchstone/internal/highstreet/side"
)

// Two shops of the side street have people behind them, so that a question by a
// form that nobody wrote a script for is answered, and a newsletter comes.

// cornerDesks are theirs: one answers half of what is asked after a receipt,
// the other all of it, once, the next day.
func cornerDesks() []*desk {
	return []*desk{
		{
			site: "papierlaube", name: "Papierlaube", domain: "papierlaube.example", mailbox: "post", languages: []string{inGerman},
			reactions: []reaction{
				{class: acknowledgement, after: time.Minute, from: "Papierlaube", sender: "post", letter: "acknowledgement", header: map[string]string{"Auto-Submitted": "auto-replied"}, promise: 24 * time.Hour},
				{class: human, topic: general, after: 3 * time.Hour, from: "Jule von der Papierlaube", sender: "post", letter: general, agent: "Jule Harms", personal: true},
			},
		},
		{
			site: "fable-socks", name: "Fable Socks", domain: "fable-socks.example", mailbox: "hello", languages: []string{inEnglish},
			reactions: []reaction{{class: human, topic: general, after: 26 * time.Hour, from: "Fable Socks", sender: "hello", letter: general, agent: "Ruth Ames", personal: true}},
		},
	}
}

// cornerMailings are their newsletters: one asks first and lets go by one press
// of a mail program's button, the other by that of a page.
var cornerMailings = map[string]mailing{
	"papierlaube": {asks: true, issues: []time.Duration{2 * time.Minute, 4 * aDay, 11 * aDay}, field: true, out: "button"},
	"fable-socks": {issues: []time.Duration{5 * time.Minute, 3 * aDay, 9 * aDay}, out: "button"},
}

// corner puts them there, where the side street is open.
func (s *Street) corner() {
	if s.Side == nil {
		return
	}
	for _, d := range cornerDesks() {
		shop := s.Side.Shop(d.site)
		if shop == nil {
			continue
		}
		l := &list{mailing: cornerMailings[d.site], office: s.office, desk: d, base: func() string { return shop.URL }, words: listEnglish, members: map[string]*member{}}
		if d.languages[0] == inGerman {
			l.words = listGerman
			l.words.Title = "Papierpost"
		}
		s.lists[d.site] = l
		pages := http.NewServeMux()
		l.serve(pages)
		s.office.desks = append(s.office.desks, d)
		shop.Staff(side.Back{
			Write: func(from mail.Address, subject, text string) {
				d.react(s.office, enquiry{from: from, to: from.Address, subject: subject, text: text, at: s.time.Now()})
			},
			Join:  l.join,
			Pages: pages,
		})
	}
}
