// Package find tells what a shop's pages are and where they lead: what a
// customer with a goal would press next, and whether the page that came holds
// what was looked for. It is pure: views of pages go in, judgements come out.
// It knows the words of many languages and no shop's markup.
package find

import (
	"net/url"
	"slices"
	"strings"
)

// A View is what a person can see of a page, and press on it.
type View struct {
	URL      string    `json:"url"`
	Title    string    `json:"title"`
	Language string    `json:"language"` // as the document declares it, BCP 47
	Blocks   []Block   `json:"blocks"`   // what is written, in the order of reading
	Controls []Control `json:"controls"`
	Forms    []Box     `json:"forms"`
	Items    []Item    `json:"items"` // entries of lists of goods, each with a link and a price or a picture
	Data     Data      `json:"data"`
	Frames   []string  `json:"frames"` // addresses and titles of frames and script files that come from elsewhere
	Inner    []Inner   `json:"inner"`  // frames that are shown
	Content  int       `json:"-"`      // number of the frame that holds what the page is about; 0: none does
	Front    bool      `json:"front"`  // a dialog stands before the page
	Height   float64   `json:"height"` // of the whole page, CSS pixels
	Took     float64   `json:"took"`   // ms of the page's time that reading it took
}

// An Inner is the place of a frame on its page.
type Inner struct {
	Ref  int     `json:"ref"`
	Set  bool    `json:"set"` // of a frameset, whose frames are all there is
	Area Area    `json:"area"`
	X    float64 `json:"x"` // of the page, CSS pixels
	Y    float64 `json:"y"`
	W    float64 `json:"w"`
	H    float64 `json:"h"`
}

// An Area is a part of a page.
type Area string

// The areas. Main is whatever is none of the others.
const (
	Main    Area = "main"
	Header  Area = "header"
	Nav     Area = "nav"
	Footer  Area = "footer"
	Aside   Area = "aside"
	Dialog  Area = "dialog"  // a box in front: modal or drawn over the page
	Consent Area = "consent" // one that asks about cookies
)

// A Block is a paragraph, a heading, a cell.
type Block struct {
	Text   string  `json:"t"`
	Level  int     `json:"h,omitempty"` // of a heading, 1 to 6; 0: none
	Area   Area    `json:"a"`
	Folded bool    `json:"f,omitempty"` // not shown until its opener is pressed
	Opener int     `json:"o,omitempty"` // the number of the control that unfolds it; 0: unknown
	Y      float64 `json:"y"`           // from the top of the page, CSS pixels
	Struck bool    `json:"s,omitempty"` // crossed out, as old prices are
}

// A Control is something to press, to tick or to fill.
type Control struct {
	Ref      int     `json:"ref"` // the page's number for it
	Tag      string  `json:"tag"`
	Type     string  `json:"type,omitempty"`
	Role     string  `json:"role"`
	Name     string  `json:"name"`            // what assistive technology would call it
	Hint     string  `json:"hint,omitempty"`  // words of its class, id, title and icon: for those without a name
	Href     string  `json:"href,omitempty"`  // where a link leads, absolute
	Area     Area    `json:"area"`            //
	Near     string  `json:"near,omitempty"`  // the heading or label that it stands under
	X        float64 `json:"x"`               // of the page, CSS pixels
	Y        float64 `json:"y"`               //
	W        float64 `json:"w"`               //
	H        float64 `json:"h"`               //
	Hidden   bool    `json:"hidden"`          // not shown until its opener is pressed or pointed at
	Opener   int     `json:"opener"`          // the number of that control; 0: unknown
	Submits  bool    `json:"submits"`         // sends its form
	Form     int     `json:"form"`            // place in Forms, -1: in none
	Item     int     `json:"item"`            // place in Items, -1: in none
	Disabled bool    `json:"disabled"`        //
	Expanded string  `json:"expanded"`        // "true", "false" or "", of what folds
	Popup    bool    `json:"popup"`           // opens a menu or a dialog
	Value    string  `json:"value,omitempty"` // of a choice: what it stands for; of a list: what is chosen
	Options  []Pick  `json:"options,omitempty"`
	Checked  bool    `json:"checked,omitempty"`
	Required bool    `json:"required,omitempty"`
	Group    string  `json:"group,omitempty"` // the name that radio buttons share
	Picture  bool    `json:"picture,omitempty"`
}

// A Pick is an option of a list.
type Pick struct {
	Label    string `json:"label"`
	Value    string `json:"value"`
	Disabled bool   `json:"disabled"`
}

// A Box is a form, or what looks like one.
type Box struct {
	Area    Area    `json:"area"`
	Action  string  `json:"action"`
	Method  string  `json:"method"` // "GET", "POST"
	Search  bool    `json:"search"` // marked up as a search
	Hidden  bool    `json:"hidden"`
	Text    string  `json:"text"` // its heading, labels and buttons, at most 400 characters
	Inputs  []Input `json:"inputs"`
	Buttons []int   `json:"buttons"` // numbers of what submits it
}

// An Input is a field of a form.
type Input struct {
	Ref      int    `json:"ref"`
	Tag      string `json:"tag"`
	Type     string `json:"type"`
	Name     string `json:"name"` // its label, placeholder or title
	About    string `json:"about"`
	Hidden   bool   `json:"hidden"`
	Required bool   `json:"required"`
	Value    string `json:"value,omitempty"` // of what holds no secret
}

// An Item is an entry of a list of goods.
type Item struct {
	Ref   int    `json:"ref"` // of its link
	Title string `json:"title"`
	Price string `json:"price,omitempty"` // as written, the lower one where two are
	Href  string `json:"href"`
	Text  string `json:"text"` // all it says, at most 300 characters
	Area  Area   `json:"area"`
}

// Data is what the page says to programs: JSON-LD, microdata, Open Graph.
type Data struct {
	Types    []string `json:"types"` // schema.org names: "Product", "FAQPage"
	OGType   string   `json:"og"`
	SiteName string   `json:"site"`
	Product  string   `json:"product"` // its name
	Price    string   `json:"price"`
	Currency string   `json:"currency"`
	Emails   []string `json:"emails"`
	Phones   []string `json:"phones"`
	Search   bool     `json:"search"` // a SearchAction is declared
}

// Path gives the address's path and query, for reading.
func (v *View) Path() string {
	u, err := url.Parse(v.URL)
	if err != nil {
		return ""
	}
	p := u.Path
	if f := strings.TrimPrefix(u.Fragment, "!"); strings.HasPrefix(f, "/") {
		p = strings.TrimSuffix(p, "/") + f
	}
	return p
}

// Control gives the control of that number, nil when there is none.
func (v *View) Control(ref int) *Control {
	i := slices.IndexFunc(v.Controls, func(c Control) bool { return c.Ref == ref })
	if i < 0 {
		return nil
	}
	return &v.Controls[i]
}

// A Page is a View that was read: what it says, by concept.
type Page struct {
	View
	Bare   []Marks   // of each block, by its own words
	Said   []Marks   // of each block, with what its heading says
	Labels []Reading // of each control
	Paths  []Reading // of each control's address
	Deep   []Marks   // of what stands before the last part of it
	Titles Reading   // title, main headings and address together
	Own    Reading   // the address alone
	All    Marks     // of all blocks of the main part
	Words  int       // of the main part
	Above  Marks     // what the segments of its address before the last speak of
}

// Study reads a view by itself.
func Study(v View) *Page { return new(Reader).Study(v) }

// Study reads a view.
func (r *Reader) Study(v View) *Page {
	p := &Page{View: v, Bare: make([]Marks, len(v.Blocks)), Said: make([]Marks, len(v.Blocks)), Labels: make([]Reading, len(v.Controls)), Paths: make([]Reading, len(v.Controls)), Deep: make([]Marks, len(v.Controls))}
	p.Titles = Reading{}
	firstTitle, _, _ := strings.Cut(v.Title, "|")
	for _, sep := range []string{" – ", " - ", " — ", " · ", ":", "｜"} {
		firstTitle, _, _ = strings.Cut(firstTitle, sep)
	}
	from := r.path(v.Path())
	own := from.last
	p.Own, p.Above = own, from.deep
	merge(p.Titles, own, .9)
	merge(p.Titles, r.label(firstTitle), .95)
	heads := 0
	for i, b := range v.Blocks {
		p.Bare[i] = r.text(b.Text)
		p.Said[i] = p.Bare[i]
		if !p.main(i) {
			continue
		}
		p.Words += words(b.Text)
		if b.Level == 1 || b.Level == 2 && heads == 0 && b.Y < 500 {
			merge(p.Titles, r.label(b.Text), 1)
			heads++
		}
	}
	p.inherit(r)
	for i, c := range v.Controls {
		says := Reading{}
		merge(says, r.label(c.Name), 1)
		if c.Hint != "" && says.best() < .35 { // an icon, or a name that says a number
			merge(says, r.label(c.Hint), .75)
			said := r.text(c.Hint)
			for _, icon := range []Concept{Cart, Search, Account, LogIn, Menu, Close} {
				if said.Has(icon) {
					says[icon] = max(says[icon], .6)
				}
			}
		}
		p.Labels[i] = says
		if c.Href != "" {
			if u, err := url.Parse(c.Href); err == nil {
				path := u.Path
				if f := strings.TrimPrefix(u.Fragment, "!"); strings.HasPrefix(f, "/") {
					path = f
				} else if strings.Count(strings.Trim(path, "/"), "/") == 0 && (strings.HasSuffix(path, ".php") || path == "/" || path == "") {
					for _, key := range []string{"route", "page", "controller", "p", "s", "id_cms", "main_page", "cPath"} {
						if v := u.Query().Get(key); v != "" {
							path += "/" + v
						}
					}
				}
				to := r.path(path)
				p.Paths[i], p.Deep[i] = to.last, to.deep
			}
		}
	}
	return p
}

// inherit lets what stands under a heading speak of what the heading names: who
// reads "Within 14 days" below "Returns" knows what it is about.
func (p *Page) inherit(r *Reader) {
	whole, _ := topicOf(p.Titles)
	under, own := Marks{}, false
	for i, b := range p.Blocks {
		if !p.main(i) {
			continue
		}
		if b.Level > 0 && b.Level < 5 && len(b.Text) < 90 {
			topic, any := topicOf(r.label(b.Text))
			switch {
			case b.Level == 1 && any:
				whole, own = topic, false
			case b.Level == 1:
				own = false
			default:
				under, own = topic, any
			}
		} else if own {
			p.Said[i] = p.Said[i].Union(under)
		} else {
			p.Said[i] = p.Said[i].Union(whole)
		}
		p.All = p.All.Union(p.Said[i])
	}
}

// topicOf gives the one matter that a heading names; any says that it names
// something of its own, if only several things at once.
func topicOf(r Reading) (m Marks, any bool) {
	n := 0
	for label, talk := range map[Concept]Concept{Returns: ReturnTalk, Delivery: DeliveryTalk, DeliveryPrice: DeliveryTalk, Privacy: DataTalk} {
		if r[label] >= .55 && !m.Has(talk) {
			m.add(talk)
			n++
		}
	}
	if n > 1 {
		return Marks{}, true
	}
	for _, other := range []Concept{Contact, Payments, Help, Terms, Account, GiftCard, WarrantyTalk, ChangeOrder, OrderStatus, About, Review, Catalogue} {
		any = any || r[other] >= .55
	}
	return m, any || n > 0
}

// best says how well a label fits what controls are called.
func (r Reading) best() (most float64) {
	for c, f := range r {
		if c < firstTopic {
			most = max(most, f)
		}
	}
	return most
}

func merge(into, from Reading, weight float64) {
	for c, f := range from {
		into[c] = max(into[c], f*weight)
	}
}

// main reports whether a block belongs to what the page is about.
func (p *Page) main(i int) bool { a := p.Blocks[i].Area; return a == Main || a == Dialog }

// words counts words, or pairs of letters where none are divided.
func words(s string) int {
	n := 0
	for _, w := range strings.Fields(s) {
		if dense(w) {
			n += max(1, len([]rune(w))/2)
		} else {
			n++
		}
	}
	return n
}

// Alike reports whether two views of a page show the same to press and to read.
func Alike(a, b *Page) bool {
	if a.URL != b.URL || len(a.Blocks) != len(b.Blocks) || len(a.Controls) != len(b.Controls) || a.Front != b.Front {
		return false
	}
	for i := range a.Controls {
		x, y := &a.Controls[i], &b.Controls[i]
		if x.Hidden != y.Hidden || x.Name != y.Name || x.Expanded != y.Expanded || x.Checked != y.Checked || x.Disabled != y.Disabled {
			return false
		}
	}
	for i := range a.Blocks {
		if a.Blocks[i].Text != b.Blocks[i].Text || a.Blocks[i].Folded != b.Blocks[i].Folded {
			return false
		}
	}
	return true
}
