package newsletter

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

var joined = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC) // a Monday

const day = 24 * time.Hour

var visit = probes.Kind{Name: "web", Channel: "web", Params: struct {
	Goal    string `json:"goal"`
	Consent string `json:"consent"`
	Device  string `json:"device"`
}{}, Facts: []evidence.FactDef{
	{Name: "goal.reached", Unit: evidence.Bool}, {Name: "newsletter.sent", Unit: evidence.Bool}, {Name: "newsletter.leave-clicks", Unit: evidence.Count}, {Name: "newsletter.leave-login", Unit: evidence.Bool}, {Name: "newsletter.leave-survey", Unit: evidence.Bool},
	{Name: "newsletter.leave-address", Unit: evidence.Bool}, {Name: "newsletter.leave-says", Unit: evidence.Text},
}}

func shopper(p Params) *probes.Task {
	return &probes.Task{Params: &p, Site: probes.Site{ID: "shop", Name: "Shop & Sons", URL: "https://shop.example/", Email: "help@shop.example", Timezone: "Europe/London"},
		Persona: probes.Persona{Email: "a+x@box.example"}, Effects: []evidence.Effect{evidence.Subscribe}, Random: 77}
}

// at makes a mail of the shop's; header lines end with "\n".
func at(after time.Duration, header, body string) probes.Arrival {
	if !strings.Contains(header, "From:") {
		header = "From: Shop & Sons <news@shop.example>\n" + header
	}
	if !strings.Contains(header, "Subject:") {
		header += "Subject: Our letter\n"
	}
	raw := header + "To: a+x@box.example\n\n" + body + "\n"
	return probes.Arrival{Ref: evidence.Ref(fmt.Sprint(after)), Received: joined.Add(after), Raw: []byte(strings.ReplaceAll(raw, "\n", "\r\n"))}
}

const (
	fields  = "List-Unsubscribe: <https://shop.example/out?u=1>, <mailto:out@shop.example?subject=out%201>\nPrecedence: bulk\n"
	clicked = fields + "List-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
	askText = "You signed up for our newsletter. Please confirm your subscription:\nhttps://shop.example/confirm/9\n"
	asking  = "Subject: Please confirm your subscription\n"
)

func letter(after time.Duration) probes.Arrival { return at(after, clicked, "News of the week.") }

func acted(name, to string, state probes.DeliveryState, at time.Duration, facts ...evidence.Fact) probes.Done {
	d := probes.Done{Name: name, To: to, State: state, At: joined.Add(at)}
	if facts != nil {
		d.Seen = &evidence.Observation{Facts: facts}
	}
	return d
}

func by(how string) evidence.Fact { return evidence.Fact{Name: "newsletter.left-by", Text: how} }

// What a thread calls for: each act once, another way only where one was
// refused, nothing where nothing is subscribed.
func TestNext(t *testing.T) {
	thread := func(done []probes.Done, arrivals ...probes.Arrival) probes.Thread {
		return probes.Thread{Sent: joined, Window: 14 * day, Arrivals: arrivals, Done: done}
	}
	ask := at(time.Minute, asking, askText)
	confirmed := acted("confirm", "https://shop.example/confirm/9", probes.Accepted, 2*time.Minute)
	for _, c := range []struct {
		name string
		p    Params
		th   probes.Thread
		want string // "name to at"; mail where a letter does it
	}{
		{"nothing came", Params{}, thread(nil), ""},
		{"confirm at once", Params{Confirm: true}, thread(nil, ask), "confirm https://shop.example/confirm/9 1m0s"},
		{"not unless the scenario says so", Params{}, thread(nil, ask), ""},
		{"confirmed, nothing to leave by yet", Params{Confirm: true}, thread([]probes.Done{confirmed}, ask), ""},
		{"one click at the window's end", Params{Confirm: true}, thread([]probes.Done{confirmed}, ask, letter(2*day)), "leave https://shop.example/out?u=1 336h0m0s"},
		{"by mail where one click is not offered", Params{}, thread(nil, at(day, fields, "News")), "leave mail out@shop.example 336h0m0s"},
		{"by the link else", Params{}, thread(nil, at(day, "Precedence: bulk\n", "News\n\nUnsubscribe: https://shop.example/bye\n")), "leave https://shop.example/bye 336h0m0s"},
		{"the newest newsletter's", Params{}, thread(nil, at(day, "", "News. Unsubscribe: https://shop.example/1\n"), at(2*day, "", "News. Unsubscribe: https://shop.example/2\n")), "leave https://shop.example/2 336h0m0s"},
		{"refused: the next way", Params{}, thread([]probes.Done{acted("leave", "https://shop.example/out?u=1", probes.Refused, 14*day, by(oneClick))}, letter(day)), "leave-2 mail out@shop.example 336h0m0s"},
		{"refused twice: the page", Params{}, thread([]probes.Done{acted("leave", "https://shop.example/out?u=1", probes.Refused, 14*day, by(oneClick)), acted("leave-2", "out@shop.example", probes.Refused, 14*day)}, letter(day)), "leave-3 https://shop.example/out?u=1 336h0m0s"},
		{"no way remains", Params{}, thread([]probes.Done{acted("leave", "https://shop.example/bye", probes.Refused, 14*day, by(byPage))}, at(day, "", "News. Unsubscribe: https://shop.example/bye\n")), ""},
		{"uncertain is not done again", Params{}, thread([]probes.Done{acted("leave", "https://shop.example/out?u=1", probes.Uncertain, 14*day)}, letter(day)), ""},
		{"left is left, whatever comes", Params{}, thread([]probes.Done{acted("leave", "https://shop.example/out?u=1", probes.Accepted, 14*day, by(oneClick))}, letter(day), letter(30*day)), ""},
		{"strangers' links are not pressed", Params{Confirm: true}, thread(nil, at(time.Hour, "From: Deals <x@spam.example>\n"+clicked, "Buy. "+askText)), ""},
		{"a service that shows the shop's name", Params{}, thread(nil, at(day, "From: Shop & Sons <bounce@mail.service.example>\n", "News. Unsubscribe: https://service.example/u\n")), "leave https://service.example/u 336h0m0s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, ok := next(shopper(c.p), c.th)
			got := ""
			if ok {
				got = a.Name + " " + a.To + " " + a.At.Sub(joined).String()
				if a.Letter != nil {
					got = a.Name + " mail " + a.To + " " + a.At.Sub(joined).String()
				}
			}
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
			if ok && a.Effect != evidence.Subscribe {
				t.Errorf("effect %s", a.Effect)
			}
		})
	}
	th := thread(nil, letter(day))
	th.Ending = true
	if a, ok := next(shopper(Params{}), th); !ok || a.At.After(joined.Add(day)) {
		t.Errorf("a wave that ends leaves at once: %+v", a)
	}
}

// The mail that leaves a list says what the newsletter asks for, the same each
// time it is written.
func TestGoodbye(t *testing.T) {
	th := probes.Thread{Sent: joined, Window: day, Arrivals: []probes.Arrival{at(time.Hour, fields, "News")}}
	a, _ := next(shopper(Params{}), th)
	b, _ := next(shopper(Params{}), th)
	raw := string(a.Letter.Raw)
	for _, want := range []string{"From: <a+x@box.example>\r\n", "To: <out@shop.example>\r\n", "Subject: out 1\r\n", "Message-ID: <000000000000004d.leave@box.example>\r\n", "Date: Tue, 03 Nov 2026 09:00:00 +0000\r\n"} {
		if !strings.Contains(raw, want) {
			t.Errorf("no %q in\n%s", want, raw)
		}
	}
	if string(b.Letter.Raw) != raw || strings.Contains(raw, "Auto-Submitted") {
		t.Error("it is another one the second time, or calls itself automatic")
	}
}

// signedUp is what the visit left; it saw the sign-up taken, or not.
func signedUp(seen float64) evidence.Observation {
	return evidence.Observation{Kind: "newsletter", Facts: []evidence.Fact{{Name: "goal.reached", Number: seen}, {Name: "newsletter.sent", Number: 1}}}
}

// A form that was sent is followed, though no page said that it was taken: the
// mails tell.
func TestUnseenSignUp(t *testing.T) {
	k := Kind(visit)
	if !k.Correspondence.FollowUp.Began(signedUp(0)) || k.Correspondence.FollowUp.Began(evidence.Observation{}) {
		t.Error("what was sent is to be followed, and nothing else")
	}
	for _, c := range []struct {
		o    evidence.Observation
		th   probes.Thread
		want evidence.Outcome
	}{
		{signedUp(0), probes.Thread{}, evidence.Broken},
		{signedUp(0), probes.Thread{Arrivals: []probes.Arrival{letter(day)}}, evidence.Completed},
		{evidence.Observation{}, probes.Thread{Arrivals: []probes.Arrival{letter(day)}}, evidence.Broken}, // cut off
	} {
		c.th.Sent, c.th.Window, c.th.Closed = joined, 14*day, true
		rec := probes.Resume(&k, c.o, Reading)
		if err := read(shopper(Params{}), c.th, rec); err != nil {
			t.Fatal(err)
		}
		if o := rec.Observation(0); o.Outcome != c.want {
			t.Errorf("%s (%s), want %s", o.Outcome, o.Reason, c.want)
		}
	}
}

func TestRead(t *testing.T) {
	k := Kind(visit)
	ask, welcome := at(time.Minute, asking, askText), letter(time.Hour)
	gone := acted("leave", "https://shop.example/out?u=1", probes.Accepted, 14*day, by(oneClick), evidence.Fact{Name: "newsletter.leave-clicks", Number: 1})
	for _, c := range []struct {
		name     string
		done     []probes.Done
		arrivals []probes.Arrival
		want     map[string]float64 // -1: not recorded
		left     string             // what still stands begins so
	}{
		{"silent to the end", []probes.Done{gone}, []probes.Arrival{welcome},
			map[string]float64{"mails": 1, "issues": 1, "first-after": 3600, "welcome-after": 3600, "opt-in": 0, "unconfirmed-issues": -1, "one-click": 1, "list-field": 1, "way-out": 1, "left": 1, "leave-clicks": 1, "leave-tries": 1, "leave-confirmed": 0, "issues-in-grace": 0, "issues-after-grace": 0, "last-after-leaving": -1}, ""},
		{"goes on sending", []probes.Done{gone}, []probes.Arrival{welcome, letter(20 * day), letter(29 * day), letter(30 * day)},
			map[string]float64{"issues": 1, "issues-in-grace": 1, "issues-after-grace": 2, "last-after-leaving": 16 * 86400}, "it was left on 2026-11-16, and newsletters still come"},
		{"says goodbye", []probes.Done{gone}, []probes.Arrival{welcome, at(14*day+time.Minute, "", "You have been unsubscribed. We are sorry.")},
			map[string]float64{"leave-confirmed": 1, "issues-in-grace": 0}, ""},
		{"double opt-in", []probes.Done{acted("confirm", "https://shop.example/confirm/9", probes.Accepted, 10*time.Minute, evidence.Fact{}), gone}, []probes.Arrival{ask, welcome},
			map[string]float64{"mails": 2, "issues": 1, "opt-in": 1, "opt-in-after": 60, "confirmed": 1, "unconfirmed-issues": 0, "welcome-after": 3000}, ""},
		{"sends without the confirmation that it asked for", []probes.Done{gone}, []probes.Arrival{ask, welcome},
			map[string]float64{"opt-in": 1, "confirmed": -1, "unconfirmed-issues": 1}, ""},
		{"asked, not confirmed, silent", nil, []probes.Arrival{ask},
			map[string]float64{"mails": 1, "issues": 0, "opt-in": 1, "unconfirmed-issues": 0, "way-out": -1, "left": -1}, ""},
		{"no mail at all", nil, nil, map[string]float64{"mails": 0, "issues": 0, "opt-in": -1, "left": -1}, "the newsletter is subscribed: no mail"},
		{"a log-in, and no other way", []probes.Done{acted("leave", "https://shop.example/bye", probes.Refused, 14*day, by(byPage), evidence.Fact{Name: "newsletter.leave-login", Number: 1})}, []probes.Arrival{at(day, "", "News. Unsubscribe: https://shop.example/bye\n")},
			map[string]float64{"left": 0, "leave-login": 1, "leave-tries": 1, "list-field": 0, "one-click": 0, "way-out": 1, "issues-after-grace": -1}, "leaving was refused"},
		{"passed on", []probes.Done{gone}, []probes.Arrival{welcome, at(3*day, "From: Other <news@other.example>\n"+fields, "Buy")},
			map[string]float64{"issues": 1}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			th := probes.Thread{Sent: joined, Window: 14 * day, Closed: true, Arrivals: c.arrivals, Done: c.done}
			task := shopper(Params{})
			rec := probes.Resume(&k, signedUp(1), Reading)
			if err := k.Correspondence.Read(task, th, rec); err != nil {
				t.Fatal(err)
			}
			o := rec.Observation(0)
			if o.Outcome != evidence.Completed {
				t.Errorf("%s: %s", o.Outcome, o.Reason)
			}
			for name, want := range c.want {
				f, ok := o.Fact("newsletter." + name)
				if ok != (want >= 0) || ok && f.Number != want {
					t.Errorf("%s: %v (%v), want %v", name, f.Number, ok, want)
				}
			}
			if f, _ := o.Fact("mail.leaked"); (f.Number == 1) != (c.name == "passed on") {
				t.Errorf("leaked %v", f.Number)
			}
			if s := left(task, th); s == "" != (c.left == "") || !strings.HasPrefix(s, c.left) {
				t.Errorf("left %q, want %q", s, c.left)
			}
			th.Closed = false
			rec = probes.Resume(&k, evidence.Observation{Outcome: evidence.Completed}, Reading)
			if err := read(task, th, rec); err != nil || rec.Observation(0).Outcome != evidence.Pending {
				t.Errorf("%v, %s while the window is open", err, rec.Observation(0).Outcome)
			}
		})
	}
}

// Ten business days, and the watch after them, by the site's calendar.
func TestUntil(t *testing.T) {
	th := probes.Thread{Sent: joined, Window: 4 * day} // to a Friday
	if got := until(shopper(Params{}), th); !got.Equal(joined.Add(4*day + 14*day + 4*day)) {
		t.Errorf("until %v", got)
	}
	th.Done = []probes.Done{acted("leave", "x", probes.Accepted, 5*day)} // a Saturday
	if got := until(shopper(Params{}), th); !got.Equal(joined.Add(5*day + 13*day + 4*day)) {
		t.Errorf("left on a Saturday: until %v", got)
	}
	if got := until(shopper(Params{Grace: "1h", Watch: "1d2h"}), th); !got.Equal(joined.Add(5*day + time.Hour + day + 2*time.Hour)) {
		t.Errorf("by the scenario: until %v", got)
	}
}

// One POST with the words of RFC 8058 and nothing of ours, redirects not
// followed, nowhere but in the public network or at the shop.
func TestOneClick(t *testing.T) {
	asked := make(chan string, 9)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked <- r.Method + " " + r.URL.Path + " " + string(body) + " " + r.Header.Get("Content-Type") + r.Header.Get("Cookie") + r.Header.Get("Referer")
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/ok", http.StatusFound)
		case "/gone":
			w.WriteHeader(http.StatusNotFound)
		case "/cut":
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(s.Close)
	k := kind{visit}
	full := Kind(visit)
	do := func(t *testing.T, site, path string) (probes.Delivery, evidence.Observation) {
		t.Helper()
		link := s.URL + path
		if strings.HasPrefix(path, "http") {
			link = path
		}
		task := shopper(Params{})
		task.Site.URL = site
		header := "List-Unsubscribe: <" + link + ">\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
		th := probes.Thread{Sent: joined, Window: day, Arrivals: []probes.Arrival{at(time.Hour, header, "News")}}
		a, ok := next(task, th)
		if !ok || a.Letter != nil {
			t.Fatalf("next %+v", a)
		}
		rec := probes.NewRecorder(&full, evidence.ProbeID{}, "newsletter", "x", joined, evidence.NewMemory().Put)
		d := k.do(context.Background(), task, th, a, rec)
		return d, rec.Observation(0)
	}
	told := func() (list []string) {
		for len(asked) > 0 {
			list = append(list, <-asked)
		}
		return list
	}
	for path, want := range map[string]probes.DeliveryState{"/ok": probes.Accepted, "/moved": probes.Refused, "/gone": probes.Refused, "/cut": probes.Uncertain} {
		d, o := do(t, s.URL, path)
		if seen := told(); d.State != want || len(seen) != 1 || seen[0] != "POST "+path+" List-Unsubscribe=One-Click application/x-www-form-urlencoded" {
			t.Errorf("%s: %+v, the list saw %q", path, d, seen)
		}
		if f, _ := o.Fact("newsletter.left-by"); f.Text != oneClick || path == "/ok" && o.Evidence["one-click.txt"] == "" {
			t.Errorf("%s: left by %q, proof %v", path, f.Text, o.Evidence)
		}
	}
	if d, _ := do(t, "https://shop.example/", "/ok"); d.State != probes.Refused || !strings.Contains(d.Detail, "public network") || len(asked) > 0 {
		t.Errorf("a stranger's address on this machine: %+v, asked %d times", d, len(asked))
	}
	if d, _ := do(t, "https://shop.example/", "http://169.254.169.254/latest"); d.State != probes.Refused {
		t.Errorf("an address of the network's own: %+v", d)
	}
}

func TestCheck(t *testing.T) {
	if list := check(&Params{Grace: "soon", Watch: "2d"}); len(list) != 1 || list[0].Path != "/grace" {
		t.Errorf("%v", list)
	}
	lines := strings.Join(describe(&Params{Confirm: true}), "\n")
	for _, want := range []string{"follow the link", "leave the list", "ten business days, and 4d more"} {
		if !strings.Contains(lines, want) {
			t.Errorf("%q is not in the plan:\n%s", want, lines)
		}
	}
}
