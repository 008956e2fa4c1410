package fieldwork

import (
	"context"
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
	if u, err := url.Parse(s.URL); err == nil && u.Hostname() != "" && suppressed(list, "@"+u.Hostname()) {
		return u.Hostname() + " is on the suppression list"
	}
	return ""
}

// suppressedNow asks the same of the list as it stands at this moment: the
// engine's own, and the database's, which another process may have added to.
func (e *Engine) suppressedNow(ctx context.Context, tx db.Tx, s probes.Site, recipient string, effects []evidence.Effect) (string, error) {
	list, err := suppressions(ctx, tx)
	if err != nil {
		return "", err
	}
	return suppression(append(Entries(list), e.Suppress...), s, recipient, effects), nil
}
