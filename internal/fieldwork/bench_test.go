package fieldwork

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/highstreet"
	"touchstone/probes"
	"touchstone/scenarios"
)

// A crowd is a wave of n letters, ten a site, to a relay and a mailbox in
// memory, by a skipping clock: every second letter is answered, to the hour,
// the others close in silence. It keeps no more of a letter than its answer
// needs.
type crowd struct {
	*Engine
	d     *db.DB
	path  string
	in    PlanInput
	clock *highstreet.Clock

	mu    sync.Mutex
	box   []Incoming // delivered and not yet stored
	holds map[string]func()
	uid   uint32
	wake  chan struct{}
	sent  int
}

func newCrowd(tb testing.TB, dir string, n int) *crowd {
	tb.Helper()
	pr := testProject()
	model := pr.Sites[0]
	pr.Sites = nil
	for i := range n / 10 {
		s := model
		s.ID = fmt.Sprintf("shop-%05d", i)
		s.Site.ID, s.Name, s.Email = s.ID, s.ID, "service@"+s.ID+".example"
		pr.Sites = append(pr.Sites, s)
	}
	pr.Caps = scenarios.Caps{PerSitePerDay: 2, PerSitePerWeek: 5, MinDistance: 2 * time.Hour}
	pr.Scenarios = pr.Scenarios[:1]
	pr.Scenarios[0].Repeat = 10
	pr.Scenarios[0].Params = &letterParams{Text: strings.Repeat("Do you have the blue one in stock, and when would it come? ", 12)}

	c := &crowd{path: filepath.Join(dir, fmt.Sprintf("crowd-%d.db", n)), clock: highstreet.NewClock(testStart), holds: map[string]func(){}, wake: make(chan struct{}, 1)}
	d, err := db.Open(tb.Context(), c.path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = d.Close() })
	c.d = d
	ks := testKinds(nil)
	c.in = PlanInput{Project: pr, Kinds: ks, Wave: "w1", Seed: 1, Start: testStart}
	c.Engine = &Engine{
		DB: d, Evidence: d.Evidence(filepath.Join(dir, "evidence")), Kinds: ks, Clock: c.clock,
		Log: slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelError})),
		Recorded: func(raw []byte) {
			c.mu.Lock()
			done := c.holds[string(raw)]
			delete(c.holds, string(raw))
			c.mu.Unlock()
			done()
		},
		Post: &Post{
			Mailboxes: []string{"INBOX"},
			Check:     func(context.Context) error { return nil },
			Find:      func(context.Context, string) (bool, error) { return false, nil },
			Send: func(_ context.Context, l probes.Letter) probes.Delivery {
				c.sent++
				if c.sent%2 == 0 {
					from, id := l.From, l.MessageID
					c.clock.At(c.clock.Now().Add(time.Hour), func() { c.answer(from, id) })
				}
				return accepted
			},
			Watch: c.watchBox,
		},
	}
	return c
}

func (c *crowd) answer(to, id string) {
	raw := []byte("From: <desk@shop.example>\r\nTo: <" + to + ">\r\nSubject: Re: ask\r\nIn-Reply-To: <" + id + ">\r\n\r\n" + strings.Repeat("Yes, we have it in stock and it comes within three days.\r\n", 20))
	c.mu.Lock()
	defer c.mu.Unlock()
	c.uid++
	c.holds[string(raw)] = c.clock.Begin()
	c.box = append(c.box, Incoming{Mailbox: "INBOX", Validity: 7, UID: c.uid, Raw: raw, Received: c.clock.Now()})
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *crowd) watchBox(ctx context.Context, w Watch) error {
	for {
		c.mu.Lock()
		todo := c.box
		c.box = nil
		c.mu.Unlock()
		for _, m := range todo {
			if err := w.Store(ctx, m); err != nil {
				return err
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-c.wake:
		case n := <-w.Poke:
			w.CaughtUp(n)
		}
	}
}

// bareProbe stores a probe as its plan does.
const bareProbe = `INSERT INTO probe (wave, site, scenario, repeat, kind, task, life, state, due_us, deadline_us, address, message_id, task_json, detail, planned_us, window_us)
	VALUES ($1, $2, $3, $4, $5, $6, $7, 'planned', $8, 0, $9, $10, $11, $12, $8, $13)`

// bare does the durable transactions of a crowd's wave, and nothing else: no
// plan, no clock, no kinds; rows of the same sizes, in tables and indexes of
// the same shapes, with the same settings. closings are the numbers of windows
// that closed in one transaction. It gives the number of transactions.
func bare(tb testing.TB, dir string, n int, closings []int) int {
	tb.Helper()
	d, err := db.Open(tb.Context(), filepath.Join(dir, fmt.Sprintf("bare-%d.db", n)))
	if err != nil {
		tb.Fatal(err)
	}
	defer d.Close()
	txs := 0
	in := func(f func(ctx context.Context, tx db.Tx) error) {
		txs++
		if err := d.InTx(tb.Context(), f); err != nil {
			tb.Fatal(err)
		}
	}
	exec := func(ctx context.Context, tx db.Tx, q string, args ...any) error {
		_, err := tx.Exec(ctx, q, args...)
		return err
	}
	rng := rand.New(rand.NewPCG(1, 1))
	task, raw, answer := strings.Repeat("t", 2300), []byte(strings.Repeat("r", 900)), strings.Repeat("a", 1200)
	body := strings.Repeat("o", 620)
	site := func(i int) string { return fmt.Sprintf("shop-%05d", i/10) }
	const at = int64(1_790_000_000_000_000)
	for i := 0; i < n; i += 200 { // as begin prepares
		in(func(ctx context.Context, tx db.Tx) error {
			if i == 0 {
				if err := exec(ctx, tx, `INSERT INTO wave (id, state, seed, created_us, plan, version) VALUES ('w1', 'running', 1, 1, '{}', 'v')`); err != nil {
					return err
				}
			}
			for k := i; k < min(i+200, n); k++ {
				if err := exec(ctx, tx, bareProbe, "w1", site(k), "ask", k%10+1, "letter", "enquiry", "correspondence", at+int64(k)*1e6, fmt.Sprintf("shopper+%010x@shopper.example", rng.Uint64()), fmt.Sprintf("%x@shopper.example", rng.Uint64()), task, "", int64(432_000_000_000)); err != nil {
					return err
				}
				if err := exec(ctx, tx, qInsertEffect, "w1", site(k), "ask", k%10+1, letterStep, "send-mail", "service@"+site(k)+".example", "id", raw, at); err != nil {
					return err
				}
			}
			return nil
		})
	}
	for turn := range n {
		i := turn * 7919 % n // as due times go through the sites, not in the order of their rows
		now := at + int64(turn)*1e6
		in(func(ctx context.Context, tx db.Tx) error {
			return errors.Join(exec(ctx, tx, qClaim, "w1", site(i), "ask", i%10+1, now+1, "pid 123, claim 456", now+60e6), exec(ctx, tx, qBegin, "w1", site(i), "ask", i%10+1, now, "pid 123, claim 456"))
		})
		in(func(ctx context.Context, tx db.Tx) error {
			return errors.Join(
				exec(ctx, tx, qAttempt, "w1", site(i), "ask", i%10+1, now, "accepted", 250, "ok", "pid 123, claim 456"),
				exec(ctx, tx, qSettle, "w1", site(i), "ask", i%10+1, "accepted", now, 250, "ok", "pid 123, claim 456"),
				exec(ctx, tx, qOpen, "w1", site(i), "ask", i%10+1, now+432e9, now+2))
		})
		if turn%2 == 0 {
			continue
		}
		in(func(ctx context.Context, tx db.Tx) error {
			ref, err := db.PutMail(ctx, tx, fmt.Appendf(nil, "%d%s", i, answer))
			return errors.Join(err,
				exec(ctx, tx, fmt.Sprintf(qInsertArrival, db.Places(1, arrivalColumns)), "INBOX", 7, i+1, string(ref), now, now, "w1", site(i), "ask", i%10+1, "address", 0, 1, "", 0, 0),
				exec(ctx, tx, qHeard, "w1", site(i), "ask", i%10+1, now+3, now+3),
				exec(ctx, tx, qConfirm, "w1", site(i), "ask", i%10+1, "shown"),
				exec(ctx, tx, qSetCursor, "INBOX", 7, i+1))
		})
	}
	turn := 0
	for _, page := range closings {
		in(func(ctx context.Context, tx db.Tx) error {
			for range page {
				k := turn * 7919 % n
				turn++
				if _, err := db.PutMail(ctx, tx, fmt.Appendf(nil, "%d%s", k, raw)); err != nil {
					return err
				}
				if err := exec(ctx, tx, `INSERT INTO observation (wave, site, scenario, repeat, reading, seq, body) VALUES ('w1', $1, 'ask', $2, 'letter/1', 1, $3)`, site(k), k%10+1, body); err != nil {
					return err
				}
				if err := exec(ctx, tx, qState, "w1", site(k), "ask", k%10+1, "done", "silent", at+int64(n+k)*1e6); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return txs
}

// What waves are measured against has to keep up with the tables.
func TestBareLoopStillRuns(t *testing.T) {
	if txs, want := bare(t, t.TempDir(), 40, []int{25, 15}), 1+40+40+20+2; txs != want {
		t.Errorf("%d transactions, want %d", txs, want)
	}
}

// closings gives how many windows closed in each of the wave's transactions:
// those of one instant together, a page at most.
func (c *crowd) closings(tb testing.TB) (pages []int) {
	tb.Helper()
	err := c.d.Read(tb.Context(), func(ctx context.Context, tx db.Tx) error {
		rows, err := tx.Query(ctx, `SELECT COUNT(*) FROM probe WHERE wave = 'w1' GROUP BY deadline_us`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				return err
			}
			for ; n > 0; n -= 50 {
				pages = append(pages, min(n, 50))
			}
		}
		return rows.Err()
	})
	if err != nil {
		tb.Fatal(err)
	}
	return pages
}

// cpu gives the processor time that this process has used.
func cpu(tb testing.TB) time.Duration {
	tb.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// peak watches the heap until stopped, and gives the most that was in use.
func peak() (stop func() uint64) {
	var most uint64
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		t := time.NewTicker(50 * time.Millisecond)
		defer t.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-quit:
				return
			case <-t.C:
			}
		}
	}()
	return func() uint64 { close(quit); <-done; return most }
}

// BenchmarkWave plans and runs waves of simulated probes and gives, for each
// size, the seconds of planning, probes a second, those of a bare loop that
// does the same durable transactions in the same run, their ratio by the wall
// and by processor time, which a busy machine disturbs less, and memory.
// TOUCHSTONE_PROBES sets the largest size.
func BenchmarkWave(b *testing.B) {
	sizes := []int{1_000, 10_000, 100_000}
	if v := os.Getenv("TOUCHSTONE_PROBES"); v != "" {
		var most int
		if _, err := fmt.Sscan(v, &most); err != nil {
			b.Fatal(err)
		}
		for len(sizes) > 0 && sizes[len(sizes)-1] > most {
			sizes = sizes[:len(sizes)-1]
		}
	}
	for _, n := range sizes {
		b.Run(fmt.Sprintf("probes=%d", n), func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				c := newCrowd(b, dir, n)
				began := time.Now()
				most := peak()
				if _, err := Draft(b.Context(), c.d, c.in, "bench", testStart); err != nil {
					b.Fatal(err)
				}
				planning, planningHeap := time.Since(began), most()
				began = time.Now()
				used := cpu(b)
				most = peak()
				if err := c.Run(b.Context(), "w1", nil); err != nil {
					b.Fatal(err)
				}
				running, runningHeap, runningCPU := time.Since(began), most(), cpu(b)-used
				check(b, c, n)
				closings := c.closings(b)
				_ = c.d.Close()
				began, used = time.Now(), cpu(b)
				txs := bare(b, dir, n, closings)
				floor, floorCPU := time.Since(began), cpu(b)-used
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(planning.Seconds()*1e6/float64(n), "µs-planning/probe")
				b.ReportMetric(running.Seconds()*1e6/float64(n), "µs-running/probe")
				b.ReportMetric(float64(n)/running.Seconds(), "probes/s")
				b.ReportMetric(float64(n)/floor.Seconds(), "bare/s")
				b.ReportMetric(floor.Seconds()/running.Seconds(), "of-bare")
				b.ReportMetric(runningCPU.Seconds()*1e6/float64(n), "µs-CPU/probe")
				b.ReportMetric(floorCPU.Seconds()/runningCPU.Seconds(), "of-bare-CPU")
				b.ReportMetric(float64(txs)/float64(n), "tx/probe")
				b.ReportMetric(float64(planningHeap)/1e6, "MB-planning")
				b.ReportMetric(float64(runningHeap)/1e6, "MB-running")
			}
		})
	}
}

// check counts what a crowd's wave came to.
func check(tb testing.TB, c *crowd, n int) {
	tb.Helper()
	w, err := LoadWave(tb.Context(), c.d, "w1")
	if err != nil {
		tb.Fatal(err)
	}
	got, err := w.Outcomes(tb.Context(), c.d)
	if err != nil {
		tb.Fatal(err)
	}
	if c.sent != n || got[evidence.Completed] != n/2 || got[evidence.Silent] != n/2 || w.State != WaveDone {
		tb.Fatalf("%d sent, %v, %s", c.sent, got, w.State)
	}
}
