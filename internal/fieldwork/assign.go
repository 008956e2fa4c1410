package fieldwork

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
)

// ByHand is what matched a mail that a person assigned.
const ByHand = "by-hand"

// idLength is how much of a digest names a mail to a person.
const idLength = 10

func shortID(ref string) string { return ref[:min(idLength, len(ref))] }

// A Kept is a mail of any mailbox, with all that is known of it.
type Kept struct {
	Ref         evidence.Ref     `json:"ref"`
	Mailboxes   []string         `json:"mailboxes"`
	Received    time.Time        `json:"received"`         // the mail server's time
	Probe       evidence.ProbeID `json:"probe,omitzero"`   // whose it is, if anybody's
	Matched     string           `json:"matched"`          // by what; empty: it is nobody's
	Assignments []Assignment     `json:"assignments"`      // every decision by hand, oldest first
	Raw         []byte           `json:"-"`                // empty where it was pruned
	Pruned      string           `json:"pruned,omitempty"` // when and why
}

// An Assignment is one decision by hand about a mail.
type Assignment struct {
	At    time.Time        `json:"at"`
	Who   string           `json:"who"`
	Why   string           `json:"why"`
	Probe evidence.ProbeID `json:"probe,omitzero"` // zero: the mail was taken away from its probe
}

// Errors of mails and assignments: the operator's to mend.
var (
	ErrNoMail   = errors.New("no such mail")
	ErrNoProbe  = errors.New("no such probe")
	ErrAssigned = errors.New("can't be assigned")
)

const (
	qMailByID      = `SELECT DISTINCT sha256 FROM arrival WHERE sha256 >= $1 AND sha256 < $2 ORDER BY sha256 LIMIT 2`
	qArrivalsOf    = `SELECT mailbox, received_us, wave, site, scenario, repeat, matched FROM arrival WHERE substr(sha256, 1, 10) = substr($1, 1, 10) AND sha256 = $1 ORDER BY mailbox, validity, uid`
	qAssignments   = `SELECT at_us, who, why, wave, site, scenario, repeat FROM assignment WHERE sha256 = $1 ORDER BY n`
	qAssign        = `UPDATE arrival SET wave = $2, site = $3, scenario = $4, repeat = $5, matched = $6 WHERE substr(sha256, 1, 10) = substr($1, 1, 10) AND sha256 = $1 AND matched = $7`
	qNoteAssigning = `INSERT INTO assignment (sha256, n, at_us, who, why, wave, site, scenario, repeat)
		SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM assignment WHERE sha256 = $1`
)

// FindMail gives the mail whose digest begins with id, at least 4 hex digits.
func FindMail(ctx context.Context, d *db.DB, id string) (Kept, error) {
	var k Kept
	err := d.Read(ctx, func(ctx context.Context, tx db.Tx) (err error) {
		k, err = findMail(ctx, tx, id)
		return err
	})
	return k, err
}

func findMail(ctx context.Context, tx db.Tx, id string) (Kept, error) {
	k := Kept{Assignments: []Assignment{}}
	id = strings.ToLower(id)
	if len(id) < 4 || strings.Trim(id, "0123456789abcdef") != "" {
		return k, fmt.Errorf("%q: %w: a mail's id is the hex digits that `touchstone inbox` shows, 4 at least", id, ErrNoMail)
	}
	var found []string
	err := scan(ctx, tx, func(rows db.Rows) error {
		var ref string
		err := rows.Scan(&ref)
		found = append(found, ref)
		return err
	}, qMailByID, id, id+"g") // g follows every hex digit
	switch {
	case err != nil:
		return k, err
	case len(found) == 0:
		return k, fmt.Errorf("%q: %w: `touchstone inbox` lists those of no probe", id, ErrNoMail)
	case len(found) > 1:
		return k, fmt.Errorf("%q: %w of its own: several begin with it, so give more digits", id, ErrNoMail)
	}
	k.Ref = evidence.Ref(found[0])
	err = scan(ctx, tx, func(rows db.Rows) error {
		var mailbox, matched string
		var received int64
		var p evidence.ProbeID
		if err := rows.Scan(&mailbox, &received, &p.Wave, &p.Site, &p.Scenario, &p.Repeat, &matched); err != nil {
			return err
		}
		k.Mailboxes = append(k.Mailboxes, mailbox)
		if at := instant(received); k.Received.IsZero() || at.Before(k.Received) {
			k.Received = at
		}
		if matched != "" {
			k.Probe, k.Matched = p, matched
		}
		return nil
	}, qArrivalsOf, string(k.Ref))
	if err != nil {
		return k, err
	}
	err = scan(ctx, tx, func(rows db.Rows) error {
		var a Assignment
		var at int64
		if err := rows.Scan(&at, &a.Who, &a.Why, &a.Probe.Wave, &a.Probe.Site, &a.Probe.Scenario, &a.Probe.Repeat); err != nil {
			return err
		}
		a.At = instant(at)
		k.Assignments = append(k.Assignments, a)
		return nil
	}, qAssignments, string(k.Ref))
	if err != nil {
		return k, err
	}
	if k.Raw, err = db.Mail(ctx, tx, k.Ref); err == nil || !errors.Is(err, db.ErrNoRows) {
		return k, err
	}
	var gone *evidence.PrunedError
	if err := db.PrunedTx(ctx, tx, k.Ref); errors.As(err, &gone) {
		k.Pruned = gone.Error()
	} else if err != nil {
		return k, err
	}
	return k, nil
}

// scan hands over the rows of a query.
func scan(ctx context.Context, tx db.Tx, f func(db.Rows) error, q string, args ...any) error {
	rows, err := tx.Query(ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := f(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Assign gives a mail of nobody's to a probe, by hand. A probe that is open
// takes it up when its window closes; one that has ended, which ended tells,
// keeps its observation until it is read again.
func Assign(ctx context.Context, d *db.DB, id string, a Assignment) (k Kept, ended bool, err error) {
	p := a.Probe
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if k, err = findMail(ctx, tx, id); err != nil {
			return err
		}
		switch {
		case k.Matched == ByHand:
			return fmt.Errorf("mail %s %w: it was given to %s by hand; `touchstone inbox unassign` takes it back first", shortID(string(k.Ref)), ErrAssigned, k.Probe)
		case k.Matched != "":
			return fmt.Errorf("mail %s %w: it belongs to %s, by its %s", shortID(string(k.Ref)), ErrAssigned, k.Probe, k.Matched)
		case len(k.Raw) == 0:
			return fmt.Errorf("mail %s %w: %s", shortID(string(k.Ref)), ErrAssigned, k.Pruned)
		}
		var state string
		var deadline int64
		switch err := tx.QueryRow(ctx, qStanding, p.Wave, p.Site, p.Scenario, p.Repeat).Scan(&state, &deadline); {
		case errors.Is(err, db.ErrNoRows):
			return fmt.Errorf("%s: %w: a probe is named WAVE/SITE/SCENARIO/REPEAT, and its wave has begun", p, ErrNoProbe)
		case err != nil:
			return err
		}
		ended = state == "done"
		if state == "planned" && deadline == 0 {
			return fmt.Errorf("mail %s %w: probe %s has not begun, so nothing can be an answer to it", shortID(string(k.Ref)), ErrAssigned, p)
		}
		if _, err := tx.Exec(ctx, qAssign, string(k.Ref), p.Wave, p.Site, p.Scenario, p.Repeat, ByHand, ""); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, qConfirm, p.Wave, p.Site, p.Scenario, p.Repeat, "shown by a mail that was assigned by hand"); err != nil {
			return err
		}
		if err := lookAgain(ctx, tx, p, a.At); err != nil {
			return err
		}
		return note(ctx, tx, k.Ref, a)
	})
	return k, ended, err
}

// Unassign takes a mail that was assigned by hand away from its probe. What
// Assign has confirmed of an uncertain letter is not taken back.
func Unassign(ctx context.Context, d *db.DB, id string, a Assignment) (k Kept, err error) {
	a.Probe = evidence.ProbeID{}
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		if k, err = findMail(ctx, tx, id); err != nil {
			return err
		}
		if k.Matched != ByHand {
			return fmt.Errorf("mail %s: %w by hand, so there is nothing to take back", shortID(string(k.Ref)), ErrNotByHand)
		}
		if _, err := tx.Exec(ctx, qAssign, string(k.Ref), "", "", "", 0, "", ByHand); err != nil {
			return err
		}
		return note(ctx, tx, k.Ref, a)
	})
	return k, err
}

// ErrNotByHand says that nobody assigned a mail.
var ErrNotByHand = errors.New("it was not assigned")

func note(ctx context.Context, tx db.Tx, ref evidence.Ref, a Assignment) error {
	p := a.Probe
	_, err := tx.Exec(ctx, qNoteAssigning, string(ref), micros(a.At), a.Who, a.Why, p.Wave, p.Site, p.Scenario, p.Repeat)
	return err
}

// ParseProbe reads a probe's name: "wave/site/scenario/repeat"; the repeat is
// 1 where it is left out.
func ParseProbe(s string) (evidence.ProbeID, error) {
	part := strings.Split(s, "/")
	if len(part) == 3 {
		part = append(part, "1")
	}
	if len(part) == 4 {
		n, err := strconv.Atoi(part[3])
		if err == nil && n > 0 && part[0] != "" && part[1] != "" && part[2] != "" {
			return evidence.ProbeID{Wave: part[0], Site: part[1], Scenario: part[2], Repeat: n}, nil
		}
	}
	return evidence.ProbeID{}, fmt.Errorf("%q: %w: it is named WAVE/SITE/SCENARIO/REPEAT", s, ErrNoProbe)
}
