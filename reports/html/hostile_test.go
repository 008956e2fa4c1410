package html_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"touchstone/internal/assets"
	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/html"
	"touchstone/reports/reporttest"
	"touchstone/scoring"
)

// shapes are the ways in which a stranger's words could become code. JS is
// replaced by code that leaves a mark on the document and asks the network.
var shapes = []string{
	`<script>JS</script>`,
	`</script><script>JS</script>`,
	`</style><script>JS</script>`,
	`</title></textarea><script>JS</script>`,
	`--><script>JS</script>`,
	`]]><script>JS</script>`,
	`"><script>JS</script>`,
	`'><script>JS</script>`,
	`<img src=x onerror="JS">`,
	`"><img src=x onerror='JS'>`,
	`<svg onload="JS">`,
	`<svg><script>JS</script></svg>`,
	`</text></svg><svg onload="JS">`,
	`<svg><animate onbegin="JS" attributeName=x dur=1s>`,
	`<iframe srcdoc="<script>JS</script>"></iframe>`,
	`<iframe src="javascript:JS"></iframe>`,
	`<details open ontoggle="JS">`,
	`<body onload="JS">`,
	`<input autofocus onfocus="JS">`,
	`<video><source onerror="JS"></video>`,
	`<object data="javascript:JS"></object>`,
	`<meta http-equiv="refresh" content="0;url=javascript:JS">`,
	`<link rel=stylesheet href="http://elsewhere.example/x.css">`,
	`<style>@import 'http://elsewhere.example/x.css';</style>`,
	`" autofocus tabindex=1 onfocus="JS" x="`,
	`' autofocus tabindex=1 onfocus='JS' x='`,
	`__f__function(){JS}__f__`,
	`__f__(()=>{JS})()__f__`,
	`{{constructor.constructor("JS")()}}`,
	`${JS}`,
	"`+(()=>{JS})()+`",
	`\u003cscript\u003eJS\u003c/script\u003e`,
	`<!--<script>JS//--></script>`,
	`<math><mtext></p><img src=x onerror="JS"></mtext></math>`,
	`<noscript><p title="</noscript><img src=x onerror='JS'>">`,
	`{a}{b}{c}{@x}<img src=x onerror="JS">`,
}

// places are where such words may stand, for one site of the panel.
var places = map[string]func(in *reports.Input, site int, s string){
	"site name":     func(in *reports.Input, i int, s string) { in.Sites[i].Name = s },
	"site address":  func(in *reports.Input, i int, s string) { in.Sites[i].URL = "javascript:" + s },
	"site mail":     func(in *reports.Input, i int, s string) { in.Sites[i].Email = s },
	"site language": func(in *reports.Input, i int, s string) { in.Sites[i].Language = s },
	"authorisation": func(in *reports.Input, i int, s string) { in.Sites[i].Authorisation = s },
	"reason":        func(in *reports.Input, i int, s string) { observation(in, i, "mail").Reason = s },
	"mail from":     func(in *reports.Input, i int, s string) { setText(in, i, "mail.from", s) },
	"mail subject":  func(in *reports.Input, i int, s string) { setText(in, i, "mail.subject", s) },
	"mail text":     func(in *reports.Input, i int, s string) { setText(in, i, "mail.text", s) },
	"mail class":    func(in *reports.Input, i int, s string) { setText(in, i, "mail.class", s) },
	"mail rule":     func(in *reports.Input, i int, s string) { setText(in, i, "mail.rule", s) },
	"step words":    func(in *reports.Input, i int, s string) { setText(in, i, "web.step", s) },
	"fact name": func(in *reports.Input, i int, s string) {
		add(in, i, evidence.Fact{Name: s, Unit: evidence.Text, Text: "x"})
	},
	"fact text": func(in *reports.Input, i int, s string) {
		add(in, i, evidence.Fact{Name: "x", Unit: evidence.Text, Text: s})
	},
	"fact step": func(in *reports.Input, i int, s string) {
		add(in, i, evidence.Fact{Name: "x", Step: s, Unit: evidence.Count})
	},
	"fact unit": func(in *reports.Input, i int, s string) { add(in, i, evidence.Fact{Name: "x", Unit: evidence.Unit(s)}) },
	"missing": func(in *reports.Input, i int, s string) {
		o := observation(in, i, "mail")
		o.Missing = append(o.Missing, s)
	},
	"evidence name": func(in *reports.Input, i int, s string) { observation(in, i, "web").Evidence["01-"+s+".png"] = "00" },
	"mark shown":    func(in *reports.Input, i int, s string) { in.Result.Sites[i].Categories[0].Marks[0].Shown = s },
	"mark warning": func(in *reports.Input, i int, s string) {
		m := &in.Result.Sites[i].Categories[0].Marks[0]
		m.Warnings = []string{s}
	},
	"total's reason": func(in *reports.Input, i int, s string) { in.Result.Sites[i].Reason = s },
	"graded by":      func(in *reports.Input, i int, s string) { in.Result.Sites[i].Graded = s },
}

// everywhere are places that the whole report has once.
var everywhere = []func(in *reports.Input, s string){
	func(in *reports.Input, s string) { in.Title = s },
	func(in *reports.Input, s string) { in.Wave.ID, in.Wave.Version, in.Wave.Plan = s, s, s },
	func(in *reports.Input, s string) { in.Scenarios[0].Title, in.Scenarios[1].About = s, s },
	func(in *reports.Input, s string) { in.Sites[2].Cohort = s },
	func(in *reports.Input, s string) {
		in.Result.Scorecard.Categories[0].Title, in.Result.Scorecard.Categories[1].Because = s, s
	},
	func(in *reports.Input, s string) {
		in.Result.Scorecard.Grades[1].Label, in.Result.Scorecard.About = s, s
	},
	func(in *reports.Input, s string) {
		in.Result.Scorecard.Gates[0].Title, in.Result.Scorecard.Gates[0].Cap = s, s
	},
	func(in *reports.Input, s string) {
		in.Review = &reports.Review{Summary: []string{s}, Corrections: []reports.Correction{{Probe: in.Observations[0].Probe, Item: s, Machine: s, Value: s, By: s, Why: s}}}
	},
	func(in *reports.Input, s string) {
		l, err := reports.NewLabel(s, nil, "#204060", s+"\n\n[x](javascript:"+s+")", "> "+s)
		if err != nil {
			panic(err)
		}
		in.Label = l
	},
	func(in *reports.Input, s string) {
		before := reporttest.Panel(3).Result
		before.Scorecard.ID = s
		before.Sites[0].Site, before.Sites[0].Categories[0].Marks[0].Shown = s, s
		in.Before = &reports.Before{Wave: reports.Wave{ID: s}, Result: before}
	},
}

func observation(in *reports.Input, site int, kind string) *evidence.Observation {
	for i := range in.Observations {
		o := &in.Observations[i]
		if o.Probe.Site == in.Sites[site].ID && o.Kind == kind && (kind != "mail" || len(o.Facts) > 12) {
			return o
		}
	}
	panic("the panel has no " + kind)
}

func add(in *reports.Input, site int, f evidence.Fact) {
	o := observation(in, site, "web")
	o.Facts = append(o.Facts, f)
}

func setText(in *reports.Input, site int, name, s string) {
	for i := range in.Observations {
		o := &in.Observations[i]
		for j := range o.Facts {
			if o.Probe.Site == in.Sites[site].ID && o.Facts[j].Name == name {
				o.Facts[j].Text = s
			}
		}
	}
}

// Every shape at every place, in a real browser with the real chart script:
// none leaves a mark or makes a request, not even with the policy taken away.
func TestNoVectorFires(t *testing.T) {
	script, err := assets.Get(assets.ECharts)
	if err != nil {
		t.Fatal(err)
	}
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); w.WriteHeader(http.StatusNotFound) }))
	defer proxy.Close()

	vectors := 0
	vector := func(shape string) string {
		vectors++
		return strings.ReplaceAll(shape, "JS", fmt.Sprintf("top.document.documentElement.dataset.x%d=1;new Image().src=`//elsewhere.example/%d`", vectors, vectors))
	}
	var control strings.Builder
	for _, s := range shapes {
		control.WriteString(vector(s) + "\n")
	}
	fired := regexp.MustCompile(`data-x\d+=`)
	dom := browse(t, proxy.URL, "<!DOCTYPE html><html><head></head><body>"+control.String())
	if n := len(fired.FindAllString(dom[:strings.Index(dom, "<head")], -1)); n < 6 || asked.Load() == 0 {
		t.Fatalf("without a report only %d shapes ran and %d requests were made: the marks can't be trusted", n, asked.Load())
	}
	vectors = 0

	const each = 12 // sites whose marks are drawn with their numbers
	for from := 0; from < len(shapes); from += each {
		in := reporttest.Panel(each)
		in.Evidence = reports.Full
		for i := range each {
			shape := shapes[(from+i)%len(shapes)]
			for _, put := range places {
				put(&in, i, vector(shape))
			}
		}
		for i, put := range everywhere {
			put(&in, vector(shapes[(from+i)%len(shapes)]))
		}
		mail := "Received: from a by " + vector(shapes[from]) + "; Mon, 02 Nov 2026 09:00:00 +0000\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
		for _, s := range shapes[from:min(from+each, len(shapes))] {
			mail += "<p>" + vector(s) + "</p>\n"
		}
		in.Open = func(context.Context, evidence.Ref) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader([]byte(mail))), nil
		}
		page := render(t, script, in)
		if !strings.Contains(page, "<iframe sandbox") {
			t.Error("no mail is shown as it was laid out")
		}
		policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)
		if len(policy.FindAllString(page, -1)) != 1 {
			t.Fatal("the page has no policy")
		}
		asked.Store(0)
		for name, page := range map[string]string{"with the policy": page, "without": policy.ReplaceAllString(page, "")} {
			// Everything is opened, so that whatever waits for a toggle runs.
			page = strings.ReplaceAll(page, "<details", "<details open")
			dom := browse(t, proxy.URL, page)
			head := dom[:strings.Index(dom, "<head")]
			if found := fired.FindAllString(head, -1); len(found) > 0 {
				t.Errorf("%s: %d vectors ran: %v", name, len(found), found)
			}
			if !strings.Contains(head, `data-ready="yes"`) {
				t.Errorf("%s: the charts were not drawn", name)
			}
			if n := asked.Load(); n != 0 {
				t.Errorf("%s: the report made %d requests", name, n)
			}
		}
	}
	if vectors < 200 {
		t.Errorf("only %d vectors were tried", vectors)
	}
	t.Logf("%d vectors of %d shapes", vectors, len(shapes))
}

// Whatever strangers write, a phone shows the page without a sideways scroll.
func TestHostileWidths(t *testing.T) {
	probe := []byte(`document.documentElement.dataset.width = document.documentElement.scrollWidth + " of " + document.documentElement.clientWidth;
		document.documentElement.dataset.widest = [...document.querySelectorAll("main *, header *, footer *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".wide, .chart, svg")).slice(0, 4).map((e) => e.tagName + "." + e.className).join(" ");`)
	names := map[string]string{
		"10 kB":         strings.Repeat("Unbreakable", 930),
		"right to left": "\u202e" + strings.Repeat("متجر الشاي ", 40),
		"zero width":    "Sh\u200bop\u200d\ufeff" + strings.Repeat("\u200b", 500) + "\u2060",
		"emoji":         strings.Repeat("👩‍👩‍👧‍👦🫖", 200),
		"stacked marks": "Z" + strings.Repeat("\u0335\u0489", 300),
	}
	cases := map[string]func(*reports.Input){
		"one site": func(in *reports.Input) {
			*in = one(*in)
		},
		"no reply at all": func(in *reports.Input) {
			for i := range in.Observations {
				in.Observations[i].Outcome, in.Observations[i].Facts = evidence.Silent, nil
			}
		},
		"missing values": func(in *reports.Input) {
			for i := range in.Result.Sites {
				in.Result.Sites[i] = scoring.SiteScore{Site: in.Result.Sites[i].Site, State: scoring.NotMeasured}
			}
			in.Wave, in.Scenarios[0].Window = reports.Wave{}, 0
		},
		"a crowd": func(in *reports.Input) { *in = reporttest.Panel(40) },
	}
	for name, s := range names {
		cases[name] = func(in *reports.Input) {
			for place, put := range places {
				if !strings.HasPrefix(place, "fact") {
					put(in, 1, s)
				}
			}
			for _, put := range everywhere[2:4] { // the rest is the operator's own
				put(in, s)
			}
			in.Sites[0].Name = s
		}
	}
	for name, change := range cases {
		in := reporttest.Panel(4)
		change(&in)
		page := strings.ReplaceAll(render(t, probe, in), "<details", "<details open")
		dom := browse(t, "http://127.0.0.1:9", page, "--window-size=390,900")
		if got := regexp.MustCompile(`data-width="(\d+) of (\d+)"`).FindStringSubmatch(dom); got == nil || got[1] != got[2] {
			t.Errorf("%s: the page is %v wide: %s", name, got, regexp.MustCompile(`data-widest="[^"]*"`).FindString(dom))
		}
		for _, bad := range []string{"NaN", "Inf ", "%!", "&lt;nil&gt;"} {
			if strings.Contains(dom, bad) {
				t.Errorf("%s: the report says %q", name, bad)
			}
		}
	}
}

// one leaves the first site of a panel.
func one(in reports.Input) reports.Input {
	in.Sites, in.Result.Sites = in.Sites[:1], in.Result.Sites[:1]
	var own []evidence.Observation
	for _, o := range in.Observations {
		if o.Probe.Site == in.Sites[0].ID {
			own = append(own, o)
		}
	}
	in.Observations = own
	return in
}

// A panel of 125 sites fits into a mail, without its pictures.
func TestPanelSize(t *testing.T) {
	script, err := assets.Get(assets.ECharts)
	if err != nil {
		t.Fatal(err)
	}
	const most = 6e6
	if n := len(render(t, script, reporttest.Panel(125))); n > most {
		t.Errorf("125 sites make %d bytes, at most %.0f are wanted", n, most)
	}
}

func BenchmarkPanel(b *testing.B) {
	in := reporttest.Panel(125)
	script := bytes.Repeat([]byte("x"), 1<<20)
	for b.Loop() {
		var buf bytes.Buffer
		r, err := reports.New(b.Context(), in)
		if err == nil {
			err = html.Format(script).Write(&buf, r)
		}
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(buf.Len()), "bytes")
	}
}
