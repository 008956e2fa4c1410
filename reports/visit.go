package reports

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports/thumb"
)

// A Film is what visits left, step by step, for reading them again.
type Film struct {
	Title    string // the project's
	Wave     string
	Language string // of the page's own words, one of Languages; empty: English
	Visits   []Visit
}

// A Visit is one probe that was made in a browser.
type Visit struct {
	ID       evidence.ProbeID
	Site     string
	Scenario string
	Reading  string
	Start    time.Time
	Took     time.Duration
	Outcome  evidence.Outcome
	Reason   string
	Steps    []VisitStep
	Facts    []evidence.Fact // of the whole visit
	Missing  []string
	Evidence []Proof
	Requests int // in all, also those that no step lists
	Lost     []string
}

// A VisitStep is one step with all that was kept of it.
type VisitStep struct {
	Name     string
	Did      string
	Took     *float64 // seconds
	Address  string   // of the page in front, when the step had ended
	Title    string
	Picture  *Picture
	Like     int    // the step, from 1, that looked the same, so that its picture is not carried again
	Thumb    []byte // JPEG
	Snapshot string
	Facts    []evidence.Fact
	Requests []Request
	More     int     // requests beyond those listed
	Span     float64 // ms from the first request's beginning to the last one's end
	Console  []ConsoleLine
}

// A Request is one of a visit's log, HAR 1.2.
type Request struct {
	Method, URL, Type string
	Status            int
	Failure           string
	At, Took          float64 // ms from the step's first request, and until it ended
	Wait              float64 // ms of that, for the first byte
	Bytes             float64
	Redirect          string
}

// A ConsoleLine is one line of the browser's console.
type ConsoleLine struct{ Level, Text, URL string }

// A FilmInput is what a film is made of.
type FilmInput struct {
	Title, Wave  string
	Language     string                 // one of Languages; empty: English
	Observations []evidence.Observation // of visits; others are left out
	Sites        map[string]string      // names, by id
	Scenarios    map[string]string      // titles, by id
	Open         func(ctx context.Context, ref evidence.Ref) (io.ReadCloser, error)
}

// Bounds of what a film carries of one step, and how wide its small
// pictures are, and the others where there are many visits, in pixels.
const (
	mostRequests  = 150
	mostLines     = 200
	mostSnapshot  = 200 << 10
	thumbWide     = 220
	manyWide      = 800
	mostVisitFact = 400 // characters
)

// Visited reports whether an observation is of a visit.
func Visited(o evidence.Observation) bool {
	return slices.ContainsFunc(o.Facts, func(f evidence.Fact) bool { return f.Name == "web.step" }) || o.Evidence["network.har"] != "" || o.Evidence["network.json"] != ""
}

// NewFilm gathers what visits left. What is gone or damaged is said in its
// place; an error is ctx's.
func NewFilm(ctx context.Context, in FilmInput) (*Film, error) {
	f := &Film{Title: in.Title, Wave: in.Wave, Language: in.Language}
	turns, err := TurnsIn(in.Language)
	if err != nil {
		return nil, err
	}
	visits := slices.DeleteFunc(slices.Clone(in.Observations), func(o evidence.Observation) bool { return !Visited(o) })
	g := &gatherer{FilmInput: in, turns: turns, thumbs: map[evidence.Ref][]byte{}}
	g.builder = &builder{in: Input{Open: in.Open}, texts: turns.texts, pictures: map[evidence.Ref]*Picture{}, width: fullWide}
	if len(visits) > 3 {
		g.builder.width = manyWide
	}
	for _, o := range visits {
		v, err := g.visit(ctx, o)
		if err != nil {
			return nil, err
		}
		f.Visits = append(f.Visits, v)
	}
	return f, nil
}

// A gatherer draws each picture once, however many visits it is of.
type gatherer struct {
	FilmInput
	builder *builder
	turns   *Turns
	thumbs  map[evidence.Ref][]byte
}

func (g *gatherer) visit(ctx context.Context, o evidence.Observation) (Visit, error) {
	named := func(names map[string]string, id string) string {
		if names[id] != "" {
			return cut(g.builder.say(names[id]), maxName)
		}
		return id
	}
	v := Visit{
		ID: o.Probe, Site: named(g.Sites, o.Probe.Site), Scenario: named(g.Scenarios, o.Probe.Scenario), Reading: o.Reading,
		Start: o.Start.UTC(), Took: o.Took, Outcome: o.Outcome, Reason: g.turns.Turn(flatten(o.Reason)), Missing: o.Missing,
	}
	for _, name := range slices.Sorted(maps.Keys(o.Evidence)) {
		v.Evidence = append(v.Evidence, Proof{flatten(name), o.Evidence[name]})
	}
	for _, f := range o.Facts {
		f.Text = cut(f.Text, mostVisitFact)
		if f.Step == "" || f.Name == "custom.read" {
			v.Facts = append(v.Facts, f)
			continue
		}
		s := v.step(f.Step)
		switch f.Name {
		case "web.step":
			s.Did = g.turns.Turn(f.Text)
		case "web.step-took":
			s.Took = &f.Number
		default:
			s.Facts = append(s.Facts, f)
		}
	}
	if err := g.show(ctx, &v, o); err != nil {
		return v, err
	}
	har, err := g.bytes(ctx, &v, o, "network.har")
	if har == nil && err == nil {
		har, err = g.bytes(ctx, &v, o, "network.json") // of older waves
	}
	if err != nil {
		return v, err
	}
	v.log(har)
	lines, err := g.bytes(ctx, &v, o, "console.json")
	v.say(lines)
	return v, err
}

func (v *Visit) step(name string) *VisitStep {
	i := slices.IndexFunc(v.Steps, func(s VisitStep) bool { return s.Name == name })
	if i < 0 {
		i = len(v.Steps)
		v.Steps = append(v.Steps, VisitStep{Name: name})
	}
	return &v.Steps[i]
}

// show adds each step's picture and snapshot: "02-cart.png" and "02-cart.txt"
// are of the step "cart".
func (g *gatherer) show(ctx context.Context, v *Visit, o evidence.Observation) error {
	shown := map[evidence.Ref]int{}
	for _, e := range v.Evidence {
		kind := path.Ext(e.Name)
		_, name, numbered := strings.Cut(strings.TrimSuffix(e.Name, kind), "-")
		if !numbered || e.Name[0] < '0' || e.Name[0] > '9' {
			continue
		}
		s := v.step(name)
		switch kind {
		case ".png":
			pic, err := g.builder.picture(ctx, e)
			if err != nil {
				return err
			}
			if s.Thumb = g.thumbs[e.Ref]; s.Thumb == nil && len(pic.jpeg) > 0 {
				s.Thumb, _, _, _ = thumb.Scale(pic.jpeg, thumbWide, true) // the picture was drawn by us
				g.thumbs[e.Ref] = s.Thumb
			}
			if s.Like = shown[e.Ref]; s.Like > 0 && pic.Problem == "" {
				continue
			}
			s.Picture = pic
			shown[e.Ref] = 1 + slices.IndexFunc(v.Steps, func(s VisitStep) bool { return s.Name == name })
		case ".txt":
			text, err := g.bytes(ctx, v, o, e.Name)
			if err != nil {
				return err
			}
			s.read(string(text[:min(len(text), mostSnapshot)]))
		}
	}
	return nil
}

// read takes a snapshot: its first lines name the page.
func (s *VisitStep) read(text string) {
	for _, into := range []*string{&s.Address, &s.Title} {
		if line, rest, ok := strings.Cut(text, "\n"); ok && strings.HasPrefix(line, "# ") {
			*into, text = cut(line[2:], mostVisitFact), rest
		}
	}
	s.Snapshot = flatten(strings.ToValidUTF8(text, "\ufffd"))
}

// bytes reads a piece of evidence, nil where there is none or it is lost, which
// is said.
func (g *gatherer) bytes(ctx context.Context, v *Visit, o evidence.Observation, name string) ([]byte, error) {
	ref := o.Evidence[name]
	if ref == "" {
		return nil, nil
	}
	data, err := g.builder.read(ctx, ref)
	if err == nil {
		return data, nil
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	why := g.builder.say("it is gone from the evidence")
	var gone *evidence.PrunedError
	switch {
	case errors.As(err, &gone):
		why = gone.Error()
	case errors.Is(err, evidence.ErrCorrupt):
		why = g.builder.say("it no longer matches its digest")
	}
	v.Lost = append(v.Lost, name+": "+why)
	return nil, nil
}

// log adds the requests of a HAR file to the steps that they belong to.
func (v *Visit) log(data []byte) {
	var har struct {
		Log struct {
			Entries []struct {
				Started time.Time `json:"startedDateTime"`
				Time    float64   `json:"time"`
				Type    string    `json:"_resourceType"`
				Step    string    `json:"_step"`
				Failure string    `json:"_error"`
				Request struct {
					Method string `json:"method"`
					URL    string `json:"url"`
				} `json:"request"`
				Response struct {
					Status   int     `json:"status"`
					Redirect string  `json:"redirectURL"`
					Bytes    float64 `json:"_transferSize"`
				} `json:"response"`
				Timings struct {
					Wait float64 `json:"wait"`
				} `json:"timings"`
			} `json:"entries"`
		} `json:"log"`
	}
	if data == nil || json.Unmarshal(data, &har) != nil {
		return
	}
	v.Requests = len(har.Log.Entries)
	first := map[string]time.Time{}
	for _, e := range har.Log.Entries {
		i := slices.IndexFunc(v.Steps, func(s VisitStep) bool { return s.Name == e.Step })
		if i < 0 {
			continue
		}
		s := &v.Steps[i]
		if len(s.Requests) == mostRequests {
			s.More++
			continue
		}
		if first[e.Step].IsZero() {
			first[e.Step] = e.Started
		}
		r := Request{
			Method: cut(e.Request.Method, 20), URL: cut(e.Request.URL, mostVisitFact), Type: cut(e.Type, 20), Status: e.Response.Status, Failure: cut(e.Failure, 80),
			At: max(0, float64(e.Started.Sub(first[e.Step]).Microseconds())/1000), Took: max(0, e.Time), Wait: max(0, e.Timings.Wait), Bytes: max(0, e.Response.Bytes), Redirect: cut(e.Response.Redirect, mostVisitFact),
		}
		s.Requests = append(s.Requests, r)
		s.Span = max(s.Span, r.At+r.Took)
		if s.Address == "" && strings.EqualFold(e.Type, "document") && r.Redirect == "" {
			s.Address = r.URL // waves without snapshots
		}
	}
}

// say adds the lines of the console.
func (v *Visit) say(data []byte) {
	var lines []struct{ Level, Text, URL, Step string }
	if data == nil || json.Unmarshal(data, &lines) != nil {
		return
	}
	for _, l := range lines {
		i := slices.IndexFunc(v.Steps, func(s VisitStep) bool { return s.Name == l.Step })
		if i < 0 || len(v.Steps[i].Console) == mostLines {
			continue
		}
		v.Steps[i].Console = append(v.Steps[i].Console, ConsoleLine{cut(l.Level, 20), cut(l.Text, 2000), cut(l.URL, mostVisitFact)})
	}
}

// Short gives an address without its host where that is the page's own.
func (r Request) Short(page string) string {
	u, err := url.Parse(r.URL)
	p, other := url.Parse(page)
	if err != nil || other != nil || u.Host != p.Host || u.Host == "" {
		return r.URL
	}
	return strings.TrimPrefix(r.URL, u.Scheme+"://"+u.Host)
}
