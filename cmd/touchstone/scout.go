package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web"
	"touchstone/probes/web/find"
	"touchstone/reports/snapshot"
	"touchstone/scenarios"
)

// scouting is what the flags of scout say.
type scouting struct {
	as, out, browser, language, query, ways, email string
	goals                                          []string
	asJSON, noOpen                                 bool

	who    probes.Persona // the customer who comes
	spoken string         // the language of the evidence pages
}

// A scouted shop is what one visit found.
type scouted struct {
	Site  string        `json:"site"`
	URL   string        `json:"url"`
	Goals []web.Finding `json:"goals"`

	host string
	shop web.Shop
	took time.Duration
	page string // the page of evidence that was written; empty: none
	lost error  // it could not be written
	err  error
}

func (a *app) scout() *cobra.Command {
	var s scouting
	names := []string{}
	for _, g := range slices.Concat(find.Goals(), find.Doings()) {
		names = append(names, g.Name)
	}
	c := &cobra.Command{
		Use:   "scout URL... | FILE",
		Short: "Come to a shop as a first-time customer and say what can be found, with no configuration",
		Long: `Scout visits a shop that it has never seen, finds its way by itself, and says
what a customer can find there: in how many presses, what is missing, and how
sure that is. It reads pages, puts a product into the basket and opens the
checkout; what goes further is done only where --as says that it may be.

It writes a page of evidence for each shop, and prints the entry for sites.yaml.
A file holds an address a line; several shops give a table.

The goals: ` + strings.Join(names, ", ") + `.

Exit codes: 0 looked at, 2 usage, 3 a shop could not be tested, 5 a goal that
was asked for is not granted, 130 interrupted: what is there so far is printed.`,
		Example: "  touchstone scout https://shop.example\n  touchstone scout shops.txt --json\n  touchstone scout https://shop.example --goal find-returns-policy --write-scenarios scenarios",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !cmd.Flags().Changed("out") && s.asJSON {
				s.out = ""
			}
			return a.scoutAll(cmd.Context(), s, args)
		},
	}
	f := c.Flags()
	f.StringVar(&s.as, "as", "", "what allows more than looking: own, permission or public-enquiry")
	f.StringSliceVar(&s.goals, "goal", nil, "only this goal (several times, or divided by commas)")
	f.StringVar(&s.query, "query", "", "what to search the goods for; a word of the shop's own when left out")
	f.StringVar(&s.language, "language", "en", "the language that the customer speaks, and the country of a shop that delivers to one only: en, en-US, de, fr")
	f.StringVar(&s.email, "email", "", "the address that the customer gives in forms: one of yours, where the shop's answers may go")
	f.StringVar(&s.browser, "browser", "", "the browser's program (or TOUCHSTONE_BROWSER)")
	f.StringVar(&s.out, "out", "touchstone-scout", "the folder for the evidence pages; empty: none")
	f.StringVar(&s.ways, "write-scenarios", "", "a folder to which the ways found are written as scenarios")
	f.BoolVar(&s.asJSON, "json", false, "print the findings as JSON")
	f.BoolVar(&s.noOpen, "no-open", false, "do not open the evidence page in a browser")
	return c
}

// scoutAll visits the shops, three at a time, and prints what was found.
func (a *app) scoutAll(ctx context.Context, s scouting, args []string) error {
	addresses, err := shopAddresses(args)
	if err != nil {
		return err
	}
	if s.as != "" && !slices.Contains([]string{scenarios.Own, scenarios.Permission, scenarios.PublicEnquiry}, s.as) {
		return usage("--as %s: it is one of %s, %s, %s", s.as, scenarios.Own, scenarios.Permission, scenarios.PublicEnquiry)
	}
	asked := len(s.goals) > 0
	for _, g := range s.goals {
		if _, ok := find.Named(g); !ok {
			return usage("--goal %s: there is no such goal; see `touchstone scout --help`", g)
		}
	}
	if !asked {
		for _, g := range find.Goals() {
			s.goals = append(s.goals, g.Name)
		}
		if s.as != "" {
			s.goals = append(s.goals, "fill-checkout", "reach-payment")
		}
	}
	if s.who, err = a.language().Shopper(s.language); err != nil {
		return err
	}
	s.who.Language, s.who.Email, s.spoken = s.language, s.email, a.spoken()
	tmp, err := os.MkdirTemp("", "touchstone-")
	if err != nil {
		return fmt.Errorf("a folder for the browser's profile: %w", err)
	}
	defer os.RemoveAll(tmp)
	browser, err := web.Open(web.Options{Path: cmp.Or(s.browser, a.getenv("TOUCHSTONE_BROWSER")), TempDir: tmp, Log: a.log})
	if err != nil {
		return err
	}
	defer browser.Close()
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()

	const atOnce = 3
	shops := make([]*scouted, len(addresses))
	ids := map[string]bool{}
	turn := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, u := range addresses {
		shops[i] = &scouted{Site: siteID(u, ids), URL: u.String(), host: u.Host, Goals: []web.Finding{}}
		all.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			if ctx.Err() == nil {
				a.scoutOne(ctx, browser, s, shops[i], len(addresses) > 1)
			}
		})
	}
	all.Wait()
	if err := a.tell(s, shops); err != nil {
		return err
	}
	return verdictOf(ctx, shops, asked)
}

// scoutOne visits one shop and writes its page.
func (a *app) scoutOne(ctx context.Context, b *web.Browser, s scouting, shop *scouted, several bool) {
	kind := web.Kind(b)
	params := web.Scouting(s.goals, s.query, func(f web.Finding) {
		shop.Goals = append(shop.Goals, f)
		if a.quiet {
			return
		}
		prefix := ""
		if several {
			prefix = shop.host + "  "
		}
		fmt.Fprintf(a.stderr, "%s%s\n", prefix, lineOf(f))
	})
	begun := time.Now()
	task := &probes.Task{
		Probe:   evidence.ProbeID{Wave: "scout", Site: shop.Site, Scenario: "scout", Repeat: 1},
		Params:  params,
		Site:    probes.Site{ID: shop.Site, Name: shop.host, URL: shop.URL, Own: s.as == scenarios.Own},
		Persona: s.who,
		Random:  uint64(begun.UnixNano()), // of it come passwords
	}
	allowed := scenarios.Authorisation{As: s.as}
	for _, e := range kind.Effects {
		if ok, _ := allowed.GrantsTo(kind, e); ok && s.as != "" {
			task.Effects = append(task.Effects, e)
		}
	}
	store := evidence.NewMemory()
	rec := probes.NewRecorder(&kind, task.Probe, "scout", kind.Reading, begun, store.Put)
	if !a.quiet && !several {
		rec.Say = func(string) {}
	}
	shop.err = kind.Visit(ctx, task, rec)
	shop.took, shop.shop = time.Since(begun), params.Shop()
	o := rec.Observation(shop.took)
	if len(shop.Goals) == 0 && shop.err == nil && o.Reason != "" {
		shop.err = errors.New(o.Reason)
	}
	if s.out == "" || len(o.Evidence) == 0 {
		return
	}
	// Written at once: the proofs of many shops would not fit into memory.
	files := map[string][]byte{}
	for name, ref := range o.Evidence {
		r, err := store.Open(context.WithoutCancel(ctx), ref)
		if err != nil {
			shop.err = errors.Join(shop.err, err)
			continue
		}
		data, err := io.ReadAll(r)
		shop.err = errors.Join(shop.err, err, r.Close())
		files[name] = data
	}
	shop.page, shop.lost = a.writeShop(s, shop, files)
}

// shopAddresses reads the arguments: addresses, or files with one a line.
func shopAddresses(args []string) (list []*url.URL, err error) {
	add := func(text, at string) error {
		if !strings.Contains(text, "://") {
			scheme := "https://"
			if onThisMachine(text) {
				scheme = "http://" // what is being built has no certificate
			}
			text = scheme + text
		}
		u, err := url.Parse(text)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return usage("%s: %q is no address of a shop: write https://…", at, text)
		}
		if u.Path == "" {
			u.Path = "/"
		}
		list = append(list, u)
		return nil
	}
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && !info.IsDir() {
			f, err := os.Open(arg)
			if err != nil {
				return nil, usage("%w", err)
			}
			lines := bufio.NewScanner(f)
			for n := 1; lines.Scan(); n++ {
				text, _, _ := strings.Cut(lines.Text(), "#")
				if text = strings.TrimSpace(text); text == "" {
					continue
				}
				if err := add(strings.Fields(text)[0], fmt.Sprintf("%s:%d", arg, n)); err != nil {
					_ = f.Close()
					return nil, err
				}
			}
			if err := errors.Join(lines.Err(), f.Close()); err != nil {
				return nil, fmt.Errorf("read %s: %w", arg, err)
			}
			continue
		} else if !errors.Is(err, fs.ErrNotExist) && err != nil {
			return nil, usage("%w", err)
		}
		if err := add(arg, "the argument"); err != nil {
			return nil, err
		}
	}
	if len(list) == 0 {
		return nil, usage("there is no address to visit")
	}
	return list, nil
}

// onThisMachine reports whether an address without a scheme names this machine.
func onThisMachine(address string) bool {
	u, err := url.Parse("http://" + address)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

var notID = regexp.MustCompile(`[^a-z0-9]+`)

// siteID makes a short name of an address's host, "shop-example", and notes it:
// a second shop there is "shop-example-2".
func siteID(u *url.URL, taken map[string]bool) string {
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	name := strings.Trim(notID.ReplaceAllString(host, "-"), "-")
	id := name
	for n := 2; taken[id]; n++ {
		id = fmt.Sprintf("%s-%d", name, n)
	}
	taken[id] = true
	return id
}

// lineOf gives a finding as a line.
func lineOf(f web.Finding) string {
	mark := map[web.State]string{web.Reached: "✓", web.Absent: "–", web.NotGranted: "○"}[f.State]
	line := fmt.Sprintf("%s %-20s %-11s %3.0f %%", cmp.Or(mark, "!"), f.Goal, f.State, 100*f.Confidence)
	switch f.State {
	case web.Reached:
		presses := "presses"
		if f.Clicks == 1 {
			presses = "press"
		}
		line += fmt.Sprintf("  %d %s", f.Clicks, presses)
		if f.Evidence.Says != "" {
			line += "  " + shortened(f.Evidence.Says, 70)
		}
	default:
		line += "  " + shortened(f.Evidence.Why, 90)
	}
	return line
}

func shortened(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// tell prints and writes what was found.
func (a *app) tell(s scouting, shops []*scouted) error {
	var pages []string
	for _, shop := range shops {
		if shop.lost != nil {
			return shop.lost
		}
		if shop.page != "" {
			pages = append(pages, shop.page)
		}
		if s.ways != "" {
			if err := writeWays(s.ways, shop); err != nil {
				return err
			}
		}
	}
	if s.asJSON {
		if len(shops) == 1 {
			return a.printJSON(shops[0].Goals)
		}
		return a.printJSON(shops)
	}
	if len(shops) > 1 {
		a.table(s.goals, shops)
	}
	for i, shop := range shops {
		if len(shops) == 1 {
			a.one(shop)
		}
		if i == 0 && len(pages) > 0 {
			fmt.Fprintln(a.stdout, "\nThe evidence:")
			for _, p := range pages {
				fmt.Fprintln(a.stdout, "  "+p)
			}
		}
	}
	entries := ""
	for _, shop := range shops {
		if shop.seen() {
			entries += entryOf(s, shop)
		}
	}
	if entries != "" {
		fmt.Fprint(a.stdout, "\nFor sites.yaml (say who allowed it, and look at it before you run a wave):\n\n"+entries)
	}
	if len(pages) == 1 && !s.noOpen {
		openOnScreen(a.getenv, pages[0])
	}
	return nil
}

// seen reports whether something of the shop was seen, be it a wall.
func (s *scouted) seen() bool {
	return slices.ContainsFunc(s.Goals, func(f web.Finding) bool { return f.State != web.Broken })
}

// one prints a shop's snapshot.
func (a *app) one(shop *scouted) {
	reached := 0
	for _, f := range shop.Goals {
		if f.State == web.Reached {
			reached++
		}
	}
	fmt.Fprintf(a.stdout, "%s, %s: %d of %d goals reached in %.0f s\n\n", cmp.Or(shop.shop.Name, shop.host), shop.URL, reached, len(shop.Goals), shop.took.Seconds())
	if m := find.Together(goalsOf(shop)); m.There > 0 {
		fmt.Fprintf(a.stdout, "In shops where it was known beforehand, this search found %d of %d goals that were there, and claimed %d of %d that were not.\n\n", m.Reached, m.There, m.Claimed, m.Lacking)
	}
	if a.quiet || !terminal(a.raw) || !terminal(os.Stdout) { // else the same lines stand right above
		for _, f := range shop.Goals {
			fmt.Fprintln(a.stdout, lineOf(f))
		}
	}
	if shop.err != nil && !errors.Is(shop.err, context.Canceled) { // that it was interrupted is said at the end
		fmt.Fprintf(a.stdout, "! %v\n", shop.err)
	}
}

// goalsOf names what was looked for at a shop.
func goalsOf(shop *scouted) (names []string) {
	for _, f := range shop.Goals {
		names = append(names, f.Goal)
	}
	return names
}

// table prints several shops side by side: presses where a goal was reached.
func (a *app) table(goals []string, shops []*scouted) {
	wide := 0
	for _, shop := range shops {
		wide = max(wide, len(shop.host))
	}
	for i, g := range goals {
		fmt.Fprintf(a.stdout, "%2d %s\n", i+1, g)
	}
	fmt.Fprintf(a.stdout, "\n%-*s ", wide, "shop")
	for i := range goals {
		fmt.Fprintf(a.stdout, "%4d", i+1)
	}
	fmt.Fprintln(a.stdout, "  reached")
	for _, shop := range shops {
		fmt.Fprintf(a.stdout, "%-*s ", wide, shop.host)
		reached := 0
		for _, g := range goals {
			cell := "?"
			if i := slices.IndexFunc(shop.Goals, func(f web.Finding) bool { return f.Goal == g }); i >= 0 {
				switch f := shop.Goals[i]; f.State {
				case web.Reached:
					cell = fmt.Sprint(f.Clicks)
					reached++
				case web.Absent:
					cell = "–"
					if f.Confidence < .6 {
						cell = "–?"
					}
				case web.NotGranted:
					cell = "○"
				default:
					cell = "!"
				}
			}
			fmt.Fprintf(a.stdout, "%*s", 4, cell)
		}
		fmt.Fprintf(a.stdout, "  %d of %d\n", reached, len(goals))
	}
	fmt.Fprintln(a.stdout, "\nNumbers are presses; – not there, –? not found by us, ○ not granted, ! could not be tested.")
}

// entryOf is the shop's entry for sites.yaml.
func entryOf(s scouting, shop *scouted) string {
	var b strings.Builder
	q := plainJSON // a JSON string is a YAML one
	fmt.Fprintf(&b, "  - id: %s\n    name: %s\n    url: %s\n", shop.Site, q(cmp.Or(shop.shop.Name, shop.host)), q(shop.URL))
	if shop.shop.Email != "" {
		fmt.Fprintf(&b, "    email: %s\n", q(shop.shop.Email))
	}
	if shop.shop.Language != "" {
		fmt.Fprintf(&b, "    language: %s\n", q(shop.shop.Language))
	}
	if shop.shop.Phone != "" {
		fmt.Fprintf(&b, "    # telephone: %s\n", shop.shop.Phone)
	}
	fmt.Fprintf(&b, "    authorisation: {as: %s}\n", cmp.Or(s.as, scenarios.PublicEnquiry))
	return b.String()
}

// writeShop writes a shop's evidence: one page, and beside it the records.
func (a *app) writeShop(s scouting, shop *scouted, files map[string][]byte) (string, error) {
	dir := filepath.Join(s.out, shop.Site)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", fmt.Errorf("--out: %w", err)
	}
	snap := snapshot.Snapshot{Shop: cmp.Or(shop.shop.Name, shop.host), URL: shop.URL, Time: time.Now(), Took: shop.took, Version: programVersion(), Language: s.spoken, Measured: snapshot.Measured(find.Together(s.goals))}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if strings.HasSuffix(name, ".png") {
			snap.Pictures = append(snap.Pictures, snapshot.Picture{Name: strings.TrimSuffix(name, ".png"), PNG: files[name]})
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o666); err != nil {
			return "", fmt.Errorf("--out: %w", err)
		}
	}
	for _, f := range shop.Goals {
		g, _ := find.Named(f.Goal)
		show := snapshot.Goal{Name: f.Goal, About: g.About, State: string(f.State), Sure: f.Confidence, Clicks: f.Clicks, Seconds: f.Seconds, URL: f.URL, Path: f.Path, Why: f.Evidence.Why, Says: f.Evidence.Says, Seen: f.Evidence.Seen}
		for _, k := range slices.Sorted(maps.Keys(f.Evidence.Facts)) {
			show.Facts = append(show.Facts, [2]string{k, f.Evidence.Facts[k]})
		}
		for _, an := range f.Evidence.Answers {
			show.Answers = append(show.Answers, [3]string{an.Question, an.Says, an.URL})
		}
		for _, r := range f.Evidence.Refused {
			show.Refused = append(show.Refused, fmt.Sprintf("“%s” on %s (%.2f): %s", r.Control, r.On, r.Score, r.Why))
		}
		snap.Goals = append(snap.Goals, show)
	}
	path := filepath.Join(dir, "index.html")
	f, err := os.Create(path)
	if err != nil {
		return "", fmt.Errorf("--out: %w", err)
	}
	return path, errors.Join(snapshot.Write(f, snap), f.Close())
}

// writeWays writes the ways found as scenarios: each says its goal and the
// steps that led there, which are followed first from then on.
func writeWays(dir string, shop *scouted) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("--write-scenarios: %w", err)
	}
	for _, f := range shop.Goals {
		if f.State != web.Reached || len(f.Steps) == 0 {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%s.yaml", f.Goal, shop.Site)), []byte(wayOf(shop.Site, f)), 0o666); err != nil {
			return fmt.Errorf("--write-scenarios: %w", err)
		}
	}
	return nil
}

func wayOf(site string, f web.Finding) string {
	g, _ := find.Named(f.Goal)
	var b strings.Builder
	fmt.Fprintf(&b, `# Found by touchstone scout. The steps are followed first; where the shop has
# changed and one of them fails, the search for the goal takes over.
id: %s-%s
title: %s
kind: web
task: %s
sites: [%s]
with:
  goal: %s
  steps:
`, f.Goal, site, strings.TrimSuffix(g.About, "."), f.Goal, site, f.Goal)
	for _, s := range f.Steps {
		fmt.Fprintf(&b, "    - %s\n", plainJSON(s))
	}
	return b.String()
}

// plainJSON is a value's JSON, with < and & as they are.
func plainJSON(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // strings and steps always encode
	}
	return strings.TrimSpace(b.String())
}

// verdictOf is the exit code: whether the shops could be looked at, not whether
// they are good.
func verdictOf(ctx context.Context, shops []*scouted, asked bool) error {
	failed, denied, no := 0, 0, ""
	for _, shop := range shops {
		bad := len(shop.Goals) == 0
		for _, f := range shop.Goals {
			bad = bad || f.State == web.Blocked || f.State == web.Broken
			if f.State == web.NotGranted && asked {
				denied, no = denied+1, f.Evidence.Why
			}
		}
		if bad {
			failed++
		}
	}
	switch {
	case ctx.Err() != nil:
		return fail(exitInterrupted, errors.New("interrupted"))
	case denied > 0:
		return fail(exitNotGranted, fmt.Errorf("%s not granted: %s", count(denied, "goal"), no))
	case failed > 0:
		why := ""
		for _, shop := range shops {
			if shop.err != nil {
				why = ": " + shop.err.Error()
			} else if len(shop.Goals) > 0 && (shop.Goals[0].State == web.Blocked || shop.Goals[0].State == web.Broken) {
				why = ": " + shop.Goals[0].Evidence.Why
			}
		}
		return fail(exitInconclusive, fmt.Errorf("%s could not be tested%s", count(failed, "shop"), why))
	}
	return nil
}
