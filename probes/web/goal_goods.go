package web

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"touchstone/internal/evidence"
	"touchstone/probes/web/find"
)

// An errand is what a seeker knows of the goods and the basket.
type errand struct {
	results *place       // of the search, or a list of goods
	item    find.Item    // that was opened from a list
	product find.Product // that is, or was, in front
	at      *place       // its page
	added   bool         // it lies in the basket
	basket  *place       // where the basket was seen
	cart    find.Basket
	failed  map[string]bool // products that could not be put into it
	chosen  string          // what was chosen of its options, in words
	prices  prices
	door    *place         // where the checkout begins
	given   []find.Purpose // what was typed into the checkout
	returns map[comeback]welcome
	barred  map[comeback]string // why a way of coming again could not be gone
	choices []Step              // and how

	// The way by which it came into the basket: what comes after begins there.
	way   []Step
	words []string
	depth int
}

// mostProducts is how many products are tried where the first ones fail.
const mostProducts = 4

// searchProduct types a word that the shop's goods bear into its search.
func (k *seeker) searchProduct(ctx context.Context) Finding {
	term := k.v.query
	if term == "" {
		term = k.term(ctx)
	}
	from, box, err := k.searchBox(ctx, func(b find.SearchBox) bool { return true })
	if err != nil || box == nil {
		if err != nil {
			if end := k.fatal(ctx, err); end != nil {
				return *end
			}
		}
		return k.absent(false)
	}
	if term == "" {
		term = "a"
	}
	to, err := k.ask(ctx, from, *box, term)
	if err != nil {
		if end := k.fatal(ctx, err); end != nil {
			return *end
		}
		f := k.absent(true)
		f.Evidence.Why = "the search could not be used: " + plainly(err)
		return f
	}
	found := find.FoundOn(to.page, term)
	pr, one := find.ProductOf(to.page)
	a := find.Arrival{Says: found.Says}
	switch {
	case found.Named > 0:
		a.Confidence, a.Why = .95, fmt.Sprintf("%d results for %q, %d name it", found.Items, term, found.Named)
		k.shops.results = to
	case one && to != from:
		a.Confidence, a.Why, a.Says = .85, fmt.Sprintf("the search for %q led to one product", term), pr.Name
	case found.None:
		a.Confidence, a.Why = .7, fmt.Sprintf("the search answers that there is nothing for %q", term)
	case found.Items > 0 && to != from:
		a.Confidence, a.Why = .65, fmt.Sprintf("%d results for %q", found.Items, term)
		k.shops.results = to
	default:
		f := k.absent(false)
		f.Evidence.Why = fmt.Sprintf("the search for %q showed neither goods nor that there are none", term)
		return f
	}
	f := k.reached(to, a)
	f.Evidence.Facts = map[string]string{"query": term, "results": fmt.Sprint(found.Items)}
	return f
}

// term is a word that the shop's goods bear: from what was seen of them.
func (k *seeker) term(ctx context.Context) string {
	if t := find.Term(k.items()); t != "" {
		return t
	}
	if pl := k.list(ctx); pl != nil {
		return find.Term(pl.page.Items)
	}
	return ""
}

func (k *seeker) items() (list []find.Item) {
	for _, pl := range k.places {
		for _, it := range pl.page.Items {
			if it.Area == find.Main && it.Price != "" {
				list = append(list, it)
			}
		}
	}
	return list
}

// searchBox comes to a search box that can be seen, opening what hides it.
func (k *seeker) searchBox(ctx context.Context, fits func(find.SearchBox) bool) (*place, *find.SearchBox, error) {
	if k.stale {
		if _, err := k.look(ctx, nil, ""); err != nil {
			return nil, nil, err
		}
	}
	shown := func(pl *place) *find.SearchBox {
		for _, b := range pl.page.SearchBoxes() {
			if !b.Hidden && fits(b) {
				return &b
			}
		}
		return nil
	}
	if b := shown(k.here); b != nil {
		return k.here, b, nil
	}
	for _, pl := range slices.Clone(k.places) {
		if shown(pl) != nil {
			at, err := k.back(ctx, pl)
			if err != nil {
				return nil, nil, err
			}
			if b := shown(at); b != nil {
				return at, b, nil
			}
		}
	}
	// Behind what unfolds it.
	for _, b := range k.here.page.SearchBoxes() {
		c := k.here.page.Control(b.Input)
		if c == nil || c.Opener == 0 || !fits(b) {
			continue
		}
		err := k.do(ctx, Step{Click: &Locator{Ref: c.Opener, Role: "button", Name: c.Name}})
		if at, lookErr := k.look(ctx, nil, ""); err == nil && lookErr == nil {
			if now := shown(at); now != nil {
				return at, now, nil
			}
		}
		break
	}
	// Behind an icon, or on a page of its own.
	g, _ := find.Named("search-product")
	for try := 0; try < 3; try++ {
		pl := k.here
		var best *find.Control
		for _, c := range g.Rank(pl.page) {
			ctl := &pl.page.Controls[c.Index]
			if c.Score < .4 || ctl.Hidden || k.tried[identity(pl, ctl)] || ctl.Href != "" && !k.v.bounds.holds(ctl.Href) {
				continue
			}
			k.tried[identity(pl, ctl)] = true
			best = ctl
			break
		}
		if best == nil {
			if pl == k.places[0] {
				break
			}
			if _, err := k.back(ctx, k.places[0]); err != nil {
				return nil, nil, err
			}
			continue
		}
		to, err := k.click(ctx, pl, best)
		if err != nil {
			k.presses++
			continue
		}
		if b := shown(to); b != nil {
			return to, b, nil
		}
		k.presses++
	}
	return nil, nil, nil
}

// ask types a term into a search and sends it; the place is what came.
func (k *seeker) ask(ctx context.Context, from *place, box find.SearchBox, term string) (*place, error) {
	field := from.page.Control(box.Input)
	l := Locator{Ref: box.Input, Role: "searchbox"}
	if field != nil {
		l.Role, l.Name = field.Role, field.Name
	}
	if err := k.do(ctx, Step{Fill: &Fill{Locator: l, Value: term}}); err != nil {
		k.stale = true
		return nil, err
	}
	p := k.v.tab.Page()
	before := p.Document()
	if err := k.do(ctx, Step{Press: "Enter"}); err != nil {
		k.stale = true
		return nil, err
	}
	to, err := k.look(ctx, nil, "")
	if err != nil {
		return nil, err
	}
	if now := k.v.tab.Page(); now != nil && now == p && now.Document().View == before.View && box.Button != 0 && find.FoundOn(to.page, term).Named == 0 {
		if c := to.page.Control(box.Button); c != nil && !c.Hidden {
			if err := k.do(ctx, Step{Click: &Locator{Ref: c.Ref, Role: c.Role, Name: c.Name}}); err == nil {
				if again, err := k.look(ctx, nil, ""); err == nil {
					to = again
				}
			}
		}
	}
	k.opened++
	where, ok := p.Where(ctx, box.Input)
	if !ok && field != nil {
		where, _ = locatorOf(from.page, field)
	}
	// Where the start page has the same search, one begins there.
	if first := k.places[0]; from != first {
		for _, b := range first.page.SearchBoxes() {
			if c := first.page.Control(b.Input); c != nil && !b.Hidden && b.Area == box.Area && field != nil && c.Name == field.Name {
				from = first
			}
		}
	}
	if to != from && (to.depth < 0 || from.depth+1 <= to.depth || to.key != keyOf(to.page.URL)) {
		to.depth = from.depth + 1
		to.way = append(slices.Clone(from.way), Step{Fill: &Fill{Locator: where, Value: term}}, Step{Press: "Enter"})
		to.words = append(slices.Clone(from.words), fmt.Sprintf("search for %q", term))
	}
	return to, nil
}

// list comes to a page that lists goods.
func (k *seeker) list(ctx context.Context) *place {
	goods := func(pl *place) int {
		n := 0
		for _, it := range pl.page.Items {
			if it.Area == find.Main && it.Price != "" && it.Href != "" {
				n++
			}
		}
		return n
	}
	var best *place
	for _, pl := range k.places {
		if n := goods(pl); n > 1 && pl.depth >= 0 && (best == nil || pl.depth < best.depth || pl.depth == best.depth && n > goods(best)) {
			best = pl
		}
	}
	if best != nil {
		return best
	}
	for try := 0; try < 4 && ctx.Err() == nil; try++ {
		pl, c := k.category()
		if pl == nil {
			break
		}
		to, err := k.follow(ctx, pl, c)
		if err != nil || to == nil {
			k.presses++
			continue
		}
		if goods(to) > 0 {
			return to
		}
	}
	for _, pl := range k.places {
		if goods(pl) > 0 {
			return pl
		}
	}
	return nil
}

// category gives the control that most likely leads to a list of goods: one
// that says so, or one of the shop's navigation that says nothing else.
func (k *seeker) category() (*place, find.Candidate) {
	g, _ := find.Named("open-product")
	var at *place
	var best find.Candidate
	for _, pl := range k.places {
		scores := map[int]float64{}
		for _, r := range pl.to(&g).ranked {
			scores[r.Index] = r.Score
		}
		for i := range pl.page.Controls {
			c := &pl.page.Controls[i]
			if !find.Harmless(c) || c.Area == find.Footer || c.Area == find.Consent || k.tried[identity(pl, c)] || c.Href == "" && c.Opener == 0 {
				continue
			}
			if strings.HasPrefix(c.Href, "http") && (!k.v.bounds.holds(c.Href) || k.place(keyOf(c.Href)) != nil) || c.Hidden && c.Opener == 0 {
				continue
			}
			s := scores[i]
			l, path := pl.page.Labels[i], pl.page.Paths[i]
			informs := false
			for _, other := range []find.Concept{find.Contact, find.Help, find.Returns, find.Delivery, find.Privacy, find.Imprint, find.Terms, find.Account, find.LogIn, find.Register, find.OrderStatus, find.Cart, find.Checkout, find.Blog, find.Jobs, find.About, find.Newsletter, find.GiftCard, find.Stores, find.Wishlist, find.Search} {
				informs = informs || l[other] >= .5 || path[other] >= .6
			}
			if informs {
				continue
			}
			switch c.Area {
			case find.Nav:
				s = max(s, .5)
			case find.Header:
				s = max(s, .4)
			case find.Main:
				if c.Picture {
					s = max(s, .3)
				}
			}
			if c.Hidden {
				s *= .8
			}
			if c.Href == "" || keyOf(c.Href) == k.places[0].key {
				s *= .2
			}
			if s > best.Score {
				at, best = pl, find.Candidate{Index: i, Score: s, Why: "may lead to goods"}
			}
		}
	}
	return at, best
}

// openProduct comes to the page of one product that can be bought.
func (k *seeker) openProduct(ctx context.Context) Finding {
	to, a, ok := k.product(ctx)
	if !ok {
		if end := k.fatal(ctx, ctx.Err()); end != nil && ctx.Err() != nil {
			return *end
		}
		return k.absent(false)
	}
	f := k.reached(to, a)
	f.Evidence.Facts = map[string]string{"product": k.shops.product.Name, "price": k.shops.product.Price.Text}
	if k.shops.product.InStock {
		f.Evidence.Facts["stock"] = "said to be in stock"
	} else if k.shops.product.Sold {
		f.Evidence.Facts["stock"] = "said to be sold out"
	}
	return f
}

// product opens products, the cheap and available ones first, until one can be
// bought.
func (k *seeker) product(ctx context.Context) (*place, find.Arrival, bool) {
	if k.shops.failed == nil {
		k.shops.failed = map[string]bool{}
	}
	for _, pl := range k.places {
		if a, ok := k.buyable(pl); ok {
			k.take(pl, find.Item{})
			return pl, a, true
		}
	}
	list := k.list(ctx)
	if list == nil {
		return nil, find.Arrival{}, false
	}
	tries := 0
	for _, it := range inOrder(list.page) {
		if tries >= mostProducts || ctx.Err() != nil {
			break
		}
		ctl := list.page.Control(it.Ref)
		if ctl == nil || k.shops.failed[keyOf(it.Href)] {
			continue
		}
		tries++
		to, err := k.press(ctx, list, ctl)
		if err != nil || to == nil {
			k.presses++
			k.shops.failed[keyOf(it.Href)] = true
			continue
		}
		if a, ok := k.buyable(to); ok {
			k.take(to, it)
			return to, a, true
		}
		k.presses++
		k.shops.failed[keyOf(it.Href)] = true
	}
	return nil, find.Arrival{}, false
}

func (k *seeker) buyable(pl *place) (find.Arrival, bool) {
	g, _ := find.Named("open-product")
	n := pl.to(&g)
	a := n.arrival
	if !n.proven || k.shops.failed[pl.key] {
		return a, false
	}
	pr, _ := find.ProductOf(pl.page)
	add := pl.page.Control(pr.Add)
	if add != nil && add.Disabled && pr.Sold {
		choice, _ := find.Choice(pl.page, map[string]bool{})
		return a, choice != nil // another choice may be in stock
	}
	return a, add != nil
}

func (k *seeker) take(pl *place, it find.Item) {
	k.shops.at = pl
	k.shops.product, _ = find.ProductOf(pl.page)
	if it.Href == "" {
		for _, other := range k.places {
			for _, i := range other.page.Items {
				if keyOf(i.Href) == pl.key && i.Price != "" {
					it = i
				}
			}
		}
	}
	k.shops.item = it
	k.priced(pl)
}

// inOrder puts the goods of a list in the order in which they are tried: what
// is not said to be sold out, the cheap before the dear, gift cards last.
func inOrder(p *find.Page) []find.Item {
	var list []find.Item
	seen := map[string]bool{}
	for _, it := range p.Items {
		if (it.Area == find.Main || it.Area == find.Dialog) && it.Price != "" && !seen[keyOf(it.Href)] {
			seen[keyOf(it.Href)] = true
			list = append(list, it)
		}
	}
	worth := func(it find.Item) int64 {
		said := find.Read(it.Text)
		var w int64
		if ps := find.Prices(it.Price); len(ps) > 0 {
			w = ps[len(ps)-1].Minor
		}
		if said.Has(find.OutOfStock) {
			w += 1 << 40
		}
		if said.Has(find.GiftCard) {
			w += 1 << 39
		}
		return w
	}
	slices.SortStableFunc(list, func(a, b find.Item) int {
		switch x, y := worth(a), worth(b); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return list
}

// toProduct comes back to the product's page.
func (k *seeker) toProduct(ctx context.Context) (*place, error) {
	if k.shops.at == nil {
		to, _, ok := k.product(ctx)
		if !ok {
			return nil, errNoProduct
		}
		if k.here == to && !k.stale {
			return to, nil
		}
	}
	return k.back(ctx, k.shops.at)
}

var errNoProduct = fmt.Errorf("no product was found that can be put into a basket")

// chooseOptions chooses what a product asks to be chosen. Where the first
// product asks for nothing, others are looked at.
func (k *seeker) chooseOptions(ctx context.Context) Finding {
	at, err := k.toProduct(ctx)
	if err != nil {
		return k.unable(ctx, err)
	}
	for tries := 0; ; tries++ {
		n, chosen, err := k.choose(ctx)
		if n > 0 {
			f := k.reached(at, find.Arrival{Confidence: .9, Why: fmt.Sprintf("%d things to choose, each chosen", n), Says: chosen})
			if err != nil {
				f.State, f.Evidence.Why = Absent, "an option could not be chosen: "+plainly(err)
			}
			return f
		}
		if tries >= mostProducts || ctx.Err() != nil {
			break
		}
		// Another product may ask for something.
		list := k.list(ctx)
		if list == nil {
			break
		}
		var next *place
		for _, it := range inOrder(list.page) {
			if id := keyOf(it.Href); k.place(id) != nil || k.shops.failed[id] {
				continue
			}
			ctl := list.page.Control(it.Ref)
			if ctl == nil {
				continue
			}
			to, err := k.press(ctx, list, ctl)
			k.presses++
			if err == nil && to != nil {
				if _, ok := k.buyable(to); ok {
					next = to
					k.take(to, it)
				}
			}
			break
		}
		if next == nil {
			break
		}
		at = next
	}
	f := k.absent(false)
	f.Evidence.Why = "the products that were looked at ask for no choice"
	f.Confidence = .6
	return f
}

// unable is the finding of a goal that needs what could not be had.
func (k *seeker) unable(ctx context.Context, err error) Finding {
	if end := k.fatal(ctx, err); end != nil {
		return *end
	}
	f := k.absent(false)
	f.Evidence.Why = plainly(err)
	if end := (*ending)(nil); errors.As(err, &end) && end.outcome == evidence.NotGranted {
		f.State = NotGranted
	}
	return f
}

// choose makes the choices of the product in front: how many there are, and
// what was chosen.
func (k *seeker) choose(ctx context.Context) (n int, chosen string, err error) {
	var said []string
	done := map[string]bool{}
	k.shops.choices = nil
	for range 12 {
		next, of := find.Choice(k.here.page, done)
		if next == nil {
			break
		}
		done[of.Group] = true
		n++
		said = append(said, of.Group+": "+of.Pick)
		if of.Chosen {
			continue
		}
		where, ok := k.v.tab.Page().Where(ctx, next.Ref)
		if !ok {
			where, _ = locatorOf(k.here.page, next)
		}
		l := Locator{Ref: next.Ref, Role: next.Role, Name: next.Name}
		if next.Tag == "select" {
			k.shops.choices = append(k.shops.choices, Step{Select: &Select{Locator: where, Option: of.Pick}})
			err = k.do(ctx, Step{Select: &Select{Locator: l, Option: of.Pick}})
		} else {
			k.shops.choices = append(k.shops.choices, Step{Click: &where})
			err = k.do(ctx, Step{Click: &l})
		}
		if err != nil {
			k.stale = true
			break
		}
		if _, err := k.look(ctx, nil, ""); err != nil {
			return n, strings.Join(said, "; "), err
		}
	}
	k.shops.chosen = strings.Join(said, "; ")
	return n, k.shops.chosen, err
}

// addToCart puts a product into the basket; where that fails, the next one.
func (k *seeker) addToCart(ctx context.Context) Finding {
	var last error = errNoProduct
	for range mostProducts {
		at, err := k.toProduct(ctx)
		if err != nil {
			if last == errNoProduct { //nolint:errorlint // a sentinel of ours, not wrapped
				last = err
			}
			break
		}
		why, err := k.add(ctx, at)
		if err == nil {
			f := k.reached(at, find.Arrival{Confidence: .9, Why: why, Says: k.shops.product.Name})
			f.Clicks++
			f.Path, f.Steps = k.shops.words, k.shops.way
			if k.here != at {
				f.URL = k.v.mask.hide(clean(k.here.page.URL))
			}
			return f
		}
		if end := k.fatal(ctx, err); end != nil {
			return *end
		}
		last = err
		k.presses++
		k.shops.failed[at.key] = true
		if k.here != nil {
			k.shops.failed[k.here.key] = true // what the press led to is the same product
		}
		k.shops.at = nil
	}
	return k.unable(ctx, last)
}

// add chooses the options, presses what puts the product into the basket, and
// says by what the page shows that it did.
func (k *seeker) add(ctx context.Context, at *place) (string, error) {
	if _, _, err := k.choose(ctx); err != nil {
		return "", err
	}
	before := k.here.page
	pr, _ := find.ProductOf(before)
	if k.shops.chosen != "" {
		k.shops.prices.chosen = find.TagOf(before, pr)
	}
	if pr.Add == 0 {
		return "", fmt.Errorf("nothing on the page of %q puts it into a basket", k.shops.product.Name)
	}
	add := before.Control(pr.Add)
	where, ok := k.v.tab.Page().Where(ctx, add.Ref)
	if !ok {
		where, _ = locatorOf(before, add)
	}
	k.shops.depth = at.depth + 1
	k.shops.way = append(append(slices.Clone(at.way), k.shops.choices...), Step{Click: &where})
	k.shops.words = append(slices.Clone(at.words), "press "+named(add))
	if err := k.do(ctx, Step{Click: &Locator{Ref: add.Ref, Role: add.Role, Name: add.Name}}); err != nil {
		k.stale = true
		return "", err
	}
	var after *find.Page
	for try := range 4 {
		page, err := k.read(ctx)
		if err != nil {
			return "", err
		}
		after = page
		if why := find.Added(before, after, k.shops.product.Name); why != "" {
			k.shops.added = true
			k.arrive(after, at)
			return why, nil
		}
		if try < 3 {
			if err := sleep(ctx, 350e6); err != nil {
				return "", err
			}
		}
	}
	k.arrive(after, at)
	// It may lie there although nothing says so.
	b, at2, err := k.basket(ctx)
	if err == nil && at2 != nil && !b.Empty && b.Lines > 0 {
		k.shops.added = true
		return "the basket holds it, though nothing said so", nil
	}
	return "", fmt.Errorf("%s was pressed, and nothing shows that %q lies in the basket", named(add), k.shops.product.Name)
}

// arrive takes what a press has left in front for a place, without counting a
// way to it.
func (k *seeker) arrive(page *find.Page, from *place) {
	key := keyOf(page.URL)
	pl := k.place(key)
	switch {
	case pl == nil:
		pl = &place{key: key, page: page}
		k.places = append(k.places, pl)
	case pl != from:
		pl.page = page
	default:
		// The same page, with something in front of it or beside it.
		pl = &place{key: key + "\x00added", page: page}
		k.places = slices.DeleteFunc(k.places, func(p *place) bool { return p.key == pl.key })
		k.places = append(k.places, pl)
	}
	pl.depth, pl.way, pl.words = k.shops.depth, k.shops.way, k.shops.words
	k.here, k.stale = pl, false
}

// basket comes to where the basket is shown.
// The way there goes on from how the product came into it.
func (k *seeker) basket(ctx context.Context) (find.Basket, *place, error) {
	b, at, walked, err := k.toBasket(ctx)
	if at != nil && k.shops.added && len(walked) > 0 {
		at.depth, at.way, at.words = k.shops.depth+len(walked), slices.Clone(k.shops.way), slices.Clone(k.shops.words)
		for _, w := range walked {
			at.way, at.words = append(at.way, w.step), append(at.words, w.word)
		}
	}
	return b, at, err
}

// A stride is one press of a way.
type stride struct {
	step Step
	word string
}

func (k *seeker) toBasket(ctx context.Context) (_ find.Basket, _ *place, walked []stride, _ error) {
	name := k.shops.product.Name
	if k.stale {
		if _, err := k.look(ctx, nil, ""); err != nil {
			return find.Basket{}, nil, nil, err
		}
	}
	full := func(pl *place) (find.Basket, bool) {
		b := find.BasketOf(pl.page, name)
		return b, b.Shown && (b.Empty || b.Lines > 0)
	}
	if b, ok := full(k.here); ok && !b.Empty {
		return b, k.here, nil, nil
	}
	g, _ := find.Named("view-cart")
	tried := map[string]bool{}
	var last find.Basket
	var lastAt *place
	for range 4 {
		var best *find.Control
		// The page's own way to the basket first, what stands in front of it before that.
		for _, c := range g.Rank(k.here.page) {
			ctl := &k.here.page.Controls[c.Index]
			if tried[each(ctl)] || ctl.Hidden || c.Score < .35 || ctl.Href != "" && !k.v.bounds.holds(ctl.Href) || ctl.Item >= 0 {
				continue
			}
			if find.ReadLabel(ctl.Name)[find.AddToCart] > find.ReadLabel(ctl.Name)[find.Cart] {
				continue
			}
			best = ctl
			break
		}
		if best == nil {
			break
		}
		tried[each(best)] = true
		l, _ := locatorOf(k.here.page, best)
		word := "press " + named(best)
		to, err := k.click(ctx, k.here, best)
		if err != nil {
			if end := k.fatal(ctx, err); end != nil {
				return find.Basket{}, nil, nil, err
			}
			k.presses++
			if _, err := k.look(ctx, nil, ""); err != nil {
				return find.Basket{}, nil, nil, err
			}
			continue
		}
		walked = append(walked, stride{Step{Click: &l}, word})
		if b, ok := full(to); ok {
			if !b.Empty {
				return b, to, walked, nil
			}
			last, lastAt = b, to
		}
	}
	return last, lastAt, walked, nil
}

// each tells controls apart even where they lead to the same place: a script may
// have taken one of them over.
func each(c *find.Control) string {
	return string(c.Area) + "\x00" + c.Role + "\x00" + c.Name + "\x00" + c.Href
}

// viewCart sees what lies in the basket.
func (k *seeker) viewCart(ctx context.Context) Finding {
	b, at, err := k.basket(ctx)
	switch {
	case err != nil:
		return k.unable(ctx, err)
	case at == nil:
		return k.absent(false)
	}
	k.shops.basket, k.shops.cart = at, b
	if b.Empty {
		a := find.Arrival{Confidence: .75, Why: "the basket is shown, and says that it is empty"}
		if k.shops.added {
			f := k.absent(false)
			f.Evidence.Why = "the basket says that it is empty, after a product was put into it"
			return f
		}
		return k.reached(at, a)
	}
	a := find.Arrival{Confidence: .8, Why: fmt.Sprintf("%d lines", b.Lines), Says: b.Says}
	if b.Says != "" {
		a.Confidence += .1
	}
	if b.Total.Text != "" {
		a.Why += ", the sum " + b.Total.Text
		a.Confidence += .05
	}
	f := k.reached(at, a)
	f.Evidence.Facts = map[string]string{"lines": fmt.Sprint(b.Lines), "total": b.Total.Text, "drawer": fmt.Sprint(b.Drawer)}
	return f
}

// startCheckout leaves the basket for the checkout and reads what that asks
// first: who one is, as a guest or with an account.
func (k *seeker) startCheckout(ctx context.Context) Finding {
	b, at, err := k.basket(ctx)
	if err == nil && k.shops.added && (at == nil || b.Empty) {
		// A shop may forget the basket of one who has gone away.
		if f := k.addToCart(ctx); f.State == Reached {
			b, at, err = k.basket(ctx)
		}
	}
	if err != nil {
		return k.unable(ctx, err)
	}
	if at == nil || b.Empty || b.Checkout == 0 {
		// Some drawers lead to the basket only; some pages lead straight on.
		if at == nil || b.Empty {
			f := k.absent(true)
			f.Evidence.Why = "there is no filled basket to begin from"
			f.Confidence = .3
			return f
		}
		f := k.absent(false)
		f.Evidence.Why = "the basket shows no way to a checkout"
		return f
	}
	ctl := at.page.Control(b.Checkout)
	depth, way, said := at.depth, slices.Clone(at.way), slices.Clone(at.words)
	to, err := k.onward(ctx, at, ctl, &depth, &way, &said)
	if err != nil {
		return k.unable(ctx, err)
	}
	for try := 0; try < 2; try++ {
		if door, ok := find.Threshold(to.page, at.page); ok {
			f := k.reached(to, find.Arrival{Confidence: door.Confidence, Why: door.Why})
			f.Clicks, f.Path, f.Steps = depth+k.presses, said, way
			k.shops.door = to
			f.Evidence.Facts = map[string]string{"guest": fmt.Sprint(door.Guest), "account": fmt.Sprint(door.Account), "first": door.First, "forced": fmt.Sprint(door.Forced)}
			return f
		}
		// A drawer's button may lead to the basket first.
		again := find.BasketOf(to.page, k.shops.product.Name)
		if again.Checkout == 0 || to == at {
			break
		}
		next := to.page.Control(again.Checkout)
		at = to
		if to, err = k.onward(ctx, to, next, &depth, &way, &said); err != nil {
			return k.unable(ctx, err)
		}
	}
	f := k.absent(true)
	f.Evidence.Why = "what was pressed led to no page that a checkout begins with"
	return f
}

// onward presses a control and keeps the way.
func (k *seeker) onward(ctx context.Context, from *place, ctl *find.Control, depth *int, way *[]Step, said *[]string) (*place, error) {
	l, _ := locatorOf(from.page, ctl)
	to, err := k.click(ctx, from, ctl)
	// Some shops call the link to the checkout what others call the button that
	// orders: its address may be opened, which orders nothing.
	if end := (*ending)(nil); errors.As(err, &end) && end.outcome == evidence.NotGranted && strings.HasPrefix(ctl.Href, "http") && !linkOrders(ctl.Href) && !getsOrder(ctl.Href) {
		to, err = k.jump(ctx, from, ctl)
	}
	if err == nil {
		*depth++
		*way, *said = append(*way, Step{Click: &l}), append(*said, "press "+named(ctl))
	}
	return to, err
}
