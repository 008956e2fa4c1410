package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
	"touchstone/internal/highstreet"
	"touchstone/probes"
)

// oldWave runs a wave of the story's project that began some days ago, with a
// mail account in memory: each letter is answered after an hour, and a mail of
// no probe comes on the second day. old-wave NAME DAYS
func oldWave(ts *testscript.TestScript, _ bool, args []string) {
	days, err := strconv.Atoi(args[1])
	ts.Check(err)
	a := newApp(strings.NewReader(""), io.Discard, io.Discard)
	defer a.close()
	a.dir = ts.MkAbs(".")
	p, err := a.load()
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	d, err := db.Open(ctx, p.Database)
	ts.Check(err)
	clock := highstreet.NewClock(time.Now().UTC().Truncate(time.Second).Add(-time.Duration(days) * 24 * time.Hour))
	_, err = a.freeze(ctx, d, p, args[0], 1, clock.Now(), nil)
	ts.Check(err)
	e := &fieldwork.Engine{DB: d, Evidence: d.Evidence(p.Evidence), Kinds: byName(kinds(nil)), Clock: clock, Post: answeringPost(clock, args[0], uint32(days)*1000), Log: a.log}
	ts.Check(errors.Join(e.Run(ctx, args[0], nil), d.Close()))
}

// answeringPost is a mail account in memory, with mails numbered after uid.
func answeringPost(clock *highstreet.Clock, wave string, uid uint32) *fieldwork.Post {
	box := make(chan fieldwork.Incoming)
	deliver := func(at time.Time, raw string) {
		clock.At(at, func() {
			hold := clock.Begin() // until it is stored
			uid++
			m := fieldwork.Incoming{Mailbox: "INBOX", Validity: 1, UID: uid, Raw: []byte(raw), Received: clock.Now()}
			go func() { defer hold(); box <- m; box <- fieldwork.Incoming{} }()
		})
	}
	deliver(clock.Now().Add(36*time.Hour), "From: Ann <ann@stranger.example>\r\nTo: <shopper@example.net>\r\nSubject: About\r\n your question\r\n\r\nWe are back on Monday, "+wave+".\r\n")
	return &fieldwork.Post{
		Mailboxes: []string{"INBOX"},
		Check:     func(context.Context) error { return nil },
		Send: func(_ context.Context, l probes.Letter) probes.Delivery {
			deliver(clock.Now().Add(time.Hour), fmt.Sprintf("From: Maria Service <maria@shop.example>\r\nTo: <%s>\r\nSubject: Re: %s\r\nIn-Reply-To: <%s>\r\n\r\nDear customer,\r\n\r\nyou have 30 days to return it.\r\n\r\nMaria\r\n", l.From, l.Subject, l.MessageID))
			return probes.Delivery{State: probes.Accepted, Code: 250}
		},
		Find: func(context.Context, string) (bool, error) { return false, nil },
		Watch: func(ctx context.Context, w fieldwork.Watch) error {
			for {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case n := <-w.Poke:
					w.CaughtUp(n)
				case m := <-box:
					if m.Raw == nil {
						continue // the one before is stored
					}
					if err := w.Store(ctx, m); err != nil {
						return err
					}
				}
			}
		},
	}
}

// flip changes one byte of a file, counted from its start: flip FILE N.
func flip(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	data[n] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// sums checks SHA256SUMS of an unpacked archive as sha256sum -c does, so that
// an archive can be checked without this program: sums DIR.
func sums(ts *testscript.TestScript, _ bool, args []string) {
	list, err := os.ReadFile(filepath.Join(ts.MkAbs(args[0]), "SHA256SUMS"))
	ts.Check(err)
	n := 0
	for line := range strings.Lines(string(list)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		data, err := os.ReadFile(filepath.Join(ts.MkAbs(args[0]), name))
		ts.Check(err)
		if got := sha256.Sum256(data); hex.EncodeToString(got[:]) != sum {
			ts.Fatalf("%s: %x", name, got)
		}
		n++
	}
	if n < 10 {
		ts.Fatalf("only %d entries", n)
	}
}

// opensElsewhere holds a wave of the street that was exported and opened
// elsewhere to the same marks and the same report, bit for bit, without the
// place where it was run.
func (r *demoRun) opensElsewhere(t *testing.T) {
	t.Helper()
	here, file := filepath.Join(r.dir, "project"), filepath.Join(t.TempDir(), "wave.tar")
	env := []string{highstreet.PasswordVariable + "=unused"}
	said := succeeds(t, here, env, "evidence", "export", "demo", "--out", file)
	_, digest, _ := strings.Cut(strings.TrimSpace(said), "digest ")
	score := succeeds(t, here, env, "score", "--wave", "demo", "--json")
	waves := succeeds(t, here, env, "wave", "show", "demo", "--json")
	report := reportOf(t, here, env)
	if err := os.Rename(here, here+"-gone"); err != nil {
		t.Fatal(err)
	}

	elsewhere := t.TempDir()
	if said := succeeds(t, elsewhere, nil, "evidence", "verify", file, "--digest", digest); !strings.Contains(said, ": all sound.") || strings.Contains(said, " 0 pieces") {
		t.Errorf("verify: %s", said)
	}
	succeeds(t, elsewhere, nil, "evidence", "open", file, "--out", "audit")
	there := filepath.Join(elsewhere, "audit")
	if again := succeeds(t, there, nil, "score", "--wave", "demo", "--json"); again != score {
		t.Errorf("the marks differ: %d bytes here, %d there", len(score), len(again))
	}
	if again := succeeds(t, there, nil, "wave", "show", "demo", "--json"); again != waves {
		t.Error("the plan differs")
	}
	if again := reportOf(t, there, nil); !bytes.Equal(again, report) {
		t.Errorf("the report differs: %d bytes here, %d there", len(report), len(again))
	}
	if !strings.Contains(score, `"score"`) || len(report) < 10_000 {
		t.Errorf("nothing was compared: %d and %d bytes", len(score), len(report))
	}
	if again := succeeds(t, there, nil, "evidence", "export", "demo", "--out", "again.tar"); !strings.Contains(again, digest) {
		t.Errorf("exported again it is another archive: %s, was %s", again, digest)
	}
}

// reportOf gives the JSON report without the line that says when it was made.
func reportOf(t *testing.T, dir string, env []string) []byte {
	t.Helper()
	succeeds(t, dir, env, "report", "--wave", "demo", "--format", "json", "--title", "Street", "--out", "out")
	data, err := os.ReadFile(filepath.Join(dir, "out", "wave-demo.json"))
	if err != nil {
		t.Fatal(err)
	}
	var kept [][]byte
	for line := range bytes.Lines(data) {
		if !bytes.Contains(line, []byte(`"generated":`)) {
			kept = append(kept, line)
		}
	}
	return bytes.Join(kept, nil)
}

// inboxID puts the id of the one mail in the inbox into a variable.
func inboxID(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	d, err := db.OpenReader(ctx, ts.MkAbs("touchstone.db"))
	ts.Check(err)
	strays, err := fieldwork.Strays(ctx, d)
	ts.Check(errors.Join(err, d.Close()))
	if len(strays) != 1 {
		ts.Fatalf("%d mails in the inbox", len(strays))
	}
	ts.Setenv(args[0], strays[0].ID)
}
