package db

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/klauspost/compress/s2"

	"touchstone/internal/evidence"
)

// Mails are kept in two ways. One that has just come is a row of table mail.
// Those that come by the hundred, when a mailbox is read for the first time or
// after a pause, are packed into bundles: SQLite writes every page twice, first
// to its log, and a row that doesn't fill its pages leaves room that is written
// as well.

const (
	insertBundle  = `INSERT INTO bundle (id, packed, length) VALUES ($1, $2, $3)`
	lastBundle    = `SELECT COALESCE(MAX(id), 0) FROM bundle`
	selectBundle  = `SELECT packed, length FROM bundle WHERE id = $1`
	replaceBundle = `UPDATE bundle SET packed = $2, length = $3 WHERE id = $1`
	dropBundle    = `DELETE FROM bundle WHERE id = $1`

	ofDigest      = ` WHERE substr(sha256, 1, 10) = substr($1, 1, 10) AND sha256 = $1 AND bundle > 0`
	selectBundled = `SELECT bundle, start, bytes FROM arrival` + ofDigest
	dropBundled   = `UPDATE arrival SET bundle = 0, start = 0, bytes = 0` + ofDigest
	membersOf     = `SELECT mailbox, validity, uid, sha256, start, bytes FROM arrival WHERE bundle = $1 AND bundle > 0 ORDER BY start, bytes`
	moveMember    = `UPDATE arrival SET start = $4 WHERE mailbox = $1 AND validity = $2 AND uid = $3`

	// those that hold more than arrivals still say of them
	looseBundles = `SELECT b.id FROM bundle b LEFT JOIN (SELECT bundle, SUM(bytes) AS n FROM arrival WHERE bundle > 0 GROUP BY bundle) a ON a.bundle = b.id
		WHERE COALESCE(a.n, 0) <> b.length ORDER BY b.id`
)

// bundleBytes is the length from which on a bundle takes no more mails. To read
// one mail its whole bundle is unpacked, which takes a tenth of a millisecond; a
// longer one would be packed little better.
const bundleBytes = 64 << 10

// Prefix is the part of a digest that the index of arrivals holds, in SQL
// substr(sha256, 1, 10).
func Prefix(ref evidence.Ref) string { return string(ref[:min(len(ref), 10)]) }

// A Bundle is some mails, packed to be stored together.
type Bundle struct {
	packed []byte
	length int
}

// A Place says where in its bundle a mail lies: so many bytes from start on.
// The zero Place is no bundle's.
type Place struct {
	Bundle       int64 // until PutBundles, its number among those of one Pack, from 0
	Start, Bytes int
}

// A Packer packs mails, and keeps its memory for the next. The zero value is ready.
type Packer struct{ joint, packed []byte }

// Pack makes bundles of mails, and tells where each of those is in them.
func (p *Packer) Pack(raws [][]byte) (bundles []Bundle, places []Place) {
	places = make([]Place, len(raws))
	p.joint = p.joint[:0]
	for i, raw := range raws {
		places[i] = Place{int64(len(bundles)), len(p.joint), len(raw)}
		if p.joint = append(p.joint, raw...); len(p.joint) >= bundleBytes || i == len(raws)-1 {
			p.packed = s2.Encode(p.packed, p.joint)
			bundles = append(bundles, Bundle{slices.Clone(p.packed), len(p.joint)})
			p.joint = p.joint[:0]
		}
	}
	return bundles, places
}

// PutBundles stores bundles as part of a transaction, and completes the places
// of their mails, which the transaction is to give to arrivals.
func PutBundles(ctx context.Context, tx Tx, bundles []Bundle, places []Place) error {
	var last int64
	if err := tx.QueryRow(ctx, lastBundle).Scan(&last); err != nil {
		return fmt.Errorf("store mails: %w", err)
	}
	for i, b := range bundles {
		if _, err := tx.Exec(ctx, insertBundle, last+1+int64(i), b.packed, b.length); err != nil {
			return fmt.Errorf("store mails: %w", err)
		}
	}
	for i := range places {
		places[i].Bundle += last + 1
	}
	return nil
}

// Mail gives a raw mail. The errors are ErrNoRows, where there is none of that
// address, evidence.ErrCorrupt, where its bundle can't be unpacked, or the database's.
func Mail(ctx context.Context, tx Tx, ref evidence.Ref) (raw []byte, err error) {
	if err = tx.QueryRow(ctx, selectMail, string(ref)).Scan(&raw); !errors.Is(err, ErrNoRows) {
		return raw, err
	}
	p, err := placeOf(ctx, tx, ref)
	if err != nil {
		return nil, err
	}
	joint, err := unbundle(ctx, tx, p.Bundle)
	if err != nil {
		return nil, err
	}
	return p.in(joint)
}

func placeOf(ctx context.Context, tx Tx, ref evidence.Ref) (p Place, err error) {
	err = tx.QueryRow(ctx, selectBundled, string(ref)).Scan(&p.Bundle, &p.Start, &p.Bytes)
	return p, err
}

func (p Place) in(joint []byte) ([]byte, error) {
	if p.Start < 0 || p.Bytes < 0 || p.Start+p.Bytes > len(joint) {
		return nil, fmt.Errorf("%w: bundle %d of mails ends too early", evidence.ErrCorrupt, p.Bundle)
	}
	return joint[p.Start : p.Start+p.Bytes : p.Start+p.Bytes], nil
}

// unbundle gives the mails of a bundle, one after the other.
func unbundle(ctx context.Context, tx Tx, id int64) ([]byte, error) {
	var packed []byte
	var length int
	switch err := tx.QueryRow(ctx, selectBundle, id).Scan(&packed, &length); {
	case errors.Is(err, ErrNoRows):
		return nil, fmt.Errorf("%w: there is no bundle %d of mails", evidence.ErrCorrupt, id)
	case err != nil:
		return nil, err
	}
	if n, err := s2.DecodedLen(packed); err != nil || n != length {
		return nil, fmt.Errorf("%w: bundle %d of mails is not as long as it was", evidence.ErrCorrupt, id)
	}
	joint, err := s2.Decode(nil, packed)
	if err != nil {
		return nil, fmt.Errorf("%w: bundle %d of mails: %w", evidence.ErrCorrupt, id, err)
	}
	return joint, nil
}

// mailBytes gives a mail's length, and ErrNoRows where there is none.
func mailBytes(ctx context.Context, tx Tx, ref evidence.Ref) (n int64, err error) {
	if err = tx.QueryRow(ctx, qMailBytes, string(ref)).Scan(&n); errors.Is(err, ErrNoRows) {
		var p Place
		p, err = placeOf(ctx, tx, ref)
		n = int64(p.Bytes)
	}
	return n, err
}

// dropMail removes a mail. What its bundle holds of it is gone after tighten.
func dropMail(ctx context.Context, tx Tx, ref evidence.Ref) error {
	if _, err := tx.Exec(ctx, qDropMail, string(ref)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, dropBundled, string(ref))
	return err
}

// tightenedAtOnce is how many bundles one transaction packs anew.
const tightenedAtOnce = 50

// tighten packs the bundles anew of which mails were dropped, so that nothing of
// those is left in them; also where an earlier Prune did not come to it.
func (e *Evidence) tighten(ctx context.Context) error {
	var loose []int64
	err := e.db.Read(ctx, func(ctx context.Context, tx Tx) error {
		return each(ctx, tx, func(rows Rows) error {
			var id int64
			err := rows.Scan(&id)
			loose = append(loose, id)
			return err
		}, looseBundles)
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(loose, tightenedAtOnce) {
		err := e.db.InTx(ctx, func(ctx context.Context, tx Tx) error {
			for _, id := range some {
				if err := tightenOne(ctx, tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("pack mails anew without those that were pruned: %w", err)
		}
	}
	return nil
}

func tightenOne(ctx context.Context, tx Tx, id int64) error {
	type member struct {
		mailbox       string
		validity, uid int64
		ref           evidence.Ref
		place         Place
	}
	var members []member
	err := each(ctx, tx, func(rows Rows) error {
		m := member{place: Place{Bundle: id}}
		err := rows.Scan(&m.mailbox, &m.validity, &m.uid, &m.ref, &m.place.Start, &m.place.Bytes)
		members = append(members, m)
		return err
	}, membersOf, id)
	if err != nil {
		return err
	}
	if len(members) == 0 {
		_, err := tx.Exec(ctx, dropBundle, id)
		return err
	}
	joint, err := unbundle(ctx, tx, id)
	if err != nil {
		return err
	}
	var left []byte
	for _, m := range members {
		raw, err := m.place.in(joint)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, moveMember, m.mailbox, m.validity, m.uid, len(left)); err != nil {
			return err
		}
		left = append(left, raw...)
	}
	_, err = tx.Exec(ctx, replaceBundle, id, s2.Encode(nil, left), len(left))
	return err
}
