package driver

import (
	"context"
	"fmt"
	"time"
)

// Wait asks the page's own server for an address and gives how long the answer
// took to begin, by the browser's clock (Resource Timing: responseStart less
// requestStart). It is for pages of ours: the page's own scripts ask, since the
// browser keeps no timings of what the engine's world asks for.
func (p *Page) Wait(ctx context.Context, url string) (time.Duration, error) {
	var ms float64
	err := p.quick(ctx, p.main, `(async u => {
		const told = new Promise(done => addEventListener('waited', v => done(v.detail), {once: true}));
		const s = document.createElement('script');
		s.textContent = '(' + (async u => {
			let e;
			try {
				await (await fetch(u, {cache: 'no-store'})).text();
				for (let n = 0; n < 50 && !(e = performance.getEntriesByName(u).at(-1)); n++) await new Promise(done => setTimeout(done, 1));
			} catch {}
			performance.clearResourceTimings();
			dispatchEvent(new CustomEvent('waited', {detail: e ? e.responseStart - e.requestStart : -1}));
		}) + ')(' + JSON.stringify(u) + ')';
		document.head.append(s);
		s.remove();
		return told;
	})(`+quote(url)+`)`, &ms)
	if err == nil && ms < 0 {
		err = fmt.Errorf("%s left no timing", url)
	}
	return time.Duration(ms * float64(time.Millisecond)), err
}
