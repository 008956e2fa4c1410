package main

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
)

// Each count must rise when there is reason to, and no other.
func TestCompareCatches(t *testing.T) {
	deadline := time.Unix(1000, 0)
	id := evidence.ProbeID{Wave: "w", Site: "s", Scenario: "ask", Repeat: 1}
	const digest = "d1"
	for _, c := range []struct {
		name                       string
		breaks                     func(*record, *received)
		twice, lost, doubled, late int
	}{
		{name: "nothing wrong", breaks: func(*record, *received) {}},
		{name: "a letter twice", breaks: func(_ *record, r *received) { r.letters["m"] = 2 }, twice: 1},
		{name: "the same letter under another Message-ID", breaks: func(_ *record, r *received) { r.pairs["a to b"] = 2 }, twice: 1},
		{name: "accepted, and never taken", breaks: func(_ *record, r *received) { delete(r.letters, "m") }, lost: 1},
		{name: "refused, and taken", breaks: func(rec *record, _ *received) { rec.probes[0].effect = "refused" }, lost: 1},
		{name: "a further letter twice", breaks: func(rec *record, r *received) {
			rec.probes[0].further, r.letters["m2"] = []furtherLetter{{"m2", "accepted"}}, 2
		}, twice: 1},
		{name: "a further letter accepted, and never taken", breaks: func(rec *record, _ *received) { rec.probes[0].further = []furtherLetter{{"m2", "accepted"}} }, lost: 1},
		{name: "a further letter begun for ever", breaks: func(rec *record, _ *received) { rec.probes[0].further = []furtherLetter{{"m2", "begun"}} }, lost: 1},
		{name: "begun for ever", breaks: func(rec *record, _ *received) { rec.probes[0].effect = "begun" }, lost: 1},
		{name: "a reply not stored", breaks: func(rec *record, _ *received) { delete(rec.arrivals, digest) }, lost: 1},
		{name: "a mail of the backlog not stored", breaks: func(_ *record, r *received) { r.backlog = []string{"d2"} }, lost: 1},
		{name: "a mail of the backlog stored twice", breaks: func(rec *record, r *received) {
			r.backlog, rec.arrivals["d2"] = []string{"d2"}, arrived{rows: 2}
		}, doubled: 1},
		{name: "a reply after the window", breaks: func(rec *record, r *received) {
			delete(rec.arrivals, digest)
			r.replies[0].at = deadline.Add(time.Second)
		}, late: 1},
		{name: "a reply stored twice", breaks: func(rec *record, _ *received) {
			rec.arrivals[digest] = arrived{rows: 2, matched: "address", probe: id}
		}, doubled: 1},
		{name: "a reply that is nobody's", breaks: func(rec *record, _ *received) { rec.arrivals[digest] = arrived{rows: 1} }, lost: 1},
		{name: "an answer taken for silence", breaks: func(rec *record, _ *received) { rec.probes[0].outcome = "silent" }, lost: 1},
		{name: "no observation", breaks: func(rec *record, _ *received) { rec.probes[0].observed = nil }, lost: 1},
		{name: "two observations", breaks: func(rec *record, _ *received) {
			rec.probes[0].observed = append(rec.probes[0].observed, evidence.Observation{Reading: "mail/2"})
		}, doubled: 1},
		{name: "a probe that is gone", breaks: func(rec *record, _ *received) { rec.planned = 3 }, lost: 1},
		{name: "an order twice", breaks: func(_ *record, r *received) { r.done["order"] = 2 }, doubled: 1},
		{name: "an order that the shop does not have", breaks: func(_ *record, r *received) { r.done["order"] = 0 }, lost: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			rec := &record{planned: 2, arrivals: map[string]arrived{digest: {rows: 1, matched: "address", probe: id}}, probes: []*probe{
				{id: id, life: "correspondence", state: "done", deadline: deadline, address: "a", message: "m", outcome: "completed", effect: "accepted", observed: []evidence.Observation{{Reading: "mail/1"}}},
				{id: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "order", Repeat: 1}, life: "visit", state: "done", outcome: "silent", effect: "accepted", submitted: true, observed: []evidence.Observation{{Reading: "web/1"}, {Reading: "mail/1"}}},
			}}
			r := received{
				letters: map[string]int{"m": 1}, pairs: map[string]int{"a to b": 1}, done: map[string]int{"order": 1},
				replies: []reply{{digest: digest, to: "a", human: true, at: deadline.Add(-time.Minute)}},
			}
			c.breaks(rec, &r)
			w := &wave{}
			w.compare(rec, r)
			g := w.got
			if g.twice != c.twice || g.lost != c.lost || g.doubled != c.doubled || g.late != c.late || g.stuck != 0 {
				t.Errorf("twice %d, lost %d, doubled %d, late %d, stuck %d: %s", g.twice, g.lost, g.doubled, g.late, g.stuck, strings.Join(g.notes, "; "))
			}
		})
	}
}

// A line passes as many bytes as it was dealt, and then breaks.
func TestLineBreaksWhereItIsTold(t *testing.T) {
	echo, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer echo.Close()
	go func() {
		for {
			c, err := echo.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_, _ = io.Copy(c, c)
			}()
		}
	}()
	p, err := openLine(echo.Addr().String(), 7)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	sent, broken := strings.Repeat("x", 6000), 0
	try := func() int {
		c, err := net.Dial("tcp", p.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
			t.Fatal(err)
		}
		go func() { // a line that broke takes no more
			if _, err := io.WriteString(c, sent); err == nil {
				_ = c.(*net.TCPConn).CloseWrite()
			}
		}()
		got, _ := io.ReadAll(c)
		return len(got)
	}
	for range 8 {
		if try() < len(sent) {
			broken++
		}
	}
	if broken == 0 || int(p.had.Load()) != broken {
		t.Errorf("%d of 8 connections broke, %d accidents", broken, p.had.Load())
	}
	p.calm.Store(true)
	if n := try(); n != len(sent) {
		t.Errorf("%d bytes of %d came through a calm line", n, len(sent))
	}
}
