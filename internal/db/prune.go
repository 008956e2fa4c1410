package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"touchstone/internal/evidence"
)

const (
	qWaveAges    = `SELECT id, state, ended_us FROM wave ORDER BY created_us, id`
	qInsertPrune = `INSERT INTO pruned (sha256, wave, bytes, pruned_us, why, removed) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (sha256) DO UPDATE SET wave = excluded.wave, bytes = excluded.bytes, pruned_us = excluded.pruned_us, why = excluded.why, removed = excluded.removed`
	qDropMail = `DELETE FROM mail WHERE sha256 = $1`
	qPending  = `SELECT sha256 FROM pruned WHERE removed = 0`
	qRemoved  = `UPDATE pruned SET removed = 1 WHERE sha256 = $1`
)

// pruneBatch is how many pieces one transaction records as removed.
const pruneBatch = 500

// Unmatched stands in the place of a wave for the mails of none.
const Unmatched = ""

// A Pruning says what to remove: the bytes that prove waves which ended before
// an instant, and the mails of no probe that came before it.
type Pruning struct {
	Before time.Time
	Wave   string // only this one, and no unmatched mail; empty: all
	Why    string
	Now    time.Time
	DryRun bool
}

// A Pruned is what was removed of one wave.
type Pruned struct {
	Wave  string `json:"wave"` // Unmatched for the mails of none
	Mails int    `json:"mails"`
	Files int    `json:"files"`
	Bytes int64  `json:"bytes"`
}

// Prune removes mails, pictures and logs, and keeps the facts, the ledger, the
// digests, and a row for each piece that says when and why it went. What a
// younger wave cites too stays. It needs the database for itself.
//
// The row is durable before the file goes, so that a crash leaves a file that
// the next Prune removes, and never a proof that is missing without a reason.
func (e *Evidence) Prune(ctx context.Context, o Pruning) ([]Pruned, error) {
	var old []string
	var keep, strays digests
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) error {
		var young []string
		err := each(ctx, tx, func(rows Rows) error {
			var id, state string
			var ended int64
			if err := rows.Scan(&id, &state, &ended); err != nil {
				return err
			}
			if over(state) && ended > 0 && ended < o.Before.UnixMicro() && (o.Wave == "" || o.Wave == id) {
				old = append(old, id)
			} else {
				young = append(young, id)
			}
			return nil
		}, qWaveAges)
		if err != nil {
			return err
		}
		from := o.Before.UnixMicro()
		if o.Wave != "" {
			from = 0 // the mails of no probe are not asked about
		}
		if err := keep.query(ctx, tx, qUnmatchedFrom, from); err != nil {
			return err
		}
		for _, w := range young {
			refs, err := cited(ctx, tx, w)
			if err != nil {
				return err
			}
			keep = append(keep, refs...)
		}
		keep.settle()
		if o.Wave == "" {
			err = strays.query(ctx, tx, qUnmatchedTo, from)
			strays.settle()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if !o.DryRun {
		if err := e.resume(ctx, keep); err != nil {
			return nil, err
		}
	}
	var out []Pruned
	counted := map[[32]byte]bool{} // in a dry run, by an earlier wave
	for _, wave := range append(old, Unmatched) {
		refs := strays
		if wave != Unmatched {
			err := e.db.Read(ctx, func(ctx context.Context, tx Tx) (err error) {
				refs, err = cited(ctx, tx, wave)
				return err
			})
			if err != nil {
				return out, err
			}
		}
		refs = slices.DeleteFunc(refs, func(sum [32]byte) bool { return keep.has(sum) || counted[sum] })
		p := Pruned{Wave: wave}
		for batch := range slices.Chunk(refs, pruneBatch) {
			if err := e.pruneSome(ctx, o, &p, batch); err != nil {
				return out, err
			}
			if o.DryRun {
				for _, sum := range batch {
					counted[sum] = true
				}
			}
		}
		if p.Mails+p.Files > 0 {
			out = append(out, p)
		}
	}
	if !o.DryRun {
		err = e.tighten(ctx)
	}
	return out, err
}

// pruneSome records and removes some pieces of a wave. What is not there is
// left alone: it is pruned already, or it is lost, which must not look alike.
func (e *Evidence) pruneSome(ctx context.Context, o Pruning, p *Pruned, batch digests) error {
	run := e.db.InTx
	if o.DryRun {
		run = e.db.Read
	}
	var files []evidence.Ref
	err := run(ctx, func(ctx context.Context, tx Tx) error {
		for _, sum := range batch {
			ref := refOf(sum)
			where, size, err := e.find(ctx, tx, ref)
			if err != nil {
				return err
			}
			removed := 0
			switch where {
			case "":
				continue
			case inMail:
				p.Mails++
				removed = 1 // with the row itself
			case inFolder:
				p.Files++
				files = append(files, ref)
			}
			p.Bytes += size
			if o.DryRun {
				continue
			}
			if _, err := tx.Exec(ctx, qInsertPrune, string(ref), p.Wave, size, o.Now.UnixMicro(), o.Why, removed); err != nil {
				return err
			}
			if where == inMail {
				if err := dropMail(ctx, tx, ref); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil || o.DryRun {
		return err
	}
	return e.remove(ctx, files)
}

// resume removes the files that an earlier Prune did not come to. One that a
// younger wave has stored again since stays.
func (e *Evidence) resume(ctx context.Context, keep digests) error {
	var pending digests
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) error { return pending.query(ctx, tx, qPending) })
	if err != nil {
		return err
	}
	var files []evidence.Ref
	for _, sum := range pending {
		if !keep.has(sum) {
			files = append(files, refOf(sum))
		}
	}
	return e.remove(ctx, files)
}

// remove deletes files whose rows are durable, and then says so in the rows.
func (e *Evidence) remove(ctx context.Context, files []evidence.Ref) error {
	if len(files) == 0 {
		return nil
	}
	folders := map[string]bool{}
	for _, ref := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := e.blobs.path(ref)
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return explain("remove evidence from", e.blobs.dir, err)
		}
		folders[filepath.Dir(name)] = true
	}
	for dir := range folders {
		if err := syncDir(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return explain("remove evidence from", e.blobs.dir, err)
		}
	}
	return e.db.InTx(ctx, func(ctx context.Context, tx Tx) error {
		for _, ref := range files {
			if _, err := tx.Exec(ctx, qRemoved, string(ref)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Compact rewrites the file without the room that deleted rows have left, so
// that it shrinks and nothing of them can be read back from it. It needs as
// much free space as the file is large; without, nothing is lost.
func (d *DB) Compact(ctx context.Context) error {
	if d.write == nil {
		return fmt.Errorf("%w: %s", ErrReader, d.path)
	}
	s, err := d.write.take(ctx)
	if err != nil {
		return explain("compact", d.path, err)
	}
	defer d.write.give(s, true)                                                                           // the next connection has the usual settings again
	for _, q := range []string{`PRAGMA temp_store = FILE`, `VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} { // the copy does not fit into memory
		if _, err := s.conn.ExecContext(ctx, q); err != nil {
			return explain("compact", d.path, err)
		}
	}
	return nil
}

// A Holding is what is kept of one wave's evidence.
type Holding struct {
	Wave   string    `json:"wave"` // Unmatched for the mails of none
	State  string    `json:"state,omitempty"`
	Ended  time.Time `json:"ended,omitzero"`
	Mails  int       `json:"mails"`
	Files  int       `json:"files"`
	Bytes  int64     `json:"bytes"`  // of both; what waves share is counted in each
	Pruned int       `json:"pruned"` // pieces removed
	Lost   int       `json:"lost"`   // pieces that are gone without a reason
}

// Holdings says what is kept of each wave, oldest first, and of unmatched mail.
func (e *Evidence) Holdings(ctx context.Context) ([]Holding, error) {
	var out []Holding
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) error {
		err := each(ctx, tx, func(rows Rows) error {
			var h Holding
			var ended int64
			if err := rows.Scan(&h.Wave, &h.State, &ended); err != nil {
				return err
			}
			if ended > 0 {
				h.Ended = time.UnixMicro(ended).UTC()
			}
			out = append(out, h)
			return nil
		}, qWaveAges)
		if err != nil {
			return err
		}
		out = append(out, Holding{Wave: Unmatched})
		for i := range out {
			h := &out[i]
			var refs digests
			if h.Wave == Unmatched {
				err = refs.query(ctx, tx, qUnmatchedFrom, 0)
				refs.settle()
			} else {
				refs, err = cited(ctx, tx, h.Wave)
			}
			if err != nil {
				return err
			}
			if err := e.weigh(ctx, tx, h, refs); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (e *Evidence) weigh(ctx context.Context, tx Tx, h *Holding, refs digests) error {
	for _, sum := range refs {
		where, size, err := e.find(ctx, tx, refOf(sum))
		if err != nil {
			return err
		}
		h.Bytes += size
		switch where {
		case inMail:
			h.Mails++
		case inFolder:
			h.Files++
		default:
			p, err := pruned(ctx, tx, refOf(sum))
			if err != nil {
				return err
			}
			if p != nil {
				h.Pruned++
			} else {
				h.Lost++
			}
		}
	}
	return nil
}
