package web

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode"

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

// finalPhrases order or pay wherever they stand on a control, in a button or a
// link. They are compared without case, accents and punctuation.
var finalPhrases = map[string][]string{
	"en": {"place order", "place my order", "place your order", "place the order", "submit order", "submit my order", "submit your order", "complete order", "complete my order", "complete your order",
		"complete purchase", "complete my purchase", "complete your purchase", "complete payment", "confirm order", "confirm my order", "confirm your order", "confirm purchase", "confirm payment", "confirm and pay",
		"finish order", "finalise order", "finalize order", "finalise purchase", "finalize purchase", "order and pay", "buy now", "buy it now", "pay now", "pay securely", "pay and order", "and pay",
		"make payment", "submit payment", "send payment", "authorise payment", "authorize payment", "order with obligation to pay", "purchase now"},
	"de": {"jetzt kaufen", "zahlungspflichtig", "kostenpflichtig", "jetzt bestellen", "jetzt bezahlen", "jetzt zahlen", "kauf abschliessen", "bestellung abschliessen", "bestellung aufgeben", "bestellung absenden",
		"bestellung abschicken", "bestellung bestatigen", "kaufen und bezahlen", "verbindlich bestellen", "verbindlich kaufen", "sofort kaufen", "zahlung abschliessen", "zahlung bestatigen", "zahlung freigeben"},
	"fr": {"passer la commande", "passer commande et payer", "valider la commande", "valider ma commande", "confirmer la commande", "confirmer ma commande", "finaliser la commande", "finaliser ma commande", "finaliser l achat",
		"commander et payer", "commande avec obligation de paiement", "obligation de paiement", "payer maintenant", "acheter maintenant", "confirmer et payer", "valider et payer", "valider le paiement", "confirmer le paiement", "proceder au paiement de", "regler ma commande"},
	"es": {"realizar pedido", "realizar el pedido", "hacer pedido", "confirmar pedido", "confirmar el pedido", "finalizar pedido", "finalizar compra y pagar", "confirmar compra", "confirmar la compra", "completar compra", "completar pedido",
		"pagar ahora", "comprar ahora", "comprar ya", "pedido con obligacion de pago", "obligacion de pago", "confirmar y pagar", "realizar pago", "realizar el pago", "confirmar pago", "confirmar el pago"},
	"it": {"effettua ordine", "effettua l ordine", "invia ordine", "invia l ordine", "conferma ordine", "conferma l ordine", "completa ordine", "completa l ordine", "completa l acquisto", "concludi ordine", "concludi l ordine", "conferma acquisto", "conferma l acquisto",
		"ordine con obbligo di pagamento", "obbligo di pagamento", "paga ora", "paga adesso", "acquista ora", "compra ora", "compra subito", "acquista subito", "conferma e paga", "conferma pagamento", "conferma il pagamento", "esegui pagamento"},
	"nl": {"bestelling plaatsen", "plaats bestelling", "plaats je bestelling", "plaats uw bestelling", "bestelling afronden", "bestelling bevestigen", "bestelling met betalingsverplichting", "betalingsverplichting", "nu betalen", "nu kopen", "direct kopen",
		"koop nu", "betaal nu", "bestel nu", "bevestigen en betalen", "bestellen en betalen", "betaling bevestigen", "aankoop afronden"},
	"pt": {"fazer pedido", "fazer o pedido", "confirmar pedido", "confirmar encomenda", "confirmar a encomenda", "finalizar encomenda", "finalizar pedido", "concluir encomenda", "concluir pedido", "concluir compra", "confirmar compra", "encomenda com obrigacao de pagamento",
		"obrigacao de pagamento", "pagar agora", "comprar agora", "comprar ja", "confirmar e pagar", "efetuar pagamento", "efetuar o pagamento", "confirmar pagamento"},
}

// payWords pay when they are all that stands on a button, an amount aside:
// "Pay £49.00".
var payWords = map[string][]string{
	"en": {"pay", "pay with card", "pay by card", "pay with paypal", "pay with klarna", "buy with paypal", "buy with shop pay", "paypal", "paypal checkout", "checkout with paypal", "google pay", "buy with google pay", "apple pay", "buy with apple pay", "shop pay", "amazon pay", "donate"},
	"de": {"bezahlen", "zahlen", "mit paypal bezahlen", "mit paypal zahlen", "direkt zu paypal", "mit karte bezahlen", "kaufen mit paypal"},
	"fr": {"payer", "payer par carte", "payer avec paypal", "regler"},
	"es": {"pagar", "pagar con tarjeta", "pagar con paypal"},
	"it": {"paga", "pagare", "paga con carta", "paga con paypal"},
	"nl": {"betalen", "betaal", "betalen met paypal", "betalen met ideal", "afrekenen en betalen"},
	"pt": {"pagar", "pagar com cartao", "pagar com paypal"},
}

// orderWords order on the page where a checkout ends, and put something into
// the basket, or lead to the checkout, on the pages before: "Commander" is
// both. They are refused as a button's whole name on a page that calls itself
// checkout or payment.
var orderWords = map[string][]string{
	"en": {"order", "order now", "buy", "purchase"},
	"de": {"kaufen", "bestellen"},
	"fr": {"commander", "acheter"},
	"es": {"comprar", "pedir", "finalizar compra", "finalizar la compra"},
	"it": {"acquista", "compra", "ordina"},
	"nl": {"kopen", "bestellen"},
	"pt": {"comprar", "encomendar", "finalizar compra"},
}

// closingWords end whatever stands on the page. They are refused as a button's
// whole name where the page calls itself payment or review: before that, they
// send an address.
var closingWords = map[string][]string{
	"en": {"confirm", "submit", "complete", "finish", "send"},
	"de": {"bestatigen", "abschliessen", "absenden", "abschicken"},
	"fr": {"confirmer", "valider", "terminer"},
	"es": {"confirmar", "finalizar", "terminar"},
	"it": {"conferma", "concludi", "invia"},
	"nl": {"bevestigen", "afronden", "voltooien"},
	"pt": {"confirmar", "finalizar", "concluir"},
}

// byName is the first fence: it refuses what a person would read as ordering
// or paying. Choices (radio buttons, tick boxes, options) order nothing.
func byName(c driver.Control) string {
	switch c.Role {
	case "radio", "checkbox", "option", "tab", "switch", "menuitemradio", "menuitemcheckbox":
		return ""
	}
	button := c.Submits || c.Role == "button" || c.Tag == "button" || (c.Role != "link" && c.Link == "")
	for _, name := range c.Names {
		plain := plainWords(name)
		for lang, phrases := range finalPhrases {
			for _, p := range phrases {
				if strings.Contains(" "+plain+" ", " "+p+" ") {
					return fmt.Sprintf("the control %q orders or pays by its name (%s)", name, lang)
				}
			}
		}
		if !button {
			continue
		}
		if lang := listed(payWords, plain); lang != "" {
			return fmt.Sprintf("the button %q pays by its name (%s)", name, lang)
		}
		if lang := listed(orderWords, plain); lang != "" && (c.Checkout || c.Payment) {
			return fmt.Sprintf("the button %q orders by its name, on a page of the checkout (%s)", name, lang)
		}
		if lang := listed(closingWords, plain); lang != "" && c.Payment {
			return fmt.Sprintf("the button %q ends the order by its name, on a page of payment or review (%s)", name, lang)
		}
	}
	return ""
}

func listed(words map[string][]string, plain string) string {
	for lang, list := range words {
		for _, w := range list {
			if plain == w {
				return lang
			}
		}
	}
	return ""
}

// plainWords folds a name (see folded) and drops amounts of money.
func plainWords(s string) string {
	var words []string
	for _, w := range strings.Fields(folded(s)) {
		switch {
		case strings.ContainsFunc(w, unicode.IsDigit):
		case w == "eur" || w == "euro" || w == "usd" || w == "gbp" || w == "chf":
		default:
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

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
	case c.Submits && c.Method != "GET" && ordering(c.Action):
		return fmt.Sprintf("the button %q sends its form to %s, which takes orders or payments", c.Name(), bare(c.Action))
	case c.Submits && linkOrders(c.Action):
		return fmt.Sprintf("the button %q leads to %s, which takes orders or payments", c.Name(), bare(c.Action))
	case c.Link != "" && linkOrders(c.Link):
		return fmt.Sprintf("the link %q leads to %s, which takes orders or payments", c.Name(), bare(c.Link))
	}
	return ""
}

// byRequest is the third fence: it refuses the request itself, whoever made
// the page send it. What only reads (GET, HEAD, OPTIONS) passes.
func byRequest(method, address, body string) string {
	switch method {
	case "GET", "HEAD", "OPTIONS":
		return ""
	}
	if ordering(address) {
		return fmt.Sprintf("a %s request to %s, which takes orders or payments, was stopped before it left", method, bare(address))
	}
	if strings.Contains(address, "graphql") && orderOperation.MatchString(body) {
		return fmt.Sprintf("a %s request to %s with an ordering operation was stopped before it left", method, bare(address))
	}
	return ""
}

// orderOperation is how shop systems with one address for everything name
// what orders or pays.
var orderOperation = regexp.MustCompile(`(?i)\b(SubmitForCompletion|place_?order|submit_?order|complete_?checkout|checkout_?complete|confirm_?payment|process_?payment|create_?payment)\w*`)

// watched are the requests that the browser holds for a look: all that can
// send something, and documents, for the fence round the site. Pictures,
// styles and scripts are never held. A held request loses about a millisecond.
func watched() []*fetch.RequestPattern {
	var patterns []*fetch.RequestPattern
	for _, sends := range []network.ResourceType{network.ResourceTypeDocument, network.ResourceTypeXHR, network.ResourceTypeFetch, network.ResourceTypePing, network.ResourceTypeOther} {
		patterns = append(patterns, &fetch.RequestPattern{URLPattern: "*", ResourceType: sends})
	}
	return patterns
}

// orderPaths are the ends of paths at which forms and scripts order or pay.
var orderPaths = []*regexp.Regexp{
	// A verb as the last part.
	regexp.MustCompile(`/(pay|pay-?now|do-?pay|make-?payment|process-?payment|submit-?payment|confirm-?payment|complete-?payment|charges?|captures?|purchase|buy|buy-?now|place-?order|submit-?order|create-?order|confirm-?order|complete-?order|finali[sz]e-?order|orders?)(\.\w+)?/?$`),
	regexp.MustCompile(`/(bestellen|jetzt-?kaufen|kaufen|bezahlen|zahlen|payer|valider-?(la-?)?commande|pagar|paga|acquista|comprar|betalen|bestelling-?plaatsen)(\.\w+)?/?$`),
	// A noun and what is done to it.
	regexp.MustCompile(`/(orders?|payments?|transactions?|charges?)/([\w-]+/)?(place|submit|create|confirm|complete|finish|finali[sz]e|execute|process|pay|charge|capture|authori[sz]e|approve|purchase|buy)(\.\w+)?/?$`),
	regexp.MustCompile(`/checkouts?/([\w-]+/)?(place|submit|confirm|complete|finish|finali[sz]e|pay|purchase|buy|order|new-order)(\.\w+)?/?$`),
	regexp.MustCompile(`/(place|submit|create|confirm|complete|process)/(order|payment)s?(\.\w+)?/?$`),
	// Shop systems' own.
	regexp.MustCompile(`/(?:guest-)?carts/[^/]+/(payment-information|order)$`),
	regexp.MustCompile(`/wc/store/(v\d+/)?checkout$`),
	regexp.MustCompile(`/checkoutservices-placeorder|/placeorder-submit`),
}

var orderQueries = regexp.MustCompile(`(?i)(^|[?&])(wc-ajax=checkout|route=[^&]*(/confirm|payment[^&]*/send)|fnc=execute|action=(place_?order|pay|submit_?order|checkout_?process))(&|$)`)

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

// ordering reports whether an address takes orders or payments when something
// is sent to it.
func ordering(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true // what cannot be read is not sent
	}
	p := strings.ToLower(path.Clean("/" + u.Path))
	for _, re := range orderPaths {
		if re.MatchString(p) {
			return true
		}
	}
	if orderQueries.MatchString(u.RawQuery) {
		return true
	}
	for _, pr := range processors {
		if within(u.Hostname(), pr.host) && pr.path.MatchString(p) {
			return true
		}
	}
	return false
}

// linkOrders is narrower: a link to /orders shows orders, a link to
// /checkout/confirm shows the last page; but nothing innocent lies behind a
// link to /pay or /order/place.
var linkPaths = regexp.MustCompile(`/(pay|pay-?now|place-?order|submit-?order|buy-?now|charge|jetzt-?kaufen)(\.\w+)?/?$|/(orders?|payments?)/(place|submit|execute|process|pay|charge|capture)(\.\w+)?/?$`)

func linkOrders(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	return linkPaths.MatchString(strings.ToLower(path.Clean("/"+u.Path))) || orderQueries.MatchString(u.RawQuery)
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
