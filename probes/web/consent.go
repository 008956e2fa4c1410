package web

import (
	"context"
	"regexp"
	"strings"
	"time"

	"touchstone/probes/web/driver"
)

// What a visit does with a banner that asks for leave to set cookies.
const (
	refuse = "refuse" // the default: what the shop does not need is kept out
	accept = "accept"
	leave  = "leave" // as a customer who overlooks it
)

// A consent is what became of the banner of a visit.
type consent struct {
	policy    string
	seen      bool
	refusable bool // without more clicks than accepting takes
	done      bool // there is nothing more to be done about it
	clicks    int
}

// A banner is an overlay that asks for leave to set cookies. Each of its
// controls may be missing.
type banner struct {
	driver.Overlay
	refuse, accept, choose, save, close *driver.Handle
	optional                            []driver.Handle // ticked boxes that can be unticked
}

// Marks in ids and classes: of the containers of consent platforms and shops,
// and of their buttons, where the words are of no known language.
var (
	consentMark  = regexp.MustCompile(`(?i)onetrust|cookiebot|usercentrics|didomi|qc-cmp|truste|trustarc|sp_message|sourcepoint|cmplz|klaro|cky-|cookieyes|borlabs|pc__banner|shopify-pc|termly|iubenda|osano|axeptio|tarteaucitron|cmpbox|consentmanager|cookie[-_]?(banner|bar|consent|notice|law|popup|modal|overlay|dialog|message|permission|info|policy|wall|alert|hint|disclaimer|container)|consent[-_]?(banner|bar|modal|popup|dialog|manager|layer)|gdpr|cc-window|cc-banner|ccm-|avis-cookies|rgpd`)
	refusingMark = regexp.MustCompile(`(?i)reject|refuse|decline|deny|disagree|dismiss-all|ablehn|only[-_]?(necessary|essential|required)|(necessary|essential|required)[-_]?only|save[-_]?necessary`)
	acceptMark   = regexp.MustCompile(`(?i)accept|agree|allow|akzept|zustimm|consent[-_]?(ok|yes|give|all)|opt-?in`)
	choosingMark = regexp.MustCompile(`(?i)setting|preference|customi[sz]e|manage|configure|pc-btn|more-?options`)
	closingMark  = regexp.MustCompile(`(?i)(^|[\s_-])(close|dismiss|btn-close)([\s_=-]|$)|close[-_]?(btn|button|icon|modal|popup|x)|(btn|button|icon|modal|popup|dialog|drawer)[-_]{0,2}close|data-(bs-)?dismiss|needsclick close`)
	crossSign    = regexp.MustCompile(`^[×✕✖✗⨯╳xX]$`)
)

// says reports whether one of the phrases stands in a text: as whole words, or
// in scripts without spaces between words anywhere.
func (p phrases) says(text string) bool {
	plain := pad(text)
	if p.in(plain) {
		return true
	}
	for _, language := range []string{"ja", "zh"} {
		for _, phrase := range p[language] {
			if strings.Contains(plain, folded(phrase)) {
				return true
			}
		}
	}
	return false
}

// bannerOf recognises a banner by what it says and is. A box that wants an
// address typed is none, whatever it says of cookies in its small print.
func bannerOf(o driver.Overlay) (banner, bool) {
	b := banner{Overlay: o}
	marked, boxes := consentMark.MatchString(o.Marks), false
	if !marked && (o.Fields > 0 || !cookieTalk.says(o.Text)) {
		return b, false
	}
	for i := range o.Controls {
		h := &o.Controls[i]
		first := func(to **driver.Handle) {
			if *to == nil {
				*to = h
			}
		}
		boxes = boxes || h.Box
		switch {
		case h.Disabled || h.Role == "tab":
		case h.Box:
			if h.Ticked {
				b.optional = append(b.optional, *h)
			}
		case len([]rune(h.Name)) > 60 || h.Link != "": // prose, and pages about it
		case refusing.says(h.Name):
			first(&b.refuse)
		case saving.says(h.Name):
			first(&b.save)
		case choosing.says(h.Name):
			first(&b.choose)
		case crossSign.MatchString(strings.TrimSpace(h.Name)) || closing.says(h.Name):
			first(&b.close)
		case accepting.says(h.Name):
			first(&b.accept)
		case refusingMark.MatchString(h.Hint):
			first(&b.refuse)
		case acceptMark.MatchString(h.Hint):
			first(&b.accept)
		case choosingMark.MatchString(h.Hint):
			first(&b.choose)
		case closingMark.MatchString(h.Hint):
			first(&b.close)
		}
	}
	return b, b.refuse != nil || b.accept != nil || (marked || boxes) && b.save != nil || marked && b.choose != nil && b.close != nil
}

// bannerIn finds the banner among what floats above a page.
func bannerIn(list []driver.Overlay) (banner, bool) {
	for _, o := range list {
		if b, ok := bannerOf(o); ok {
			return b, true
		}
	}
	return banner{}, false
}

// meet deals with a banner where one shows, as a customer does before going
// on: once in a visit. The looking is ours, the clicks are the customer's.
func (v *visit) meet(ctx context.Context, p *driver.Page) error {
	if v.consent.done {
		return nil
	}
	b, ok := v.bannerOn(ctx, p)
	if !ok {
		return nil
	}
	return v.answer(ctx, p, b)
}

// bannerOn looks for a banner, and notes what it offers when first seen.
func (v *visit) bannerOn(ctx context.Context, p *driver.Page) (banner, bool) {
	begun := time.Now()
	defer func() { v.looked += time.Since(begun) }()
	list, err := p.Overlays(ctx)
	if err != nil {
		return banner{}, false // a page that cannot be read now shows none
	}
	b, ok := bannerIn(list)
	if ok && !v.consent.seen {
		v.consent.seen, v.consent.refusable = true, b.refuse != nil
	}
	return b, ok
}

// secondLayer is how long the choices behind a banner's settings may take to
// show.
const secondLayer = 2 * time.Second

// answer refuses or accepts a banner. One that offers no refusal is closed
// where it can be, left where it is not in the way, and accepted where nothing
// else is left to a customer.
func (v *visit) answer(ctx context.Context, p *driver.Page, b banner) error {
	c := &v.consent
	c.done = true
	wall := b.Modal || b.Cover > .4
	switch {
	case c.policy == leave:
		return nil
	case c.policy == accept && b.accept != nil:
		return v.consents(ctx, p, b, b.accept)
	case b.refuse != nil:
		return v.consents(ctx, p, b, b.refuse)
	case b.save != nil && b.accept == nil:
		return v.refuseEach(ctx, p, b)
	case b.choose != nil:
		if err := v.consents(ctx, p, b, b.choose); err != nil {
			return err
		}
		inner, ok := v.layerAfter(ctx, p, b)
		if ok && inner.refuse != nil {
			return v.consents(ctx, p, inner, inner.refuse)
		}
		if ok && inner.save != nil {
			return v.refuseEach(ctx, p, inner)
		}
		return nil
	case b.close != nil:
		return v.consents(ctx, p, b, b.close)
	case wall && b.accept != nil:
		return v.consents(ctx, p, b, b.accept)
	}
	return nil
}

// layerAfter waits for what the settings of a banner show.
func (v *visit) layerAfter(ctx context.Context, p *driver.Page, b banner) (banner, bool) {
	for end := time.Now().Add(secondLayer); time.Now().Before(end) && ctx.Err() == nil; {
		if inner, ok := v.bannerOn(ctx, p); ok && (inner.refuse != nil || inner.save != nil) && inner.Text != b.Text {
			return inner, true
		}
		p.Quiet(ctx, 200*time.Millisecond)
	}
	return banner{}, false
}

// boxesMost bounds how many boxes are unticked: nobody has more patience.
const boxesMost = 10

// refuseEach unticks what can be unticked, and saves.
func (v *visit) refuseEach(ctx context.Context, p *driver.Page, b banner) error {
	for i := range b.optional[:min(len(b.optional), boxesMost)] {
		if err := v.consents(ctx, p, b, &b.optional[i]); err != nil {
			return err
		}
	}
	return v.consents(ctx, p, b, b.save)
}

// consents clicks a control of the banner. One that cannot be clicked is let
// be: it may have gone by itself.
func (v *visit) consents(ctx context.Context, p *driver.Page, b banner, h *driver.Handle) error {
	clicked, err := p.Uncover(ctx, func([]driver.Overlay) (driver.Locator, bool) { return b.Locator(*h), true }, v.guard)
	if clicked {
		v.consent.clicks++
		v.clicks++
		v.effort.click()
	}
	if err != nil && p.Alive() == nil && context.Cause(ctx) == nil {
		return nil
	}
	return err
}

// closerOf chooses the control that puts away what floats above a page: of the
// box that is most in the way, and never one that leads elsewhere. Banners about
// cookies have their own answer.
func closerOf(list []driver.Overlay) (driver.Locator, bool) {
	var (
		best  driver.Locator
		most  float64
		found bool
	)
	for _, o := range list {
		if _, asks := bannerOf(o); asks {
			continue
		}
		weight := o.Cover
		if o.Modal {
			weight++
		}
		for _, h := range o.Controls {
			named := crossSign.MatchString(strings.TrimSpace(h.Name)) || len(strings.Fields(h.Name)) <= 5 && len([]rune(h.Name)) <= 40 && closing.says(h.Name)
			drawn := h.Name == "" && h.Corner && !o.Menu || closingMark.MatchString(h.Hint) && len([]rune(h.Name)) <= 20
			if h.Disabled || h.Box || h.Link != "" || !named && !drawn {
				continue
			}
			if !found || weight > most {
				best, most, found = o.Locator(h), weight, true
			}
			break
		}
	}
	return best, found
}

// uncover puts away what covers a wanted control: the banner, which the policy
// answers, or another box, by its own control for that. It reports whether
// anything was pressed.
func (v *visit) uncover(ctx context.Context, p *driver.Page) bool {
	if b, ok := v.bannerOn(ctx, p); ok && v.consent.policy != leave {
		before := v.consent.clicks
		if v.answer(ctx, p, b) != nil {
			return false
		}
		if v.consent.clicks == before && b.accept != nil { // it is in the way
			if v.consents(ctx, p, b, b.accept) != nil {
				return false
			}
		}
		if v.consent.clicks > before {
			return true
		}
	}
	closed, err := p.Uncover(ctx, closerOf, func(c driver.Control) error {
		if c.Submits && c.Method == "POST" {
			return refused("%q would send a form", c.Name())
		}
		return v.guard(c)
	})
	if !closed || err != nil {
		return false
	}
	v.closed++
	v.clicks++
	v.effort.click()
	return true
}

// consented records what the banner took, and what else was in the way.
func (v *visit) consented() {
	v.rec.Number("web.overlays-closed", float64(v.closed))
	v.rec.Number("web.downloads", float64(v.tab.Downloads()))
	if !v.consent.seen {
		return
	}
	v.rec.Flag("web.consent-refusable", v.consent.refusable)
	if v.consent.policy != leave {
		v.rec.Number("web.consent-clicks", float64(v.consent.clicks))
	}
}
