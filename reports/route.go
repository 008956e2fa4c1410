package reports

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"touchstone/internal/evidence"
)

// A Page is one document of a visit's way, as the browser's log has it.
type Page struct {
	Where string `json:"where"` // path and query, without the host where it is the first page's
	Step  string `json:"step,omitempty"`
	Code  int    `json:"status,omitempty"` // of the HTTP answer
	Back  int    `json:"back,omitempty"`   // the place, from 1, at which the way had been here before
}

// A Hop is one server that a mail passed (RFC 5321, 4.4), as its header says.
// The clock is that server's.
type Hop struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// mostLog bounds what is read of a log or a mail, in bytes; mostPages and
// mostHops what is shown.
const (
	mostLog   = 8 << 20
	mostPages = 40
	mostHops  = 12
)

// way reads the documents that a visit opened from its network log. What can't
// be read is no way: the log itself stands among the evidence.
func (b *builder) way(ctx context.Context, o evidence.Observation, hide *mask) ([]Page, error) {
	ref := o.Evidence["network.har"]
	if ref == "" {
		ref = o.Evidence["network.json"] // what older waves call it
	}
	data, err := b.bytes(ctx, ref)
	if data == nil || err != nil {
		return nil, err
	}
	var har struct {
		Log struct {
			Entries []struct {
				Type    string `json:"_resourceType"`
				Step    string `json:"_step"`
				Request struct {
					URL string `json:"url"`
				} `json:"request"`
				Response struct {
					Status int `json:"status"`
				} `json:"response"`
			} `json:"entries"`
		} `json:"log"`
	}
	if json.Unmarshal(data, &har) != nil {
		return nil, nil
	}
	var pages []Page
	host := ""
	for _, e := range har.Log.Entries {
		if !strings.EqualFold(e.Type, "document") || len(pages) == mostPages {
			continue
		}
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Host == "" {
			continue
		}
		if host == "" {
			host = u.Host
		}
		where := u.RequestURI()
		if u.Host != host {
			where = u.Host + where
		}
		p := Page{Where: cut(hide.text(where), maxName), Step: cut(e.Step, maxName), Code: e.Response.Status}
		if i := slices.IndexFunc(pages, func(q Page) bool { return q.Where == p.Where }); i >= 0 {
			p.Back = i + 1
		}
		pages = append(pages, p)
	}
	return pages, nil
}

var receivedBy = regexp.MustCompile(`(?i)\bby\s+([\p{L}\p{N}.:\[\]-]+)`)

// hops reads a mail's Received lines, the first server first.
func (b *builder) hops(ctx context.Context, ref evidence.Ref) ([]Hop, error) {
	data, err := b.bytes(ctx, ref)
	if data == nil || err != nil {
		return nil, err
	}
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return nil, nil
	}
	var hops []Hop
	for _, line := range slices.Backward(m.Header["Received"]) {
		at := strings.LastIndexByte(line, ';')
		by := receivedBy.FindStringSubmatch(line)
		if at < 0 || by == nil || len(hops) == mostHops {
			continue
		}
		t, err := mail.ParseDate(strings.TrimSpace(line[at+1:]))
		if err != nil {
			continue
		}
		hops = append(hops, Hop{cut(by[1], maxName), t.UTC()})
	}
	return hops, nil
}

// bytes reads evidence, nil where there is none or it is lost: pictures say
// so, and verify finds it. An error is ctx's.
func (b *builder) bytes(ctx context.Context, ref evidence.Ref) ([]byte, error) {
	if ref == "" || b.in.Open == nil {
		return nil, nil
	}
	r, err := b.in.Open(ctx, ref)
	if err != nil {
		return nil, ctx.Err()
	}
	defer func() { _ = r.Close() }() // it was read
	data, err := io.ReadAll(io.LimitReader(r, mostLog+1))
	if err != nil || len(data) > mostLog {
		return nil, ctx.Err()
	}
	return data, nil
}
