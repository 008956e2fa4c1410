package fieldwork

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
)

// Of many mails that come together, each is kept once, whatever the mailbox
// shows twice, is its probe's, and is read as it came.
func TestManyMailsTogether(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	b.runUntil(testStart.Add(time.Hour))
	row := b.plan.Rows[slices.IndexFunc(b.plan.Rows, func(r Row) bool { return r.Letter != nil && r.Probe.Site == "beta" })]
	message := func(n int) []byte {
		to := "nobody@shopper.example"
		if n%50 == 7 {
			to = row.Persona.Email
		}
		return fmt.Appendf(nil, "From: desk@shop.example\r\nTo: %s\r\nSubject: %d\r\nMessage-ID: <m%d@shop.example>\r\n\r\nWe are closed.\r\n", to, n, n)
	}
	var ms []Incoming
	add := func(validity uint32, n int) {
		ms = append(ms, Incoming{Mailbox: "INBOX", Validity: validity, UID: uint32(len(ms) + 1), Raw: message(n), Received: b.clock.Now().Add(time.Duration(n) * time.Second)})
	}
	for n := range 3*keptAtOnce + 20 {
		add(8, n)
		if n%20 == 0 {
			add(8, n) // a copy in the same folder
		}
	}
	if err := b.store(t.Context(), ms...); err != nil {
		t.Fatal(err)
	}
	first := len(ms)
	for n := range 2*keptAtOnce + 20 { // numbered anew, and some of them new
		add(9, n+2*keptAtOnce)
	}
	if err := b.store(t.Context(), ms[first:]...); err != nil {
		t.Fatal(err)
	}
	distinct := 4*keptAtOnce + 20
	if err := b.DB.Read(t.Context(), func(ctx context.Context, tx db.Tx) error {
		var n, once, bundled int
		err := tx.QueryRow(ctx, `SELECT COUNT(*), COUNT(DISTINCT sha256), COUNT(CASE WHEN bundle > 0 THEN 1 END) FROM arrival WHERE validity > 7`).Scan(&n, &once, &bundled)
		if n != distinct || once != distinct || bundled != distinct {
			t.Errorf("%d arrivals of %d mails, %d in bundles; want %d of each", n, once, bundled, distinct)
		}
		for n := range distinct {
			raw, e := db.Mail(ctx, tx, evidence.RefOf(message(n)))
			if e != nil || string(raw) != string(message(n)) {
				t.Fatalf("mail %d is %q, %v", n, raw, e)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	got, err := b.arrivalsOf(row.Probe)
	if err != nil || len(got) != (distinct+42)/50 {
		t.Fatalf("%d mails of the probe, %v; want %d", len(got), err, (distinct+42)/50)
	}
	for _, a := range got {
		if evidence.RefOf(a.Raw) != a.Ref || a.Matched != "address" {
			t.Errorf("a mail of the probe: %s by %q", a.Ref, a.Matched)
		}
	}
}
