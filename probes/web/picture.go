package web

import (
	"context"
	"fmt"
	"time"

	"touchstone/probes/web/driver"
)

// A photo is a picture of the window that may still be on its way: the browser
// draws and packs it beside the page's own work, which takes a few frames. Until
// it is there nothing acts on the page, see driver.Page.Expose.
type photo struct {
	taken chan struct{}
	png   []byte // valid then; empty: the window could not be pictured
}

// wait waits until the picture is there; a nil photo always is.
func (f *photo) wait() {
	if f != nil {
		<-f.taken
	}
}

// A shown is what the window showed last.
type shown struct {
	page  *driver.Page
	at    time.Time
	look  string // see driver.Page.Look; empty: nobody knows
	again bool   // it shows the same now
	photo *photo
	text  []byte
}

// unchanged is how old a picture may be that stands for another one. What
// changes without a word, as a picture that moves, does so all the time.
const unchanged = 250 * time.Millisecond

// shoot pictures the window; nil where no pictures are kept.
func (v *visit) shoot(ctx context.Context) *photo {
	p := v.tab.Page()
	if p == nil || v.b.o.NoProof {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	shot := &photo{taken: make(chan struct{})}
	v.shown = shown{photo: shot}
	p.Expose(ctx, func(png []byte, err error) {
		defer close(shot.taken)
		if err == nil {
			shot.png = v.blackened(ctx, p, png)
		}
	})
	return shot
}

// portray pictures the window as shoot does, and reads meanwhile what goes with
// it. After a step that only looks, at a page that looks as it did, the picture
// is the last one.
func (v *visit) portray(ctx context.Context, s *Step) *photo {
	p := v.tab.Page()
	if p == nil || v.b.o.NoProof {
		return nil
	}
	if was := &v.shown; (s.Expect != nil || s.Read != nil) && was.page == p && was.look != "" && time.Since(was.at) < unchanged && p.Look(ctx) == was.look {
		was.again = true
		return was.photo
	}
	begun, shot := time.Now(), v.shoot(ctx)
	v.shown.page, v.shown.at, v.shown.look = p, begun, p.Take(ctx, mostNodes)
	return shot
}

// develop keeps what the window shows after a step, and what the page says to
// assistive technology, also after one that failed or was refused. A page that
// cannot be pictured or read any more leaves none. It does not wait for the
// picture: then is called when that is there, and kept says what became of both.
// The error is that of the proofs before.
func (v *visit) develop(ctx context.Context, i int, name string, shot *photo, then func()) error {
	err := v.kept()
	if shot == nil || err != nil {
		then()
		return err
	}
	ctx = context.WithoutCancel(ctx)
	if p := v.tab.Page(); p != nil && !v.shown.again {
		v.shown.text = v.snapshot(ctx, p)
	}
	v.shown.again = false
	text, kept := v.shown.text, make(chan error, 1)
	v.proofs = kept
	go func() {
		shot.wait()
		then()
		for _, proof := range []struct {
			kind string
			data []byte
		}{{"png", shot.png}, {"txt", text}} {
			if len(proof.data) == 0 {
				continue
			}
			if err := v.rec.Keep(ctx, fmt.Sprintf("%02d-%s.%s", i+1, name, proof.kind), proof.data); err != nil {
				kept <- &keepError{err}
				return
			}
		}
		kept <- nil
	}()
	return nil
}

// kept waits until the proofs of the last step are stored.
func (v *visit) kept() error {
	if v.proofs == nil {
		return nil
	}
	err := <-v.proofs
	v.proofs = nil
	return err
}

// picture is develop for those who go on at once.
func (v *visit) picture(ctx context.Context, i int, name string, shot *photo) error {
	if err := v.develop(ctx, i, name, shot, func() {}); err != nil {
		return err
	}
	return v.kept()
}
