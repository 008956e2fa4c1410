package db

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
)

const day = 24 * time.Hour

// stray adds a mail of no probe.
func (s *sample) stray(uid int, at time.Time, raw string) evidence.Ref {
	s.t.Helper()
	ref := evidence.RefOf([]byte(raw))
	err := s.db.InTx(s.t.Context(), func(ctx context.Context, tx Tx) error { _, err := PutMail(ctx, tx, []byte(raw)); return err })
	if err != nil {
		s.t.Fatal(err)
	}
	s.exec(`INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us) VALUES ('strays', 1, $1, $2, $3, $3)`, uid, string(ref), at.UnixMicro())
	return ref
}

// state says of a piece whether it is "kept", "pruned" or "lost".
func (s *sample) state(ref evidence.Ref) string {
	s.t.Helper()
	rc, err := s.store.Open(s.t.Context(), ref)
	var gone *evidence.PrunedError
	switch {
	case err == nil:
		_ = rc.Close()
		return "kept"
	case errors.As(err, &gone) && errors.Is(err, evidence.ErrNotFound):
		return "pruned"
	case errors.Is(err, evidence.ErrNotFound):
		return "lost"
	}
	s.t.Fatal(err)
	return ""
}

func (s *sample) prune(o Pruning) []Pruned {
	s.t.Helper()
	o.Now = ages.Add(400 * day)
	if o.Why == "" {
		o.Why = "older than 90d"
	}
	done, err := s.store.Prune(s.t.Context(), o)
	if err != nil {
		s.t.Fatal(err)
	}
	return done
}

func TestPruneKeepsWhatIsYoungAndWhatIsShared(t *testing.T) {
	s := newSample(t)
	oldMail, shared := s.wave("old", ages, "old mail", "one picture of two waves")
	newMail, _ := s.wave("new", ages.Add(100*day), "new mail", "one picture of two waves")
	_, running := s.wave("running", ages, "running mail", "running picture")
	s.exec(`UPDATE wave SET state = 'running', ended_us = 0 WHERE id = 'running'`)
	_, oldPicture := s.wave("old2", ages.Add(day), "second old mail", "old picture")
	oldStray, newStray := s.stray(1, ages, "an old stray"), s.stray(2, ages.Add(100*day), "a new stray")
	o := Pruning{Before: ages.Add(50 * day)}

	dry := o
	dry.DryRun = true
	would := s.prune(dry)
	if got := s.state(oldMail); got != "kept" {
		t.Fatalf("a dry run removed something: %s", got)
	}
	done := s.prune(o)
	if !reflect.DeepEqual(would, done) {
		t.Errorf("a dry run says %v, and then it is %v", would, done)
	}
	want := []Pruned{{"old", 1, 0, 8}, {"old2", 1, 1, 26}, {Unmatched, 1, 0, 12}}
	if !reflect.DeepEqual(done, want) {
		t.Errorf("removed %v, want %v", done, want)
	}
	for ref, want := range map[evidence.Ref]string{oldMail: "pruned", shared: "kept", newMail: "kept", running: "kept", oldPicture: "pruned", oldStray: "pruned", newStray: "kept"} {
		if got := s.state(ref); got != want {
			t.Errorf("%s is %s, want %s", ref, got, want)
		}
	}
	if again := s.prune(o); len(again) != 0 {
		t.Errorf("pruned twice: %v", again)
	}
	for wave, pruned := range map[string]int{"old": 1, "old2": 2, "new": 0} {
		v, err := s.store.Verify(t.Context(), wave, nil)
		if err != nil || v.Faults != 0 || v.Pruned != pruned || v.Pieces != 2-pruned || v.Observations != 2 {
			t.Errorf("%s: %+v, %v", wave, v, err)
		}
	}
	// what is pruned may be exported as that, and opens as that
	data, digest := s.export("old2")
	found, err := VerifyArchive(t.Context(), strings.NewReader(string(data)), t.TempDir())
	if err != nil || found.Digest != digest || found.Proof.Pruned != 2 || found.Proof.Faults != 0 {
		t.Errorf("the archive: %+v, %v", found, err)
	}
	held, err := s.store.Holdings(t.Context())
	if err != nil || len(held) != 5 {
		t.Fatalf("%v, %v", held, err)
	}
	for _, h := range held {
		if h.Wave == "old2" && (h.Pruned != 2 || h.Mails+h.Files != 0) || h.Wave == Unmatched && (h.Mails != 1 || h.Pruned != 1) || h.Lost != 0 {
			t.Errorf("holding %+v", h)
		}
	}
}

func TestPruneOneWave(t *testing.T) {
	s := newSample(t)
	one, _ := s.wave("w1", ages, "mail 1", "picture 1")
	two, _ := s.wave("w2", ages, "mail 2", "picture 2")
	stray := s.stray(1, ages, "a stray")
	s.prune(Pruning{Before: ages.Add(50 * day), Wave: "w1"})
	if a, b, c := s.state(one), s.state(two), s.state(stray); a != "pruned" || b != "kept" || c != "kept" {
		t.Errorf("%s, %s, %s", a, b, c)
	}
}

// A crash between the row and the file is made good by the next run, unless a
// younger wave has stored the same bytes since.
func TestPruneGoesOnAfterACrash(t *testing.T) {
	s := newSample(t)
	_, picture := s.wave("w1", ages, "mail 1", "picture")
	_, again := s.wave("w2", ages, "mail 2", "picture of two")
	for _, ref := range []evidence.Ref{picture, again} {
		s.exec(`INSERT INTO pruned (sha256, wave, bytes, pruned_us, why, removed) VALUES ($1, 'w1', 7, 1, 'age', 0)`, string(ref))
	}
	s.exec(`UPDATE wave SET ended_us = $1 WHERE id = 'w2'`, ages.Add(100*day).UnixMicro())
	s.prune(Pruning{Before: ages.Add(50 * day)})
	if _, err := os.Stat(s.store.blobs.path(picture)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file stayed: %v", err)
	}
	if a, b := s.state(picture), s.state(again); a != "pruned" || b != "kept" {
		t.Errorf("%s, %s", a, b)
	}
}

// What is lost is not called pruned because it is old.
func TestPruneHidesNoLoss(t *testing.T) {
	s := newSample(t)
	_, picture := s.wave("w1", ages, "mail", "picture")
	if err := os.Remove(s.store.blobs.path(picture)); err != nil {
		t.Fatal(err)
	}
	s.prune(Pruning{Before: ages.Add(50 * day)})
	if got := s.state(picture); got != "lost" {
		t.Errorf("it is %s", got)
	}
}

func TestPrunedDatabaseShrinks(t *testing.T) {
	s := newSample(t)
	secret := "a very private word "
	s.wave("w1", ages, strings.Repeat(secret, 100_000), "picture")
	whole := func() (int64, bool) {
		var n int64
		found := false
		for _, suffix := range []string{"", "-wal"} {
			data, err := os.ReadFile(s.db.path + suffix)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			n += int64(len(data))
			found = found || strings.Contains(string(data), secret)
		}
		return n, found
	}
	before, there := whole()
	s.prune(Pruning{Before: ages.Add(50 * day)})
	if err := s.db.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, still := whole()
	if !there || still || after > before/4 {
		t.Errorf("%d bytes before, %d after; the words were there: %v, are there: %v", before, after, there, still)
	}
}

func TestVerifyFindsFaults(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(s *sample, mail, picture evidence.Ref)
		want string
	}{
		"a file that is gone":       {func(s *sample, _, p evidence.Ref) { _ = os.Remove(s.store.blobs.path(p)) }, "is missing"},
		"a file that was changed":   {func(s *sample, _, p evidence.Ref) { damage(s.t, s.store.blobs.path(p)) }, "does not match its digest"},
		"a mail that is gone":       {func(s *sample, m, _ evidence.Ref) { s.exec(`DELETE FROM mail WHERE sha256 = $1`, string(m)) }, "is missing"},
		"a mail that was changed":   {func(s *sample, m, _ evidence.Ref) { s.exec(`UPDATE mail SET raw = x'00' WHERE sha256 = $1`, string(m)) }, "does not match its digest"},
		"a lost observation":        {func(s *sample, _, _ evidence.Ref) { s.exec(`DELETE FROM observation WHERE repeat = 1`) }, "w1/shop/ask/1 has ended without an observation"},
		"a probe that never was":    {func(s *sample, _, _ evidence.Ref) { s.exec(`UPDATE wave SET plan = '{"rows":[]}'`) }, "is not the one that was frozen"},
		"a probe that was left out": {func(s *sample, _, _ evidence.Ref) { s.exec(`DELETE FROM probe WHERE repeat = 2`) }, "is not the one that was frozen"},
		"a lost try":                {func(s *sample, _, _ evidence.Ref) { s.exec(`DELETE FROM attempt`) }, "another number of tries"},
		"another's observation": {func(s *sample, _, _ evidence.Ref) {
			s.exec(`UPDATE observation SET body = REPLACE(body, '"site":"shop"', '"site":"shap"')`)
		}, "says that it is of w1/shap"},
		"a probe that never ended": {func(s *sample, _, _ evidence.Ref) { s.exec(`UPDATE probe SET state = 'open' WHERE repeat = 1`) }, "though the wave is over"},
		"no address": {func(s *sample, m, _ evidence.Ref) {
			s.exec(`UPDATE observation SET body = REPLACE(body, $1, 'x')`, string(m))
		}, "no address"},
	} {
		s := newSample(t)
		mail, picture := s.wave("w1", ages, "mail", "picture")
		if v, err := s.store.Verify(t.Context(), "w1", nil); err != nil || v.Faults != 0 || v.Pieces != 2 {
			t.Fatalf("before: %+v, %v", v, err)
		}
		c.harm(s, mail, picture)
		v, err := s.store.Verify(t.Context(), "w1", nil)
		if err != nil || v.Faults == 0 || !strings.Contains(strings.Join(v.First, "\n"), c.want) {
			t.Errorf("%s: %q, %v; want %q", name, v.First, err, c.want)
		}
	}
	if said, err := newSample(t).db.Integrity(t.Context()); said != "" || err != nil {
		t.Errorf("integrity: %q, %v", said, err)
	}
}
