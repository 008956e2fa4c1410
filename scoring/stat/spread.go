package stat

import "math"

// What the total of a site would vary by, were its probes sent again, is
// known from the site alone. The total is a sum over probes, so its variance is
// a sum too:
//
//   - Of a task that was repeated, the repeats tell: the variance within tasks,
//     pooled over those of a group as each counts for the total. A group is the
//     tasks that some criterion reads together.
//   - Of a task that was done once, nothing tells. How far the probes of its group
//     lie from their mean stands for it: collapsed strata (Hansen,
//     Hurwitz & Madow 1953; Cochran, Sampling Techniques, 1977, 5A.12). It holds
//     what chance does and how the tasks differ too, so that on the mean it is
//     rather too large than too small.
//   - One 0 and one 1 are added to each, so that a few probes that agree do not
//     look certain, least of all a task that has none alike (after Agresti & Coull, American Statistician 52, 1998).
//
// Where shares of the weight differ, n probes count as (Σ share)²/Σ share² (Kish,
// Survey Sampling, 1965); degrees of freedom are Satterthwaite's (Biometrics
// Bulletin 2, 1946). Other sites' repeats are not asked: sites differ in how
// steady they are, and an unsteady one among steady ones would look certain
// (TotalPooled; grid 4 of docs/coverage.md).
func (c Card) spread() (err, df float64, method string) {
	total := c.Total()
	ends := total*total + (1-total)*(1-total)
	var parts component
	once, again := false, false
	for _, g := range c.groups() {
		if g.once > 0 {
			once = true
			parts.add(g.once, (g.freedom*g.variance+ends)/(g.freedom+2), g.freedom+2)
		}
		if g.again > 0 {
			again = true
			f := g.within.freedom()
			parts.add(g.again, (f*g.within.mean()+ends)/(f+2), f+2)
		}
	}
	switch {
	case !again:
		method = "t, spread over tasks"
	case !once:
		method = "t, spread of repeats"
	default:
		method = "t, spread of repeats and over tasks"
	}
	return math.Sqrt(parts.sum), parts.sum * parts.sum / parts.squares, method
}

// A group is what probes that are alike tell of each other.
type group struct {
	once, again float64   // Σ share² of tasks that were done once, and of those that were repeated
	variance    float64   // of a probe, by how far they lie from their mean
	freedom     float64   // of that; 0: it is one probe, or one task
	within      component // the variance of a probe within tasks that were repeated
}

// groups gives what each tells. In the degrees of freedom of how tasks differ
// the repeats of a task count once: they say nothing new of it.
func (c Card) groups() []group {
	type sums struct{ share, mark, squares, tasks, off float64 }
	type task struct {
		group                         int
		n, share, squares, mean, offs float64
	}
	var sum []sums
	var tasks []task
	for _, p := range c {
		for len(sum) <= p.Group {
			sum = append(sum, sums{})
		}
		for len(tasks) <= p.Task {
			tasks = append(tasks, task{})
		}
		g, t := &sum[p.Group], &tasks[p.Task]
		g.share += p.Share
		g.mark += p.Share * p.Mark
		g.squares += p.Share * p.Share
		t.group = p.Group
		t.n++
		t.share += p.Share
		t.squares += p.Share * p.Share
		before := t.mean
		t.mean += (p.Mark - before) / t.n // Welford 1962
		t.offs += (p.Mark - before) * (p.Mark - t.mean)
	}
	groups := make([]group, len(sum))
	for _, t := range tasks {
		sum[t.group].tasks += t.share * t.share
		switch g := &groups[t.group]; {
		case t.n > 1:
			g.again += t.squares
			g.within.add(t.squares, t.offs/(t.n-1), t.n-1)
		default:
			g.once += t.squares
		}
	}
	for _, p := range c {
		g := &sum[p.Group]
		off := p.Mark - g.mark/g.share
		g.off += p.Share * off * off
	}
	for i, g := range sum {
		if f := g.share*g.share/g.tasks - 1; f > tiny {
			groups[i].freedom = f
			groups[i].variance = g.off / (g.share - g.squares/g.share) // less than 1 of the share is free to vary
		}
	}
	return groups
}

// tiny is what rounding may leave of nothing.
const tiny = 1e-9

// A component is a weighted sum of variances.
type component struct {
	weights float64 // Σ weight
	sum     float64 // Σ weight · variance
	design  float64 // Σ weight² / freedom
	squares float64 // Σ (weight · variance)² / freedom
}

func (c *component) add(weight, variance, freedom float64) {
	c.weights += weight
	c.sum += weight * variance
	c.design += weight * weight / freedom
	c.squares += weight * variance * weight * variance / freedom
}

func (c component) mean() float64 { return c.sum / c.weights }

// freedom is that of the mean, were all variances equal: so it does not hang on the sample.
func (c component) freedom() float64 { return c.weights * c.weights / c.design }
