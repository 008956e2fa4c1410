package stat

import (
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestAgainstR works every statistic out once more with R and its package
// survival, on random data with ties, heavy censoring, no events, one row.
// Debian's r-base-core and r-cran-survival bring them; make test-full says
// where by TOUCHSTONE_RSCRIPT.
func TestAgainstR(t *testing.T) {
	rscript := os.Getenv("TOUCHSTONE_RSCRIPT")
	if rscript == "" {
		t.Skip("TOUCHSTONE_RSCRIPT is not set: nothing is compared with R")
	}
	folder := t.TempDir()
	s := &sheet{t: t, folder: folder, ours: map[string]float64{}}
	s.waits()
	s.ends()
	s.shares()
	s.samples()
	s.pvalues()
	s.boot()
	s.ratings()
	if out, err := exec.CommandContext(t.Context(), rscript, "--vanilla", filepath.Join("testdata", "against.R"), folder).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(filepath.Join(folder, "r.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	compared, worst, at := map[string]int{}, 0.0, ""
	for _, row := range rows {
		key := row[0] + " " + row[1]
		ours, ok := s.ours[key]
		if !ok {
			t.Errorf("%s: R gives %s, and we give nothing", key, row[2])
			continue
		}
		kind, _, _ := strings.Cut(row[1], ".")
		compared[kind]++
		if row[2] == "NA" || row[2] == "NaN" {
			if !math.IsNaN(ours) && !math.IsInf(ours, 1) {
				t.Errorf("%s: %v, R says %s", key, ours, row[2])
			}
			continue
		}
		theirs, err := strconv.ParseFloat(row[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if ours == theirs {
			continue
		}
		// Relative, and absolute near nought, where R's own digits end.
		off := math.Abs(ours-theirs) / max(math.Abs(theirs), 1e-3)
		if !(off <= 1e-9) {
			t.Errorf("%s: %.12g, R says %.12g", key, ours, theirs)
		}
		if off > worst {
			worst, at = off, key
		}
	}
	for _, kind := range []string{"surv", "hazard", "low", "high", "medianlow", "medianhigh", "median", "rmean", "logrank", "logrankp", "p", "e", "wilson", "newcombe", "z", "zp", "fisher",
		"u", "unormal", "uexact", "welch", "t", "holm", "bh", "draws", "percentile", "bca", "kappa", "nominal", "squared"} {
		if compared[kind] == 0 {
			t.Errorf("R gave no %s", kind)
		}
	}
	t.Logf("%d figures compared, farthest apart by %.2g relative: %s", len(rows), worst, at)
}

// A sheet writes data for R and keeps what we make of it.
type sheet struct {
	t      *testing.T
	folder string
	ours   map[string]float64
}

func (s *sheet) write(name, header string, lines []string) {
	text := header + "\n" + strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(s.folder, name+".csv"), []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *sheet) put(name, figure string, values ...float64) {
	for i, v := range values {
		s.ours[fmt.Sprintf("%s %s.%d", name, figure, i)] = v
	}
}

func dice(stream uint64) *rand.Rand { return rand.New(rand.NewPCG(1958, stream)) }

// exactly prints a number so that R reads the same one.
func exactly(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func (s *sheet) waits() {
	r := dice(1)
	var lines []string
	for i, c := range []struct {
		n        int
		times    int     // distinct times; few make ties
		censored float64 // share
	}{{1, 9, 0}, {1, 9, 1}, {2, 2, 0.5}, {5, 9, 0}, {8, 3, 0.3}, {20, 1000, 0}, {20, 6, 0.5}, {30, 10, 0.9}, {40, 12, 1}, {60, 1000, 0.7}, {125, 20, 0.26}, {300, 50, 0.2}, {400, 5000, 0.4}} {
		name := fmt.Sprintf("w%d", i)
		var all []Wait
		cohorts := make([][]Wait, 3)
		window := 0.75 * float64(c.times)
		for j := range c.n {
			w := Wait{Time: float64(1 + r.IntN(c.times)), Came: r.Float64() >= c.censored}
			g := j % 3
			all, cohorts[g] = append(all, w), append(cohorts[g], w)
			came := 0
			if w.Came {
				came = 1
			}
			lines = append(lines, fmt.Sprintf("%s,%s,%d,%d,%s", name, exactly(w.Time), came, g, exactly(window)))
		}
		curve := KaplanMeier(all)
		for j, step := range curve {
			s.ours[fmt.Sprintf("%s surv.%d", name, j)] = step.Waiting
			s.ours[fmt.Sprintf("%s hazard.%d", name, j)] = step.Hazard
			for _, by := range []Transform{Plain, Log, LogLog} {
				iv := step.Interval(0.95, by)
				s.ours[fmt.Sprintf("%s low.%s.%d", name, by, j)] = iv.Low
				s.ours[fmt.Sprintf("%s high.%s.%d", name, by, j)] = iv.High
			}
		}
		mean, stdErr := curve.RestrictedMean(window)
		s.put(name, "rmean", mean, stdErr)
		s.put(name, "median", curve.Median())
		for _, by := range []Transform{Plain, Log, LogLog} {
			iv, ok := curve.MedianInterval(0.95, by)
			if !ok {
				iv.Low = math.NaN()
			}
			if iv.Open {
				iv.High = math.NaN()
			}
			s.put(name, "medianlow."+string(by), iv.Low)
			s.put(name, "medianhigh."+string(by), iv.High)
		}
		chi2, _, p := LogRank(cohorts...)
		s.put(name, "logrank", chi2)
		s.put(name, "logrankp", p)
	}
	s.write("waits", "case,time,came,cohort,window", lines)
}

func (s *sheet) ends() {
	r := dice(2)
	var lines []string
	for i, c := range []struct {
		n, times int
		censored float64
	}{{2, 5, 0}, {6, 3, 0}, {12, 100, 0.2}, {40, 8, 0.5}, {60, 1000, 0.8}, {125, 15, 0.1}, {200, 40, 0.3}} {
		name := fmt.Sprintf("e%d", i)
		var all []End
		for range c.n {
			e := End{Time: float64(1 + r.IntN(c.times)), Cause: r.IntN(3)}
			if r.Float64() < c.censored {
				e.Cause = -1
			}
			all = append(all, e)
			lines = append(lines, fmt.Sprintf("%s,%s,%d", name, exactly(e.Time), e.Cause))
		}
		for j, step := range AalenJohansen(all, 3) {
			s.ours[fmt.Sprintf("%s p.(s0).%d", name, j)] = step.Waiting
			s.ours[fmt.Sprintf("%s e.(s0).%d", name, j)] = step.WaitingErr
			for k, cause := range []string{"bounce", "automatic", "human"} {
				s.ours[fmt.Sprintf("%s p.%s.%d", name, cause, j)] = step.Ended[k]
				s.ours[fmt.Sprintf("%s e.%s.%d", name, cause, j)] = step.EndedErr[k]
			}
		}
	}
	s.write("ends", "case,time,cause", lines)
}

func (s *sheet) shares() {
	r := dice(3)
	var lines []string
	for i, c := range [][4]int{{0, 1, 1, 1}, {0, 10, 0, 12}, {10, 10, 12, 12}, {29, 125, 33, 125}, {4, 125, 19, 125}, {0, 5, 5, 5}, {3, 8, 1, 9},
		{r.IntN(40), 40, r.IntN(60), 60}, {r.IntN(400), 400, r.IntN(300), 300}, {1, 1000, 9, 2000}} {
		name := fmt.Sprintf("s%d", i)
		lines = append(lines, fmt.Sprintf("%s,%d,%d,%d,%d", name, c[0], c[1], c[2], c[3]))
		one, diff := Wilson(c[0], c[1], 0.95), Newcombe(c[0], c[1], c[2], c[3], 0.95)
		s.put(name, "wilson", one.Low, one.High)
		s.put(name, "newcombe", diff.Low, diff.High)
		z, p := TwoShares(c[0], c[1], c[2], c[3])
		s.put(name, "z", z)
		s.put(name, "zp", p)
		s.put(name, "fisher", Fisher(c[0], c[1], c[2], c[3]))
	}
	s.write("shares", "case,k1,n1,k2,n2", lines)
}

func (s *sheet) samples() {
	r := dice(4)
	var lines []string
	for i, c := range []struct {
		n1, n2, values int
		shift          float64
	}{{1, 1, 1000, 0}, {3, 4, 100000, 0}, {5, 5, 3, 0}, {6, 9, 1, 0}, {12, 20, 1000000, 1}, {49, 49, 100000000, 0.3}, {30, 40, 5, 1}, {80, 125, 20, 0.2}, {200, 150, 1000, 0.1}} {
		name := fmt.Sprintf("m%d", i)
		side := func(n, k int, shift float64) []float64 {
			var x []float64
			for range n {
				v := math.Floor(float64(c.values)*r.Float64()) + math.Floor(shift*float64(c.values)/3)
				x = append(x, v)
				lines = append(lines, fmt.Sprintf("%s,%d,%s", name, k, exactly(v)))
			}
			return x
		}
		a, b := side(c.n1, 1, 0), side(c.n2, 2, c.shift)
		rank, ties := ranks(slices.Concat(a, b))
		u, p := mannWhitneyNormal(rank, ties, c.n1, c.n2)
		s.put(name, "u", u)
		s.put(name, "unormal", p)
		if _, p, exact := MannWhitney(a, b); exact {
			s.put(name, "uexact", p)
		}
		if c.n1 > 1 {
			m1, v1 := moments(a)
			m2, v2 := moments(b)
			stat, p := Welch(m1, math.Sqrt(v1/float64(c.n1)), float64(c.n1-1), m2, math.Sqrt(v2/float64(c.n2)), float64(c.n2-1))
			s.put(name, "welch", stat, p)
			half := student(0.975, float64(c.n1-1)) * math.Sqrt(v1/float64(c.n1))
			s.put(name, "t", m1-half, m1+half)
		}
	}
	s.write("samples", "case,side,x", lines)
}

func (s *sheet) pvalues() {
	r := dice(5)
	var lines []string
	for i, n := range []int{1, 2, 10, 60} {
		name := fmt.Sprintf("p%d", i)
		p := make([]float64, n)
		for j := range p {
			p[j] = math.Pow(r.Float64(), 4)
			if j%5 == 4 {
				p[j] = p[j-1]
			}
			lines = append(lines, name+","+exactly(p[j]))
		}
		s.put(name, "holm", Holm(p)...)
		s.put(name, "bh", BenjaminiHochberg(p)...)
	}
	s.write("pvalues", "case,p", lines)
}

func (s *sheet) boot() {
	r := dice(6)
	var lines, indices []string
	for i, c := range []struct{ n, clusters int }{{5, 0}, {30, 0}, {60, 12}} {
		name := fmt.Sprintf("b%d", i)
		x, cluster := make([]float64, c.n), []string(nil)
		for j := range x {
			x[j] = r.Float64() * r.Float64()
			label := strconv.Itoa(j)
			if c.clusters > 0 {
				label = strconv.Itoa(j * j % c.clusters)
				cluster = append(cluster, label)
			}
			lines = append(lines, fmt.Sprintf("%s,%s,%s", name, exactly(x[j]), label))
		}
		resamples := Resamples(r, c.n, 300)
		if cluster != nil {
			resamples = ClusterResamples(r, cluster, 300)
		}
		for d, index := range resamples {
			for _, j := range index {
				indices = append(indices, fmt.Sprintf("%s,%d,%d", name, d, j))
			}
		}
		mean := func(index []int) float64 {
			sum := 0.0
			for _, j := range index {
				sum += x[j]
			}
			return sum / float64(len(index))
		}
		draws := Bootstrap(resamples, mean)
		s.put(name, "draws", draws...)
		iv := Percentile(draws, 0.95)
		s.put(name, "percentile", iv.Low, iv.High)
		whole, _ := moments(x)
		if iv, ok := BCa(whole, draws, Jackknife(c.n, cluster, mean), 0.95); ok {
			s.put(name, "bca", iv.Low, iv.High)
		}
	}
	s.write("boot", "case,x,cluster", lines)
	s.write("indices", "case,draw,index", indices)
}

func (s *sheet) ratings() {
	r := dice(7)
	var lines []string
	for i, n := range []int{6, 40, 200} {
		name := fmt.Sprintf("r%d", i)
		var first, second []string
		var units [][]float64
		for range n {
			a := r.IntN(4)
			b := a
			if r.IntN(3) == 0 {
				b = r.IntN(4)
			}
			first, second = append(first, strconv.Itoa(a)), append(second, strconv.Itoa(b))
			units = append(units, []float64{float64(a), float64(b)})
			lines = append(lines, fmt.Sprintf("%s,%d,%d", name, a, b))
		}
		kappa, _ := Kappa(first, second)
		s.put(name, "kappa", kappa)
		s.put(name, "nominal", Krippendorff(units, Nominal))
		s.put(name, "squared", Krippendorff(units, Squared))
	}
	s.write("ratings", "case,a,b", lines)
}
