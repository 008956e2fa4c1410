package main

import (
	"context"
	"log/slog"
	"os"

	"touchstone/probes/web"
)

// A paper is what reports are drawn on: a browser, which is started when the
// first page comes.
type paper struct {
	print   func(page []byte, draft bool) ([]byte, error)
	picture func(page []byte, width, height int) ([]byte, error)
}

// layPaper gives the paper of one command, and what puts it away. path is the
// browser's program, empty for the first of the usual places.
func layPaper(ctx context.Context, path string, log *slog.Logger) (paper, func()) {
	var browser *web.Browser
	var folder string
	open := func() (*web.Browser, error) {
		if browser != nil {
			return browser, nil
		}
		dir, err := os.MkdirTemp("", "touchstone-")
		if err != nil {
			return nil, err
		}
		folder = dir
		browser, err = web.Open(web.Options{Path: path, TempDir: dir, Log: log})
		return browser, err
	}
	p := paper{
		print: func(page []byte, draft bool) ([]byte, error) {
			b, err := open()
			if err != nil {
				return nil, err
			}
			return b.Print(ctx, page, draft)
		},
		picture: func(page []byte, width, height int) ([]byte, error) {
			b, err := open()
			if err != nil {
				return nil, err
			}
			return b.Picture(ctx, page, width, height)
		},
	}
	return p, func() {
		if browser != nil {
			_ = browser.Close() // what it drew is written
		}
		if folder != "" {
			_ = os.RemoveAll(folder)
		}
	}
}
