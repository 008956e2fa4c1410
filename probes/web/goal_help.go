package web

import (
	"context"
	"fmt"
	"strings"

	"touchstone/probes/web/find"
)

// answer looks for the answers to the ten questions in what was seen and, for
// those that are open, on the pages that should know.
func (k *seeker) answer(ctx context.Context) Finding {
	known := map[string]find.Answer{}
	read := map[*find.Page]bool{}
	take := func() {
		for _, pl := range k.places {
			if read[pl.page] {
				continue
			}
			read[pl.page] = true
			for q, a := range find.Answers(pl.page) {
				if old, again := known[q]; !again || a.Better(old) {
					known[q] = a
				}
			}
		}
	}
	take()
	for len(known) < len(find.Questions()) && k.presses < 4 && ctx.Err() == nil {
		pl, c := k.next()
		if pl == nil || c.Score < .45 {
			break
		}
		before := len(known)
		if _, err := k.follow(ctx, pl, c); err != nil {
			if end := k.fatal(ctx, err); end != nil {
				return *end
			}
		}
		take()
		if len(known) == before {
			k.presses++
		}
	}
	var list []find.Answer
	var open []string
	for _, q := range find.Questions() {
		if a, ok := known[q.Name]; ok {
			a.URL = k.v.mask.hide(clean(a.URL))
			list = append(list, a)
		} else {
			open = append(open, q.Name)
		}
	}
	if len(list) == 0 {
		return k.absent(false)
	}
	at, most := k.places[0], 0
	for _, pl := range k.places {
		n := 0
		for _, a := range list {
			if clean(pl.page.URL) == a.URL {
				n++
			}
		}
		if n > most {
			at, most = pl, n
		}
	}
	why := fmt.Sprintf("%d of %d questions are answered", len(list), len(find.Questions()))
	if len(open) > 0 {
		why += "; not: " + strings.Join(open, ", ")
	}
	f := k.reached(at, find.Arrival{Confidence: min(.95, .5+.05*float64(len(list))), Why: why, Says: list[0].Says})
	f.Evidence.Answers = list
	return f
}

// searchHelp asks the help pages' own search for what customers ask most.
func (k *seeker) searchHelp(ctx context.Context) Finding {
	help, _ := find.Named("find-help")
	var pages []*place
	for _, pl := range k.places {
		if _, ok := help.Arrived(pl.page); ok {
			pages = append(pages, pl)
		}
	}
	for _, pl := range pages {
		for _, b := range pl.page.SearchBoxes() {
			if b.Hidden || !ofHelp(pl.page, b) || k.ofGoods(pl.page, b) {
				continue
			}
			for _, term := range find.HelpTerms(k.language()) {
				at, box, err := k.helpBox(ctx, pl)
				if err != nil {
					return k.unable(ctx, err)
				}
				if box == nil {
					break
				}
				to, err := k.ask(ctx, at, *box, term)
				if err != nil {
					return k.unable(ctx, err)
				}
				says := find.HelpFound(to.page, term)
				if says == "" {
					k.presses++
					continue
				}
				f := k.reached(to, find.Arrival{Confidence: .85, Why: fmt.Sprintf("the help pages' search answers %q", term), Says: says})
				f.Evidence.Facts = map[string]string{"query": term}
				if to == at {
					f.Clicks++
				}
				return f
			}
		}
	}
	f := k.absent(false)
	if len(pages) == 0 {
		f.Evidence.Why = "no help pages were found that could be searched"
	} else {
		f.Evidence.Why = "the help pages have no search of their own"
		f.Confidence = max(f.Confidence, .8)
	}
	return f
}

// helpBox comes to a page of help, and gives the search that it has of its own.
func (k *seeker) helpBox(ctx context.Context, pl *place) (*place, *find.SearchBox, error) {
	at, err := k.back(ctx, pl)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range at.page.SearchBoxes() {
		if !b.Hidden && ofHelp(at.page, b) && !k.ofGoods(at.page, b) {
			return at, &b, nil
		}
	}
	return at, nil, nil
}

// ofGoods reports whether a search box sends where the start page's own does:
// that one searches the shop.
func (k *seeker) ofGoods(p *find.Page, b find.SearchBox) bool {
	action := func(p *find.Page, b find.SearchBox) string {
		if c := p.Control(b.Input); c != nil && c.Form >= 0 && c.Form < len(p.Forms) {
			return keyOf(p.Forms[c.Form].Action)
		}
		return ""
	}
	own := action(p, b)
	if own == "" || own == keyOf(p.URL) {
		return false
	}
	first := k.places[0].page
	for _, other := range first.SearchBoxes() {
		if action(first, other) == own {
			return true
		}
	}
	return false
}

// ofHelp reports whether a search box searches the help rather than the goods.
func ofHelp(p *find.Page, b find.SearchBox) bool {
	c := p.Control(b.Input)
	if c == nil {
		return false
	}
	m := find.Read(c.Name + " " + c.Hint)
	if m.Has(find.Help, find.MessageTalk) {
		return true
	}
	return c.Area == find.Main && !m.Has(find.Catalogue)
}

// phoneFacts say how prominently a telephone number stands (3 in the start
// page's header area, 2 elsewhere on it, 1 on a page next to it, 0 further
// away), when it is answered and what a call costs.
func (k *seeker) phoneFacts() map[string]string {
	facts, prominence := map[string]string{}, 0
	for _, pl := range k.places {
		for _, n := range pl.page.Phones() {
			switch {
			case pl.depth == 0 && n.Area == find.Header:
				prominence = 3
			case pl.depth == 0:
				prominence = max(prominence, 2)
			case pl.depth == 1:
				prominence = max(prominence, 1)
			}
			for name, said := range map[string]string{"hours": n.Hours, "cost": n.Cost} {
				if said != "" && facts[name] == "" {
					facts[name] = k.v.mask.hide(said)
				}
			}
			if facts["number"] == "" {
				facts["number"] = n.Number
			}
		}
	}
	facts["prominence"] = fmt.Sprint(prominence)
	return facts
}

// shop gives what was learnt of the shop: its name from what it tells programs
// or its start page's title, and the first ways to ask it.
func (k *seeker) shop() (s Shop) {
	for _, pl := range k.places {
		if s.Name == "" {
			s.Name = pl.page.Data.SiteName
		}
		if s.Language == "" {
			s.Language = pl.page.Language
		}
		if s.Email == "" {
			for _, w := range pl.page.Ways() {
				if w.Kind == "e-mail" && w.Sure > .5 {
					s.Email = w.What
					break
				}
			}
		}
		if list := pl.page.Phones(); s.Phone == "" && len(list) > 0 {
			s.Phone = list[0].Number
		}
	}
	if s.Name == "" && len(k.places) > 0 {
		// "Kettle & Leaf: teapots and tea", "Home - Quillworks"
		title := k.places[0].page.Title
		parts := strings.FieldsFunc(strings.NewReplacer(" – ", "|", " - ", "|", " — ", "|", ": ", "|", " · ", "|", "｜", "|").Replace(title), func(r rune) bool { return r == '|' })
		for _, part := range parts {
			part = strings.TrimSpace(part)
			if r := find.ReadLabel(part); part != "" && r[find.Catalogue] < .9 && (s.Name == "" || len(part) < len(s.Name)) {
				s.Name = part
			}
		}
	}
	return s
}
