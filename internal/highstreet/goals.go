package highstreet

import "touchstone/internal/highstreet/side"

// Goals is what is true of every goal in the High Street's own shops, by site,
// as side.Goal counts it. The side street's shops give theirs themselves.
func Goals() map[string][]side.Goal {
	at := func(name string, fewest int, path, mark string) side.Goal {
		return side.Goal{Name: name, State: side.Reached, Fewest: fewest, Path: path, Mark: mark}
	}
	note := func(g side.Goal, text string) side.Goal { g.Note = text; return g }
	// buy counts from the start page: a product, the basket that opens by
	// itself with it, the checkout and, steps later, the payment.
	buy := func(item, basket, checkout, payment string, steps int) []side.Goal {
		return []side.Goal{
			at("open-product", 1, item, ""), at("choose-options", 1, item, ""), at("add-to-cart", 2, basket, ""), at("view-cart", 2, basket, ""), at("start-checkout", 3, checkout, ""),
			at("fill-checkout", 3+steps, payment, ""), at("reach-payment", 3+steps, payment, ""), at("price-check", 2, basket, ""), at("leave-and-return", 3, basket, ""),
		}
	}
	return map[string][]side.Goal{
		"kettle-and-leaf": side.Complete(append(buy("/product/willow", "/basket", "/checkout", "/checkout/payment", 1),
			note(at("find-contact", 0, "/", "hello@kettle-and-leaf.example"), "in the footer"), at("find-phone", 0, "/", "01632 960 123"), at("find-help", 1, "/help", "Search the help pages"), at("search-help", 2, "/help", ""), at("answer-question", 1, "/help", ""),
			at("find-returns-policy", 1, "/returns", "60 days, used or not"), at("find-delivery-cost", 1, "/delivery", "£3.95"), at("find-privacy-policy", 1, "/privacy", "tax law"), at("search-product", 1, "/search", ""),
			at("newsletter-sign-up", 1, "/newsletter", ""), at("submit-contact-form", 2, "/contact/sent", ""), note(at("declined-card", 5, "/order/place", "there is a digit wrong"), "its payment is a sandbox"))),
		"brass-and-sons": side.Complete(append(buy("/product/lion", "/basket", "/checkout", "/checkout", 3),
			at("find-contact", 1, "/contact", "care@brass-and-sons.example"), at("find-phone", 1, "/contact", "01632 960 471"), at("find-help", 1, "/help", "Search the answers"), at("search-help", 2, "/help", ""), at("answer-question", 1, "/help", ""),
			at("find-returns-policy", 1, "/returns", "Within 14 days of delivery"), at("find-delivery-cost", 1, "/delivery", "Free by tracked carrier"), at("find-privacy-policy", 1, "/privacy", "A cookie remembers"), at("search-product", 1, "/search", ""),
			at("newsletter-sign-up", 1, "/newsletter", ""), at("submit-contact-form", 2, "/contact/sent", ""))),
		"quillworks": side.Complete(append(buy("/product/no4", "/basket", "/checkout", "/checkout/payment", 4),
			at("find-contact", 3, "/info/company/enquiries", "help@quillworks.example"), at("find-help", 2, "/info/faq", "Frequently asked questions"), at("answer-question", 2, "/info/faq", ""),
			note(at("find-returns-policy", 3, "/info/terms/schedules/c", "within 14 days of receipt"), "by the foot's link to the terms"), at("find-delivery-cost", 3, "/info/terms/schedules/a", "A.1 Charges"), at("find-privacy-policy", 2, "/info/terms/privacy", "Particulars are retained"),
			at("search-product", 1, "/search", ""), at("submit-contact-form", 4, "/info/company/enquiries/sent", ""))),
		"lumen-lamps": side.Complete(append(buy("/product/moss", "/basket", "/checkout", "/checkout/payment", 2),
			at("find-contact", 1, "/contact", ""), at("find-phone", 1, "/contact", ""), at("find-help", 1, "/help", ""), at("search-help", 2, "/help", ""), at("answer-question", 1, "/help", ""), at("find-returns-policy", 1, "/returns", ""),
			at("find-delivery-cost", 1, "/delivery", ""), at("find-privacy-policy", 1, "/privacy", ""), at("search-product", 1, "/search", ""), at("submit-contact-form", 2, "/contact/sent", ""))),
		"nordwolle": side.Complete(append(buy("/artikel/deich", "/warenkorb", "/kasse", "/kasse/zahlung", 2),
			at("find-contact", 1, "/kontakt", ""), at("find-phone", 1, "/impressum", "030 23125 118"), at("find-help", 1, "/hilfe", ""), at("search-help", 2, "/hilfe", ""), at("answer-question", 1, "/hilfe", ""),
			at("find-returns-policy", 1, "/widerruf", "30 Tagen"), at("find-delivery-cost", 1, "/versand", "Ab 80"), at("find-privacy-policy", 1, "/datenschutz", "Ein Cookie"), at("search-product", 1, "/suche", ""), at("submit-contact-form", 2, "/kontakt/gesendet", ""),
			at("newsletter-sign-up", 1, "/wollpost", ""), note(at("register", 4, "/kasse/adresse", ""), "as the first step of its checkout"))),
	}
}
