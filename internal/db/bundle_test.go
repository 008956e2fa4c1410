package db

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
)

// bundled adds mails of no probe that came together, each at a time of its own,
// and gives their addresses.
func (s *sample) bundled(at []time.Time, raws ...string) []evidence.Ref {
	s.t.Helper()
	refs, list := make([]evidence.Ref, len(raws)), make([][]byte, len(raws))
	for i, raw := range raws {
		refs[i], list[i] = evidence.RefOf([]byte(raw)), []byte(raw)
	}
	bundles, places := new(Packer).Pack(list)
	err := s.db.InTx(s.t.Context(), func(ctx context.Context, tx Tx) error {
		if err := PutBundles(ctx, tx, bundles, places); err != nil {
			return err
		}
		for i, p := range places {
			_, err := tx.Exec(ctx, `INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us, bundle, start, bytes) VALUES ('many', 1, (SELECT COUNT(*) + 1 FROM arrival WHERE mailbox = 'many'), $1, $2, $2, $3, $4, $5)`,
				string(refs[i]), at[i%len(at)].UnixMicro(), p.Bundle, p.Start, p.Bytes)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return refs
}

// mails of many lengths: of no byte, and of more than a bundle.
func mails(n int) (raws []string) {
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		raws = append(raws, fmt.Sprintf("Subject: %d\r\n\r\n%s", i, strings.Repeat(fmt.Sprint(chance.Uint64())+" words\r\n", chance.IntN(300))))
	}
	return append(raws, "", strings.Repeat("long ", bundleBytes), string(bytes.Repeat([]byte{0xff, 0}, 100)))
}

func TestBundledMailsAreReadAsTheyCame(t *testing.T) {
	s := newSample(t)
	raws := mails(200)
	refs := s.bundled([]time.Time{ages}, raws...)
	more := s.bundled([]time.Time{ages}, "one that came later", "and another")
	raws = append(raws, "one that came later", "and another")
	var bundles, length int
	err := s.db.Read(t.Context(), func(ctx context.Context, tx Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*), MAX(length) FROM bundle`).Scan(&bundles, &length)
	})
	if err != nil || bundles < 5 || length >= bundleBytes+len(raws[201]) {
		t.Errorf("%d bundles of %d bytes at most, %v", bundles, length, err)
	}
	for i, ref := range append(refs, more...) {
		rc, err := s.store.Open(t.Context(), ref)
		if err != nil {
			t.Fatalf("mail %d: %v", i, err)
		}
		var got bytes.Buffer
		if _, err := got.ReadFrom(rc); err != nil || got.String() != raws[i] {
			t.Fatalf("mail %d has %d bytes, %v; came with %d", i, got.Len(), err, len(raws[i]))
		}
		err = s.db.Read(t.Context(), func(ctx context.Context, tx Tx) error {
			where, n, err := s.store.find(ctx, tx, ref)
			if err == nil && (where != inMail || n != int64(len(raws[i]))) {
				t.Errorf("mail %d is found in %q with %d bytes", i, where, n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.store.Open(t.Context(), evidence.RefOf([]byte("never came"))); !errors.Is(err, evidence.ErrNotFound) {
		t.Errorf("a mail that never came: %v", err)
	}
}

// What is pruned of a bundle is gone from the file, also where the process died
// before the bundle was packed anew; what stays is as it was.
func TestPruneOfBundles(t *testing.T) {
	s := newSample(t)
	var raws []string
	for i := range 120 {
		secret := "kept"
		if i%2 == 0 || i >= 100 { // the last bundles go as a whole
			secret = "pruned"
		}
		raws = append(raws, fmt.Sprintf("Subject: %d\r\n\r\nSECRET-%s-%d\r\n%s", i, secret, i, incompressible(i, 4000)))
	}
	at := make([]time.Time, len(raws))
	for i := range at {
		at[i] = ages.Add(100 * day)
		if strings.Contains(raws[i], "SECRET-pruned") {
			at[i] = ages
		}
	}
	refs := s.bundled(at, raws...)
	o := Pruning{Before: ages.Add(50 * day), DryRun: true}
	if would := s.prune(o); len(would) != 1 || would[0].Mails != 70 || s.state(refs[0]) != "kept" {
		t.Fatalf("a dry run: %v; the first mail is %s", would, s.state(refs[0]))
	}
	// a prune that dies after its rows are durable: nothing names the mails any more
	s.exec(`UPDATE arrival SET bundle = 0, start = 0, bytes = 0 WHERE uid = 1`)
	s.exec(`INSERT INTO pruned (sha256, wave, bytes, pruned_us, why, removed) VALUES ($1, '', 1, 1, 'age', 1)`, string(refs[0]))
	o.DryRun = false
	if done := s.prune(o); len(done) != 1 || done[0].Mails != 69 {
		t.Errorf("removed %v", done)
	}
	for i, ref := range refs {
		want := "kept"
		if strings.Contains(raws[i], "SECRET-pruned") {
			want = "pruned"
		}
		if got := s.state(ref); got != want {
			t.Errorf("mail %d is %s, want %s", i, got, want)
			continue
		}
		if want == "pruned" {
			continue
		}
		rc, err := s.store.Open(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if _, err := got.ReadFrom(rc); err != nil || got.String() != raws[i] {
			t.Errorf("mail %d is no longer what it was: %v", i, err)
		}
	}
	if again := s.prune(o); len(again) != 0 {
		t.Errorf("pruned twice: %v", again)
	}
	if err := s.db.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(s.db.path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(file, []byte("SECRET-kept")) || bytes.Contains(file, []byte("SECRET-pruned")) {
		t.Errorf("in the file, what was kept: %v; what was pruned: %v", bytes.Contains(file, []byte("SECRET-kept")), bytes.Contains(file, []byte("SECRET-pruned")))
	}
	held, err := s.store.Holdings(t.Context())
	if err != nil || held[len(held)-1].Mails != 50 || held[len(held)-1].Pruned != 70 || held[len(held)-1].Lost != 0 {
		t.Errorf("holdings %+v, %v", held, err)
	}
}

// incompressible gives bytes that stand in the file as they are.
func incompressible(seed, n int) []byte {
	out := make([]byte, n)
	chance := rand.New(rand.NewPCG(uint64(seed), 9))
	for i := range out {
		out[i] = byte(chance.Uint32())
	}
	return out
}

func TestDamagedBundles(t *testing.T) {
	for name, damage := range map[string]string{
		"packed otherwise": `UPDATE bundle SET packed = x'00ff00'`,
		"another length":   `UPDATE bundle SET length = length + 1`,
		"no bundle":        `DELETE FROM bundle`,
		"a place beyond":   `UPDATE arrival SET bytes = bytes + 1 WHERE uid = 3`,
		"another place":    `UPDATE arrival SET start = start + 1, bytes = bytes - 1 WHERE uid = 3`,
	} {
		s := newSample(t)
		refs := s.bundled([]time.Time{ages}, "Subject: 1\r\n\r\none", "Subject: 2\r\n\r\ntwo", "Subject: 3\r\n\r\nthree")
		s.exec(damage)
		rc, err := s.store.Open(t.Context(), refs[2])
		if err == nil {
			_, err = new(bytes.Buffer).ReadFrom(rc)
		}
		if !errors.Is(err, evidence.ErrCorrupt) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A bundled mail goes into an archive as any other, and comes out as one.
func TestBundledMailsAreExported(t *testing.T) {
	s := newSample(t)
	s.wave("w1", ages, "Subject: hello\r\n\r\nhello", "picture")
	plain, digest := s.export("w1")
	refs := s.bundled([]time.Time{ages}, "Subject: before\r\n\r\n", "Subject: hello\r\n\r\nhello")
	s.exec(`DELETE FROM mail WHERE sha256 = $1`, string(refs[1])) // only the bundle has it now
	data, same := s.export("w1")
	if !bytes.Equal(plain, data) || digest != same {
		t.Error("the archive differs by where the mail lies")
	}
	found, err := VerifyArchive(t.Context(), bytes.NewReader(data), t.TempDir())
	if err != nil || found.Proof.Faults != 0 || found.Proof.Pieces != 2 {
		t.Errorf("%+v, %v", found.Proof, err)
	}
	v, err := s.store.Verify(t.Context(), "w1", nil)
	if err != nil || v.Faults != 0 || v.Pieces != 2 {
		t.Errorf("%+v, %v", v, err)
	}
	if v, err = s.store.VerifyUnmatched(t.Context(), nil); err != nil || v.Faults != 0 || v.Pieces != 2 || v.Wave != Unmatched {
		t.Errorf("of no probe: %+v, %v", v, err)
	}
	s.exec(`UPDATE bundle SET packed = x'0100'`)
	if v, err = s.store.VerifyUnmatched(t.Context(), nil); err != nil || v.Faults != 2 {
		t.Errorf("of no probe, in a damaged bundle: %+v, %v", v, err)
	}
	if v, err = s.store.Verify(t.Context(), "w1", nil); err != nil || v.Faults != 1 {
		t.Errorf("of a damaged bundle: %+v, %v", v, err)
	}
	if _, err := s.store.Export(t.Context(), new(bytes.Buffer), "w1", nil, nil); !errors.Is(err, ErrLost) {
		t.Errorf("a damaged bundle is exported: %v", err)
	}
}
