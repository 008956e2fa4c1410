package highstreet

import (
	"bytes"
	"crypto/rand"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/mail"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed templates
var files embed.FS

// shopName is what the street's first shop is called.
const shopName = "Kettle & Leaf"

// A shop is a house that is open: it knows its visitors by a cookie, keeps
// their baskets in memory, and counts orders. Handlers answer a browser with
// pages and, where it asks for JSON, a script with data.
type shop struct {
	*house
	log   *slog.Logger
	now   func() time.Time
	pages map[string]*template.Template

	// enquire hands a message from the contact form to the desk, and gives
	// the number under which it is kept; ordered tells of an order.
	enquire func(from mail.Address, subject, text string) (ticket string)
	ordered func(order)

	mu          sync.Mutex
	visits      map[string]*visit
	orders      int
	subscribers []string
	list        *list // of the newsletter; nil: nobody ever writes
}

// A visit is what the shop knows of one visitor.
type visit struct {
	lines   []line
	details map[string]string
	done    int    // steps of the checkout
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

// mostOfOne is how many of one thing may be ordered at once.
const mostOfOne = 12

// handler opens the shop: it reads its templates and says where its pages are.
func (s *shop) handler() (http.Handler, error) {
	s.pages, s.visits = map[string]*template.Template{}, map[string]*visit{}
	folder := "templates/" + s.site
	frame, err := template.New("frame.html").Funcs(template.FuncMap{"draw": s.draw, "money": s.money}).
		ParseFS(files, "templates/fields.html", folder+"/frame.html", folder+"/drawings.html")
	if err != nil {
		return nil, fmt.Errorf("read the frame of %s: %w", s.site, err)
	}
	s.pages["drawings"] = frame
	names, err := fs.Glob(files, folder+"/*.html")
	if err != nil {
		return nil, err
	}
	for _, file := range names {
		name := strings.TrimSuffix(path.Base(file), ".html")
		if name == "frame" || name == "drawings" {
			continue
		}
		if s.pages[name], err = template.Must(frame.Clone()).ParseFS(files, file); err != nil {
			return nil, fmt.Errorf("read the page %s of %s: %w", name, s.site, err)
		}
	}

	mux := http.NewServeMux()
	at := &s.paths
	mux.HandleFunc("POST "+at.basket, s.add)
	mux.HandleFunc("POST "+at.basket+"/{line}", s.change)
	for i := range s.steps {
		mux.HandleFunc("POST "+s.steps[i].Path, func(w http.ResponseWriter, r *http.Request) { s.stepped(w, r, i) })
	}
	mux.HandleFunc("POST "+at.place, s.place)
	mux.HandleFunc("POST "+at.contact, s.contacted)
	mux.HandleFunc("POST "+at.newsletter, s.subscribe)
	if s.list != nil {
		s.list.serve(mux)
	}
	if s.app {
		s.views(mux)
	} else {
		s.documents(mux)
	}
	for file, kind := range map[string]string{"style.css": "text/css; charset=utf-8", "favicon.svg": "image/svg+xml", "robots.txt": "text/plain; charset=utf-8", "script.js": "text/javascript; charset=utf-8"} {
		if _, err := fs.Stat(files, folder+"/"+file); err == nil {
			mux.HandleFunc("GET /"+file, asset(folder+"/"+file, kind))
		}
	}
	return http.NewCrossOriginProtection().Handler(s.secured(mux)), nil
}

// documents are the pages of a shop that is rendered on the server.
func (s *shop) documents(mux *http.ServeMux) {
	at := &s.paths
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET "+at.shelf+"/{category}", s.category)
	mux.HandleFunc("GET "+at.product+"/{id}", s.product)
	mux.HandleFunc("GET "+at.search, s.find)
	mux.HandleFunc("GET "+at.basket, s.basket)
	for i := range s.steps {
		mux.HandleFunc("GET "+s.steps[i].Path, func(w http.ResponseWriter, r *http.Request) { s.checkout(w, r, i) })
	}
	mux.HandleFunc("GET "+at.payment, s.payment)
	mux.HandleFunc("GET "+at.thanks, s.thanks)
	mux.HandleFunc("GET "+at.help, s.help)
	mux.HandleFunc("GET "+at.contact, func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, http.StatusOK, "contact", page{Title: s.words["contact"]})
	})
	mux.HandleFunc("GET "+at.sent, func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, http.StatusOK, "sent", page{Title: s.words["sent"], Number: r.FormValue("number")})
	})
	mux.HandleFunc("GET "+at.newsletter, func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, http.StatusOK, "newsletter", page{Title: s.words["newsletter"]})
	})
	for path, name := range s.places {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			s.show(w, r, http.StatusOK, name, page{Title: s.words[name]})
		})
	}
	mux.HandleFunc("GET /", s.missing)
}

// placed is how many orders were placed.
func (s *shop) placed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.orders
}

// A page is what every template is given.
type page struct {
	Title    string
	House    *house
	Path     string
	InBasket int

	Category *category
	Products []*product
	Product  *product
	Lines    []line
	Goods    pence
	Delivery pence
	Details  map[string]string
	Step     *step
	StepNo   int // from 1
	Way      *way
	Query    string
	Found    []question
	Number   string
	Form     url.Values        // what was typed, to be shown again
	Errors   map[string]string // by field
}

// Categories, Ways, Steps and Contact are the house's.
func (p page) Categories() []category { return p.House.categories }
func (p page) Ways() []way            { return p.House.ways }
func (p page) Steps() []step          { return p.House.steps }
func (p page) Contact() []field       { return p.House.contact }

// Countries are those that the shop delivers to, Country is the chosen one.
func (p page) Countries() []option {
	for _, s := range p.House.steps {
		for _, f := range s.Fields {
			if f.Name == "country" {
				return f.Options
			}
		}
	}
	return nil
}

// All are all goods of the house.
func (p page) All() (list []*product) {
	for i := range p.House.products {
		list = append(list, &p.House.products[i])
	}
	return list
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

// A control is a field with what it holds, as templates/fields.html draws it.
type control struct {
	field
	Value string
	Err   *mistake
	Attr  template.HTMLAttr
}

// Control gives a field what it holds: in the checkout what the visit knows,
// elsewhere what was typed before.
func (p page) Control(f field) control {
	value := p.Form.Get(f.Name)
	if p.Details != nil {
		value = p.Details[f.Name]
	}
	if f.Kind == "password" {
		value = "" // never shown again
	}
	var hints []string
	if f.Hint != "" {
		hints = []string{f.Name + "-why"}
	}
	return control{f, value, p.Err(f.Name), p.Bad(f.Name, hints...)}
}

// ToFree is how much is missing for free delivery.
func (p page) ToFree() pence { return max(0, p.House.ways[0].FreeFrom-p.Goods) }

// show renders a page to the end before anything of it is sent.
func (s *shop) show(w http.ResponseWriter, r *http.Request, code int, name string, p page) {
	v := s.visit(w, r)
	p.House, p.Path = s.house, r.URL.Path
	s.mu.Lock()
	for _, l := range v.lines {
		p.InBasket += l.Quantity
	}
	s.mu.Unlock()
	if s.app {
		name = "app" // its one document
	}
	var b bytes.Buffer
	if err := s.pages[name].ExecuteTemplate(&b, "frame.html", p); err != nil {
		s.log.Error("a page of a shop could not be rendered", "shop", s.site, "page", name, "error", err)
		http.Error(w, "We are sorry: this page is out of order.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes()) // a visitor who has left needs no page
}

// wrong shows a page again with what has to be mended, or tells a script.
func (s *shop) wrong(w http.ResponseWriter, r *http.Request, name string, p page) {
	if scripted(r) {
		s.json(w, http.StatusUnprocessableEntity, map[string]any{"errors": p.Errors})
		return
	}
	s.show(w, r, http.StatusUnprocessableEntity, name, p)
}

// on sends a browser to the next page; a script is told where that is and how
// the basket stands.
func (s *shop) on(w http.ResponseWriter, r *http.Request, to string) {
	if scripted(r) {
		s.json(w, http.StatusOK, map[string]any{"next": to, "basket": s.state(s.visit(w, r))})
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// scripted reports whether a script of ours asks, not a browser.
func scripted(r *http.Request) bool { return r.Header.Get("Accept") == "application/json" }

func (s *shop) json(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // a visitor who has left needs no answer
}

// draw renders the drawing of a product. The drawings are templates of ours,
// so their output is HTML by construction.
func (s *shop) draw(p *product) (template.HTML, error) {
	var b strings.Builder
	err := s.pages["drawings"].ExecuteTemplate(&b, p.Drawing, p)
	return template.HTML(b.String()), err
}

// visit gives the visitor's state, and a cookie to one who comes for the first
// time. Shops on one host with several ports share cookies: each has its own
// name.
func (s *shop) visit(w http.ResponseWriter, r *http.Request) *visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, err := r.Cookie(s.site); err == nil {
		if v := s.visits[c.Value]; v != nil {
			return v
		}
	}
	id, v := rand.Text(), &visit{details: maps.Clone(s.begin)}
	s.visits[id] = v
	cookie := &http.Cookie{Name: s.site, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	http.SetCookie(w, cookie)
	r.AddCookie(cookie) // for whoever asks again while this request is answered
	return v
}

// summary is the basket as pages show it.
func (s *shop) summary(v *visit) page {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := page{House: s.house, Lines: slices.Clone(v.lines), Details: maps.Clone(v.details), Way: s.way(v.details["delivery"])}
	for _, l := range p.Lines {
		p.Goods += l.Cost()
	}
	p.Delivery = p.Way.Cost(p.Goods)
	return p
}

func (s *shop) home(w http.ResponseWriter, r *http.Request) {
	var p page
	for _, id := range s.featured {
		p.Products = append(p.Products, s.house.find(id))
	}
	s.show(w, r, http.StatusOK, "home", p)
}

func (s *shop) category(w http.ResponseWriter, r *http.Request) {
	c := s.shelf(r.PathValue("category"))
	if c == nil {
		s.missing(w, r)
		return
	}
	s.show(w, r, http.StatusOK, "category", page{Title: c.Name, Category: c, Products: s.onShelf(c.ID)})
}

func (s *shop) product(w http.ResponseWriter, r *http.Request) {
	p := s.house.find(r.PathValue("id"))
	if p == nil {
		s.missing(w, r)
		return
	}
	s.show(w, r, http.StatusOK, "product", page{Title: p.Name, Product: p, Category: s.shelf(p.Category), Form: url.Values{"quantity": {"1"}}})
}

// find shows what a search found.
func (s *shop) find(w http.ResponseWriter, r *http.Request) {
	q := strings.TrimSpace(r.FormValue("q"))
	s.show(w, r, http.StatusOK, "search", page{Title: s.words["search"], Query: q, Products: s.search(q)})
}

func (s *shop) basket(w http.ResponseWriter, r *http.Request) {
	p := s.summary(s.visit(w, r))
	p.Title = s.words["basket"]
	s.show(w, r, http.StatusOK, "basket", p)
}

// add puts something into the basket; more of the same joins its line.
func (s *shop) add(w http.ResponseWriter, r *http.Request) {
	p := s.house.find(r.FormValue("product"))
	if p == nil {
		s.missing(w, r)
		return
	}
	mistakes := map[string]string{}
	z := p.Size(r.FormValue("size"))
	if z == nil {
		mistakes["size"] = s.words["size"]
	}
	n, err := strconv.Atoi(r.FormValue("quantity"))
	if err != nil || n < 1 || n > mostOfOne {
		mistakes["quantity"] = fmt.Sprintf(s.words["quantity"], 1, mostOfOne)
	}
	if len(mistakes) > 0 {
		s.wrong(w, r, "product", page{Title: p.Name, Product: p, Category: s.shelf(p.Category), Form: r.Form, Errors: mistakes})
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
	s.on(w, r, s.paths.basket)
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
		p.Title, p.Errors = s.words["basket"], map[string]string{id + "." + sizeID: fmt.Sprintf(s.words["quantity"], 0, mostOfOne)}
		s.wrong(w, r, "basket", p)
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
	s.on(w, r, s.paths.basket)
}

// late gives the path to which a visitor must go back who is not yet that far
// in the checkout; empty: he is.
func (s *shop) late(v *visit, step int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(v.lines) == 0:
		return s.paths.basket
	case v.done < step:
		return s.steps[v.done].Path
	}
	return ""
}

func (s *shop) checkout(w http.ResponseWriter, r *http.Request, step int) {
	v := s.visit(w, r)
	if back := s.late(v, step); back != "" {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return
	}
	p := s.summary(v)
	p.Title, p.Step, p.StepNo = s.words["checkout"], &s.steps[step], step+1
	s.show(w, r, http.StatusOK, "checkout", p)
}

// stepped takes one step of the checkout.
func (s *shop) stepped(w http.ResponseWriter, r *http.Request, step int) {
	v := s.visit(w, r)
	if back := s.late(v, step); back != "" {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return
	}
	p := s.summary(v)
	fields := s.steps[step].Fields
	for _, f := range fields {
		p.Details[f.Name] = strings.TrimSpace(r.FormValue(f.Name))
	}
	p.Errors = s.check(fields, p.Details)
	if len(p.Errors) > 0 {
		if s.way(p.Details["delivery"]) == nil {
			p.Details["delivery"] = s.ways[0].ID
		}
		p.Title, p.Step, p.StepNo = s.words["checkout"], &s.steps[step], step+1
		s.wrong(w, r, "checkout", p)
		return
	}
	for _, f := range fields {
		if f.Kind == "password" {
			delete(p.Details, f.Name) // it has served
		}
	}
	s.mu.Lock()
	v.details, v.done = p.Details, max(v.done, step+1)
	s.mu.Unlock()
	next := s.paths.payment
	if step+1 < len(s.steps) {
		next = s.steps[step+1].Path
	}
	s.on(w, r, next)
}

func (s *shop) payment(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	if back := s.late(v, len(s.steps)); back != "" {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return
	}
	p := s.summary(v)
	p.Title, p.StepNo = s.words["payment"], len(s.steps)+1
	s.show(w, r, http.StatusOK, "payment", p)
}

// place takes an order. A wave comes here only where the payment is a
// sandbox's and its owner has agreed: the shop counts.
func (s *shop) place(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	if back := s.late(v, len(s.steps)); back != "" {
		http.Redirect(w, r, back, http.StatusSeeOther)
		return
	}
	p := s.summary(v)
	mistakes := map[string]string{}
	if !validCard(r.FormValue("card")) {
		mistakes["card"] = s.words["card"]
	}
	for _, field := range []string{"holder", "expiry", "code"} {
		if strings.TrimSpace(r.FormValue(field)) == "" {
			mistakes[field] = s.words[field]
		}
	}
	if len(mistakes) > 0 {
		p.Title, p.StepNo, p.Errors = s.words["payment"], len(s.steps)+1, mistakes
		p.Form = url.Values{"holder": r.Form["holder"], "expiry": r.Form["expiry"]} // a card number is never shown again
		s.wrong(w, r, "payment", p)
		return
	}
	s.mu.Lock()
	s.orders++
	v.order, v.lines, v.done = fmt.Sprintf(s.number, s.house.first+s.orders), nil, 0
	number := v.order
	s.mu.Unlock()
	s.ordered(order{
		site: s.site, email: p.Details["email"], name: p.Details["name"], number: number,
		lines: p.Lines, way: p.Way, delivery: p.Delivery, total: p.Total(), at: s.now(),
	})
	s.on(w, r, s.paths.thanks)
}

func (s *shop) thanks(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	s.mu.Lock()
	number, details := v.order, maps.Clone(v.details)
	s.mu.Unlock()
	if number == "" {
		http.Redirect(w, r, s.paths.basket, http.StatusSeeOther)
		return
	}
	s.show(w, r, http.StatusOK, "thanks", page{Title: s.words["thanks"], Number: number, Details: details})
}

func (s *shop) help(w http.ResponseWriter, r *http.Request) {
	q := strings.TrimSpace(r.FormValue("q"))
	s.show(w, r, http.StatusOK, "help", page{Title: s.words["help"], Query: q, Found: s.searchHelp(q)})
}

// contacted hands a message on to the desk.
func (s *shop) contacted(w http.ResponseWriter, r *http.Request) {
	values := map[string]string{}
	for _, f := range s.house.contact {
		values[f.Name] = strings.TrimSpace(r.FormValue(f.Name))
	}
	if mistakes := s.check(s.house.contact, values); len(mistakes) > 0 {
		s.wrong(w, r, "contact", page{Title: s.words["contact"], Form: r.Form, Errors: mistakes})
		return
	}
	ticket := s.enquire(mail.Address{Name: values["name"], Address: values["email"]}, fmt.Sprintf(s.words["subject"], s.name), values["message"])
	s.on(w, r, s.paths.sent+"?number="+url.QueryEscape(ticket))
}

// subscribe puts an address on the newsletter's list.
func (s *shop) subscribe(w http.ResponseWriter, r *http.Request) {
	address := strings.TrimSpace(r.FormValue("subscriber"))
	if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
		s.wrong(w, r, "newsletter", page{Title: s.words["newsletter"], Form: r.Form, Errors: map[string]string{"subscriber": s.words["subscriber"]}})
		return
	}
	s.mu.Lock()
	s.subscribers = append(s.subscribers, address)
	s.mu.Unlock()
	if s.list != nil {
		s.list.join(address)
	}
	s.on(w, r, s.paths.newsletter)
}

func (s *shop) missing(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusNotFound, "missing", page{Title: s.words["missing"]})
}

// ---- a shop whose views a script draws ----

// A good is a product as the script is told of it; prices are in words.
type good struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Category string   `json:"category"`
	Short    string   `json:"short"`
	About    string   `json:"about"`
	Facts    []string `json:"facts"`
	From     string   `json:"from"`
	Drawing  string   `json:"drawing"` // SVG
	Sizes    []choice `json:"sizes"`
}

// A choice is one of several that cost something.
type choice struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Price string `json:"price"`
}

// views answer what the script asks for. Every path of the shop gives the one
// document, in which the script draws what belongs there.
func (s *shop) views(mux *http.ServeMux) {
	mux.HandleFunc("GET /api/goods", func(w http.ResponseWriter, r *http.Request) {
		q := r.FormValue("q")
		list := []good{}
		for i := range s.products {
			p := &s.products[i]
			if r.Form.Has("q") && !slices.Contains(s.search(q), p) {
				continue
			}
			g := good{ID: p.ID, Name: p.Name, Category: p.Category, Short: p.Short, About: p.About, Facts: p.Facts, From: s.money(p.From())}
			svg, err := s.draw(p)
			if err != nil {
				s.log.Error("a drawing of a shop could not be made", "shop", s.site, "product", p.ID, "error", err)
			}
			g.Drawing = string(svg)
			for _, z := range p.Sizes {
				g.Sizes = append(g.Sizes, choice{z.ID, z.Name, s.money(z.Price)})
			}
			list = append(list, g)
		}
		s.json(w, http.StatusOK, list)
	})
	mux.HandleFunc("GET /api/questions", func(w http.ResponseWriter, r *http.Request) {
		s.json(w, http.StatusOK, s.searchHelp(r.FormValue("q")))
	})
	mux.HandleFunc("GET /api/basket", func(w http.ResponseWriter, r *http.Request) { s.json(w, http.StatusOK, s.state(s.visit(w, r))) })
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		code := http.StatusOK
		if !s.known(r.URL.Path) {
			code = http.StatusNotFound
		}
		s.show(w, r, code, "", page{})
	})
}

// known reports whether the script has a view for a path.
func (s *shop) known(path string) bool {
	at := &s.paths
	if id, ok := strings.CutPrefix(path, at.product+"/"); ok {
		return s.house.find(id) != nil
	}
	if id, ok := strings.CutPrefix(path, at.shelf+"/"); ok {
		return s.shelf(id) != nil
	}
	if slices.ContainsFunc(s.steps, func(st step) bool { return st.Path == path }) {
		return true
	}
	return s.places[path] != "" || slices.Contains([]string{"/", at.search, at.basket, at.checkout, at.payment, at.thanks, at.help, at.contact, at.sent, at.newsletter}, path)
}

// state is a visitor's basket as a script shows it.
func (s *shop) state(v *visit) map[string]any {
	p := s.summary(v)
	type row struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Size     string `json:"size"`
		Quantity int    `json:"quantity"`
		Cost     string `json:"cost"`
	}
	rows, n := []row{}, 0
	for _, l := range p.Lines {
		rows = append(rows, row{l.Product.ID + "." + l.Size.ID, l.Product.Name, l.Size.Name, l.Quantity, s.money(l.Cost())})
		n += l.Quantity
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[string]any{
		"lines": rows, "count": n, "goods": s.money(p.Goods), "delivery": s.money(p.Delivery), "total": s.money(p.Total()),
		"details": p.Details, "done": v.done, "order": v.order,
	}
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
func (s *shop) secured(next http.Handler) http.Handler {
	policy := "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	if s.script {
		policy += "; script-src 'self'; connect-src 'self'"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
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
