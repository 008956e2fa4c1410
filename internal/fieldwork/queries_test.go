package fieldwork

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"touchstone/internal/db"
)

// What the loop asks at every step is found by an index, whatever the number
// of probes: no table is scanned, nor a wave's part of one.
func TestLoopAsksIndexes(t *testing.T) {
	b := newBench(t, nil, alphaAnswers)
	for name, q := range map[string]string{
		"next": qNext, "due": qDue, "due letter": qDueLetter, "row": qRow, "claim": qClaim, "renew": qRenew, "holder": qHolder, "lapsed": qLapsed,
		"state": qState, "put off": qPutOff, "open": qOpen, "closing": qClosing, "heard": qHeard, "prepared": qPrepared,
		"unbegun": qUnbegun, "begin": qBegin, "settle": qSettle, "confirm": qConfirm, "attempt": qAttempt, "effect": qEffect,
		"begun effects": qBegunEffects, "begun": qBegun, "running": qRunning, "contacts": qContacts, "cursor": qCursor, "seen": fmt.Sprintf(qSeen, db.List(1, 1)),
		"by address": fmt.Sprintf(qByAddress, db.List(1, 1)), "by message id": fmt.Sprintf(qByMessageID, db.List(1, 1)), "arrivals": qArrivals, "arrivals of": qArrivalsOf, "assign": qAssign, "kill": qKill,
		"rows": qRows, "moved": qMoved, "heard of": qHeardOf, "newest": qNewest, "counts": qCounts, "doubtful": qDoubtful, "suppressed": fmt.Sprintf(qSuppressed, db.List(1, 2)), "later": qLater, "soon": qSoon, "last": qLast, "heard by": qHeardBy,
		"going": qGoing, "go on": qGoOn, "again": qAgain, "call": qCall, "reopen": qReopen, "called": qCalled, "letters": qLetters, "last begun": qLastBegun,
		"give up": qGiveUp, "followed": qFollowed, "withhold": qWithhold, "follow on": qFollowOn, "uncertain": qUncertain, "confirm by id": qConfirmID, "confirm among": fmt.Sprintf(qConfirmAmong, db.List(6, 1)), "by further id": fmt.Sprintf(qByFurtherID, db.List(1, 1)),
	} {
		q = regexp.MustCompile(`\$\d+`).ReplaceAllString(q, "1")
		err := b.DB.Read(t.Context(), func(ctx context.Context, tx db.Tx) error {
			rows, err := tx.Query(ctx, "EXPLAIN QUERY PLAN "+q)
			if err != nil {
				return err
			}
			defer rows.Close()
			for rows.Next() {
				var id, parent, unused int
				var step string
				if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
					return err
				}
				if strings.HasPrefix(step, "SCAN") && step != "SCAN CONSTANT ROW" || strings.HasSuffix(step, "_1 (wave=?)") && !strings.Contains(step, "tally") {
					t.Errorf("%s: %s", name, step)
				} else if testing.Verbose() {
					t.Logf("%s: %s", name, step)
				}
			}
			return rows.Err()
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
