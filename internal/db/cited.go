package db

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"touchstone/internal/evidence"
)

// What names evidence. A table that begins to cite some adds its query here,
// and everything that keeps, copies or removes evidence knows of it.
const (
	// every reading, not only the newest: each is kept with its proof
	qCitedBodies   = `SELECT body FROM observation WHERE wave = $1`
	qCitedMails    = `SELECT sha256 FROM arrival WHERE wave = $1 AND matched <> ''`
	qUnmatchedFrom = `SELECT sha256 FROM arrival WHERE matched = '' AND seen_us >= $1`
	qUnmatchedTo   = `SELECT sha256 FROM arrival WHERE matched = '' AND seen_us < $1`

	qMailBytes = `SELECT bytes FROM mail WHERE sha256 = $1`
	qPruned    = `SELECT pruned_us, why FROM pruned WHERE sha256 = $1`
)

// digests is a sorted set of addresses, 32 bytes each: a wave of 100,000 probes
// cites millions.
type digests [][32]byte

func (d *digests) add(ref evidence.Ref) {
	var sum [32]byte
	if ref.Valid() {
		_, _ = hex.Decode(sum[:], []byte(ref)) // valid: it can't fail
		*d = append(*d, sum)
	}
}

func compare(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) }

// settle sorts the set and drops what is there twice.
func (d *digests) settle() {
	slices.SortFunc(*d, compare)
	*d = slices.Compact(*d)
}

func (d digests) has(sum [32]byte) bool {
	_, found := slices.BinarySearchFunc(d, sum, compare)
	return found
}

func refOf(sum [32]byte) evidence.Ref { return evidence.Ref(hex.EncodeToString(sum[:])) }

// cited gives all that a wave's record names.
func cited(ctx context.Context, tx Tx, wave string) (digests, error) {
	var out digests
	err := each(ctx, tx, func(rows Rows) error {
		var body []byte
		if err := rows.Scan(&body); err != nil {
			return err
		}
		var o struct {
			Evidence map[string]evidence.Ref `json:"evidence"`
		}
		if err := json.Unmarshal(body, &o); err != nil {
			return fmt.Errorf("an observation of wave %s: %w", wave, err)
		}
		for _, ref := range o.Evidence {
			out.add(ref)
		}
		return nil
	}, qCitedBodies, wave)
	if err != nil {
		return nil, err
	}
	if err := out.query(ctx, tx, qCitedMails, wave); err != nil {
		return nil, err
	}
	out.settle()
	return out, nil
}

// query adds the addresses that a query finds.
func (d *digests) query(ctx context.Context, tx Tx, q string, args ...any) error {
	return each(ctx, tx, func(rows Rows) error {
		var ref string
		if err := rows.Scan(&ref); err != nil {
			return err
		}
		d.add(evidence.Ref(ref))
		return nil
	}, q, args...)
}

// each hands over the rows of a query.
func each(ctx context.Context, tx Tx, f func(Rows) error, q string, args ...any) error {
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

// Where a piece of evidence is.
const (
	inMail   = "mails"
	inFolder = "files"
)

// find tells where bytes are kept and how many they are; "" for nowhere.
func (e *Evidence) find(ctx context.Context, tx Tx, ref evidence.Ref) (where string, size int64, err error) {
	switch size, err = mailBytes(ctx, tx, ref); {
	case err == nil:
		return inMail, size, nil
	case !errors.Is(err, ErrNoRows):
		return "", 0, err
	}
	info, err := os.Stat(e.blobs.path(ref))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", 0, nil
	case err != nil:
		return "", 0, explain("look for evidence in", e.blobs.dir, err)
	}
	return inFolder, info.Size(), nil
}

// pruned gives when and why bytes were removed; nil when they were not.
func pruned(ctx context.Context, tx Tx, ref evidence.Ref) (*evidence.PrunedError, error) {
	var us int64
	p := &evidence.PrunedError{Ref: ref}
	switch err := tx.QueryRow(ctx, qPruned, string(ref)).Scan(&us, &p.Why); {
	case errors.Is(err, ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	}
	p.At = time.UnixMicro(us).UTC()
	return p, nil
}

// PrunedTx gives, as an error, when and why bytes were removed; nil when they
// were not.
func PrunedTx(ctx context.Context, tx Tx, ref evidence.Ref) error {
	p, err := pruned(ctx, tx, ref)
	if err != nil || p == nil {
		return err
	}
	return p
}

// prunedRow is pruned for a reader to whom it is only an explanation.
func (e *Evidence) prunedRow(ctx context.Context, ref evidence.Ref) *evidence.PrunedError {
	var p *evidence.PrunedError
	_ = e.db.Read(ctx, func(ctx context.Context, tx Tx) (err error) {
		p, err = pruned(ctx, tx, ref)
		return err
	})
	return p
}
