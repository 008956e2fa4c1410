package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"time"

	"touchstone/internal/reading"
	"touchstone/internal/realmail"
	"touchstone/probes"
	"touchstone/probes/mail"
)

// A post is Exim and Dovecot, with a desk that reads its mailbox there and
// answers by a letter.
type post struct {
	servers *realmail.Servers

	mu      sync.Mutex
	letters map[string]int
	pairs   map[string]int
	failed  error
}

func (p *post) account(name string) mail.Account {
	out := mail.Server{Host: realmail.Host, Port: p.servers.Submission, Security: "starttls", Username: name, Password: realmail.Password, Roots: p.servers.Roots}
	in := out
	in.Port, in.Security = p.servers.IMAPS, "tls"
	return mail.Account{SMTP: out, IMAP: in}
}

// desk answers until ctx ends.
func (p *post) desk(ctx context.Context) {
	desk, last := p.account(realmail.Desk), uint32(0)
	err := desk.Watch(ctx, mail.Watch{
		Mailbox: "INBOX",
		From:    func(context.Context, uint32) (uint32, error) { return last, nil },
		Store: func(ctx context.Context, ms ...mail.Incoming) error {
			for _, in := range ms {
				last = in.UID
				if err := p.answer(ctx, desk, in); err != nil {
					return err
				}
			}
			return nil
		},
	})
	if ctx.Err() == nil {
		p.mu.Lock()
		p.failed = err
		p.mu.Unlock()
	}
}

// answer notes a letter, and answers it the first time.
func (p *post) answer(ctx context.Context, desk mail.Account, in mail.Incoming) error {
	m := reading.Parse(in.Raw)
	p.mu.Lock()
	p.letters[m.MessageID]++
	p.pairs[m.From.Email+" to "+m.Header.Get("To")]++
	first := p.letters[m.MessageID] == 1
	p.mu.Unlock()
	if !first {
		return nil
	}
	from := realmail.Desk + "@" + realmail.ShopDomain
	answer := probes.Letter{Envelope: probes.Envelope{From: from, To: m.From.Email, MessageID: "re-" + m.MessageID}}
	answer.Raw = letter(answer.MessageID, m.MessageID, from, m.From.Email, true)
	if d := desk.Send(ctx, answer); d.State != probes.Accepted && ctx.Err() == nil {
		return fmt.Errorf("the desk's answer: %s %s", d.State, d.Detail)
	}
	return nil
}

// received reads the shopper's mailbox for itself.
func (p *post) received(ctx context.Context) (received, error) {
	r := received{letters: map[string]int{}, pairs: map[string]int{}}
	ctx, enough := context.WithTimeout(ctx, time.Minute)
	defer enough()
	ask, all := make(chan uint64, 1), false
	ask <- 1
	err := p.account(realmail.Shopper).Watch(ctx, mail.Watch{
		Mailbox: "INBOX", Poke: ask,
		From: func(context.Context, uint32) (uint32, error) { return 0, nil },
		Store: func(_ context.Context, ms ...mail.Incoming) error {
			for _, in := range ms {
				sum, m := sha256.Sum256(in.Raw), reading.Parse(in.Raw)
				// the server's times are whole seconds, cut off
				r.replies = append(r.replies, reply{hex.EncodeToString(sum[:]), strings.Trim(m.Header.Get("To"), "<>"), true, in.Received.Add(time.Second)})
			}
			return nil
		},
		CaughtUp: func(n uint64) {
			if n >= 1 {
				all = true
				enough()
			}
		},
	})
	if !all {
		return r, fmt.Errorf("read the shopper's mailbox: %w", err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, n := range p.letters {
		r.letters[id] = n
	}
	for pair, n := range p.pairs {
		r.pairs[pair] = n
	}
	return r, p.failed
}

// flight is not known of servers that are not ours.
func (p *post) flight() (inData, afterDot int) { return 0, 0 }

// dovecot kills Dovecot's sessions all the time, and the program now and then.
func dovecot(ctx context.Context, s *suite) result {
	root := os.Getenv(realmail.Variable)
	if root == "" {
		s.say("dovecot: %s is not set: nothing is tried with Dovecot and Exim", realmail.Variable)
		return result{}
	}
	n := 4
	if s.short {
		n = 1
	}
	return s.few(3, n, func(i int) (result, error) { return s.dovecotOnce(ctx, root, i) })
}

func (s *suite) dovecotOnce(ctx context.Context, root string, i int) (result, error) {
	servers, err := realmail.Open(root)
	if err != nil {
		return result{}, err
	}
	defer servers.Close()
	dir, err := s.folder(fmt.Sprintf("dovecot-%d", i))
	if err != nil {
		return result{}, err
	}
	at := func(port int) string { return fmt.Sprintf("%s:%d", realmail.Host, port) }
	a := account{at(servers.Submission), at(servers.IMAPS), servers.CAPEM, realmail.ShopperDomain,
		func(i int) string { return fmt.Sprintf("%s+%d@%s", realmail.Desk, i, realmail.ShopDomain) }}
	if err := a.project(dir, shape{sites: 8, repeats: 2, window: 8 * time.Second}); err != nil {
		return result{}, err
	}
	p := &post{servers: servers, letters: map[string]int{}, pairs: map[string]int{}}
	w := &wave{dir: dir, program: s.programs.plain, world: p}
	w.attack = s.atRandom(s.seed+uint64(i), 3, w.kill)
	defer s.done(w)

	running, stop := context.WithCancel(ctx)
	var both sync.WaitGroup
	defer both.Wait()
	defer stop()
	both.Go(func() { p.desk(running) })
	wave, over := context.WithCancel(ctx)
	both.Go(func() {
		rng := rand.New(rand.NewPCG(s.seed, uint64(i)))
		for end := time.Now().Add(8 * time.Second); time.Now().Before(end) && wave.Err() == nil; {
			select {
			case <-time.After(between(rng, 50*time.Millisecond, 600*time.Millisecond)):
			case <-wave.Done():
			}
			n, err := servers.KillSessions()
			if err != nil {
				s.say("dovecot: %v", err)
				return
			}
			s.sessions.Add(int64(n))
		}
	})
	defer over()
	r := w.live(ctx)
	return r, nil
}
