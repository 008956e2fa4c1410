package fieldwork

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/internal/realmail"
	"touchstone/probes"
	"touchstone/probes/mail"
	"touchstone/scenarios"
)

// realAccount is an account on real servers.
func realAccount(s *realmail.Servers, user string) mail.Account {
	server := mail.Server{Host: realmail.Host, Port: s.Submission, Security: "starttls", Username: user, Password: realmail.Password, Roots: s.Roots}
	box := server
	box.Port, box.Security = s.IMAPS, "tls"
	return mail.Account{SMTP: server, IMAP: box}
}

// A received keeps what came to one mailbox of the shops.
type received struct {
	mu    sync.Mutex
	times map[string]int // by Message-ID
	last  uint32
}

// receive watches a mailbox of the shops until the test ends, and hands each
// mail to answer, which may be nil.
func receive(t *testing.T, a mail.Account, answer func(context.Context, []byte) error) *received {
	t.Helper()
	r := &received{times: map[string]int{}}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- a.Watch(ctx, mail.Watch{
			Mailbox: "INBOX",
			From:    func(context.Context, uint32) (uint32, error) { r.mu.Lock(); defer r.mu.Unlock(); return r.last, nil },
			Store: func(ctx context.Context, ms ...mail.Incoming) error {
				for _, in := range ms {
					r.mu.Lock()
					r.times[reading.Parse(in.Raw).MessageID]++
					r.last = in.UID
					r.mu.Unlock()
					if answer == nil {
						continue
					}
					if err := answer(ctx, in.Raw); err != nil {
						return err
					}
				}
				return nil
			},
		})
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("mailbox %s: %v", a.IMAP.Username, err)
		}
	})
	return r
}

// toJunk says that a letter to one of these addresses is answered by what looks
// like spam: a quarter of them, by the number after the plus.
func toJunk(recipients []string) bool {
	return slices.ContainsFunc(recipients, func(a string) bool {
		name, _, _ := strings.Cut(a, "@")
		_, number, plus := strings.Cut(name, "+")
		n, err := strconv.Atoi(number)
		return plus && err == nil && n%4 == 0
	})
}

// A wave of a hundred probes that are open side by side, by the system's
// clock, over Exim and Dovecot: every letter counted once where it arrived,
// every answer matched, in the folder for spam too, every outcome right.
func TestRealWave(t *testing.T) {
	s := realmail.Start(t)
	desk := realAccount(s, realmail.Desk)
	boxes := map[string]*received{
		realmail.Silent: receive(t, realAccount(s, realmail.Silent), nil),
		realmail.Auto:   receive(t, realAccount(s, realmail.Auto), nil),
	}
	boxes[realmail.Desk] = receive(t, desk, func(ctx context.Context, raw []byte) error {
		in := reading.Parse(raw)
		spam := ""
		if toJunk(in.Recipients) {
			spam = "X-Spam-Flag: YES\r\n"
		}
		reply := probes.Letter{Envelope: probes.Envelope{From: realmail.Desk + "@" + realmail.ShopDomain, To: in.From.Email, MessageID: "re-" + in.MessageID}}
		reply.Raw = fmt.Appendf(nil, "From: Ida <%s>\r\nTo: <%s>\r\nMessage-ID: <%s>\r\nIn-Reply-To: <%s>\r\nSubject: Re: %s\r\nDate: %s\r\n%s\r\nYes, we have it.\r\n\r\nIda\r\n",
			reply.From, reply.To, reply.MessageID, in.MessageID, in.Subject, time.Now().Format(time.RFC1123Z), spam)
		if d := desk.Send(ctx, reply); d.State != probes.Accepted && ctx.Err() == nil {
			return fmt.Errorf("answer to %s: %+v", in.MessageID, d)
		}
		return nil
	})

	// what each address is asked, and what must come of it
	want := map[string]struct {
		sites   int
		outcome evidence.Outcome
		fact    string // holds, of the facts
	}{
		realmail.Desk:   {60, evidence.Completed, "mail.answered"},
		realmail.Silent: {15, evidence.Silent, ""},
		realmail.Auto:   {10, evidence.Silent, "mail.acknowledged"},
		"gone":          {10, evidence.Failed, "mail.bounced"},
		"refused":       {5, evidence.Failed, "mail.bounced"},
	}
	kind := mail.Kind()
	project := &scenarios.Project{
		Name: "real", Mail: &scenarios.Mail{Address: realmail.Shopper + "+{probe}@" + realmail.ShopperDomain},
		Personas: []probes.Persona{{ID: "anna", Given: "Anna", Family: "Weber"}},
		Scenarios: []scenarios.Scenario{{
			ID: "ask", Kind: "mail", Task: "enquiry", Persona: "anna", Window: 10 * time.Second, Repeat: 1, Effects: []evidence.Effect{evidence.SendMail},
			Params: &mail.Params{Texts: []mail.Text{{Subject: "Size 42", Body: "Hello,\n\ndo you have it in 42?\n\nAnna"}}},
		}},
	}
	addressee := map[string]string{} // by site
	junk := map[string]bool{}        // likewise: its answer ends in the folder for spam
	for name, w := range want {
		for i := range w.sites {
			id := fmt.Sprintf("%s-%d", name, i)
			addressee[id] = name
			email := name + "+" + fmt.Sprint(i) + "@" + realmail.ShopDomain
			junk[id] = toJunk([]string{email})
			project.Sites = append(project.Sites, scenarios.Site{
				Site: probes.Site{ID: id, Name: id, Email: email}, Timezone: time.UTC, Authorisation: scenarios.Authorisation{As: "own"},
			})
		}
	}
	start := time.Now()
	kinds := map[string]*probes.Kind{"mail": &kind}
	plan, err := NewPlan(PlanInput{Project: project, Kinds: kinds, Wave: "w1", Seed: 1, Start: start})
	if err != nil {
		t.Fatal(err)
	}
	for i := range plan.Rows { // all at once: a plan spreads letters over an hour
		plan.Rows[i].Due = start
	}

	dir := t.TempDir()
	d, err := db.Open(t.Context(), filepath.Join(dir, "wave.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := Freeze(t.Context(), d, plan, "test", start); err != nil {
		t.Fatal(err)
	}
	shopper := realAccount(s, realmail.Shopper)
	e := &Engine{
		DB: d, Evidence: d.Evidence(filepath.Join(dir, "evidence")), Kinds: kinds, Clock: System{}, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Post: &Post{
			Mailboxes: []string{"INBOX", "Junk"}, Check: shopper.Test, Send: shopper.Send,
			Find: shopper.FindSent,
			Watch: func(ctx context.Context, w Watch) error {
				return shopper.Watch(ctx, mail.Watch{
					Mailbox: w.Mailbox, Junk: w.Mailbox == "Junk", From: w.From, Poke: w.Poke, CaughtUp: w.CaughtUp, State: w.State,
					Store: func(ctx context.Context, ms ...mail.Incoming) error {
						list := make([]Incoming, len(ms))
						for i, m := range ms {
							list[i] = Incoming(m)
						}
						return w.Store(ctx, list...)
					},
				})
			},
		},
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if err := e.Run(ctx, "w1", nil); err != nil {
		t.Fatal(err)
	}

	w, err := LoadWave(t.Context(), d, "w1")
	if err != nil {
		t.Fatal(err)
	}
	ended := map[string]int{}
	for o, err := range w.Observations(t.Context(), d, e.Evidence) {
		if err != nil {
			t.Fatal(err)
		}
		to := addressee[o.Probe.Site]
		ended[to]++
		f, ok := o.Fact(want[to].fact)
		if o.Outcome != want[to].outcome || want[to].fact != "" && (!ok || f.Number != 1) {
			t.Errorf("%s: %s (%s), facts %v", o.Probe, o.Outcome, o.Reason, o.Facts)
		}
		if _, ok := o.Fact("mail.sent"); ok == (to == "refused") {
			t.Errorf("%s: accepted by the relay: %v", o.Probe, ok)
		}
		if f, ok := o.Fact("mail.answer-in-junk"); ok != (to == realmail.Desk || to == realmail.Auto) || (f.Number == 1) != (to == realmail.Desk && junk[o.Probe.Site]) {
			t.Errorf("%s: its answer lay in the folder for spam: %v, told %v", o.Probe, f.Number, ok)
		}
		if f, _ := o.Fact("mail.arrivals"); to == realmail.Silent && f.Number != 0 || to != realmail.Silent && to != "refused" && f.Number != 1 {
			t.Errorf("%s: %v mails matched", o.Probe, f.Number)
		}
	}
	arrived := map[string]int{} // over all mailboxes of the shops
	for name, w := range want {
		if ended[name] != w.sites {
			t.Errorf("%s: %d of %d probes ended", name, ended[name], w.sites)
		}
		if box := boxes[name]; box != nil {
			box.mu.Lock()
			if len(box.times) != w.sites {
				t.Errorf("%s holds %d letters, want %d", name, len(box.times), w.sites)
			}
			for id, n := range box.times {
				arrived[id] += n
			}
			box.mu.Unlock()
		}
	}
	for _, r := range plan.Rows {
		want := 1
		if boxes[addressee[r.Probe.Site]] == nil {
			want = 0
		}
		if n := arrived[r.Letter.MessageID]; n != want {
			t.Errorf("%s: the letter arrived %d times, want %d", r.Probe, n, want)
		}
	}
}
