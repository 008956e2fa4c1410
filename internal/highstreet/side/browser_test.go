package side

import (
	"os"
	"strings"
	"testing"
	"time"

	"touchstone/probes/web/driver"
)

// ways are the ways to a payment that only a browser can go: "press" is
// counted, "away" (of a banner, or back from a search) is not, "at" is a goal of the table, reached
// with as many presses as it says.
var ways = map[string]string{
	"tallow-and-wick": `press a[href="/product/amber-pillar/"].woocommerce-LoopProduct-link
		see Description
		at open-product
		choose #attribute_pa_size=Small (8 cm)
		press .single_add_to_cart_button
		see has been added
		at add-to-cart
		press .woocommerce-message a
		at view-cart
		press .checkout-button
		at start-checkout
		fill #billing_email=ada@example.com
		press #step-contact button
		see Street address
		fill #billing_first_name=Ada
		fill #billing_last_name=Byron
		fill #billing_address_1=12 High Street
		fill #billing_city=Hexham
		fill #billing_postcode=NE46 1XQ
		press #step-address button
		see Next working day
		press #step-delivery button
		at reach-payment`,
	"fable-socks": `press a[href="/products/hare"]
		see Quantity
		at open-product
		press .product-form__submit
		see Estimated total
		at view-cart
		press #CartDrawer-Checkout
		at start-checkout
		at reach-payment
		fill #email=ada@example.com
		fill #lastName=Byron
		fill #address1=12 Main St
		fill #city=Portland
		choose #zone=Maine
		fill #postalCode=04101
		fill #number=
		see Express (2 business days)`,
	"moor-and-fell": `away [data-consent="none"]
		press .quickview[data-product-id="tarn-jacket"]
		see Quantity
		tick #modal .form-option[for$="tarn-jacket-m"]
		press #modal .form-action-addToCart
		see What's next?
		at add-to-cart
		at view-cart
		press .previewCart a[href="/checkout"]
		at start-checkout
		fill #email=ada@example.com
		press #checkout-customer-continue
		see Shipping Address
		fill #firstName=Ada
		fill #lastName=Byron
		fill #address1=12 High Street
		fill #city=Ambleside
		choose #countryCode=Ireland
		fill #postalCode=LA22 9SU
		press #checkout-shipping-continue
		at reach-payment`,
	"papierlaube": `press a[href="/detail/birke"].product-name
		see Lineatur wählen
		at open-product
		press .btn-buy
		see Zwischensumme
		at view-cart
		press .offcanvas .begin-checkout-btn
		at start-checkout
		fill #firstName=Ada
		fill #lastName=Byron
		fill #email=ada@example.com
		tick label[for="guest"]
		fill #billingAddress-street=Markt 1
		fill #billingAddress-zipcode=99423
		fill #billingAddress-city=Weimar
		tick #acceptedDataProtection
		press .register-form button
		at reach-payment`,
	"greenlens": `press a[href="/shop/p/iris-frame"]
		see Quantity
		at open-product
		choose [data-variant-option-name]=Wide
		press .sqs-add-to-cart-button
		see Added!
		at add-to-cart
		press .cart-style-text
		at view-cart
		press .cart-checkout-button
		at start-checkout`,
	"harrow-boots": `away .geo .action-close
		press .product-item-link[href="/ploughman.html"]
		see Details
		at open-product
		choose #attribute0=9
		choose #attribute1=Wide
		press #product-addtocart-button
		see You added
		at add-to-cart
		press .showcart
		see View and Edit Cart
		press #top-cart-btn-checkout
		at start-checkout
		fill #username=ada@example.com
		fill #firstname=Ada
		fill #lastname=Byron
		fill #street-0=12 Main St
		choose #country_id=Canada
		choose #region_id=Ontario
		fill #city=Ottawa
		fill #postcode=K1A 0B1
		fill #telephone=613 555 0199
		press #co-shipping-form button
		at reach-payment`,
	"gridiron-tools": `fill #keywords=claw
		press #search-form .btn
		see found for
		press a[href="/products/claw-hammer"]
		see Add To Cart
		at open-product
		press #add-to-cart-button
		see Shopping Cart
		at view-cart`,
	"maison-lavandiere": `press .product-title a[href="/produit/savon-marseille"]
		see Parfum
		at open-product
		press .add-to-cart
		see ajouté au panier
		at add-to-cart
		press #blockcart-modal a
		at view-cart
		press .cart-summary a
		at start-checkout`,
	"sonder-audio": `away button[aria-label="Search"]
		fill .find [name=q]=cable
		away .find button
		see 1 found for
		away .logo
		press a[href="#/p/halo"]
		see Forty hours
		at open-product
		at choose-options
		tick .swatch:first-of-type
		press .buy
		see It is in your bag
		at add-to-cart
		press a[href="#/cart"]
		at view-cart
		press a[href="#/checkout"]
		at start-checkout
		fill form[data-post] [name=email]=ada@example.com
		fill [name=name]=Ada Byron
		fill [name=line1]=12 High Street
		fill [name=town]=Bristol
		fill [name=postcode]=BS1 4QA
		press form[data-post="/api/checkout/details"] button
		at reach-payment`,
}

// A browser gets as far as the payment by as many presses as the tables say,
// and no shop is paid.
func TestInTheBrowser(t *testing.T) {
	browser, err := driver.Start(t.Context(), driver.Options{TempDir: t.TempDir()})
	if err != nil {
		t.Fatal(err) // says what to install
	}
	t.Cleanup(func() {
		if err := browser.Close(); err != nil && !os.IsNotExist(err) {
			t.Log(err)
		}
	})
	s := open(t)
	for id, way := range ways {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			tab, err := browser.NewTab(t.Context(), driver.TabOptions{Timeout: 20 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			defer tab.Close()
			goes(t, tab, s.Shop(id), way)
		})
	}
}

// goes takes one way, word by word.
func goes(t *testing.T, tab *driver.Tab, shop *Shop, way string) {
	if err := tab.Page().Navigate(t.Context(), shop.URL); err != nil {
		t.Fatal(err)
	}
	presses := 0
	yes := func(driver.Control) error { return nil }
	for line := range strings.Lines(way) {
		verb, what, _ := strings.Cut(strings.TrimSpace(line), " ")
		css, value := what, ""
		if i := strings.LastIndex(what, "="); i >= 0 && (verb == "fill" || verb == "choose") {
			css, value = what[:i], what[i+1:]
		}
		var err error
		p, q := tab.Page(), driver.Locator{CSS: css}
		switch verb {
		case "press", "away", "tick":
			if _, err = p.Click(t.Context(), q, yes); verb == "press" {
				presses++
			}
		case "fill":
			_, err = p.Fill(t.Context(), q, value, yes)
		case "choose":
			_, err = p.Select(t.Context(), q, value, yes)
		case "see":
			err = p.See(t.Context(), driver.Locator{Text: what}, 0)
		case "at":
			g := shop.goal(what)
			if g.Path != "" {
				err = p.SeeURL(t.Context(), g.Path, 0)
			}
			if err == nil && g.Mark != "" {
				err = p.See(t.Context(), driver.Locator{Text: g.Mark}, 0)
			}
			if presses != g.Fewest {
				t.Errorf("%s takes %d presses, the table says %d", what, presses, g.Fewest)
			}
		default:
			t.Fatalf("nobody can %q", verb)
		}
		if err != nil {
			t.Fatalf("%s %s: %v", verb, what, err)
		}
	}
	if n := shop.Counts().Orders; n != 0 {
		t.Errorf("%d payments were posted", n)
	}
}
