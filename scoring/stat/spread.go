package stat

import "math"

// What the total of a site would vary by, were its probes sent again, is
// known from the site alone. The total is a sum over probes, so its variance is
// a sum too:
//
//   - Of a task that was repeated, the repeats tell: the variance within tasks,
//     pooled over the site's tasks as each counts for the total.
//   - Of a task that was done once, nothing tells. How far the site's probes lie
//     from the mean of those alike stands for it: collapsed strata (Hansen,
//     Hurwitz & Madow 1953; Cochran, Sampling Techniques, 1977, 5A.12). It holds
//     what chance does and how the tasks differ too, so that on the mean it is
//     rather too large than too small.
//   - One 0 and one 1 are added to either, so that a few probes that agree do not
//     look certain (after Agresti & Coull, American Statistician 52, 1998).
//
// Where shares of the weight differ, n probes count as (Σ share)²/Σ share² (Kish,
// Survey Sampling, 1965); degrees of freedom are Satterthwaite's (Biometrics
// Bulletin 2, 1946). Other sites' repeats are not asked: sites differ in how
// steady they are, and an unsteady one among steady ones would look certain
// (TotalPooled; grid 4 of docs/coverage.md).
func (c Card) spread() (err, df float64, method string) {
	total := c.Total()
	ends := total*total + (1-total)*(1-total)
	within, again, once := c.withinTasks()
	var parts component
	if once > 0 {
		variance, freedom := c.overTasks()
		parts.add(once, (freedom*variance+ends)/(freedom+2), freedom+2)
	}
	if again > 0 {
		f := within.freedom()
		parts.add(again, (f*within.mean()+ends)/(f+2), f+2)
	}
	switch {
	case again == 0:
		method = "t, spread over tasks"
	case once == 0:
		method = "t, spread of repeats"
	default:
		method = "t, spread of repeats and over tasks"
	}
	return math.Sqrt(parts.sum), parts.sum * parts.sum / parts.squares, method
}

// withinTasks gives the variance of a probe within tasks, and Σ share² of the
// tasks that were repeated and of those that were not.
func (c Card) withinTasks() (within component, again, once float64) {
	type sums struct{ n, mean, off, squares float64 }
	var tasks []sums
	for _, p := range c {
		for len(tasks) <= p.Task {
			tasks = append(tasks, sums{})
		}
		t := &tasks[p.Task]
		t.n++
		before := t.mean
		t.mean += (p.Mark - before) / t.n // Welford 1962
		t.off += (p.Mark - before) * (p.Mark - t.mean)
		t.squares += p.Share * p.Share
	}
	for _, t := range tasks {
		if t.n > 1 {
			again += t.squares
			within.add(t.squares, t.off/(t.n-1), t.n-1)
		} else {
			once += t.squares
		}
	}
	return within, again, once
}

// overTasks gives the variance of a probe by how far those of each group lie
// from the group's mean, and its degrees of freedom, in which the repeats of a
// task count once: they say nothing new of how tasks differ.
func (c Card) overTasks() (variance, freedom float64) {
	type sums struct{ share, mark, squares, tasks float64 }
	var groups []sums
	var tasks []float64
	var in []int
	for _, p := range c {
		for len(groups) <= p.Group {
			groups = append(groups, sums{})
		}
		for len(tasks) <= p.Task {
			tasks, in = append(tasks, 0), append(in, 0)
		}
		g := &groups[p.Group]
		g.share += p.Share
		g.mark += p.Share * p.Mark
		g.squares += p.Share * p.Share
		tasks[p.Task] += p.Share
		in[p.Task] = p.Group
	}
	for task, share := range tasks {
		if share > 0 {
			groups[in[task]].tasks += share * share
		}
	}
	seen, expected := 0.0, 0.0
	for _, p := range c {
		g := groups[p.Group]
		off := p.Mark - g.mark/g.share
		seen += p.Share * off * off
	}
	for _, g := range groups {
		if g.share > 0 {
			expected += g.share - g.squares/g.share // what seen is on the mean, for a variance of 1
			freedom += g.share*g.share/g.tasks - 1
		}
	}
	if !(freedom > tiny) {
		return 0, 0
	}
	return seen / expected, freedom
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
