package reading

import (
	"strings"

	"github.com/inbucket/html2text"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText renders HTML as text; with own it leaves out the quoted mail, which
// the HTML marks more clearly than the text that is made of it.
func htmlText(s string, own bool) string {
	doc, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return tagless(s)
	}
	drop(doc, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Script, atom.Style, atom.Head, atom.Noscript, atom.Template:
			return true
		}
		return own && quoting(n)
	})
	text, err := html2text.FromHTMLNode(doc, html2text.Options{TextOnly: true})
	if err != nil {
		return tagless(s)
	}
	return text
}

// quoting knows how the common mail programs wrap what they quote. Some wrap
// only the separator: then everything after it is the quoted mail.
func quoting(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "type":
			if n.DataAtom == atom.Blockquote && strings.EqualFold(a.Val, "cite") {
				return true
			}
		case "class":
			for _, class := range strings.Fields(a.Val) {
				switch class {
				case "gmail_quote", "gmail_attr", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote", "zmail_extra":
					return true
				}
			}
		case "id":
			switch a.Val {
			case "divRplyFwdMsg", "appendonsend", "reply-intro", "isReplyContent", "OLK_SRC_BODY_SECTION":
				cutAfter(n)
				return true
			}
		}
	}
	return false
}

// cutAfter removes the siblings that follow n.
func cutAfter(n *html.Node) {
	for n.NextSibling != nil {
		n.Parent.RemoveChild(n.NextSibling)
	}
}

func drop(n *html.Node, unwanted func(*html.Node) bool) {
	for c := n.FirstChild; c != nil; {
		// Asked before the next sibling is looked up: cutAfter may remove it.
		gone := unwanted(c)
		next := c.NextSibling
		if gone {
			n.RemoveChild(c)
		} else {
			drop(c, unwanted)
		}
		c = next
	}
}

// tagless is for HTML that is nested too deeply to be a tree.
func tagless(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			b.WriteByte('\n')
		}
	}
}
