package web

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web/find"
)

// platform serves a small shop in the manner of one family of shop software,
// out of a file of pages: "-- PATH TITLE --" and then the body. "-- frame --"
// is what stands round each, with {title} and {body}; {count} and {sum} follow
// the basket, {full:…} and {empty:…} show with it and without, {first:…} until
// a cookie is set. "-- post PATH --" says where a form leads, and that the
// basket is full then. "-- absent --" names the goals that the shop lacks, and
// "-- doings --" those that do something and are there.
func platform(t testing.TB, file string) (shop *httptest.Server, missing, doings []string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head := regexp.MustCompile(`(?m)^-- (.+) --\n`)
	at := head.FindAllStringSubmatchIndex(string(data), -1)
	pages, titles, posts := map[string]string{}, map[string]string{}, map[string]string{}
	for i, m := range at {
		end := len(data)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		name, body := string(data[m[2]:m[3]]), strings.TrimSpace(string(data[m[1]:end]))
		if p, ok := strings.CutPrefix(name, "post "); ok {
			posts[p] = body
			continue
		}
		if name == "absent" {
			missing = strings.Fields(body)
			continue
		}
		if name == "doings" {
			doings = strings.Fields(body)
			continue
		}
		path, title, _ := strings.Cut(name, " ")
		pages[path], titles[path] = body, title
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		full := false
		if c, err := r.Cookie("cart"); err == nil {
			full = c.Value == "1"
		}
		_, err := r.Cookie("c")
		first := err != nil
		if r.URL.Path == "/i.svg" || r.URL.Path == "/favicon.ico" {
			w.Header().Set("Content-Type", "image/svg+xml")
			fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>`)
			return
		}
		if r.Method == http.MethodPost {
			to, ok := posts[r.URL.Path]
			if !ok {
				http.Error(w, "nothing takes this", http.StatusMethodNotAllowed)
				t.Errorf("%s: posted to %s", filepath.Base(file), r.URL)
				return
			}
			to, then, _ := strings.Cut(to, " ")
			if then == "full" {
				http.SetCookie(w, &http.Cookie{Name: "cart", Value: "1", Path: "/"})
			}
			http.Redirect(w, r, to, http.StatusSeeOther)
			return
		}
		key := r.URL.Path
		for q := range r.URL.Query() {
			if _, ok := pages[key+"?"+q]; ok {
				key += "?" + q
				break
			}
		}
		body, ok := pages[key]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			body = "<h1>404</h1>"
		}
		term := ""
		for _, v := range r.URL.Query() {
			term += html.EscapeString(strings.Join(v, " ")) + " "
		}
		count, sum := "0", "0,00"
		if full {
			count, sum = "1", ""
		}
		page := strings.NewReplacer("{body}", body, "{title}", titles[key]).Replace(pages["frame"])
		page = strings.NewReplacer("{q}", strings.TrimSpace(strings.Replace(term, "product", "", 1)), "{count}", count, "{sum}", sum).Replace(page)
		for mark, show := range map[string]bool{"{full:": full, "{empty:": !full, "{first:": first} {
			for i := strings.Index(page, mark); i >= 0; i = strings.Index(page, mark) {
				end := strings.Index(page[i:], "}")
				// What is shown holds no braces but styles, which stand in the frame's head.
				inner := page[i+len(mark) : i+end]
				if !show {
					inner = ""
				}
				page = page[:i] + inner + page[i+end+1:]
			}
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	}))
	t.Cleanup(s.Close)
	return s, missing, doings
}

func TestGoalsOnPlatforms(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/platforms/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			shop, missing, _ := platform(t, file)
			found := scouting(t, shared, shop.URL+"/")
			for _, g := range find.Goals() {
				f := found[g.Name]
				want := Reached
				if slices.Contains(missing, g.Name) {
					want = Absent
				}
				if f.State != want {
					t.Errorf("%s is %s, want %s: %s", g.Name, f.State, want, f.Evidence.Why)
				}
			}
		})
	}
}

// A page whose classes say how everything looks when it is disabled or wrong,
// whose country is chosen from a list that a script draws, and which asks how
// to deliver and to pay only once it has read the address: after a while, or
// before anybody has looked again.
func TestCheckoutThatAsksBitByBit(t *testing.T) {
	t.Parallel()
	const later = "testdata/platforms/utility-en.txt"
	text, err := os.ReadFile(later)
	if err != nil {
		t.Fatal(err)
	}
	atOnce := filepath.Join(t.TempDir(), filepath.Base(later))
	if err := os.WriteFile(atOnce, bytes.ReplaceAll(text, []byte("}, 600)"), []byte("}, 0)")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file, country string
		want          State
	}{{later, "GB", Reached}, {atOnce, "GB", Reached}, {later, "JP", Broken}} {
		shop, _, _ := platform(t, c.file)
		country, want := c.country, c.want
		found := map[string]Finding{}
		k, who := Kind(shared), customer("Europe/London")
		who.Country, who.State = country, ""
		task := &probes.Task{Probe: evidence.ProbeID{Wave: "w", Site: "s", Scenario: "bits", Repeat: 1}, Effects: everyEffect, Random: 7, Persona: who,
			Site:   probes.Site{ID: "s", URL: shop.URL + "/", Own: true},
			Params: Scouting([]string{"fill-checkout", "reach-payment"}, "", func(f Finding) { found[f.Goal] = f })}
		if err := k.Visit(t.Context(), task, probes.NewRecorder(&k, task.Probe, "bits", Reading, time.Unix(0, 0), evidence.NewMemory().Put)); err != nil {
			t.Fatal(err)
		}
		for goal, f := range found {
			if f.State != want {
				t.Errorf("a customer from %s: %s is %s, want %s: %s %v", country, goal, f.State, want, f.Evidence.Why, f.Evidence.Facts)
			}
		}
		if f := found["fill-checkout"]; want == Broken && !strings.Contains(f.Evidence.Why, "country is not offered, but Canada") {
			t.Errorf("why it is broken: %s", f.Evidence.Why)
		}
	}
}
