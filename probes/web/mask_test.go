package web

import (
	"strings"
	"testing"

	"touchstone/probes/web/driver"
)

// What is masked by its looks alone, and what only looks a little like it.
func TestMaskedByLooks(t *testing.T) {
	m := newMasker()
	for in, want := range map[string]string{
		"see https://shop.example/a?token=abc&b=1 (https://x.example/?sid=9).":          "see https://shop.example/a?token=(masked)&b=1 (https://x.example/?sid=(masked)).",
		"Authorization: Bearer abcdefgh12345":                                           "Authorization: Bearer (masked)",
		`{"csrfToken":"a1b2c3","page":2}`:                                               `{"csrfToken":"(masked)","page":2}`,
		"api_key=k-123456; theme=dark":                                                  "api_key=(masked); theme=dark",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl":                 mask,
		"Your verification code is 482913":                                              "Your verification code is (masked)",
		"Ihr Bestätigungscode: 482913":                                                  "Ihr Bestätigungscode: (masked)",
		"IBAN DE89 3704 0044 0532 0130 00, GB29NWBK60161331926819":                      "IBAN (masked), (masked)",
		"card 4111 1111 1111 1111":                                                      "card **** **** **** 1111",
		"Postcode 10115, order DE12 3456, phone 0121 496 0000, £49.00, 2 November 2026": "Postcode 10115, order DE12 3456, phone 0121 496 0000, £49.00, 2 November 2026",
		"Password: at least 8 characters, code of conduct 2024":                         "Password: at least 8 characters, code of conduct 2024",
		"basic information about tokens: how secrets are kept":                          "basic information about tokens: how secrets are kept",
	} {
		if got := m.hide(in); got != want {
			t.Errorf("%q\n     became %q\n     want   %q", in, got, want)
		}
		if again := m.hide(m.hide(in)); again != m.hide(in) {
			t.Errorf("%q is hidden further: %q", in, again)
		}
	}
}

// A large page costs a visit milliseconds.
func BenchmarkOutline(b *testing.B) {
	m := newMasker()
	m.learn("S3cret-pass word")
	m.learn("4242 4242 4242 4242")
	var nodes []driver.Node
	for range mostNodes / 3 {
		nodes = append(nodes, driver.Node{Role: "link", Name: "Brown teapot of Staffordshire clay", Link: "https://shop.example/pots/brown?size=l"},
			driver.Node{Text: "Fired twice, glazed by hand, for four cups: £24.50, in stock."}, driver.Node{Role: "button", Name: "Add to basket", States: []string{"disabled"}})
	}
	for b.Loop() {
		if len(outline("https://shop.example/", "Pots", nodes, m.hide)) < 1000 {
			b.Fatal("nothing was written")
		}
	}
}

func TestOutlineIsBounded(t *testing.T) {
	nodes := make([]driver.Node, 100)
	for i := range nodes {
		nodes[i] = driver.Node{Text: strings.Repeat("x", 4000)}
	}
	if text := outline("https://shop.example/", "x\ny", nodes, newMasker().hide); len(text) > mostSnapshot+8000 || !strings.HasSuffix(string(text), " more\n") || !strings.HasPrefix(string(text), "# https://shop.example/\n# x y\n") {
		t.Errorf("%d bytes: %.60q", len(text), text)
	}
}
