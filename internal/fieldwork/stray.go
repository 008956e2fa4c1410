package fieldwork

import (
	"context"
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

const qStrays = `SELECT a.mailbox, a.received_us, a.sha256, m.raw FROM arrival a JOIN mail m ON m.sha256 = a.sha256 WHERE a.matched = '' ORDER BY a.received_us, a.mailbox, a.uid`

// Strays lists the mails that match no probe of any wave, by time.
func Strays(ctx context.Context, d *db.DB) ([]Stray, error) {
	var out []Stray
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) error {
		rows, err := tx.Query(ctx, qStrays)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s Stray
			var received int64
			var ref string
			var raw []byte
			if err := rows.Scan(&s.Mailbox, &received, &ref, &raw); err != nil {
				return err
			}
			m := reading.Parse(raw)
			s.ID, s.Received, s.Ref, s.From, s.Subject = shortID(ref), instant(received), evidence.Ref(ref), m.From.Email, m.Subject
			s.To, _ = m.Keys()
			out = append(out, s)
		}
		return rows.Err()
	})
	return out, err
}
