// Package pdf prints the HTML of a report on A4: a contents with page numbers,
// a running header and page numbers, an outline, tags for screen readers.
//
// It adds its style sheet and the contents to the page. Of the page it knows
// that headings h2 and h3 with an id are entries of the contents; that the first
// section of main is the verdict, which the contents follow; that drawings are
// svg elements with a height in pixels; and of sites (.site) the proof (.probe)
// and the rows of marks (.marks tr) that are no category's (.category).
package pdf

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"touchstone/reports"
)

//go:embed print.css
var style string

// maxProof is the largest panel whose PDF shows every mark, mail and picture:
// they take some six pages a site.
const maxProof = 25

// tallest is the height of a drawing, in pixels, that fits on a page with its
// heading and caption; a taller one is scaled.
const tallest = 800

// A Print turns an HTML page into a PDF that names the destinations of links. A
// draft is there for its page numbers: it may lack tags and outline.
type Print func(page []byte, draft bool) ([]byte, error)

// Format gives the PDF format: page is the HTML that it prints, best without
// scripts.
func Format(page reports.Format, print Print) reports.Format {
	return reports.Format{Name: "pdf", Extension: ".pdf", Pictures: true, Write: func(w io.Writer, r *reports.Report) error {
		var buf bytes.Buffer
		if err := page.Write(&buf, r); err != nil {
			return err
		}
		d, err := prepare(buf.Bytes(), r)
		if err != nil {
			return err
		}
		pdf, err := d.print(print)
		if err != nil {
			return err
		}
		_, err = w.Write(pdf)
		return err
	}}
}

// A document is the page with its contents, whose numbers are not known yet.
type document struct {
	root    *html.Node
	entries []entry
}

// An entry is a line of the contents.
type entry struct {
	id     string     // of the heading
	number *html.Node // the text that holds its page
}

// print prints a draft to learn the page numbers, then the whole; again, where
// its numbers are others.
func (d *document) print(print Print) ([]byte, error) {
	for try := range 4 {
		var page bytes.Buffer
		if err := html.Render(&page, d.root); err != nil {
			return nil, err
		}
		pdf, err := print(page.Bytes(), try == 0)
		if err != nil {
			return nil, err
		}
		pages, err := destinations(pdf)
		if err != nil {
			return nil, fmt.Errorf("read the page numbers: %w", err)
		}
		same := try > 0
		for _, e := range d.entries {
			n, ok := pages[e.id]
			if !ok {
				return nil, fmt.Errorf("the heading %q is on no page", e.id)
			}
			if number := fmt.Sprint(n); e.number.Data != number {
				e.number.Data, same = number, false
			}
		}
		if same {
			return pdf, nil
		}
	}
	return nil, errors.New("the contents never came to rest: their numbers move the pages")
}

// prepare adds the style sheet and the contents.
func prepare(page []byte, r *reports.Report) (*document, error) {
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		return nil, err
	}
	texts, err := reports.TextsIn(r.Language)
	if err != nil {
		return nil, err
	}
	say, d := texts.Say, &document{root: root}
	head, main := find(root, atom.Head), find(root, atom.Main)
	if main == nil {
		return nil, errors.New("the page has no main part")
	}
	sheet := style + running(r, say)
	if len(r.Sites) > maxProof {
		sheet += ".site { break-before: auto; break-inside: avoid; margin: 0 0 1.5rem; }\n"
		shorten(main)
	}
	for n := range main.Descendants() {
		if height, err := strconv.Atoi(attribute(n, "height")); n.Data == "svg" && err == nil && height > tallest {
			n.Attr = append(n.Attr, html.Attribute{Key: "style", Val: fmt.Sprintf("zoom: %.3f", float64(tallest)/float64(height))})
		}
	}
	head.AppendChild(element(atom.Style, "", text(sheet)))

	list := element(atom.Ol, "")
	for n := range main.Descendants() {
		if n.Type != html.ElementNode || n.DataAtom != atom.H2 && n.DataAtom != atom.H3 || attribute(n, "id") == "" {
			continue
		}
		e := entry{attribute(n, "id"), text("0000")} // as wide as what comes
		d.entries = append(d.entries, e)
		list.AppendChild(element(atom.Li, n.Data, element(atom.A, "#"+e.id,
			element(atom.Span, "", element(atom.Bdi, "", text(words(n)))), element(atom.I, ""), element(atom.B, "", e.number))))
	}
	contents := element(atom.Section, "contents", element(atom.H2, "", text(say("Contents"))), list)
	if len(r.Sites) > maxProof {
		contents.AppendChild(element(atom.P, "", text(say("The marks, mails and pictures of %d sites are left out of this print; they stand in the HTML form of the report.", len(r.Sites)))))
	}
	after := find(main, atom.Section)
	if after == nil {
		main.InsertBefore(contents, main.FirstChild)
	} else {
		after.Parent.InsertBefore(contents, after.NextSibling)
	}
	return d, nil
}

// shorten takes from a large panel what would make it a book.
func shorten(main *html.Node) {
	var gone []*html.Node
	marks := false
	for n := range main.Descendants() {
		class := strings.Fields(attribute(n, "class"))
		switch {
		case n.DataAtom == atom.Table:
			marks = slices.Contains(class, "marks")
		case slices.Contains(class, "probe"), marks && (n.DataAtom == atom.Caption || n.DataAtom == atom.Thead), n.DataAtom == atom.Tr && marks && n.Parent.DataAtom == atom.Tbody && !slices.Contains(class, "category"):
			gone = append(gone, n)
		}
	}
	for _, n := range gone {
		n.Parent.RemoveChild(n)
	}
}

// running is the style of the page's margins: the title above, the wave below.
func running(r *reports.Report, say func(string, ...any) string) string {
	return fmt.Sprintf("@page { @top-left { content: %s; } @bottom-left { content: %s; } }\n@page :first { @top-left { content: none; } }\n",
		literal(r.Title), literal(say("Wave")+" "+r.Wave.ID+" · touchstone "+r.Wave.Version))
}

// literal writes a CSS string in which every character but letters and digits
// is escaped: a stranger's title can't end it.
func literal(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range []rune(s) {
		if i == 90 {
			b.WriteString(`\2026 `)
			break
		}
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == ' ' {
			b.WriteRune(r)
		} else if r != 0 {
			fmt.Fprintf(&b, `\%x `, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// element makes an element; name is its class, of a link its address, of a
// section its id.
func element(tag atom.Atom, name string, children ...*html.Node) *html.Node {
	n := &html.Node{Type: html.ElementNode, DataAtom: tag, Data: tag.String()}
	if name != "" {
		key := map[atom.Atom]string{atom.A: "href", atom.Section: "id"}[tag]
		if key == "" {
			key = "class"
		}
		n.Attr = []html.Attribute{{Key: key, Val: name}}
	}
	for _, c := range children {
		n.AppendChild(c)
	}
	return n
}

func text(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

func find(n *html.Node, tag atom.Atom) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && c.DataAtom == tag {
			return c
		}
	}
	return nil
}

func attribute(n *html.Node, key string) string {
	if i := slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key }); i >= 0 {
		return n.Attr[i].Val
	}
	return ""
}

// words gives what a heading says, without its pictures.
func words(n *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.Data == "svg":
			return
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
	}
	walk(n)
	return strings.Join(strings.Fields(b.String()), " ")
}
