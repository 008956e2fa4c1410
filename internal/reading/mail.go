// Package reading says what words mean: who wrote a mail, to which of ours it
// belongs, what its own words are, and whether a person or a machine sent it.
//
// It is a leaf: bytes and text in, facts out. Nothing in it fails: what can't
// be read is said in Mail.Problems, since a mail that a customer received was
// received, however broken.
package reading

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message/charset"
	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/mediatype"
	htmlcharset "golang.org/x/net/html/charset"
)

// Bounds of what is read of one mail. Beyond them it is cut, and Problems says so.
const (
	maxMail       = 32 << 20 // bytes of the raw mail
	maxText       = 1 << 20  // bytes of its text
	maxBoundaries = 50       // multiparts, and so their depth
	maxDashLines  = 5000     // lines that may separate parts
)

// A Mail is what was understood of one mail.
type Mail struct {
	From       Address
	ReplyTo    string   // address, empty when it is that of From
	Recipients []string // addresses it came to, lower-case: Delivered-To and its like, To, Cc, Received "for"
	ReturnPath string   // envelope sender; "<>" for the empty one, "" when not recorded
	Subject    string
	MessageID  string    // without angle brackets, like all message ids here
	InReplyTo  []string  // message ids
	References []string  // message ids, oldest first
	Date       time.Time // as the sender claims; zero when unreadable. Never to be trusted
	Header     textproto.MIMEHeader
	Text       string          // the whole text
	Own        string          // the writer's own words: no quoted mail, no signature
	Removed    []Removed       // what was taken away from Text for Own
	Report     *DeliveryReport // nil when it reports no delivery
	Shown      string          // likewise, with signature and footer
	Problems   []string        // what could not be read
}

// An Address is a mailbox with the name shown for it.
type Address struct {
	Name  string
	Email string // lower-case
}

// Parse reads a raw mail (RFC 5322, MIME). Header values in the result are
// decoded (RFC 2047), text is UTF-8 with "\n" line ends.
func Parse(raw []byte) (m Mail) {
	m.Header = textproto.MIMEHeader{}
	raw = m.bound(raw)
	root := m.parts(raw)
	if root == nil {
		m.text(m.clean(string(raw)))
		return m
	}
	m.head(root.Header)
	m.body(root)
	m.Report = report(root, &m)
	return m
}

// bound cuts what would cost too much to parse: the parser's work grows with
// size times depth, so both are limited before it starts.
func (m *Mail) bound(raw []byte) []byte {
	if len(raw) > maxMail {
		m.problem("longer than %d MiB: the rest was not read", maxMail>>20)
		raw = raw[:maxMail]
	}
	dashes, pos := 0, 0
	for dashes < maxDashLines {
		i := bytes.Index(raw[pos:], []byte("\n--"))
		if i < 0 {
			pos = len(raw)
			break
		}
		pos += i + 3
		dashes++
	}
	if pos < len(raw) {
		m.problem("more than %d parts: the rest was not read", maxDashLines)
		raw = raw[:pos]
	}
	return raw
}

var boundaryParam = lazily(`(?i)boundary\s*\*?\d*\*?\s*=`)

// parts parses the MIME tree; nil when there is nothing to be had.
func (m *Mail) parts(raw []byte) (root *enmime.Part) {
	// The parser is other people's code fed with strangers' bytes.
	defer func() {
		if r := recover(); r != nil {
			m.problem("the parser gave up: %v", r)
			root = nil
		}
	}()
	p := enmime.NewParser(
		enmime.SkipMalformedParts(true),
		enmime.MultipartWOBoundaryAsSinglePart(true),
		enmime.SetCustomParseMediaType(mediaType),
		enmime.DisableCharacterDetection(true),
		enmime.DisableTextConversion(true),
		enmime.MaxStoredPartErrors(5),
		enmime.SetReadPartErrorPolicy(func(*enmime.Part, error) bool { return true }),
	)
	read := func(raw []byte) (*enmime.Part, error) { return p.ReadParts(bytes.NewReader(raw)) }

	few := bytes.Count(bytes.ToLower(raw), []byte("boundary")) <= maxBoundaries // the cheaper question
	if !few && len(boundaryParam.FindAllIndex(raw, maxBoundaries+1)) > maxBoundaries {
		m.problem("more than %d multiparts: only the header was read", maxBoundaries)
		raw = headerOnly(raw)
	}
	root, err := read(raw)
	if err != nil && !errors.Is(err, io.EOF) {
		m.problem("%v", err)
		// A header alone still says who wrote and to which mail it answers.
		if root, err = read(headerOnly(raw)); err == nil && root != nil {
			root.Content = afterHeader(raw)
		}
	}
	if err != nil || root == nil {
		return nil
	}
	for _, part := range allParts(root) {
		for _, e := range part.Errors {
			if e.Severe {
				m.problem("%s: %s", e.Name, e.Detail)
			}
		}
	}
	return root
}

// mediaType takes US-ASCII, whether declared or assumed, for UTF-8: so the
// parser hands the bytes on as they are, without guessing, and where they are
// more than ASCII they decide what they are. See utf8Text.
func mediaType(ctype string) (string, map[string]string, []string, error) {
	kind, params, invalid, err := mediatype.ParseWithOptions(ctype, mediatype.ParseOptions{StripMediaTypeInvalidCharacters: true})
	switch strings.ToLower(params["charset"]) {
	case "", "us-ascii", "ascii", "ansi_x3.4-1968":
		if params == nil {
			params = map[string]string{}
		}
		params["charset"] = "utf-8"
	}
	return kind, params, invalid, err
}

// headerOnly is the header as a mail of its own, declared to be plain text.
func headerOnly(raw []byte) []byte {
	head := raw[:len(raw)-len(afterHeader(raw))]
	var out []byte
	skipping := false
	for line := range bytes.Lines(head) {
		if line[0] != ' ' && line[0] != '\t' {
			skipping = len(line) > 8 && strings.EqualFold(string(line[:8]), "content-")
		}
		if !skipping {
			out = append(out, line...)
		}
	}
	return append(out, "\r\n"...)
}

func afterHeader(raw []byte) []byte {
	end := len(raw)
	for _, sep := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(raw, []byte(sep)); i >= 0 && i+len(sep) < end {
			end = i + len(sep)
		}
	}
	return raw[end:]
}

// allParts lists the tree in reading order.
func allParts(root *enmime.Part) []*enmime.Part {
	return root.DepthMatchAll(func(*enmime.Part) bool { return true })
}

func (m *Mail) problem(format string, args ...any) {
	if len(m.Problems) < 20 {
		m.Problems = append(m.Problems, fmt.Sprintf(format, args...))
	}
}

// head reads the header fields that have a form of their own.
func (m *Mail) head(raw textproto.MIMEHeader) {
	for key, values := range raw {
		for _, v := range values {
			m.Header.Add(key, decode(v))
		}
	}
	if from := addresses(raw["From"]); len(from) > 0 {
		m.From = from[0]
	} else {
		m.problem("no sender in From")
	}
	if reply := addresses(raw["Reply-To"]); len(reply) > 0 && reply[0].Email != m.From.Email {
		m.ReplyTo = reply[0].Email
	}
	m.Recipients = recipients(raw)
	if path, ok := raw["Return-Path"]; ok {
		m.ReturnPath = "<>"
		if a := addresses(path[:1]); len(a) > 0 {
			m.ReturnPath = a[0].Email
		}
	}
	m.Subject = strings.Join(strings.Fields(m.Header.Get("Subject")), " ")
	m.MessageID = first(messageIDs(raw["Message-Id"]))
	m.InReplyTo = messageIDs(raw["In-Reply-To"])
	m.References = messageIDs(raw["References"])
	if d := m.Header.Get("Date"); d != "" {
		t, err := netmail.ParseDate(d)
		if err != nil {
			m.problem("date: %v", err)
		}
		m.Date = t
	}
}

// body finds the text: plain where there is any, else the HTML's.
func (m *Mail) body(root *enmime.Part) {
	plain, rich := texts(root)
	if strings.TrimSpace(plain) != "" {
		m.text(m.clean(plain))
		return
	}
	if strings.TrimSpace(rich) == "" {
		return
	}
	if len(rich) > maxText {
		m.problem("longer HTML than %d KiB: the rest was not read", maxText>>10)
		rich = rich[:maxText]
	}
	m.text(m.clean(htmlText(rich, true)))
	m.Text = m.clean(htmlText(rich, false))
}

// text takes in what a mail says.
func (m *Mail) text(s string) {
	lines, quoted := unquoted(s)
	m.Text, m.Shown = s, strings.Join(lines, "\n")
	m.Own, m.Removed = divide(lines, quoted)
}

// texts gathers what a reader is shown: of alternatives the best of each sort,
// of a sequence all. Attachments and enclosed mails are not the writer's words.
func texts(p *enmime.Part) (plain, rich string) {
	if p.FirstChild == nil {
		shown := p.Disposition != "attachment"
		switch {
		case shown && (p.ContentType == "text/plain" || p.ContentType == "" || strings.HasPrefix(p.ContentType, "multipart/")):
			return utf8Text(p), ""
		case shown && p.ContentType == "text/html":
			return "", utf8Text(p)
		}
		return "", ""
	}
	alternative := p.ContentType == "multipart/alternative"
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		cp, cr := texts(c)
		if alternative && plain != "" {
			cp = ""
		}
		plain, rich = glue(plain, cp), glue(rich, cr)
	}
	return plain, rich
}

// utf8Text gives the text of a part. Where no charset was declared, bytes that
// are no UTF-8 are what an HTML page says of itself, else Windows-1252.
func utf8Text(p *enmime.Part) string {
	if utf8.Valid(p.Content) {
		return string(p.Content)
	}
	enc, _, _ := htmlcharset.DetermineEncoding(p.Content, p.ContentType)
	text, err := enc.NewDecoder().Bytes(p.Content)
	if err != nil {
		text = p.Content
	}
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

func glue(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n\n" + b
}

// clean makes text safe to store and compare.
func (m *Mail) clean(s string) string {
	if len(s) > maxText {
		m.problem("longer text than %d KiB: the rest was not read", maxText>>10)
		s = s[:maxText]
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\x00", "", "\ufeff", "").Replace(s)
	return strings.TrimSpace(s)
}

// Keys gives what a mail can be matched to a probe by: the addresses that it
// came to, lower-case (for a delivery report also those of the mail that it is
// about), and the message ids that it answers or reports on, the most telling
// first. The subject is no key: it is the shop's to change and ours to repeat.
func (m Mail) Keys() (addresses, messageIDs []string) {
	a, ids := newSet(), newSet()
	a.add(m.Recipients...)
	if r := m.Report; r != nil {
		ids.add(r.OriginalMessageID)
		a.add(r.OriginalSender, r.FinalRecipient, r.OriginalRecipient)
	}
	ids.add(m.InReplyTo...)
	for i := len(m.References) - 1; i >= 0; i-- { // the last is what it answers
		ids.add(m.References[i])
	}
	return a.list, ids.list
}

// A set keeps strings once, in the order of their first coming.
type set struct {
	list []string
	seen map[string]bool // once they are many
}

func newSet() *set { return &set{} }

func (s *set) add(values ...string) {
	for _, v := range values {
		if v == "" || s.has(v) {
			continue
		}
		s.list = append(s.list, v)
		if s.seen != nil {
			s.seen[v] = true
		}
	}
}

func (s *set) has(v string) bool {
	if s.seen == nil && len(s.list) > 16 {
		s.seen = map[string]bool{}
		for _, old := range s.list {
			s.seen[old] = true
		}
	}
	if s.seen != nil {
		return s.seen[v]
	}
	return slices.Contains(s.list, v)
}

// recipients lists every address that the header says the mail came to. The
// delivering server's own fields come first: they survive a forgotten To.
func recipients(raw textproto.MIMEHeader) []string {
	s := newSet()
	for _, key := range []string{"Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Original-Recipient", "To", "Cc", "Resent-To", "Apparently-To"} {
		for _, a := range addresses(raw[key]) {
			s.add(a.Email)
		}
	}
	for _, v := range raw["Received"] {
		for _, a := range addressesFor(v) {
			s.add(email(a))
		}
	}
	return s.list
}

var (
	words    = &mime.WordDecoder{CharsetReader: charset.Reader}
	bareMail = lazily(`[^\s<>()\[\],;:"']+@[^\s<>()\[\],;:"']+`)
)

// addresses reads address fields, and finds at least the addresses in broken ones.
func addresses(fields []string) (list []Address) {
	for _, f := range fields {
		if a, ok := plainAddress(f); ok {
			list = append(list, a)
			continue
		}
		parsed, err := (&netmail.AddressParser{WordDecoder: words}).ParseList(f)
		if err == nil {
			for _, a := range parsed {
				list = append(list, Address{Name: decode(a.Name), Email: email(a.Address)})
			}
			continue
		}
		for _, bare := range bareMail.FindAllString(decode(f), -1) {
			list = append(list, Address{Email: email(bare)})
		}
	}
	return list
}

func email(s string) string { return strings.ToLower(strings.Trim(s, "<>.,;\"' ")) }

func messageIDs(fields []string) []string {
	s := newSet()
	for _, f := range fields {
		found := inAngles(f)
		s.add(found...)
		if len(found) == 0 && !strings.ContainsAny(strings.TrimSpace(f), " \t") {
			s.add(strings.TrimSpace(f))
		}
	}
	return s.list
}

// decode resolves encoded words (RFC 2047), which occur even where they must
// not, and leaves what it can't resolve as it stands.
func decode(s string) string {
	if d, err := words.DecodeHeader(s); err == nil {
		s = d
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
