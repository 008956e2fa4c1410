package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	"touchstone/internal/db"
	"touchstone/internal/highstreet"
)

// A sabotage does to the database what a broken engine would have done. If the
// suite does not see its work, its zeroes mean nothing.
type sabotage struct {
	name    string
	queries []string
	end     bool                // done when the wave has ended; else after each kill
	order   bool                // in a wave that orders
	seen    func(r *result) int // the count that must rise
}

// unbegin is an engine that does again what it finds begun.
var unbegin = []string{
	`UPDATE probe SET state = 'planned' WHERE EXISTS (SELECT 1 FROM effect e WHERE e.wave = probe.wave AND e.site = probe.site AND e.scenario = probe.scenario AND e.repeat = probe.repeat AND e.state = 'begun')`,
	`UPDATE effect SET state = 'planned' WHERE state = 'begun'`,
}

var sabotages = []sabotage{
	{name: "a letter that was begun is sent again", queries: unbegin, seen: func(r *result) int { return r.twice }},
	{name: "an order that was begun is placed again", queries: unbegin, order: true, seen: func(r *result) int { return r.doubled }},
	{name: "the mailbox's cursor runs ahead of what is stored", queries: []string{`UPDATE mailbox SET last_uid = last_uid + 5`}, seen: func(r *result) int { return r.lost }},
	{name: "an observation is forgotten", queries: []string{`DELETE FROM observation WHERE site = 'site-1' AND repeat = 1`}, end: true, seen: func(r *result) int { return r.lost }},
	{name: "a mail is stored again under another mailbox", queries: []string{`INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us, wave, site, scenario, repeat, matched) SELECT 'again', validity, uid, sha256, received_us, seen_us, wave, site, scenario, repeat, matched FROM arrival`}, end: true, seen: func(r *result) int { return r.doubled }},
	{name: "proof is cited and not stored", queries: []string{`DELETE FROM mail WHERE sha256 NOT IN (SELECT sha256 FROM arrival)`}, end: true, seen: func(r *result) int { return r.damaged }},
}

func (sab *sabotage) harm(ctx context.Context, d *db.DB, end bool) error {
	if end != sab.end {
		return nil
	}
	return d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		for _, q := range sab.queries {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

// sabotaged has each sabotage done to a wave, and caught.
func sabotaged(ctx context.Context, s *suite) result {
	return s.street(ctx, func(street *highstreet.Street) result {
		return s.each(len(sabotages), func(i int) (result, error) {
			sab := &sabotages[i]
			w, closing, err := s.sabotage(sab, i, street)
			if err != nil {
				return result{}, err
			}
			defer closing()
			r := w.live(ctx)
			out := result{waves: 1, kills: r.kills, sabotaged: 1}
			if sab.seen(&r) == 0 || r.stuck > 0 {
				return out, fmt.Errorf("not caught: %s: twice %d, lost %d, doubled %d, damaged %d: %s", sab.name, r.twice, r.lost, r.doubled, r.damaged, strings.Join(r.notes, "\n"))
			}
			out.caught = 1
			return out, os.RemoveAll(w.dir) // of a temporary folder
		})
	})
}

// sabotage lays out a wave for one: kills come after the relay, or the shop,
// has taken something and before it says so.
func (s *suite) sabotage(sab *sabotage, i int, street *highstreet.Street) (*wave, func(), error) {
	name, seed := fmt.Sprintf("sabotage-%d", i), s.seed+uint64(i)
	at := func(kills int, moment string) attack {
		return attack{harm: sab.harm, event: func(_ *child, start, _ int, event string) bool { return start < kills && event == moment }}
	}
	if sab.order {
		v, err := s.visit(name, s.programs.plain, street, seed, []string{"order-in-sandbox"}, at(2, "shop POST /order/place answered"))
		if err != nil {
			return nil, nil, err
		}
		return v.wave, v.close, nil
	}
	w, err := s.letters(name, s.programs.plain, seed, large, 0, at(10, "smtp letter taken, no verdict yet"))
	if err != nil {
		return nil, nil, err
	}
	return w.wave, w.office.close, nil
}
