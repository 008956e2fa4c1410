package driver

import (
	"errors"
	"strings"
	"testing"
	"time"

	"touchstone/internal/assets"
)

// What our own reading of a page takes is the page's time, too, but not what it
// is judged by.
func TestOurReadingIsNoBlocking(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<main>` + strings.Repeat(`<div><p style="color:#999">Pale <a href=/x>words</a> <button>x</button></p></div>`, 1500) + `</main>`}, TabOptions{})
	if err := p.See(t.Context(), Locator{Role: "main"}, 0); err != nil {
		t.Fatal(err)
	}
	before, err := p.Pace(t.Context())
	must(t, err)
	a, err := p.Access(t.Context())
	must(t, err)
	if a == nil || a.Took < 50 {
		t.Fatalf("looking at the page took too little to block it: %+v", a)
	}
	if again, err := p.Access(t.Context()); again != nil || err != nil {
		t.Errorf("a page that has not changed was looked at again: %v", err)
	}
	after, err := p.Pace(t.Context())
	must(t, err)
	if more := after.Blocked - before.Blocked; more > a.Took/2 {
		t.Errorf("looking for %.0f ms made the page block for %.0f ms more", a.Took, more)
	}
}

// Two documents tell themselves apart, and the first one tells how it was when
// it went.
func TestDocumentsTellAsTheyGo(t *testing.T) {
	left := make(chan Pace, 10)
	_, p, url := open(t, map[string]string{"/": `<h1>One</h1><a href=/two>On</a>`, "/two": `<h1>Two</h1>`}, TabOptions{On: func(_ *Page, ev any) {
		if v, ok := Left(ev); ok {
			left <- v
		}
	}})
	one, err := p.Pace(t.Context())
	must(t, err)
	must(t, p.Navigate(t.Context(), url+"/two"))
	two, err := p.Pace(t.Context())
	must(t, err)
	for {
		select {
		case v := <-left:
			if v.Origin != one.Origin {
				continue // the blank page before it
			}
			if v.Origin == two.Origin || v.TTFB != one.TTFB {
				t.Errorf("left %+v\nwas  %+v\nnow  %+v", v, one, two)
			}
			return
		case <-time.After(5 * time.Second):
			t.Fatal("the first document went without a word")
		}
	}
}

// Axe-core is given its time and no more, and a page is usable after it.
func TestAxeHasADeadline(t *testing.T) {
	script, err := assets.Get(assets.Axe)
	must(t, err)
	_, p, _ := open(t, map[string]string{"/": `<main><h1>Long</h1>` + strings.Repeat(`<p style="color:#999">Pale <a href=/x>words</a></p>`, 3000) + `<button>Go on</button></main>`}, TabOptions{})
	begun := time.Now()
	if _, err := p.Axe(t.Context(), script, 150*time.Millisecond); !errors.Is(err, errSlow) {
		t.Errorf("axe-core ended with %v", err)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if _, err := p.Click(t.Context(), Locator{Role: "button", Name: "Go on"}, yes); err != nil {
		t.Error(err)
	}
}

// A form is described as it stands; what is secret in it is not told.
func TestDraftOfAForm(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<form><label>Name * <input name=name value=Anna></label><label>Password <input type=password name=p value=secret></label><label><input type=checkbox name=c checked> Box</label>
		<select name=s aria-label=Land><option>A<option selected>B</select><input type=hidden name=h value=1><input name=off disabled><button type=button>Help</button><button>Send</button></form><iframe srcdoc="<form><label>Inner <input></label></form>"></iframe>`}, TabOptions{Timeout: time.Second})
	d, err := p.Draft(t.Context(), Locator{Label: "Name"})
	must(t, err)
	if len(d.Fields) != 4 || len(d.Sends) != 1 || d.Sends[0].Name != "Send" || d.Sends[0].Disabled {
		t.Errorf("%+v", d)
	}
	for i, want := range []Entry{{Tag: "input", Value: "Anna", Required: true}, {Tag: "input", Secret: true}, {Tag: "input", Value: "true"}, {Tag: "select", Value: "B"}} {
		if f := d.Fields[i]; f.Tag != want.Tag || f.Value != want.Value || f.Required != want.Required || f.Secret != want.Secret || f.Ref == 0 || f.Key == "" {
			t.Errorf("field %d is %+v, want %+v", i, f, want)
		}
	}
	in, err := p.Draft(t.Context(), Locator{Label: "Inner"})
	must(t, err)
	if len(in.Fields) != 1 || in.Fields[0].Label != "Inner" || in.Fields[0].Ref == d.Fields[0].Ref || len(p.Within(in.Fields[0].Ref)) != 1 || len(in.Said) != 1 || len(in.Around) < 2 {
		t.Errorf("of a form in a frame: %+v", in)
	}
}
