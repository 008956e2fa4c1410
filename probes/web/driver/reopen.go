package driver

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/storage"
)

// Reopen closes the visitor's pages and opens a blank one, as who closes the
// browser and opens it another day: cookies that end with the session are gone,
// and what pages had kept for it. With origins ("https://shop.example") all that
// these have stored is gone, and every cookie: the visitor comes with another
// device.
func (t *Tab) Reopen(ctx context.Context, origins ...string) error {
	p := t.Page()
	if p == nil {
		return ErrClosed
	}
	p.undisturbed()
	t.mu.Lock()
	old := append([]*Page(nil), t.pages...)
	t.mu.Unlock()
	if len(origins) > 0 {
		if _, err := cdp.Call(ctx, t.b.root(), storage.ClearCookies, storage.ClearCookiesParams{BrowserContextID: t.id}); err != nil {
			return fmt.Errorf("forget the cookies: %w", err)
		}
		for _, o := range origins {
			if _, err := cdp.Call(ctx, p.s, storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: o, StorageTypes: "all"}); err != nil {
				return fmt.Errorf("forget what %s has stored: %w", o, err)
			}
		}
	} else if err := t.endSession(ctx, p); err != nil {
		return fmt.Errorf("end the session's cookies: %w", err)
	}
	if err := t.open(ctx); err != nil {
		return fmt.Errorf("open a page: %w", err)
	}
	for _, p := range old {
		p.s.post("Page.close", nil)
		select {
		case <-p.s.gone:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// endSession deletes the cookies that have no day of their own.
func (t *Tab) endSession(ctx context.Context, p *Page) error {
	all, err := cdp.Call(ctx, t.b.root(), storage.GetCookies, storage.GetCookiesParams{BrowserContextID: t.id})
	if err != nil {
		return err
	}
	for _, c := range all.Cookies {
		if !c.Session {
			continue
		}
		if _, err := cdp.Call(ctx, p.s, network.DeleteCookies, network.DeleteCookiesParams{Name: c.Name, Domain: c.Domain, Path: c.Path, PartitionKey: c.PartitionKey}); err != nil {
			return err
		}
	}
	return nil
}
