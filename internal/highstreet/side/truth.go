package side

// A Goal is what a customer may want of a shop, and what is true of it there.
//
// A press is the use of a link, a button, or whatever else a page offers to be
// pressed, and what sends a form. To type is none, nor is to choose an entry of
// a list, a radio button or a box, whatever these are made of. Presses are counted from the start page of a first visit,
// after a banner or pop-up was put away, by one who knows the way. Goals that
// follow from one another (a cart has to be filled before it is viewed) count
// all presses from the start.
type Goal struct {
	Name   string   // as touchstone's goals are called: "find-contact"
	State  string   // Reached, Absent or NotGranted
	Fewest int      // presses; 0 also where it stands on the start page
	Unfold int      // of them, those that only open something on the page: a menu, a drawer, a dialog
	Path   string   // where that ends: path, query and fragment, without a visit's id; "" where it depends on what was done
	Also   []string // other paths that are as right
	Mark   string   // words that stand there
	Note   string
}

// The states of a goal.
const (
	Reached    = "reached"
	Absent     = "absent"      // the shop does not have it
	NotGranted = "not-granted" // it may not be tried here
)

// GoalNames are all goals, in the order of the tables.
var GoalNames = []string{
	"find-contact", "find-phone", "find-help", "search-help", "answer-question", "find-returns-policy", "find-delivery-cost", "find-privacy-policy",
	"search-product", "open-product", "choose-options", "add-to-cart", "view-cart", "start-checkout", "fill-checkout", "reach-payment",
	"newsletter-sign-up", "register", "log-in", "change-password", "change-address", "order-status", "cancel-order", "start-return",
	"submit-contact-form", "price-check", "leave-and-return", "declined-card",
}

// An Answer is where a shop answers one of the ten routine questions.
type Answer struct {
	Question string // one of Questions
	Path     string // "" where no page answers it
	Sentence string // that answers, as the page writes it; "" where none does
}

// Questions are the routine questions of a customer.
var Questions = []string{"delivery-time", "delivery-cost", "countries", "returns-period", "return-postage", "payment-methods", "warranty", "phone-hours", "order-change", "gift-wrap"}

// A Price is what one product costs at each place that says so, in words. An
// empty one is not said there.
type Price struct {
	Product            string
	List, Page, Cart   string
	Was, Until         string   // a crossed-out price, and the day until which the offer is said to hold
	Sign               bool     // its page says that it is out of stock
	OutInCart, Expired bool     // only the cart says so; the offer's day is past
	Fees               []string // what the basket or the checkout adds beyond delivery, name and amount
	Clock              string   // of the offer: "runs", or "restarts" whenever the page is opened; "": none
}

// A Door is how a checkout lets customers in.
type Door struct {
	Guest, Account bool   // what is offered
	First          string // "guest" or "account": which stands first
	Forced         bool   // nobody gets in without an account
}

// A Customer has an account, and an order that was placed before the shop
// opened. The zero Customer stands for a shop without accounts.
type Customer struct{ Email, Password, Order, Postcode string }

// Counts are what customers have done to a shop.
type Counts struct {
	Orders      int // payments that were posted, whether the card was good or not
	Declined    int // payments that a sandbox has declined
	Messages    int // from its contact form
	Subscribers int // of its newsletter
	Accounts    int // that were opened
	Cancelled   int // orders
	Returned    int // orders
}

// truths collects the rows of a shop.
type truths []Goal

// at adds a goal that can be reached.
func (t *truths) at(name string, fewest int, path, mark string) *Goal {
	*t = append(*t, Goal{Name: name, State: Reached, Fewest: fewest, Path: path, Mark: mark})
	return &(*t)[len(*t)-1]
}

// unfold says how many of a goal's presses only open something.
func (g *Goal) unfold(n int) *Goal { g.Unfold = n; return g }

// or names other paths that are as right.
func (g *Goal) or(paths ...string) *Goal { g.Also = paths; return g }

// note adds a word for the reader.
func (g *Goal) note(s string) *Goal { g.Note = s; return g }

// A purchase is the way to a payment, each number counted from the start page:
// until a product is open, its options are chosen, it is in the cart, the cart
// is seen, the checkout stands open, and the payment.
type purchase struct {
	open, choose, add, cart, begin, pay int
	item, bag, checkout, payment        string // where that is
	inBag, atCheckout, atPayment        string // what stands there
}

// buy adds the rows of a purchase. Prices are compared on the way to the cart;
// who leaves and comes back to the start page opens the cart again.
func (t *truths) buy(p purchase, again int) {
	t.at("open-product", p.open, p.item, "")
	if p.choose > 0 {
		t.at("choose-options", p.choose, p.item, "")
	}
	t.at("add-to-cart", p.add, "", "")
	t.at("view-cart", p.cart, p.bag, p.inBag)
	t.at("start-checkout", p.begin, p.checkout, p.atCheckout)
	t.at("fill-checkout", p.pay, p.payment, "")
	t.at("reach-payment", p.pay, p.payment, p.atPayment)
	t.at("price-check", p.cart, p.bag, "")
	t.at("leave-and-return", p.add+again, p.bag, p.inBag)
}

// lacks adds a goal that can't be reached, and why one might think it can.
func (t *truths) lacks(name, why string) {
	*t = append(*t, Goal{Name: name, State: Absent, Note: why})
}

// rest completes the table.
func (t truths) rest() []Goal { return Complete(t) }

// Complete gives a row for every goal, in the order of GoalNames: what has
// none among rows is not there, and no card is declined where no sandbox was
// granted. The last of several rows of a goal counts.
func Complete(rows []Goal) []Goal {
	var all []Goal
	for _, name := range GoalNames {
		row := Goal{Name: name, State: Absent}
		if name == "declined-card" {
			row.State, row.Note = NotGranted, "the payment is no sandbox"
		}
		for _, g := range rows {
			if g.Name == name {
				row = g
			}
		}
		all = append(all, row)
	}
	return all
}

// answers pairs questions with a path and the sentence there.
func answers(triples ...string) []Answer {
	var all []Answer
	for _, q := range Questions {
		a := Answer{Question: q}
		for i := 0; i+2 < len(triples); i += 3 {
			if triples[i] == q {
				a.Path, a.Sentence = triples[i+1], triples[i+2]
			}
		}
		all = append(all, a)
	}
	return all
}
