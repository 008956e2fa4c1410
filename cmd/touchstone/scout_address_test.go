package main

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/highstreet/side"
)

func TestShopAddresses(t *testing.T) {
	file := filepath.Join(t.TempDir(), "shops.txt")
	if err := os.WriteFile(file, []byte("# ours\nshop.example\n\nhttp://old.example/de  # the German one\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want []string }{
		{[]string{"shop.example", "https://www.shop.example/uk"}, []string{"https://shop.example/ shop-example", "https://www.shop.example/uk shop-example-2"}},
		{[]string{"localhost:3000", "127.0.0.1:8080/shop", "my.localhost"}, []string{"http://localhost:3000/ localhost-3000", "http://127.0.0.1:8080/shop 127-0-0-1-8080", "http://my.localhost/ my-localhost"}},
		{[]string{file, "one.example"}, []string{"https://shop.example/ shop-example", "http://old.example/de old-example", "https://one.example/ one-example"}},
	} {
		list, err := shopAddresses(c.args)
		if err != nil {
			t.Errorf("%q: %v", c.args, err)
			continue
		}
		var got []string
		taken := map[string]bool{}
		for _, u := range list {
			got = append(got, u.String()+" "+siteID(u, taken))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.args, got, c.want)
		}
	}
}

// Of a host that cannot be reached there is nothing to enter into sites.yaml.
func TestScoutOfADeadHost(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dead := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	code := run(t.Context(), []string{"scout", dead, "--goal", "find-contact", "--out", "", "--no-open"}, nil, &out, &said)
	if code != exitInconclusive || !strings.Contains(out.String(), "http://"+dead+"/ could not be loaded") || strings.Contains(out.String(), "authorisation:") || strings.Contains(said.String(), "step 1") {
		t.Errorf("exit %d: %s%s", code, out.String(), said.String())
	}
}

// stopsAfter ends what writes to it once that has said something.
type stopsAfter struct {
	bytes.Buffer
	what string
	stop context.CancelFunc
}

func (w *stopsAfter) Write(b []byte) (int, error) {
	if strings.Contains(string(b), w.what) {
		w.stop()
	}
	return w.Buffer.Write(b)
}

// Interrupted, a scout prints what it has found, and nothing of what it was at.
func TestScoutInterrupted(t *testing.T) {
	street, err := side.Open(t.Context(), nil, "moor-and-fell")
	if err != nil {
		t.Fatal(err)
	}
	defer street.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out bytes.Buffer
	said := &stopsAfter{what: "find-phone", stop: stop}
	code := run(ctx, []string{"scout", street.Shops()[0].URL, "--as", "own", "--out", "", "--no-open"}, nil, &out, said)
	if text := out.String(); code != exitInterrupted || !strings.Contains(text, "2 of 2 goals reached") || !strings.Contains(text, "authorisation: {as: own}") || strings.Contains(text, "cancel") {
		t.Errorf("exit %d: %s%s", code, text, said.String())
	}
}

// What a scout does beside looking is what it comes as: at a shop of others no
// account, and no newsletter that nobody would leave again.
func TestScoutComesAs(t *testing.T) {
	t.Parallel()
	street, err := side.Open(t.Context(), nil, "moor-and-fell")
	if err != nil {
		t.Fatal(err)
	}
	defer street.Close()
	shop := street.Shops()[0]
	for _, c := range []struct {
		as          []string
		goal, says  string
		code        int
		subscribers int
	}{
		{nil, "newsletter-sign-up", "say what allows it by --as", exitNotGranted, 0},
		{[]string{"--as", "public-enquiry"}, "newsletter-sign-up", "only where it is left again", exitNotGranted, 0},
		{[]string{"--as", "public-enquiry"}, "register", "public-enquiry does not allow register", exitNotGranted, 0},
		{[]string{"--as", "permission"}, "register", "the permission does not cover register", exitNotGranted, 0},
		{[]string{"--as", "own"}, "newsletter-sign-up", "1 of 1 goals reached", exitPassed, 1},
	} {
		var out, said bytes.Buffer
		args := append([]string{"scout", shop.URL, "--goal", c.goal, "--email", "probe@touchstone.example", "--out", "", "--no-open"}, c.as...)
		code := run(t.Context(), args, nil, &out, &said)
		if code != c.code || !strings.Contains(out.String()+said.String(), c.says) || shop.Counts().Subscribers != c.subscribers || shop.Counts().Accounts != 0 {
			t.Errorf("%q %s: exit %d, %+v: %s%s", c.as, c.goal, code, shop.Counts(), out.String(), said.String())
		}
	}
}
