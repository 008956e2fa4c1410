package scoring

// Part gives the weighted mean of some of a site's categories, in points of
// 100, with its interval, nil where there are too few probes. Categories that
// have no score drop out; false where none has one.
func Part(card Scorecard, cats []CategoryScore) (points float64, iv *Interval, ok bool) {
	sum, weight := 0.0, 0.0
	for _, c := range cats {
		if c.State == Scored {
			sum, weight = sum+c.Weight*c.Score, weight+c.Weight
		}
	}
	if weight == 0 {
		return 0, nil, false
	}
	return sum / weight, inPoints(cardOf(card, cats).Estimate(level).Interval), true
}
