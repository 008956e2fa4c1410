package web

import (
	"context"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes/web/driver"
	"touchstone/probes/web/find"
)

// The words by which carts are known, cleared and found empty, in every
// shipped language. They are patterns of JavaScript and Go alike.
const (
	removeWords = `\bremove|\bdelete|entfernen|löschen|supprimer|retirer|enlever|eliminar|quitar|borrar|rimuovi|elimina|togli\b|verwijder|remover|excluir|apagar|usuń|ta bort|fjern|\bslet|poista|odebrat|odstranit|smazat|削除|取り除|删除|移除|刪除`
	removeMarks = `remove|delete|trash|entfernen|supprimer|eliminar|verwijder|usun`
	amountWords = `qty|quantit|anzahl|menge|amount|cantidad|aantal|ilość|ilosc|antal|antall|määrä|množství|数量|數量`
)

var (
	cartPath  = regexp.MustCompile(`(^|/)((shopping-?)?(cart|basket|bag)|checkout/cart|warenkorb|panier|cesta|carrito|carro|carrello|winkelwagen|winkelmand|carrinho|koszyk|varukorg(en)?|kundvagn(en)?|(handle|indkobs)?kurv(en)?|ostoskori|kosik)(\.\w+)?/?$|カート|购物车|購物車`)
	cartQuery = regexp.MustCompile(`(^|&)(route=checkout/cart|cl=basket|main_page=shopping_cart|controller=cart)(&|$)`)
	emptyCart = regexp.MustCompile(`(?i)(cart|basket|bag) is (currently |now )?empty|no (items|products|articles) in (your|the) (shopping )?(cart|basket|bag)|(cart|basket|bag) (contains|has) no|nothing in (your|the) (cart|basket|bag)|(waren|einkaufs)korb ist (noch |derzeit |momentan )?leer|keine (artikel|produkte) im warenkorb|panier est (actuellement )?vide|(cesta|carrito|carro)( de la compra)? est[áa] vac[íi][oa]|carrello è vuoto|winkel(wagen|mand|mandje) is (nog )?leeg|carrinho (de compras )?est[áa] vazio|koszyk jest pusty|(varukorg|kundvagn)\w* är tom|kurv\w* er tom|ostoskori\w* on tyhjä|košík je prázdný|カート[^。]{0,14}(空|入っていません|ありません)|(购物车|購物車)[^。]{0,8}空`)
)

// Bounds of the clearing: presses, and time.
const (
	mostRemoved = 25
	clearWithin = 30 * time.Second
)

// clearCart takes out, through the cart's own controls, what the visit has put
// into the cart of somebody else's shop: the cookies that a visit forgets leave
// carts behind where the server keeps them. It does what it can, and records
// whether the cart was seen empty in the end.
func (v *visit) clearCart(ctx context.Context) error {
	at := v.cartAddress()
	p := v.tab.Page()
	if v.t.Site.Own || !v.fillsCart() || v.sight.ordered || at == "" && v.seeker == nil || p == nil || ctx.Err() != nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, clearWithin)
	defer cancel()
	v.log.begin("cart-emptied")
	emptied := at != "" && v.toCart(ctx, p, at) && v.cleared(ctx)
	if !emptied && v.seeker != nil {
		emptied = v.seeker.toFilled(ctx) && v.cleared(ctx)
	}
	v.rec.Flag("web.cart-emptied", emptied)
	if p = v.tab.Page(); p == nil {
		return nil
	}
	return v.picture(ctx, len(v.steps), "cart-emptied", v.shoot(ctx))
}

// fillsCart reports whether the task has put something into a cart: by steps
// that fill in a checkout, or on the way to its goal.
func (v *visit) fillsCart() bool {
	return v.does(func(e evidence.Effect) bool { return e == evidence.FillCheckout }) || v.seeker != nil && len(v.seeker.shops.way) > 0
}

// toCart opens the cart's page.
func (v *visit) toCart(ctx context.Context, p *driver.Page, at string) bool {
	if _, err := v.site.pause(ctx, v.b.o.Distance); err != nil {
		return false
	}
	return p.Navigate(ctx, at) == nil
}

// toFilled comes to the cart as a customer does who looks into it: it may be
// no page, but what slides in. False where that shows no filled one.
func (k *seeker) toFilled(ctx context.Context) bool {
	k.goal, k.presses, k.tried, k.stale = find.Goal{}, 0, map[string]bool{}, true
	if k.do(ctx, Step{Open: "/"}) != nil {
		return false
	}
	b, at, err := k.basket(ctx)
	return err == nil && at != nil && b.Lines > 0
}

// cleared takes out line after line of the cart in front.
func (v *visit) cleared(ctx context.Context) bool {
	p := v.tab.Page()
	if p == nil {
		return false
	}
	text := ""
	for n := range mostRemoved {
		s, err := p.Survey(ctx)
		if err != nil {
			return false
		}
		if s != nil {
			text = s.Text // else nothing has changed
		}
		if emptyCart.MatchString(text) {
			return true
		}
		handles, err := p.Handles(ctx, removeWords, removeMarks, amountWords)
		if err != nil {
			return false
		}
		if len(handles) == 0 {
			return n > 0 // what was there is not there any more
		}
		if _, err := v.site.pause(ctx, v.b.o.Distance); err != nil || !v.takeOut(ctx, p, handles) {
			return false
		}
		if p = v.tab.Page(); p == nil {
			return false
		}
	}
	return false
}

// takeOut removes one line: by its own control, else by an amount of nought.
func (v *visit) takeOut(ctx context.Context, p *driver.Page, handles []driver.Named) bool {
	i := max(0, slices.IndexFunc(handles, func(h driver.Named) bool { return !h.Field }))
	h := handles[i]
	before := p.Requests()
	if h.Field {
		if _, err := p.Fill(ctx, h.Locator(), "0", v.guard); err != nil {
			return false
		}
		if _, err := p.Press(ctx, "Enter", v.guardKey("Enter")); err != nil {
			return false
		}
	} else if _, err := p.Click(ctx, h.Locator(), v.guard); err != nil {
		return false
	}
	if !p.Reacted(ctx, before, deadClick) {
		return false
	}
	if v.settle(ctx) != nil {
		return false
	}
	p.Quiet(ctx, time.Second)
	return true
}

// cartAddress is the address of the cart's page: one that the visit was on,
// else one that a page led to; empty where it saw none.
func (v *visit) cartAddress() string {
	v.log.mu.Lock()
	var seen []string
	for _, d := range v.log.documents {
		seen = append(seen, d.url)
	}
	v.log.mu.Unlock()
	slices.Reverse(seen)
	for _, address := range append(seen, v.sight.links...) {
		u, err := url.Parse(address)
		if err == nil && v.bounds.owns(u) && !changing.MatchString(address) && (cartPath.MatchString(strings.ToLower(u.Path)) || cartQuery.MatchString(u.RawQuery)) {
			return address
		}
	}
	return ""
}
