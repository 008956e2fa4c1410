package fieldwork

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
	"touchstone/scenarios"
)

// A Plan is a wave before it happens: every contact with every site, fixed.
// The same project, wave, seed, start and history give the same plan.
type Plan struct {
	Wave      string        `json:"wave"`
	Project   string        `json:"project"`
	Seed      uint64        `json:"seed"`
	Start     time.Time     `json:"start"`
	Window    time.Duration `json:"window"` // the longest of its correspondences
	Caps      Caps          `json:"caps"`
	Suppress  []string      `json:"suppress,omitempty"`
	Sites     []PlannedSite `json:"sites"`
	Scenarios []PlannedTask `json:"scenarios"`
	Rows      []Row         `json:"rows,omitempty"` // by due time; of a stored wave they stay in the database: Wave.Rows
}

// Caps bound how often one site is contacted.
type Caps struct {
	PerDay   int           `json:"per_day"`  // in any 24 hours
	PerWeek  int           `json:"per_week"` // in any 7 days
	Distance time.Duration `json:"distance"` // between two contacts
}

// A PlannedSite is a site as it stood when the wave was planned.
type PlannedSite struct {
	probes.Site
	Cohort        string `json:"cohort,omitempty"`
	Authorisation string `json:"authorisation"` // "own", "permission by NAME on DATE", "public-enquiry"
}

// A PlannedTask is a scenario as it stood when the wave was planned.
type PlannedTask struct {
	ID     string        `json:"id"`
	Title  string        `json:"title"`
	About  string        `json:"about,omitempty"`
	Kind   string        `json:"kind"`
	Task   string        `json:"task"`
	Window time.Duration `json:"window,omitempty"`
}

// A Row is one probe of a plan.
type Row struct {
	Probe   evidence.ProbeID  `json:"probe"`
	Kind    string            `json:"kind"`
	Task    string            `json:"task"`
	Due     time.Time         `json:"due"`
	Window  time.Duration     `json:"window,omitempty"` // how long answers are waited for; 0 for a visit that causes none
	Effects []evidence.Effect `json:"effects,omitempty"`
	Refusal string            `json:"refusal,omitempty"` // why it will not be done: an effect that is not granted, or a suppressed address
	Persona probes.Persona    `json:"persona"`
	Params  json.RawMessage   `json:"params"`
	Random  uint64            `json:"random"`
	Letter  *probes.Letter    `json:"letter,omitempty"`  // of a correspondence
	Then    []probes.Planned  `json:"then,omitempty"`    // letters that may follow it
	Letters int               `json:"letters,omitempty"` // how many of all these are sent at most, each one effect; 0: the first alone
	Others  []probes.Other    `json:"others,omitempty"`  // what the site's other letters ask
	Steps   []string          `json:"steps,omitempty"`   // of a visit, in words
}

// A PlanInput is all that a plan depends on.
type PlanInput struct {
	Project  *scenarios.Project
	Kinds    map[string]*probes.Kind
	Wave     string
	Seed     uint64
	Start    time.Time
	Contacts map[string][]time.Time // by site id: the last week's contacts of earlier waves
	Sites    []string               // ids; empty: the whole panel
	Suppress []string               // besides the project's own list
}

// NewPlan expands panel × scenarios × repeats, in memory. A site without an
// authorisation record is an error; an effect that is not granted makes a row
// that says so.
func NewPlan(in PlanInput) (*Plan, error) {
	var rows []Row
	p, err := in.expand(func(r []Row) error { rows = append(rows, r...); return nil })
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		if c := a.Due.Compare(b.Due); c != 0 {
			return c
		}
		return a.Probe.Compare(b.Probe)
	})
	p.Rows = rows
	return p, nil
}

// expand hands over the rows of one site after another, and gives what is of
// the whole plan.
func (in PlanInput) expand(give func([]Row) error) (*Plan, error) {
	pr := in.Project
	p := &Plan{
		Wave: in.Wave, Project: pr.Name, Seed: in.Seed, Start: in.Start.UTC(), Suppress: in.suppress(),
		Caps: Caps{PerDay: pr.Caps.PerSitePerDay, PerWeek: pr.Caps.PerSitePerWeek, Distance: pr.Caps.MinDistance},
	}
	var panel []*scenarios.Site
	var missing []string
	for i := range pr.Sites {
		s := &pr.Sites[i]
		if len(in.Sites) > 0 && !slices.Contains(in.Sites, s.ID) {
			continue
		}
		if s.Authorisation.As == "" {
			missing = append(missing, fmt.Sprintf("%s: site %q has no authorisation record: write `authorisation: {as: own}`, `{as: permission, by: …, on: …}` or `{as: public-enquiry}`", s.Pos, s.ID))
		}
		panel = append(panel, s)
	}
	if len(missing) > 0 {
		return nil, &NotAuthorised{missing}
	}
	used := map[string]bool{}
	for _, s := range panel {
		p.Sites = append(p.Sites, PlannedSite{
			Site: s.Site, Cohort: s.Cohort, Authorisation: describe(s.Authorisation),
		})
		rows, err := in.site(p, s, used)
		if err != nil {
			return nil, err
		}
		if err := give(rows); err != nil {
			return nil, err
		}
	}
	for i := range pr.Scenarios {
		if sc := &pr.Scenarios[i]; used[sc.ID] {
			p.Scenarios = append(p.Scenarios, PlannedTask{ID: sc.ID, Title: sc.Title, About: sc.About, Kind: sc.Kind, Task: sc.Task, Window: sc.Window})
			p.Window = max(p.Window, sc.Window)
		}
	}
	return p, nil
}

// NotAuthorised lists the sites that nobody has given leave to test.
type NotAuthorised struct{ Sites []string }

func (e *NotAuthorised) Error() string { return strings.Join(e.Sites, "\n") }

func describe(a scenarios.Authorisation) string {
	s := a.As
	if a.By != "" {
		s += " by " + a.By
	}
	if a.On != "" {
		s += " on " + a.On
	}
	return s
}

// site plans the rows of one site: visits that only look at the start; letters,
// and visits that somebody hears of, spread over its hours, in an order that
// the seed decides.
func (in PlanInput) site(p *Plan, s *scenarios.Site, used map[string]bool) ([]Row, error) {
	var rows []Row
	for i := range in.Project.Scenarios {
		sc := &in.Project.Scenarios[i]
		kind := in.Kinds[sc.Kind]
		if !sc.Applies(s, *kind) {
			continue
		}
		used[sc.ID] = true
		for n := 1; n <= sc.Repeat; n++ {
			row, err := in.row(s, sc, kind, n)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
	}
	rng := in.rand("order", s.ID)
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	slot := newSlots(p.Caps, s, in.Contacts[s.ID], in.Start, rng)
	for i := range rows {
		r := &rows[i]
		r.Due = in.Start.UTC()
		if r.Refusal != "" || !r.contacts() {
			continue
		}
		due, err := slot.next()
		if err != nil {
			return nil, fmt.Errorf("%s: site %q: %w", s.Pos, s.ID, err)
		}
		r.Due = due
	}
	for i := range rows {
		if err := in.write(&rows[i], s); err != nil {
			return nil, err
		}
	}
	acquaint(rows)
	return rows, nil
}

// acquaint tells each letter to a site what the others ask it: one of each
// other scenario.
func acquaint(rows []Row) {
	var asked []probes.Other
	for _, r := range rows {
		if r.Letter != nil && r.Refusal == "" && !slices.ContainsFunc(asked, func(o probes.Other) bool { return o.Scenario == r.Probe.Scenario }) {
			asked = append(asked, probes.Other{Scenario: r.Probe.Scenario, Subject: r.Letter.Subject, Asks: reading.Asks(r.Letter.Text)})
		}
	}
	slices.SortFunc(asked, func(a, b probes.Other) int { return strings.Compare(a.Scenario, b.Scenario) })
	for i := range rows {
		if rows[i].Letter == nil {
			continue
		}
		for _, o := range asked {
			if o.Scenario != rows[i].Probe.Scenario {
				rows[i].Others = append(rows[i].Others, o)
			}
		}
	}
}

// row fixes everything of a probe but when it is due.
func (in PlanInput) row(s *scenarios.Site, sc *scenarios.Scenario, kind *probes.Kind, n int) (Row, error) {
	r := Row{
		Probe: evidence.ProbeID{Wave: in.Wave, Site: s.ID, Scenario: sc.ID, Repeat: n},
		Kind:  sc.Kind, Task: sc.Task, Window: sc.Window, Effects: sc.EffectsAt(s, *kind),
	}
	rng := in.rand("probe", r.Probe.String())
	r.Random = rng.Uint64()
	for i, e := range sc.Effects {
		if ok, why := s.Authorisation.GrantsTo(*kind, e); !ok {
			pos := sc.Pos
			if i < len(sc.EffectPos) {
				pos = sc.EffectPos[i]
			}
			r.Refusal = fmt.Sprintf("%s: effect %s is not granted by site %q: %s", pos, e, s.ID, why)
			break
		}
	}
	who, ok := in.Project.Shopper(sc, s)
	if !ok {
		return Row{}, fmt.Errorf("%s: unknown persona %q", sc.Pos, sc.Persona)
	}
	r.Persona = who
	// example.com is reserved (RFC 2606): without an account no form is given
	// an address that somebody reads.
	address := "{probe}@example.com"
	if all := in.Project.Accounts(); len(all) > 0 {
		address = all[0].Address
		if len(all) > 1 { // fixed from here on: the address says whose it is
			address = all[in.rand("account", r.Probe.String()).IntN(len(all))].Address
		}
	}
	r.Persona.Email = strings.ReplaceAll(address, "{probe}", tag(r.Random))
	if kind.Correspondence != nil {
		if in.Project.Mail == nil {
			return Row{}, fmt.Errorf("%s: scenario %q waits for mail, but touchstone.yaml has no `mail:` account", sc.Pos, sc.ID)
		}
		if kind.Correspondence.Compose != nil {
			r.Letter = &probes.Letter{}
		}
	}
	params, err := sc.Resolve(s.Site, r.Persona)
	if err != nil {
		return Row{}, fmt.Errorf("%s: %w", sc.Pos, err)
	}
	if r.Params, err = json.Marshal(params); err != nil {
		return Row{}, err
	}
	if kind.Describe != nil {
		r.Steps = kind.Describe(params)
	}
	return r, nil
}

// write composes the letter of a correspondence, now that its time is fixed.
func (in PlanInput) write(r *Row, s *scenarios.Site) error {
	refuse := func(to string) {
		if why := suppression(in.suppress(), s.Site, to, r.Effects); why != "" && r.Refusal == "" {
			r.Refusal = why
		}
	}
	if r.Letter == nil {
		refuse("")
		return nil
	}
	_, domain, _ := strings.Cut(r.Persona.Email, "@")
	task, err := r.task(in.Kinds, s.Site)
	if err != nil {
		return err
	}
	letter, err := in.Kinds[r.Kind].Correspondence.Compose(task, probes.Envelope{
		From: r.Persona.Email, To: s.Email, Date: r.Due,
		MessageID: tag(in.rand("message-id", r.Probe.String()).Uint64()) + tag(r.Random^0x5bd1e995) + "@" + domain,
	})
	if err != nil {
		return fmt.Errorf("scenario %q at site %q: %w", r.Probe.Scenario, r.Probe.Site, err)
	}
	refuse(letter.To) // which a scenario may have changed
	r.Letter = &letter
	return in.goOn(r, task, domain)
}

// suppress gives the whole list that the plan obeys.
func (in PlanInput) suppress() []string {
	list := slices.Clone(in.Project.Suppress)
	for _, s := range in.Suppress {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// contacts reports whether a row counts against the caps on its site.
func (r *Row) contacts() bool {
	return r.Letter != nil || slices.ContainsFunc(r.Effects, isContact)
}

// task gives what a kind is handed for this row.
func (r *Row) task(kinds map[string]*probes.Kind, s probes.Site) (*probes.Task, error) {
	k, ok := kinds[r.Kind]
	if !ok {
		return nil, fmt.Errorf("probe %s: this version has no probe kind %q", r.Probe, r.Kind)
	}
	params, err := k.Decode(r.Params)
	if err != nil {
		return nil, fmt.Errorf("probe %s: parameters: %w", r.Probe, err)
	}
	return &probes.Task{Probe: r.Probe, Params: params, Effects: r.Effects, Site: s, Persona: r.Persona, Random: r.Random, Others: r.Others}, nil
}

// suppressed reports whether an address is on a list of addresses and
// "@domain" entries; a domain covers its subdomains.
func suppressed(list []string, addr string) bool {
	addr = strings.ToLower(addr)
	_, domain, _ := strings.Cut(addr, "@")
	for _, s := range list {
		s = strings.ToLower(s)
		if d, ok := strings.CutPrefix(s, "@"); ok {
			if domain == d || strings.HasSuffix(domain, "."+d) {
				return true
			}
		} else if s == addr {
			return true
		}
	}
	return false
}

// rand gives a source that depends on the seed, the wave and the given words
// alone, so that adding a site changes nothing at the others.
func (in PlanInput) rand(words ...string) *rand.Rand {
	h := sha256.New()
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], in.Seed)
	h.Write(b[:])
	for _, w := range append([]string{in.Wave}, words...) {
		fmt.Fprintf(h, "%d:%s", len(w), w)
	}
	sum := h.Sum(nil)
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum), binary.BigEndian.Uint64(sum[8:])))
}

var letters = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// tag gives 10 letters and digits: 50 of n's bits, which no two probes of a
// thousand waves are likely to share; the database refuses it if they do.
func tag(n uint64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], n)
	return letters.EncodeToString(b[:])[:10]
}

// Hash is the SHA-256 of the plan, as text: two plans with the same hash ask
// the same of the same sites at the same times.
func (p *Plan) Hash() string {
	sum, _ := p.hash(func(yield func(json.RawMessage, error) bool) { // of strings, numbers and times: can't fail
		for i := range p.Rows {
			body, err := json.Marshal(&p.Rows[i])
			if !yield(body, err) {
				return
			}
		}
	})
	return sum
}

// hash takes the rows one after another: SHA-256 of the JSON of the head with
// the rows in their place, which is the last.
func (p *Plan) hash(rows iter.Seq2[json.RawMessage, error]) (string, error) {
	head := *p
	head.Rows = nil
	body, err := json.Marshal(head)
	if err != nil {
		return "", err
	}
	h, sep := sha256.New(), `,"rows":[`
	h.Write(bytes.TrimSuffix(body, []byte("}")))
	for row, err := range rows {
		if err != nil {
			return "", err
		}
		h.Write([]byte(sep))
		h.Write(row)
		sep = ","
	}
	if sep != "," {
		h.Write([]byte(`,"rows":null`))
	} else {
		h.Write([]byte("]"))
	}
	h.Write([]byte("}\n"))
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Site gives the panel's site of that id.
func (p *Plan) Site(id string) PlannedSite {
	for i := range p.Sites {
		if p.Sites[i].ID == id {
			return p.Sites[i]
		}
	}
	return PlannedSite{Site: probes.Site{ID: id}}
}
