package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"touchstone/internal/evidence"
	"touchstone/probes"
	"touchstone/probes/web"
	"touchstone/probes/web/driver"
	"touchstone/scenarios"
)

func (a *app) record() *cobra.Command {
	var out, persona, id string
	c := &cobra.Command{
		Use:   "record URL",
		Short: "Follow what you do in a browser, and write it as a scenario",
		Long: `Record opens a window of a browser of its own, with nothing in it of yours, and
follows what you click, type, choose and press, over pages, frames and windows.
Close the window, or interrupt the program, and the scenario is written: with the
names that a person would use, and with the persona's data where you typed yours.

What you type into fields for passwords, codes, cards and accounts is written
nowhere, and what orders or pays ends the recording: a visit stops before it.
Nobody but you is in that browser: what you do there, you do.

Read the file before you run it: effects are guessed from the forms.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, who, err := a.recorder(persona)
			if err != nil {
				return err
			}
			if out == "-" {
				out = ""
			}
			if out != "" {
				if _, err := os.Lstat(out); err == nil {
					return usage("--out %s: there is such a file already; choose another name", out)
				}
			}
			program, err := driver.FindVisible(p.Browser.Path, a.getenv)
			if err != nil {
				return fail(exitUsage, err)
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			fmt.Fprintf(a.stderr, "Recording. Close the window, or press Ctrl-C, when you are done. What you type of a person's data is written as that of the persona %s.\n", who.ID)
			r, err := a.recording(ctx, program, args[0], who, true, nil)
			if err != nil {
				return err
			}
			if r.Stopped != "" {
				fmt.Fprintln(a.stderr, "The recording ended before you did: "+r.Stopped+".")
			}
			return a.writeRecording(out, id, p, who, r)
		},
	}
	c.Flags().StringVarP(&out, "out", "o", "", "the file to write (default: standard output)")
	c.Flags().StringVar(&persona, "persona", "", "whose data you type, by id (default: the first one)")
	c.Flags().StringVar(&id, "id", "recorded", "the scenario's id")
	return c
}

// recorder gives the project, where there is one, and the persona.
func (a *app) recorder(persona string) (*scenarios.Project, probes.Persona, error) {
	var none probes.Persona
	l := a.language()
	l.Empty = true // the first scenario may be the one that is recorded
	p, err := a.loadBy(l)
	var mistakes scenarios.Mistakes
	switch {
	case err == nil:
	case errors.As(err, &mistakes) && !exists(filepath.Join(a.dir, "touchstone.yaml")):
		p = &scenarios.Project{Browser: scenarios.Browser{Path: a.getenv("TOUCHSTONE_BROWSER")}} // recording needs no project
	default:
		return nil, none, err
	}
	people := p.Personas // the first of the shipped ones is every scenario's default
	if len(people) == 0 {
		people = []probes.Persona{{ID: "anna", Language: "en-GB"}}
	}
	i := slices.IndexFunc(people, func(who probes.Persona) bool { return who.ID == persona })
	if persona == "" {
		i = 0
	}
	if i < 0 {
		return nil, none, usage("--persona %s: there is no such persona", persona)
	}
	return p, people[i], nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func (a *app) recording(ctx context.Context, program, address string, who probes.Persona, visible bool, drive func(context.Context, *driver.Tab) error) (*web.Recording, error) {
	tmp, err := os.MkdirTemp("", "touchstone-")
	if err != nil {
		return nil, fmt.Errorf("a folder for the browser: %w", err)
	}
	defer os.RemoveAll(tmp)
	return web.Record(ctx, web.Options{Path: program, TempDir: tmp, Log: a.log}, address, who, visible, drive)
}

func (a *app) writeRecording(out, id string, p *scenarios.Project, who probes.Persona, r *web.Recording) error {
	text := scenarioOf(id, p, who, r)
	if out == "" {
		_, err := a.stdout.Write(text)
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
		return err
	}
	if err := writeFile(out, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
		return fmt.Errorf("write %s: %w", out, err)
	}
	fmt.Fprintln(a.stdout, out)
	return nil
}

// scenarioOf writes a recording as a scenario. Every word of a page is quoted
// as JSON, which is YAML too.
func scenarioOf(id string, p *scenarios.Project, who probes.Persona, r *web.Recording) []byte {
	host := r.Start
	var site string
	if u, err := url.Parse(r.Start); err == nil {
		host = u.Host
		for _, s := range p.Sites {
			if at, err := url.Parse(s.URL); err == nil && at.Host == u.Host {
				site = s.ID
			}
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# What a person did at %s. Read it before it is run: the effects are guessed from the forms.\n", oneLine(host))
	fmt.Fprintf(&b, "id: %s\ntitle: %s\nkind: web\ntask: %s\n", asJSON(id), asJSON("Recorded at "+host), taskOf(r.Effects))
	if len(r.Effects) > 0 {
		list := make([]string, len(r.Effects))
		for i, e := range r.Effects {
			list[i] = string(e)
		}
		fmt.Fprintf(&b, "effects: [%s]\n", strings.Join(list, ", "))
	}
	fmt.Fprintf(&b, "persona: %s\n", asJSON(who.ID))
	if site != "" {
		fmt.Fprintf(&b, "sites: [%s]\n", asJSON(site))
	}
	b.WriteString("with:\n")
	if r.Consent != "" {
		fmt.Fprintf(&b, "  consent: %s\n", r.Consent)
	}
	b.WriteString("  steps:\n")
	for i := range r.Steps {
		s := &r.Steps[i]
		if s.Note != "" {
			fmt.Fprintf(&b, "    # %s\n", oneLine(s.Note))
		}
		if !s.Empty() {
			fmt.Fprintf(&b, "    - %s\n", oneStep(&s.Step))
		}
	}
	return b.Bytes()
}

// taskOf guesses what the customer was trying to do.
func taskOf(effects []evidence.Effect) string {
	for _, known := range []struct {
		effect evidence.Effect
		task   string
	}{{evidence.FillCheckout, "checkout"}, {evidence.Register, "register"}, {evidence.Subscribe, "newsletter"}, {evidence.LogIn, "log-in"}, {evidence.SubmitForm, "contact"}} {
		if slices.Contains(effects, known.effect) {
			return known.task
		}
	}
	return "browse"
}

// oneStep writes a step on one line.
func oneStep(s *web.Step) string {
	var parts []string
	if s.Effect != "" {
		parts = append(parts, "effect: "+string(s.Effect))
	}
	switch {
	case s.Open != "":
		parts = append(parts, "open: "+asJSON(s.Open))
	case s.Click != nil:
		parts = append(parts, "click: "+asJSON(s.Click))
	case s.Fill != nil:
		parts = append(parts, "fill: "+asJSON(s.Fill))
	case s.Select != nil:
		parts = append(parts, "select: "+asJSON(s.Select))
	case s.Press != "":
		parts = append(parts, "press: "+asJSON(s.Press))
	case s.Expect != nil:
		parts = append(parts, "expect: "+asJSON(s.Expect))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// asJSON writes a value as JSON on one line, which is YAML too.
func asJSON(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return `""` // steps and words always encode
	}
	return strings.TrimSpace(b.String())
}

// oneLine keeps a comment a comment, whatever stands in it.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 {
			return ' '
		}
		return r
	}, s)), " ")
}
