package reports

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"touchstone/internal/evidence"
)

// probe arranges one observation for reading: its thread, or its film.
func (b *builder) probe(ctx context.Context, o evidence.Observation, open Opening, hide *mask) (Probe, error) {
	s := b.scenarios[o.Probe.Scenario]
	p := Probe{
		ID: o.Probe, Scenario: s.Title, Kind: o.Kind, Task: o.Task, Reading: o.Reading,
		Start: o.Start.UTC(), Took: o.Took, Outcome: o.Outcome, Reason: b.turns.Turn(hide.text(o.Reason)),
		Facts: make([]evidence.Fact, 0, len(o.Facts)),
	}
	if s.Window > 0 && !o.Start.IsZero() {
		p.Deadline = o.Start.UTC().Add(s.Window)
	}
	for _, f := range o.Facts {
		f.Text = hide.fact(f)
		p.Facts = append(p.Facts, f)
	}
	for _, name := range slices.Sorted(maps.Keys(o.Evidence)) {
		p.Evidence = append(p.Evidence, Proof{flatten(name), o.Evidence[name]})
	}
	for _, name := range o.Missing {
		p.Missing = append(p.Missing, cut(name, maxName))
	}
	p.Thread = thread(o, p.Facts)
	var err error
	if err = b.proofOfMail(ctx, p.Thread, hide); err != nil {
		return p, err
	}
	if p.Way, err = b.way(ctx, o, hide); err != nil {
		return p, err
	}
	p.Film = b.film(p)
	p.Timeline, p.Form = timeline(&o, p, open), form(p)
	p.turn(b.turns)
	if b.in.Evidence == None {
		p.withhold()
	}
	return p, nil
}

// ownWords are the facts whose text is a sentence of the program's own.
var ownWords = []string{"goal.path", "goal.why", "web.browser"}

// turn words in the report's language what the program itself said of the
// probe; what others wrote, and all other facts, stay.
func (p *Probe) turn(t *Turns) {
	for i, f := range p.Facts {
		if slices.Contains(ownWords, f.Name) {
			p.Facts[i].Text = t.Turn(f.Text)
		}
	}
	for i := range p.Thread {
		p.Thread[i].Rule = t.Turn(p.Thread[i].Rule)
	}
	for i := range p.Film {
		p.Film[i].Words = t.Turn(p.Film[i].Words)
	}
	if p.Form != nil {
		for i := range p.Form.Fields {
			p.Form.Fields[i].Words = t.Turn(p.Form.Fields[i].Words)
		}
	}
}

// letter is the step of our first mail; every step with facts of a mail that is
// not ours is an arrival.
const letter = "letter"

// ours reports whether a step is a mail of ours: letter, letter-2, ….
func ours(step string) bool { return step == letter || strings.HasPrefix(step, letter+"-") }

// thread groups the mail facts by step, in the order of their arrival.
func thread(o evidence.Observation, facts []evidence.Fact) []Message {
	var out []Message
	sent := o.Start.UTC()
	if f, ok := o.Fact("mail.sent"); ok {
		if t, err := time.Parse(time.RFC3339, f.Text); err == nil {
			sent = t.UTC()
		}
	}
	for _, f := range facts {
		if !ours(f.Step) && !strings.HasPrefix(f.Step, "reply-") || !strings.HasPrefix(f.Name, "mail.") {
			continue // of the whole probe, or of one question
		}
		i := slices.IndexFunc(out, func(m Message) bool { return m.Step == f.Step })
		if i < 0 {
			i = len(out)
			out = append(out, Message{Step: f.Step, Ours: ours(f.Step), At: sent, Ref: o.Evidence[f.Step+".eml"]})
		}
		m := &out[i]
		switch f.Name {
		case "mail.from":
			m.From = f.Text
		case "mail.subject":
			m.Subject = f.Text
		case "mail.text":
			m.Text = f.Text
		case "mail.class":
			m.Class = f.Text
		case "mail.rule":
			m.Rule = f.Text
		case "mail.after":
			m.After, m.At = f.Number, sent.Add(time.Duration(f.Number*float64(time.Second)))
		}
	}
	slices.SortStableFunc(out, func(m, n Message) int {
		if first := m.Step == letter; first != (n.Step == letter) { // which mails seen too early do not precede
			if first {
				return -1
			}
			return 1
		}
		return m.At.Compare(n.At)
	})
	return out
}

// film joins the steps of a visit with the screenshots taken after them. A
// picture belongs to the step of its name ("02-cart.png" to "cart"), else to
// the step of its number; one that fits none stands by itself. The pictures are
// developed later.
func (b *builder) film(p Probe) []Frame {
	var frames []Frame
	step := func(name string) *Frame {
		i := slices.IndexFunc(frames, func(f Frame) bool { return f.Step == name })
		if i < 0 {
			i = len(frames)
			frames = append(frames, Frame{Step: name})
		}
		return &frames[i]
	}
	for _, f := range p.Facts {
		switch f.Name {
		case "web.step":
			step(f.Step).Words = f.Text
		case "web.step-took":
			took := f.Number
			step(f.Step).Took = &took
		}
	}
	steps := len(frames)
	var last evidence.Ref
	for _, e := range p.Evidence {
		base, ok := strings.CutSuffix(e.Name, ".png")
		if !ok || b.in.Open == nil || b.in.Evidence == None {
			continue
		}
		number, name, _ := strings.Cut(base, "-")
		i := slices.IndexFunc(frames[:steps], func(f Frame) bool { return f.Picture == nil && f.Step == name })
		if n, err := strconv.Atoi(number); i < 0 && err == nil && n >= 1 && n <= steps && frames[n-1].Picture == nil {
			i = n - 1
		}
		if i < 0 {
			i = len(frames)
			frames = append(frames, Frame{Step: base})
		}
		if e.Ref == last {
			continue // a step that only looks leaves the picture of the step before it: once is enough
		}
		last = e.Ref
		frames[i].Picture = &Picture{Name: e.Name, Ref: e.Ref}
	}
	return frames
}
