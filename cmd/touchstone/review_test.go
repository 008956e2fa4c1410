package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"touchstone/internal/db"
	"touchstone/internal/fieldwork"
	"touchstone/internal/highstreet"
	"touchstone/probes"
)

var storyStart = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// answeredWave runs the story's project as wave "w1" against a mail account in
// memory. What arrives, and after how long, stands in replies.json.
func answeredWave(ts *testscript.TestScript, _ bool, _ []string) {
	var script []struct {
		Site  string // the letter's
		After string
		From  string
		Head  string // more header lines
		Text  string
		Stray bool // it goes to an address of nobody's
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("replies.json")), &script))
	a := newApp(strings.NewReader(""), ts.Stdout(), ts.Stderr())
	a.dir = ts.MkAbs(".")
	p, err := a.load()
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	d, err := db.Open(ctx, p.Database)
	ts.Check(err)
	defer d.Close()
	plan, err := a.freeze(ctx, d, p, "w1", 1, storyStart, nil)
	ts.Check(err)

	clock := highstreet.NewClock(storyStart)
	box := &mailbox{clock: clock, wake: make(chan struct{}, 1), holds: map[string]func(){}}
	e := &fieldwork.Engine{
		DB: d, Evidence: d.Evidence(p.Evidence), Kinds: byName(kinds(nil)), Clock: clock, Log: a.log, Recorded: box.recorded,
		Post: &fieldwork.Post{
			Mailboxes: []string{"INBOX"},
			Check:     func(context.Context) error { return nil },
			Find:      func(context.Context, string) (bool, error) { return false, nil },
			Watch:     box.watch,
			Send: func(_ context.Context, l probes.Letter) probes.Delivery {
				for i, r := range script {
					if !strings.HasSuffix(l.To, "@"+r.Site+".example") {
						continue
					}
					after, err := time.ParseDuration(r.After)
					if err != nil {
						return probes.Delivery{State: probes.Refused, Code: 550, Detail: err.Error()}
					}
					to := l.From
					if r.Stray {
						to = "other@shopper.example"
					}
					raw := fmt.Sprintf("From: %s\r\nTo: <%s>\r\nMessage-ID: <%d.%s>\r\nSubject: Re: %s\r\n%s\r\n%s\r\n", r.From, to, i, l.MessageID, l.Subject, r.Head, strings.ReplaceAll(r.Text, "\n", "\r\n"))
					if !r.Stray {
						raw = "In-Reply-To: <" + l.MessageID + ">\r\n" + raw
					}
					clock.At(clock.Now().Add(after), func() { box.deliver(raw) })
				}
				return probes.Delivery{State: probes.Accepted, Code: 250, Detail: "ok"}
			},
		},
	}
	ts.Check(e.Run(ctx, plan.ID, nil))
}

// A mailbox in memory, on the clock of a story.
type mailbox struct {
	clock *highstreet.Clock
	mu    sync.Mutex
	mails []fieldwork.Incoming
	wake  chan struct{}
	holds map[string]func()
}

func (b *mailbox) deliver(raw string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.holds[raw] = b.clock.Begin()
	b.mails = append(b.mails, fieldwork.Incoming{Mailbox: "INBOX", Validity: 7, UID: uint32(len(b.mails) + 1), Raw: []byte(raw), Received: b.clock.Now()})
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *mailbox) recorded(raw []byte) {
	b.mu.Lock()
	done := b.holds[string(raw)]
	delete(b.holds, string(raw))
	b.mu.Unlock()
	if done != nil {
		done()
	}
}

func (b *mailbox) watch(ctx context.Context, w fieldwork.Watch) error {
	last, err := w.From(ctx, 7)
	if err != nil {
		return err
	}
	for {
		b.mu.Lock()
		todo := b.mails[last:len(b.mails):len(b.mails)]
		b.mu.Unlock()
		for _, m := range todo {
			if err := w.Store(ctx, m); err != nil {
				return err
			}
			last = m.UID
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-b.wake:
		case n := <-w.Poke:
			w.CaughtUp(n)
		}
	}
}

// judgeServer starts a model's endpoint, writes its address over JUDGE_URL in
// touchstone.yaml, and keeps every request in requests.txt. It says that a
// reply answers when it holds the words "3 to 5 days"; the first call of all
// it refuses for being too many.
func judgeServer(ts *testscript.TestScript, _ bool, _ []string) {
	var mu sync.Mutex
	n := 0
	log := filepath.Join(ts.MkAbs("."), "requests.txt")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		var q struct {
			Messages []struct{ Role, Content string }
		}
		err := json.NewDecoder(r.Body).Decode(&q)
		f, e := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err = errors.Join(err, e); err != nil || len(q.Messages) != 2 {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		fmt.Fprintf(f, "call %d\n%s\n", n, q.Messages[1].Content)
		_ = f.Close()
		w.Header().Set("Content-Type", "application/json")
		if n++; n == 1 {
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusTooManyRequests)
			fmt.Fprint(w, `{"error":{"message":"slow down","code":"rate_limit_exceeded"}}`)
			return
		}
		said := map[string]string{"answer": "not", "span": "", "reason": "no word of it"}
		if strings.Contains(q.Messages[1].Content, "3 to 5 days") {
			said = map[string]string{"answer": "answered", "span": "3 to 5 days", "reason": "it says how long"}
		}
		content, _ := json.Marshal(said)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"id": "c", "object": "chat.completion", "model": "judge-1", "created": 1,
			"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": string(content)}}},
			"usage":   map[string]int{"prompt_tokens": 500, "completion_tokens": 40},
		})
	}))
	ts.Defer(s.Close)
	file := ts.MkAbs("touchstone.yaml")
	ts.Check(os.WriteFile(file, []byte(strings.ReplaceAll(ts.ReadFile("touchstone.yaml"), "JUDGE_URL", s.URL+"/v1")), 0o666))
}

// assignStray gives the mail of nobody's to a probe of the wave, as a person
// would by hand.
func assignStray(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	d, err := db.Open(ctx, ts.MkAbs("touchstone.db"))
	ts.Check(err)
	err = d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE arrival SET wave = 'w1', site = $1, scenario = $2, repeat = 1, matched = 'by hand' WHERE matched = ''`, args[0], args[1])
		if err == nil && n != 1 {
			err = fmt.Errorf("%d stray mails, want 1", n)
		}
		return err
	})
	ts.Check(errors.Join(err, d.Close()))
}
