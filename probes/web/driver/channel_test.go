package driver

import "testing"

// What two browsers tell one another passes no gate, so that they find no way to
// one another.
func TestNoWayToOtherBrowsers(t *testing.T) {
	_, p, _ := open(t, map[string]string{"/": `<h1>Call</h1><script>(async () => {
		const a = new RTCPeerConnection(), ways = [];
		a.onicecandidate = e => { if (e.candidate?.candidate) ways.push(e.candidate.candidate); else document.body.append('looked: ' + ways.join()) };
		a.createDataChannel('x');
		await a.setLocalDescription(await a.createOffer());
	})()</script>`}, TabOptions{})
	must(t, p.See(t.Context(), Locator{Text: "looked: "}, 0))
	if said, err := p.Read(t.Context(), Locator{CSS: "body"}); err != nil || said != "Call looked:" {
		t.Errorf("a page says %q (%v)", said, err)
	}
}
