package reading

import (
	"strings"
	"testing"
)

// dsn is a delivery report as an MTA writes it.
func dsn(statusType, headerType, action, status, diagnostic string) []byte {
	return mail("Return-Path: <>", "From: Mail Delivery System <MAILER-DAEMON@mx.example>", "To: p7@probe.example", "Subject: Mail delivery", "Auto-Submitted: auto-replied",
		`Content-Type: multipart/report; report-type=delivery-status; boundary="b"`, "",
		"--b", "Content-Type: text/plain", "", "I could not deliver it.", "",
		"--b", "Content-Type: "+statusType, "", "Reporting-MTA: dns; mx.example", "",
		"Final-Recipient: rfc822; Support@shop.example", "Original-Recipient: rfc822;info@shop.example", "Action: "+action, "Status: "+status,
		"Diagnostic-Code: smtp; "+diagnostic, "",
		"--b", "Content-Type: "+headerType, "", "From: Given <p7@probe.example>", "Message-ID: <1.abc@probe.example>", "Subject: Question", "", "--b--")
}

func TestDeliveryReports(t *testing.T) {
	for _, c := range []struct {
		name, statusType, headerType, action, status string
		want                                         Class
	}{
		{"RFC 3464", "message/delivery-status", "text/rfc822-headers", "failed", "5.1.1", Bounce},
		{"RFC 6533", "message/global-delivery-status", "message/global-headers", "failed", "5.1.1", Bounce},
		{"with the whole mail", "message/delivery-status", "message/rfc822", "failed", "5.7.1", Bounce},
		{"delayed", "message/delivery-status", "text/rfc822-headers", "delayed", "4.4.1", Delay},
		{"relayed", "message/delivery-status", "text/rfc822-headers", "relayed", "2.0.0", Notice},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Parse(dsn(c.statusType, c.headerType, c.action, c.status, "550 "+c.status+" User unknown"))
			if class, rule := Classify(m); class != c.want || !strings.Contains(rule, c.action) {
				t.Errorf("class %s (%s), want %s", class, rule, c.want)
			}
			want := DeliveryReport{Action: c.action, Status: c.status, OriginalMessageID: "1.abc@probe.example", OriginalSender: "p7@probe.example",
				FinalRecipient: "support@shop.example", OriginalRecipient: "info@shop.example", Diagnostic: "550 " + c.status + " User unknown", Standard: true}
			if m.Report == nil || *m.Report != want {
				t.Errorf("report %+v, want %+v", m.Report, want)
			}
			if _, ids := m.Keys(); len(ids) != 1 || ids[0] != "1.abc@probe.example" {
				t.Errorf("ids %v", ids)
			}
		})
	}
}

func TestWordedReports(t *testing.T) {
	old := Parse(mail("Return-Path: <>", "From: MAILER-DAEMON@mx.example", "To: p7@probe.example", "Subject: failure notice", "",
		"Hi. This is the program at mx.example.", "I wasn't able to deliver your message.", "<info@shop.example>:", "550 5.1.1 no such user", "",
		"--- Below this line is a copy of the message.", "", "Return-Path: <p7@probe.example>", "Message-ID: <1.abc@probe.example>", "From: p7@probe.example", "", "Hello"))
	if class, _ := Classify(old); class != Bounce || old.Report.Status != "5.1.1" || old.Report.OriginalMessageID != "1.abc@probe.example" {
		t.Errorf("class %s, report %+v", class, old.Report)
	}
	waiting := Parse(mail("Return-Path: <>", "From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example>", "To: p7@probe.example",
		"Subject: Warning: could not send message for past 4 hours", "", "The server will keep trying. You do not need to resend."))
	if class, rule := Classify(waiting); class != Delay {
		t.Errorf("class %s (%s)", class, rule)
	}
}

func TestClassify(t *testing.T) {
	reply := []string{"From: Anna <anna@shop.example>", "To: p7@probe.example", "Subject: Re: Question", "In-Reply-To: <1@probe.example>"}
	for _, c := range []struct {
		name string
		head []string
		body string
		want Class
	}{
		{"a person", reply, "Dear Given,\n\nyes, in size 42.\n\nRegards,\nAnna", Human},
		{"a person who quotes an automatic mail", reply, "Yes, in size 42.\n\nOn 21 Nov 2026, Given wrote:\n> This is an automatic reply, do not reply to this", Human},
		{"a person who thanks", reply, "Thank you for your message. The jacket is made of wool; we have it in size 42 and it costs 30 euros.", Human},
		{"a person through a list", append(reply, "List-Id: <desk.shop.example>", "List-Unsubscribe: <mailto:x@shop.example>", "Precedence: list"), "Yes.", Human},
		{"auto-replied", append(reply, "Auto-Submitted: auto-replied"), "We are here soon.", Acknowledgement},
		{"auto-replied with a comment", append(reply, "Auto-Submitted: auto-replied (vacation)"), "Soon.", Acknowledgement},
		{"auto-submitted no", append(reply, "Auto-Submitted: no"), "This is an automatic reply? No!", Human},
		{"a help desk's agent", append(reply, "Auto-Submitted: auto-generated", "X-Zendesk-From-Account-Id: 1"), "Yes, in size 42.", Human},
		{"a help desk's machine", append(reply, "Auto-Submitted: auto-generated", "X-Zendesk-From-Account-Id: 1"), "Your request (12) has been received and is being reviewed by our staff. We will get back to you shortly.", Acknowledgement},
		{"an old mark", append(reply, "X-Autoreply: yes"), "Soon.", Acknowledgement},
		{"asks only for no answer", append(reply, "X-Auto-Response-Suppress: All"), "Yes, in size 42.", Human},
		{"words only, English", []string{"From: desk@shop.example", "Subject: We have received your request"}, "Ticket 12.", Acknowledgement},
		{"words only, text", reply, "Thank you for contacting us. We will reply within 24 hours.", Acknowledgement},
		{"words only, German", reply, "Vielen Dank für Ihre Anfrage. Wir melden uns schnellstmöglich.", Acknowledgement},
		{"out of office", []string{"From: anna@shop.example", "Subject: Automatische Antwort: Frage"}, "Bin im Urlaub.", OutOfOffice},
		{"empty envelope sender", append([]string{"Return-Path: <>"}, reply...), "Hello, we are closed.", Acknowledgement},
		{"a newsletter", []string{"From: news@shop.example", "Subject: Winter sale", "List-Unsubscribe: <https://shop.example/u>", "Precedence: bulk"}, "50 % off", Bulk},
		{"a newsletter without a list's fields", []string{"From: news@shop.example", "Subject: Winter sale"}, "View this email in your browser\n50 % off\nUnsubscribe", Bulk},
		{"a list's field alone", []string{"From: anna@shop.example", "Subject: Your jacket", "List-Unsubscribe: <https://shop.example/u>"}, "Yes, in size 42.", Human},
		{"an automatic newsletter", []string{"From: news@shop.example", "Subject: Sale", "Auto-Submitted: auto-generated", "List-Unsubscribe: <https://shop.example/u>", "Precedence: bulk"}, "50 % off", Bulk},
		{"receipt of reading", append(reply, `Content-Type: multipart/report; report-type=disposition-notification; boundary=b`), "--b\n\nread\n--b--", Notice},
	} {
		t.Run(c.name, func(t *testing.T) {
			class, rule := Classify(Parse([]byte(strings.Join(c.head, "\r\n") + "\r\n\r\n" + c.body)))
			if class != c.want || rule == "" {
				t.Errorf("%s (%s), want %s", class, rule, c.want)
			}
		})
	}
}

// Classes of a desk's machines, each with the words of its rule.
func TestClassesOfAutomaticMails(t *testing.T) {
	automatic := "Auto-Submitted: auto-generated"
	for _, c := range []struct {
		name string
		head []string
		body string
		want Class
		rule string
	}{
		{"an order confirmed", []string{"From: orders@shop.example", "Subject: Your order K-10023 at Kettle & Leaf", automatic}, "Hello Nora,\n\nthank you for your order K-10023.\n\nTotal, VAT included: £41.95", Order, "thank you for your order"},
		{"an order shipped", []string{"From: orders@shop.example", "Subject: Your order K-10023 has left Whitby", automatic}, "your parcel with the order K-10023 has left us today.", Order, "has left"},
		{"an order in German", []string{"From: service@laden.example", "Subject: Bestellbestätigung 4711222"}, "Vielen Dank für Ihre Bestellung.\nGesamtsumme: 41,95 EUR", Order, "Bestellbestätigung"},
		{"an order by a mailing service", []string{"From: shop@shop.example", "Subject: Your order has shipped", "List-Unsubscribe: <https://x.example>", "Feedback-ID: 1"}, "Order #10023 is on its way. Track your parcel.", Order, "order"},
		{"a person about an order", []string{"From: anna@shop.example", "Subject: Re: My order", "In-Reply-To: <1@probe.example>"}, "Thank you for your order. Order 10023 has left us today.", Human, ""},
		{"an offer about shipping", []string{"From: news@shop.example", "Subject: Free shipping!", "List-Unsubscribe: <https://x.example>", "Precedence: bulk"}, "Order now.", Bulk, "newsletter: List-Unsubscribe"},
		{"an enquiry about an order acknowledged", []string{"From: desk@shop.example", "Subject: We have received your request", "Auto-Submitted: auto-replied", "In-Reply-To: <1@probe.example>"}, "You ask about your order 10023.", Acknowledgement, "auto-replied"},
		{"away, by subject", []string{"From: anna@shop.example", "Subject: Out of office: Question"}, "Back on Monday.", OutOfOffice, "Out of office"},
		{"away, by header and words", []string{"From: anna@shop.example", "Subject: Re: Question", "X-Autoreply: yes"}, "Ich bin bis Montag im Urlaub.", OutOfOffice, "X-Autoreply"},
		{"a shop's holiday wishes", []string{"From: desk@shop.example", "Subject: Re: Question", "Auto-Submitted: auto-replied"}, "We have your mail. Happy holidays!", Acknowledgement, "auto-replied"},
		{"a ticket closed", []string{"From: desk@shop.example", "Subject: Re: Question", "In-Reply-To: <1@probe.example>", automatic}, "Your request (12) has been solved. To reopen it, reply.", Closed, "closed"},
		{"a person closes a case", []string{"From: anna@shop.example", "Subject: Re: Question", "In-Reply-To: <1@probe.example>"}, "The case has been closed, the refund is on its way.", Human, ""},
		{"a survey", []string{"From: no-reply@shop.example", "Subject: How did we do?"}, "Please rate your experience: https://shop.example/r", Survey, "asks for an opinion"},
		{"a person asks for an opinion", []string{"From: anna@shop.example", "Subject: Re: Question", "In-Reply-To: <1@probe.example>"}, "Yes, in 42.\n\nHow did we do? https://shop.example/r", Human, ""},
		{"a challenge", []string{"From: guard@mx.example", "Return-Path: <>", "Subject: Re: Question"}, "To have your message delivered, confirm that you are human: https://mx.example/c", Challenge, "asks the sender to prove"},
		{"mass mail without a way out", []string{"From: shop@shop.example", "Subject: Sale", "X-Campaign: 7", "Precedence: bulk"}, "50 % off", Bulk, "mass mail"},
	} {
		t.Run(c.name, func(t *testing.T) {
			class, rule := Classify(Parse([]byte(strings.Join(c.head, "\r\n") + "\r\n\r\n" + c.body)))
			if class != c.want || !strings.Contains(rule, c.rule) {
				t.Errorf("%s (%s), want %s (%s)", class, rule, c.want, c.rule)
			}
		})
	}
}

// BenchmarkReading reads one short answer: what it says and who wrote it.
func BenchmarkReading(b *testing.B) {
	raw := mail("From: Anna <anna@shop.example>", "To: p7@probe.example", "Subject: Re: Question", "In-Reply-To: <1@probe.example>", "Content-Type: text/plain; charset=utf-8", "",
		"Dear Given,\r\n\r\n"+strings.Repeat("yes, we have the jacket in size 42, and it is made of wool. ", 10)+"\r\n\r\nRegards,\r\nAnna\r\n\r\nOn 21 Nov 2026, Given wrote:\r\n"+strings.Repeat("> Do you have it in 42?\r\n", 20))
	for b.Loop() {
		if class, _ := Classify(Parse(raw)); class != Human {
			b.Fatal(class)
		}
	}
}
