// Package mail is the probe that asks by mail and waits for the answer: a
// correspondence. Compose and read are pure; Account sends and watches.
package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"touchstone/internal/evidence"
	"touchstone/internal/reading"
	"touchstone/probes"
)

// Params are what a scenario says of an enquiry by mail.
type Params struct {
	To        string     `json:"to,omitempty" jsonschema:"title=recipient,description=Address to write to instead of the one the site publishes. Write it down only with the right to use it."`
	Texts     []Text     `json:"texts" jsonschema:"required,minItems=1,title=texts,description=Variants of the same question\\, in one or more languages. Each probe sends one of them; the plan's seed chooses among those of the site's language\\, else of the shopper's\\, else the English ones and those without a language."`
	Questions []Question `json:"questions,omitempty" jsonschema:"title=questions,description=What the texts ask. A reply answers a question when it says one of the expected phrases of each thing that an answer must hold."`
}

// A Question is one thing that every text asks.
type Question struct {
	Ask    string         `json:"ask" jsonschema:"required,minLength=1,description=The question\\, for whoever reads the report."`
	Expect []string       `json:"expect,omitempty" jsonschema:"description=Phrases of which a reply that answers it says at least one\\, in every language of the texts. Case and accents do not matter; a word that ends in * stands for all that begin so. <time> <money> <number> <date> <link> <yes> and <no> in a phrase stand for any of their kind: within <number> days."`
	Facts  []ExpectedFact `json:"facts,omitempty" jsonschema:"description=More that a whole answer holds\\, beside expect: where some of it is missing\\, the question is partly answered."`
	Reject []string       `json:"reject,omitempty" jsonschema:"description=Phrases that no answer to it says. A reply with one of them does not answer it\\, whatever else it says."`
}

// An ExpectedFact is one thing that an answer must hold.
type ExpectedFact struct {
	Fact   string   `json:"fact" jsonschema:"required,minLength=1,description=What it is\\, for whoever reads the report."`
	Expect []string `json:"expect" jsonschema:"required,minItems=1,description=Phrases of which a reply that holds it says at least one."`
}

// expectation puts the facts of a question together, expect as the first.
func (q Question) expectation() reading.Expectation {
	e := reading.Expectation{Never: q.Reject}
	if len(q.Expect) > 0 {
		e.Facts = append(e.Facts, q.Expect)
	}
	for _, f := range q.Facts {
		e.Facts = append(e.Facts, f.Expect)
	}
	return e
}

// A Text is one way to ask.
type Text struct {
	Subject  string `json:"subject" jsonschema:"required,minLength=1,description=One line."`
	Body     string `json:"body" jsonschema:"required,minLength=1,description=Plain text as the customer writes it: greeting\\, question\\, name. Variables like ${persona.given} are filled in."`
	Language string `json:"language,omitempty" jsonschema:"format=language,description=The language of the text\\, such as en or de."`
}

// Kind declares the probe.
func Kind() probes.Kind {
	return probes.Kind{
		Name:     "mail",
		About:    "Asks by mail from an address of its own and waits for a person's answer.",
		Channel:  "mail",
		Facts:    facts,
		Params:   Params{},
		Effects:  []evidence.Effect{evidence.SendMail},
		Task:     "enquiry",
		Infer:    infer,
		Check:    check,
		Describe: describe,
		Correspondence: &probes.Correspondence{
			Compose: compose,
			Read:    read,
			Reading: "mail/4",
		},
	}
}

func check(params any) (mistakes []probes.Mistake) {
	p := params.(*Params)
	mistake := func(path, format string, args ...any) {
		mistakes = append(mistakes, probes.Mistake{Path: path, Message: fmt.Sprintf(format, args...)})
	}
	if p.To != "" && !strings.Contains(p.To, "${") {
		if a, err := netmail.ParseAddress(p.To); err != nil || a.Address != p.To {
			mistake("/to", "%q is not an address: write it bare, like help@example.org", p.To)
		}
	}
	if len(p.Texts) == 0 {
		mistake("/texts", "no text: write at least one, with subject and body")
	}
	for i, t := range p.Texts {
		at := fmt.Sprintf("/texts/%d", i)
		switch {
		case strings.TrimSpace(t.Subject) == "":
			mistake(at+"/subject", "the subject is empty")
		case strings.ContainsFunc(t.Subject, unicode.IsControl):
			mistake(at+"/subject", "the subject must be one line without control characters")
		}
		if strings.TrimSpace(t.Body) == "" {
			mistake(at+"/body", "the body is empty")
		}
	}
	for i, q := range p.Questions {
		at := fmt.Sprintf("/questions/%d", i)
		phrases := func(at string, list []string) {
			for k, phrase := range list {
				if err := reading.CheckPhrase(phrase); err != nil {
					mistake(fmt.Sprintf("%s/%d", at, k), "%v", err)
				}
			}
		}
		if len(q.Expect)+len(q.Facts) == 0 {
			mistake(at, "nothing is expected of an answer: write expect, with phrases of which it says one, or facts")
		}
		phrases(at+"/expect", q.Expect)
		phrases(at+"/reject", q.Reject)
		for k, f := range q.Facts {
			phrases(fmt.Sprintf("%s/facts/%d/expect", at, k), f.Expect)
		}
	}
	return mistakes
}

func describe(params any) []string {
	p := params.(*Params)
	to := p.To
	if to == "" {
		to = "the published address"
	}
	lines := []string{"write a mail to " + to + " and wait for the answer"}
	for _, q := range p.Questions {
		lines = append(lines, "ask: "+q.Ask)
	}
	return lines
}

// choice gives the indexes of the texts to draw from: those in the first of
// the languages that any text is in, then English and those that name none,
// then all. Regions do not matter: de-AT is written to in de.
func choice(texts []Text, languages ...string) (variants []int) {
	in := func(languages ...string) (variants []int) {
		for i, t := range texts {
			if slices.Contains(languages, primary(t.Language)) {
				variants = append(variants, i)
			}
		}
		return variants
	}
	for _, l := range languages {
		if variants = in(primary(l)); l != "" && len(variants) > 0 {
			return variants
		}
	}
	if variants = in("en", ""); len(variants) > 0 {
		return variants
	}
	for i := range texts {
		variants = append(variants, i)
	}
	return variants
}

var variable = regexp.MustCompile(`\$\{[^}\n]*\}?`)

// compose writes the letter as an ordinary mail program would: one part of
// plain text, nothing that names a machine. The same task gives the same bytes.
func compose(t *probes.Task, env probes.Envelope) (probes.Letter, error) {
	p := t.Params.(*Params)
	if bad := check(p); len(bad) > 0 {
		return probes.Letter{}, fmt.Errorf("%s: %s", bad[0].Path, bad[0].Message)
	}
	if p.To != "" {
		env.To = p.To
	}
	if env.To == "" {
		return probes.Letter{}, errors.New("no address to write to: give the site an email, or the scenario a to")
	}
	variants := choice(p.Texts, t.Site.Language, t.Persona.Language)
	l := probes.Letter{Envelope: env, Variant: variants[t.Random%uint64(len(variants))]}
	text := p.Texts[l.Variant]
	l.Subject = text.Subject
	l.Text = strings.ReplaceAll(strings.TrimRight(text.Body, " \t\r\n"), "\r\n", "\n") + "\n"
	if v := variable.FindString(strings.Join([]string{l.Subject, l.Text, env.To}, "\n")); v != "" {
		return l, fmt.Errorf("variable %s was not filled in", v)
	}
	if env.MessageID == "" || env.Date.IsZero() {
		return l, errors.New("planning gave no message id or no date")
	}

	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP))
	if _, err := netmail.ParseAddress(env.From); err != nil {
		return l, fmt.Errorf("sender %q: %w", env.From, err)
	}
	m.FromMailAddress(&netmail.Address{Name: strings.TrimSpace(t.Persona.Given + " " + t.Persona.Family), Address: env.From})
	if err := m.To(env.To); err != nil {
		return l, fmt.Errorf("recipient %q: %w", env.To, err)
	}
	m.Subject(l.Subject)
	m.SetDateWithValue(env.Date)
	m.SetMessageIDWithValue(env.MessageID)
	m.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(l.Text, "\n", "\r\n"))
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return l, fmt.Errorf("render the letter: %w", err)
	}
	l.Raw = b.Bytes()
	if !bytes.HasSuffix(l.Raw, []byte("\r\n")) {
		l.Raw = append(l.Raw, "\r\n"...)
	}
	return l, nil
}
