package fieldwork

import (
	"context"
	"errors"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/reading"
)

// A Stray is a mail that was kept and belongs to no probe.
type Stray struct {
	ID       string       `json:"id"` // for `inbox show` and `inbox assign`: the digest's beginning
	Mailbox  string       `json:"mailbox"`
	Received time.Time    `json:"received"` // the mail server's time
	From     string       `json:"from"`
	To       []string     `json:"to"` // every address that it names as a recipient
	Subject  string       `json:"subject"`
	Ref      evidence.Ref `json:"ref"` // of the mail as it came
}

const qStrays = `SELECT mailbox, received_us, sha256 FROM arrival WHERE matched = '' ORDER BY received_us, mailbox, uid`

// Strays lists the mails that match no probe of any wave, by time.
func Strays(ctx context.Context, d *db.DB) ([]Stray, error) {
	var out []Stray
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		err := scan(ctx, tx, func(rows db.Rows) error {
			var s Stray
			var received int64
			err := rows.Scan(&s.Mailbox, &received, &s.Ref)
			s.ID, s.Received = shortID(string(s.Ref)), instant(received)
			out = append(out, s)
			return err
		}, qStrays)
		if err != nil {
			return err
		}
		kept := out[:0]
		for _, s := range out {
			raw, err := db.Mail(ctx, tx, s.Ref)
			if errors.Is(err, db.ErrNoRows) { // it was pruned
				continue
			}
			if err != nil {
				return err
			}
			m := reading.Parse(raw)
			s.From, s.Subject = m.From.Email, m.Subject
			s.To, _ = m.Keys()
			kept = append(kept, s)
		}
		out = kept
		return nil
	})
	return out, err
}
