package highstreet

import (
	"math"

	"touchstone/internal/evidence"
)

// lost is Smith's lostness (1996) of a walk that visited so many pages, so
// many different ones among them, where so few are needed.
func lost(visited, different, needed float64) *float64 {
	l := math.Hypot(different/visited-1, needed/different-1)
	return &l
}

// visits are what a person counted in the shops' pages.
func visits() []WebTruth {
	yes, no := new(bool), new(bool)
	*yes = true
	n := func(i int) *int { return &i }
	const (
		kettle, brass, quill = "kettle-and-leaf", "brass-and-sons", "quillworks"
		lumen, nord          = "lumen-lamps", "nordwolle"
	)
	return []WebTruth{
		// Home, shelf, product, basket, details, payment. A click leads to each but
		// the first; email, phone, name, street, city, postcode, country and the way
		// of delivery are asked for, phone is optional, country and delivery are
		// chosen beforehand.
		{Site: kettle, Scenario: "buy-to-payment", Outcome: evidence.Completed, Reached: true, Pages: 6, Clicks: 5, Visible: 8, Required: 7, Prefilled: 2, Filled: 5,
			Views: n(6), ConsentPreticked: n(0), AccountForced: no, CostBeforeData: yes},
		// Home and contact page; the number is in the footer of both.
		{Site: kettle, Scenario: "find-contact", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), PhoneProminence: n(2), DeadLinks: n(0)},
		// Home, help, results. A search box is not a form to fill in.
		{Site: kettle, Scenario: "find-help", Outcome: evidence.Completed, Reached: true, Pages: 3, Clicks: 2,
			Views: n(3), DeadLinks: n(0)},
		{Site: kettle, Scenario: "find-phone", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 0,
			Views: n(1), PhoneProminence: n(2), DeadLinks: n(0)},
		{Site: kettle, Scenario: "find-returns", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), DeadLinks: n(0), Lostness: lost(2, 2, 2)},
		// Home, shelf, product, basket, home again, basket.
		{Site: kettle, Scenario: "leave-and-return", Outcome: evidence.Completed, Reached: true, Pages: 6, Clicks: 4,
			Views: n(6), DeadLinks: n(0)},
		{Site: kettle, Scenario: "search-product", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), DeadLinks: n(0)},
		// Home, contact page, the page that says it was sent.
		{Site: kettle, Scenario: "contact-form", Outcome: evidence.Completed, Reached: true, Pages: 3, Clicks: 2, Visible: 3, Required: 3, Prefilled: 0, Filled: 3,
			Views: n(3)},
		// Home, contact page, and the same page again for each of two mistakes; no
		// message is sent.
		{Site: kettle, Scenario: "contact-errors", Outcome: evidence.Completed, Reached: true, Pages: 4, Clicks: 1, Visible: 3, Required: 3, Prefilled: 0, Filled: 3,
			Views: n(4), Mended: n(2)},
		{Site: brass, Scenario: "contact-errors", Outcome: evidence.Completed, Reached: true, Pages: 4, Clicks: 1, Visible: 4, Required: 4, Prefilled: 0, Filled: 4,
			Views: n(4), Mended: n(2)},
		// Its script says what is wrong in the page itself.
		{Site: lumen, Scenario: "contact-errors", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 1, Visible: 3, Required: 3, Prefilled: 0, Filled: 3,
			Views: n(2), Mended: n(2)},
		{Site: nord, Scenario: "contact-errors", Outcome: evidence.Completed, Reached: true, Pages: 4, Clicks: 1, Visible: 3, Required: 3, Prefilled: 0, Filled: 3,
			Views: n(4), Mended: n(2)},
		// As far as payment, four fields of the card, and the page that says thank you.
		{Site: kettle, Scenario: "order-in-sandbox", Outcome: evidence.Completed, Reached: true, Pages: 7, Clicks: 6, Visible: 12, Required: 11, Prefilled: 2, Filled: 9,
			Views: n(7), ConsentPreticked: n(0), AccountForced: no, CostBeforeData: yes},
		// Home, shelf, product, basket, and the checkout on one page: three times
		// Continue, one way of delivery. Three fields about the customer, of which
		// the box for offers is ticked and optional; six of the address, of which
		// the company is optional; the delivery.
		{Site: brass, Scenario: "buy-to-payment", Outcome: evidence.Completed, Reached: true, Pages: 5, Clicks: 8, Visible: 10, Required: 8, Prefilled: 2, Filled: 7,
			Views: n(5), ConsentPreticked: n(1), AccountForced: no, CostBeforeData: yes},
		{Site: brass, Scenario: "find-contact", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), PhoneProminence: n(1), DeadLinks: n(0)},
		{Site: brass, Scenario: "find-help", Outcome: evidence.Completed, Reached: true, Pages: 3, Clicks: 2,
			Views: n(3), DeadLinks: n(0)},
		{Site: brass, Scenario: "find-phone", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), PhoneProminence: n(1), DeadLinks: n(0)},
		{Site: brass, Scenario: "find-returns", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), DeadLinks: n(0), Lostness: lost(2, 2, 2)},
		{Site: brass, Scenario: "leave-and-return", Outcome: evidence.Completed, Reached: true, Pages: 6, Clicks: 4,
			Views: n(6), DeadLinks: n(0)},
		{Site: brass, Scenario: "search-product", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), DeadLinks: n(0)},
		// The subject is one more.
		{Site: brass, Scenario: "contact-form", Outcome: evidence.Completed, Reached: true, Pages: 3, Clicks: 2, Visible: 4, Required: 4, Prefilled: 0, Filled: 4,
			Views: n(3)},
		// Home, shelf, product, order form, four parts, settlement. Seven fields,
		// seven with one optional, six with one optional, dispatch and terms: only
		// the dispatch is chosen beforehand, and its cost comes last.
		{Site: quill, Scenario: "buy-to-payment", Outcome: evidence.Completed, Reached: true, Pages: 9, Clicks: 9, Visible: 22, Required: 20, Prefilled: 1, Filled: 19,
			Views: n(9), ConsentPreticked: n(0), AccountForced: no, CostBeforeData: no},
		// Home, information, company, enquiries. Four links of the frame lead nowhere.
		{Site: quill, Scenario: "find-contact", Outcome: evidence.Completed, Reached: true, Pages: 4, Clicks: 3,
			Views: n(4), PhoneProminence: n(0), DeadLinks: n(4)},
		// Home, information, all questions: there is no search.
		{Site: quill, Scenario: "find-help", Outcome: evidence.Completed, Reached: true, Pages: 3, Clicks: 2,
			Views: n(3), DeadLinks: n(4)},
		// There is none.
		{Site: quill, Scenario: "find-phone", Outcome: evidence.Failed, Reached: false, Pages: 4, Clicks: 3,
			Views: n(4), PhoneProminence: n(0), DeadLinks: n(4)},
		// Information, terms, schedules, schedule C: four clicks from home.
		// Home, information, questions in vain, information, terms, schedules,
		// the schedule: 7 pages, 6 different ones, of which 5 are needed.
		{Site: quill, Scenario: "find-returns", Outcome: evidence.Completed, Reached: true, Pages: 7, Clicks: 6,
			Views: n(7), DeadLinks: n(4), Lostness: lost(7, 6, 5)},
		{Site: quill, Scenario: "leave-and-return", Outcome: evidence.Completed, Reached: true, Pages: 6, Clicks: 4,
			Views: n(6), DeadLinks: n(4)},
		{Site: quill, Scenario: "search-product", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), DeadLinks: n(4)},
		// The address is asked for twice, the customer reference is optional.
		{Site: quill, Scenario: "contact-form", Outcome: evidence.Completed, Reached: true, Pages: 5, Clicks: 4, Visible: 5, Required: 4, Prefilled: 0, Filled: 4,
			Views: n(5)},
		// One document; views of the shelf, the lamp, the basket, and three of the
		// checkout. Six fields and the delivery, all required.
		{Site: lumen, Scenario: "buy-to-payment", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 7, Visible: 7, Required: 7, Prefilled: 2, Filled: 6,
			Views: n(7), ConsentPreticked: n(0), AccountForced: no, CostBeforeData: yes},
		{Site: lumen, Scenario: "find-contact", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 1,
			Views: n(2), PhoneProminence: n(1), DeadLinks: n(0)},
		// The results are drawn at the path of the questions.
		{Site: lumen, Scenario: "find-help", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 2,
			Views: n(2), DeadLinks: n(0)},
		{Site: lumen, Scenario: "find-phone", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 1,
			Views: n(2), PhoneProminence: n(1), DeadLinks: n(0)},
		{Site: lumen, Scenario: "find-returns", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 1,
			Views: n(2), DeadLinks: n(0), Lostness: lost(2, 2, 2)},
		// Opening the start page is a second document; the other views are drawn.
		{Site: lumen, Scenario: "leave-and-return", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 4,
			Views: n(6), DeadLinks: n(0)},
		// Sent by the Enter key: no click.
		{Site: lumen, Scenario: "search-product", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 0,
			Views: n(2), DeadLinks: n(0)},
		{Site: lumen, Scenario: "contact-form", Outcome: evidence.Completed, Reached: true, Pages: 1, Clicks: 2, Visible: 3, Required: 3, Prefilled: 0, Filled: 3,
			Views: n(3)},
		// Home, shelf, product, basket, account, address, payment. Four fields for
		// the account, seven for the address, of which the phone is optional.
		{Site: nord, Scenario: "buy-to-payment", Outcome: evidence.Completed, Reached: true, Pages: 7, Clicks: 7, Visible: 11, Required: 10, Prefilled: 2, Filled: 9,
			Views: n(7), ConsentPreticked: n(0), AccountForced: yes, CostBeforeData: yes},
		{Site: nord, Scenario: "find-contact", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), PhoneProminence: n(0), DeadLinks: n(0)},
		{Site: nord, Scenario: "find-help", Outcome: evidence.Completed, Reached: true, Pages: 3, Clicks: 2,
			Views: n(3), DeadLinks: n(0)},
		{Site: nord, Scenario: "find-phone", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), PhoneProminence: n(1), DeadLinks: n(0)},
		{Site: nord, Scenario: "find-returns", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), DeadLinks: n(0), Lostness: lost(2, 2, 2)},
		{Site: nord, Scenario: "leave-and-return", Outcome: evidence.Completed, Reached: true, Pages: 6, Clicks: 4,
			Views: n(6), DeadLinks: n(0)},
		{Site: nord, Scenario: "search-product", Outcome: evidence.Completed, Reached: true, Pages: 2, Clicks: 1,
			Views: n(2), DeadLinks: n(0)},
		{Site: nord, Scenario: "contact-form", Outcome: evidence.Completed, Reached: true, Pages: 3, Clicks: 2, Visible: 3, Required: 3, Prefilled: 0, Filled: 3,
			Views: n(3)},
	}
}
