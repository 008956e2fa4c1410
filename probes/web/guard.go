package web

import (
	"fmt"
	"maps"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"golang.org/x/text/unicode/norm"

	"touchstone/probes/web/driver"
)

// The payment guard. Three fences stand one behind the other, and none relies
// on the others: what the control is called, where its form or link goes, and
// what request leaves the browser. All lie open only in a visit that may
// place an order at a site whose payment is a sandbox, from the step on that
// declares it.
//
// The fences are made to err towards refusing: a visit that is refused could
// not be tested, an order that was placed cannot be taken back. What leads to
// the payment page ("continue to payment", "zur Kasse", "pay by invoice" as a
// choice) must pass, or no checkout could be judged.

// byName is the first fence: it refuses what a person would read as ordering
// or paying. Choices (radio buttons, tick boxes, options) order nothing.
func byName(c driver.Control) string {
	switch c.Role {
	case "radio", "checkbox", "option", "tab", "switch", "menuitemradio", "menuitemcheckbox":
		return ""
	}
	button := c.Submits || c.Role == "button" || c.Tag == "button" || (c.Role != "link" && c.Link == "")
	lists := guardWords()
	for _, name := range c.Names {
		for _, s := range wordings(name) {
			if p := s.holds(lists.final, !button); p != nil {
				return fmt.Sprintf("the control %q orders or pays by its name (%s)", name, p.language)
			}
			if !button {
				continue
			}
			if p := s.is(lists.pay); p != nil {
				return fmt.Sprintf("the button %q pays by its name (%s)", name, p.language)
			}
			if p := s.is(lists.order); p != nil && (c.Checkout || c.Payment) {
				return fmt.Sprintf("the button %q orders by its name, on a page of the checkout (%s)", name, p.language)
			}
			if p := s.is(lists.closing); p != nil && c.Payment {
				return fmt.Sprintf("the button %q ends the order by its name, on a page of payment or review (%s)", name, p.language)
			}
		}
	}
	return ""
}

// A phrase is an entry of the guard's lists, folded.
type phrase struct {
	words    string
	joined   string // without its spaces
	dense    bool   // of a script without spaces: it may stand within a word
	language string
}

type guardLists struct{ final, pay, order, closing []phrase }

// guardWords folds the lists, once.
var guardWords = sync.OnceValue(func() guardLists {
	fold := func(lists map[string][]string) (all []phrase) {
		for _, lang := range slices.Sorted(maps.Keys(lists)) {
			for _, p := range lists[lang] {
				words := spelled(p)
				all = append(all, phrase{words, strings.ReplaceAll(words, " ", ""), strings.ContainsFunc(words, dense), lang})
			}
		}
		return all
	}
	return guardLists{fold(finalPhrases), fold(payWords), fold(orderWords), fold(closingWords)}
})

func dense(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }

// A wording is one way of reading a name.
type wording struct {
	words  string // folded, without amounts of money
	joined string // without spaces, where its letters stand apart; else empty
}

// wordings gives the ways in which a person may read a name: as it is, with
// letters of other scripts that look like Latin ones and with digits that stand
// for letters, and from its end where it turns the direction of writing round.
func wordings(name string) []wording {
	texts := []string{name}
	if strings.ContainsAny(name, "\u202d\u202e\u2066\u2067\u2068") {
		turned := []rune(name)
		slices.Reverse(turned)
		texts = append(texts, string(turned))
	}
	for _, t := range texts {
		if alike := lookalikes.Replace(t); alike != t {
			texts = append(texts, alike)
		}
	}
	var list []wording
	for _, t := range texts {
		words := withoutMoney(spelled(t))
		r := wording{words: words}
		if n := len(strings.Fields(words)); n > 3 && utf8.RuneCountInString(words) < 3*n {
			r.joined = strings.ReplaceAll(words, " ", "")
		}
		list = append(list, r)
	}
	return list
}

// holds finds a phrase in it. A link's name has to be little more than
// the phrase: one that tells about paying pays nothing.
func (r wording) holds(list []phrase, link bool) *phrase {
	for i := range list {
		p := &list[i]
		found := strings.Contains(" "+r.words+" ", " "+p.words+" ") || p.dense && strings.Contains(r.words, p.words) || r.joined != "" && strings.Contains(r.joined, p.joined)
		if found && !(link && len(strings.Fields(r.words)) > len(strings.Fields(p.words))+3) {
			return p
		}
	}
	return nil
}

// is finds the phrase that is all of it.
func (r wording) is(list []phrase) *phrase {
	for i := range list {
		if p := &list[i]; r.words == p.words || p.dense && strings.ReplaceAll(r.words, " ", "") == p.joined || r.joined == p.joined && r.joined != "" {
			return p
		}
	}
	return nil
}

// withoutMoney drops amounts and the words of currencies.
func withoutMoney(words string) string {
	var kept []string
	for _, w := range strings.Fields(words) {
		switch {
		case strings.ContainsFunc(w, unicode.IsDigit) && !strings.ContainsFunc(w, dense):
		case w == "eur" || w == "euro" || w == "usd" || w == "gbp" || w == "chf" || w == "kr" || w == "sek" || w == "nok" || w == "dkk" || w == "zl" || w == "pln" || w == "kc" || w == "czk" || w == "jpy" || w == "cny":
		default:
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// spelled gives the words of a name as folded does, also without what cannot
// be seen (direction marks, joiners, soft hyphens) and with the letters that
// have no accent to lose written as their readers do without.
func spelled(s string) string {
	return folded(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) || r == '\u034f' || r == '\u115f' || r == '\u3164' {
			return -1
		}
		return r
	}, plainLetters.Replace(norm.NFKC.String(s))))
}

var plainLetters = strings.NewReplacer("ł", "l", "Ł", "L", "ø", "o", "Ø", "O", "æ", "ae", "Æ", "Ae", "œ", "oe", "Œ", "Oe", "đ", "d", "Đ", "D", "ı", "i")

// lookalikes are the letters of Cyrillic and Greek, and the digits, that are
// taken for Latin letters (after Unicode's confusables, UTS 39).
var lookalikes = strings.NewReplacer(
	"а", "a", "А", "A", "В", "B", "в", "b", "с", "c", "С", "C", "ԁ", "d", "е", "e", "Е", "E", "ё", "e", "ɡ", "g", "һ", "h", "Н", "H", "н", "h", "і", "i", "І", "I", "ї", "i", "ј", "j", "Ј", "J", "К", "K", "к", "k", "ӏ", "l",
	"М", "M", "м", "m", "п", "n", "о", "o", "О", "O", "р", "p", "Р", "P", "ѕ", "s", "Ѕ", "S", "Т", "T", "т", "t", "υ", "u", "ѵ", "v", "ԝ", "w", "х", "x", "Х", "X", "у", "y", "У", "Y", "ү", "y", "г", "r",
	"Α", "A", "α", "a", "Β", "B", "Ε", "E", "ε", "e", "Ζ", "Z", "Η", "H", "Ι", "I", "ι", "i", "Κ", "K", "κ", "k", "Μ", "M", "Ν", "N", "ν", "v", "Ο", "O", "ο", "o", "σ", "o", "Ρ", "P", "ρ", "p", "Τ", "T", "τ", "t", "Υ", "Y", "Χ", "X", "ω", "w",
	"0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "@", "a", "$", "s", "ᴀ", "a", "ʏ", "y", "ᴘ", "p", "ɴ", "n", "ᴏ", "o", "ᴡ", "w", "ʙ", "b", "ᴜ", "u", "ʀ", "r", "ᴇ", "e", "ᴅ", "d", "ʟ", "l", "ᴄ", "c")

// folded gives the words of a text without case, accents and punctuation, one
// space between them.
func folded(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ß':
			b.WriteString("ss")
		case r == '&' || r == '+':
			b.WriteString(" and ")
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// byTarget is the second fence: it refuses a form that goes where orders and
// payments go, or that holds card fields, and a link to such a place, whatever
// the control is called.
func byTarget(c driver.Control) string {
	switch {
	case c.Role == "radio" || c.Role == "checkbox" || c.Role == "option":
		return ""
	case c.Submits && c.Card:
		return fmt.Sprintf("the button %q sends a form with fields for a card or bank account", c.Name())
	case c.Submits && c.Method != "GET" && (ordering(c.Action) && !everyStep(c.Action) || processing(c.Action)):
		return fmt.Sprintf("the button %q sends its form to %s, which takes orders or payments", c.Name(), bare(c.Action))
	case c.Submits && linkOrders(c.Action):
		return fmt.Sprintf("the button %q leads to %s, which takes orders or payments", c.Name(), bare(c.Action))
	case c.Link != "" && linkOrders(c.Link):
		return fmt.Sprintf("the link %q leads to %s, which takes orders or payments", c.Name(), bare(c.Link))
	}
	return ""
}

// An asking is a request that is about to leave.
type asking struct {
	method, address, body string
	as                    string // the method that a header asks the shop to take it for
	form                  bool   // the body is a form's
	unread                bool   // there is a body that the browser does not show
	document              bool   // it asks for a page or a frame
	redirected            bool   // the site's answer sent it on
}

// byRequest is the third fence: it refuses the request itself, whoever made
// the page send it. What only reads passes, but for addresses that nobody
// reads.
func byRequest(a asking) string {
	where := bare(a.address)
	if reads := []string{"GET", "HEAD", "OPTIONS"}; slices.Contains(reads, a.method) && a.as != "" {
		a.method = strings.ToUpper(a.as)
	}
	switch a.method {
	case "HEAD", "OPTIONS":
		return ""
	case "GET":
		if !a.redirected && (getsOrder(a.address) || !a.document && mutates(a.address)) {
			return fmt.Sprintf("a GET request to %s, which places an order, was stopped before it left", where)
		}
		return ""
	}
	switch step := stepOnly(a.address, a.body); {
	case ordering(a.address) && !step:
		return fmt.Sprintf("a %s request to %s, which takes orders or payments, was stopped before it left", a.method, where)
	case a.document && processing(a.address):
		return fmt.Sprintf("a %s request to %s, a payment provider's, was stopped before it left", a.method, where)
	}
	graph := strings.Contains(strings.ToLower(a.address), "graphql")
	if graph && (a.unread || orderOperation.MatchString(a.address)) {
		return fmt.Sprintf("a %s request to %s with an ordering operation was stopped before it left", a.method, where)
	}
	for _, body := range readings(a.body) {
		switch {
		case graph && orderOperation.MatchString(body) && !onlyQuery.MatchString(body):
			return fmt.Sprintf("a %s request to %s with an ordering operation was stopped before it left", a.method, where)
		case orderCommand.MatchString(body), orderElement.MatchString(body), a.form && orderButton.MatchString(body):
			return fmt.Sprintf("a %s request to %s, whose body orders or pays, was stopped before it left", a.method, where)
		}
	}
	return ""
}

// orderVerbs are how shop systems name what orders or pays.
const orderVerbs = `(?:SubmitForCompletion|place_?order|submit_?order|create_?order|order_?create|order_?submit|order_?place|confirm_?order|complete_?order|finali[sz]e_?order|(?:complete|submit)_?checkout|checkout_?(?:complete|submit|process)|(?:complete|submit)_?cart|cart_?complete|confirm_?payment|process_?payment|payment_?process|create_?payment|add_?payment_?to_?order|authori[sz]e_?payment|capture_?payment|execute_?payment|pay_?now|buy_?now)`

var (
	// orderOperation is one of them as a name in a GraphQL document.
	orderOperation = regexp.MustCompile(`(?i)\b(?:\w*_)?` + orderVerbs + `\w*`)
	onlyQuery      = regexp.MustCompile(`(?s)^\s*\{.*"query"\s*:\s*"\s*(?:query\b|\{)`)
	// orderCommand is one of them as what an address for everything is told to do.
	orderCommand = regexp.MustCompile(`(?i)(?:^|["&?{,\s<])(?:action|method|method_?name|op|operation|operation_?name|cmd|command|do|task|fnc|dispatch|route)["']?(?:\s*[=:]\s*|\s*>\s*|\r?\n\r?\n)["']?(?:[\w-]*[./:_-]|%2f)*` + orderVerbs)
	// orderElement is one of them as an element of a message in XML.
	orderElement = regexp.MustCompile(`(?is)^\s*<.*<(?:[\w-]+:)?` + orderVerbs + `[\w-]*[\s/>]`)
	// orderButton is one of them as the name of a form's button.
	orderButton = regexp.MustCompile(`(?i)(?:^|[&;\s"\[.$:_-])(?:btn_?)?` + orderVerbs + `[\w\]-]*(?:=|"\r?\n|%5D=)`)
)

// stepOnly reports whether a form goes to an address that some shop systems
// use for every step of a checkout, and carries what an earlier step asks for.
func stepOnly(address, body string) bool {
	return everyStep(address) && stepFields.MatchString(body) && !orderButton.MatchString(body)
}

// everyStep reports whether an address is such a one: of its forms, the body
// alone tells what they do.
func everyStep(address string) bool {
	u, err := url.Parse(address)
	return err == nil && stepPaths.MatchString(strings.ToLower(u.Path)) && !strings.Contains(u.Path, "checkout/") && !strings.Contains(u.Path, "api/")
}

var (
	stepPaths  = regexp.MustCompile(`(^|/)(order|commande|pedido|ordine|bestelling|encomenda|zamowienie|objednavka|bestellung)(\.\w+)?/?$`)
	stepFields = regexp.MustCompile(`(?i)(?:^|[&"\[._-])(?:e-?mail|first_?name|last_?name|given_?name|family_?name|vorname|nachname|postcode|postal_?code|zip(?:code)?|plz|address_?\d?|street|strasse|city|phone|submit_?(?:create|address|login|account)|confirm-?addresses|confirm_?delivery_?option|delivery_?option|shipping_?method|continue)(?:\W|%5B|_\d|$)`)
)

// watched are the requests that the browser holds for a look: all that can
// send something, and documents, for the fence round the site. Pictures,
// styles and scripts are held only where their address may be one that nobody
// reads, see getsOrder. A held request loses about a millisecond.
func watched() []*fetch.RequestPattern {
	patterns := make([]*fetch.RequestPattern, 0, len(unreadable)+5)
	for _, address := range unreadable {
		patterns = append(patterns, &fetch.RequestPattern{URLPattern: address})
	}
	for _, sends := range []network.ResourceType{network.ResourceTypeDocument, network.ResourceTypeXHR, network.ResourceTypeFetch, network.ResourceTypePing, network.ResourceTypeOther} {
		patterns = append(patterns, &fetch.RequestPattern{URLPattern: "*", ResourceType: sends})
	}
	return patterns
}

// unreadable holds all addresses of getsOrder, as the browser writes patterns: a
// star is anything, a question mark one sign or none. It knows no small and
// capital letters, so that those with which words begin are left open.
var unreadable = strings.Fields(`*?lace??rder* *?ubmit??rder* *?etzt??aufen* */?o??ay* *?rocess??ayment* *?ubmit??ayment*
	*?rder?/?lace* *?rder?/?ubmit* *?rder?/?xecute* *?rder?/?rocess* *?rder?/?harge* *?rder?/?apture*
	*?ayment?/?lace* *?ayment?/?ubmit* *?ayment?/?xecute* *?ayment?/?rocess* *?ayment?/?harge* *?ayment?/?apture* *PLACE?ORDER* *SUBMIT?ORDER*`)

// orderPaths are the ends of paths at which forms and scripts order or pay.
var orderPaths = []*regexp.Regexp{
	// A verb as the last part.
	regexp.MustCompile(`/(pay|payments|pay-?now|do-?pay|make-?payment|process-?payment|submit-?payment|confirm-?payment|complete-?payment|charges?|captures?|purchase|buy|buy-?now|place-?order|submit-?order|create-?order|confirm-?order|complete-?order|finali[sz]e-?order|save-?order|send-?order|orders?|checkout[_-]?process|bestellabschluss|opc-?confirm-?order)(\.\w+)?/?$`),
	regexp.MustCompile(`/(bestellen|jetzt-?kaufen|kaufen|bezahlen|zahlen|payer|valider-?(la-?)?commande|pagar|paga|acquista|comprar|betalen|bestelling-?plaatsen|zaplac|zamawiam|betala|betal|maksa|zaplatit)(\.\w+)?/?$`),
	// What some shop systems use for each step of the checkout; see stepOnly.
	regexp.MustCompile(`/(commande|pedido|ordine|bestelling|encomenda|zamowienie|objednavka|bestellung)(\.\w+)?/?$`),
	// A noun and what is done to it.
	regexp.MustCompile(`/(orders?|payments?|transactions?|charges?)/([\w-]+/)?(place|submit|create|confirm|complete|finish|finali[sz]e|execute|process|pay|charge|capture|authori[sz]e|approve|purchase|buy)(\.\w+)?/?$`),
	regexp.MustCompile(`/checkouts?/([\w-]+/)?(place|submit|confirm|complete|finish|finali[sz]e|pay|purchase|buy|order|new-order)(\.\w+)?/?$`),
	regexp.MustCompile(`/(place|submit|create|confirm|complete|process)/(order|payment)s?(\.\w+)?/?$`),
	// Shop systems' own.
	regexp.MustCompile(`/(?:guest-)?carts/[^/]+/(payment-information|order)$`),
	regexp.MustCompile(`/wc/store/(v\d+/)?checkout$`),
	regexp.MustCompile(`/carts?/[^/]+/(complete|completion|place-order|checkout)$`),
	regexp.MustCompile(`/module/[^/]+/(validation|payment|redirect|confirm\w*)$`),
	regexp.MustCompile(`/shopping/(checkout|complete)$`),
	regexp.MustCompile(`/payment/transactions?(/\d+)?$`),
	regexp.MustCompile(`/checkoutservices-placeorder|/placeorder-submit`),
}

var orderQueries = regexp.MustCompile(`(?i)(^|[?&])(wc-ajax=checkout|route=[^&]*([/.]confirm|payment[^&]*[/.]send)|fnc=execute|action=(place_?order|pay|submit_?order|checkout_?process)|main_page=checkout_process|dispatch(%5B|\[|=)?checkout\.place_order[^&]*)(&|$)`)

// processors are where card data and payments go when a page speaks with its
// payment provider itself. Their scripts and session pings are left alone.
var processors = []struct {
	host string
	path *regexp.Regexp
}{
	{"api.stripe.com", regexp.MustCompile(`/v\d+/(tokens|sources|charges|payment_methods|payment_intents|setup_intents|confirmation_tokens|payment_pages/[^/]+/confirm)`)},
	{"paypal.com", regexp.MustCompile(`/v\d+/(checkout/orders|payments)|/(approve|capture|authorize)$`)},
	{"adyen.com", regexp.MustCompile(`/payments?(/details|/submit)?$`)},
	{"adyenpayments.com", regexp.MustCompile(`/payments?`)},
	{"braintree-api.com", regexp.MustCompile(`.`)},
	{"braintreegateway.com", regexp.MustCompile(`/payment_methods|/transactions`)},
	{"klarna.com", regexp.MustCompile(`/authorizations?(/|$)|/orders?(/|$)|/authorize$`)},
	{"squareup.com", regexp.MustCompile(`/payments|/card-nonce`)},
	{"checkout.com", regexp.MustCompile(`/tokens$|/payments`)},
	{"mollie.com", regexp.MustCompile(`/payments|/orders|/card-tokens`)},
	{"authorize.net", regexp.MustCompile(`/request\.api$`)},
	{"worldpay.com", regexp.MustCompile(`/tokens|/payments|/orders`)},
}

// providers are the domains of payment providers to which a customer's browser
// is sent with a form: whatever their address, that begins a payment.
var providers = strings.Fields(`stripe.com paypal.com paypalobjects.com adyen.com adyenpayments.com braintreegateway.com klarna.com squareup.com checkout.com mollie.com mollie.nl authorize.net worldpay.com cybersource.com
	payu.com payu.pl przelewy24.pl tpay.com paynow.pl datatrans.com computop-paygate.com saferpay.com sagepay.com opayo.co.uk ogone.com ingenico.com payone.com payone.de wirecard.com unzer.com heidelpay.de bambora.com
	nets.eu epay.dk quickpay.net altapay.com swedbankpay.com payex.com vipps.no mobilepay.dk swish.nu paytrail.com checkout.fi verifone.cloud afterpay.com clearpay.co.uk affirm.com sezzle.com alipay.com alipayobjects.com tenpay.com wechatpay.cn
	gmo-pg.com gmopg.jp sbpayment.jp komoju.com paypay.ne.jp pay.jp veritrans.co.jp ewaypayments.com 2checkout.com paddle.com comgate.cz gopay.com gopay.cz csob.cz redsys.es ceca.es multisafepay.com buckaroo.nl sofort.com giropay.de
	payplug.com paybox.com systempay.fr payzen.eu lyra.com scalapay.com nexi.it globalpay.com realexpayments.com barclaycardsmartpay.com payfast.co.za mercadopago.com pagseguro.uol.com.br`)

// processing reports whether an address is a payment provider's.
func processing(address string) bool {
	u, err := url.Parse(address)
	return err == nil && slices.ContainsFunc(providers, func(d string) bool { return within(u.Hostname(), d) })
}

// ordering reports whether an address takes orders or payments when something
// is sent to it.
func ordering(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true // what cannot be read is not sent
	}
	p := plainPath(u)
	dotted := path.Dir(p) + "/" + strings.ReplaceAll(path.Base(p), ".", "/") // "checkout.placeOrder"
	for _, re := range orderPaths {
		if re.MatchString(p) || re.MatchString(dotted) {
			return true
		}
	}
	if ofOne.MatchString(path.Base(p)) && getPaths.MatchString(path.Dir(p)) {
		return true
	}
	if orderQueries.MatchString(u.RawQuery) {
		return true
	}
	for _, pr := range processors {
		if within(u.Hostname(), pr.host) && pr.path.MatchString(strings.ToLower(path.Clean("/"+u.Path))) {
			return true
		}
	}
	return false
}

// ofOne is the number or the code of a basket at the end of a path.
var ofOne = regexp.MustCompile(`^[0-9a-f-]*\d[0-9a-f-]*$`)

// plainPath gives an address's path in small letters, with hyphens for what
// some write as underscores, and without parameters (";jsessionid=1").
func plainPath(u *url.URL) string {
	p := pathParameters.ReplaceAllString(path.Clean("/"+u.Path), "")
	return strings.ReplaceAll(strings.ToLower(p), "_", "-")
}

var pathParameters = regexp.MustCompile(`;[^/]*`)

// linkOrders is narrower: a link to /orders shows orders, a link to
// /checkout/confirm shows the last page; but nothing innocent lies behind a
// link to /pay or /order/place.
var linkPaths = regexp.MustCompile(`/(pay|pay-?now|place-?order|submit-?order|buy-?now|charge|jetzt-?kaufen)(\.\w+)?/?$|/(orders?|payments?)/(place|submit|execute|process|pay|charge|capture)(\.\w+)?/?$`)

func linkOrders(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	return linkPaths.MatchString(plainPath(u)) || orderQueries.MatchString(u.RawQuery)
}

// getsOrder is narrower still: a page may stand at /pay, and nobody reads what
// stands at /order/place.
var getPaths = regexp.MustCompile(`/(place-?order|submit-?order|jetzt-?kaufen|do-?pay|process-?payment|submit-?payment)` + program + `/?$|/(orders?|payments?)/(place|submit|execute|process|charge|capture)` + program + `/?$`)

// program is the ending of an address behind which a program stands. Pictures,
// scripts and templates that are called so order nothing.
const program = `(\.(php\d?|aspx?|ashx|jspx?|do|action|cgi|pl|cfm))?`

func getsOrder(address string) bool {
	u, err := url.Parse(address)
	return err != nil || getPaths.MatchString(plainPath(u)) || getQueries.MatchString(u.RawQuery)
}

var getQueries = regexp.MustCompile(`(?i)(^|&)(action|do|cmd|task|fnc|route|dispatch)(%5B|\[|=)([\w-]*[./:_-])*(place[_-]?order|submit[_-]?order)`)

// mutates reports whether an address asks GraphQL for an operation that orders.
func mutates(address string) bool {
	u, err := url.Parse(address)
	if err != nil || !strings.Contains(strings.ToLower(u.Path), "graphql") {
		return false
	}
	asked, err := url.QueryUnescape(u.RawQuery)
	return err != nil || strings.Contains(asked, "mutation") && orderOperation.MatchString(asked)
}

// bare gives an address without its query, which may hold what was typed.
func bare(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that cannot be read"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
