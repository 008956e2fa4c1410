package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"touchstone/internal/highstreet"
)

// A door is the entrance of a shop of the High Street: it tells who comes, and
// counts what the shop took. What it took is confirmed by mail.
type door struct {
	*office
	url    string
	server *httptest.Server

	mu    sync.Mutex
	email string
	done  map[string]int // by scenario
}

// takes are the paths at which the shop takes something, and the scenario that
// sends it.
var takes = map[string]string{"/order/place": "order-in-sandbox", "/contact": "contact-form"}

func openDoor(shop string, o *office) (*door, error) {
	to, err := url.Parse(shop)
	if err != nil {
		return nil, err
	}
	d := &door{office: o, done: map[string]int{}}
	through := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = r.In.Host
		},
		ModifyResponse: func(r *http.Response) error {
			scenario := takes[r.Request.URL.Path]
			if r.Request.Method != http.MethodPost || scenario == "" || r.StatusCode != http.StatusSeeOther {
				return nil
			}
			d.mu.Lock()
			d.done[scenario]++
			email := d.email
			d.mu.Unlock()
			if email != "" {
				o.answer(o.chance(o.window/3), "order", "desk@kettle.example", email, true)
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
	d.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			through.ServeHTTP(w, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if form, err := url.ParseQuery(string(body)); err == nil && form.Get("email") != "" {
			d.mu.Lock()
			d.email = form.Get("email")
			d.mu.Unlock()
		}
		o.hook("shop POST " + r.URL.Path)
		through.ServeHTTP(w, r)
		o.hook("shop POST " + r.URL.Path + " answered")
	}))
	d.url = d.server.URL
	return d, nil
}

func (d *door) received(ctx context.Context) (received, error) {
	r, err := d.office.received(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	r.done = d.done
	return r, err
}

// A visit is a wave of an order, a form and a letter at one shop.
type visit struct {
	*wave
	door *door
}

func (v *visit) close() {
	v.door.server.CloseClientConnections()
	v.door.server.Close()
	v.door.office.close()
}

var windowLine = regexp.MustCompile(`(?m)^window: .*$`)

// visit lays out a wave of visits of these scenarios.
func (s *suite) visit(name, program string, street *highstreet.Street, seed uint64, only []string, a attack) (*visit, error) {
	dir, err := s.folder(name)
	if err != nil {
		return nil, err
	}
	o, err := openOffice(seed, s.cert, 3*time.Second, 5*time.Millisecond)
	if err != nil {
		return nil, err
	}
	d, err := openDoor(street.ShopURL, o)
	if err != nil {
		return nil, err
	}
	v := &visit{&wave{dir: dir, program: program, world: d, attack: a}, d}
	o.hook = v.happened
	if err := o.account(s.ca).project(dir, shape{sites: 0, repeats: 1, window: 3 * time.Second}); err != nil {
		return nil, err
	}
	theirs := filepath.Join(dir, "street")
	if err := street.Project(theirs); err != nil {
		return nil, err
	}
	files := map[string]string{
		"sites.yaml": fmt.Sprintf("sites:\n  - {id: kettle-and-leaf, name: Kettle & Leaf, url: %s/, email: desk@kettle.example, hours: {days: mon-sun, from: \"00:00\", to: \"24:00\"}, authorisation: {as: own, sandbox: true, grant: [place-order]}}\n", d.url),
	}
	for _, scenario := range only {
		text, err := os.ReadFile(filepath.Join(theirs, "scenarios", scenario+".yaml"))
		if err != nil {
			return nil, err
		}
		ours, _, _ := strings.Cut(string(text), "\n  brass-and-sons:") // the other shops' steps follow
		files["scenarios/"+scenario+".yaml"] = windowLine.ReplaceAllString(ours, "window: 3s") + "\n"
	}
	if err := write(dir, files); err != nil {
		return nil, err
	}
	return v, os.RemoveAll(theirs)
}

// street opens the street on which all visits are.
func (s *suite) street(ctx context.Context, use func(*highstreet.Street) result) result {
	street, err := highstreet.Open(ctx, highstreet.Options{Speed: 1440})
	if err != nil {
		return result{stuck: 1, notes: []string{err.Error()}}
	}
	defer street.Close()
	return use(street)
}

// visits kills when a shop is sent something: before it took it, after, and a
// little later, in turn; and at random in every second wave.
func visits(ctx context.Context, s *suite) result {
	n := 36
	if s.short {
		n = 4
	}
	return s.street(ctx, func(street *highstreet.Street) result {
		return s.few(3, n, func(i int) (result, error) {
			seed := s.seed + uint64(i)
			v, err := s.visit(fmt.Sprintf("visit-%d", i), s.programs.plain, street, seed, []string{"order-in-sandbox", "contact-form"}, attack{})
			if err != nil {
				return result{}, err
			}
			defer v.close()
			defer s.done(v.wave)
			if i%2 == 0 {
				v.attack.event = v.atPosts(1+i/2%6, 4+i/2%6)
			} else {
				v.attack = s.atRandom(seed, 3, v.kill)
			}
			return v.live(ctx), nil
		})
	})
}

// atPosts kills at the events, from 1, at which the shop is sent something or
// has answered that.
func (v *visit) atPosts(numbers ...int) func(*child, int, int, string) bool {
	posts := 0
	return func(_ *child, _, _ int, event string) bool {
		if !strings.HasPrefix(event, "shop POST") {
			return false
		}
		posts++
		return slices.Contains(numbers, posts)
	}
}

// blobs kills and fails at the steps of the evidence folder.
func blobs(ctx context.Context, s *suite) result {
	return s.street(ctx, func(street *highstreet.Street) result {
		one := func(name string, env string) (result, error) {
			v, err := s.visit(name, s.programs.pointed, street, s.seed, []string{"contact-form"}, attack{env: func(start int) []string {
				if start > 0 {
					return nil
				}
				return []string{"TOUCHSTONE_CRASHPOINT=" + env, "TOUCHSTONE_CRASHLOG=" + filepath.Join(s.dir, name+".log")}
			}})
			if err != nil {
				return result{}, err
			}
			defer v.close()
			defer s.done(v.wave)
			return v.live(ctx), nil
		}
		sum, err := one("blobs-count", "count 0 blob")
		if err != nil {
			sum.stuck++
			sum.notes = append(sum.notes, err.Error())
			return sum
		}
		log, _ := os.ReadFile(filepath.Join(s.dir, "blobs-count.log"))
		n := strings.Count(string(log), "\n")
		var all []string
		for _, step := range s.strikes(n, 2) {
			all = append(all, fmt.Sprintf("kill %d", step), fmt.Sprintf("fail %d", step))
			if step%4 == 0 || s.short {
				all = append(all, fmt.Sprintf("full %d", step))
			}
		}
		s.say("blobs: %d steps in a wave, %d waves", n, len(all))
		sum.add(s.few(3, len(all), func(i int) (result, error) {
			return one("blobs-"+strings.ReplaceAll(all[i], " ", "-"), all[i]+" blob")
		}))
		return sum
	})
}
