package highstreet

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"touchstone/internal/highstreet/side"
)

// What links lead to in the High Street's shops is as many presses away as
// their goals say, and says what they say.
func TestGoals(t *testing.T) {
	s, tables := open(t, Options{}), Goals()
	for _, shop := range s.shops {
		t.Run(shop.site, func(t *testing.T) {
			v, depth, queue, text := enterShop(t, s.URLs[shop.site]), map[string]int{"/": 0}, []string{"/"}, map[string]string{}
			for len(queue) > 0 {
				path := queue[0]
				queue = queue[1:]
				d := v.get(strings.TrimPrefix(path, "/"))
				text[path] = d.text
				for _, a := range all(d.root, "a") {
					href, _ := attr(a, "href")
					to, _, _ := strings.Cut(href, "#")
					if _, seen := depth[to]; seen || !strings.HasPrefix(to, "/") || slices.Contains(shop.dead, to) {
						continue
					}
					depth[to], queue = depth[path]+1, append(queue, to)
				}
			}
			if len(tables[shop.site]) != len(side.GoalNames) {
				t.Fatalf("its table has %d rows", len(tables[shop.site]))
			}
			for _, g := range tables[shop.site] {
				if g.State != side.Reached || !strings.HasPrefix(g.Name, "find-") && g.Name != "open-product" {
					continue
				}
				if n, ok := depth[g.Path]; !shop.app && (!ok || n != g.Fewest) {
					t.Errorf("%s: %s is %d presses away (%t), the table says %d", g.Name, g.Path, n, ok, g.Fewest)
				}
				if !strings.Contains(text[g.Path], g.Mark) {
					t.Errorf("%s: %s does not say %q", g.Name, g.Path, g.Mark)
				}
			}
		})
	}
	if len(tables) != len(s.shops) {
		t.Errorf("tables for %d shops, of %d", len(tables), len(s.shops))
	}
}

// The side street is listed where it is open.
func TestSideStreet(t *testing.T) {
	s := open(t, Options{Side: true})
	if n := len(s.Side.Shops()); n < 9 {
		t.Fatalf("%d shops stand in the side street", n)
	}
	dir := t.TempDir()
	if err := s.Project(dir); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dir, "side-street.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	list := string(content)
	for _, shop := range s.Side.Shops() {
		if !strings.Contains(list, "id: "+shop.ID()+"\n") || !strings.Contains(list, "url: "+shop.URL+"\n") {
			t.Errorf("%s is not listed:\n%s", shop.ID(), list)
		}
	}
}
