package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"touchstone/internal/evidence"
	"touchstone/internal/proc"
	"touchstone/probes/web/find"
)

// What scouting one shop may cost on two cores, where each answer of the shop
// takes as long as that of a shop far away. The memory is our own bound: what
// the program holds must not grow with the shop.
const (
	answerAfter  = 100 * time.Millisecond
	wallMost     = 60.0 // seconds
	cpuMost      = .05  // of the browser's processor time
	memoryMost   = 192  // MiB
	weighedEvery = 50 * time.Millisecond
)

// A cost is what one run of `touchstone scout` took.
type cost struct {
	Shop     string  `json:"shop"`
	As       string  `json:"as"`
	Wall     float64 `json:"wall_s"`
	Answers  int64   `json:"answers"`       // of the shop, each after 100 ms
	Own      float64 `json:"own_cpu_s"`     // of our program: all of it, the navigator, the driver, the proofs
	Browser  float64 `json:"browser_cpu_s"` // of all processes below it
	Share    float64 `json:"own_of_browser"`
	Search   float64 `json:"navigator_of_browser"` // of the own: what the navigator does between the steps of a visit
	PSS      int64   `json:"own_pss_peak_mib"`
	WallHeld string  `json:"wall"`
	RAMHeld  string  `json:"memory"`
	CPUHeld  string  `json:"navigator_cpu,omitempty"` // of all runs alone: one visit has a dozen of the profiler's samples
	AllHeld  string  `json:"program_cpu,omitempty"`   // the same bound for all that the program does
}

// scoutCost runs the program as a newcomer would, against shops whose every
// answer takes 100 ms: against those that are named, else all of both streets.
// Each is visited as a stranger, who waits between two pages, and as its owner,
// who fills in the checkout. Times of processes are Linux's, from /proc and
// wait4(2). A visit within this process, under the profiler, tells the
// navigator's part apart from what any visit costs: steps, pictures, logs.
func scoutCost(w io.Writer, names []string) error {
	ctx := context.Background()
	tmp, err := os.MkdirTemp("", "measure-")
	if err != nil {
		return fmt.Errorf("a folder for the program: %w", err)
	}
	defer os.RemoveAll(tmp)
	program := filepath.Join(tmp, "touchstone")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "touchstone/cmd/touchstone").CombinedOutput(); err != nil {
		return fmt.Errorf("build the program: %w: %s", err, out)
	}
	venues, done, err := openAll(ctx, names)
	if err != nil {
		return err
	}
	defer done()
	result := struct {
		Load  string `json:"load_before"` // of the machine: wall times under load say nothing
		Most  string `json:"held_is"`
		Shops []cost `json:"shops"`
		Worst cost   `json:"worst"` // of each figure, the largest
		Whole cost   `json:"whole"` // the sum of all runs
	}{Most: fmt.Sprintf("wall ≤ %.0f s, navigator's processor time ≤ %.0f %% of the browser's, own memory ≤ %d MiB", wallMost, 100*cpuMost, memoryMost)}
	if raw, err := os.ReadFile("/proc/loadavg"); err == nil {
		result.Load = strings.TrimSpace(string(raw))
	}
	searched := 0.0
	result.Worst.Shop, result.Whole.Shop = "the worst of all", "all runs"
	for _, v := range venues {
		search, err := searching(ctx, tmp, v)
		if err != nil {
			return fmt.Errorf("%s: %w", v.id, err)
		}
		for _, as := range []string{"public-enquiry", "own"} {
			c, err := scouted(ctx, program, tmp, v, as)
			if err != nil {
				return fmt.Errorf("%s: %w", v.id, err)
			}
			c.Search = rounded(search / c.Browser)
			c.hold()
			fmt.Fprintf(os.Stderr, "%s as %s: %.1f s, %.2f s of processor time for us (%.2f s for the search) and %.2f s for the browser, %d MiB\n", c.Shop, c.As, c.Wall, c.Own, search, c.Browser, c.PSS)
			searched += search
			result.Shops = append(result.Shops, c)
			t, all := &result.Worst, &result.Whole
			t.Wall, t.Answers, t.Own, t.Browser = max(t.Wall, c.Wall), max(t.Answers, c.Answers), max(t.Own, c.Own), max(t.Browser, c.Browser)
			t.Share, t.Search, t.PSS = max(t.Share, c.Share), max(t.Search, c.Search), max(t.PSS, c.PSS)
			all.Wall, all.Answers, all.Own, all.Browser, all.PSS = tenths(all.Wall+c.Wall), all.Answers+c.Answers, hundredths(all.Own+c.Own), hundredths(all.Browser+c.Browser), max(all.PSS, c.PSS)
		}
	}
	result.Whole.Share = rounded(result.Whole.Own / result.Whole.Browser)
	result.Whole.Search = rounded(searched / result.Whole.Browser)
	result.Worst.hold()
	result.Whole.hold()
	result.Whole.WallHeld = result.Worst.WallHeld // of each run
	result.Whole.CPUHeld, result.Whole.AllHeld = held(result.Whole.Search <= cpuMost), held(result.Whole.Share <= cpuMost)
	return print(w, result)
}

// scouted runs the program once against a shop that answers slowly.
func scouted(ctx context.Context, program, tmp string, v venue, as string) (cost, error) {
	c := cost{Shop: v.id, As: as}
	address, answers, closed, err := slowly(ctx, v.url)
	if err != nil {
		return c, err
	}
	defer closed()
	run := exec.CommandContext(ctx, program, "scout", address, "--as", as, "--json", "--no-open", "--quiet", "--out", filepath.Join(tmp, v.id+"-"+as))
	var said strings.Builder
	run.Stdout, run.Stderr = io.Discard, &said
	begun := time.Now()
	if err := run.Start(); err != nil {
		return c, fmt.Errorf("start the program: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- run.Wait() }()
	own, tick := time.Duration(0), time.NewTicker(weighedEvery)
	defer tick.Stop()
	for {
		select {
		case err := <-ended:
			c.Wall = tenths(time.Since(begun).Seconds())
			if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 3) { // a goal may be out of reach
				return c, fmt.Errorf("the program: %w: %s", err, said.String())
			}
			all, ok := run.ProcessState.SysUsage().(*syscall.Rusage) // its own, and of all it waited for
			if !ok || own == 0 {
				return c, errors.New("processor time is read from /proc and wait4, which are not here")
			}
			c.Own = hundredths(own.Seconds())
			c.Browser = hundredths((time.Duration(all.Utime.Nano()+all.Stime.Nano()) - own).Seconds())
			c.Share, c.Answers = rounded(c.Own/c.Browser), answers()
			return c, nil
		case <-tick.C:
			own = max(own, usedBy(run.Process.Pid))
			c.PSS = max(c.PSS, proc.Share(run.Process.Pid)>>20)
		}
	}
}

// searching is the processor time, in seconds, that the navigator takes in one
// visit by the shop's owner: its part of the profile's samples, of all of this
// process's time. The collector's samples are shared out over the others.
func searching(ctx context.Context, tmp string, v venue) (float64, error) {
	browser, quit, err := ownBrowser(time.Millisecond)
	if err != nil {
		return 0, err
	}
	defer quit()
	file := filepath.Join(tmp, v.id+".pprof")
	f, err := os.Create(file)
	if err != nil {
		return 0, fmt.Errorf("a file for the profile: %w", err)
	}
	var names []string
	for _, g := range find.Goals() {
		names = append(names, g.Name)
	}
	before := usedBy(os.Getpid())
	if err := pprof.StartCPUProfile(f); err != nil {
		return 0, fmt.Errorf("begin a profile: %w", err)
	}
	_, _, err = scout(ctx, browser, v, []evidence.Effect{evidence.FillCheckout}, append(names, "fill-checkout", "reach-payment")...)
	pprof.StopCPUProfile()
	used := usedBy(os.Getpid()) - before
	if err := errors.Join(err, f.Close()); err != nil {
		return 0, err
	}
	// What the seeker calls, without the steps, which any visit makes.
	search, err := samples(ctx, file, "-focus", `web\.\(\*seeker\)|web/find\.`, "-ignore", `web\.\(\*visit\)\.step$`)
	if err != nil {
		return 0, err
	}
	all, err := samples(ctx, file, "-ignore", "runtime.gcBgMarkWorker")
	if err != nil || all == 0 {
		return 0, errors.Join(err, errors.New("the profile is empty"))
	}
	return search / all * used.Seconds(), nil
}

// accounted is what pprof's text says of the samples that a filter leaves.
var accounted = regexp.MustCompile(`accounting for ([0-9.]+)(ms|s),`)

// samples is the time, in seconds, of a profile's samples that a filter of
// `go tool pprof` leaves.
func samples(ctx context.Context, file string, filter ...string) (float64, error) {
	out, err := exec.CommandContext(ctx, "go", append(append([]string{"tool", "pprof", "-top", "-nodefraction=0", "-nodecount=100000"}, filter...), file)...).Output()
	if err != nil {
		return 0, fmt.Errorf("read the profile: %w", err)
	}
	m := accounted.FindStringSubmatch(string(out))
	if m == nil {
		return 0, errors.New("read the profile: pprof says nothing of its samples")
	}
	x, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		return 0, fmt.Errorf("read the profile: %w", err)
	}
	if m[2] == "ms" {
		x /= 1000
	}
	return x, nil
}

func (c *cost) hold() {
	c.WallHeld, c.RAMHeld = held(c.Wall <= wallMost), held(c.PSS <= memoryMost)
}

func held(yes bool) string {
	if yes {
		return "held"
	}
	return "missed"
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

// usedBy is the processor time of a process itself, 0 where it is not told.
func usedBy(pid int) time.Duration {
	p, _ := proc.Of(pid)
	return p.CPU
}

// slowly puts a door of 127.0.0.1 before a shop, behind which every answer
// takes answerAfter longer.
func slowly(ctx context.Context, shop string) (address string, answers func() int64, closed func(), err error) {
	to, err := url.Parse(shop)
	if err != nil {
		return "", nil, nil, fmt.Errorf("the shop's address: %w", err)
	}
	var c net.ListenConfig
	l, err := c.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, nil, fmt.Errorf("listen on the loopback address: %w", err)
	}
	asked := &atomic.Int64{}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host = to.Scheme, to.Host
		r.Out.Host = r.In.Host // what the shop calls itself in its links
	}}
	srv := &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		t := time.NewTimer(answerAfter)
		defer t.Stop()
		select {
		case <-t.C:
			proxy.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	})}
	go func() { _ = srv.Serve(l) }()
	return "http://" + l.Addr().String() + "/", asked.Load, func() { _ = srv.Close() }, nil
}
