package side

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// open gives the street, or some of its shops, until the test ends.
func open(t *testing.T, names ...string) *Street {
	t.Helper()
	s, err := Open(t.Context(), slog.New(slog.NewTextHandler(t.Output(), nil)), names...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the street: %v", err)
		}
	})
	return s
}

// A walker goes through a shop as a browser without scripts does.
type walker struct {
	t    *testing.T
	shop *Shop
	http *http.Client
	sid  string // the visit, where links carry it
}

func walk(t *testing.T, shop *Shop) *walker {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &walker{t: t, shop: shop, http: &http.Client{Jar: jar}}
}

// A sheet is a page that was opened.
type sheet struct {
	code int
	url  *url.URL
	doc  *html.Node
	raw  string
}

// get opens an address of the shop; post sends a form to one.
func (w *walker) get(path string) *sheet {
	w.t.Helper()
	return w.do(http.MethodGet, path, nil)
}

func (w *walker) post(path string, pairs ...string) *sheet {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return w.do(http.MethodPost, path, strings.NewReader(form.Encode()))
}

func (w *walker) do(method, path string, body io.Reader) *sheet {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, strings.TrimSuffix(w.shop.URL, "/")+path, body)
	if err != nil {
		w.t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := w.http.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	doc, err := html.Parse(strings.NewReader(string(raw)))
	if err != nil {
		w.t.Fatal(err)
	}
	return &sheet{answer.StatusCode, answer.Request.URL, doc, string(raw)}
}

func attr(n *html.Node, name string) (string, bool) {
	i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
	if i < 0 {
		return "", false
	}
	return n.Attr[i].Val, true
}

// all gives the elements of a name; "" is every element.
func (s *sheet) all(name string) (list []*html.Node) {
	for n := range s.doc.Descendants() {
		if n.Type == html.ElementNode && (name == "" || n.Data == name) {
			list = append(list, n)
		}
	}
	return list
}

// words is what stands on the page, with single blanks.
func (s *sheet) words() string {
	var b strings.Builder
	for n := range s.doc.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// links are the addresses that the page's links lead to; frames are those of
// what stands in it.
func (s *sheet) links() []*url.URL  { return s.targets("href", "a", "area") }
func (s *sheet) frames() []*url.URL { return s.targets("src", "frame", "iframe") }

func (s *sheet) targets(key string, names ...string) (list []*url.URL) {
	for _, n := range s.all("") {
		if !slices.Contains(names, n.Data) {
			continue
		}
		if v, ok := attr(n, key); ok && !strings.HasPrefix(v, "mailto:") && !strings.HasPrefix(v, "tel:") {
			if u, err := s.url.Parse(v); err == nil {
				list = append(list, u)
			}
		}
	}
	return list
}

// crawl opens every page that links lead to and tells each with the fewest
// presses from the start page.
func (w *walker) crawl(visit func(path string, presses int, s *sheet)) {
	w.t.Helper()
	w.from("/", visit)
}

// from does that from another page.
func (w *walker) from(start string, visit func(path string, presses int, s *sheet)) {
	w.t.Helper()
	depth, queue := map[string]int{start: 0}, []string{start}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		s := w.get(path)
		if sid := s.url.Query().Get("sid"); sid != "" {
			w.sid = sid
		}
		visit(path, depth[path], s)
		reach := func(u *url.URL, presses int) {
			u.Fragment = ""
			to := u.RequestURI()
			if _, seen := depth[to]; seen || u.Host != s.url.Host || w.shop.at.logout != "" && to == w.shop.at.logout {
				return
			}
			if depth[to] = presses; presses == depth[path] {
				queue = slices.Insert(queue, 0, to)
			} else {
				queue = append(queue, to)
			}
		}
		for _, u := range s.frames() {
			reach(u, depth[path])
		}
		for _, u := range s.links() {
			reach(u, depth[path]+1)
		}
	}
}

// Pages are what a browser expects, and every link leads somewhere.
func TestPages(t *testing.T) {
	for _, shop := range open(t).Shops() {
		t.Run(shop.ID(), func(t *testing.T) {
			pages := 0
			walk(t, shop).crawl(func(path string, _ int, s *sheet) {
				pages++
				if s.code != http.StatusOK {
					t.Errorf("%s answers %d", path, s.code)
				}
				for _, wrong := range faults(s) {
					t.Errorf("%s: %s", path, wrong)
				}
			})
			if pages < 12 && !shop.scripted {
				t.Errorf("only %d pages can be reached", pages)
			}
			if len(shop.goods) < 6 {
				t.Errorf("only %d products", len(shop.goods))
			}
			if shop.Counts() != (Counts{}) {
				t.Errorf("links alone changed something: %+v", shop.Counts())
			}
		})
	}
}

// faults are what is wrong with a page's markup.
func faults(s *sheet) (list []string) {
	ids, labels := map[string]int{}, []string{}
	for _, n := range s.all("") {
		if id, ok := attr(n, "id"); ok {
			ids[id]++
		}
		if n.Data == "label" {
			if id, ok := attr(n, "for"); ok {
				labels = append(labels, id)
			}
		}
		for _, key := range []string{"src", "href", "action", "data"} {
			v, ok := attr(n, key)
			if u, err := s.url.Parse(v); ok && (err != nil || u.Host != "" && u.Host != s.url.Host) {
				list = append(list, fmt.Sprintf("<%s> goes to another host: %s", n.Data, v))
			}
		}
		if _, ok := attr(n, "alt"); n.Data == "img" && !ok {
			list = append(list, "an <img> without alt")
		}
	}
	for id, n := range ids {
		if n > 1 || id == "" || strings.ContainsAny(id, " ") {
			list = append(list, fmt.Sprintf("id %q stands %d times", id, n))
		}
	}
	for _, id := range labels {
		if ids[id] == 0 {
			list = append(list, fmt.Sprintf("a label is for %q, which is not there", id))
		}
	}
	root := s.all("html")[0]
	if lang, _ := attr(root, "lang"); lang == "" {
		list = append(list, "no lang")
	}
	if titles := s.all("title"); len(titles) == 0 || titles[0].FirstChild == nil {
		list = append(list, "no title")
	}
	for _, u := range s.links() {
		if u.Host == s.url.Host && u.Path == s.url.Path && u.Fragment != "" && ids[u.Fragment] == 0 && !strings.Contains(u.Fragment, "/") {
			list = append(list, "nothing is at #"+u.Fragment)
		}
	}
	return append(list, unbalanced(s.raw)...)
}

// unbalanced tells end tags without a beginning and the other way round:
// parsers forgive them, and so hide mistakes of ours.
func unbalanced(raw string) (list []string) {
	void := strings.Fields("area base br col embed frame hr img input link meta source track wbr")
	var stack []string
	z := html.NewTokenizer(strings.NewReader(raw))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			if len(stack) > 0 {
				list = append(list, fmt.Sprintf("never closed: %v", stack))
			}
			return list
		case html.StartTagToken, html.EndTagToken:
			name, _ := z.TagName()
			tag := string(name)
			if slices.Contains(void, tag) {
				continue
			}
			if kind == html.StartTagToken {
				if tag == "form" && slices.Contains(stack, "form") {
					list = append(list, "a form in a form")
				}
				stack = append(stack, tag)
				continue
			}
			if len(stack) == 0 || stack[len(stack)-1] != tag {
				return append(list, fmt.Sprintf("</%s> closes %v", tag, stack[max(0, len(stack)-3):]))
			}
			stack = stack[:len(stack)-1]
		}
	}
}

// What can be reached by links alone takes as many presses as the table says.
func TestFewest(t *testing.T) {
	for _, shop := range open(t).Shops() {
		if shop.scripted {
			continue // its links are drawn by a script: see TestInTheBrowser
		}
		t.Run(shop.ID(), func(t *testing.T) {
			near := map[string]int{}
			text := map[string]string{}
			walk(t, shop).crawl(func(path string, presses int, s *sheet) {
				path, _, _ = strings.Cut(path, "&sid=")
				near[path], text[path] = presses, s.words()
			})
			for _, g := range shop.Goals() {
				if g.State != Reached || !strings.HasPrefix(g.Name, "find-") && g.Name != "open-product" {
					continue
				}
				n, ok := near[g.Path]
				if !ok || n != g.Fewest-g.Unfold {
					t.Errorf("%s: %s is %d presses away (%t), the table says %d, of which %d open something", g.Name, g.Path, n, ok, g.Fewest, g.Unfold)
				}
				if !strings.Contains(text[g.Path], g.Mark) {
					t.Errorf("%s: %s does not say %q", g.Name, g.Path, g.Mark)
				}
				for _, also := range g.Also {
					if near[also] != n || text[also] == "" {
						t.Errorf("%s: %s is %d presses away, %s is %d", g.Name, also, near[also], g.Path, n)
					}
				}
				for path, presses := range near {
					if g.Mark != "" && presses < n && strings.Contains(text[path], g.Mark) {
						t.Errorf("%s: %q stands on %s already, %d presses away", g.Name, g.Mark, path, presses)
					}
				}
			}
		})
	}
}
