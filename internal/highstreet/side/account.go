package side

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// An account is a customer whom a shop knows.
type account struct {
	Email    string
	Details  map[string]string
	Orders   []*order
	password string
	last     *visit
}

// An order is one that was placed before the shop opened.
type order struct {
	Number, Date, State string // State is a word that templates translate: "packing", "sent", "cancelled", "returned"
	Lines               []line
	Postcode            string
}

// snapshot is the account as it stands, for a page that is drawn while others
// may change it; of nobody it is nil.
func (a *account) snapshot() *account {
	if a == nil {
		return nil
	}
	c := &account{Email: a.Email, Details: maps.Clone(a.Details)}
	for _, o := range a.Orders {
		order := *o
		c.Orders = append(c.Orders, &order)
	}
	return c
}

// Total is what an order came to, without delivery.
func (o *order) Total() int { return tally(o.Lines, &way{}).Goods }

// acquaint gives the shop its known customer, with an order on its way and one
// that is still being packed.
func (s *Shop) acquaint() {
	if s.known.Email == "" {
		return
	}
	buy := func(i int) []line {
		p := &s.goods[i]
		l := line{Product: p, Quantity: 1}
		for _, c := range p.Options {
			l.Picks = append(l.Picks, c.Values[0])
		}
		return []line{l}
	}
	s.accounts[s.known.Email] = &account{Email: s.known.Email, password: s.known.Password, Details: map[string]string{}, Orders: []*order{
		{Number: s.known.Order, Date: "2026-10-28", State: "packing", Lines: buy(0), Postcode: s.known.Postcode},
		{Number: s.known.Order + "7", Date: "2026-09-14", State: "sent", Lines: buy(1), Postcode: s.known.Postcode},
	}}
}

// private are the pages of an account.
func (s *Shop) private(on func(method, path string, h http.HandlerFunc)) {
	at := &s.at
	page := func(name string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			s.show(w, r, http.StatusOK, name, view{Query: back(r), Form: map[string]string{}})
		}
	}
	if at.login != "" {
		on("GET", at.login, page("login"))
		on("POST", at.login, s.login)
	}
	if at.entry != "" && at.entry != at.login {
		on("GET", at.entry, page("register"))
	}
	on("POST", at.entry, s.enter)
	on("GET", at.account, s.mine("account"))
	on("GET", at.address, s.mine("address"))
	on("POST", at.address, s.own(s.moved))
	on("GET", at.password, s.mine("password"))
	on("POST", at.password, s.own(s.rekeyed))
	if at.orders != at.account {
		on("GET", at.orders, s.mine("orders"))
	}
	on("GET", at.order, s.mine("order"))
	on("POST", at.cancel, s.own(s.ends("packing", "cancelled", func() { s.counts.Cancelled++ })))
	on("POST", at.giveback, s.own(s.ends("sent", "returned", func() { s.counts.Returned++ })))
	on("GET", at.logout, func(w http.ResponseWriter, r *http.Request) {
		v := s.visit(w, r)
		s.mu.Lock()
		v.user = nil
		s.mu.Unlock()
		s.next(w, r, "/")
	})
	on("POST", at.lookup, s.looked)
	on("POST", at.withdraw, s.withdraw)
}

// back is where one goes who has logged in: a page of the shop.
func back(r *http.Request) string {
	if to := r.FormValue("back"); strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") {
		return to
	}
	return ""
}

// own lets only those in who have logged in.
func (s *Shop) own(then func(http.ResponseWriter, *http.Request, *account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v := s.visit(w, r)
		s.mu.Lock()
		user := v.user
		s.mu.Unlock()
		if user == nil {
			http.Redirect(w, r, s.at.login+"?back="+r.URL.Path, http.StatusSeeOther)
			return
		}
		then(w, r, user)
	}
}

// mine shows a page of the account.
func (s *Shop) mine(name string) http.HandlerFunc {
	return s.own(func(w http.ResponseWriter, r *http.Request, user *account) {
		s.mu.Lock()
		user = user.snapshot()
		s.mu.Unlock()
		v := view{Form: user.Details, Said: r.FormValue("said")}
		if number := r.PathValue("number"); number != "" {
			if v.Order = user.order(number); v.Order == nil {
				s.show(w, r, http.StatusNotFound, "missing", view{})
				return
			}
		}
		s.show(w, r, http.StatusOK, name, v)
	})
}

func (a *account) order(number string) *order {
	i := slices.IndexFunc(a.Orders, func(o *order) bool { return o.Number == number })
	if i < 0 {
		return nil
	}
	return a.Orders[i]
}

// login takes "email" and "password".
func (s *Shop) login(w http.ResponseWriter, r *http.Request) {
	v := s.visit(w, r)
	s.mu.Lock()
	a := s.accounts[strings.TrimSpace(r.FormValue("email"))]
	ok := a != nil && a.password == r.FormValue("password")
	if ok {
		v.user = a
		s.recall(v, a)
	}
	s.mu.Unlock()
	if !ok {
		s.wrong(w, r, "login", view{Query: back(r), Form: map[string]string{"email": r.FormValue("email")}, Errors: map[string]string{"login": s.words.login}})
		return
	}
	s.welcome(w, r)
}

// enter opens an account.
func (s *Shop) enter(w http.ResponseWriter, r *http.Request) {
	form, mistakes := s.read(r, s.spec.register)
	page := "register"
	if s.at.entry == s.at.login {
		page = "login"
	}
	s.mu.Lock()
	if s.accounts[form["email"]] != nil {
		mistakes["email"] = s.words.taken
	}
	if len(mistakes) > 0 {
		s.mu.Unlock()
		s.wrong(w, r, page, view{Query: back(r), Form: form, Errors: mistakes})
		return
	}
	a := &account{Email: form["email"], password: form["password"], Details: form}
	delete(form, "password")
	s.accounts[a.Email] = a
	s.counts.Accounts++
	s.mu.Unlock()
	v := s.visit(w, r)
	s.mu.Lock()
	v.user = a
	s.recall(v, a)
	s.mu.Unlock()
	s.welcome(w, r)
}

// welcome sends on who has logged in.
func (s *Shop) welcome(w http.ResponseWriter, r *http.Request) {
	if to := back(r); to != "" {
		s.next(w, r, to)
		return
	}
	s.next(w, r, s.at.account)
}

// moved takes another address.
func (s *Shop) moved(w http.ResponseWriter, r *http.Request, user *account) {
	form, mistakes := s.read(r, s.spec.address)
	if len(mistakes) > 0 {
		s.wrong(w, r, "address", view{Form: form, Errors: mistakes})
		return
	}
	s.mu.Lock()
	maps.Copy(user.Details, form)
	s.mu.Unlock()
	s.next(w, r, s.at.account+"?said=address")
}

// rekeyed takes another password: "old", "password" and "again".
func (s *Shop) rekeyed(w http.ResponseWriter, r *http.Request, user *account) {
	fields := []field{{Name: "old"}, {Name: "password", Kind: "password"}, {Name: "again", Same: "password"}}
	form, mistakes := s.read(r, fields)
	s.mu.Lock()
	if form["old"] != user.password && form["old"] != "" {
		mistakes["old"] = s.words.login
	}
	if len(mistakes) == 0 {
		user.password = form["password"]
	}
	s.mu.Unlock()
	if len(mistakes) > 0 {
		s.wrong(w, r, "password", view{Errors: mistakes})
		return
	}
	s.next(w, r, s.at.account+"?said=password")
}

// ends takes an order from one state into its last.
func (s *Shop) ends(from, to string, count func()) func(http.ResponseWriter, *http.Request, *account) {
	return func(w http.ResponseWriter, r *http.Request, user *account) {
		o := user.order(r.PathValue("number"))
		if o == nil {
			s.show(w, r, http.StatusNotFound, "missing", view{})
			return
		}
		s.mu.Lock()
		if o.State == from {
			o.State = to
			count()
		}
		s.mu.Unlock()
		s.next(w, r, strings.ReplaceAll(s.at.order, "{number}", o.Number)+"?said="+to)
	}
}

// looked shows an order to one who knows its number and the address or the
// postcode that it was placed with.
func (s *Shop) looked(w http.ResponseWriter, r *http.Request) {
	number, proof := strings.TrimSpace(r.FormValue("order")), strings.TrimSpace(r.FormValue("proof"))
	s.mu.Lock()
	found := s.ordered(number, proof)
	s.mu.Unlock()
	v := view{Order: found, Form: map[string]string{"order": number, "proof": proof}}
	if found == nil {
		v.Errors = map[string]string{"order": s.words.unknown}
		s.wrong(w, r, "lookup", v)
		return
	}
	s.show(w, r, http.StatusOK, "lookup", v)
}
