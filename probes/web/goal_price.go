package web

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web/find"
)

// Prices are what a visit has read of one product's price on its way to the
// payment. What was not seen is zero.
type prices struct {
	list, page, chosen, cart, checkout find.Tag // chosen: on the page, once its options are
	offer                              find.Offer
	read                               time.Time // when that was
	again                              find.Offer
	after                              time.Duration // between the two
	stock                              string        // what the page says of it: "in stock", "few left", "sold out", "" for nothing
	gone                               string        // what the basket or the checkout says, which the page did not
	bag, till                          []find.Sum    // what the basket and, latest, the checkout add up
}

// priceFacts are what the goal price-check records beside custom.read.
var priceFacts = []evidence.FactDef{
	{Name: "price.places", Unit: evidence.Count, Meaning: "Places that named the product's price: list, page, basket, checkout. Those that say \"from\" or a range are none."},
	{Name: "price.same", Unit: evidence.Bool, Meaning: "All of them named the same one. Absent where fewer than two did."},
	{Name: "price.was", Unit: evidence.Text, Meaning: "The former or recommended price beside the offer's, and what it is called."},
	{Name: "price.offer-expired", Unit: evidence.Bool, Meaning: "The day until which the offer is said to hold was past. Absent where no day is named."},
	{Name: "price.countdown-restarts", Unit: evidence.Bool, Meaning: "The clock that runs down beside the offer began anew when the page was opened again. Absent without a clock."},
	{Name: "price.fee", Unit: evidence.Text, Meaning: "Per line that the basket or the checkout added and the product's page did not name, delivery and tax apart: what it is called, and how much."},
	{Name: "price.fees", Unit: evidence.Count, Meaning: "How many such lines there were. Absent where neither basket nor checkout added anything up."},
	{Name: "stock.sign", Unit: evidence.Text, Meaning: "What the product's page said of its stock: in stock, few left, sold out, or nothing."},
	{Name: "stock.gone-in-cart", Unit: evidence.Text, Meaning: "What the basket or the checkout said when it could not be had, although its page had not. Absent where it could."},
}

// priced reads the price of the product that is in front, and of the entry that
// led to it.
func (k *seeker) priced(pl *place) {
	pr := &k.shops.prices
	if product := find.TagOf(pl.page, k.shops.product); pr.page.Price != product.Price || pr.list.Price.Text == "" {
		*pr = prices{page: product, read: time.Now(), offer: find.OfferOf(pl.page), stock: find.StockSign(pl.page, k.shops.product)}
	}
	if k.shops.item.Price != "" {
		pr.list = find.ItemTag(k.shops.item)
	}
}

// priceCheck follows the price of one product: in the list, on its page, in the
// basket, in the checkout, and where filling that in is granted up to the payment.
func (k *seeker) priceCheck(ctx context.Context) Finding {
	if err := k.ware(ctx); err != nil {
		return k.unable(ctx, err)
	}
	at, pr := k.shops.at, &k.shops.prices
	added := k.shops.added
	if product := k.shops.product; !added && product.Add != 0 {
		if now, err := k.back(ctx, at); err == nil {
			if _, err := k.add(ctx, now); err != nil {
				if end := k.fatal(ctx, err); end != nil {
					return *end
				}
				if says, gone := find.Gone(k.here.page); gone && pr.stock != find.SoldOut {
					pr.gone = says
				}
			}
		}
	}
	where := at
	if k.shops.added {
		if b, seen := k.filled(ctx); seen != nil {
			where = seen
			pr.bag = find.SumsOf(seen.page)
			pr.cart = find.LineTag(seen.page, k.shops.product.Name)
			k.gone(seen.page)
			if b.Checkout != 0 && pr.gone == "" {
				k.checkPrice(ctx)
			}
		}
	}
	k.countdown(ctx)
	facts := k.pricesInWords()
	named := pr.named()
	if len(named) < 2 {
		f := k.absent(false)
		f.Evidence.Why, f.Evidence.Facts = "fewer than two prices of the same product were seen", facts
		return f
	}
	f := k.reached(where, find.Arrival{Confidence: min(.95, .6+.15*float64(len(named)-1)), Why: fmt.Sprintf("%d prices of %q", len(named), k.shops.product.Name)})
	f.Evidence.Facts = facts
	return f
}

// ware comes to the product whose price is followed: the one that the scenario
// names, the one at hand, else one that a list offers for less than before.
func (k *seeker) ware(ctx context.Context) error {
	if k.v.query != "" && !find.Names(k.shops.product.Name, k.v.query) {
		return k.named(ctx, k.v.query)
	}
	if k.shops.at != nil {
		return nil
	}
	if list := k.list(ctx); list != nil {
		for _, it := range inOrder(list.page) {
			if find.ItemTag(it).Was.Text == "" || find.Read(it.Text).Has(find.OutOfStock) {
				continue
			}
			if k.fetch(ctx, list, it) {
				return nil
			}
			break
		}
	}
	_, err := k.toProduct(ctx)
	return err
}

// named comes to the product of that name: from what was seen of the goods, by
// the shop's search, then through its categories.
func (k *seeker) named(ctx context.Context, name string) error {
	open := func() bool {
		for _, pl := range slices.Clone(k.places) {
			for _, it := range pl.page.Items {
				if find.Names(it.Title, name) && k.fetch(ctx, pl, it) {
					return true
				}
			}
		}
		return false
	}
	if open() {
		return nil
	}
	if f := k.searchProduct(ctx); f.State == Reached {
		if open() {
			return nil
		}
		if pr, one := find.ProductOf(k.here.page); one && find.Names(name, pr.Name) { // a list of one may look like it
			k.take(k.here, find.Item{})
			return nil
		}
	}
	const categories = 8
	for range categories {
		pl, c := k.category()
		if pl == nil {
			pl, c = k.unread() // "Contact lenses" may be goods
		}
		if pl == nil || ctx.Err() != nil {
			break
		}
		if to, err := k.follow(ctx, pl, c); err != nil || to == nil {
			k.presses++
			continue
		}
		if open() {
			return nil
		}
	}
	return fmt.Errorf("no product called %q was found", name)
}

// unread gives a link of the shop's navigation that was not followed.
func (k *seeker) unread() (*place, find.Candidate) {
	for _, pl := range k.places {
		for i := range pl.page.Controls {
			c := &pl.page.Controls[i]
			if c.Area != find.Nav && c.Area != find.Header || !strings.HasPrefix(c.Href, "http") || !find.Harmless(c) || c.Hidden && c.Opener == 0 || k.tried[identity(pl, c)] || !k.v.bounds.holds(c.Href) || k.place(keyOf(c.Href)) != nil {
				continue
			}
			return pl, find.Candidate{Index: i, Score: .2, Why: "stands in the navigation"}
		}
	}
	return nil, find.Candidate{}
}

// fetch opens an entry of a list and takes the product that comes, sold out or
// not; false where none did.
func (k *seeker) fetch(ctx context.Context, list *place, it find.Item) bool {
	ctl := list.page.Control(it.Ref)
	if ctl == nil {
		return false
	}
	to, err := k.press(ctx, list, ctl)
	if err != nil || to == nil {
		k.presses++
		return false
	}
	// What is sold out is often no more than a name and a price.
	if pr, ok := find.ProductOf(to.page); !ok && !find.Names(pr.Name, it.Title) || pr.Price.Text == "" {
		k.presses++
		return false
	}
	k.take(to, it)
	return true
}

// filled gives the basket as it was seen last, or comes to it.
func (k *seeker) filled(ctx context.Context) (find.Basket, *place) {
	if at := k.shops.basket; at != nil && !k.shops.cart.Empty && find.LineTag(at.page, k.shops.product.Name).Price.Text != "" {
		return k.shops.cart, at
	}
	b, at, err := k.basket(ctx)
	if err != nil || at == nil {
		return b, nil
	}
	k.shops.basket, k.shops.cart = at, b
	return b, at
}

// checkPrice reads the price on the first page of the checkout, and where
// filling it in is granted on the last before the payment.
func (k *seeker) checkPrice(ctx context.Context) {
	presses := k.presses
	defer func() { k.presses = presses }() // the way to the price ended at the basket
	if k.shops.door == nil && k.startCheckout(ctx).State != Reached {
		k.gone(k.here.page)
		return
	}
	pr := &k.shops.prices
	read := func(p *find.Page) {
		if sums := find.SumsOf(p); len(sums) > 0 {
			pr.till = sums
		}
		if tag := find.LineTag(p, k.shops.product.Name); tag.Price.Text != "" {
			pr.checkout = tag
		}
		k.gone(p)
	}
	read(k.shops.door.page)
	if k.v.t.Granted(evidence.FillCheckout) && k.toTill(ctx).State == Reached && k.here != nil {
		read(k.here.page)
	}
}

// gone notes that the product cannot be had after all.
func (k *seeker) gone(p *find.Page) {
	if pr := &k.shops.prices; pr.stock != find.SoldOut && pr.gone == "" {
		if says, gone := find.Gone(p); gone {
			pr.gone = k.v.mask.hide(says)
		}
	}
}

// countdown opens the product's page again, where a clock runs down on it: one
// that is honest has gone on.
func (k *seeker) countdown(ctx context.Context) {
	pr := &k.shops.prices
	const enough = 4 * time.Second // that a restart can be told from the time it took
	if pr.offer.Left == 0 || pr.again.Left > 0 || k.shops.at == nil {
		return
	}
	if wait := enough - time.Since(pr.read); wait > 0 && sleep(ctx, wait) != nil {
		return
	}
	k.stale = true
	if now, err := k.back(ctx, k.shops.at); err == nil {
		pr.again, pr.after = find.OfferOf(now.page), time.Since(pr.read)
	}
}

// restarts reports whether the clock began anew; known is false where it was
// not seen twice.
func (pr *prices) restarts() (restarts, known bool) {
	if pr.offer.Left == 0 || pr.again.Left == 0 {
		return false, false
	}
	return pr.offer.Left-pr.again.Left < pr.after/2, true
}

// A pricedAt is a price and the place that named it.
type pricedAt struct {
	where string // as the criteria call it: "price-in-list"
	find.Price
}

// named gives the prices that can be compared, in the order of the way. What
// says "from", or a range, names none; nor does a price without tax that the
// tax alone makes another.
func (pr *prices) named() (list []pricedAt) {
	page := pr.page
	if pr.chosen.Price.Text != "" {
		page = pr.chosen
	}
	later := pr.cart.Price
	if later.Text == "" {
		later = pr.checkout.Price
	}
	for _, p := range []struct {
		where string
		tag   find.Tag
	}{{"price-in-list", pr.list}, {"price-on-page", page}, {"price-in-cart", pr.cart}, {"price-in-checkout", pr.checkout}} {
		switch {
		case p.tag.Price.Text == "" || p.tag.Loose():
		case p.tag.Net && later.Minor > p.tag.Price.Minor && later.Minor*100 <= p.tag.Price.Minor*128: // Hungary's 27 % is the most there is
		case p.where == "price-in-list" && pr.chosen.Price.Text != "" && pr.list.Price.Minor == pr.page.Price.Minor && pr.page.Price.Minor != pr.chosen.Price.Minor: // what was chosen costs more
		default:
			list = append(list, pricedAt{p.where, p.tag.Price})
		}
	}
	return list
}

func (pr *prices) same() bool {
	list := pr.named()
	return !slices.ContainsFunc(list, func(p pricedAt) bool { return p.Minor != list[0].Minor })
}

// fees gives what the basket and the checkout add beyond goods, delivery and tax.
func (pr *prices) fees() (list []find.Sum) {
	for _, s := range slices.Concat(pr.bag, pr.till) {
		known := func(o find.Sum) bool { return o.Label == s.Label && o.Price.Minor == s.Price.Minor }
		if s.Kind == find.SumFee && s.Price.Minor > 0 && !slices.ContainsFunc(list, known) {
			list = append(list, s)
		}
	}
	return list
}

func sumOf(kind find.SumKind, lists ...[]find.Sum) (find.Sum, bool) {
	for _, list := range lists {
		for _, s := range slices.Backward(list) {
			if s.Kind == kind {
				return s, true
			}
		}
	}
	return find.Sum{}, false
}

// expired reports whether the offer's last day is past.
func (pr *prices) expired(now time.Time) bool {
	return !pr.offer.Ends.IsZero() && !now.Before(pr.offer.Ends.AddDate(0, 0, 1))
}

// pricesInWords is what was read, for a person.
func (k *seeker) pricesInWords() map[string]string {
	pr := &k.shops.prices
	facts := map[string]string{"product": k.shops.product.Name}
	put := func(name string, tag find.Tag) {
		if tag.Price.Text == "" {
			return
		}
		facts[name] = tag.Price.Text
		switch {
		case tag.Most.Text != "":
			facts[name] += " to " + tag.Most.Text
		case tag.From:
			facts[name] = "from " + facts[name]
		case tag.Net:
			facts[name] += ", without tax"
		}
	}
	put("list", pr.list)
	put("page", pr.page)
	if pr.chosen.Price.Text != pr.page.Price.Text {
		put("chosen", pr.chosen)
	}
	put("cart", pr.cart)
	put("checkout", pr.checkout)
	if named := pr.named(); len(named) > 1 {
		facts["same"] = fmt.Sprint(pr.same())
	}
	if was := pr.former(); was.Was.Text != "" {
		facts["was"] = was.Was.Text
		if was.WasSays != "" {
			facts["was called"] = was.WasSays
		}
	}
	if pr.page.Unit.Text != "" {
		facts["unit"] = pr.page.Unit.Text + " " + pr.page.Measure
	}
	if !pr.offer.Ends.IsZero() {
		facts["offer ends"], facts["expired"] = pr.offer.Ends.Format(time.DateOnly), fmt.Sprint(pr.expired(k.begun))
	}
	if again, known := pr.restarts(); known {
		facts["countdown"], facts["countdown restarts"] = pr.offer.Clock, fmt.Sprint(again)
	}
	if facts["stock"] = pr.stock; pr.stock == "" {
		facts["stock"] = "nothing said"
	}
	if pr.gone != "" {
		facts["gone in cart"] = pr.gone
	}
	for _, s := range pr.fees() {
		facts["fee: "+s.Label] = s.Price.Text
	}
	if s, ok := sumOf(find.SumDelivery, pr.till, pr.bag); ok {
		if facts["delivery"] = s.Price.Text; s.Free {
			facts["delivery"] = "free"
		}
	}
	if p := find.TotalOf(pr.bag); p.Text != "" {
		facts["total: cart"] = p.Text
	}
	if p := find.TotalOf(pr.till); p.Text != "" {
		facts["total: checkout"] = p.Text
	}
	for name, s := range facts {
		facts[name] = k.v.mask.hide(s)
	}
	return facts
}

// former gives the tag that names an earlier price: the page's, else the list's.
func (pr *prices) former() find.Tag {
	if pr.page.Was.Text == "" && pr.list.Was.Text != "" {
		return pr.list
	}
	return pr.page
}

// recordPrices keeps what was read as facts, under the names that the criteria
// of a shop's control of its site know.
func (k *seeker) recordPrices() {
	if k.shops.at == nil {
		return // no product was seen, of which anything could be said
	}
	pr, rec := &k.shops.prices, k.v.rec
	read := func(step, text string) { rec.StepText(step, "custom.read", k.v.mask.hide(text)) }
	named := pr.named()
	rec.Number("price.places", float64(len(named)))
	if len(named) > 1 {
		rec.Flag("price.same", pr.same())
	}
	for _, p := range named {
		read(p.where, plainSum(p.Price))
	}
	if was := pr.former(); was.Was.Text != "" {
		rec.Text("price.was", strings.TrimSpace(was.WasSays+" "+was.Was.Text))
		if !pr.page.Loose() {
			read("offer-price", plainSum(pr.page.Price))
		}
	}
	if !pr.offer.Ends.IsZero() {
		read("offer-ends", pr.offer.Ends.Format(time.DateOnly))
		rec.Flag("price.offer-expired", pr.expired(k.begun))
	}
	if again, known := pr.restarts(); known {
		rec.Flag("price.countdown-restarts", again)
	}
	if pr.stock == "" {
		rec.Text("stock.sign", "nothing")
	} else {
		rec.Text("stock.sign", pr.stock)
	}
	if pr.gone != "" {
		rec.Text("stock.gone-in-cart", pr.gone)
	}
	if len(pr.bag)+len(pr.till) == 0 {
		return
	}
	fees := pr.fees()
	rec.Number("price.fees", float64(len(fees)))
	for i, s := range fees {
		rec.StepText(fmt.Sprintf("fee-%d", i+1), "price.fee", k.v.mask.hide(s.Label+" "+s.Price.Text))
	}
	delivery, known := sumOf(find.SumDelivery, pr.till, pr.bag)
	if known && !delivery.Free {
		read("delivery-cost", plainSum(delivery.Price))
	}
	// Where a tax is added the total says nothing about extras; nor where more than
	// this product lies in the basket.
	_, taxed := sumOf(find.SumTax, pr.till)
	goods, counted := sumOf(find.SumGoods, pr.till)
	if total := find.TotalOf(pr.till); total.Text != "" && !taxed && (!counted || goods.Price.Minor == pr.cart.Price.Minor) {
		read("total-in-checkout", plainSum(total))
	}
}

// plainSum writes an amount so that it can be read in one way.
func plainSum(p find.Price) string {
	return strings.TrimSpace(fmt.Sprintf("%d.%02d %s", p.Minor/100, p.Minor%100, p.Currency))
}
