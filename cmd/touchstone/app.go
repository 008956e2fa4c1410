package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"touchstone/internal/db"
	"touchstone/internal/evidence"
	"touchstone/internal/fieldwork"
	"touchstone/probes"
	"touchstone/scenarios"
	"touchstone/scoring"
)

// The exit codes. When several hold, the first of 2, 5, 1, 3, 4 is given: a
// proven failure is not hidden by something that could not be tested.
const (
	exitPassed       = 0
	exitGate         = 1 // the gate failed
	exitUsage        = 2 // usage, or a mistake in a file
	exitInconclusive = 3 // we broke, were blocked, or have no data
	exitPending      = 4 // windows are still open
	exitNotGranted   = 5 // an effect was not granted
	exitInterrupted  = 130
)

// failure is an error with the exit code that it stands for.
type failure struct {
	code int
	err  error
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func fail(code int, err error) error {
	if err == nil {
		return nil
	}
	return &failure{code, err}
}

func usage(format string, args ...any) error { return fail(exitUsage, fmt.Errorf(format, args...)) }

// app is what the commands share.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	raw            io.Writer // standard error as it is: a bar needs the terminal itself
	getenv         func(string) string
	redactor       *evidence.Redactor
	log            *slog.Logger
	level          slog.LevelVar

	dir    string // --project
	checks string // --checks, absolute; empty: the project's own
	quiet  bool
}

func newApp(stdin io.Reader, stdout, stderr io.Writer) *app {
	stderr, terminal := &oneAtATime{w: stderr}, stderr // logs and progress share it
	a := &app{stdin: stdin, raw: terminal, getenv: os.Getenv, redactor: evidence.NewRedactor()}
	a.stdout, a.stderr = stdout, a.redactor.Writer(stderr)
	a.level.Set(slog.LevelWarn)
	a.log = slog.New(a.redactor.Handler(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: &a.level})))
	return a
}

// oneAtATime writes what several goroutines say, one after another.
type oneAtATime struct {
	mu sync.Mutex
	w  io.Writer
}

func (o *oneAtATime) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(p)
}

func (a *app) close() {
	if c, ok := a.stderr.(io.Closer); ok {
		_ = c.Close() // flushes what the redactor holds back
	}
}

// root is the command line.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "touchstone",
		Short: "Audit and benchmark customer service in e-commerce",
		Long: `Touchstone behaves as a customer would, at many shops at once: it writes to
them and waits days for the answers, drives a real browser through their
checkout and help, keeps the proof of every figure, and grades each shop.

Start with ` + "`touchstone demo`" + `: it needs no account and no network.

Exit codes: 0 passed, 1 a gate failed, 2 usage or a mistake in a file,
3 inconclusive, 4 still pending, 5 an effect was not granted, 130 interrupted.`,
		SilenceUsage: true, SilenceErrors: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	verbose := false
	dir := a.getenv("TOUCHSTONE_PROJECT")
	if dir == "" {
		dir = "."
	}
	f := root.PersistentFlags()
	f.StringVarP(&a.dir, "project", "C", dir, "the project's folder (or TOUCHSTONE_PROJECT)")
	f.BoolVarP(&a.quiet, "quiet", "q", false, "no progress")
	f.BoolVarP(&verbose, "verbose", "v", false, "log what is done, to standard error")
	root.PersistentPreRun = func(*cobra.Command, []string) {
		if verbose {
			a.level.Set(slog.LevelInfo)
		}
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w\nsee `%s --help`", err, c.CommandPath())
	})
	root.AddCommand(a.demo(), a.scout(), a.init(), a.validate(), a.schema(), a.plan(), a.run(), a.status(), a.watch(), a.stop(), a.wave(), a.inbox(), a.suppress(), a.evidence(), a.record(), a.explanation(), a.bring(), a.mail(), a.reread(), a.review(), a.judgeModel(),
		a.score(), a.check(), a.compare(), a.report(), a.criteria(), a.doctor(), a.version())
	usageOfArguments(root)
	return root
}

// usageOfArguments makes a wrong number of arguments a usage error, as a wrong
// flag is.
func usageOfArguments(c *cobra.Command) {
	if args := c.Args; args != nil {
		c.Args = func(c *cobra.Command, given []string) error {
			if err := args(c, given); err != nil {
				return usage("%w\nsee `%s --help`", err, c.CommandPath())
			}
			return nil
		}
	}
	for _, sub := range c.Commands() {
		usageOfArguments(sub)
	}
}

// exit prints an error and gives its code.
func (a *app) exit(err error) int {
	if err == nil {
		return exitPassed
	}
	code := exitInconclusive
	var f *failure
	var mistakes scenarios.Mistakes
	var denied *fieldwork.NotAuthorised
	switch {
	case errors.As(err, &f):
		code = f.code
	case errors.As(err, &mistakes):
		code = exitUsage
	case errors.As(err, &denied):
		code = exitNotGranted
	case errors.Is(err, fieldwork.ErrInterrupted), errors.Is(err, context.Canceled):
		code = exitInterrupted
	case strings.HasPrefix(err.Error(), "unknown command"), strings.HasPrefix(err.Error(), "if any flags in the group"):
		code = exitUsage
	case isOneOf(err, db.ErrLocked, db.ErrNoDatabase, db.ErrNewer, db.ErrOlder, db.ErrForeign, db.ErrNoAccess):
		code = exitUsage // the operator's to mend, and nothing was begun
	}
	fmt.Fprintln(a.stderr, "touchstone: "+strings.TrimRight(err.Error(), "\n"))
	return code
}

func isOneOf(err error, kinds ...error) bool {
	return slices.ContainsFunc(kinds, func(k error) bool { return errors.Is(err, k) })
}

// language is the scenario language with the kinds and criteria of this program.
func (a *app) language() scenarios.Language {
	ids := []string{}
	var unfed []string
	for _, c := range criteria() {
		ids = append(ids, c.ID)
		if !fed(c) {
			unfed = append(unfed, c.ID)
		}
	}
	runs := slices.DeleteFunc(kinds(nil), func(k probes.Kind) bool { return !k.Runs() })
	return scenarios.Language{Kinds: runs, Criteria: ids, Unfed: unfed, Checks: a.checks}
}

// fed reports whether some kind that the criterion reads records what it needs.
func fed(c scoring.Criterion) bool {
	known := byName(kinds(nil))
	return slices.ContainsFunc(c.Scopes(), func(s scoring.Scope) bool {
		return known[s.Kind] != nil && !slices.ContainsFunc(c.Needs, func(need string) bool {
			return !slices.ContainsFunc(known[s.Kind].Facts, func(f evidence.FactDef) bool { return f.Name == need })
		})
	})
}

// load reads the project; every mistake in it is reported at once.
func (a *app) load() (*scenarios.Project, error) { return a.loadBy(a.language()) }

// loadBy reads it in a language of the caller's.
func (a *app) loadBy(l scenarios.Language) (*scenarios.Project, error) {
	dir, err := filepath.Abs(a.dir)
	if err != nil {
		return nil, usage("--project: %w", err)
	}
	p, err := l.Load(dir)
	if err != nil {
		return nil, err
	}
	if v := a.getenv("TOUCHSTONE_DATABASE"); v != "" {
		if p.Database, err = filepath.Abs(v); err != nil {
			return nil, usage("TOUCHSTONE_DATABASE: %w", err)
		}
	}
	if v := a.getenv("TOUCHSTONE_BROWSER"); v != "" {
		p.Browser.Path = v
	}
	for name, set := range map[string]func(on bool){
		"TOUCHSTONE_SANDBOX":   func(on bool) { p.Browser.Unboxed = !on },
		"TOUCHSTONE_ISOLATION": func(on bool) { p.Browser.Isolate = on },
		"TOUCHSTONE_CANARY":    func(on bool) { p.Browser.Canary = on },
	} {
		switch v := a.getenv(name); v {
		case "":
		case "on", "off":
			set(v == "on")
		default:
			return nil, usage("%s is %q: write on or off", name, v)
		}
	}
	return p, nil
}

// interruptible gives a context that a second interrupt ends, and a channel
// that the first one closes.
func interruptible(ctx context.Context, say func(string)) (context.Context, <-chan struct{}, func()) {
	ctx, cancel := context.WithCancel(ctx)
	stop := make(chan struct{})
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			say("finishing the step in hand; interrupt again to end at once")
			close(stop)
		case <-ctx.Done():
			return
		}
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, stop, func() { signal.Stop(signals); cancel() }
}

// printJSON writes a command's result for programs.
func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// terminal reports whether w is one.
func terminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
