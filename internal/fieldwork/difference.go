package fieldwork

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
)

// A Change is what became of one probe from a frozen plan to another.
type Change struct {
	Probe  evidence.ProbeID `json:"probe"`
	What   []string         `json:"what"`             // "added"; "gone"; else some of "moved", "text", "recipient", "rest"
	Was    time.Time        `json:"was,omitzero"`     // when it was due
	Now    time.Time        `json:"now,omitzero"`     // when it is due
	Before []string         `json:"before,omitempty"` // where the text is another: what is written, or done, line by line
	After  []string         `json:"after,omitempty"`
}

// Compare plans in anew, stores nothing, and gives what differs from the
// wave's frozen plan, by probe. Of the frozen plan it holds a digest a probe in
// memory, of the new one a site at a time.
func (w *Wave) Compare(ctx context.Context, d *db.DB, in PlanInput) ([]Change, error) {
	was := map[evidence.ProbeID]digests{}
	for r, err := range w.Rows(ctx, d) {
		if err != nil {
			return nil, err
		}
		was[r.Probe] = digest(r)
	}
	var changes []Change
	_, err := in.expand(func(rows []Row) error {
		for i := range rows {
			r := &rows[i]
			old, there := was[r.Probe]
			if !there {
				changes = append(changes, Change{Probe: r.Probe, What: []string{"added"}, Now: r.Due})
				continue
			}
			delete(was, r.Probe)
			c := Change{Probe: r.Probe, What: old.differ(digest(r)), Was: old.due, Now: r.Due}
			if len(c.What) == 0 {
				continue
			}
			if slices.Contains(c.What, "text") {
				before, err := PlannedRow(ctx, d, r.Probe)
				if err != nil {
					return err
				}
				c.Before, c.After = before.words(), r.words()
			}
			changes = append(changes, c)
		}
		return ctx.Err()
	})
	if err != nil {
		return nil, err
	}
	for p, old := range was {
		changes = append(changes, Change{Probe: p, What: []string{"gone"}, Was: old.due})
	}
	slices.SortFunc(changes, func(a, b Change) int { return a.Probe.Compare(b.Probe) })
	return changes, nil
}

// digests tell two versions of a row apart.
type digests struct {
	due                     time.Time
	to                      string
	text, params, remainder [32]byte
}

func digest(r *Row) digests {
	d := digests{due: r.Due.UTC()}
	words, _ := json.Marshal(r.words())
	d.text = sha256.Sum256(words)
	rest := *r
	rest.Due, rest.Steps, rest.Letter, rest.Params = time.Time{}, nil, nil, nil
	if r.Letter != nil {
		d.to = r.Letter.To
	}
	body, _ := json.Marshal(rest) // of strings, numbers and times: can't fail
	d.params, d.remainder = sha256.Sum256(r.Params), sha256.Sum256(body)
	return d
}

func (d digests) differ(o digests) (what []string) {
	if !d.due.Equal(o.due) {
		what = append(what, "moved")
	}
	if d.text != o.text {
		what = append(what, "text")
	}
	if d.to != o.to {
		what = append(what, "recipient")
	}
	if d.remainder != o.remainder || d.params != o.params && d.text == o.text { // another text comes with other parameters
		what = append(what, "rest")
	}
	return what
}

// words gives what a row says or does, line by line.
func (r *Row) words() []string {
	if r.Letter == nil {
		return r.Steps
	}
	return append([]string{"Subject: " + r.Letter.Subject}, strings.Split(strings.ReplaceAll(strings.TrimSpace(r.Letter.Text), "\r\n", "\n"), "\n")...)
}
