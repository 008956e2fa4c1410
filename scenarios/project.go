package scenarios

import (
	"cmp"
	"fmt"

	"touchstone/scoring"
)

// The shape of touchstone.yaml.
type projectFile struct {
	Project  string      `json:"project" jsonschema:"format=words" jsonschema_description:"what the audit is called, in reports"`
	Database string      `json:"database,omitempty" jsonschema:"default=touchstone.db" jsonschema_description:"the SQLite file, beside this file"`
	Evidence string      `json:"evidence,omitempty" jsonschema:"default=evidence" jsonschema_description:"the folder for pictures and logs, beside this file"`
	Mail     *mailEntry  `json:"mail,omitempty" jsonschema_description:"the account that probes write from and are answered at"`
	MoreMail []mailEntry `json:"more-mail,omitempty" jsonschema_description:"further accounts, each like mail: the plan gives every probe one of all of them"`
	Browser  browserFile `json:"browser,omitempty" jsonschema_description:"how pages are driven"`
	Caps     capsEntry   `json:"caps,omitempty" jsonschema_description:"how much one site may be bothered"`
	Judge    *judgeEntry `json:"judge,omitempty" jsonschema_description:"a language model that touchstone judge may ask whether a reply answers; replies leave this machine for it"`
	Costs    *costsEntry `json:"costs,omitempty" jsonschema_description:"what one contact costs the shop, for the cost of contact; the published figures of 1999 unless given"`
	Suppress []string    `json:"suppress,omitempty" jsonschema:"format=suppression" jsonschema_description:"addresses, or domains written @shop.example, that are never written to"`

	Retention string       `json:"retention,omitempty" jsonschema:"format=span" jsonschema_description:"how long raw mails, pictures and logs are kept after a wave, such as 90d: doctor reminds, and 'touchstone evidence prune' removes"`
	Sender    *senderEntry `json:"sender,omitempty" jsonschema_description:"who stands behind the mails, for the explanation page"`
	Report    *reportEntry `json:"report,omitempty" jsonschema_description:"of whom the reports are, and in which language"`
}

type reportEntry struct {
	Title    string `json:"title,omitempty" jsonschema:"format=words" jsonschema_description:"instead of the project's name"`
	Language string `json:"language,omitempty" jsonschema:"enum=en,enum=de,default=en" jsonschema_description:"of the report's own words; what sites wrote stays as it was"`
	Author   string `json:"author,omitempty" jsonschema:"format=words" jsonschema_description:"who made the report, at its head and its foot"`
	Logo     string `json:"logo,omitempty" jsonschema_description:"a PNG, JPEG or GIF of at most 512 kB"`
	Colour   string `json:"colour,omitempty" jsonschema:"pattern=^#[0-9A-Fa-f]{6}$" jsonschema_description:"of the head, as #rrggbb; the words on it become black or white"`
	Intro    string `json:"intro,omitempty" jsonschema_description:"a Markdown file that stands before the verdict"`
	Closing  string `json:"closing,omitempty" jsonschema_description:"a Markdown file that stands before the right of reply"`
	Evidence string `json:"evidence,omitempty" jsonschema:"enum=none,enum=thumbs,enum=full,default=thumbs" jsonschema_description:"how much proof the report carries: neither pictures nor words of mails; small pictures and text; large pictures and mails as they were laid out"`
}

type senderEntry struct {
	Name    string `json:"name" jsonschema:"format=words" jsonschema_description:"the company or person that runs the audit"`
	Contact string `json:"contact" jsonschema:"format=email" jsonschema_description:"an address that a person reads"`
	Address string `json:"address,omitempty" jsonschema_description:"where they are found: street, postcode, town, country"`
}

type browserFile struct {
	Path      string `json:"path,omitempty" jsonschema_description:"the Chromium to use, instead of the first that is found"`
	Sandbox   string `json:"sandbox,omitempty" jsonschema:"enum=on,enum=off,default=on" jsonschema_description:"off runs pages of strangers without the sandbox, on machines that allow ordinary users none; as root there is none anyway"`
	Isolation string `json:"isolation,omitempty" jsonschema:"enum=on,enum=off,default=off" jsonschema_description:"on puts each site of a page into a process of its own, for more memory and processor time"`
	Canary    string `json:"canary,omitempty" jsonschema:"enum=on,enum=off,default=on" jsonschema_description:"a page of this machine that is loaded beside each one that is timed; where it comes late, the timings are thrown away"`
}

type capsEntry struct {
	PerSitePerDay  int    `json:"per-site-per-day,omitempty" jsonschema:"minimum=1,maximum=1000,default=2" jsonschema_description:"contacts with one site in a day"`
	PerSitePerWeek int    `json:"per-site-per-week,omitempty" jsonschema:"minimum=1,maximum=1000,default=6" jsonschema_description:"contacts with one site in seven days"`
	MinDistance    string `json:"min-distance,omitempty" jsonschema:"format=span,default=3h" jsonschema_description:"the least time between two contacts with one site"`
}

type costsEntry struct {
	Currency    string    `json:"currency" jsonschema:"format=words" jsonschema_description:"such as EUR"`
	Phone       []float64 `json:"phone" jsonschema:"minItems=2,maxItems=2" jsonschema_description:"of one call, from low to high: [25, 30]"`
	Mail        []float64 `json:"mail,omitempty" jsonschema:"minItems=2,maxItems=2" jsonschema_description:"of one letter by a person; a question costs as by phone unless given"`
	SelfService []float64 `json:"self-service" jsonschema:"minItems=2,maxItems=2" jsonschema_description:"of one visit to the pages"`
	AsOf        int       `json:"as-of" jsonschema:"minimum=1990,maximum=2200" jsonschema_description:"the year of these figures"`
	Source      string    `json:"source,omitempty" jsonschema_description:"whose they are, for the report"`
}

// costs reads what a contact costs.
func (d *document) costs(e *costsEntry) scoring.UnitCosts {
	if e == nil {
		return scoring.DefaultCosts()
	}
	span := func(key string, of []float64) (out [2]float64) {
		if len(of) != 2 {
			return out // none, or that was said
		}
		if of[0] < 0 || of[0] > of[1] {
			d.wrong(d.at("costs", key), "write what one contact costs from low to high, such as [2, 3], not [%g, %g]", of[0], of[1])
		}
		return [2]float64(of)
	}
	return scoring.UnitCosts{
		Currency: e.Currency, Source: fmt.Sprintf("%s, figures of %d", cmp.Or(e.Source, "the project's own"), e.AsOf),
		Phone: span("phone", e.Phone), Mail: span("mail", e.Mail), SelfService: span("self-service", e.SelfService),
	}
}

type judgeEntry struct {
	URL         string     `json:"url" jsonschema:"format=judge-url" jsonschema_description:"an endpoint that speaks OpenAI's chat completions, up to and without /chat/completions"`
	Model       string     `json:"model" jsonschema:"format=words" jsonschema_description:"the model's name there"`
	Key         *secretRef `json:"key,omitempty" jsonschema_description:"where the key is: {env: NAME} or {file: path}; none for a server that wants none"`
	PriceIn     float64    `json:"price-in,omitempty" jsonschema:"minimum=0" jsonschema_description:"for a million tokens that are sent, in the currency of max-cost"`
	PriceOut    float64    `json:"price-out,omitempty" jsonschema:"minimum=0" jsonschema_description:"for a million tokens that are answered"`
	Temperature float64    `json:"temperature,omitempty" jsonschema:"minimum=0,maximum=2,default=0" jsonschema_description:"0 for the same answer again; some models take only 1"`
	Timeout     string     `json:"timeout,omitempty" jsonschema:"format=span,default=60s" jsonschema_description:"how long one answer may take"`
	MaxCalls    int        `json:"max-calls,omitempty" jsonschema:"minimum=1,maximum=100000,default=200" jsonschema_description:"calls in one run of touchstone judge"`
	MaxCost     float64    `json:"max-cost,omitempty" jsonschema:"minimum=0" jsonschema_description:"what one run may cost, by the prices here"`
}

// judge reads whom to ask.
func (ld *loader) judgeModel(d *document, e *judgeEntry) *Judge {
	if e == nil {
		return nil
	}
	j := &Judge{URL: e.URL, Model: e.Model, PriceIn: e.PriceIn, PriceOut: e.PriceOut, Temperature: e.Temperature, MaxCalls: cmp.Or(e.MaxCalls, 200), MaxCost: e.MaxCost, Pos: d.at("judge")}
	j.Timeout, _ = parseSpan(cmp.Or(e.Timeout, "60s"))
	if e.Key != nil {
		at := d.at("judge", "key")
		j.Key = Secret{Env: e.Key.Env, File: ld.path(e.Key.File), Pos: at}
		if (e.Key.Env == "") == (e.Key.File == "") {
			d.wrong(at, "say where the key is: either {env: NAME} or {file: path}")
		}
	}
	if e.MaxCost > 0 && e.PriceIn+e.PriceOut == 0 {
		d.wrong(d.at("judge", "max-cost"), "without price-in and price-out nothing is known to cost anything")
	}
	return j
}

// project reads touchstone.yaml.
func (ld *loader) project(p *Project) {
	const file = "touchstone.yaml"
	if !ld.exists(file, true) {
		return
	}
	var f projectFile
	d, _ := ld.read("project", file, &f)
	if d == nil {
		return
	}
	p.Name = f.Project
	p.Database = ld.path(cmp.Or(f.Database, "touchstone.db"))
	p.Evidence = ld.path(cmp.Or(f.Evidence, "evidence"))
	p.Browser = Browser{Path: f.Browser.Path, Unboxed: f.Browser.Sandbox == "off", Isolate: f.Browser.Isolation == "on", Canary: f.Browser.Canary != "off"}
	p.Costs = d.costs(f.Costs)
	p.Suppress = f.Suppress
	if f.Retention != "" {
		p.Retention, _ = parseSpan(f.Retention) // a wrong one was said
	}
	if f.Sender != nil {
		p.Sender = Sender(*f.Sender)
	}
	if r := f.Report; r != nil {
		p.Report = Report{Title: r.Title, Language: r.Language, Author: r.Author, Logo: ld.path(r.Logo), Colour: r.Colour, Intro: ld.path(r.Intro), Closing: ld.path(r.Closing), Evidence: r.Evidence}
	}
	p.Judge = ld.judgeModel(d, f.Judge)
	p.Caps = Caps{PerSitePerDay: cmp.Or(f.Caps.PerSitePerDay, 2), PerSitePerWeek: cmp.Or(f.Caps.PerSitePerWeek, 6)}
	p.Caps.MinDistance, _ = parseSpan(cmp.Or(f.Caps.MinDistance, "3h"))
	if p.Caps.PerSitePerWeek < p.Caps.PerSitePerDay {
		d.wrong(d.at("caps"), "per-site-per-week (%d) is less than per-site-per-day (%d)", p.Caps.PerSitePerWeek, p.Caps.PerSitePerDay)
	}
	ld.accounts(d, f, p)
}
