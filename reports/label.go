package reports

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"math"
	"regexp"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

// A Label says of whom the report is. Nothing in it is needed.
type Label struct {
	Author  string `json:"author,omitempty"`
	Logo    string `json:"logo,omitempty"`   // data URL of a PNG, JPEG or GIF
	Colour  string `json:"colour,omitempty"` // of the masthead, "#1a3c5a"
	Ink     string `json:"ink,omitempty"`    // of the words on it, black or white
	Intro   string `json:"intro,omitempty"`  // sanitised HTML
	Closing string `json:"closing,omitempty"`
}

// mostLogo bounds a logo file, in bytes.
const mostLogo = 512 << 10

var hexColour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// NewLabel checks and prepares a label. logo is an image file's bytes, colour
// is "#rrggbb", intro and closing are Markdown; each may be empty.
func NewLabel(author string, logo []byte, colour, intro, closing string) (*Label, error) {
	l := &Label{Author: cut(author, maxName)}
	if len(logo) > 0 {
		_, kind, err := image.DecodeConfig(bytes.NewReader(logo))
		if err != nil {
			return nil, fmt.Errorf("the logo must be a PNG, JPEG or GIF: %w", err)
		}
		if len(logo) > mostLogo {
			return nil, fmt.Errorf("the logo has %d kB; at most %d are carried: make it smaller", len(logo)>>10, mostLogo>>10)
		}
		l.Logo = "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(logo)
	}
	if colour != "" {
		if !hexColour.MatchString(colour) {
			return nil, fmt.Errorf("the colour %q is not written #rrggbb", colour)
		}
		l.Colour, l.Ink = colour, inkOn(colour)
	}
	var err error
	if l.Intro, err = Markdown(intro); err != nil {
		return nil, fmt.Errorf("the introduction: %w", err)
	}
	if l.Closing, err = Markdown(closing); err != nil {
		return nil, fmt.Errorf("the closing text: %w", err)
	}
	return l, nil
}

// inkOn gives black or white, whichever stands out more on a colour. The
// better of the two always has a contrast of at least 4.58 to 1 (WCAG 2.2).
func inkOn(colour string) string {
	var r, g, b uint8
	_, _ = fmt.Sscanf(colour, "#%02x%02x%02x", &r, &g, &b) // its shape was checked
	if l := luminance(r, g, b); (l+0.05)*(l+0.05) < 1.05*0.05 {
		return "#ffffff"
	}
	return "#000000"
}

// Markdown turns an operator's text into HTML that neither runs nor fetches.
func Markdown(text string) (string, error) {
	if text == "" {
		return "", nil
	}
	var buf bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.Table)).Convert([]byte(text), &buf); err != nil {
		return "", err
	}
	return prose.Sanitize(buf.String()), nil
}

// prose lets through what Markdown makes, but for pictures: the report fetches
// nothing. Headings begin below the report's own.
var prose = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "blockquote", "hr", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "td", "th")
	p.AllowStandardURLs()
	p.AllowURLSchemes("https", "http", "mailto")
	p.AllowAttrs("href").OnElements("a")
	p.RequireNoReferrerOnLinks(true)
	p.RequireNoFollowOnLinks(true)
	return p
}()

// IntroHTML and ClosingHTML were sanitised by NewLabel.
func (l *Label) IntroHTML() template.HTML { return template.HTML(l.Intro) }

// ClosingHTML is the text after the findings.
func (l *Label) ClosingHTML() template.HTML { return template.HTML(l.Closing) }

// luminance is the relative one of an sRGB colour (WCAG 2.2), from 0 to 1.
func luminance(r, g, b uint8) float64 {
	linear := func(v uint8) float64 {
		c := float64(v) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
