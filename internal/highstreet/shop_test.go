package highstreet

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// A visitor walks through the shop as a browser does: with cookies, following
// redirects, reading HTML.
type visitor struct {
	t    *testing.T
	c    *http.Client
	base *url.URL
}

func enter(t *testing.T, s *Street) *visitor { return enterShop(t, s.ShopURL) }

func enterShop(t *testing.T, start string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	base, err := url.Parse(start)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t, &http.Client{Jar: jar, Timeout: 10 * time.Second}, base}
}

// A document is a page as it was served.
type document struct {
	code int
	path string
	text string
	root *html.Node
}

func (v *visitor) read(r *http.Response, err error) *document {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(string(b)))
	if err != nil {
		v.t.Fatal(err)
	}
	return &document{r.StatusCode, r.Request.URL.Path, string(b), root}
}

func (v *visitor) get(path string) *document {
	v.t.Helper()
	return v.read(v.c.Get(v.base.JoinPath(path).String()))
}

func (v *visitor) post(path string, fields ...string) *document {
	v.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return v.read(v.c.PostForm(v.base.JoinPath(path).String(), form))
}

// all gives the elements of these tags, in the order of the document.
func all(n *html.Node, tags ...string) (found []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && slices.Contains(tags, d.Data) {
			found = append(found, d)
		}
	}
	return found
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func has(n *html.Node, name string) bool { _, ok := attr(n, name); return ok }

// form finds a form by its id.
func (d *document) form(id string) *html.Node {
	for _, f := range all(d.root, "form") {
		if got, _ := attr(f, "id"); got == id {
			return f
		}
	}
	return nil
}

// fields counts what a customer is shown in a form: radio buttons of one name
// are one field.
func fields(form *html.Node) (visible, required, prefilled int) {
	kinds := map[string][3]bool{}
	for _, n := range all(form, "input", "select", "textarea") {
		kind, _ := attr(n, "type")
		if kind == "hidden" || kind == "submit" {
			continue
		}
		name, _ := attr(n, "name")
		value, _ := attr(n, "value")
		filled := value != "" && kind != "radio" || kind == "radio" && has(n, "checked")
		for _, o := range all(n, "option") {
			filled = filled || has(o, "selected")
		}
		k := kinds[name]
		kinds[name] = [3]bool{true, k[1] || has(n, "required"), k[2] || filled}
	}
	for _, k := range kinds {
		visible++
		if k[1] {
			required++
		}
		if k[2] {
			prefilled++
		}
	}
	return visible, required, prefilled
}

var address = []string{"email", "shopper+x@postbox.example", "name", "Anna Whitlock", "street", "7 Assayers Row", "city", "London",
	"postcode", "SE1 9ZZ", "country", "GB", "phone", "", "delivery", "standard"}

// with gives the address with one field changed.
func with(field, value string) []string {
	a := slices.Clone(address)
	a[slices.Index(a, field)+1] = value
	return a
}

// TestBuyToPayment walks to payment, counts the fields that the truth table
// speaks of, and leaves without an order.
func TestBuyToPayment(t *testing.T) {
	s := open(t, Options{})
	v := enter(t, s)
	if d := v.get("/checkout"); d.path != "/basket" {
		t.Errorf("an empty basket goes to %s", d.path)
	}
	if d := v.get("/product/willow"); !strings.Contains(d.text, "£39") {
		t.Error("the product shows no price")
	}
	if d := v.post("/basket", "product", "willow", "size", "medium", "quantity", "1"); d.path != "/basket" || !strings.Contains(d.text, "£42.95") {
		t.Errorf("%s: the basket does not show goods and delivery", d.path)
	}
	if d := v.get("/checkout/payment"); d.path != "/checkout" {
		t.Errorf("payment before the address: %s", d.path)
	}
	d := v.get("/checkout")
	i := slices.IndexFunc(TheTruth().Web, func(w WebTruth) bool { return w.Scenario == "buy-to-payment" })
	truth := TheTruth().Web[i]
	if n, required, prefilled := fields(d.form("details")); n != truth.Visible || required != truth.Required || prefilled != truth.Prefilled {
		t.Errorf("the form shows %d fields, %d required, %d prefilled; the truth table says %d, %d, %d", n, required, prefilled, truth.Visible, truth.Required, truth.Prefilled)
	}
	d = v.post("/checkout", address...)
	if d.path != "/checkout/payment" || d.code != http.StatusOK || !strings.Contains(d.text, "Place order, £42.95") {
		t.Errorf("%d %s", d.code, d.path)
	}
	if !strings.Contains(v.get("/checkout").text, "7 Assayers Row") {
		t.Error("going back loses the address")
	}
	if n := s.Orders(); n != 0 {
		t.Errorf("%d orders", n)
	}
}

func TestOrdersAreCounted(t *testing.T) {
	s := open(t, Options{})
	v := enter(t, s)
	v.post("/order/place", "card", "4111 1111 1111 1111", "holder", "A", "expiry", "12/30", "code", "123")
	if n := s.Orders(); n != 0 {
		t.Errorf("an empty basket was ordered %d times", n)
	}
	v.post("/basket", "product", "assam", "size", "tin", "quantity", "2")
	v.post("/checkout", address...)
	d := v.post("/order/place", "card", "4111 1111 1111 1112", "holder", "Anna", "expiry", "12/30", "code", "123")
	if d.code != http.StatusUnprocessableEntity || !strings.Contains(d.text, "Please check the card number") || strings.Contains(d.text, "4111") || !strings.Contains(d.text, `value="12/30"`) {
		t.Errorf("a wrong card: %d", d.code)
	}
	if n := s.Orders(); n != 0 {
		t.Errorf("a wrong card ordered %d times", n)
	}
	d = v.post("/order/place", "card", "4111 1111 1111 1111", "holder", "Anna", "expiry", "12/30", "code", "123")
	if d.path != "/order/thanks" || !strings.Contains(d.text, "KL-31001") || s.Orders() != 1 {
		t.Errorf("%s, %d orders", d.path, s.Orders())
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.base.JoinPath("/order/place").String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Origin", "https://elsewhere.example")
	if d := v.read(v.c.Do(request)); d.code != http.StatusForbidden {
		t.Errorf("a form of another site was taken: %d", d.code)
	}
}

func TestCheckoutMistakes(t *testing.T) {
	v := enter(t, open(t, Options{}))
	v.post("/basket", "product", "harbour", "size", "large", "quantity", "1")
	for field, tt := range map[string]struct{ value, says string }{
		"email":    {"anna at home", "Please enter a mail address such as"},
		"name":     {" ", "Please enter your name."},
		"street":   {"", "Please enter your street"},
		"city":     {"", "Please enter your town"},
		"postcode": {"12345", "UK postcode"},
		"country":  {"ZZ", "that we deliver to"},
		"phone":    {"call me", "or leave it out"},
		"delivery": {"by pigeon", "how we should deliver"},
	} {
		d := v.post("/checkout", with(field, tt.value)...)
		marked := 0
		for _, n := range all(d.root, "input", "select") {
			if id, _ := attr(n, "aria-describedby"); has(n, "aria-invalid") && strings.HasSuffix(id, field+"-wrong") {
				marked++
			}
		}
		for _, f := range faultsOf(d) {
			t.Errorf("%s: %s", field, f)
		}
		if d.code != http.StatusUnprocessableEntity || !strings.Contains(d.text, tt.says) || (marked != 1 && field != "delivery") {
			t.Errorf("%s: %d, %d fields marked", field, d.code, marked)
		}
		if field != "street" && !strings.Contains(d.text, "7 Assayers Row") {
			t.Errorf("%s: the rest was forgotten", field)
		}
	}
	if d := v.post("/checkout", with("postcode", "10115")...); d.path != "/checkout" {
		t.Errorf("a foreign postcode in the United Kingdom: %s", d.path)
	}
	german := with("country", "DE")
	german[slices.Index(german, "postcode")+1] = "10115"
	if d := v.post("/checkout", german...); d.path != "/checkout/payment" {
		t.Errorf("a German address: %s", d.path)
	}
}

func TestBasket(t *testing.T) {
	v := enter(t, open(t, Options{}))
	for field, value := range map[string]string{"size": "huge", "quantity": "0"} {
		form := map[string]string{"product": "willow", "size": "small", "quantity": "1"}
		form[field] = value
		if d := v.post("/basket", "product", form["product"], "size", form["size"], "quantity", form["quantity"]); d.code != http.StatusUnprocessableEntity || !strings.Contains(d.text, `aria-invalid="true"`) {
			t.Errorf("%s %q: %d", field, value, d.code)
		}
	}
	v.post("/basket", "product", "willow", "size", "small", "quantity", "1")
	v.post("/basket", "product", "willow", "size", "small", "quantity", "2")
	if d := v.get("/basket"); !strings.Contains(d.text, "£102") || !strings.Contains(d.text, "Free") {
		t.Error("three of one are not one line with free delivery")
	}
	if d := v.post("/basket/willow.small", "quantity", "1"); !strings.Contains(d.text, "£37.95") {
		t.Error("the quantity was not changed")
	}
	if d := v.post("/basket/willow.small", "quantity", "many"); d.code != http.StatusUnprocessableEntity {
		t.Errorf("a quantity in words: %d", d.code)
	}
	if d := v.post("/basket/willow.small", "quantity", "1", "remove", "yes"); !strings.Contains(d.text, "It is empty") {
		t.Error("the line was not removed")
	}
	if other := enterShop(t, v.base.String()).get("/basket"); !strings.Contains(other.text, "It is empty") {
		t.Error("visitors share a basket")
	}
}

func TestHelpAndContact(t *testing.T) {
	s := open(t, Options{})
	v := enter(t, s)
	if d := v.read(v.c.Get(s.ShopURL + "help?q=return")); !strings.Contains(d.text, "within 60 days") || len(all(d.root, "details")) >= len(kettleAndLeaf().questions) {
		t.Error("the search for return finds no answer, or all")
	}
	if d := v.read(v.c.Get(s.ShopURL + "help?q=" + url.QueryEscape("<script>alert(1)</script>"))); strings.Contains(d.text, "<script>") || !strings.Contains(d.text, "Ask a person") {
		t.Error("a search without a result does not lead to a person, or is not escaped")
	}
	d := v.get("/contact")
	for _, link := range []string{"mailto:hello@kettle-and-leaf.example", "tel:+441632960123"} {
		if !slices.ContainsFunc(all(d.root, "a"), func(n *html.Node) bool { href, _ := attr(n, "href"); return href == link }) {
			t.Errorf("no link %s", link)
		}
	}
	if d := v.post("/contact", "name", "Anna", "email", "nowhere", "message", "Hello there"); d.code != http.StatusUnprocessableEntity || !strings.Contains(d.text, "Hello there") {
		t.Errorf("a wrong address: %d", d.code)
	}
	w := watch(t, s)
	if d := v.post("/contact", "name", "Anna Whitlock", "email", "shopper+form@postbox.example", "message", "How long does delivery take?"); d.path != "/contact/sent" {
		t.Errorf("sent to %s", d.path)
	}
	sent := s.Clock.Now()
	pass(t, s, w, sent.Add(24*time.Hour))
	if len(w.got) != 2 || w.got[0].class() != acknowledgement || w.got[1].class() != human || w.got[1].at.Sub(sent) != time.Hour+40*time.Minute {
		t.Errorf("the form led to %d mails", len(w.got))
	}
}

// TestPages holds every page of every shop that can be reached against the
// rules of accessible HTML: a language, one heading, one main part, a label
// for each field, ids that are unique, links that lead somewhere but where the
// shop is known for those that do not.
func TestPages(t *testing.T) {
	s := open(t, Options{})
	for _, shop := range s.shops {
		t.Run(shop.site, func(t *testing.T) {
			v := enterShop(t, s.URLs[shop.site])
			v.fill(shop)
			for _, st := range shop.steps {
				if d := v.post(st.Path, shop.right(st)...); d.code != http.StatusOK {
					t.Fatalf("the step %s of the checkout: %d", st.Path, d.code)
				}
			}
			seen, dead, queue := map[string]bool{}, []string{}, []string{"/", shop.paths.payment, shop.paths.sent, shop.paths.newsletter, shop.paths.search + "?q=e", "/nothing-here"}
			for _, st := range shop.steps {
				queue = append(queue, st.Path)
			}
			for len(queue) > 0 {
				path := queue[0]
				queue = queue[1:]
				if seen[path] {
					continue
				}
				seen[path] = true
				d := v.read(v.c.Get(strings.TrimSuffix(v.base.String(), "/") + path))
				if slices.Contains(shop.dead, path) {
					dead = append(dead, path)
				}
				if want := map[bool]int{true: 404, false: 200}[path == "/nothing-here" || slices.Contains(shop.dead, path)]; d.code != want {
					t.Errorf("%s: %d", path, d.code)
				}
				for _, link := range all(d.root, "a", "link", "script") {
					href, _ := attr(link, "href")
					if src, ok := attr(link, "src"); ok {
						href = src
					}
					if strings.HasPrefix(href, "/") {
						queue = append(queue, href)
					}
				}
				if slices.ContainsFunc([]string{".css", ".svg", ".js"}, func(end string) bool { return strings.HasSuffix(path, end) }) {
					continue
				}
				for _, fault := range faultsOf(d) {
					t.Errorf("%s: %s", path, fault)
				}
			}
			if want := 18; len(seen) < want {
				t.Errorf("only %d pages were reached: %v", len(seen), seen)
			}
			if len(dead) != len(shop.dead) {
				t.Errorf("of the dead links %v pages show only %v", shop.dead, dead)
			}
		})
	}
	if n := s.Orders(); n != 0 {
		t.Errorf("%d orders", n)
	}
}

// fill puts the shop's first product into the basket.
func (v *visitor) fill(shop *shop) {
	v.t.Helper()
	p := &shop.products[0]
	if d := v.post(shop.paths.basket, "product", p.ID, "size", p.Sizes[0].ID, "quantity", "1"); d.path != shop.paths.basket {
		v.t.Fatalf("%s: the basket is at %s", shop.site, d.path)
	}
}

// answers fills the fields of a form as a careful customer would.
func answers(fields []field) (list []string) {
	known := map[string]string{"email": "shopper+x@postbox.example", "tel": "01632 960 555", "password": "a long one", "checkbox": "yes"}
	byName := map[string]string{"postcode": "SE1 9ZZ", "birth": "14/03/1984"}
	for _, f := range fields {
		value := "Anna Whitlock"
		if k := known[f.Kind]; k != "" {
			value = k
		}
		if k := byName[f.Name]; k != "" {
			value = k
		}
		for _, o := range f.Options {
			if o.Value != "" {
				value = o.Value
				break
			}
		}
		if f.Kind != "way" {
			list = append(list, f.Name, value)
		}
	}
	return list
}

// TestEveryCheckout buys at each shop: no step can be left out, none takes an
// empty form, and only placing the order makes one.
func TestEveryCheckout(t *testing.T) {
	s := open(t, Options{})
	for i, shop := range s.shops {
		t.Run(shop.site, func(t *testing.T) {
			v := enterShop(t, s.URLs[shop.site])
			card := []string{"card", "4111 1111 1111 1111", "holder", "Anna", "expiry", "12/30", "code", "123"}
			v.post(shop.paths.place, card...)
			v.fill(shop)
			for _, st := range shop.steps {
				if d := v.post(st.Path, "country", "XX"); d.code != http.StatusUnprocessableEntity {
					t.Errorf("%s takes an empty form: %d", st.Path, d.code)
				}
				v.post(shop.paths.place, card...)
				if n := shop.placed(); n != 0 {
					t.Fatalf("ordered before %s", st.Path)
				}
				if d := v.post(st.Path, shop.right(st)...); d.code != http.StatusOK {
					t.Errorf("%s: %d", st.Path, d.code)
				}
			}
			v.post(shop.paths.place, "card", "1")
			if n := shop.placed(); n != 0 {
				t.Error("ordered without a card")
			}
			if d := v.post(shop.paths.place, card...); d.path != shop.paths.thanks || shop.placed() != 1 || s.Orders() != i+1 {
				t.Errorf("%s: %d orders", d.path, shop.placed())
			}
		})
	}
}

// TestOrderDesk follows an order in the sandbox: a confirmation after 20 s and
// word of the parcel after 26 h.
func TestOrderDesk(t *testing.T) {
	s := open(t, Options{})
	v, w := enter(t, s), watch(t, s)
	v.post("/basket", "product", "willow", "size", "medium", "quantity", "1")
	v.post("/checkout", address...)
	ordered := s.Clock.Now()
	v.post("/order/place", "card", "4111 1111 1111 1111", "holder", "Anna", "expiry", "12/30", "code", "123")
	pass(t, s, w, ordered.Add(48*time.Hour))
	var truth MailTruth
	for _, m := range TheTruth().Form {
		if m.Scenario == "order-in-sandbox" {
			truth = m
		}
	}
	if len(w.got) != len(truth.Arrivals) || len(w.got) != 2 {
		t.Fatalf("%d mails, the truth has %d", len(w.got), len(truth.Arrivals))
	}
	for i, a := range truth.Arrivals {
		if after := w.got[i].at.Sub(ordered); after != a.After || a.Class != "order" {
			t.Errorf("mail %d: %s after %v", i+1, a.Class, after)
		}
	}
}

// TestNewsletter signs up where shops ask for it on every page.
func TestNewsletter(t *testing.T) {
	s := open(t, Options{})
	for _, shop := range s.shops[:2] {
		v := enterShop(t, s.URLs[shop.site])
		if d := v.get("/help"); !strings.Contains(d.text, `action="/newsletter"`) {
			t.Errorf("%s: no sign-up on its pages", shop.site)
		}
		if d := v.post("/newsletter", "subscriber", "nobody"); d.code != http.StatusUnprocessableEntity || len(shop.subscribers) != 0 {
			t.Errorf("%s: a wrong address: %d", shop.site, d.code)
		}
		if d := v.post("/newsletter", "subscriber", "shopper+n@postbox.example"); d.path != "/newsletter" || !slices.Equal(shop.subscribers, []string{"shopper+n@postbox.example"}) {
			t.Errorf("%s: %s, %v", shop.site, d.path, shop.subscribers)
		}
	}
}

// TestSinglePage asks the single-page shop what its script asks.
func TestSinglePage(t *testing.T) {
	s := open(t, Options{})
	v := enterShop(t, s.URLs["lumen-lamps"])
	ask := func(method, path, body string) *document {
		r, err := http.NewRequestWithContext(t.Context(), method, strings.TrimSuffix(v.base.String(), "/")+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", "application/json")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return v.read(v.c.Do(r))
	}
	for _, step := range []struct {
		method, path, body string
		code               int
		says               string
	}{
		{"GET", "/api/goods?q=linen", "", 200, `"id":"heron"`},
		{"GET", "/api/goods?q=nothing+of+that+name", "", 200, "[]"},
		{"GET", "/api/questions?q=send+back", "", 200, "Within 30 days"},
		{"POST", "/basket", "product=moss&size=pink&quantity=1", 422, "Please choose a size."},
		{"POST", "/basket", "product=moss&size=soot&quantity=1", 200, `"next":"/basket"`},
		{"GET", "/api/basket", "", 200, `"total":"£89"`},
		{"POST", "/checkout", "email=nowhere", 422, "Please enter a mail address"},
		{"POST", "/contact", "name=Anna&email=a@b.example&message=Hello", 200, `"next":"/contact/sent`},
		{"GET", "/product/moss", "", 200, "/script.js"},
		{"GET", "/product/none", "", 404, "/script.js"},
	} {
		if d := ask(step.method, step.path, step.body); d.code != step.code || !strings.Contains(d.text, step.says) {
			t.Errorf("%s %s %s: %d %.300s", step.method, step.path, step.body, d.code, d.text)
		}
	}
}

// right fills a step of the checkout as a careful customer would.
func (s *shop) right(st step) []string {
	list := answers(st.Fields)
	return append(list, "delivery", s.ways[0].ID)
}

func faultsOf(d *document) (faults []string) {
	for _, n := range all(d.root, "template") { // blanks for a script, one of which is shown at a time
		n.Parent.RemoveChild(n)
	}
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if lang, _ := attr(all(d.root, "html")[0], "lang"); lang == "" {
		fault("no language")
	}
	for _, tag := range []string{"title", "main", "h1"} {
		if n := len(all(d.root, tag)); n != 1 {
			fault("%d of %s", n, tag)
		}
	}
	ids, labels := map[string]bool{}, map[string]bool{}
	for n := range d.root.Descendants() {
		if id, ok := attr(n, "id"); ok {
			if ids[id] {
				fault("the id %s twice", id)
			}
			ids[id] = true
		}
	}
	for _, l := range all(d.root, "label") {
		of, _ := attr(l, "for")
		labels[of] = true
		if !ids[of] {
			fault("a label for %q, which is not there", of)
		}
	}
	for _, n := range all(d.root, "input", "select", "textarea") {
		id, _ := attr(n, "id")
		kind, _ := attr(n, "type")
		if kind != "hidden" && !labels[id] {
			fault("the field %s has no label", id)
		}
		if token, _ := attr(n, "autocomplete"); token == "" && slices.Contains([]string{"email", "name", "street", "city", "postcode", "country", "phone", "card"}, id) {
			fault("the field %s does not say what it takes", id)
		}
	}
	for n := range d.root.Descendants() {
		by, _ := attr(n, "aria-describedby")
		for id := range strings.FieldsSeq(by) {
			if !ids[id] {
				fault("described by %q, which is not there", id)
			}
		}
	}
	for _, n := range all(d.root, "svg") {
		if hidden, _ := attr(n, "aria-hidden"); hidden != "true" {
			fault("a drawing without words is not hidden from screen readers")
		}
	}
	for _, n := range all(d.root, "img", "iframe", "style") {
		fault("a %s", n.Data)
	}
	for _, n := range all(d.root, "script") {
		if src, _ := attr(n, "src"); !strings.HasPrefix(src, "/") {
			fault("a script in the page, or from elsewhere: %s", src)
		}
	}
	for _, n := range all(d.root, "link") {
		if href, _ := attr(n, "href"); !strings.HasPrefix(href, "/") {
			fault("something is loaded from elsewhere: %s", href)
		}
	}
	return faults
}
