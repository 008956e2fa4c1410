package reports

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"strings"

	"github.com/microcosm-cc/bluemonday"
)

// How much of the proof a report carries. Whatever it is, each proof stands
// with its digest, by which the whole is found.
const (
	None   = "none"   // neither pictures nor the words of mails
	Thumbs = "thumbs" // small pictures, mails as text
	Full   = "full"   // large pictures, mails also as their senders laid them out
)

// Evidences lists them, the least first.
var Evidences = []string{None, Thumbs, Full}

func (b *builder) wide() int {
	if b.width > 0 {
		return b.width
	}
	if b.in.Evidence == Full {
		return fullWide
	}
	if b.thinned() {
		return thinWide
	}
	return maxWide
}

// withhold takes out what strangers wrote and what can be read of it.
func (p *Probe) withhold() {
	for i := range p.Thread {
		p.Thread[i].Text, p.Thread[i].Subject, p.Thread[i].HTML = "", "", ""
	}
	kept := p.Facts[:0]
	for _, f := range p.Facts {
		switch f.Name {
		case "mail.text", "mail.subject", "mail.question-proof":
		default:
			kept = append(kept, f)
		}
	}
	p.Facts = kept
}

// proofOfMail adds to a thread what its stored mails tell beyond the facts.
func (b *builder) proofOfMail(ctx context.Context, thread []Message, hide *mask) error {
	for i := range thread {
		m := &thread[i]
		if m.Ours {
			continue
		}
		var err error
		if m.Hops, err = b.hops(ctx, m.Ref); err != nil {
			return err
		}
		if b.in.Evidence != Full {
			continue
		}
		data, err := b.bytes(ctx, m.Ref)
		if err != nil {
			return err
		}
		if page := htmlPart(data); page != "" {
			// Once to see the words plainly, and once more since hiding changes them.
			m.HTML = letterhead.Sanitize(hide.text(letterhead.Sanitize(cut(page, 4*maxText))))
		}
	}
	return nil
}

// letterhead lets through what lays out words and nothing that fetches, leads
// elsewhere or runs: no pictures, links, styles or attributes.
var letterhead = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "div", "span", "b", "i", "strong", "em", "u", "ul", "ol", "li", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4",
		"table", "thead", "tbody", "tr", "td", "th")
	return p
}()

// htmlPart finds the first text/html part of a mail, as UTF-8 where the mail
// says that it is, or says nothing.
func htmlPart(data []byte) string {
	m, err := mail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		return ""
	}
	return findHTML(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body, 0)
}

func findHTML(contentType, encoding string, body io.Reader, depth int) string {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil || depth > 5 {
		return ""
	}
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for range 50 {
			p, err := parts.NextRawPart()
			if err != nil {
				return ""
			}
			if found := findHTML(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, depth+1); found != "" {
				return found
			}
		}
		return ""
	}
	charset := strings.ToLower(params["charset"])
	if kind != "text/html" || charset != "" && charset != "utf-8" && charset != "us-ascii" {
		return ""
	}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	out, err := io.ReadAll(io.LimitReader(body, 1<<20))
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(string(out), "\ufffd")
}
