// Crash kills the program, its connections and its disk, at every step and at
// random, and counts at the receiving end: mails sent twice, replies and
// observations lost or doubled, waves that never end. A command for developers:
//
//	go run ./internal/crash                       everything, some minutes
//	go run ./internal/crash -short                a sample of everything
//	go run ./internal/crash -only random -kills 2000 -seed 7
//
// Its last line holds the counts; its exit code is 1 unless all but the kills
// are zero.
package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"text/tabwriter"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout)
	stop()
	os.Exit(code)
}

// A suite is one run of all scenarios.
type suite struct {
	out       io.Writer
	seed      uint64
	kills     int
	short     bool
	keep      bool
	dir       string
	programs  programs
	cert      tls.Certificate
	ca        []byte        // of cert, PEM
	parallel  int           // waves at the same time
	slots     chan struct{} // one is held by each of them
	accidents atomic.Int64  // of lines
	sessions  atomic.Int64  // of Dovecot's that were killed
	began     time.Time
	mu        sync.Mutex
}

func run(ctx context.Context, args []string, out io.Writer) int {
	s := &suite{out: out, began: time.Now()}
	f := flag.NewFlagSet("crash", flag.ContinueOnError)
	f.SetOutput(out)
	f.IntVar(&s.kills, "kills", 300, "kills at random moments")
	f.BoolVar(&s.short, "short", false, "a sample of each scenario")
	f.BoolVar(&s.keep, "keep", false, "keep every wave's folder; those of failures are always kept")
	f.Uint64Var(&s.seed, "seed", uint64(time.Now().UnixNano()%1e9), "of everything that is left to chance")
	f.IntVar(&s.parallel, "parallel", 16, "waves at the same time")
	only := f.String("only", "", "scenarios to run, by name, with commas: "+strings.Join(names(), ", "))
	if err := f.Parse(args); err != nil {
		return 2
	}
	if s.short && !isSet(f, "kills") {
		s.kills = 40
	}
	chosen := strings.FieldsFunc(*only, func(r rune) bool { return r == ',' })
	for _, name := range chosen {
		if !slices.Contains(names(), name) {
			fmt.Fprintf(out, "there is no scenario %q, only %s\n", name, strings.Join(names(), ", "))
			return 2
		}
	}
	s.parallel = max(1, s.parallel)
	s.slots = make(chan struct{}, s.parallel)
	if err := s.prepare(ctx); err != nil {
		fmt.Fprintln(out, err)
		return 1
	}
	s.say("seed %d, folder %s", s.seed, s.dir)
	list := slices.DeleteFunc(scenarios(), func(sc scenario) bool { return len(chosen) > 0 && !slices.Contains(chosen, sc.name) })
	rows := make([]row, len(list))
	var all sync.WaitGroup
	for i, sc := range list { // at once, since a wave waits more than it works
		all.Go(func() { rows[i] = s.scenario(ctx, sc) })
	}
	all.Wait()
	sum := result{took: time.Since(s.began)}
	for _, r := range rows {
		sum.add(r.result)
	}
	s.table(append(rows, row{"all", sum}))
	if !s.keep && sum.wrong() == 0 {
		_ = os.RemoveAll(s.dir)
	}
	if ctx.Err() != nil {
		fmt.Fprintln(out, "interrupted")
	}
	if sum.stuck+sum.damaged > 0 {
		fmt.Fprintf(out, "%d waves or steps did not end as they must, %d databases or files are not whole: see above\n", sum.stuck, sum.damaged)
	}
	fmt.Fprintf(out, "kills %d, sent twice %d, lost %d, doubled %d\n", sum.kills, sum.twice, sum.lost, sum.doubled)
	if sum.wrong() > 0 || ctx.Err() != nil || sum.waves == 0 {
		return 1
	}
	return 0
}

func (s *suite) scenario(ctx context.Context, sc scenario) row {
	began := time.Now()
	s.say("%s: %s", sc.name, sc.about)
	r := row{name: sc.name}
	if ctx.Err() == nil {
		r.result = sc.run(ctx, s)
	}
	r.took = time.Since(began)
	s.say("%s: ended, after %d waves and %d kills", sc.name, r.waves, r.kills)
	for _, n := range r.notes {
		s.say("%s: %s", sc.name, n)
	}
	return r
}

func isSet(f *flag.FlagSet, name string) (set bool) {
	f.Visit(func(g *flag.Flag) { set = set || g.Name == name })
	return set
}

func names() (all []string) {
	for _, s := range scenarios() {
		all = append(all, s.name)
	}
	return all
}

// say tells of progress, with the time since the start.
func (s *suite) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fmt.Fprintf(s.out, "%5.0fs %s\n", time.Since(s.began).Seconds(), fmt.Sprintf(format, args...))
}

func (s *suite) prepare(ctx context.Context) (err error) {
	if s.dir, err = os.MkdirTemp("", "touchstone-crash-"); err != nil {
		return err
	}
	if s.programs, err = buildPrograms(ctx, s.dir); err != nil {
		return err
	}
	s.cert, s.ca, err = certificate()
	return err
}

// folder makes an empty folder for a wave.
func (s *suite) folder(name string) (string, error) {
	dir := filepath.Join(s.dir, name)
	return dir, os.MkdirAll(dir, 0o755)
}

// certificate makes one for the loopback address, its own authority.
func certificate() (cert tls.Certificate, authority []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return cert, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: domain}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), err
}

// A row is one scenario of the table.
type row struct {
	name string
	result
}

func (s *suite) table(rows []row) {
	fmt.Fprintln(s.out)
	t := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "scenario\twaves\tkills\tin DATA\tafter dot\tgave up\tletters\tfurther\treplies\tlate\torders\tcompleted\tsilent\tbroken\ttwice\tlost\tdoubled\tstuck\tdamaged\tseconds\t")
	for _, r := range rows {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.0f\t\n", r.name, r.waves, r.kills, r.inData, r.afterDot, r.gaveUp, r.letters, r.further, r.replies, r.late, r.orders,
			r.completed, r.silent, r.broken, r.twice, r.lost, r.doubled, r.stuck, r.damaged, r.took.Seconds())
	}
	_ = t.Flush()
	all := rows[len(rows)-1]
	fmt.Fprintf(s.out, "sabotage caught %d of %d; accidents on lines %d, sessions of Dovecot killed %d; of the kills from outside, %d fell while a letter was under way, %d of them after its last byte\n", all.caught, all.sabotaged, s.accidents.Load(), s.sessions.Load(), all.inData, all.afterDot)
	reasons := map[string]int{}
	for _, why := range all.why {
		if i := strings.LastIndex(why, ": "); i > 0 && len(why) > 160 {
			why = why[:160] + "…"
		}
		reasons[why]++
	}
	for _, why := range slices.Sorted(keys(reasons)) {
		if s.keep {
			fmt.Fprintf(s.out, "gave up %d times: %s\n", reasons[why], why)
		}
	}
}

func keys(m map[string]int) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}
