package scenarios

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/form"
	"touchstone/probes/mail"
	"touchstone/probes/newsletter"
	"touchstone/probes/web"
	"touchstone/scoring"
)

// The kinds of these tests have parameters of the same build as the real ones:
// a correspondence with texts, a visit with steps of which each does one thing.
type letterParams struct {
	To        string `json:"to,omitempty" jsonschema:"format=email" jsonschema_description:"who is written to"`
	Texts     []text `json:"texts" jsonschema:"minItems=1" jsonschema_description:"the variants"`
	Questions []struct {
		Ask    string   `json:"ask"`
		Expect []string `json:"expect"`
	} `json:"questions,omitempty"`
	Then         []map[string]any `json:"then,omitempty"`
	MaxExchanges int              `json:"max-exchanges,omitempty"`
}

type text struct {
	Subject  string `json:"subject" jsonschema:"minLength=1"`
	Body     string `json:"body" jsonschema:"minLength=1,maxLength=2000"`
	Language string `json:"language,omitempty" jsonschema:"format=language"`
}

type visitParams struct {
	Steps []step `json:"steps" jsonschema:"minItems=1"`
}

type step struct {
	Name  string   `json:"name,omitempty"`
	Open  string   `json:"open,omitempty"`
	Click *locator `json:"click,omitempty"`
	Fill  *fill    `json:"fill,omitempty"`
	Wait  int      `json:"wait,omitempty" jsonschema:"minimum=0,maximum=60"`
	Inner []step   `json:"inner,omitempty"`
}

type locator struct {
	Role string `json:"role,omitempty" jsonschema:"enum=button,enum=link"`
	Name string `json:"name,omitempty"`
	Nth  int    `json:"nth,omitempty"`
}

type fill struct {
	locator
	Value string `json:"value"`
}

func testLanguage() Language {
	return Language{
		Kinds: []probes.Kind{
			{
				Name: "mail", Channel: "mail", Params: letterParams{}, Effects: []evidence.Effect{evidence.SendMail},
				Facts: []evidence.FactDef{
					{Name: "mail.first-human-after", Unit: evidence.Second}, {Name: "mail.ticket", Unit: evidence.Text}, {Name: "mail.words", Unit: evidence.Count},
				},
				Correspondence: &probes.Correspondence{},
				Check: func(params any) (ms []probes.Mistake) {
					for i, t := range params.(*letterParams).Texts {
						if strings.Contains(t.Subject, "\n") {
							ms = append(ms, probes.Mistake{Path: "/texts/" + strconv.Itoa(i) + "/subject", Message: "a subject is one line"})
						}
					}
					return ms
				},
			},
			{
				Name: "web", Channel: "web", Params: &visitParams{}, Effects: []evidence.Effect{evidence.FillCheckout, evidence.SubmitForm, evidence.PlaceOrder},
				Facts: []evidence.FactDef{
					{Name: "web.lcp", Unit: evidence.Milli}, {Name: "web.account-forced", Unit: evidence.Bool},
				},
				Check: func(params any) (ms []probes.Mistake) {
					for i, s := range params.(*visitParams).Steps {
						if s.Open != "" && s.Click != nil {
							ms = append(ms, probes.Mistake{Path: "/steps/" + strconv.Itoa(i), Message: "a step does one thing: this one has open and click"})
						}
					}
					return ms
				},
			},
		},
		Criteria: criteria(),
		Unfed:    []string{"phone-cost", "phone-hours"},
	}
}

// criteria names all that a shipped scorecard may weigh.
func criteria() []string {
	var ids []string
	for _, c := range scoring.Criteria() {
		ids = append(ids, c.ID)
	}
	return ids
}

// write makes a project of the given files over a sound one.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"touchstone.yaml":    "project: Test\n",
		"sites.yaml":         "sites:\n  - id: kettle\n    url: https://kettle.example/\n    email: hello@kettle.example\n    authorisation: {as: own}\n",
		"scenarios/ask.yaml": "id: ask\ntitle: Ask\nkind: mail\ntask: enquiry\neffects: [send-mail]\nwindow: 5d\nwith: {texts: [{subject: Hi, body: Hello}]}\n",
	}
	for name, content := range files {
		all[name] = content
	}
	for name, content := range all {
		if content == "" {
			continue
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t *testing.T, files map[string]string) *Project {
	t.Helper()
	p, err := testLanguage().Load(write(t, files))
	if err != nil {
		t.Fatalf("load:\n%v", err)
	}
	return p
}

func TestLoadFillsIn(t *testing.T) {
	dir := write(t, map[string]string{
		"ca.pem": "-",
		"touchstone.yaml": `
project: Autumn
database: data/wave.db
mail:
  address: shopper+{probe}@example.net
  smtp: {host: smtp.example.net, username: me, password: {env: MAIL_PASSWORD}, ca: ca.pem}
  imap: {host: imap.example.net, security: starttls, username: me, password: {file: secret.txt}}
caps: {per-site-per-day: 3, min-distance: 1h30m}
suppress: [boss@kettle.example, "@rival.example"]
`,
		"sites.yaml": `
sites:
  - id: kettle
    name: Kettle & Leaf
    url: https://kettle.example/
    email: hello@kettle.example
    timezone: Europe/London
    language: en-GB
    hours: {days: [mon, sat], from: "08:30", to: "24:00"}
    authorisation: &ours {as: own, sandbox: true, grant: [place-order]}
    vars: {order: 0042, since: 2026-01-02}
    customer: {email: anna@probe.example, password: {env: SHOP_PASSWORD}, order: "0042", postcode: 01067}
  - id: 007
    url: https://bond.example/
    authorisation: {<<: *ours, grant: [pay], declined-card: {number: 4000 0000 0000 0002, expires: 3/31}}
`,
		"personas.yaml":        "personas:\n  - {id: anna, given: Anne, family: Own, postcode: 01067}\n",
		"scorecards/mine.yaml": "id: mine\ntitle: Mine\ncategories:\n  - id: a\n    title: A\n    weight: 0.5\n    because: So.\n    criteria: [{id: non-response, weight: 1, because: So.}]\ngrades: [{label: all, min: 0}]\n",
		"scenarios/buy.yaml":   "id: buy\ntitle: Buy\nkind: web\ntask: checkout\nrepeat: 3\nsites: [007]\nwith:\n  steps:\n    - open: /\n    - fill: {role: link, value: 12}\n",
	})
	p, err := testLanguage().Load(dir)
	if err != nil {
		t.Fatalf("load:\n%v", err)
	}
	equal(t, "name", p.Name, "Autumn")
	equal(t, "database", p.Database, filepath.Join(dir, "data", "wave.db"))
	equal(t, "evidence", p.Evidence, filepath.Join(dir, "evidence"))
	equal(t, "caps", p.Caps, Caps{PerSitePerDay: 3, PerSitePerWeek: 6, MinDistance: 90 * time.Minute})
	equal(t, "suppress", strings.Join(p.Suppress, " "), "boss@kettle.example @rival.example")
	equal(t, "smtp", p.Mail.SMTP, Server{
		Host: "smtp.example.net", Port: 587, Security: "starttls", Username: "me", CA: filepath.Join(dir, "ca.pem"),
		Password: Secret{Env: "MAIL_PASSWORD", Pos: Pos{"touchstone.yaml", 6, 58}},
	})
	equal(t, "imap port", p.Mail.IMAP.Port, 143)
	equal(t, "imap password", p.Mail.IMAP.Password.File, filepath.Join(dir, "secret.txt"))

	kettle, bond := p.Sites[0], p.Sites[1]
	equal(t, "hours", kettle.Hours, Hours{Days: [7]bool{1: true, 6: true}, From: 8*time.Hour + 30*time.Minute, To: 24 * time.Hour})
	equal(t, "zone", kettle.Timezone.String(), "Europe/London")
	equal(t, "order number", kettle.Vars["order"], "0042")
	equal(t, "date as text", kettle.Vars["since"], "2026-01-02")
	equal(t, "customer", *kettle.Customer, probes.Customer{Email: "anna@probe.example", Order: "0042", Postcode: "01067"})
	equal(t, "customer's password", kettle.Password.Env, "SHOP_PASSWORD")
	equal(t, "no customer", bond.Customer == nil && bond.Password == (Secret{}) && kettle.Declined == nil, true)
	equal(t, "declined card", *bond.Declined, probes.Card{Number: "4000000000000002", Month: 3, Year: 2031, Code: "123"})
	equal(t, "own, sandbox", kettle.Own && kettle.Sandbox && kettle.Cohort == "own", true)
	equal(t, "id in digits", bond.ID, "007")
	equal(t, "name by default", bond.Name, "007")
	equal(t, "hours by default", bond.Hours, Hours{Days: [7]bool{1: true, 2: true, 3: true, 4: true, 5: true}, From: 9 * time.Hour, To: 17 * time.Hour})
	equal(t, "zone by default", bond.Timezone, time.UTC)
	equal(t, "merged authorisation", bond.Authorisation.As == Own && bond.Authorisation.Sandbox, true)
	equal(t, "merged grant", len(bond.Authorisation.Grant) == 1 && bond.Authorisation.Grant[0] == evidence.Pay, true)
	equal(t, "place of an authorisation", kettle.Authorisation.Pos, Pos{"sites.yaml", 10, 20})

	equal(t, "personas of one id", len(slices.DeleteFunc(slices.Clone(p.Personas), func(w probes.Persona) bool { return w.ID != "anna" })), 1)
	anna, _ := p.Persona("anna")
	equal(t, "the project's persona wins", anna.Given+" "+anna.Postcode, "Anne 01067")
	equal(t, "scorecards", len(p.Scorecards), 8)
	mine, _ := p.Scorecard("mine")
	equal(t, "weight", mine.Categories[0].Weight, 0.5)

	ask, buy := p.Scenarios[0], p.Scenarios[1]
	equal(t, "window", ask.Window, 5*24*time.Hour)
	equal(t, "repeat by default", ask.Repeat, 1)
	equal(t, "persona by default", ask.Persona, "anna")
	equal(t, "repeat", buy.Repeat, 3)
	equal(t, "embedded parameter", *buy.Params.(*visitParams).Steps[1].Fill, fill{locator{Role: "link"}, "12"})
	equal(t, "place of the parameters", buy.ParamsPos, Pos{"scenarios/buy.yaml", 8, 3})

	l := testLanguage()
	letter, _ := l.Kind("mail")
	web, _ := l.Kind("web")
	equal(t, "mail to a site with an address", ask.Applies(&kettle, letter), true)
	equal(t, "mail to a site without", ask.Applies(&bond, letter), false)
	equal(t, "only at its sites", buy.Applies(&kettle, web), false)
	equal(t, "at its site", buy.Applies(&bond, web), true)
}

func TestLoadWithoutProject(t *testing.T) {
	_, err := testLanguage().Load(filepath.Join(t.TempDir(), "nowhere"))
	if err == nil || !strings.Contains(err.Error(), "touchstone init") || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing folder: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := testLanguage().Load(file); err == nil || !strings.Contains(err.Error(), "is a file") {
		t.Errorf("a file: %v", err)
	}
}

func TestMistakeText(t *testing.T) {
	m := Mistake{Pos{"sites.yaml", 14, 5}, `unknown key "emial" (did you mean "email"?)`, "    emial: a@b.example"}
	equal(t, "mistake", Mistakes{m}.Error(), `sites.yaml:14:5: unknown key "emial" (did you mean "email"?)
    14 |     emial: a@b.example
       |     ^`)
	m = Mistake{Pos{"a.yaml", 1, 3}, "x", "é\t\x1b[31m"}
	equal(t, "terminal codes", m.String(), "a.yaml:1:3: x\n     1 | é ?[31m\n       |   ^")
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ word, want string }{
		{"emial", "email"}, {"Email", "email"}, {"emai", "email"}, {"colour", ""}, {"timezon", "timezone"}, {"", ""}, {"ur", "url"},
	} {
		equal(t, c.word, nearest(c.word, []string{"url", "email", "timezone"}), c.want)
	}
	equal(t, "swapped letters", slips("ab", "ba"), 1)
	equal(t, "nothing in common", slips("abc", "xyz"), 3)
}

func TestSpans(t *testing.T) {
	for s, want := range map[string]time.Duration{"5d": 120 * time.Hour, "1d12h": 36 * time.Hour, "1.5h": 90 * time.Minute, "90m": 90 * time.Minute, "250ms": 250 * time.Millisecond} {
		got, err := parseSpan(s)
		if err != nil || got != want {
			t.Errorf("parseSpan(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "5", "d", "-5d", "5 d", "0h", "5w", "99999999d", "9999d9999d"} {
		if got, err := parseSpan(s); err == nil {
			t.Errorf("parseSpan(%q) = %v, want an error", s, got)
		}
	}
}

// The table of rules, effect by effect: what is allowed at once, and what once
// it is granted, without and with a sandbox.
func TestGrants(t *testing.T) {
	const always, granted, sandbox, never = "always", "granted", "sandbox", "never"
	table := map[string]map[string][]evidence.Effect{
		Own: {
			always:  {"send-mail", "submit-form", "open-chat", "call", "fill-checkout", "subscribe", "register", "log-in", "change-account"},
			sandbox: {"place-order", "pay", "decline-card"},
		},
		Permission: {
			always:  {"send-mail", "submit-form", "open-chat", "call", "fill-checkout", "subscribe"},
			granted: {"register", "log-in", "change-account", "place-order", "pay", "decline-card"},
		},
		PublicEnquiry: {
			always: {"send-mail", "submit-form", "open-chat", "call", "fill-checkout", "subscribe"},
			never:  {"register", "log-in", "change-account", "place-order", "pay", "decline-card"},
		},
		"": {never: evidence.Effects},
	}
	for as, rules := range table {
		seen := 0
		for rule, effects := range rules {
			for _, e := range effects {
				seen++
				for _, c := range []struct {
					a    Authorisation
					want bool
				}{
					{Authorisation{As: as}, rule == always},
					{Authorisation{As: as, Grant: []evidence.Effect{e}}, rule == always || rule == granted},
					{Authorisation{As: as, Sandbox: true}, rule == always},
					{Authorisation{As: as, Sandbox: true, Grant: []evidence.Effect{e}}, rule != never},
				} {
					ok, why := c.a.Grants(e)
					if ok != c.want || (why == "") != ok {
						t.Errorf("%+v grants %s: %v, %q; want %v", c.a, e, ok, why, c.want)
					}
				}
			}
		}
		equal(t, "effects in the table for "+as, seen, len(evidence.Effects))
	}
	_, why := Authorisation{As: PublicEnquiry, Pos: Pos{"sites.yaml", 12, 7}}.Grants(evidence.Pay)
	equal(t, "refusal", why, "sites.yaml:12:7: public-enquiry never allows pay")
	if ok, _ := (Authorisation{As: Own, Grant: []evidence.Effect{"fly"}}).Grants("fly"); ok {
		t.Error("an effect outside of the list is granted")
	}
}

func TestSecret(t *testing.T) {
	env := func(name string) string { return map[string]string{"SET": "s3cret"}[name] }
	file := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(file, []byte("  from file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	at := Pos{"touchstone.yaml", 9, 15}
	got, err := Secret{Env: "SET", Pos: at}.Resolve(env)
	if err != nil || got != "s3cret" {
		t.Errorf("from the environment: %q, %v", got, err)
	}
	got, err = Secret{File: file, Pos: at}.Resolve(env)
	if err != nil || got != "from file" {
		t.Errorf("from a file: %q, %v", got, err)
	}
	_, err = Secret{Env: "TOUCHSTONE_MAIL_PASSWORD", Pos: at}.Resolve(env)
	if err == nil || err.Error() != "environment variable TOUCHSTONE_MAIL_PASSWORD is not set (touchstone.yaml:9:15 asks for it)" {
		t.Errorf("not set: %v", err)
	}
	if _, err = (Secret{File: file + "x", Pos: at}).Resolve(env); err == nil || !strings.Contains(err.Error(), at.String()) {
		t.Errorf("no such file: %v", err)
	}
	if _, err = (Secret{}).Resolve(env); err == nil {
		t.Error("an empty reference gives a secret")
	}
}

// What is done at a site: its own, or what is done everywhere, or nothing.
func TestBySite(t *testing.T) {
	p := load(t, map[string]string{
		"sites.yaml":          "sites:\n  - {id: a, url: https://a.example/, vars: {help: Care}}\n  - {id: b, url: https://b.example/}\n  - {id: c, url: https://c.example/}\n",
		"scenarios/both.yaml": "id: both\ntitle: Both\nkind: web\ntask: t\nwith: {steps: [{open: /help}]}\nby-site:\n  a: {steps: [{open: \"/${site.help}\"}]}\n",
		"scenarios/only.yaml": "id: only\ntitle: Only\nkind: web\ntask: t\nby-site:\n  b: {steps: [{open: /b}]}\n",
	})
	web, _ := testLanguage().Kind("web")
	want := map[string][]string{"both": {"/Care", "/help", "/help"}, "only": {"", "/b", ""}}
	for _, sc := range p.Scenarios {
		for i := range p.Sites {
			s := &p.Sites[i]
			if sc.ID == "ask" {
				continue
			}
			got := ""
			if sc.Applies(s, web) {
				params, err := sc.Resolve(s.Site, probes.Persona{})
				if err != nil {
					t.Fatal(err)
				}
				got = params.(*visitParams).Steps[0].Open
			}
			equal(t, sc.ID+" at "+s.ID, got, want[sc.ID][i])
		}
	}
}

func TestResolve(t *testing.T) {
	params := &visitParams{Steps: []step{
		{Open: "${site.url}cart?q=${site.product}"},
		{Fill: &fill{locator{Name: "Name"}, "${persona.name} <${persona.email}>"}, Wait: 9007199254740993},
		{Name: "$${site.url} costs 5 $", Inner: []step{{Open: "${site.name}"}}},
	}}
	sc := Scenario{ID: "buy", Params: params}
	site := probes.Site{ID: "kettle", Name: `Kettle "&" Leaf ${persona.given}`, URL: "https://kettle.example/", Vars: map[string]string{"product": "a\nb: <c>", "url": "https://evil.example/"}}
	who := probes.Persona{Given: "Anna", Family: "Whitlock", Email: "shopper+x1@example.net"}
	out, err := sc.Resolve(site, who)
	if err != nil {
		t.Fatal(err)
	}
	got := out.(*visitParams).Steps
	equal(t, "words of a site", got[0].Open, "https://kettle.example/cart?q=a\nb: <c>")
	equal(t, "two in one text", got[1].Fill.Value, "Anna Whitlock <shopper+x1@example.net>")
	equal(t, "a large number", got[1].Wait, 9007199254740993)
	equal(t, "escaped", got[2].Name, "${site.url} costs 5 $")
	equal(t, "a value is never expanded again", got[2].Inner[0].Open, `Kettle "&" Leaf ${persona.given}`)
	equal(t, "the original stays", params.Steps[2].Inner[0].Open, "${site.name}")

	_, err = sc.Resolve(probes.Site{ID: "brass", Name: "x", URL: "x"}, who)
	if err == nil || !strings.Contains(err.Error(), `scenario buy: ${site.product} has no value at the site "brass"`) {
		t.Errorf("a variable without a value: %v", err)
	}
	if out, err := (&Scenario{}).Resolve(site, who); out != nil || err != nil {
		t.Errorf("no parameters: %v, %v", out, err)
	}
}

// Gates and checks as scoring gets them: limits in the figure's unit.
func TestGatesAndChecks(t *testing.T) {
	p := load(t, map[string]string{
		"scorecards/mine.yaml": `
id: mine
title: Mine
categories: [{id: post, title: Post, weight: 1, because: So., criteria: [{id: non-response, weight: 1, because: So.}]}]
grades: [{label: fine, min: 50}, {label: bad, min: 0}]
gates: [{id: silence, title: Nobody answers, when: {criterion: non-response, op: "==", value: 0}, cap: bad, because: So.}]
`,
		"checks.yaml": `
checks:
  - {id: a, on: "fact:mail.first-human-after", site: kettle, scenario: ask, op: "<=", limit: 1d}
  - {id: b, on: "fact:web.lcp", op: "<", limit: 2.5s, level: warn}
  - {id: c, on: "fact:web.lcp", op: "<", limit: 2500, unit: ms, level: off}
  - {id: d, on: "fact:web.account-forced", op: ==, limit: false}
  - {id: e, on: "fact:web.account-forced", op: "!=", limit: true}
  - {id: f, on: "mark:first-human-reply-time", op: "<=", limit: 4h}
  - {id: g, on: "mark:non-response", op: ">", limit: 0.5, unit: ratio}
  - {id: h, on: "category:post", op: ">=", limit: 40}
  - {id: i, on: grade, op: ">=", limit: fine}
  - {id: j, on: total, op: ">", limit: 0}
  - {id: k, on: "mark:non-response", op: ">=", limit: 50, unit: points}
`})
	mine, _ := p.Scorecard("mine")
	if len(mine.Gates) != 1 || mine.Gates[0] != (scoring.Gate{ID: "silence", Title: "Nobody answers", When: scoring.Condition{Criterion: "non-response", Op: "=="}, Cap: "bad", Because: "So."}) {
		t.Errorf("gates %+v", mine.Gates)
	}
	want := []scoring.Check{
		{ID: "a", Kind: "fact", Name: "mail.first-human-after", Site: "kettle", Scenario: "ask", Op: "<=", Limit: 86400, Unit: "s", Level: "error"},
		{ID: "b", Kind: "fact", Name: "web.lcp", Op: "<", Limit: 2500, Unit: "ms", Level: "warn"},
		{ID: "c", Kind: "fact", Name: "web.lcp", Op: "<", Limit: 2500, Unit: "ms", Level: "off"},
		{ID: "d", Kind: "fact", Name: "web.account-forced", Op: "==", Limit: 0, Unit: "bool", Level: "error"},
		{ID: "e", Kind: "fact", Name: "web.account-forced", Op: "!=", Limit: 1, Unit: "bool", Level: "error"},
		{ID: "f", Kind: "mark", Name: "first-human-reply-time", Op: "<=", Limit: 14400, Unit: "s", Level: "error"},
		{ID: "g", Kind: "mark", Name: "non-response", Op: ">", Limit: 0.5, Unit: "ratio", Level: "error"},
		{ID: "h", Kind: "category", Name: "post", Op: ">=", Limit: 40, Level: "error"},
		{ID: "i", Kind: "grade", Op: ">=", Grade: "fine", Level: "error"},
		{ID: "j", Kind: "total", Op: ">", Level: "error"},
		{ID: "k", Kind: "mark", Name: "non-response", Op: ">=", Limit: 50, Unit: "points", Level: "error"},
	}
	if len(p.Checks) != len(want) {
		t.Fatalf("%d checks, want %d", len(p.Checks), len(want))
	}
	for i := range want {
		equal(t, "check "+want[i].ID, p.Checks[i], want[i])
	}
}

func TestStarter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "my audit")
	visit := web.Kind(nil)
	l := Language{Kinds: []probes.Kind{mail.Kind(), visit, form.Kind(visit), newsletter.Kind(visit)}, Criteria: criteria()}
	if err := l.Starter(dir); err != nil {
		t.Fatal(err)
	}
	p, err := l.Load(dir)
	if err != nil {
		t.Fatalf("the starter has mistakes:\n%v", err)
	}
	if len(p.Scenarios) != len(shipped(t))+len(visited(t)) || len(p.Sites) != 1 || p.Mail == nil || len(p.Scorecards) == 0 || len(p.Personas) < 5 || len(p.Checks) != 1 {
		t.Errorf("starter: %d scenarios, %d sites, mail %v, %d scorecards, %d personas", len(p.Scenarios), len(p.Sites), p.Mail, len(p.Scorecards), len(p.Personas))
	}
	if _, err := os.Stat(filepath.Join(dir, ".gitignore")); err != nil {
		t.Error(err)
	}

	// Every file names a schema that is there, from where the file stands.
	var pointed int
	err = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".yaml" {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		first, _, _ := strings.Cut(string(data), "\n")
		to, ok := strings.CutPrefix(first, "# yaml-language-server: $schema=")
		if !ok {
			t.Errorf("%s begins with %q", name, first)
		}
		schema, err := os.ReadFile(filepath.Join(filepath.Dir(name), to))
		if err != nil || !json.Valid(schema) {
			t.Errorf("%s: the schema: %v", name, err)
		}
		pointed++
		return nil
	})
	if want := len(p.Scenarios) + len(p.Scorecards) + len([]string{"touchstone", "sites", "personas", "checks"}); err != nil || pointed != want {
		t.Errorf("%d files, want %d; %v", pointed, want, err)
	}

	// What stands there as a comment is right as well, once it is none.
	examples := map[string]string{"scenarios/ask.yaml": "", "sites.yaml": "", "checks.yaml": "", "scenarios/find-contact.yaml": ""}
	for name := range examples {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			examples[name] = uncommented.ReplaceAllString(header.ReplaceAllString(string(data), ""), "$1$2")
		}
	}
	q, err := l.Load(write(t, examples))
	if err != nil {
		t.Fatalf("the examples have mistakes:\n%v", err)
	}
	if len(q.Sites) != 3 || len(q.Checks) != 4 || len(q.Scenarios) != 1 || len(q.Scenarios[0].BySite) != 1 {
		t.Errorf("examples: %d sites, %d checks, %d scenarios", len(q.Sites), len(q.Checks), len(q.Scenarios))
	}

	// It never writes over anything, and then writes nothing at all.
	other := t.TempDir()
	mine := filepath.Join(other, "sites.yaml")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	err = l.Starter(other)
	if err == nil || !strings.Contains(err.Error(), "already holds sites.yaml:") {
		t.Errorf("over a file: %v", err)
	}
	left, _ := os.ReadDir(other)
	data, _ := os.ReadFile(mine)
	if len(left) != 1 || string(data) != "mine" {
		t.Errorf("left behind: %v, %q", left, data)
	}
}

// A file's header is prose; below it, uncommented finds the lines of examples
// in comments: those that begin a list, a key, or what is below one.
var (
	header      = regexp.MustCompile(`^(#.*\n)*`)
	uncommented = regexp.MustCompile(`(?m)^( *)# ((?:- |  )+[a-z-].*|by-site:)$`)
)

// Honest enquiry: what every shipped text holds, and what none may.
func TestLibraryTexts(t *testing.T) {
	files := shipped(t)
	files["scenarios/ask.yaml"] = ""
	dir := write(t, files)
	l := testLanguage()
	l.Kinds[0] = mail.Kind()
	p, err := l.Load(dir)
	if err != nil {
		t.Fatalf("the library has mistakes:\n%v", err)
	}
	var ids []string
	for _, sc := range p.Scenarios {
		ids = append(ids, sc.ID)
		who, _ := p.Persona(sc.Persona)
		out, err := sc.Resolve(p.Sites[0].Site, who)
		if err != nil {
			t.Fatal(err)
		}
		params := out.(*mail.Params)
		task, asks := "enquiry", 1
		switch sc.ID {
		case "complaint", "praise":
			task, asks = sc.ID, 0
		case "product-question", "return-policy", "delivery-time", "stock-question":
			asks = 2
		}
		if sc.Task != task || len(params.Questions) != asks || sc.Window != 120*time.Hour {
			t.Errorf("%s: task %q, %d questions, window %v", sc.ID, sc.Task, len(params.Questions), sc.Window)
		}
		variants, seen := map[string]int{}, map[string]bool{}
		for _, x := range params.Texts {
			variants[x.Language]++
			text := x.Subject + " " + x.Body
			if seen[x.Subject] || seen[x.Body] {
				t.Errorf("%s: %q stands there twice", sc.ID, x.Subject)
			}
			seen[x.Subject], seen[x.Body] = true, true
			if n := len(strings.Fields(x.Body)); n > 90 {
				t.Errorf("%s: %q has %d words", sc.ID, x.Subject, n)
			}
			if !strings.Contains(x.Body, who.Given) {
				t.Errorf("%s: %q is not signed", sc.ID, x.Subject)
			}
			if got := tongue(text); got != x.Language {
				t.Errorf("%s: %q says that it is in %q and reads like %q", sc.ID, x.Subject, x.Language, got)
			}
			for _, word := range words(text) {
				if slices.Contains(dishonest, word) {
					t.Errorf("%s: %q says %q", sc.ID, x.Subject, word)
				}
			}
		}
		if variants["en"] < 5 || variants["de"] < 5 || len(variants) != 2 {
			t.Errorf("%s: variants %v", sc.ID, variants)
		}
	}
	if want := "complaint delivery-time gift-advice order-status payment-options praise product-question return-policy stock-question"; strings.Join(ids, " ") != want {
		t.Errorf("shipped %v", ids)
	}
	if len(p.Personas) < 5 {
		t.Errorf("only %d personas", len(p.Personas))
	}
}

// dishonest are words of threats, deadlines, claims and damages, and those by
// which a shopper would give the audit away.
var dishonest = strings.Fields("law legal lawyer solicitor gdpr statute deadline immediately damage damages broken refund compensation claim court must test audit " +
	"gesetz anwalt rechtsanwalt dsgvo frist fristgerecht unverzüglich sofort schaden schadenersatz defekt erstattung anspruch gericht mahnung müssen prüfung")

func words(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) })
}

// tongue tells English from German by the commonest words of each.
func tongue(s string) string {
	count := map[string]int{}
	for _, w := range words(s) {
		switch w {
		case "the", "you", "your", "and", "is", "to", "of", "for", "that", "have", "it":
			count["en"]++
		case "der", "die", "das", "und", "sie", "ihr", "ich", "ist", "zu", "auf", "nicht", "es":
			count["de"]++
		}
	}
	if count["de"] > count["en"] {
		return "de"
	}
	return "en"
}

// shipped gives the library's scenarios, by path.
func shipped(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	names, err := fs.Glob(Library(), "scenarios/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no shipped scenarios", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(Library(), name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	return files
}

// visited gives the shipped visits, by path.
func visited(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	names, err := fs.Glob(Visits(), "scenarios/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal("no shipped visits", err)
	}
	for _, name := range names {
		data, err := fs.ReadFile(Visits(), name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(data)
	}
	return files
}

func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// The shipped scorecards are judged by the judge itself: every criterion known,
// every gate able to fall, and each weight for a reason.
func TestShippedScorecardsScore(t *testing.T) {
	p, err := testLanguage().Load(write(t, nil))
	if err != nil {
		t.Fatal(err)
	}
	weighed := map[string]bool{}
	for _, id := range []string{"readiness", "jupiter", "shopping", "self-service", "site-control", "live-help", "egain"} {
		card, ok := p.Scorecard(id)
		if !ok {
			t.Fatalf("no scorecard %s is shipped", id)
		}
		if _, err := scoring.Score("w", card, scoring.Criteria(), nil, nil); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		if len(card.Gates) == 0 {
			t.Errorf("%s has no gate", id)
		}
		for _, c := range card.Categories {
			var sum float64
			for _, w := range c.Criteria {
				sum += w.Weight
				if id == "readiness" {
					weighed[w.ID] = true
				}
			}
			if sum != 100 {
				t.Errorf("%s, %s: the weights add up to %g, which readers take for percent", id, c.ID, sum)
			}
		}
	}
	for _, c := range scoring.Criteria() {
		if !weighed[c.ID] {
			t.Errorf("readiness does not weigh %s", c.ID)
		}
	}
}
