package stat

import "math"

// Wilson is the score interval for a share of k hits in n trials, two-sided at
// the level, say 0.95 (Wilson, JASA 22, 1927; Newcombe, Statistics in Medicine
// 17, 1998, 857, method 3). Unlike the textbook interval it holds its level
// for small n and for shares at 0 and 1. Of nothing it is the whole range.
func Wilson(k, n int, level float64) Interval {
	if n == 0 {
		return Interval{Low: 0, High: 1, Level: level, Method: "Wilson"}
	}
	iv := wilson(float64(k)/float64(n), float64(n), level)
	iv.Method = "Wilson"
	if k == 0 { // at the ends the bound is exact; subtraction would leave dust
		iv.Low = 0
	}
	if k == n {
		iv.High = 1
	}
	return iv
}

// wilson is the score interval around a share, or a mean of marks, p.
func wilson(p, n, level float64) Interval {
	z := two(level)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return Interval{Low: max(mid-half, 0), High: min(mid+half, 1), Level: level}
}

// Newcombe is the interval for the difference of two shares, the second less
// the first, from their Wilson intervals (Newcombe, Statistics in Medicine 17,
// 1998, 873, method 10). Where either n is 0 it is the whole range, -1 to 1.
func Newcombe(k1, n1, k2, n2 int, level float64) Interval {
	iv := Interval{Low: -1, High: 1, Level: level, Method: "Newcombe"}
	if n1 == 0 || n2 == 0 {
		return iv
	}
	p, q := float64(k1)/float64(n1), float64(k2)/float64(n2)
	a, b := Wilson(k1, n1, level), Wilson(k2, n2, level)
	iv.Low = q - p - math.Hypot(q-b.Low, a.High-p)
	iv.High = q - p + math.Hypot(b.High-q, p-a.Low)
	return iv
}

// TwoShares is the pooled two-proportion z test, without a correction for
// continuity: the root of Pearson's chi-squared (Pearson 1900). z is positive
// where the second share is larger; p is two-sided. Where both are all or
// nothing, or either n is 0, z is 0 and p 1.
func TwoShares(k1, n1, k2, n2 int) (z, p float64) {
	if n1 == 0 || n2 == 0 || k1+k2 == 0 || k1+k2 == n1+n2 {
		return 0, 1
	}
	a, b := float64(n1), float64(n2)
	pooled := float64(k1+k2) / (a + b)
	z = (float64(k2)/b - float64(k1)/a) / math.Sqrt(pooled*(1-pooled)*(1/a+1/b))
	return z, beyond(z)
}

// Fisher is the two-sided p-value of Fisher's exact test (Fisher 1935): the
// chance, the margins given, of a table no more likely than this one.
func Fisher(k1, n1, k2, n2 int) float64 {
	hits, all := k1+k2, n1+n2
	low, high := max(0, hits-n2), min(hits, n1)
	choose := func(n, k int) float64 {
		a, _ := math.Lgamma(float64(n + 1))
		b, _ := math.Lgamma(float64(k + 1))
		c, _ := math.Lgamma(float64(n - k + 1))
		return a - b - c
	}
	chance := func(k int) float64 { return math.Exp(choose(n1, k) + choose(n2, hits-k) - choose(all, hits)) }
	const slack = 1 + 1e-7 // tables equally likely but for rounding
	here, sum, whole := chance(k1)*slack, 0.0, 0.0
	for k := low; k <= high; k++ {
		c := chance(k)
		whole += c
		if c <= here {
			sum += c
		}
	}
	return min(sum/whole, 1)
}

// expected reports whether every cell of the two by two table expects at least
// five, Cochran's rule for the z test (Cochran, Biometrics 10, 1954).
func expected(k1, n1, k2, n2 int) bool {
	hits, all := float64(k1+k2), float64(n1+n2)
	rarer := min(hits, all-hits)
	return rarer*float64(min(n1, n2))/all >= 5
}
