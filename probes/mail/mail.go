// Package mail is the probe that asks by mail and waits for the answer: a
// correspondence. Compose and read are pure; Account sends and watches.
package mail

import (
	"bytes"
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"touchstone/internal/evidence"
	"touchstone/probes"
)

// Params are what a scenario says of an enquiry by mail.
type Params struct {
	To    string `json:"to,omitempty" jsonschema:"title=recipient,description=Address to write to instead of the one the site publishes. Write it down only with the right to use it."`
	Texts []Text `json:"texts" jsonschema:"required,minItems=1,title=texts,description=Variants of the same question. Each probe sends one of them; the plan's seed chooses."`
}

// A Text is one way to ask.
type Text struct {
	Subject string `json:"subject" jsonschema:"required,minLength=1,description=One line."`
	Body    string `json:"body" jsonschema:"required,minLength=1,description=Plain text as the customer writes it: greeting\\, question\\, name. Variables like ${persona.given} are filled in."`
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
		Check:    check,
		Describe: describe,
		Correspondence: &probes.Correspondence{
			Compose: compose,
			Read:    read,
			Reading: "mail/1",
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
	return mistakes
}

func describe(params any) []string {
	p := params.(*Params)
	to := p.To
	if to == "" {
		to = "the published address"
	}
	lines := []string{"write a mail to " + to + " and wait for the answer"}
	for _, t := range p.Texts {
		lines = append(lines, fmt.Sprintf("subject %q", t.Subject))
	}
	return lines
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
	l := probes.Letter{Envelope: env, Variant: int(t.Random % uint64(len(p.Texts)))}
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
