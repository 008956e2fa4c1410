package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"touchstone/internal/db"
)

// A scenario is one way of breaking things.
type scenario struct {
	name  string
	about string
	run   func(ctx context.Context, s *suite) result
}

func scenarios() []scenario {
	return []scenario{
		{name: "sabotage", about: "engines that are broken on purpose are caught", run: sabotaged},
		{name: "plan", about: "killed at every durable step of planning", run: planning},
		{name: "steps", about: "killed at every durable step of a wave", run: steps},
		{name: "backlog", about: "killed at every durable step of a wave that begins with a full mailbox", run: backlog},
		{name: "conversation", about: "killed at every durable step, and at random, while letters lead to further ones", run: conversation},
		{name: "protocol", about: "killed at every step of the SMTP and IMAP conversations", run: protocol},
		{name: "random", about: "killed at random moments, several times a wave", run: random},
		{name: "visit", about: "killed while an order is placed in a browser", run: visits},
		{name: "lines", about: "connections cut, slowed and broken off at random bytes, and kills", run: lines},
		{name: "disk", about: "every write and sync of the database fails once", run: failing},
		{name: "full", about: "the disk is full from each write on", run: full},
		{name: "pages", about: "the database has reached its largest size", run: pages},
		{name: "blobs", about: "every step of the evidence folder is killed or fails", run: blobs},
		{name: "dovecot", about: "Dovecot's sessions killed, and the program, with Exim and Dovecot", run: dovecot},
	}
}

// The shapes of waves: many killed at a single step, and few that live long.
// Windows are whole seconds, since mail servers' times are.
var (
	small = shape{sites: 2, repeats: 1, window: 2 * time.Second}
	large = shape{sites: 6, repeats: 3, window: 3 * time.Second}
	talks = shape{sites: 2, repeats: 1, window: 2 * time.Second, goesOn: true}
	piled = shape{sites: 1, repeats: 1, window: 2 * time.Second, backlog: 120}
)

// A letters is a wave of letters with its office.
type letters struct {
	*wave
	office *office
}

// letters lays out a wave; its caller closes it.
func (s *suite) letters(name, program string, seed uint64, sh shape, slow time.Duration, a attack) (*letters, error) {
	dir, err := s.folder(name)
	if err != nil {
		return nil, err
	}
	o, err := openOffice(seed, s.cert, sh.window, slow)
	if err != nil {
		return nil, err
	}
	w := &letters{&wave{dir: dir, program: program, world: o, attack: a}, o}
	o.hook = w.happened
	return w, errors.Join(o.fill(sh.backlog), o.account(s.ca).project(dir, sh))
}

// done closes a wave and clears its folder away, unless it is needed.
func (s *suite) done(w *wave) {
	if !s.keep && w.got.wrong() == 0 {
		_ = os.RemoveAll(w.dir) // of a temporary folder
	}
}

// each has n waves done, as many side by side as the suite allows to all
// scenarios, and adds up what became of them.
func (s *suite) each(n int, one func(i int) (result, error)) result {
	return s.few(s.parallel, n, one)
}

// few is each, with at most so many waves side by side.
func (s *suite) few(side, n int, one func(i int) (result, error)) result {
	return together(side, n, func(i int) (result, error) {
		s.slots <- struct{}{}
		defer func() { <-s.slots }()
		return one(i)
	})
}

// together has n waves done, so many side by side.
func together(side, n int, one func(i int) (result, error)) result {
	slots := make(chan struct{}, side)
	var sum result
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			r, err := one(i)
			if err != nil {
				r.stuck++
				r.notes = append(r.notes, err.Error())
			}
			mu.Lock()
			sum.add(r)
			mu.Unlock()
		})
	}
	wg.Wait()
	return sum
}

// lettersOnce does one wave of letters. All have the same seed, so that the
// n'th step of one is about that of another.
func (s *suite) lettersOnce(ctx context.Context, name, program string, i int, sh shape, slow time.Duration, a attack) (result, error) {
	w, err := s.letters(fmt.Sprintf("%s-%d", name, i), program, s.seed, sh, slow, a)
	if err != nil {
		return result{}, err
	}
	defer w.office.close()
	defer s.done(w.wave)
	return w.live(ctx), nil
}

// numbered counts the steps of a whole run, and gives their names.
func (s *suite) numbered(ctx context.Context, name string, sh shape) ([]string, result) {
	log := filepath.Join(s.dir, name+".log")
	r, err := s.lettersOnce(ctx, name+"-count", s.programs.pointed, 0, sh, 0, attack{
		env: func(int) []string { return []string{"TOUCHSTONE_CRASHPOINT=count", "TOUCHSTONE_CRASHLOG=" + log} },
	})
	var text []byte
	if err == nil {
		text, err = os.ReadFile(log)
	}
	if err != nil {
		r.stuck++
		r.notes = append(r.notes, err.Error())
	}
	return strings.Split(strings.TrimSpace(string(text)), "\n"), r
}

// strikes gives the numbers from 1 to n, or every so many of them where the
// suite is short, beginning where the seed says.
func (s *suite) strikes(n, short int) []int {
	by := 1
	if s.short && n > short {
		by = (n + short - 1) / short
	}
	var all []int
	for i := 1 + int(s.seed%uint64(by)); i <= n; i += by {
		all = append(all, i)
	}
	return all
}

// atStep arms the crash points of the first start.
func atStep(how string, n int) attack {
	return attack{env: func(start int) []string {
		if start > 0 {
			return nil
		}
		return []string{fmt.Sprintf("TOUCHSTONE_CRASHPOINT=%s %d", how, n)}
	}}
}

func (s *suite) numberedWaves(ctx context.Context, name, how string, sh shape, short int, second bool) result {
	steps, sum := s.numbered(ctx, name, sh)
	at := s.strikes(len(steps), short)
	s.say("%s: %d durable steps in a wave, %d of them taken", name, len(steps), len(at))
	sum.add(s.each(len(at), func(i int) (result, error) {
		a := atStep(how, at[i])
		if second { // the recovery is killed, too
			again := 1 + rand.New(rand.NewPCG(s.seed, uint64(i))).IntN(60)
			first := a.env
			a.env = func(start int) []string {
				if start == 1 {
					return []string{fmt.Sprintf("TOUCHSTONE_CRASHPOINT=kill %d", again)}
				}
				return first(start)
			}
		}
		return s.lettersOnce(ctx, name, s.programs.pointed, at[i], sh, 0, a)
	}))
	return sum
}

func steps(ctx context.Context, s *suite) result {
	return s.numberedWaves(ctx, "steps", "tear", small, 20, true)
}

// backlog has many mails stored at once, in bundles.
func backlog(ctx context.Context, s *suite) result {
	return s.numberedWaves(ctx, "backlog", "tear", piled, 12, true)
}
func failing(ctx context.Context, s *suite) result {
	return s.numberedWaves(ctx, "disk", "fail", small, 12, false)
}
func full(ctx context.Context, s *suite) result {
	return s.numberedWaves(ctx, "full", "full", small, 12, false)
}

// conversation has waves in which a reminder or a further question follows:
// killed at their durable steps, then at random while letters are slow.
func conversation(ctx context.Context, s *suite) result {
	sum := s.numberedWaves(ctx, "conversation", "tear", talks, 20, true)
	n := 12
	if s.short {
		n = 3
	}
	sum.add(s.each(n, func(i int) (result, error) {
		w, err := s.letters(fmt.Sprintf("talk-%d", i), s.programs.plain, s.seed+uint64(i), talks, 25*time.Millisecond, attack{})
		if err != nil {
			return result{}, err
		}
		defer w.office.close()
		defer s.done(w.wave)
		w.attack = s.atRandom(s.seed+uint64(i), killsPerWave, w.kill)
		return w.live(ctx), nil
	}))
	if sum.further == 0 {
		sum.stuck++
		sum.notes = append(sum.notes, "no letter led to a further one")
	}
	return sum
}

// planning kills `plan` at each of its steps; planning again must do.
func planning(ctx context.Context, s *suite) result {
	count := 0
	if err := s.plan(ctx, "plan-count", []string{"TOUCHSTONE_CRASHPOINT=count", "TOUCHSTONE_CRASHLOG=" + filepath.Join(s.dir, "plan.log")}, nil); err == nil {
		text, _ := os.ReadFile(filepath.Join(s.dir, "plan.log"))
		count = strings.Count(string(text), "\n")
	}
	at := s.strikes(count, 5)
	s.say("plan: %d durable steps, %d of them taken", count, len(at))
	return s.each(len(at), func(i int) (r result, err error) {
		r.waves = 1
		return r, s.plan(ctx, fmt.Sprintf("plan-%d", at[i]), []string{fmt.Sprintf("TOUCHSTONE_CRASHPOINT=tear %d", at[i])}, &r.kills)
	})
}

// plan plans with crash points, and then without.
func (s *suite) plan(ctx context.Context, name string, env []string, kills *int) error {
	dir, err := s.folder(name)
	if err != nil {
		return err
	}
	nobody := (&office{smtpAddr: "127.0.0.1:1", imapAddr: "127.0.0.1:1"}).account(s.ca)
	if err := nobody.project(dir, small); err != nil {
		return err
	}
	c, err := start(ctx, s.programs.pointed, dir, env, "plan")
	if err != nil {
		return err
	}
	if c.wait(time.Minute); kills != nil && c.killed() {
		*kills++
	}
	w := &wave{dir: dir, program: s.programs.plain}
	if out, ok := w.once(ctx, w.program, nil, "plan"); !ok {
		return fmt.Errorf("%s: planning again: %s", dir, out)
	}
	state, err := waveState(ctx, dir)
	if err == nil && state != "planned" {
		err = fmt.Errorf("%s: the wave is %s", dir, state)
	}
	return err
}

// protocol kills at the n'th event of the servers.
func protocol(ctx context.Context, s *suite) result {
	var mu sync.Mutex
	var names []string
	sum, err := s.lettersOnce(ctx, "protocol-count", s.programs.plain, 0, small, 0, attack{event: func(_ *child, _, _ int, event string) bool {
		mu.Lock()
		names = append(names, event)
		mu.Unlock()
		return false
	}})
	if err != nil {
		sum.stuck++
		sum.notes = append(sum.notes, err.Error())
	}
	at := s.strikes(len(names), 12)
	s.say("protocol: %d events in a wave, %d of them taken", len(names), len(at))
	sum.add(s.each(len(at), func(i int) (result, error) {
		return s.lettersOnce(ctx, "protocol", s.programs.plain, at[i], small, 0, attack{event: func(_ *child, start, n int, _ string) bool {
			return start == 0 && n == at[i]
		}})
	}))
	return sum
}

// killsPerWave is how often a wave is killed at random.
const killsPerWave = 8

// atRandom kills the first starts at random moments: half of them by the
// clock, half of them a moment after an event of the servers.
func (s *suite) atRandom(seed uint64, kills int, kill func(*child)) attack {
	var mu sync.Mutex
	rng := rand.New(rand.NewPCG(seed, 3))
	chance := func(from, to time.Duration) time.Duration {
		mu.Lock()
		defer mu.Unlock()
		return between(rng, from, to)
	}
	events := make([]int, kills)
	for i := range events {
		if rng.IntN(2) == 0 {
			events[i] = 1 + rng.IntN(25)
		}
	}
	later := func(ctx context.Context, c *child, d time.Duration) {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
			kill(c)
		case <-c.ended:
		case <-ctx.Done():
		}
	}
	return attack{
		beside: func(ctx context.Context, c *child, start int) {
			if start < kills {
				d := chance(20*time.Millisecond, 900*time.Millisecond)
				if events[start] > 0 {
					d += 2 * time.Second // should the events not come
				}
				later(ctx, c, d)
			}
		},
		event: func(c *child, start, n int, _ string) bool {
			if start < kills && n == events[start] {
				go later(context.Background(), c, chance(0, 12*time.Millisecond))
			}
			return false
		},
	}
}

// random kills until there were enough.
func random(ctx context.Context, s *suite) result {
	var sum result
	var kills atomic.Int64
	for round := 0; round < 100 && int(kills.Load()) < s.kills && sum.wrong() == 0 && ctx.Err() == nil; round++ {
		n := max(1, min(2*s.parallel, (s.kills-int(kills.Load())+killsPerWave-1)/killsPerWave))
		sum.add(s.each(n, func(i int) (result, error) {
			number := round*100 + i
			w, err := s.letters(fmt.Sprintf("random-%d", number), s.programs.plain, s.seed+uint64(number), large, 25*time.Millisecond, attack{})
			if err != nil {
				return result{}, err
			}
			defer w.office.close()
			defer s.done(w.wave)
			w.attack = s.atRandom(s.seed+uint64(number), killsPerWave, w.kill)
			r := w.live(ctx)
			kills.Add(int64(r.kills))
			return r, nil
		}))
		s.say("random: %d kills of %d", kills.Load(), s.kills)
	}
	return sum
}

// lines has accidents happen to every connection for a while, and kills twice.
// Its waves wait for minutes, and do little meanwhile: they take no slots.
func lines(ctx context.Context, s *suite) result {
	n := 24
	if s.short {
		n = 4
	}
	return together(n, n, func(i int) (result, error) {
		seed := s.seed + uint64(i)
		w, err := s.letters(fmt.Sprintf("lines-%d", i), s.programs.plain, seed, large, 10*time.Millisecond, attack{})
		if err != nil {
			return result{}, err
		}
		defer w.office.close()
		defer s.done(w.wave)
		out, err := openLine(w.office.smtpAddr, seed)
		if err != nil {
			return result{}, err
		}
		defer out.close()
		in, err := openLine(w.office.imapAddr, seed+1000)
		if err != nil {
			return result{}, err
		}
		defer in.close()
		acc := w.office.account(s.ca)
		acc.smtpAddr, acc.imapAddr = out.addr, in.addr
		if err := acc.project(w.dir, large); err != nil {
			return result{}, err
		}
		w.attack = s.atRandom(seed, 2, w.kill)
		over := time.AfterFunc(10*time.Second, func() { out.calm.Store(true); in.calm.Store(true) })
		defer over.Stop()
		r := w.live(ctx)
		s.accidents.Add(out.had.Load() + in.had.Load())
		return r, nil
	})
}

// pages lets the database grow to each size between that of a wave that is
// planned and that of one that has ended, and no further.
func pages(ctx context.Context, s *suite) result {
	var from, to int
	w, err := s.letters("pages-count", s.programs.plain, s.seed, large, 0, attack{})
	if err != nil {
		return result{stuck: 1, notes: []string{err.Error()}}
	}
	defer w.office.close()
	if _, ok := w.once(ctx, w.program, nil, "plan"); ok {
		from = size(ctx, w.dir)
	}
	sum := w.live(ctx)
	if to = size(ctx, w.dir); from == 0 || to <= from {
		sum.stuck++
		sum.notes = append(sum.notes, fmt.Sprintf("a wave takes %d to %d pages", from, to))
		return sum
	}
	s.done(w.wave)
	at := s.strikes(to-from, 6)
	s.say("pages: a wave takes %d to %d, %d of the sizes taken", from, to, len(at))
	sum.add(s.each(len(at), func(i int) (result, error) {
		return s.lettersOnce(ctx, "pages", s.programs.pointed, at[i], large, 0, attack{env: func(start int) []string {
			if start > 0 {
				return nil
			}
			return []string{fmt.Sprintf("TOUCHSTONE_CRASHPAGES=%d", from+at[i]-1)}
		}})
	}))
	return sum
}

// size gives a project's database in pages, 0 where it can't be told.
func size(ctx context.Context, dir string) (n int) {
	d, err := db.OpenReader(ctx, filepath.Join(dir, "touchstone.db"))
	if err != nil {
		return 0
	}
	defer d.Close()
	_ = d.Read(ctx, func(ctx context.Context, tx db.Tx) error { return tx.QueryRow(ctx, `PRAGMA page_count`).Scan(&n) })
	return n
}
