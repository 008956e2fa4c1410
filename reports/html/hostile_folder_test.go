package html_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	stdhtml "html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/reports"
	"touchstone/reports/card"
	"touchstone/reports/reporttest"
	"touchstone/reports/site"
	"touchstone/reports/snapshot"
)

// drawn are the places of which drawings are made: the axis of time, the map of
// the way, the form, the film.
var drawn = []func(in *reports.Input, site int, s string){
	func(in *reports.Input, i int, s string) { setText(in, i, "mail.class", s) },
	func(in *reports.Input, i int, s string) { setText(in, i, "web.step", `fill in the field "`+s+`"`) },
	func(in *reports.Input, i int, s string) {
		add(in, i, evidence.Fact{Name: "web.trial-message", Step: "typo " + s, Unit: evidence.Text, Text: s})
	},
	func(in *reports.Input, i int, s string) {
		add(in, i, evidence.Fact{Name: "web.visitor", Unit: evidence.Text, Text: s})
		add(in, i, evidence.Fact{Name: "web.browser", Unit: evidence.Text, Text: s})
	},
	func(in *reports.Input, i int, s string) {
		in.Sites[i].Opening = reports.Opening{Zone: s, From: 9 * time.Hour, To: 17 * time.Hour}
	},
	func(in *reports.Input, i int, s string) {
		in.Replies = append(in.Replies, reports.SiteReply{Site: in.Sites[i].ID, Sent: in.Wave.Ended, Answer: s})
	},
}

// The pages of the folder, cards and what scout writes, in German, with their
// drawings: every one of them in one real browser, the policy taken away, and
// not one of the vectors runs or asks the network.
func TestNoVectorFiresElsewhere(t *testing.T) {
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { asked.Add(1); w.WriteHeader(http.StatusNotFound) }))
	defer proxy.Close()
	vectors := 0
	vector := func() string {
		vectors++
		return strings.ReplaceAll(shapes[vectors%len(shapes)], "JS", fmt.Sprintf("top.document.documentElement.dataset.x%d=1;new Image().src=`//elsewhere.example/%d`", vectors, vectors))
	}

	const sites = 12
	in := reporttest.Panel(sites)
	in.Language, in.Evidence = "de", reports.Full
	names := make([]string, 0, len(places))
	for name := range places {
		names = append(names, name)
	}
	slices.Sort(names)
	logs := map[evidence.Ref]string{}
	for i := range sites {
		for _, name := range names {
			places[name](&in, i, vector())
		}
		for _, put := range drawn {
			put(&in, i, vector())
		}
		ref := evidence.Ref(fmt.Sprintf("%064x", i+1))
		observation(&in, i, "web").Evidence["network.har"] = ref
		logs[ref] = visitedPages(t, vector)
	}
	mail := "Received: from a by " + vector() + "; Mon, 02 Nov 2026 09:00:00 +0000\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>" + vector() + "</p>"
	in.Open = func(_ context.Context, ref evidence.Ref) (io.ReadCloser, error) {
		if log, ok := logs[ref]; ok {
			return io.NopCloser(strings.NewReader(log)), nil
		}
		return io.NopCloser(strings.NewReader(mail)), nil
	}
	for _, put := range everywhere {
		put(&in, vector())
	}
	r := reporttest.Build(t, in)

	pages := map[string]string{}
	keep := func(name string, write func(io.Writer) error) error {
		var buf bytes.Buffer
		err := write(&buf)
		pages[name] = buf.String()
		return err
	}
	paper := card.Paper{
		Print:   func([]byte) ([]byte, error) { return nil, nil },
		Picture: func(page []byte, _, _ int) ([]byte, error) { return page, nil }, // the page that is drawn
	}
	for _, f := range []reports.Format{site.Format(), card.Format(paper)} {
		if err := f.Files(keep, r); err != nil {
			t.Fatal(err)
		}
	}
	v := vector
	found := snapshot.Snapshot{Shop: v(), URL: "javascript:" + v(), Time: reporttest.Start, Version: v(), Language: "de", Goals: []snapshot.Goal{
		{Name: v(), About: v(), State: v(), URL: "javascript:" + v(), Path: []string{v(), v()}, Why: v(), Says: v(), Facts: [][2]string{{v(), v()}}, Answers: [][3]string{{v(), v(), "javascript:" + v()}}, Refused: []string{v()}, Seen: []string{v()}},
		{Name: v(), State: "reached", Sure: 1, Clicks: 1, URL: "https://shop.example/" + v(), Path: []string{v()}, Says: v()},
	}, Pictures: []snapshot.Picture{{Name: v(), PNG: []byte(v())}}}
	if err := keep("snapshot.html", func(w io.Writer) error { return snapshot.Write(w, found) }); err != nil {
		t.Fatal(err)
	}

	const control = "<script>top.document.documentElement.dataset.control=1</script>"
	policy := regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)
	var all strings.Builder
	all.WriteString("<!DOCTYPE html><html><head></head><body><iframe srcdoc=\"" + stdhtml.EscapeString(control) + "\"></iframe>")
	drawings := 0
	for name, page := range pages {
		if page == "" { // what would be printed
			continue
		}
		drawings += strings.Count(page, `class="drawing"`)
		page = strings.ReplaceAll(policy.ReplaceAllString(page, ""), "<details", "<details open")
		fmt.Fprintf(&all, "<iframe title=\"%s\" srcdoc=\"%s\"></iframe>\n", name, stdhtml.EscapeString(page))
	}
	dom := browse(t, proxy.URL, all.String())
	head := dom[:strings.Index(dom, "<head")]
	if !strings.Contains(head, `data-control="1"`) {
		t.Fatal("nothing runs in the frames: that no vector did can't be trusted")
	}
	if ran := regexp.MustCompile(`data-x\d+=`).FindAllString(head, -1); len(ran) > 0 {
		t.Errorf("%d vectors ran: %v", len(ran), ran)
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("the pages made %d requests", n)
	}
	if len(pages) < 1+sites+4*sites || drawings < 2*sites || vectors < 200 {
		t.Errorf("only %d pages, %d drawings and %d vectors were tried", len(pages), drawings, vectors)
	}
	t.Logf("%d vectors in %d pages with %d drawings", vectors, len(pages), drawings)
}

// visitedPages is the log of a visit to pages of hostile names.
func visitedPages(t *testing.T, vector func() string) string {
	t.Helper()
	var entries []map[string]any
	for _, path := range []string{"/", "/" + vector(), "/cart?q=" + vector(), "/"} {
		entries = append(entries, map[string]any{"_resourceType": "document", "_step": vector(),
			"request": map[string]any{"url": "https://shop.example" + path}, "response": map[string]any{"status": 404}})
	}
	log, err := json.Marshal(map[string]any{"log": map[string]any{"entries": entries}})
	if err != nil {
		t.Fatal(err)
	}
	return string(log)
}
