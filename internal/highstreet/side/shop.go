package side

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed shops
var files embed.FS

// A spec is what makes a shop unlike the others. What it looks like is in its
// folder below shops; what all shops do is Shop's.
type spec struct {
	id, name, lang, zone string
	manner               string // in a few words, for those who choose among the shops
	money                func(int) string
	words                words
	shelves              []shelf
	goods                []product
	featured             []string // products of the start page
	ways                 []way
	levies               []levy
	begin                map[string]string // what its checkout holds beforehand
	pages                map[string]string // pages that need nothing but their template, by path
	at                   addresses
	steps                []step // of the checkout, before the payment
	contact              []field
	register             []field
	address              []field // of an account
	questions            []question
	perPage              int    // products of a listing's page; 0: all
	frames               bool   // its pages stand in frames of its own
	scripted             bool   // its links are drawn by a script
	script               string // the one program whose links carry the visit instead of a cookie; its cart is only posted to; "" elsewhere
	rewrite              func(*http.Request)

	known   Customer
	door    Door
	goals   func() []Goal
	answers []Answer
	prices  []Price
	sandbox *sandbox // nil: its payment is a bank's
	returns Return
}

// Addresses are where a shop's pages are, as patterns of http.ServeMux; what
// is empty the shop does not have.
type addresses struct {
	list, item         string // with {id}
	search, term       string // and the parameter with what is searched for
	suggest            string // JSON for a search that answers while one types
	cart, add, change  string
	added              string // where a browser goes then; {id} is the product's
	product, quantity  string // the form's names for them
	lineQuantity       string // the name of a line's quantity, with %s for its key
	pay, place, thanks string
	contact, sent      string
	help               string // questions, with a search for them by the parameter q
	news, listed       string
	login, entry       string // where one logs in; and registers
	account            string // whoever is logged in starts here
	address, password  string
	orders, order      string // with {number}
	cancel, giveback   string // with {number}
	lookup             string // of an order, without an account
	withdraw           string // that cancels one, without an account
	logout             string
	checkout           string // the page that holds all steps, where one does
}

// A step is a part of a checkout that is sent at once.
type step struct {
	path   string // that it is sent to, and where its page is if it has one
	page   string // template
	fields []field
	login  bool // only with an account
}

// A Shop is a shop that stands open. It knows its visitors by a cookie.
type Shop struct {
	*spec
	URL string // start page

	log  *slog.Logger
	tmpl *template.Template

	mu       sync.Mutex
	visits   map[string]*visit
	accounts map[string]*account
	counts   Counts
	back     Back
}

// ID, Name, Lang (BCP 47), Zone (IANA) and Manner say which shop it is.
func (s *Shop) ID() string     { return s.id }
func (s *Shop) Name() string   { return s.name }
func (s *Shop) Lang() string   { return s.lang }
func (s *Shop) Zone() string   { return s.zone }
func (s *Shop) Manner() string { return s.manner }

// Goals is what is true there of every goal, in the order of GoalNames.
func (s *Shop) Goals() []Goal { return s.goals() }

// Answers is where it answers each of Questions, in their order.
func (s *Shop) Answers() []Answer { return s.answers }

// Prices are those of some of its products, place by place.
func (s *Shop) Prices() []Price { return s.prices }

// Door is how its checkout begins.
func (s *Shop) Door() Door { return s.door }

// Known is a customer who has an account and an order there.
func (s *Shop) Known() Customer { return s.known }

// Counts is what was done to it so far.
func (s *Shop) Counts() Counts {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

// A visit is what a shop knows of one visitor.
type visit struct {
	id      string
	lines   []line
	details map[string]string
	done    int // steps of the checkout
	user    *account
	order   string // that was placed last
}

// handler opens the shop: it reads its templates and says where its pages are.
func (s *Shop) handler() (http.Handler, error) {
	s.visits, s.accounts = map[string]*visit{}, map[string]*account{}
	s.acquaint()
	folder := "shops/" + s.id
	var err error
	s.tmpl, err = template.New(s.id).Funcs(template.FuncMap{"money": s.money}).ParseFS(files, folder+"/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the templates of %s: %w", s.id, err)
	}
	mux := http.NewServeMux()
	on := func(method, path string, h http.HandlerFunc) {
		if strings.HasSuffix(path, "/") {
			path += "{$}" // the page, not all that is below it
		}
		if path != "" {
			mux.HandleFunc(method+" "+path, h)
		}
	}
	at := &s.at
	on("GET", "/{$}", func(w http.ResponseWriter, r *http.Request) {
		s.show(w, r, http.StatusOK, "home", view{Products: s.named(s.featured...)})
	})
	on("GET", at.list, s.listing)
	on("GET", at.item, s.item)
	on("GET", at.search, s.searched)
	on("GET", at.suggest, s.suggested)
	on("GET", at.help, s.helped)
	if s.script == "" {
		on("GET", at.cart, s.cart)
	} else {
		on("POST", at.cart, s.cart)
	}
	on("POST", at.add, s.add)
	on("POST", at.change, s.change)
	for i := range s.steps {
		on("POST", s.steps[i].path, func(w http.ResponseWriter, r *http.Request) { s.stepped(w, r, i) })
		if s.steps[i].page != "" {
			on("GET", s.steps[i].path, func(w http.ResponseWriter, r *http.Request) { s.checkout(w, r, i, s.steps[i].page) })
		}
	}
	on("GET", at.checkout, func(w http.ResponseWriter, r *http.Request) { s.checkout(w, r, 0, "checkout") })
	on("GET", at.pay, func(w http.ResponseWriter, r *http.Request) { s.checkout(w, r, len(s.steps), "payment") })
	on("POST", at.place, s.place)
	on("GET", at.thanks, s.thanks)
	on("POST", at.contact, s.contacted)
	on("POST", at.news, s.subscribe)
	s.private(on)
	if s.scripted {
		on("GET", "/api/catalogue", s.catalogue)
	}
	for path, name := range s.pages {
		on("GET", path, func(w http.ResponseWriter, r *http.Request) { s.show(w, r, http.StatusOK, name, view{}) })
	}
	mux.HandleFunc("GET /media/{file}", s.picture)
	mux.HandleFunc("GET /style.css", asset(folder+"/style.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /script.js", asset(folder+"/script.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /list/", s.listPages)
	mux.HandleFunc("POST /list/", s.listPages)
	mux.HandleFunc("GET /favicon.svg", func(w http.ResponseWriter, r *http.Request) { s.svg(w, "icon", nil) })
	mux.HandleFunc("GET /robots.txt", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		fmt.Fprintf(w, "User-agent: *\nDisallow: %s\n", cmp.Or(at.checkout, at.pay))
	})
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) { s.show(w, r, http.StatusNotFound, "missing", view{}) })
	return http.NewCrossOriginProtection().Handler(s.secured(mux)), nil
}

// A view is what every template is given.
type view struct {
	*Shop
	Path string
	Sid  string // the visit, for links that carry it
	Body template.HTML
	User *account
	Bag  bag

	Shelf    *shelf
	Products []*product
	More     int // the next page of a listing; 0: none
	Product  *product
	Query    string
	Found    []question
	Step     int // of the checkout, from 0
	Done     int // steps of the checkout that were taken
	Form     map[string]string
	Errors   map[string]string
	Said     string // what became of what was sent
	Order    *order
	Number   string
}

// Shelves and Ways are the shop's.
func (v view) Shelves() []shelf { return v.shelves }
func (v view) Ways() []way      { return v.ways }

// Fields are those of a step of the checkout, or of another form by its name.
func (v view) Fields(of any) []control {
	var fields []field
	switch of := of.(type) {
	case int:
		fields = v.steps[of].fields
	case string:
		fields = map[string][]field{"contact": v.contact, "register": v.register, "address": v.address}[of]
	}
	var list []control
	for _, f := range fields {
		c := control{f, v.Form[f.Name], v.Errors[f.Name]}
		if f.Kind == "password" {
			c.Value = "" // never shown again
		}
		list = append(list, c)
	}
	return list
}

// LineName is what the cart's form calls the quantity of a line.
func (v view) LineName(key string) string { return fmt.Sprintf(v.at.lineQuantity, key) }

// On gives the products of a shelf, or with "" all.
func (v view) On(id string) []*product { return v.on(id) }

// Named gives products by their ids.
func (v view) Named(ids ...string) []*product { return v.named(ids...) }

// ToFree is what is missing for free delivery.
func (v view) ToFree() int { return max(0, v.ways[0].FreeFrom-v.Bag.Goods) }

// show renders a page to the end before anything of it is sent. A script may
// ask for a piece of a page by its template: ?fragment=name.
func (s *Shop) show(w http.ResponseWriter, r *http.Request, code int, name string, v view) {
	visit := s.visit(w, r)
	v.Shop, v.Path, v.Sid = s, r.URL.Path, visit.id
	s.mu.Lock()
	v.Bag, v.User, v.Done = tally(visit.lines, s.way(visit.details["delivery"])), visit.user.snapshot(), visit.done
	v.Bag.Levies = s.levied(name)
	if v.Form == nil {
		v.Form = maps.Clone(visit.details)
	}
	s.mu.Unlock()
	outer := "frame"
	if piece := r.URL.Query().Get("fragment"); piece != "" && s.tmpl.Lookup(piece) != nil {
		name, outer = piece, ""
	}
	if s.tmpl.Lookup("bare-"+name) != nil { // a page that has a frame of its own
		outer = "bare-" + name
	}
	body, err := s.render(name, v)
	if err == nil && outer != "" {
		v.Body = template.HTML(body) // that our own template made
		body, err = s.render(outer, v)
	}
	if err != nil {
		s.log.Error("a page of a shop could not be rendered", "shop", s.id, "page", name, "error", err)
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_, _ = w.Write([]byte(body)) // a visitor who has left needs no page
}

func (s *Shop) render(name string, data any) (string, error) {
	var b bytes.Buffer
	err := s.tmpl.ExecuteTemplate(&b, name, data)
	return strings.TrimLeft(b.String(), "\n"), err
}

// scripted reports whether a script of ours asks, not a browser.
func scripted(r *http.Request) bool {
	return r.Header.Get("X-Requested-With") != "" || strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}

func (s *Shop) json(w http.ResponseWriter, code int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(v) // a visitor who has left needs no answer
}

// next sends a browser on; a script is told where that is, and of the cart.
func (s *Shop) next(w http.ResponseWriter, r *http.Request, to string) {
	if scripted(r) {
		s.json(w, http.StatusOK, s.state(s.visit(w, r), to))
		return
	}
	if s.script != "" && to == s.at.cart {
		s.cart(w, r)
		return
	}
	http.Redirect(w, r, s.link(s.visit(w, r), to), http.StatusSeeOther)
}

// link gives a path as a visitor's links have it.
func (s *Shop) link(v *visit, path string) string {
	if s.script == "" {
		return path
	}
	return s.script + "?page=" + strings.TrimPrefix(path, "/") + "&sid=" + v.id
}

// wrong shows a page again with what has to be mended, or tells a script.
func (s *Shop) wrong(w http.ResponseWriter, r *http.Request, name string, v view) {
	if scripted(r) {
		s.json(w, http.StatusUnprocessableEntity, map[string]any{"errors": v.Errors})
		return
	}
	s.show(w, r, http.StatusUnprocessableEntity, name, v)
}

// state is a cart as a script shows it.
func (s *Shop) state(v *visit, next string) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := tally(v.lines, s.way(v.details["delivery"]))
	type row struct {
		Key      string `json:"key"`
		Title    string `json:"title"`
		Variant  string `json:"variant"`
		Quantity int    `json:"quantity"`
		Price    string `json:"price"`
		Image    string `json:"image"`
		ID       string `json:"product_id"`
	}
	rows := []row{}
	for _, l := range b.Lines {
		rows = append(rows, row{l.Key(), l.Product.Name, l.Chosen(), l.Quantity, s.money(l.Cost()), "/media/" + l.Product.ID + ".svg", l.Product.ID})
	}
	return map[string]any{"items": rows, "item_count": b.Count, "subtotal": s.money(b.Goods), "shipping": s.money(b.Ship), "total": s.money(b.Total()),
		"details": maps.Clone(v.details), "done": v.done, "next": next, "order": v.order}
}

// visit gives the visitor's state, and a cookie to one who comes for the first
// time. Shops on one host with several ports share cookies: each has its own.
func (s *Shop) visit(w http.ResponseWriter, r *http.Request) *visit {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v := s.visits[r.URL.Query().Get("sid")]; v != nil && s.script != "" {
		return v
	}
	if c, err := r.Cookie(s.id); err == nil {
		if v := s.visits[c.Value]; v != nil {
			return v
		}
	}
	id := rand.Text()
	v := &visit{id: id, details: maps.Clone(s.begin)}
	if v.details == nil {
		v.details = map[string]string{}
	}
	s.visits[id] = v
	if s.script != "" {
		q := r.URL.Query()
		q.Set("sid", id)
		r.URL.RawQuery = q.Encode() // for whoever asks again while this request is answered
		return v
	}
	cookie := &http.Cookie{Name: s.id, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: s.age()}
	http.SetCookie(w, cookie)
	r.AddCookie(cookie) // for whoever asks again while this request is answered
	return v
}

// ---- goods ----

func (s *Shop) named(ids ...string) (list []*product) {
	for _, id := range ids {
		if p := s.find(id); p != nil {
			list = append(list, p)
		}
	}
	return list
}

func (s *Shop) find(id string) *product {
	i := slices.IndexFunc(s.goods, func(p product) bool { return p.ID == id })
	if i < 0 {
		return nil
	}
	return &s.goods[i]
}

func (s *Shop) on(shelf string) (list []*product) {
	for i := range s.goods {
		if shelf == "" || s.goods[i].Shelf == shelf {
			list = append(list, &s.goods[i])
		}
	}
	return list
}

func (s *Shop) shelf(id string) *shelf {
	i := slices.IndexFunc(s.shelves, func(c shelf) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &s.shelves[i]
}

// way gives the way of delivery of an id, or the first.
func (s *Shop) way(id string) *way {
	return &s.ways[max(0, slices.IndexFunc(s.ways, func(w way) bool { return w.ID == id }))]
}

// search gives the products that hold every word of query; no word finds
// nothing.
func (s *Shop) search(query string) (found []*product) {
	words := strings.Fields(strings.ToLower(query))
	for i := range s.goods {
		p := &s.goods[i]
		text := strings.ToLower(p.Name + " " + p.Short + " " + p.About)
		if c := s.shelf(p.Shelf); c != nil {
			text += " " + strings.ToLower(c.Name)
		}
		if len(words) > 0 && !slices.ContainsFunc(words, func(word string) bool { return !strings.Contains(text, word) }) {
			found = append(found, p)
		}
	}
	return found
}

// listing shows a shelf, or with "all" everything.
func (s *Shop) listing(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	c := s.shelf(id)
	if c == nil && id != "all" {
		s.show(w, r, http.StatusNotFound, "missing", view{})
		return
	}
	v := view{Shelf: c, Products: s.on(strings.TrimSuffix(id, "all"))}
	if s.perPage > 0 {
		n, _ := strconv.Atoi(r.FormValue("page"))
		from := min(max(0, n-1)*s.perPage, len(v.Products))
		to := min(from+s.perPage, len(v.Products))
		if to < len(v.Products) {
			v.More = max(1, n) + 1
		}
		v.Products = v.Products[from:to]
	}
	s.show(w, r, http.StatusOK, "list", v)
}

func (s *Shop) item(w http.ResponseWriter, r *http.Request) {
	p := s.find(strings.TrimSuffix(r.PathValue("id"), ".html"))
	if p == nil {
		s.show(w, r, http.StatusNotFound, "missing", view{})
		return
	}
	v := view{Product: p, Shelf: s.shelf(p.Shelf)}
	if r.URL.Query().Has("added") {
		v.Said = "added"
	}
	s.show(w, r, http.StatusOK, "product", v)
}

func (s *Shop) searched(w http.ResponseWriter, r *http.Request) {
	q := strings.TrimSpace(r.FormValue(s.at.term))
	s.show(w, r, http.StatusOK, "search", view{Query: q, Products: s.search(q)})
}

// A question is an entry of a help page.
type question struct{ Asked, Answer string }

// helped shows the questions that hold every word of what was searched for; no
// word finds all.
func (s *Shop) helped(w http.ResponseWriter, r *http.Request) {
	q := strings.TrimSpace(r.FormValue("q"))
	v := view{Query: q}
	for _, entry := range s.questions {
		text := strings.ToLower(entry.Asked + " " + entry.Answer)
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(q)), func(word string) bool { return !strings.Contains(text, word) }) {
			v.Found = append(v.Found, entry)
		}
	}
	s.show(w, r, http.StatusOK, "help", v)
}

// suggested answers a search while one types.
func (s *Shop) suggested(w http.ResponseWriter, r *http.Request) {
	type hit struct {
		Title string `json:"title"`
		ID    string `json:"id"`
		URL   string `json:"url"`
		Price string `json:"price"`
		Image string `json:"image"`
	}
	hits := []hit{}
	for _, p := range s.search(strings.TrimSpace(r.FormValue(s.at.term))) {
		hits = append(hits, hit{p.Name, p.ID, strings.ReplaceAll(s.at.item, "{id}", p.ID), s.money(p.Price), "/media/" + p.ID + ".svg"})
	}
	s.json(w, http.StatusOK, hits)
}

// catalogue gives all goods to a script that draws them itself.
func (s *Shop) catalogue(w http.ResponseWriter, _ *http.Request) {
	type good struct {
		ID       string   `json:"id"`
		Name     string   `json:"name"`
		Shelf    string   `json:"shelf"`
		Short    string   `json:"short"`
		About    string   `json:"about"`
		Price    string   `json:"price"`
		Out      bool     `json:"out"`
		Few      bool     `json:"few"`
		Featured bool     `json:"featured"`
		Options  []choice `json:"options"`
	}
	var all []good
	for _, p := range s.on("") {
		all = append(all, good{p.ID, p.Name, p.Shelf, p.Short, p.About, s.money(p.Price), p.Out(), p.Few(), slices.Contains(s.featured, p.ID), append([]choice{}, p.Options...)})
	}
	s.json(w, http.StatusOK, all)
}

// ---- the cart ----

func (s *Shop) cart(w http.ResponseWriter, r *http.Request) {
	if scripted(r) {
		s.json(w, http.StatusOK, s.state(s.visit(w, r), ""))
		return
	}
	s.show(w, r, http.StatusOK, "cart", view{})
}

// mostOfOne is how many of one thing may be ordered at once.
const mostOfOne = 20

// add puts something into the cart; more of the same joins its line.
func (s *Shop) add(w http.ResponseWriter, r *http.Request) {
	p := s.find(cmp.Or(r.FormValue(s.at.product), r.PathValue("id")))
	if p == nil {
		s.show(w, r, http.StatusNotFound, "missing", view{})
		return
	}
	l, mistakes, form := line{Product: p}, map[string]string{}, map[string]string{}
	for _, c := range p.Options {
		chosen := r.FormValue(c.Field)
		i := slices.IndexFunc(c.Values, func(v value) bool { return v.ID == chosen })
		if form[c.Field] = chosen; i < 0 {
			mistakes[c.Field] = fmt.Sprintf(s.words.choose, c.Label)
		} else if l.Picks = append(l.Picks, c.Values[i]); c.Values[i].Out {
			mistakes[c.Field] = s.words.out
		}
	}
	if p.Stock == out {
		mistakes[s.at.product] = s.words.out
	}
	var err error
	if l.Quantity, err = strconv.Atoi(cmp.Or(r.FormValue(s.at.quantity), "1")); err != nil || l.Quantity < 1 || l.Quantity > mostOfOne {
		mistakes[s.at.quantity] = fmt.Sprintf(s.words.quantity, mostOfOne)
	}
	if len(mistakes) > 0 {
		s.wrong(w, r, "product", view{Product: p, Shelf: s.shelf(p.Shelf), Form: form, Errors: mistakes})
		return
	}
	v := s.visit(w, r)
	s.mu.Lock()
	if i := slices.IndexFunc(v.lines, func(o line) bool { return o.Key() == l.Key() }); i >= 0 {
		v.lines[i].Quantity = min(v.lines[i].Quantity+l.Quantity, mostOfOne)
	} else {
		v.lines = append(v.lines, l)
	}
	s.mu.Unlock()
	s.next(w, r, strings.ReplaceAll(cmp.Or(s.at.added, s.at.cart), "{id}", p.ID))
}

// change sets the quantities of all lines that a form names, and removes one.
func (s *Shop) change(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	remove := r.FormValue("remove")
	s.mu.Lock()
	for i, l := range v.lines {
		typed := r.FormValue(fmt.Sprintf(s.at.lineQuantity, l.Key()))
		if r.FormValue("key") == l.Key() {
			typed = cmp.Or(r.FormValue(s.at.quantity), typed)
		}
		if n, err := strconv.Atoi(typed); err == nil {
			v.lines[i].Quantity = min(max(n, 0), mostOfOne)
		}
	}
	v.lines = slices.DeleteFunc(v.lines, func(l line) bool { return l.Quantity == 0 || l.Key() == remove })
	s.mu.Unlock()
	s.next(w, r, s.at.cart)
}

// ---- the checkout ----

// late gives the path to which a visitor must go back who may not be at a step
// yet; "": he may.
func (s *Shop) late(v *visit, n int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(v.lines) == 0, tally(v.lines, &s.ways[0]).Gone():
		return s.at.cart
	case v.done < n:
		return cmp.Or(s.at.checkout, s.steps[v.done].path)
	case n < len(s.steps) && s.steps[n].login && v.user == nil:
		return s.at.login + "?back=" + s.steps[n].path
	}
	return ""
}

func (s *Shop) checkout(w http.ResponseWriter, r *http.Request, n int, page string) {
	if back := s.late(s.visit(w, r), n); back != "" {
		s.next(w, r, back)
		return
	}
	s.show(w, r, http.StatusOK, page, view{Step: n})
}

// stepped takes a step of the checkout.
func (s *Shop) stepped(w http.ResponseWriter, r *http.Request, n int) {
	v := s.visit(w, r)
	if back := s.late(v, n); back != "" {
		s.next(w, r, back)
		return
	}
	form, mistakes := s.read(r, s.steps[n].fields)
	if len(mistakes) > 0 {
		s.wrong(w, r, cmp.Or(s.steps[n].page, "checkout"), view{Step: n, Form: form, Errors: mistakes})
		return
	}
	s.mu.Lock()
	for _, f := range s.steps[n].fields {
		if f.Kind != "password" { // it has served
			v.details[f.Name] = form[f.Name]
		}
	}
	v.done = max(v.done, n+1)
	s.mu.Unlock()
	to := cmp.Or(s.at.pay, s.at.checkout)
	if n+1 < len(s.steps) && s.steps[n+1].page != "" {
		to = s.steps[n+1].path
	} else if n+1 < len(s.steps) {
		to = s.at.checkout
	}
	s.next(w, r, to)
}

// place is where a payment is posted. Nobody who audits comes here: the shop
// counts.
func (s *Shop) place(w http.ResponseWriter, r *http.Request) {
	if s.declines(w, r) {
		return
	}
	v := s.visit(w, r)
	s.mu.Lock()
	s.counts.Orders++
	v.order, v.lines, v.done = fmt.Sprintf("T%d", 70000+s.counts.Orders), nil, 0
	s.mu.Unlock()
	s.next(w, r, s.at.thanks)
}

func (s *Shop) thanks(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	s.mu.Lock()
	number := v.order
	s.mu.Unlock()
	if number == "" {
		s.next(w, r, s.at.cart)
		return
	}
	s.show(w, r, http.StatusOK, "thanks", view{Number: number})
}

// ---- letters ----

// contacted counts a message.
func (s *Shop) contacted(w http.ResponseWriter, r *http.Request) {
	form, mistakes := s.read(r, s.contact)
	if len(mistakes) > 0 {
		s.wrong(w, r, "contact", view{Form: form, Errors: mistakes})
		return
	}
	s.mu.Lock()
	s.counts.Messages++
	s.mu.Unlock()
	s.written(form)
	s.next(w, r, s.at.sent)
}

// subscribe counts a reader of the newsletter.
func (s *Shop) subscribe(w http.ResponseWriter, r *http.Request) {
	f := field{Name: "email", Kind: "email"}
	form, mistakes := s.read(r, []field{f})
	if len(mistakes) > 0 {
		s.wrong(w, r, "listed", view{Form: form, Errors: mistakes})
		return
	}
	s.mu.Lock()
	s.counts.Subscribers++
	s.mu.Unlock()
	if join := s.staff().Join; join != nil {
		join(form["email"])
	}
	s.next(w, r, s.at.listed)
}

// ---- pictures and headers ----

// picture draws a product.
func (s *Shop) picture(w http.ResponseWriter, r *http.Request) {
	p := s.find(strings.TrimSuffix(r.PathValue("file"), ".svg"))
	if p == nil {
		http.NotFound(w, r)
		return
	}
	s.svg(w, "draw", p)
}

func (s *Shop) svg(w http.ResponseWriter, name string, data any) {
	body, err := s.render(name, data)
	if err != nil {
		s.log.Error("a drawing of a shop could not be made", "shop", s.id, "error", err)
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write([]byte(body))
}

// secured sets the headers that a careful shop sends, and reads the addresses
// of a shop that has its own way of writing them.
func (s *Shop) secured(next http.Handler) http.Handler {
	policy := "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'none'; script-src 'self'; connect-src 'self'"
	if s.frames {
		policy += "; frame-src 'self'; frame-ancestors 'self'"
	} else {
		policy += "; frame-ancestors 'none'"
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		if s.rewrite != nil {
			s.rewrite(r)
		}
		next.ServeHTTP(w, r)
	})
}

func asset(name, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		b, err := files.ReadFile(name)
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write(b)
	}
}
