package driver

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
)

// A Held is what a browser and its driver hold for visitors: nothing, but for a
// canary's page, when none is there.
type Held struct {
	Contexts int // isolated, beside the browser's own
	Targets  int // pages, frames with a process of their own, workers
	Tabs     int // visitors, by the driver's own books
	Sessions int // the same, of what it speaks with
	Unheard  int // commands that nobody has answered
}

// Held counts it, for those who look for leaks.
func (b *Browser) Held(ctx context.Context) (h Held, err error) {
	contexts, err := cdp.Call(ctx, b.root(), target.GetBrowserContexts, cdp.Empty{})
	if err != nil {
		return h, err
	}
	targets, err := cdp.Call(ctx, b.root(), target.GetTargets, target.GetTargetsParams{})
	if err != nil {
		return h, err
	}
	for _, t := range targets.TargetInfos {
		if t.Type != "browser" && t.Type != "tab" && t.Type != ownParts {
			h.Targets++
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	h.Contexts, h.Tabs, h.Sessions, h.Unheard = len(contexts.BrowserContextIDs), len(b.tabs), len(b.sessions), len(b.pending)
	return h, nil
}

// Add sums what several browsers hold.
func (h Held) Add(o Held) Held {
	return Held{h.Contexts + o.Contexts, h.Targets + o.Targets, h.Tabs + o.Tabs, h.Sessions + o.Sessions, h.Unheard + o.Unheard}
}
