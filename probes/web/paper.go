package web

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/fetch"

	"touchstone/probes/web/driver"
)

// paperTime bounds the drawing of one page of ours, a long report included.
const paperTime = 2 * time.Minute

// Print gives an HTML page of ours as PDF on the paper that its style sheet
// names: tagged and with an outline, unless it is a draft. The page may load
// nothing.
func (b *Browser) Print(ctx context.Context, page []byte, draft bool) ([]byte, error) {
	var pdf []byte
	err := b.draw(ctx, page, func(ctx context.Context, p *driver.Page) (err error) {
		pdf, err = p.PDF(ctx, draft)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("print a page: %w", err)
	}
	return pdf, nil
}

// Picture gives an HTML page of ours as PNG: the part that a window of that
// many CSS pixels shows, twice as fine. The page may load nothing.
func (b *Browser) Picture(ctx context.Context, page []byte, width, height int) ([]byte, error) {
	var png []byte
	err := b.draw(ctx, page, func(ctx context.Context, p *driver.Page) (err error) {
		if err := p.Resize(ctx, width, height, 2); err != nil {
			return err
		}
		png, err = p.Screenshot(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("picture a page: %w", err)
	}
	return png, nil
}

// draw shows a page of ours from a file of its own, in a context of its own.
func (b *Browser) draw(ctx context.Context, content []byte, then func(context.Context, *driver.Page) error) error {
	ctx, cancel := context.WithTimeout(ctx, paperTime)
	defer cancel()
	d, release, err := b.engage(ctx, false)
	if err != nil {
		return err
	}
	defer release()
	dir, err := os.MkdirTemp(b.o.TempDir, "touchstone-page-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		return err
	}
	address := (&url.URL{Scheme: "file", Path: filepath.ToSlash(file)}).String()
	tab, err := d.NewTab(ctx, driver.TabOptions{
		Unwatched: true, Timeout: paperTime, Load: paperTime,
		Patterns: []*fetch.RequestPattern{{URLPattern: "*"}},
		Gate:     func(_ *driver.Page, r *fetch.EventRequestPaused) bool { return r.Request.URL == address },
	})
	if err != nil {
		return err
	}
	defer tab.Close()
	p := tab.Page()
	if p == nil {
		return driver.ErrClosed
	}
	if err := p.Navigate(ctx, address); err != nil {
		return err
	}
	return then(ctx, p)
}
