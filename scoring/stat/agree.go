package stat

import "math"

// Kappa is Cohen's agreement of two raters beyond chance (Educational and
// Psychological Measurement 20, 1960) with its large-sample standard error
// (Fleiss, Cohen & Everitt 1969): 1 is perfect, 0 what chance alone gives. The
// ratings stand in pairs, labels compared as they are. NaN for none, for
// different lengths, and where both gave one label throughout.
func Kappa(first, second []string) (kappa, stdErr float64) {
	n := float64(len(first))
	if len(first) != len(second) || n == 0 {
		return math.NaN(), math.NaN()
	}
	var labels []string // in the order of first sight, so that sums have one order
	rows, cols, cells := map[string]float64{}, map[string]float64{}, map[[2]string]float64{}
	for i := range first {
		for _, l := range []string{first[i], second[i]} {
			if _, ok := rows[l]; !ok {
				rows[l], cols[l] = 0, 0
				labels = append(labels, l)
			}
		}
		rows[first[i]] += 1 / n
		cols[second[i]] += 1 / n
		cells[[2]string{first[i], second[i]}] += 1 / n
	}
	agreed, chance := 0.0, 0.0
	for _, l := range labels {
		agreed += cells[[2]string{l, l}]
		chance += rows[l] * cols[l]
	}
	if len(labels) == 1 {
		return math.NaN(), math.NaN()
	}
	kappa = (agreed - chance) / (1 - chance)
	var a, b float64
	for _, r := range labels {
		for _, c := range labels {
			p := cells[[2]string{r, c}]
			if r == c {
				d := 1 - (rows[r]+cols[r])*(1-kappa)
				a += p * d * d
			} else {
				d := cols[r] + rows[c]
				b += p * d * d
			}
		}
	}
	b *= (1 - kappa) * (1 - kappa)
	c := kappa - chance*(1-kappa)
	return kappa, math.Sqrt(max(a+b-c*c, 0)/n) / (1 - chance)
}

// Nominal is the distance of labels coded as numbers: 0 for equals, else 1.
func Nominal(a, b float64) float64 {
	if a == b {
		return 0
	}
	return 1
}

// Squared is the distance of values on an interval scale.
func Squared(a, b float64) float64 { return (a - b) * (a - b) }

// Krippendorff is the alpha of any number of raters, with gaps (Krippendorff,
// Content Analysis, 2004, 11.3): one minus the observed over the expected
// disagreement by the distance, Nominal or Squared. Each unit holds the ratings
// that it got; units with fewer than two say nothing. NaN where no two ratings
// can be compared or nobody ever differed in what they said of anything.
func Krippendorff(units [][]float64, distance func(a, b float64) float64) float64 {
	var pairable []float64
	observed := 0.0
	for _, u := range units {
		if len(u) < 2 {
			continue
		}
		pairable = append(pairable, u...)
		sum := 0.0
		for i, a := range u {
			for j, b := range u {
				if i != j {
					sum += distance(a, b)
				}
			}
		}
		observed += sum / float64(len(u)-1)
	}
	n, expects := float64(len(pairable)), 0.0
	for i, a := range pairable {
		for j, b := range pairable {
			if i != j {
				expects += distance(a, b)
			}
		}
	}
	if expects == 0 {
		return math.NaN()
	}
	return 1 - (n-1)*observed/expects
}
