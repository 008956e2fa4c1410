package db

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"touchstone/internal/evidence"
	"touchstone/internal/evidence/evidencetest"
)

// A test that kills a process starts this binary as one: these variables tell
// it what to do, where, and from which number on.
const childDoes, childIn, childFrom = "TOUCHSTONE_TEST_CHILD", "TOUCHSTONE_TEST_DIR", "TOUCHSTONE_TEST_FROM"

func TestMain(m *testing.M) {
	do := map[string]func(context.Context, *DB, string, int) error{
		"scribble": func(ctx context.Context, d *DB, dir string, n int) error {
			return evidencetest.Scribble(ctx, d.Evidence(filepath.Join(dir, "evidence")), n, os.Stdout)
		},
		"receive": receive,
	}[os.Getenv(childDoes)]
	if do == nil {
		os.Exit(m.Run())
	}
	dir := os.Getenv(childIn)
	n, err := strconv.Atoi(os.Getenv(childFrom))
	if err == nil {
		var d *DB
		if d, err = Open(context.Background(), filepath.Join(dir, "touchstone.db")); err == nil {
			err = do(context.Background(), d, dir, n)
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func child(t *testing.T, does, dir string, from int) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDoes+"="+does, childIn+"="+dir, childFrom+"="+strconv.Itoa(from))
	return cmd
}

func TestEvidence(t *testing.T) {
	evidencetest.Run(t, func(t *testing.T) evidencetest.Harness {
		d := project(t)
		dir := filepath.Join(t.TempDir(), "a project", "evidence")
		return evidencetest.Harness{
			Store:  d.Evidence(dir),
			Damage: func(t *testing.T, ref evidence.Ref) { damage(t, newFolder(dir).path(ref)) },
			Reopen: func(t *testing.T) evidence.Store {
				closed(t, d)
				return reopen(t, d.path).Evidence(dir)
			},
		}
	})
}

// damage flips a bit in the middle of a file, or adds a byte to an empty one.
func damage(t *testing.T, name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(data) == 0 {
		data = []byte{0}
	} else {
		data[len(data)/2] ^= 1
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestEvidenceSurvivesAKill(t *testing.T) {
	dir := t.TempDir()
	var last *DB
	evidencetest.Survive(t,
		func(t *testing.T, n int) *exec.Cmd {
			if last != nil {
				closed(t, last)
				last = nil
			}
			return child(t, "scribble", dir, n)
		},
		func(t *testing.T) evidence.Store {
			// a report is the first to look: it finds the log of the dead process
			r, err := OpenReader(t.Context(), filepath.Join(dir, "touchstone.db"))
			if err != nil {
				t.Fatal(err)
			}
			for o, err := range r.Evidence(filepath.Join(dir, "evidence")).Observations(t.Context(), "w1") {
				if err != nil {
					t.Errorf("a reader after the kill: probe %s: %v", o.Probe, err)
				}
			}
			closed(t, r)
			last = reopen(t, filepath.Join(dir, "touchstone.db"))
			if sound := alone(t, last, `PRAGMA integrity_check`); sound != "ok" {
				t.Errorf("the file: %s", sound)
			}
			return last.Evidence(filepath.Join(dir, "evidence"))
		})
}

// receive stores mails, each with its arrival and the cursor in one
// transaction, and prints the number of each that is committed.
func receive(ctx context.Context, d *DB, _ string, n int) error {
	for ; ; n++ {
		err := d.InTx(ctx, func(ctx context.Context, tx Tx) error {
			ref, err := PutMail(ctx, tx, received(n))
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO arrival (mailbox, validity, uid, sha256, received_us, seen_us) VALUES ('INBOX', 1, $1, $2, 0, 0)`, n, string(ref)); err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO mailbox (name, validity, last_uid) VALUES ('INBOX', 1, $1) ON CONFLICT (name) DO UPDATE SET last_uid = excluded.last_uid`, n)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Println(n)
	}
}

func received(n int) []byte {
	return []byte(strings.Repeat(fmt.Sprintf("Subject: %d\r\n", n), 1+n%5*400))
}

func TestMailAndCursorSurviveAKillTogether(t *testing.T) {
	dir := t.TempDir()
	next := 1
	for _, lines := range []int{1, 17, 30} {
		said := evidencetest.Kill(t, child(t, "receive", dir, next), lines)
		last, err := strconv.Atoi(said[len(said)-1])
		if err != nil {
			t.Fatal(err)
		}
		d := reopen(t, filepath.Join(dir, "touchstone.db"))
		var cursor, arrivals, mails int
		err = d.Read(t.Context(), func(ctx context.Context, tx Tx) error {
			return tx.QueryRow(ctx, `SELECT (SELECT last_uid FROM mailbox), (SELECT COUNT(*) FROM arrival), (SELECT COUNT(*) FROM mail)`).Scan(&cursor, &arrivals, &mails)
		})
		if err != nil {
			t.Fatal(err)
		}
		if cursor < last || arrivals != cursor || mails != cursor {
			t.Errorf("the cursor stands at %d, with %d arrivals and %d mails; %d were told to be kept", cursor, arrivals, mails, last)
		}
		for n := 1; n <= cursor; n++ {
			rc, err := d.Evidence(dir).Open(t.Context(), evidence.RefOf(received(n)))
			if err != nil {
				t.Fatalf("mail %d: %v", n, err)
			}
			if _, err := io.Copy(io.Discard, rc); err != nil {
				t.Errorf("mail %d: %v", n, err)
			}
			_ = rc.Close()
		}
		closed(t, d)
		next = cursor + 1
	}
}

func TestMail(t *testing.T) {
	d := project(t)
	e := d.Evidence(t.TempDir())
	for _, raw := range [][]byte{nil, []byte("From: a@example.org\r\n\r\nHi \x00\xff"), make([]byte, 3<<20)} {
		for range 2 { // again changes nothing
			err := d.InTx(t.Context(), func(ctx context.Context, tx Tx) error {
				ref, err := PutMail(ctx, tx, raw)
				if ref != evidence.RefOf(raw) {
					t.Errorf("address %s", ref)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		rc, err := e.Open(t.Context(), evidence.RefOf(raw))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(rc); err != nil || string(got) != string(raw) {
			t.Errorf("%d bytes come back of %d, %v", len(got), len(raw), err)
		}
	}
	script(t, d.write, `UPDATE mail SET raw = x'00'`)
	rc, err := e.Open(t.Context(), evidence.RefOf(nil))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(rc); !errors.Is(err, evidence.ErrCorrupt) {
		t.Errorf("a changed mail: error %v, want ErrCorrupt", err)
	}
}

func TestAppendWithAChangeOfState(t *testing.T) {
	d := project(t)
	e := d.Evidence(t.TempDir())
	o := evidencetest.Sample("a", 1, "r1")
	count := func() (n int) {
		for _, err := range e.Observations(t.Context(), "w1") {
			if err != nil {
				t.Error(err)
			}
			n++
		}
		return n
	}
	boom := errors.New("boom")
	err := d.InTx(t.Context(), func(ctx context.Context, tx Tx) error {
		return errors.Join(AppendTx(ctx, tx, o), set(ctx, tx, "state", "done"), boom)
	})
	if !errors.Is(err, boom) || count() != 0 || value(t, d, "state") != "" {
		t.Errorf("after a failure (%v) there are %d observations and the state %q", err, count(), value(t, d, "state"))
	}
	err = d.InTx(t.Context(), func(ctx context.Context, tx Tx) error {
		return errors.Join(AppendTx(ctx, tx, o), set(ctx, tx, "state", "done"))
	})
	if err != nil || count() != 1 || value(t, d, "state") != "done" {
		t.Errorf("%d observations, state %q, %v", count(), value(t, d, "state"), err)
	}
	// a conflict leaves the transaction fit for use, should the caller mind it otherwise
	o.Outcome = evidence.Completed
	err = d.InTx(t.Context(), func(ctx context.Context, tx Tx) error {
		if err := AppendTx(ctx, tx, o); !errors.Is(err, evidence.ErrConflict) {
			t.Errorf("error %v, want ErrConflict", err)
		}
		return set(ctx, tx, "state", "conflict seen")
	})
	if err != nil || value(t, d, "state") != "conflict seen" {
		t.Errorf("state %q, %v", value(t, d, "state"), err)
	}
}
