package reading

import (
	"strings"
	"testing"
)

func TestAuthenticated(t *testing.T) {
	const border = "Received: from mx.oak.example (192.0.2.7) by mx.probe.example with ESMTPS; Mon, 2 Nov 2026 09:31:00 +0000"
	for _, c := range []struct {
		name string
		head []string
		want Authentication
		ok   bool
	}{
		{"all three", []string{border, "Authentication-Results: mx.probe.example; spf=pass smtp.mailfrom=oak.example; dkim=pass header.d=oak.example; dmarc=pass header.from=oak.example"}, Authentication{"pass", "pass", "pass"}, true},
		{"another host of ours, with a version", []string{border, "Authentication-Results: filter.probe.example 1; spf=fail smtp.mailfrom=oak.example"}, Authentication{SPF: "fail"}, true},
		{"one signature of two holds", []string{border, "Authentication-Results: mx.probe.example; dkim=fail header.d=a.example; dkim=pass header.d=oak.example; dmarc=none"}, Authentication{DKIM: "pass", DMARC: "none"}, true},
		{"the sender's own word", []string{border, "Authentication-Results: mx.oak.example; spf=pass; dkim=pass; dmarc=pass"}, Authentication{}, false},
		{"a nameless hop above", []string{"Received: by 2002:a05:6a10::1 with SMTP id x", border, "Authentication-Results: mx.probe.example; spf=pass"}, Authentication{SPF: "pass"}, true},
		{"ours stands above a forged one", []string{border, "Authentication-Results: mx.probe.example; spf=fail", "Authentication-Results: mx.probe.example; spf=pass"}, Authentication{SPF: "fail"}, true},
		{"none", []string{border}, Authentication{}, false},
		{"nobody received it", []string{"Authentication-Results: mx.probe.example; spf=pass"}, Authentication{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := Parse([]byte(strings.Join(append(c.head, "From: a@oak.example", "", "Yes."), "\r\n")))
			if got, ok := m.Authenticated(); got != c.want || ok != c.ok {
				t.Errorf("got %+v, %v; want %+v, %v", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestPostalAddress(t *testing.T) {
	for text, want := range map[string]bool{
		"Kind regards\nMarta\nOak Ltd, 12 High Street, London SW1A 1AA":    true,
		"Oak GmbH\nLange Straße 7a\n10115 Berlin":                          true,
		"Oak BV | Kerkstraat 12 | 1017 GA Amsterdam":                       true,
		"Oak Inc., 500 Market Street, Suite 4, San Francisco, CA 94105":    true,
		"Your order 12345 comes in 3 days, on 12 March 2026":               false,
		"Call us between 9 and 17\n10115 people did":                       false,
		"Yes, size 42 is there.\n\nMarta":                                  false,
		"We sent 3 parcels,\n4500 Points are yours, and more to come soon": false,
	} {
		if got := PostalAddress(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}
