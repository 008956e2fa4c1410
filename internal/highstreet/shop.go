package highstreet

import (
	"bytes"
	"crypto/rand"
	"embed"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed templates
var files embed.FS

// shopName is what the one shop of the street that has a web site is called.
const shopName = "Kettle & Leaf"

// A shop is Kettle & Leaf on the web: rendered on the server, one page after
// another, no script. What a visitor did is kept in memory by a cookie.
type shop struct {
	log   *slog.Logger
	pages map[string]*template.Template

	// enquire hands a message from the contact form to the desk, and gives
	// the number under which it is kept.
	enquire func(from mail.Address, subject, text string) (ticket string)

	mu     sync.Mutex
	visits map[string]*visit
	orders int
}

// A visit is what the shop knows of one visitor.
type visit struct {
	lines   []line
	details details
	order   string // number of the order that was placed last
}

// A line is one position of the basket.
type line struct {
	Product  *product
	Size     *size
	Quantity int
}

// Cost is the price of the whole line.
func (l line) Cost() pence { return pence(l.Quantity) * l.Size.Price }

// details are what the first page of the checkout asks for.
type details struct{ Email, Name, Street, City, Postcode, Country, Phone, Way string }

// mostOfOne is how many of one thing may be ordered at once.
const mostOfOne = 12

func newShop(log *slog.Logger, enquire func(mail.Address, string, string) string) (http.Handler, *shop, error) {
	s := &shop{log: log, enquire: enquire, pages: map[string]*template.Template{}, visits: map[string]*visit{}}
	frame, err := template.New("frame.html").Funcs(template.FuncMap{"draw": s.draw}).ParseFS(files, "templates/frame.html", "templates/drawings.html")
	if err != nil {
		return nil, nil, fmt.Errorf("read the shop's frame: %w", err)
	}
	s.pages["drawings"] = frame
	for _, name := range []string{"home", "category", "product", "basket", "checkout", "payment", "thanks", "help", "contact", "sent", "delivery", "returns", "privacy", "missing"} {
		page, err := template.Must(frame.Clone()).ParseFS(files, "templates/"+name+".html")
		if err != nil {
			return nil, nil, fmt.Errorf("read the shop's page %s: %w", name, err)
		}
		s.pages[name] = page
	}

	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /shop/{category}", s.category)
	mux.HandleFunc("GET /product/{id}", s.product)
	mux.HandleFunc("GET /basket", s.basket)
	mux.HandleFunc("POST /basket", s.add)
	mux.HandleFunc("POST /basket/{line}", s.change)
	mux.HandleFunc("GET /checkout", s.checkout)
	mux.HandleFunc("POST /checkout", s.checkedOut)
	mux.HandleFunc("GET /checkout/payment", s.payment)
	mux.HandleFunc("POST /order/place", s.place)
	mux.HandleFunc("GET /order/thanks", s.thanks)
	mux.HandleFunc("GET /help", s.help)
	mux.HandleFunc("GET /contact", s.contact)
	mux.HandleFunc("POST /contact", s.contacted)
	mux.HandleFunc("GET /contact/sent", s.sent)
	for _, name := range []string{"delivery", "returns", "privacy"} {
		mux.HandleFunc("GET /"+name, func(w http.ResponseWriter, r *http.Request) { s.show(w, r, http.StatusOK, name, page{}) })
	}
	mux.HandleFunc("GET /style.css", asset("templates/style.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /favicon.svg", asset("templates/favicon.svg", "image/svg+xml"))
	mux.HandleFunc("GET /robots.txt", asset("templates/robots.txt", "text/plain; charset=utf-8"))
	mux.HandleFunc("GET /", s.missing)
	return http.NewCrossOriginProtection().Handler(secured(mux)), s, nil
}

// placed is how many orders were placed.
func (s *shop) placed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orders
}

// A page is what every template is given.
type page struct {
	Title      string
	Path       string
	Categories []category
	InBasket   int

	Category  *category
	Products  []*product
	Product   *product
	Lines     []line
	Goods     pence
	Delivery  pence
	Details   details
	Ways      []way
	Way       *way
	Countries []country
	Query     string
	Found     []question
	Number    string
	Form      url.Values        // what was typed, to be shown again
	Errors    map[string]string // by field
}

// Total is what there is to pay.
func (p page) Total() pence { return p.Goods + p.Delivery }

// A mistake is what stands below a field that has to be mended.
type mistake struct{ ID, Text string }

// Err is the mistake in a field, or nil.
func (p page) Err(field string) *mistake {
	if p.Errors[field] == "" {
		return nil
	}
	return &mistake{field + "-wrong", p.Errors[field]}
}

// Bad gives a field its attributes for screen readers: whether there is a
// mistake in it, and what describes it. Field names and hints are ours.
func (p page) Bad(field string, hints ...string) template.HTMLAttr {
	var attr string
	if m := p.Err(field); m != nil {
		hints = append(hints, m.ID)
		attr = ` aria-invalid="true"`
	}
	if len(hints) > 0 {
		attr += fmt.Sprintf(" aria-describedby=%q", strings.Join(hints, " "))
	}
	return template.HTMLAttr(attr)
}

// ToFree is how much is missing for free delivery.
func (p page) ToFree() pence { return max(0, ways[0].FreeFrom-p.Goods) }

// show renders a page to the end before anything of it is sent.
func (s *shop) show(w http.ResponseWriter, r *http.Request, code int, name string, p page) {
	v := s.visit(w, r)
	p.Path, p.Categories = r.URL.Path, categories
	s.mu.Lock()
	for _, l := range v.lines {
		p.InBasket += l.Quantity
	}
	s.mu.Unlock()
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, "frame.html", p); err != nil {
		s.log.Error("a page of the shop could not be rendered", "page", name, "error", err)
		http.Error(w, "We are sorry: this page is out of order.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes()) // a visitor who has left needs no page
}

// draw renders the drawing of a product. The drawings are templates of ours,
// so their output is HTML by construction.
func (s *shop) draw(p *product) (template.HTML, error) {
	var b strings.Builder
	err := s.pages["drawings"].ExecuteTemplate(&b, p.Drawing, p)
	return template.HTML(b.String()), err
}

// visit gives the visitor's state, and a cookie to one who comes for the first
// time.
func (s *shop) visit(w http.ResponseWriter, r *http.Request) *visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, err := r.Cookie("visit"); err == nil {
		if v := s.visits[c.Value]; v != nil {
			return v
		}
	}
	id, v := rand.Text(), &visit{details: details{Country: "GB", Way: "standard"}}
	s.visits[id] = v
	cookie := &http.Cookie{Name: "visit", Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	http.SetCookie(w, cookie)
	r.AddCookie(cookie) // for whoever asks again while this request is answered
	return v
}

// summary is the basket as pages show it.
func (s *shop) summary(v *visit) page {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := page{Lines: slices.Clone(v.lines), Details: v.details, Ways: ways, Way: wayOf(v.details.Way), Countries: countries}
	for _, l := range p.Lines {
		p.Goods += l.Cost()
	}
	p.Delivery = p.Way.Cost(p.Goods)
	return p
}

func (s *shop) home(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "home", page{Products: []*product{find("willow"), find("drift"), find("assam"), find("pebble")}})
}

func (s *shop) category(w http.ResponseWriter, r *http.Request) {
	c := shelf(r.PathValue("category"))
	if c == nil {
		s.missing(w, r)
		return
	}
	s.show(w, r, http.StatusOK, "category", page{Title: c.Name, Category: c, Products: onShelf(c.ID)})
}

func (s *shop) product(w http.ResponseWriter, r *http.Request) {
	p := find(r.PathValue("id"))
	if p == nil {
		s.missing(w, r)
		return
	}
	s.show(w, r, http.StatusOK, "product", page{Title: p.Name, Product: p, Category: shelf(p.Category), Form: url.Values{"quantity": {"1"}}})
}

func (s *shop) basket(w http.ResponseWriter, r *http.Request) {
	p := s.summary(s.visit(w, r))
	p.Title = "Your basket"
	s.show(w, r, http.StatusOK, "basket", p)
}

// add puts something into the basket; more of the same joins its line.
func (s *shop) add(w http.ResponseWriter, r *http.Request) {
	p := find(r.FormValue("product"))
	if p == nil {
		s.missing(w, r)
		return
	}
	mistakes := map[string]string{}
	z := p.Size(r.FormValue("size"))
	if z == nil {
		mistakes["size"] = "Please choose a size."
	}
	n, err := strconv.Atoi(r.FormValue("quantity"))
	if err != nil || n < 1 || n > mostOfOne {
		mistakes["quantity"] = fmt.Sprintf("Please enter a number from 1 to %d.", mostOfOne)
	}
	if len(mistakes) > 0 {
		s.show(w, r, http.StatusUnprocessableEntity, "product", page{Title: p.Name, Product: p, Category: shelf(p.Category), Form: r.Form, Errors: mistakes})
		return
	}
	v := s.visit(w, r)
	s.mu.Lock()
	i := slices.IndexFunc(v.lines, func(l line) bool { return l.Product == p && l.Size == z })
	if i < 0 {
		v.lines, i = append(v.lines, line{Product: p, Size: z}), len(v.lines)
	}
	v.lines[i].Quantity = min(v.lines[i].Quantity+n, mostOfOne)
	s.mu.Unlock()
	http.Redirect(w, r, "/basket", http.StatusSeeOther)
}

// change sets the quantity of a line, or removes it.
func (s *shop) change(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	id, sizeID, _ := strings.Cut(r.PathValue("line"), ".")
	n, err := strconv.Atoi(r.FormValue("quantity"))
	if r.FormValue("remove") != "" {
		n, err = 0, nil
	}
	if err != nil || n < 0 || n > mostOfOne {
		p := s.summary(v)
		p.Title, p.Errors = "Your basket", map[string]string{id + "." + sizeID: fmt.Sprintf("Please enter a number from 0 to %d.", mostOfOne)}
		s.show(w, r, http.StatusUnprocessableEntity, "basket", p)
		return
	}
	s.mu.Lock()
	v.lines = slices.DeleteFunc(v.lines, func(l line) bool { return n == 0 && l.Product.ID == id && l.Size.ID == sizeID })
	for i, l := range v.lines {
		if l.Product.ID == id && l.Size.ID == sizeID {
			v.lines[i].Quantity = n
		}
	}
	s.mu.Unlock()
	http.Redirect(w, r, "/basket", http.StatusSeeOther)
}

func (s *shop) checkout(w http.ResponseWriter, r *http.Request) {
	p := s.summary(s.visit(w, r))
	if len(p.Lines) == 0 {
		http.Redirect(w, r, "/basket", http.StatusSeeOther)
		return
	}
	p.Title = "Checkout: your details"
	s.show(w, r, http.StatusOK, "checkout", p)
}

func (s *shop) checkedOut(w http.ResponseWriter, r *http.Request) {
	v, field := s.visit(w, r), func(name string) string { return strings.TrimSpace(r.FormValue(name)) }
	d := details{Email: field("email"), Name: field("name"), Street: field("street"), City: field("city"), Postcode: field("postcode"),
		Country: field("country"), Phone: field("phone"), Way: field("delivery")}
	mistakes := d.check()
	if len(mistakes) > 0 {
		if wayOf(d.Way) == nil {
			d.Way = ways[0].ID
		}
		p := s.summary(v)
		p.Title, p.Details, p.Errors = "Checkout: your details", d, mistakes
		s.show(w, r, http.StatusUnprocessableEntity, "checkout", p)
		return
	}
	s.mu.Lock()
	v.details = d
	s.mu.Unlock()
	http.Redirect(w, r, "/checkout/payment", http.StatusSeeOther)
}

var (
	ukPostcode = regexp.MustCompile(`(?i)^[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}$`)
	phoneForm  = regexp.MustCompile(`^\+?[0-9 ()/.-]{6,24}$`)
)

// check finds what is missing or can't be right, in words that say the mend.
func (d details) check() map[string]string {
	m := map[string]string{}
	need := func(field, value, what string) {
		if value == "" {
			m[field] = "Please enter " + what + "."
		}
	}
	need("name", d.Name, "your name")
	need("street", d.Street, "your street and house number")
	need("city", d.City, "your town or city")
	need("postcode", d.Postcode, "your postcode")
	if a, err := mail.ParseAddress(d.Email); err != nil || a.Address != d.Email {
		m["email"] = "Please enter a mail address such as name@example.com."
	}
	if !slices.ContainsFunc(countries, func(c country) bool { return c.Code == d.Country }) {
		m["country"] = "Please choose a country that we deliver to."
	}
	if d.Country == "GB" && d.Postcode != "" && !ukPostcode.MatchString(d.Postcode) {
		m["postcode"] = "Please enter a UK postcode such as YO21 3PU."
	}
	if d.Phone != "" && !phoneForm.MatchString(d.Phone) {
		m["phone"] = "Please enter a phone number such as 01632 960 123, or leave it out."
	}
	if wayOf(d.Way) == nil {
		m["delivery"] = "Please choose how we should deliver."
	}
	return m
}

func (s *shop) payment(w http.ResponseWriter, r *http.Request) {
	p := s.summary(s.visit(w, r))
	if len(p.Lines) == 0 || p.Details.Email == "" {
		http.Redirect(w, r, "/checkout", http.StatusSeeOther)
		return
	}
	p.Title = "Checkout: payment"
	s.show(w, r, http.StatusOK, "payment", p)
}

// place takes an order. No wave may ever come here: the shop counts.
func (s *shop) place(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	p := s.summary(v)
	if len(p.Lines) == 0 || p.Details.Email == "" {
		http.Redirect(w, r, "/checkout", http.StatusSeeOther)
		return
	}
	mistakes := map[string]string{}
	if !validCard(r.FormValue("card")) {
		mistakes["card"] = "Please check the card number: there is a digit wrong or missing."
	}
	for field, what := range map[string]string{"holder": "the name on the card", "expiry": "the month and year on the card", "code": "the security code on the card"} {
		if strings.TrimSpace(r.FormValue(field)) == "" {
			mistakes[field] = "Please enter " + what + "."
		}
	}
	if len(mistakes) > 0 {
		p.Title, p.Errors = "Checkout: payment", mistakes
		p.Form = url.Values{"holder": r.Form["holder"], "expiry": r.Form["expiry"]} // a card number is never shown again
		s.show(w, r, http.StatusUnprocessableEntity, "payment", p)
		return
	}
	s.mu.Lock()
	s.orders++
	v.order, v.lines = fmt.Sprintf("KL-%05d", 31000+s.orders), nil
	s.mu.Unlock()
	http.Redirect(w, r, "/order/thanks", http.StatusSeeOther)
}

func (s *shop) thanks(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	s.mu.Lock()
	number, d := v.order, v.details
	s.mu.Unlock()
	if number == "" {
		http.Redirect(w, r, "/basket", http.StatusSeeOther)
		return
	}
	s.show(w, r, http.StatusOK, "thanks", page{Title: "Thank you", Number: number, Details: d})
}

func (s *shop) help(w http.ResponseWriter, r *http.Request) {
	q := strings.TrimSpace(r.FormValue("q"))
	s.show(w, r, http.StatusOK, "help", page{Title: "Help", Query: q, Found: searchHelp(q)})
}

func (s *shop) contact(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "contact", page{Title: "Contact"})
}

func (s *shop) contacted(w http.ResponseWriter, r *http.Request) {
	mistakes := map[string]string{}
	name, address, text := strings.TrimSpace(r.FormValue("name")), strings.TrimSpace(r.FormValue("email")), strings.TrimSpace(r.FormValue("message"))
	if name == "" {
		mistakes["name"] = "Please enter your name."
	}
	if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
		mistakes["email"] = "Please enter a mail address such as name@example.com."
	}
	if text == "" {
		mistakes["message"] = "Please write what we can do for you."
	}
	if len(mistakes) > 0 {
		s.show(w, r, http.StatusUnprocessableEntity, "contact", page{Title: "Contact", Form: r.Form, Errors: mistakes})
		return
	}
	ticket := s.enquire(mail.Address{Name: name, Address: address}, "Your message to "+shopName, text)
	http.Redirect(w, r, "/contact/sent?number="+url.QueryEscape(ticket), http.StatusSeeOther)
}

func (s *shop) sent(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "sent", page{Title: "Message sent", Number: r.FormValue("number")})
}

func (s *shop) missing(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusNotFound, "missing", page{Title: "Page not found"})
}

// validCard checks the length and the check digit (ISO/IEC 7812).
func validCard(number string) bool {
	sum, n := 0, 0
	for i := len(number) - 1; i >= 0; i-- {
		c := number[i]
		if c == ' ' || c == '-' {
			continue
		}
		if c < '0' || c > '9' {
			return false
		}
		d := int(c - '0')
		if n%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum, n = sum+d, n+1
	}
	return n >= 13 && n <= 19 && sum%10 == 0
}

// secured sets the headers that a careful shop sends.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

func asset(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		b, err := files.ReadFile(name)
		if err != nil {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write(b)
	}
}
