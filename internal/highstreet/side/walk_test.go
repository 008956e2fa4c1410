package side

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// sends reports whether the page holds a form that is sent to a path.
func (s *sheet) sends(shop *Shop, path string) bool {
	for _, n := range s.all("form") {
		action, _ := attr(n, "action")
		if data, ok := attr(n, "data-post"); ok {
			action = data
		}
		to, err := s.url.Parse(action)
		if err != nil {
			continue
		}
		if shop.script == "" {
			if to.Path == path {
				return true
			}
			continue
		}
		page := to.Query().Get("page")
		for d := range n.Descendants() {
			if name, _ := attr(d, "name"); d.Type == html.ElementNode && name == "page" {
				page, _ = attr(d, "value")
			}
		}
		if "/"+page == path {
			return true
		}
	}
	return false
}

// near gives the fewest presses to a page with a form that is sent to each of
// some paths, from the page where the crawl begins.
func (w *walker) near(from string, paths ...string) map[string]int {
	w.t.Helper()
	found := map[string]int{}
	w.from(from, func(_ string, presses int, s *sheet) {
		for _, to := range paths {
			if _, ok := found[to]; !ok && to != "" && s.sends(w.shop, to) {
				found[to] = presses
			}
		}
	})
	return found
}

// typed gives something that fits a field.
func typed(f field) string {
	switch f.Kind {
	case "email":
		return "ada@example.com"
	case "password":
		return "long-enough-1"
	case "checkbox":
		return "1"
	case "select":
		return f.Options[len(f.Options)-1].Value
	case "radio":
		return f.Options[0].Value
	}
	for _, v := range []string{"12 High Street", "01632 960 555", "045-000-0199", "2310001", "84390", "カタカナ"} {
		if (f.Only == nil || f.Only(v)) && (f.Kind != "tel" || phoneForm.MatchString(v)) {
			return v
		}
	}
	return ""
}

// filled is a form with something that fits in every field.
func filled(fields []field) (pairs []string) {
	values := map[string]string{}
	for _, f := range fields {
		values[f.Name] = typed(f)
		if f.Same != "" {
			values[f.Name] = values[f.Same]
		}
		pairs = append(pairs, f.Name, values[f.Name])
	}
	return pairs
}

// put puts a product into the cart.
func (w *walker) put(p *product) *sheet {
	w.t.Helper()
	pairs := []string{w.shop.at.product, p.ID, w.shop.at.quantity, "1"}
	for _, c := range p.Options {
		pairs = append(pairs, c.Field, c.Values[0].ID)
	}
	return w.post(w.to(w.shop.at.add), pairs...)
}

// to is a path with the visit in it, where the shop has no cookies.
func (w *walker) to(path string) string {
	if w.shop.script == "" {
		return path
	}
	if w.sid == "" {
		home := w.get("/")
		w.sid = home.frames()[0].Query().Get("sid")
	}
	return w.shop.script + "?page=" + strings.TrimPrefix(path, "/") + "&sid=" + w.sid
}

// bag is the cart's page.
func (w *walker) bag() *sheet {
	w.t.Helper()
	if w.shop.script != "" {
		return w.post(w.to(w.shop.at.cart))
	}
	return w.get(w.shop.at.cart)
}

// logIn logs the known customer in.
func (w *walker) logIn() *sheet {
	w.t.Helper()
	return w.post(w.shop.at.login, "email", w.shop.known.Email, "password", w.shop.known.Password)
}

func (s *Shop) goal(name string) Goal {
	rows := s.Goals()
	return rows[slices.IndexFunc(rows, func(g Goal) bool { return g.Name == name })]
}

// Tables hold every goal once, and a state that there is.
func TestGoals(t *testing.T) {
	for _, shop := range open(t).Shops() {
		var names []string
		for _, g := range shop.Goals() {
			names = append(names, g.Name)
			if !slices.Contains([]string{Reached, Absent, NotGranted}, g.State) || g.State != Reached && g.Fewest > 0 || g.Unfold > g.Fewest {
				t.Errorf("%s: %+v", shop.ID(), g)
			}
		}
		if !slices.Equal(names, GoalNames) {
			t.Errorf("%s has rows for %v", shop.ID(), names)
		}
		if len(shop.Answers()) != len(Questions) {
			t.Errorf("%s answers %d questions", shop.ID(), len(shop.Answers()))
		}
	}
}

// What is sent by one form takes the way to the form and a press.
func TestForms(t *testing.T) {
	for _, shop := range open(t).Shops() {
		if shop.scripted {
			continue
		}
		t.Run(shop.ID(), func(t *testing.T) {
			at, w := &shop.at, walk(t, shop)
			forms := map[string]string{"search-product": at.search, "search-help": at.help, "newsletter-sign-up": at.news, "submit-contact-form": at.contact, "register": at.entry, "log-in": at.login}
			if at.lookup != "" {
				forms["order-status"] = at.lookup
			}
			near := w.near("/", at.search, at.help, at.news, at.contact, at.entry, at.login, at.lookup)
			for name, to := range forms {
				g := shop.goal(name)
				n, ok := near[to]
				if ok != (g.State == Reached) || ok && n+1 != g.Fewest-g.Unfold {
					t.Errorf("%s: a form to %q is %d presses away (%t), the table says %+v", name, to, n, ok, g)
				}
			}
			if at.login == "" {
				return
			}
			if s := w.logIn(); !strings.Contains(s.words(), shop.goal("log-in").Mark) {
				t.Fatalf("logging in leads to %s", s.url)
			}
			in := shop.goal("log-in").Fewest
			number := func(pattern string, o int) string {
				return strings.ReplaceAll(pattern, "{number}", shop.accounts[shop.known.Email].Orders[o].Number)
			}
			cancel, back := number(at.cancel, 0), number(at.giveback, 1)
			near = w.near(at.account, at.password, at.address, cancel, back)
			for name, to := range map[string]string{"change-password": at.password, "change-address": at.address, "cancel-order": cancel, "start-return": back} {
				g := shop.goal(name)
				n, ok := near[to]
				if to == "" && name == "cancel-order" && at.withdraw != "" {
					continue // by its number, once that is looked up: TestLetters sends it
				}
				if ok != (g.State == Reached) || ok && in+n+1 != g.Fewest {
					t.Errorf("%s: a form to %q is %d presses from the account (%t), the table says %+v", name, to, n, ok, g)
				}
			}
			if g := shop.goal("order-status"); at.lookup == "" {
				near := -1
				w.from(at.account, func(_ string, presses int, s *sheet) {
					if near < 0 && strings.Contains(s.words(), g.Mark) {
						near = presses
					}
				})
				if in+near != g.Fewest {
					t.Errorf("order-status: %q stands %d presses from the account, the table says %+v", g.Mark, near, g)
				}
			}
		})
	}
}

// What customers send arrives, once, and says what the table says.
func TestLetters(t *testing.T) {
	for _, shop := range open(t).Shops() {
		t.Run(shop.ID(), func(t *testing.T) {
			at, w, want := &shop.at, walk(t, shop), Counts{}
			says := func(goal string, s *sheet) {
				t.Helper()
				if g := shop.goal(goal); !shop.scripted && !strings.Contains(s.words(), g.Mark) {
					t.Errorf("%s leads to %s, which does not say %q", goal, s.url, g.Mark)
				}
			}
			if at.contact != "" {
				if s := w.post(w.to(at.contact)); s.code != http.StatusUnprocessableEntity {
					t.Errorf("an empty message gets %d", s.code)
				}
				says("submit-contact-form", w.post(w.to(at.contact), filled(shop.contact)...))
				want.Messages++
			}
			if at.news != "" {
				if s := w.post(w.to(at.news), "email", "nobody"); s.code != http.StatusUnprocessableEntity {
					t.Errorf("no address gets %d", s.code)
				}
				says("newsletter-sign-up", w.post(w.to(at.news), "email", "ada@example.com"))
				want.Subscribers++
			}
			if at.login != "" {
				if s := w.post(at.login, "email", shop.known.Email, "password", "wrong"); s.code != http.StatusUnprocessableEntity {
					t.Errorf("a wrong password gets %d", s.code)
				}
				says("register", w.post(at.entry, filled(shop.register)...))
				want.Accounts++
				w.logIn()
				orders := shop.accounts[shop.known.Email].Orders
				if at.address != "" {
					says("change-address", w.post(at.address, filled(shop.address)...))
				}
				if at.password != "" {
					says("change-password", w.post(at.password, "old", shop.known.Password, "password", "another-one-9", "again", "another-one-9"))
				}
				if at.cancel != "" {
					says("cancel-order", w.post(strings.ReplaceAll(at.cancel, "{number}", orders[0].Number)))
					want.Cancelled++
				}
				if at.giveback != "" {
					says("start-return", w.post(strings.ReplaceAll(at.giveback, "{number}", orders[1].Number)))
					want.Returned++
				}
				if at.lookup != "" && at.cancel == "" {
					says("order-status", walk(t, shop).post(at.lookup, "order", shop.known.Order, "proof", shop.known.Email))
				}
				if at.withdraw != "" {
					says("cancel-order", walk(t, shop).post(at.withdraw, "order", shop.known.Order, "proof", shop.known.Postcode, "reason", "Too slow"))
					want.Cancelled++
				}
			}
			if got := shop.Counts(); got != want {
				t.Errorf("counted %+v, want %+v", got, want)
			}
		})
	}
}

// A cart can be filled, changed and taken as far as the payment, which counts.
func TestBuying(t *testing.T) {
	for _, shop := range open(t).Shops() {
		t.Run(shop.ID(), func(t *testing.T) {
			at, w := &shop.at, walk(t, shop)
			p := shop.find(cmp.Or(append(slices.Clone(shop.featured), shop.goods[0].ID)...))
			w.put(p)
			if s := w.bag(); !strings.Contains(s.words(), p.Name) && !shop.scripted {
				t.Fatalf("the cart does not hold %s: %s", p.Name, s.words())
			}
			for _, v := range shop.visits {
				if len(v.lines) > 0 && (len(v.lines) != 1 || v.lines[0].Quantity != 1) {
					t.Errorf("the cart holds %+v", v.lines)
				}
			}
			if shop.door.Forced {
				if s := w.get(shop.steps[0].path); s.url.Path != at.login {
					t.Errorf("without an account one gets to %s", s.url)
				}
				w.logIn()
			}
			for _, step := range shop.steps {
				if s := w.post(w.to(step.path)); s.code != http.StatusUnprocessableEntity && len(step.fields) > 1 {
					t.Errorf("%s takes nothing at all: %d", step.path, s.code)
				}
				if s := w.post(w.to(step.path), filled(step.fields)...); s.code >= 400 {
					t.Errorf("%s answers %d: %s", step.path, s.code, s.words())
				}
			}
			s := w.get(w.to(cmp.Or(at.pay, at.checkout)))
			if mark := shop.goal("reach-payment").Mark; !strings.Contains(s.words(), mark) && !shop.scripted {
				t.Errorf("the payment at %s does not say %q: %s", s.url, mark, s.words())
			}
			if s := w.get(w.to(at.place)); s.code == http.StatusOK || shop.Counts().Orders != 0 {
				t.Errorf("a link can order: %d", s.code)
			}
			if shop.Sandbox() {
				s := w.post(w.to(at.place), "card", "4000 0000 0000 0002")
				if mark := shop.goal("declined-card").Mark; shop.Counts() != (Counts{Declined: 1}) || !strings.Contains(s.words(), mark) {
					t.Errorf("a declined card: %+v, without %q: %s", shop.Counts(), mark, s.words())
				}
			}
			if w.post(w.to(at.place)); shop.Counts().Orders != 1 {
				t.Errorf("%d payments counted", shop.Counts().Orders)
			}
		})
	}
}

// Where what a cart holds can be changed, nought takes it out.
func TestCart(t *testing.T) {
	for _, shop := range open(t).Shops() {
		w := walk(t, shop)
		p := shop.find(cmp.Or(append(slices.Clone(shop.featured), shop.goods[0].ID)...))
		w.put(p)
		w.put(p)
		var v *visit
		for _, other := range shop.visits {
			if len(other.lines) > 0 {
				v = other
			}
		}
		if v == nil || v.lines[0].Quantity != 2 {
			t.Errorf("%s: twice the same is no line of two", shop.ID())
			continue
		}
		key := v.lines[0].Key()
		w.post(w.to(shop.at.change), strings.ReplaceAll(shop.at.lineQuantity, "%s", key), "3")
		if v.lines[0].Quantity != 3 {
			t.Errorf("%s: %d of it, want 3", shop.ID(), v.lines[0].Quantity)
		}
		w.post(w.to(shop.at.change), "remove", key)
		if len(v.lines) != 0 {
			t.Errorf("%s: it is still there", shop.ID())
		}
	}
}

// Prices are what the table says, at each place.
func TestPrices(t *testing.T) {
	for _, shop := range open(t).Shops() {
		for _, price := range shop.Prices() {
			w, p := walk(t, shop), shop.find(price.Product)
			if p == nil {
				t.Errorf("%s has no %s", shop.ID(), price.Product)
				continue
			}
			flat := func(s *sheet) string { return strings.ReplaceAll(s.words(), "\u00a0", " ") }
			if !shop.scripted {
				page := flat(w.get(w.to(strings.ReplaceAll(shop.at.item, "{id}", p.ID))))
				if shop.script != "" {
					page = flat(w.get(w.to("/item") + "&id=" + p.ID))
				}
				list := strings.ReplaceAll(shop.at.list, "{id}", p.Shelf)
				if shop.script != "" {
					list = w.to("/shelf") + "&id=" + p.Shelf
				}
				if !strings.Contains(flat(w.get(list)), price.List) {
					t.Errorf("%s: the list with %s does not say %q", shop.ID(), p.ID, price.List)
				}
				for _, want := range []string{price.Page, price.Was, price.Until} {
					if !strings.Contains(page, want) {
						t.Errorf("%s: the page of %s does not say %q", shop.ID(), p.ID, want)
					}
				}
			}
			if price.Sign != (p.Stock == out) || price.OutInCart != (p.Stock == outInCart) {
				t.Errorf("%s: the table is wrong about the stock of %s", shop.ID(), p.ID)
			}
			if price.Cart == "" {
				if s := w.put(p); s.code != http.StatusUnprocessableEntity {
					t.Errorf("%s: %s can be had", shop.ID(), p.ID)
				}
				continue
			}
			w.put(p)
			if got := shop.money((line{Product: p, Quantity: 1}).Each()); strings.ReplaceAll(got, "\u00a0", " ") != price.Cart {
				t.Errorf("%s: the cart asks %s for %s, the table says %s", shop.ID(), got, p.ID, price.Cart)
			}
			if cart := flat(w.bag()); !strings.Contains(cart, price.Cart) && !shop.scripted {
				t.Errorf("%s: the cart does not say %q", shop.ID(), price.Cart)
			}
			if price.OutInCart && w.get(shop.at.checkout).url.Path != shop.at.cart {
				t.Errorf("%s lets one pay for what is gone", shop.ID())
			}
		}
	}
}

// telling are words without which a question can't be answered.
var telling = map[string]*regexp.Regexp{
	"gift-wrap":    regexp.MustCompile(`(?i)gift.?wrap|wrap presents|Geschenk ein|als Geschenk|ギフト包装|papier cadeau`),
	"warranty":     regexp.MustCompile(`(?i)warranty|guarantee|Garantie|保証`),
	"phone-hours":  regexp.MustCompile(`(?i)\d ?(am|a\.m\.)|lines are open|Uhr\)|受付時間|de 9 h|10 till 5`),
	"order-change": regexp.MustCompile(`(?i)(change|cancel)[a-z ]* (it|order|your order)\b|order you|stornieren|annuler`),
	"return-postage": regexp.MustCompile(
		`(?i)return (postage|shipping|freight|label)|returns are free|postage for returns|Rücksendung|返送料|frais de retour|collect it`),
}

// Questions are answered where the table says so, and the others nowhere.
func TestAnswers(t *testing.T) {
	for _, shop := range open(t).Shops() {
		t.Run(shop.ID(), func(t *testing.T) {
			w, all := walk(t, shop), ""
			w.crawl(func(_ string, _ int, s *sheet) { all += s.words() + "\n" })
			for _, a := range shop.Answers() {
				if a.Sentence == "" {
					if telling[a.Question] != nil && telling[a.Question].MatchString(all) {
						t.Errorf("%s: %q stands somewhere", a.Question, telling[a.Question].FindString(all))
					}
					continue
				}
				path := a.Path
				if shop.script != "" {
					path += "&sid=" + w.sid
				}
				path, _, _ = strings.Cut(path, "#")
				if s := w.get(path); !strings.Contains(s.words(), a.Sentence) {
					t.Errorf("%s: %s does not say %q", a.Question, path, a.Sentence)
				}
				if re := telling[a.Question]; re != nil && !re.MatchString(all) {
					t.Errorf("%s: %q would not be noticed", a.Question, a.Sentence)
				}
			}
		})
	}
}

// The shop of decoys has none of the real things.
func TestDecoys(t *testing.T) {
	shop := open(t, "greenlens").Shops()[0]
	walk(t, shop).crawl(func(path string, _ int, s *sheet) {
		for _, n := range s.all("") {
			href, _ := attr(n, "href")
			kind, _ := attr(n, "type")
			role, _ := attr(n, "role")
			if n.Data == "textarea" || kind == "search" || role == "search" || strings.HasPrefix(href, "mailto:") || strings.HasPrefix(href, "tel:") {
				t.Errorf("%s holds a real <%s>", path, n.Data)
			}
		}
		if re := regexp.MustCompile(`(?i)[a-z]@[a-z]|refund|\bship(ping)? (costs?|is)|call us`); re.MatchString(s.words()) {
			t.Errorf("%s says %q", path, re.FindString(s.words()))
		}
	})
}

// Payments can only be posted.
func TestNothingOrdersByALink(t *testing.T) {
	for _, shop := range open(t).Shops() {
		w := walk(t, shop)
		w.put(&shop.goods[0])
		check := func(path string, _ int, s *sheet) {
			for _, u := range s.links() {
				if u.Path == shop.at.place || shop.script != "" && "/"+u.Query().Get("page") == shop.at.place {
					t.Errorf("%s: %s links to the payment", shop.ID(), path)
				}
			}
			for _, n := range s.all("form") {
				action, _ := attr(n, "action")
				if method, _ := attr(n, "method"); strings.HasPrefix(action, shop.at.place) && !strings.EqualFold(method, "post") {
					t.Errorf("%s: a form on %s pays by %s", shop.ID(), path, method)
				}
			}
		}
		w.crawl(check)
		if shop.Counts().Orders != 0 {
			t.Errorf("%s: links alone have ordered", shop.ID())
		}
	}
}

func TestOpenByName(t *testing.T) {
	if s := open(t, "fable-socks", "greenlens"); len(s.Shops()) != 2 || s.Shop("greenlens") == nil || s.Shop("moor-and-fell") != nil {
		t.Errorf("%d shops stand open", len(s.Shops()))
	}
	if _, err := Open(t.Context(), nil, "nowhere"); err == nil {
		t.Error("a shop that is not there can be opened")
	}
}
