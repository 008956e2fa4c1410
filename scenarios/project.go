package scenarios

import (
	"cmp"
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
	Suppress []string    `json:"suppress,omitempty" jsonschema:"format=suppression" jsonschema_description:"addresses, or domains written @shop.example, that are never written to"`
}

type browserFile struct {
	Path string `json:"path,omitempty" jsonschema_description:"the Chromium to use, instead of the first that is found"`
}

type capsEntry struct {
	PerSitePerDay  int    `json:"per-site-per-day,omitempty" jsonschema:"minimum=1,maximum=1000,default=2" jsonschema_description:"contacts with one site in a day"`
	PerSitePerWeek int    `json:"per-site-per-week,omitempty" jsonschema:"minimum=1,maximum=1000,default=6" jsonschema_description:"contacts with one site in seven days"`
	MinDistance    string `json:"min-distance,omitempty" jsonschema:"format=span,default=3h" jsonschema_description:"the least time between two contacts with one site"`
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
	p.Browser = Browser{Path: f.Browser.Path}
	p.Suppress = f.Suppress
	p.Caps = Caps{PerSitePerDay: cmp.Or(f.Caps.PerSitePerDay, 2), PerSitePerWeek: cmp.Or(f.Caps.PerSitePerWeek, 6)}
	p.Caps.MinDistance, _ = parseSpan(cmp.Or(f.Caps.MinDistance, "3h"))
	if p.Caps.PerSitePerWeek < p.Caps.PerSitePerDay {
		d.wrong(d.at("caps"), "per-site-per-week (%d) is less than per-site-per-day (%d)", p.Caps.PerSitePerWeek, p.Caps.PerSitePerDay)
	}
	ld.accounts(d, f, p)
}
