package driver

import (
	"context"
	"strings"
	"time"

	_ "embed"

	"github.com/chromedp/cdproto/cdp"
)

//go:embed beside.js
var besides string

// moment is how long what a page said stands for what it would say, where
// nobody has acted on it since: a question costs the browser more than the
// answer, and what follows upon one another asks about the same page.
const moment = 50 * time.Millisecond

// A stamp says when something was read, and of which document and view.
type stamp struct {
	at     time.Time
	loader cdp.LoaderID
	view   int
}

// notes are what a page has said beside an answer, for those who ask next.
type notes struct {
	door     *Door
	survey   *Survey // that nobody has had
	access   *Access // the same
	snapshot *tree
	overlays []Overlay
	pace     Pace
	fields   []Field // those that came with what was typed or chosen last

	// When each was read last; survey and access may have had nothing new.
	doored, surveyed, accessed, snapped, overlaid, paced stamp
}

// readings are the answers to several questions that were asked in one.
type readings struct {
	Door     *Door     `json:"door"`
	Survey   *Survey   `json:"survey"`
	Access   *Access   `json:"access"`
	Snapshot *tree     `json:"snapshot"`
	Overlays []Overlay `json:"overlays"`
	Pace     *Pace     `json:"pace"`
	Fields   []Field   `json:"fields"`
	Look     string    `json:"look"`
	Cost     float64   `json:"cost"` // ms of the page's time
}

// read asks the page's readers at once, and notes what they say. Each is named
// as the script wants it: "survey", or ["snapshot", 100].
func (p *Page) read(ctx context.Context, readers ...string) (said readings, err error) {
	return p.readBy(ctx, "reading", readers...)
}

// readBy has them read in one of the engine's ways.
func (p *Page) readBy(ctx context.Context, way string, readers ...string) (said readings, err error) {
	ctx, cancel := p.bound(ctx, time.Duration(len(readers))*time.Second)
	defer cancel()
	d := p.Document()
	if err := p.evalOnce(ctx, p.main, "__touchstone."+way+"("+strings.Join(readers, ",")+")", &said); err != nil {
		return said, err
	}
	p.note(d, said, readers...)
	return said, nil
}

// The readers that are asked by name.
const doorReader, surveyReader, accessReader, overlaysReader, paceReader, lookReader = `"door"`, `"survey"`, `"access"`, `"overlays"`, `"pace"`, `"look"`

// noteBeside keeps what was said beside an answer that was waited for.
func (p *Page) noteBeside(of Document, said readings, readers ...string) {
	p.tab.reads(said.Cost)
	p.note(of, said, readers...)
}

// note keeps what readers have said of a document.
func (p *Page) note(of Document, said readings, readers ...string) {
	now := stamp{time.Now(), of.Loader, of.View}
	n := &p.told
	for _, r := range readers {
		switch {
		case r == surveyReader:
			n.surveyed = now
		case r == accessReader:
			n.accessed = now
		}
	}
	if said.Door != nil {
		n.door, n.doored = said.Door, now
	}
	if s := said.Survey; s != nil {
		s.URL, s.View = of.URL, of.View
		n.survey = s
	}
	if said.Access != nil {
		n.access = said.Access
	}
	if said.Snapshot != nil {
		n.snapshot, n.snapped = said.Snapshot, now
	}
	if said.Overlays != nil {
		n.overlays, n.overlaid = said.Overlays, now
	}
	if said.Pace != nil {
		n.pace, n.paced = *said.Pace, now
	}
}

// acts forgets what the page said, since it is acted on, and waits until it may be.
func (p *Page) acts() {
	p.undisturbed()
	n := &p.told
	n.snapshot, n.fields = nil, nil
	n.surveyed, n.accessed, n.overlaid, n.paced = stamp{}, stamp{}, stamp{}, stamp{}
}

// same reports whether the page still shows what was read.
func (p *Page) same(s stamp) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !s.at.IsZero() && s.loader == p.doc.Loader && s.view == p.doc.View && p.loading[p.main] == ""
}

// fresh reports whether what was read stands for what would be.
func (p *Page) fresh(s stamp) bool { return time.Since(s.at) < moment && p.same(s) }

// Take reads the page once for all that Door, Survey, Access and Snapshot are
// going to be asked, at most so many nodes, behind the frame that is drawn next. It gives in a word how the page
// looks, see Look.
func (p *Page) Take(ctx context.Context, most int) (look string) {
	readers := []string{surveyReader, accessReader, snapshotReader(most), lookReader}
	if p.told.doored.loader != p.Document().Loader {
		readers = append(readers, doorReader)
	}
	said, err := p.readBy(ctx, "pictured", readers...)
	if err != nil {
		return "" // who asks will be told so
	}
	return said.Look
}

// Look gives in a word how the page looks: as long as it is the same, a picture
// would be the same. Empty where nobody can tell.
func (p *Page) Look(ctx context.Context) string {
	said, err := p.read(ctx, lookReader, surveyReader, accessReader)
	if err != nil {
		return ""
	}
	return said.Look
}

// Reading gives how much time was taken by reading pages beside what was waited
// for, and by waiting for pictures of them, since it was last asked.
func (t *Tab) Reading() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	d := t.reading
	t.reading = 0
	return d
}

func (t *Tab) reads(ms float64) { t.looks(time.Duration(ms * float64(time.Millisecond))) }

func (t *Tab) looks(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reading += d
}
