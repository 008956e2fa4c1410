package fieldwork

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/probes"
)

// A Suppression is an address, or a domain written "@shop.example", that the
// project never writes to any more.
type Suppression struct {
	Entry string    `json:"entry"` // in lower case
	At    time.Time `json:"at"`
	Who   string    `json:"who"`
	Why   string    `json:"why"`
}

const (
	qSuppressions = `SELECT entry, at_us, who, why FROM suppression ORDER BY entry`
	qSuppressed   = `SELECT entry FROM suppression WHERE entry IN (%s)`
	qSuppress     = `INSERT INTO suppression (entry, at_us, who, why) VALUES ($1, $2, $3, $4) ON CONFLICT (entry) DO NOTHING`
	qUnsuppress   = `DELETE FROM suppression WHERE entry = $1`
)

// Suppress puts an entry on the database's list; false when it is there
// already. A run under way obeys it from its next contact on.
func Suppress(ctx context.Context, d *db.DB, s Suppression) (added bool, err error) {
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err := tx.Exec(ctx, qSuppress, strings.ToLower(s.Entry), micros(s.At), s.Who, s.Why)
		added = n == 1
		return err
	})
	return added, err
}

// Unsuppress takes an entry off the database's list; false when it is not there.
func Unsuppress(ctx context.Context, d *db.DB, entry string) (removed bool, err error) {
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err := tx.Exec(ctx, qUnsuppress, strings.ToLower(entry))
		removed = n == 1
		return err
	})
	return removed, err
}

// Suppressions gives the database's list, by entry.
func Suppressions(ctx context.Context, d *db.DB) ([]Suppression, error) {
	var out []Suppression
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		out, err = suppressions(ctx, tx)
		return err
	})
	return out, err
}

func suppressions(ctx context.Context, tx db.Tx) ([]Suppression, error) {
	rows, err := tx.Query(ctx, qSuppressions)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Suppression
	for rows.Next() {
		var s Suppression
		var at int64
		if err := rows.Scan(&s.Entry, &at, &s.Who, &s.Why); err != nil {
			return nil, err
		}
		s.At = instant(at)
		out = append(out, s)
	}
	return out, rows.Err()
}

// Entries gives the list as a plan takes it.
func Entries(list []Suppression) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = s.Entry
	}
	return out
}

// leavesTraces are the effects by which a shop hears of us. Filling a checkout
// up to its payment, and logging in, are not: nothing of them reaches anybody.
var leavesTraces = []evidence.Effect{
	evidence.SendMail, evidence.SubmitForm, evidence.OpenChat, evidence.Call, evidence.Subscribe, evidence.Register,
	evidence.ChangeAccount, evidence.PlaceOrder, evidence.Pay, evidence.DeclineCard,
}

// isContact reports whether an effect counts against a site's caps.
func isContact(e evidence.Effect) bool {
	return e == evidence.SendMail || e == evidence.SubmitForm || e == evidence.OpenChat || e == evidence.Call
}

// suppression says why a probe with these effects must not reach a site, ""
// when it may: the recipient is on the list, or the site's published address,
// or the host of its pages is.
func suppression(list []string, s probes.Site, recipient string, effects []evidence.Effect) string {
	if recipient != "" && suppressed(list, recipient) {
		return recipient + " is on the suppression list"
	}
	if !slices.ContainsFunc(effects, func(e evidence.Effect) bool { return slices.Contains(leavesTraces, e) }) {
		return ""
	}
	if s.Email != "" && suppressed(list, s.Email) {
		return s.Email + " is on the suppression list"
	}
	if h := host(s); h != "" && suppressed(list, "@"+h) {
		return h + " is on the suppression list"
	}
	return ""
}

// suppressedNow asks the same of the list as it stands at this moment: the
// engine's own, and the database's, which another process may have added to.
// Of that, only what could speak against this contact is looked up: the list
// may be long.
func (e *Engine) suppressedNow(ctx context.Context, tx db.Tx, s probes.Site, recipient string, effects []evidence.Effect) (string, error) {
	var could []any
	for _, addr := range []string{recipient, s.Email, "@" + host(s)} {
		for _, entry := range entriesFor(addr) {
			could = append(could, entry)
		}
	}
	list := slices.Clone(e.Suppress)
	if len(could) == 0 {
		return suppression(list, s, recipient, effects), nil
	}
	err := scan(ctx, tx, func(rows db.Rows) error {
		var entry string
		err := rows.Scan(&entry)
		list = append(list, entry)
		return err
	}, fmt.Sprintf(qSuppressed, db.List(1, len(could))), could...)
	return suppression(list, s, recipient, effects), err
}

// entriesFor gives every entry by which a list would name an address, or a
// host that is written as "@host": itself, its domain, and each domain above.
func entriesFor(addr string) []string {
	addr = strings.ToLower(addr)
	user, domain, ok := strings.Cut(addr, "@")
	if !ok || domain == "" {
		return nil
	}
	var out []string
	if user != "" {
		out = append(out, addr)
	}
	for ; domain != ""; _, domain, _ = strings.Cut(domain, ".") {
		out = append(out, "@"+domain)
	}
	return out
}

// host gives the host of a site's pages, "" when it has none.
func host(s probes.Site) string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
